"""Classes and properties: what they mean, in words and formally, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox
from markupsafe import Markup
from starlette.routing import Route

from lithiokg.linking import load_mappings
from lithiokg.reference.entries import Entries
from lithiokg.reference.markup import row, text
from lithiokg.reference.usage import Usage, questions_by_term, read_usage
from lithiokg.vocabulary import LKG, PREFIXES
from lithiokg.web import links
from lithiokg.web.linked import rdf_downloads
from lithiokg.web.rendering import page, page_number, tagged, thing_link
from lithiokg.web.site import Site, site_of
from lithiokg.web.typography import typeset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from lithiokg.reference import Term

__all__ = ["ROUTES", "term"]

_SOURCE = f"{PREFIXES['dcterms']}source"
_LISTED = 120
_QUESTIONS = 6
_KINDS = {
    "class": "class",
    "object property": "relation between things",
    "data property": "relation to a value",
    "annotation property": "relation that reasoners pass over",
}


#: What stands for what in the rows of a term; told where it occurs.
_LEGEND = {
    "</a>*": "* follows by reasoning and is not written in the ontology",
    "= <a": "= is the same there",
    "≈ <a": "≈ nearly the same",
    "⊂ <a": "⊂ the other term is broader",
    "⊃ <a": "⊃ the other term is narrower",
    "~ <a": "~ related",
    "<s>": Markup("<s>struck through</s> a false friend, which is called alike and means something else"),
}


@dataclass
class _Here(Entries):
    """The entries of the reference, with links to the pages of this server.

    Attributes:
        site: names things.
    """

    site: Site = field(kw_only=True)

    def target(self, iri: str, module: str = "") -> str | None:  # one page a term, not a module
        return links.local(iri) if iri in self.terms.by_iri else None

    def rows(self, term: Term) -> Markup:
        """What the ontology says of a term, as rows of a list."""
        rows = self._class_rows(term) if term.kind == "class" else self._property_rows(term)
        return Markup("".join([*rows, *self._outside(term)]))  # noqa: S704  # escaped where it is written

    def _outside(self, term: Term) -> Iterator[str]:
        yield row("asked by", self._asked(term))
        yield row("elsewhere", self._links.get(term.iri, []), between="; ")
        yield row("after", [f'<a href="{escape(each)}" rel="external">its source</a>' for each in term.texts(_SOURCE)
                            if links.external(each)])  # fmt: skip

    def _asked(self, term: Term) -> list[str]:
        asked = self.questions.get(term.iri, [])
        more = [f"and {len(asked) - _QUESTIONS} more"] if len(asked) > _QUESTIONS else []
        return [
            *(
                f'<a href="/questions/{name}">{text(name.replace("-", " "))}</a>'
                for name in asked[:_QUESTIONS]
            ),
            *more,
        ]

    def _statements(self, term: Term) -> Iterator[str]:
        if self.site.most is not None:  # nobody counted through millions
            return
        count, inferred = self.usage.statements[term.iri], self.usage.inferred[term.iri]
        if not count:
            yield row("in the graph", ["not used by a fact"])
            return
        thing, value = self.usage.example[term.iri]
        shown = typeset(value.value) if isinstance(value, ox.Literal) else thing_link(self.site, value.value)
        how = f"{count}, {inferred} of them by inference" if inferred else str(count)
        yield row("in the graph", [f"{how}; such as {thing_link(self.site, thing)} → {shown}"])

    def _members(self, term: Term) -> Iterator[str]:  # the page lists them itself
        yield from ()


def entries_of(site: Site) -> _Here:
    """The entries of all terms; made once."""

    def made() -> _Here:
        sources, terms = site.graph.sources, site.terms
        return _Here(
            terms=terms,
            usage=read_usage(site.store, terms.hierarchy) if site.most is None else Usage(),
            names=site.names,
            mappings=load_mappings(sources.ontology / "mappings", relative=sources.relative),
            questions=questions_by_term(site.questions.values()),
            fields={},
            site=site,
        )

    return site.remember(("entries",), made)


def term(request: Request, iri: str) -> Response:
    """The page of a class or property."""
    site = site_of(request)
    entries, found = entries_of(site), site.terms.by_iri[iri]
    members, stated = _members(site, iri)
    ordered = [*site.by_label(stated & members), *site.by_label(members - stated)]
    pages = max(1, -(-len(ordered) // _LISTED))
    current = page_number(request, last=pages)
    shown = ordered[(current - 1) * _LISTED : current * _LISTED]
    rows = entries.rows(found)
    query = _members_query(iri) if found.kind == "class" else _statements_query(iri)
    return page(
        request,
        "term.html",
        title=found.label,
        iri=iri,
        rest=links.rest_of(iri),
        term=found,
        kind=_KINDS.get(found.kind, found.kind),
        inferred=iri in site.terms.inferred,
        above=_path(site, iri),
        rows=rows,
        legend=[words for sign, words in _LEGEND.items() if sign in rows],
        members=[(each, each not in stated) for each in shown],
        total=len(ordered) if site.most is None else site.count(iri),
        stated=len(stated & members),
        current=current,
        pages=pages,
        place=site.first(iri, "curatedAt"),
        query=query,
        downloads=[
            ("table as CSV", links.url("/sparql", query=query, format="csv")),
            *rdf_downloads(iri, works=False),
        ],
    )


def _members(site: Site, iri: str) -> tuple[set[str], set[str]]:
    """What belongs to a class, and what was stated to; of a large graph a part of it."""
    if site.most is None:
        usage = entries_of(site).usage
        return usage.members.get(iri, set()), usage.stated.get(iri, set())
    members = set(site.members(iri))
    stated = {
        each
        for each in members
        if any(not said.inferred for said in site.about(each).get("type", ()) if said.value == iri)
    }
    return members, stated


def _path(site: Site, iri: str) -> list[str]:
    """One way from the top of the tree down to a class."""
    found: list[str] = []
    while (above := site.terms.parents.get(iri)) and above[0] not in found:
        iri = above[0]
        found.insert(0, iri)
    return found


def _members_query(iri: str) -> str:
    return (
        f"PREFIX skos: <{PREFIXES['skos']}>\n\n"
        "# The members, and whether somebody stated it or it was inferred.\n"
        "SELECT ?member ?label ?inferred\nWHERE {\n"
        f"  GRAPH ?graph {{ ?member a <{iri}> }}\n"
        "  OPTIONAL { ?member skos:prefLabel ?label }\n"
        "  BIND (?graph = <https://w3id.org/lithiokg/graph/inferred> AS ?inferred)\n"
        "}\nORDER BY ?inferred ?label"
    )


def _statements_query(iri: str) -> str:
    return f"SELECT ?thing ?value ?graph\nWHERE {{\n  GRAPH ?graph {{ ?thing <{iri}> ?value }}\n}}\nORDER BY ?thing ?value"


# --- the tree -------------------------------------------------------------------------------------


@tagged
def tree(request: Request) -> Response:
    """All classes, each below the next broader ones, with the numbers of their members."""
    site = site_of(request)
    classes = {iri for iri, each in site.terms.by_iri.items() if each.kind == "class"}
    roots = [iri for iri in site.by_label(classes) if not site.terms.parents.get(iri)]
    properties = [
        iri for iri, each in site.terms.by_iri.items() if each.kind in {"object property", "data property"}
    ]
    return page(
        request,
        "tree.html",
        title="Classes",
        tree=Markup("").join(_branch(site, iri, 0, frozenset()) for iri in roots),
        total=len(classes),
        defined=len(site.terms.inferred & classes),
        properties=site.by_label(properties),
        query=_TREE,
        downloads=[
            ("table as CSV", links.url("/sparql", query=_TREE, format="csv")),
            ("ontology as Turtle", str(links.data(LKG, "ttl"))),
            ("as JSON-LD", str(links.data(LKG, "jsonld"))),
            ("as RDF/XML", str(links.data(LKG, "rdf"))),
        ],
    )


_TREE = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?class ?label ?broader (COUNT(DISTINCT ?member) AS ?members)
WHERE {
  ?class a owl:Class ; skos:prefLabel ?label .
  OPTIONAL { ?class rdfs:subClassOf ?broader . FILTER (isIRI(?broader)) }
  OPTIONAL { ?member a ?class }
}
GROUP BY ?class ?label ?broader
ORDER BY ?label"""
#: Branches are open down to this depth.
_OPEN = 1


