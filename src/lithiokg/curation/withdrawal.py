"""Records that were taken back stay, marked, and answer no question.

A curator withdraws an observation, a claim, a design or a discrepancy with ``withdrawn: "reason"``. A work that
was retracted (``retracted: "reason"``) takes with it the observations, claims and designs that rest on it
alone. What they stated moves, as written, to the graph ``lkgg:withdrawn/<source>``, which no question reads;
in its place stands a ``lkg:WithdrawnRecord`` with the reason.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import SourceError
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.curation.records import Records

__all__ = ["WITHDRAWN", "set_withdrawn_aside"]

#: Graphs of what withdrawn records stated, one a source.
WITHDRAWN = GRAPH + "withdrawn/"
_ASSERTED = GRAPH + "asserted/"
#: What can be withdrawn: records on which no other rests for what it says.
_KINDS = tuple(LKG + name for name in ("Observation", "Claim", "Design", "Discrepancy"))
#: Of these, what rests on the sources of its evidence.
_SOURCED = (LKG + "Observation", LKG + "Claim", LKG + "Design")
_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["skos"] + "prefLabel"
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(slots=True)
class _Statements:
    """The statements by subject and by the local name of the property."""

    quads: list[ox.Quad]
    of: defaultdict[str, defaultdict[str, list[str]]] = field(init=False)
    graphs: dict[str, ox.NamedNode] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.of = defaultdict(lambda: defaultdict(list))
        for quad in self.quads:
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
                name = quad.predicate.value.removeprefix(LKG)
                self.of[quad.subject.value][name].append(quad.object.value)
                if isinstance(quad.graph_name, ox.NamedNode):
                    self.graphs.setdefault(quad.subject.value, quad.graph_name)

    def one(self, node: str, name: str) -> str:
        return next(iter(self.of[node][name]), "") if node in self.of else ""

    def all(self, node: str, name: str) -> list[str]:
        return self.of[node][name] if node in self.of else []

    def kinds(self, node: str) -> list[str]:
        return self.all(node, _TYPE)


def set_withdrawn_aside(records: Records) -> None:
    """Move what withdrawn records stated from ``records.quads`` to ``records.withdrawn``.

    Problems are added to ``records.problems``: a record that cannot be withdrawn, or no reason.
    """
    marked = {LKG + "withdrawnBecause", LKG + "retractedBecause", LKG + "withdrawnOn"}
    if not any(quad.predicate.value in marked for quad in records.quads):
        return
    said = _Statements(records.quads)
    reasons = dict(_taken_back(said, records))
    for node, reason in _without_source(said):
        reasons.setdefault(node, reason)
    kept: list[ox.Quad] = []
    for quad in records.quads:
        aside = _inside(quad.subject, reasons) or (
            quad.predicate.value != LKG + "involves" and _inside(quad.object, reasons)
        )
        if not aside:
            kept.append(quad)
        elif quad.predicate.value not in marked and isinstance(quad.graph_name, ox.NamedNode):
            graph = ox.NamedNode(WITHDRAWN + quad.graph_name.value.removeprefix(_ASSERTED))
            records.withdrawn.append(ox.Quad(quad.subject, quad.predicate, quad.object, graph))
    for node, reason in reasons.items():
        kept += _mark(node, reason, said, reasons)
    records.quads[:] = kept


def _inside(term: object, roots: dict[str, str]) -> bool:
    """Whether a node is one of the records, or stands in one."""
    if not isinstance(term, ox.NamedNode):
        return False
    iri = term.value
    while iri:
        if iri in roots:
            return True
        iri = iri.rpartition("/")[0]
    return False


def _taken_back(said: _Statements, records: Records) -> Iterator[tuple[str, str]]:
    for node in list(said.of):
        if not said.all(node, "withdrawnBecause") and not said.all(node, "withdrawnOn"):
            continue
        place = records.places.of(node, LKG + "withdrawnBecause") or records.places.of(node)
        reason = said.one(node, "withdrawnBecause").strip()
        if not set(said.kinds(node)) & set(_KINDS):
            records.problems.append(
                SourceError(
                    "only an observation, a claim, a design or a discrepancy can be withdrawn",
                    place=place,
                    mend="others rest on this record: correct it, or withdraw what it is wrong in",
                )
            )
        elif not reason:
            records.problems.append(
                SourceError(
                    "a withdrawn record says why",
                    place=place,
                    mend='give the reason in one sentence: withdrawn: "..."',
                )
            )
        else:
            yield node, reason


def _without_source(said: _Statements) -> Iterator[tuple[str, str]]:
    """Records that rest on retracted works alone."""
    retracted = {
        node: said.one(node, "retractedBecause") for node in said.of if said.all(node, "retractedBecause")
    }
    for node in list(said.of) if retracted else ():
        kinds = set(said.kinds(node)) & set(_SOURCED)
        if not kinds:
            continue
        if LKG + "Design" in kinds:
            works = [said.one(reference, "refersTo") for reference in said.all(node, "reportedIn")]
        else:
            works = [_work(evidence, said) for evidence in said.all(node, "hasEvidence")]
        if works and all(work in retracted for work in works):
            titles = "; ".join(
                dict.fromkeys(
                    f"{said.one(work, _LABEL) or work} was retracted: {retracted[work]}" for work in works
                )
            )
            yield node, titles


def _work(evidence: str, said: _Statements) -> str:
    """The work on which a piece of evidence rests; none for general chemistry."""
    row = said.one(evidence, "inTableRow")
    reference = said.one(evidence, "resolvedReference") or said.one(row, "resolvedReference")
    if reference:
        return said.one(reference, "refersTo")
    section = said.one(evidence, "inSection") or said.one(said.one(row, "inTable"), "inSection")
    return said.one(evidence, "inDocument") or said.one(section, "inDocument")


def _mark(node: str, reason: str, said: _Statements, roots: dict[str, str]) -> Iterator[ox.Quad]:
    """What stands in the place of a withdrawn record."""
    subject, graph = ox.NamedNode(node), said.graphs[node]

    def quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(predicate), value, graph)

    yield quad(_TYPE, ox.NamedNode(PREFIXES["owl"] + "NamedIndividual"))
    yield quad(_TYPE, ox.NamedNode(LKG + "WithdrawnRecord"))
    yield quad(_LABEL, ox.Literal(f"withdrawn {_words(node, said)}", language="en"))
    yield quad(LKG + "withdrawnBecause", ox.Literal(reason))
    for date in said.all(node, "withdrawnOn"):
        yield quad(LKG + "withdrawnOn", ox.Literal(date))
    about = said.one(node, "hasFeatureOfInterest") or said.one(node, "claimSubject")
    if about and not _inside(ox.NamedNode(about), roots):
        yield quad(LKG + "wasAbout", ox.NamedNode(about))


def _words(node: str, said: _Statements) -> str:
    """What the record was, in a few words.

    Labels of terms are not at hand here; their keys are words as well.
    """
    kind = next((each for each in _KINDS if each in said.kinds(node)), LKG + "Design").removeprefix(LKG)
    parts = [said.one(node, _LABEL)]
    if kind == "Observation":
        figure = said.one(said.one(node, "hasResult"), "printed")
        parts = [_key(said.one(node, "observedProperty")), figure]
    elif kind == "Claim":
        parts = [
            _key(said.one(node, "claimSubject")),
            _key(said.one(node, "claimRelation")),
            _key(said.one(node, "claimObject")),
        ]
    return f"{kind.lower()}: {' '.join(filter(None, parts)) or _key(node)}"


def _key(iri: str) -> str:
    return _WORD.sub(" ", iri.rpartition("/")[2]).replace("-", " ") if iri else ""
