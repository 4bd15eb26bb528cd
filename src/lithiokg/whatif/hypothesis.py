"""A proposed design as statements: read like a record, checked like one, and never put anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lithiokg.curation import Places, Records, normalized, read_context, read_file
from lithiokg.errors import ExitCode, LithioKGError, Place, UsageError
from lithiokg.quantities import registry
from lithiokg.reasoning import module_of
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lithiokg.names import NameIndex
    from lithiokg.reasoning import RuleSet
    from lithiokg.sources import Sources
    from lithiokg.validation import Finding, Report

__all__ = ["SOURCE", "WAIVED_RULES", "Hypothesis", "ProposalError", "read_hypothesis"]

#: The name under which a proposal is read, as if it were a data folder.
SOURCE = "what-if"
_FLAGS = "(flags)"
_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["skos"] + "prefLabel"
_COLLECTIONS = ("designs", "substances", "functional-groups")
#: Rules of the shapes that a proposal need not keep, each with the reason.
WAIVED_RULES = {
    "design-reported": "nobody has reported it",
    "design-evidence": "there is no evidence for what does not exist",
    "claim-evidence": "what is proposed of a substance is an assumption of the one who asks",
    "component-composition-reason": "to declare a list complete is part of the proposal",
    "component-sublayers-reason": "to declare a list complete is part of the proposal",
    "substance-products-reason": "to declare a list complete is part of the proposal",
}


class ProposalError(LithioKGError):
    """The proposal does not read, or breaks a rule: every problem at once."""

    exit_code = ExitCode.FINDINGS


@dataclass(slots=True)
class Hypothesis:
    """A proposed design.

    Attributes:
        design: its IRI.
        quads: what is proposed.
        places: where it is written.
        labels: labels of what it describes.
        given: what the graph knows of the substances that it uses.
        warnings: broken rules that do no harm.
    """

    design: str
    quads: list[ox.Quad]
    places: Places
    labels: dict[str, str]
    given: list[ox.Quad] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    @property
    def own(self) -> set[str]:
        """IRIs of everything that it describes."""
        return set(self.places.subjects())


def read_hypothesis(
    content: Path | dict[str, Any], *, sources: Sources, rules: RuleSet, store: ox.Store, names: NameIndex
) -> Hypothesis:
    """Read and check a proposed design.

    Args:
        content: a YAML file in the format of the records, or such records as plain values.
        sources: the context, the units and the shapes.
        rules: the compiled ontology.
        store: the snapshot, from which the known substances are taken.
        names: for "did you mean".

    Raises:
        ProposalError: if it does not read or breaks a rule, with every problem.
        UsageError: if it does not hold one design, or describes anew what the graph knows.
    """
    records = _read(content, sources, rules)
    hypothesis = _one_design(records, store)
    hypothesis.given = list(_given(hypothesis, rules, store))
    _check_references(hypothesis, rules, names)
    _check_rules(hypothesis, rules, sources)
    return hypothesis


def _read(content: Path | dict[str, Any], sources: Sources, rules: RuleSet) -> Records:
    ontology = rules.ontology
    terms = ontology.classes | ontology.object_properties | ontology.data_properties
    context = read_context(sources.ontology / "context.jsonld")
    units = registry(sources.ontology / "modules" / "quantities.ttl")
    if isinstance(content, dict):
        import yaml  # noqa: PLC0415  # only here

        from lithiokg.curation.walker import Walker  # noqa: PLC0415

        records = Records()
        walker = Walker(records, context, units, SOURCE, _FLAGS)
        walker.terms = frozenset(terms)
        tree = yaml.compose(yaml.safe_dump(content), Loader=yaml.SafeLoader)
        assert tree is not None  # noqa: S101  # a mapping was dumped
        walker.collections(tree)
    else:
        records = read_file(content, context, source=SOURCE, file=str(content), terms=terms, units=units)
    problems = list(records.problems)
    if not problems:
        computed = normalized(records, units=units, object_properties=ontology.object_properties)
        records.quads += computed.quads
        problems = computed.problems
    if problems:
        raise ProposalError("\n".join(str(problem) for problem in problems))
    return records


def _one_design(records: Records, store: ox.Store) -> Hypothesis:
    own = records.places.subjects()
    designs = [iri for iri in own if _is_record(iri, "design")]
    if len(designs) != 1:
        count = f"{len(designs)} designs" if designs else "no design"
        raise UsageError(
            f"the proposal holds {count}; it takes one", mend="write one record under 'designs:'"
        )
    for iri, place in own.items():
        if not any(iri.startswith(f"{ID}{kind}/") for kind in ("design", "substance", "group")):
            known = ", ".join(_COLLECTIONS)
            raise UsageError(
                f"{compact(iri)} is no part of a proposal", place=_shown(place), mend=f"it holds {known}"
            )
        if next(store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(_TYPE), None, None), None):
            raise UsageError(
                f"{compact(iri)} is in the graph already",
                place=_shown(place),
                mend="give the record a key of its own; what the graph knows may be used by its key",
            )
    labels = {
        quad.subject.value: quad.object.value
        for quad in records.quads
        if quad.predicate.value == _LABEL and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
    }  # fmt: skip
    for iri in own:
        labels.setdefault(iri, iri.rpartition("/")[2].replace("-", " "))
    return Hypothesis(designs[0], records.quads, records.places, labels)


def _is_record(iri: str, kind: str) -> bool:
    base = f"{ID}{kind}/"
    return iri.startswith(base) and "/" not in iri[len(base) :]


def _shown(place: Place) -> Place | None:
    return None if place.file == _FLAGS else place


def _given(hypothesis: Hypothesis, rules: RuleSet, store: ox.Store) -> Iterator[ox.Quad]:
    """What the graph states of the things that the proposal names, and of all they lead to."""
    own = hypothesis.own
    classes = rules.ontology.classes
    seen: set[str] = set()
    for quad in hypothesis.quads:
        value = quad.object
        if not isinstance(value, ox.NamedNode) or value.value in own | classes | seen:
            continue
        seen.add(value.value)
        if value.value.startswith(ID + "design/"):  # a baseline: that it is there is all that matters
            yield from store.quads_for_pattern(value, ox.NamedNode(_TYPE), ox.NamedNode(LKG + "Design"))
        elif value.value.startswith(ID):
            yield from module_of(store, value.value, rules)


def _check_references(hypothesis: Hypothesis, rules: RuleSet, names: NameIndex) -> None:
    """Every thing that is named exists; a name that is nearly right is offered."""
    known = hypothesis.own | {quad.subject.value for quad in hypothesis.given}  # type: ignore[union-attr]
    known |= {
        triple.subject.value for triple in rules.ontology.triples if isinstance(triple.subject, ox.NamedNode)
    }
    problems: list[str] = []
    for quad in hypothesis.quads:
        value = quad.object
        if not isinstance(value, ox.NamedNode) or not value.value.startswith(ID) or value.value in known:
            continue
        key = value.value.rpartition("/")[2]
        try:
            mend = f"did you mean {names.resolve(key).removeprefix(ID).rpartition('/')[2]}?"
        except UsageError as error:
            mend = error.mend or "describe it under 'substances:'"
        place = hypothesis.places.of(quad.subject.value, quad.predicate.value, value.value)  # type: ignore[union-attr]
        shown = _shown(place) if place else None
        problems.append(str(UsageError(f"there is no {compact(value.value)}", place=shown, mend=mend)))
    if problems:
        raise ProposalError("\n".join(dict.fromkeys(problems)))


def _check_rules(hypothesis: Hypothesis, rules: RuleSet, sources: Sources) -> None:
    """The shapes, but for :data:`WAIVED_RULES`, on what the proposal itself describes."""
    from lithiokg.validation import Report, validate  # noqa: PLC0415

    found = validate(
        [*hypothesis.quads, *hypothesis.given],
        ontology=rules.ontology.triples,
        sources=sources,
        places=hypothesis.places,
    )
    own = hypothesis.own
    kept = Report(each for each in found.findings if each.node in own and each.name not in WAIVED_RULES)
    if not kept.conforms:
        raise ProposalError(_without_flags(Report(kept.errors)))
    hypothesis.warnings = tuple(_warning(finding) for finding in kept.warnings)


def _warning(finding: Finding) -> str:
    return f"{finding.label}: {finding.rule}"


def _without_flags(report: Report) -> str:
    return report.as_text().replace(_FLAGS, "flags")


def own_statements(hypothesis: Hypothesis, rules: RuleSet) -> ox.Store:
    """The proposal, what the graph knows of its substances, and the ontology's own individuals."""
    store = ox.Store()
    store.bulk_extend([*hypothesis.quads, *hypothesis.given])
    graph = ox.NamedNode(GRAPH + "ontology")
    ontology = rules.ontology
    store.bulk_extend(
        ox.Quad(triple.subject, triple.predicate, triple.object, graph)
        for triple in ontology.triples
        if triple.predicate.value in ontology.object_properties
        or (triple.predicate.value == _TYPE and _is_class(triple.object, ontology.classes))
    )
    return store


def _is_class(term: object, classes: frozenset[str]) -> bool:
    return isinstance(term, ox.NamedNode) and term.value in classes


def treatments_of(rules: RuleSet) -> dict[str, str]:
    """Class names of treatments, by local name and by label, with hyphens."""
    import re  # noqa: PLC0415

    found: dict[str, str] = {}
    root = LKG + "Treatment"
    for iri in sorted({*rules.hierarchy.subs(root)} & rules.ontology.classes):
        local = iri.removeprefix(LKG)
        found[re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local).lower()] = local
        label = rules.ontology.labels.get(iri)
        if label:
            found.setdefault(re.sub(r"[\W_]+", "-", label.lower()), local)
    return found
