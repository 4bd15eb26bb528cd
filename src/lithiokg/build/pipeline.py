"""From written sources to the quads of a snapshot: read, validate, derive.

Each stage hands plain quads to the next; nothing is written here.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.errors import ExitCode, InconsistencyError, LithioKGError, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph as ox

    from lithiokg.curation import Places
    from lithiokg.linking import MappingSet
    from lithiokg.sources import Sources
    from lithiokg.validation import Report

__all__ = ["Built", "SourceProblemsError", "Stage", "assemble"]

#: Called with the name of each stage as it begins.
Stage = Callable[[str], None]


class SourceProblemsError(LithioKGError):
    """The sources do not read, or break a rule: every problem at once."""

    exit_code = ExitCode.FINDINGS

    def __init__(self, problems: Sequence[LithioKGError], report: Report | None = None) -> None:
        self.problems = tuple(problems)
        self.report = report
        parts = [str(problem) for problem in self.problems]
        if report is not None and report.errors:
            # What merely deserves a look would hide what has to be mended; ``lithiokg check`` lists it.
            parts.append(type(report)(report.errors).as_text())
        super().__init__("\n".join(parts))


@dataclass(slots=True)
class Built:
    """What a build yields, before it is written.

    Attributes:
        quads: everything, each in its named graph.
        report: what validation found (warnings at most).
        places: where each curated node, field and value stands.
        mappings: the tables that relate our terms to those of other ontologies.
        description: what is said by hand of the data set as a whole.
        withdrawn: what records that were taken back stated; no question reads it.
        seconds: how long each stage took.
    """

    quads: list[ox.Quad]
    report: Report
    places: Places
    mappings: list[MappingSet] = field(default_factory=list)
    description: list[ox.Triple] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    withdrawn: list[ox.Quad] = field(default_factory=list)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Pause the cyclic garbage collector.

    A build makes millions of small objects that nearly all live to its end; looking through them again and
    again takes a sixth of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_no_collector()
def assemble(sources: Sources, *, stage: Stage | None = None) -> Built:
    """Read, validate and derive.

    Args:
        sources: the written sources.
        stage: told the name of each stage as it begins.

    Raises:
        SourceProblemsError: if a file does not read, a rule of severity *violation* is broken, or facts
            and ontology contradict each other; with every problem.
        LithioKGError: if the ontology changed and HermiT, which would classify it, is not installed.
    """
    # The stages are imported here: opening a finished snapshot needs none of them.
    from lithiokg.build.background import begin  # noqa: PLC0415
    from lithiokg.build.fingerprint import special_files  # noqa: PLC0415
    from lithiokg.build.reading import (  # noqa: PLC0415
        read_description,
        read_mapping_tables,
        read_ontology,
        read_questions,
        read_records,
        read_shapes,
        term_places,
    )
    from lithiokg.curation import provenance  # noqa: PLC0415
    from lithiokg.linking import mapping_quads  # noqa: PLC0415
    from lithiokg.validation import validate  # noqa: PLC0415

    clock = _Clock(stage)
    problems = special_files(sources)
    if problems:  # whoever reads them may wait for ever
        raise SourceProblemsError(problems)
    with clock("reading ontology"):
        ontology = read_ontology(sources, problems)
        description = read_description(sources, problems)
        shapes = read_shapes(sources, problems)
    with clock("reading data"):
        records, computed = read_records(sources, ontology, problems)
    with clock("reading mappings"):
        mappings = read_mapping_tables(sources, problems)
    with clock("reading questions"):
        questions = read_questions(sources, problems)
    if problems or shapes is None or records is None:
        raise SourceProblemsError(sorted(problems, key=lambda problem: problem.place or Place("")))
    stated = [*ontology, *records.quads, *computed]
    places = records.places
    for iri, place in term_places(sources).items():
        places.subject(iri, place)
    # Neither of the two needs the other, and contradictions are looked for even if a rule is broken: both
    # are then reported at once.
    with clock("validating"):
        validation = begin(lambda: validate(stated, shapes=shapes, places=places))
    with clock("deriving"):
        derived, contradictions = _derive(stated, sources, places)
    with clock("validating"):
        report = validation()
    if contradictions or not report.conforms:
        raise SourceProblemsError(contradictions, report)
    # Mappings are read by people and questions, not by reasoner and shapes, which never see them.
    links = (quad for mapping_set in mappings for quad in mapping_quads(mapping_set))
    quads = [*stated, *derived, *provenance(records), *questions, *links]
    return Built(quads, report, places, mappings, description, clock.seconds, records.withdrawn)


def _derive(
    stated: list[ox.Quad], sources: Sources, places: Places
) -> tuple[list[ox.Quad], tuple[InconsistencyError, ...]]:
    """Everything that follows (memberships, relations, the class hierarchy, the closure axioms), or why not.

    A contradiction between facts and ontology is handed back, with the place of each fact.
    """
    from lithiokg.reasoning import derive  # noqa: PLC0415

    try:
        derived = derive(stated, sources=sources, places=places)
    except InconsistencyError as error:
        return [], (error,)
    return [*derived.inferred, *derived.closures], ()


@dataclass(slots=True)
class _Clock:
    """Tells each stage as it begins and keeps how long it took."""

    stage: Stage | None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        if self.stage is not None:
            self.stage(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
