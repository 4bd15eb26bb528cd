"""Build the graph with the new records in it before any of them is written, and tell what comes of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.errors import InconsistencyError, LithioKGError, Place
from lithiokg.intake.cells import CellPlace, IntakeError, RefusedError, short
from lithiokg.intake.contradicting import contradicting_rows
from lithiokg.intake.known import Known
from lithiokg.intake.tree import Scalar
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from lithiokg.build import Built
    from lithiokg.curation import Context
    from lithiokg.discrepancies import Observed
    from lithiokg.intake.filling import Interpreted
    from lithiokg.intake.folder import Target
    from lithiokg.intake.rows import Reading
    from lithiokg.intake.tree import Written
    from lithiokg.quantities import Registry
    from lithiokg.sources import Sources
    from lithiokg.validation import Finding

__all__ = ["Trial", "base_of"]

_TYPE, _SUBCLASS = PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "subClassOf"
_INFERRED = GRAPH + "inferred"
#: Classes that say nothing that the sheet did not say.
_LABEL = 160  # characters of a label in a message
_BROAD = {LKG + name for name in ("Component", "Design", "Statement")}
_YAML_PLACE = re.compile(r"(?P<file>[^\s,:]+\.yaml):(?P<line>[0-9]+):(?P<column>[0-9]+)")


@dataclass(slots=True)
class Trial:
    """A build of the sources with the staged collection.

    Attributes:
        sources: the sources, with the staged copy in place of the collection.
        target: where the records will be.
        stage: told the name of each step.
        derived, disagreements: what came of it.
        labels: what to call the things that something follows of.
        known: the names of what was there before and, once they are read, of the rows.
    """

    sources: Sources
    target: Target
    stage: Callable[[str], None]
    derived: dict[str, list[str]] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    known: Known | None = None
    _pieces: dict[str, tuple[Written, int]] = field(default_factory=dict)

    def run(
        self,
        pieces: Mapping[Path, Written],
        shift: Mapping[Path, int],
        interpreted: Interpreted,
        reading: Reading,
    ) -> None:
        """Build.

        Args:
            pieces: the new files by their path in the folder of the source.
            shift: how many lines stand above the records in each.
            interpreted: the records.
            reading: what was read; problems are added to it.

        Raises:
            IntakeError: with every problem of reading and building.
        """
        from lithiokg.build import SourceProblemsError, assemble  # noqa: PLC0415  # the whole machinery

        staged = self.sources.collections[-1]
        inside = self.target.folder.relative_to(self.target.collection)
        for path, written in pieces.items():
            self._pieces[self.sources.relative(staged / inside / path)] = (written, shift[path])
        try:
            built = assemble(self.sources, stage=self.stage) if pieces else None
        except SourceProblemsError as error:
            reading.problems += self._mapped(error, interpreted)
            built = None
        if built is not None:
            new = {ID + path for path in interpreted.nodes}
            self._results(built, new, reading)
        if reading.problems:
            raise IntakeError(sorted(_once(reading.problems), key=lambda problem: _order(problem.place)))

    # --- problems of the build in terms of cells ------------------------------------------------------

    def _cell(self, place: Place | None) -> Place | None:
        """The cell behind a place in one of the new files; any other place as it is."""
        if place is None or place.file not in self._pieces:
            return place
        written, shift = self._pieces[place.file]
        return written.origin(place.line - shift, place.column) or place

    def _words(self, text: str) -> str:
        """A message in which places in the new files are cells."""

        def cell(found: re.Match[str]) -> str:
            place = Place(found["file"], int(found["line"]), int(found["column"]))
            return str(self._cell(place))

        return _YAML_PLACE.sub(cell, text)

    def _mapped(self, error: LithioKGError, interpreted: Interpreted) -> Iterable[LithioKGError]:
        for problem in getattr(error, "problems", ()):
            if isinstance(problem, InconsistencyError):
                rows = list(contradicting_rows(problem.message, self._cell))
                if rows:
                    yield from rows
                    continue
            at = self._cell(problem.place)
            if not (isinstance(at, CellPlace) and (at.file, at.sheet, at.line) in interpreted.failed):
                mend = self._words(problem.mend) if problem.mend else None
                yield RefusedError(self._words(problem.message), place=at, mend=mend)
        report = getattr(error, "report", None)
        for finding in report.errors if report is not None else ():
            place = self._cell(finding.place)
            told = (
                isinstance(place, CellPlace) and (place.file, place.sheet, place.line) in interpreted.failed
            )
            if not told and not (interpreted.failed and finding.name == "record-reference"):
                yield self._broken(finding, place, interpreted)

    def _broken(self, finding: Finding, place: Place | None, interpreted: Interpreted) -> RefusedError:
        rule = f"The rule {finding.name}: {finding.rule}"
        value = f": {short(finding.value)}" if finding.value else ""
        label = self._subject(finding.label, interpreted)
        label = label if len(label) <= _LABEL else short(label)
        return RefusedError(
            f"{label}{value}. {rule}", place=place, mend=finding.mend, about=f"{label}{value}. "
        )

    def _subject(self, label: str, interpreted: Interpreted) -> str:
        """A figure or claim that stands apart from its subject has no name: it is called after the subject."""
        kind, source, key, *_ = [*label.removeprefix("lkgi:").split("/"), "", ""]
        node = interpreted.nodes.get(f"{kind}/{source}/{key}")
        about = node and (node.fields.get("subject") or node.fields.get("claim-subject"))
        if self.known is None or not isinstance(about, Scalar):
            return label
        return ", ".join([self.known.label(ID + about.text), f"{kind}s", *label.split("/")[2:]])

    # --- what follows ---------------------------------------------------------------------------------

    def _results(self, built: Built, new: set[str], reading: Reading) -> None:
        from lithiokg.discrepancies import find_candidates, observed_records, unrecorded  # noqa: PLC0415
        from lithiokg.store import EmbeddedStore  # noqa: PLC0415

        self.stage("comparing with what is there")
        names = Known(built.quads)
        self.derived = _derived(built, new, names)
        self.labels = {part: _called(part, names) for part in self.derived}
        remarks = list(self._warnings(built))
        store = EmbeddedStore.in_memory(built.quads)
        for candidate in unrecorded(store, find_candidates(store)):
            if not new.isdisjoint(candidate.records):
                self.disagreements.append(str(candidate))
        for one, other, same_place in _repeated(observed_records(store), new):
            where = self._cell(built.places.of(one.iri)) or Place(one.iri)
            there = self._cell(built.places.of(other.iri)) or other.iri
            if same_place and one.rows | dict.fromkeys(one.texts, ""):
                reading.problems.append(
                    RefusedError(
                        f"the figure {one.result.printed!r} is there already, from the same place: {there}",
                        place=where,
                        mend="delete one of the two, or correct the property, stage or conditions that tell them apart",
                    )
                )
            else:
                remarks.append((where, f"{where}: the same figure stands at {there}; both are kept"))
        reading.notes += [
            remark for _, remark in sorted(remarks, key=lambda each: (_order(each[0]), each[1]))
        ]

    def _warnings(self, built: Built) -> Iterator[tuple[Place, str]]:
        """What the rules find doubtful in the new rows, with its place."""
        for finding in built.report.warnings:
            place = self._cell(finding.place)
            if isinstance(place, CellPlace):
                yield place, f"{place}: {finding.rule} {finding.mend}".rstrip()


def _called(part: str, names: Known) -> str:
    """What to call a design, or a body of one."""
    design = part.partition("/")[0]
    label = names.label(f"{ID}design/{design}")
    return label if part == design else f"{label}, {names.label(f'{ID}design/{part}')}"


def base_of(trial: Trial) -> tuple[Known, Context, Registry]:
    """What is there before the import: its names, and what fields and units mean.

    Raises:
        IntakeError: if the collection, or what is read beside it, does not read as it is.
    """
    from lithiokg.build.reading import read_ontology, read_records  # noqa: PLC0415
    from lithiokg.curation import read_context  # noqa: PLC0415
    from lithiokg.quantities import registry  # noqa: PLC0415

    trial.stage("reading what is there")
    problems: list[LithioKGError] = []
    ontology = read_ontology(trial.sources, problems)
    records, computed = read_records(trial.sources, ontology, problems)
    if problems or records is None:
        note = RefusedError(
            "what is there does not read as it is, before anything is added", mend="mend it first"
        )
        raise IntakeError([note, *problems])
    known = trial.known = Known([*ontology, *records.quads, *computed], records.places)
    return (
        known,
        read_context(trial.sources.ontology / "context.jsonld"),
        registry(trial.sources.ontology / "modules" / "quantities.ttl"),
    )


def _once(problems: Iterable[LithioKGError]) -> list[LithioKGError]:
    """Problems without those that say the same of the same place."""
    return list({(str(problem.place), problem.message): problem for problem in problems}.values())


def _order(place: Place | None) -> tuple[bool, str, str, int, int]:
    if place is None:
        return (True, "", "", 0, 0)
    return (False, place.file, getattr(place, "sheet", ""), place.line, place.column)


def _derived(built: Built, new: set[str], names: Known) -> dict[str, list[str]]:
    """For each new design, and its bodies, the most specific classes that were inferred, by label."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    types: defaultdict[str, set[str]] = defaultdict(set)
    above: defaultdict[str, set[str]] = defaultdict(set)
    for quad in built.quads:
        about, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        relation, inferred = quad.predicate.value, getattr(quad.graph_name, "value", "") == _INFERRED
        if relation == _SUBCLASS and about != value:
            above[about].add(value)
        elif inferred and about in new and relation == _TYPE and value.startswith(LKG):
            classes[about].add(value)
        elif inferred and about in new and relation == LKG + "hasInterfaceType":
            types[about].add(value)
    found: dict[str, list[str]] = {}
    for iri in sorted(classes):
        part = iri.removeprefix(f"{ID}design/")
        if part == iri or "/observations/" in part or "/claims/" in part:
            continue
        wider = {wide for kind in classes[iri] for wide in above[kind] if kind not in above[wide]}
        told = sorted(map(names.label, classes[iri] - wider - _BROAD)) + sorted(map(names.label, types[iri]))
        if told:
            found[part] = list(dict.fromkeys(told))
    return found


def _repeated(observed: list[Observed], new: set[str]) -> Iterable[tuple[Observed, Observed, bool]]:
    """New figures that say what another one says: of the same thing, under the same conditions."""
    seen: defaultdict[tuple[object, ...], list[Observed]] = defaultdict(list)
    for each in observed:
        conditions = tuple(
            sorted((kind, figure.low, figure.high) for kind, figure in each.conditions.items())
        )
        result = (each.result.comparator, each.result.low, each.result.high)
        seen[each.of, each.prop, each.stage, each.cell, result, conditions].append(each)
    for group in seen.values():
        ordered = sorted(group, key=lambda each: each.iri in new)
        for number, each in enumerate(ordered):
            if each.iri in new and number:
                other = ordered[0]
                yield each, other, set(each.rows) == set(other.rows) and each.texts == other.texts
