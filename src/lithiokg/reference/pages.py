"""All pages of the reference: a first page, a page a module, the saved questions."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from lithiokg.linking import load_mappings
from lithiokg.metadata import read_header
from lithiokg.names import NameIndex
from lithiokg.questions import load_questions
from lithiokg.reference.drawing import draw
from lithiokg.reference.entries import Entries
from lithiokg.reference.markup import code, page, prose, text
from lithiokg.reference.patterns import PATTERNS
from lithiokg.reference.terms import KINDS, Module, Terms, read_terms
from lithiokg.reference.usage import questions_by_term, read_usage
from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.metadata import Header
    from lithiokg.questions import Question
    from lithiokg.sources import Sources
    from lithiokg.store import Store

__all__ = ["reference_files"]

_HEADINGS = {
    "class": "Classes",
    "object property": "Properties between things",
    "data property": "Properties with a value",
    "annotation property": "Annotation properties",
    "individual": "Named individuals",
}
_HOW_TO_READ = """\
<h2 id=how>How to read it</h2>
<p>Terms are <code>lkg:</code> <code>{lkg}</code>, things <code>lkgi:</code> <code>{lkg}id/</code>. The same is told by
<code>lithiokg show TERM</code>.
<dl>
<dt><b class=i>inferred</b><dd>a defined class: a reasoner assigns it, and no record may; all others are stated
<dt>is a, kinds<dd>the next broader and narrower classes; * follows by reasoning and is not written in the ontology
<dt>by definition<dd>what makes a thing a member and holds for every member, in Manchester syntax and in words
<dt>always<dd>what holds for every member
<dt>leads<dd>what has the property → what its values are
<dt>completes<dd>the property whose values a record declares to be all there are
<dt>in records<dd>the field of a record file that writes it
<dt>in the graph<dd>how many members or statements the shipped graph has, and the one of which most is said
<dt>ask<dd>a query to begin with: <code>lithiokg sparql 'SELECT ...'</code>
<dt>asked by<dd><a href=questions.html>saved questions</a> whose query names the term: <code>lithiokg questions run NAME</code>
<dt>elsewhere<dd>terms of other ontologies: = exactly, ≈ closely, ⊂ theirs is broader, ⊃ theirs is narrower, ~ related;
<s>struck through</s>: a false friend. Where an ontology was searched in vain, <code>ontology/mappings</code> says so.
</dl>
"""


def reference_files(store: Store, sources: Sources) -> dict[str, str]:
    """Write the reference.

    Args:
        store: the snapshot of the sources.
        sources: the written sources.

    Returns:
        Texts by the name of their file; they depend on the sources and the code alone.

    Raises:
        LithioKGError: if a source does not read.
    """
    terms = read_terms(sources)
    questions = load_questions(sources.queries)
    entries = Entries(
        terms=terms,
        usage=read_usage(store, terms.hierarchy),
        names=NameIndex.from_store(store),
        mappings=load_mappings(sources.ontology / "mappings", relative=sources.relative),
        questions=questions_by_term(questions.values()),
        fields=_fields(sources),
    )
    drawings = {
        pattern.key: draw(
            pattern,
            label=entries.names.label,
            link=entries.target,
            inferred=terms.inferred.__contains__,
        )
        for pattern in PATTERNS
    }
    header = read_header(store)
    files = {
        "index.html": _first_page(terms, entries, header, drawings),
        "questions.html": _questions_page(terms, questions.values(), header),
    }
    for module in terms.modules:
        files[f"{module.key}.html"] = _module_page(module, terms, entries, header)
    return files


def _fields(sources: Sources) -> dict[str, list[str]]:
    """Fields of record files by the property that they write."""
    context = json.loads((sources.ontology / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    found: dict[str, list[str]] = defaultdict(list)
    for name, about in sorted(context.items()):
        if isinstance(about, dict):
            prefix, _, local = str(about["@id"]).partition(":")
            found[PREFIXES.get(prefix, "") + local].append(name)
    return found


def _navigation(terms: Terms, here: str) -> str:
    links = [("index", "Overview"), *((module.key, module.title) for module in terms.modules)]
    links.append(("questions", "Questions"))
    return "\n".join(
        f"<b>{title}</b> &nbsp;" if key == here else f"<a href={key}.html>{title}</a>" for key, title in links
    )


def _foot(header: Header) -> str:
    return (
        f"<p class=q>LithioKG {header.version}. Written by `lithiokg release` from the ontology, its "
        f'mappings, the saved questions and the graph. <a href="{header.license}">License</a>\n'
    )


def _module_page(module: Module, terms: Terms, entries: Entries, header: Header) -> str:
    parts = [f"<h1>{module.title}</h1>\n<p>{text(module.summary)}\n"]
    for kind in KINDS.values():
        found = module.of_kind(kind)
        if not found:
            continue
        parts.append(f"<h2>{_HEADINGS[kind]} ({len(found)})</h2>\n")
        if kind == "individual":
            parts.append(entries.individuals(found))
        else:
            parts += [entries.entry(term) for term in found]
    parts.append(_foot(header))
    return page(f"{module.title} · LithioKG", _navigation(terms, module.key), "".join(parts))


def _first_page(terms: Terms, entries: Entries, header: Header, drawings: dict[str, str]) -> str:
    counts = {kind: sum(len(module.of_kind(kind)) for module in terms.modules) for kind in KINDS.values()}
    listed = ", ".join(f"{number} {_plural(kind)}" for kind, number in counts.items())
    parts = [
        f"<h1>{text(header.title)}</h1>\n<p>Version {header.version}, {header.modified}. {listed}.\n",
        "<h2>Modules</h2>\n<table>\n",
        *(
            f"<tr><td><a href={module.key}.html>{module.title}</a><td>{len(module.terms)}&nbsp;terms"
            f"<td>{text(module.summary)}\n"
            for module in terms.modules
        ),
        "</table>\n",
        _HOW_TO_READ.format(lkg=LKG),
        *_figures(drawings),
        *_tree(terms, entries),
        *_properties(terms, entries),
        _foot(header),
    ]
    return page("LithioKG: reference of the ontology", _navigation(terms, "index"), "".join(parts))


def _plural(kind: str) -> str:
    return {"class": "classes", "individual": "named individuals"}.get(
        kind, kind.replace("property", "properties")
    )


def _figures(drawings: dict[str, str]) -> Iterator[str]:
    yield "<h2 id=patterns>The main patterns</h2>\n"
    yield (
        "<p>Square boxes stand for the members of a class, round ones for one thing. Dashed boxes and arrows are "
        "inferred. In italics: values that such a thing has. Every box and arrow leads to its entry, and a test "
        "finds each of them in the shipped graph.\n"
    )
    for pattern in PATTERNS:
        yield (
            f"<figure id={pattern.key}>\n<h3>{text(pattern.title)}</h3>\n{drawings[pattern.key]}"
            f"<figcaption>{prose(pattern.caption)}</figcaption></figure>\n"
        )


def _tree(terms: Terms, entries: Entries) -> Iterator[str]:
    """The class hierarchy; a class with several parents has its anchor where it stands first."""
    yield "<h2 id=classes>Class hierarchy</h2>\n<ul class=tree>\n"
    placed: set[str] = set()

    def branch(iri: str) -> Iterator[str]:
        anchor = "" if iri in placed else f" id={terms.by_iri[iri].key}"
        again = iri in placed
        placed.add(iri)
        mark = " <b class=i>inferred</b>" if iri in terms.inferred else ""
        yield f"<li{anchor}>{entries.link(iri)}{mark}\n"
        below = terms.by_label(terms.children.get(iri, []))
        if below and again:
            yield " …\n"
        elif below:
            yield "<ul>\n"
            for child in below:
                yield from branch(child)
            yield "</ul>\n"

    classes = [iri for iri, term in terms.by_iri.items() if term.kind == "class"]
    for iri in terms.by_label(each for each in classes if not terms.parents.get(each)):
        yield from branch(iri)
    yield "</ul>\n"


def _properties(terms: Terms, entries: Entries) -> Iterator[str]:
    yield "<h2 id=properties>Properties</h2>\n<p>\n"
    kinds = {kind for kind in KINDS.values() if kind.endswith("property")}
    for iri in terms.by_label(iri for iri, term in terms.by_iri.items() if term.kind in kinds):
        yield f"<span id={terms.by_iri[iri].key}>{entries.link(iri)}</span> ·\n"


def _questions_page(terms: Terms, questions: Iterable[Question], header: Header) -> str:
    parts = ["<h1>Saved questions</h1>\n<p><code>lithiokg questions run NAME</code>\n"]
    topic = ""
    for question in questions:
        if question.topic != topic:
            parts.append(f"{'</table>' if topic else ''}\n<h2>{question.topic.capitalize()}</h2>\n<table>\n")
            topic = question.topic
        parts.append(f"<tr id={question.name}><td>{text(question.question)}<br>{code(question.name)}\n")
    parts += ["</table>\n", _foot(header)]
    return page("Saved questions · LithioKG", _navigation(terms, "questions"), "".join(parts))