def _counted(site: Site, iri: str) -> str:
    """How many belong to a class, and how many of them by inference."""
    if site.most is not None:
        return f"{site.count(iri):,}"
    members, stated = _members(site, iri)
    inferred = len(members - stated)
    return f"{len(members)}, {inferred} inferred" if inferred else str(len(members) or "none")


def _branch(site: Site, iri: str, depth: int, above: frozenset[str]) -> Markup:
    count = _counted(site, iri)
    mark = Markup(' <b class="tag tag-inferred">defined</b>') if iri in site.terms.inferred else ""
    line = Markup('<a href="{}">{}</a>{} <span class="unit">{}</span>').format(
        links.local(iri), site.label(iri), mark, count
    )
    below = [each for each in site.by_label(site.terms.children.get(iri, ())) if each not in above]
    if not below:
        return Markup("<li>{}</li>").format(line)
    inner = Markup("").join(_branch(site, each, depth + 1, above | {iri}) for each in below)
    # The link stands beside what opens and closes: one within the other could not be told apart by keyboard.
    return Markup(
        '<li>{}<details{}><summary><span class="unseen">narrower than {}</span></summary><ul>{}</ul></details></li>'
    ).format(line, Markup(" open") if depth < _OPEN else "", site.label(iri), inner)


ROUTES: list[BaseRoute] = [Route("/tree", tree)]
