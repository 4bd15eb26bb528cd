"""Read the written sources: every problem of every file is collected, none stops the reading of the others."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, Place, QueryError, SourceError, TimeLimitError
from lithiokg.files import read_bounded
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.curation import Records
    from lithiokg.linking import MappingSet
    from lithiokg.questions import Question
    from lithiokg.sources import Sources
    from lithiokg.validation import Shapes

__all__ = [
    "Problems",
    "read_description",
    "read_mapping_tables",
    "read_ontology",
    "read_questions",
    "read_records",
    "read_shapes",
    "term_places",
]

Problems = list[LithioKGError]
#: A question with so many variables in it is planned where it can be stopped after so many seconds.
_MANY, _PLANNING = 200, 20.0
#: The largest module of an ontology that is read, in bytes.
_MAX_BYTES = 64 << 20


def read_ontology(sources: Sources, problems: Problems) -> list[ox.Quad]:
    """Read ``ontology/lithiokg.ttl`` and ``ontology/modules/*.ttl`` into the graph ``lkgg:ontology``."""
    graph = ox.NamedNode(GRAPH + "ontology")
    quads: list[ox.Quad] = []
    files = [sources.ontology / "lithiokg.ttl", *sorted((sources.ontology / "modules").glob("*.ttl"))]
    for path in files:
        name = sources.relative(path)
        try:
            content = read_bounded(path, _MAX_BYTES)
            content.decode("utf-8")  # the engine lets anything stand in a comment
            triples = list(ox.parse(content, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
        except SyntaxError as error:
            problems.append(_turtle_error(name, error))
        except UnicodeDecodeError as error:
            problems.append(_encoding_error(name, error))
        except OSError as error:
            problems.append(SourceError(f"the file cannot be read: {error.strerror}", place=Place(name)))
        else:
            quads.extend(ox.Quad(q.subject, q.predicate, q.object, graph) for q in triples)
    return quads


def term_places(sources: Sources) -> dict[str, Place]:
    """Where each term of the ontology is declared: the line at which its block begins."""
    from lithiokg.reasoning import declarations, ontology_files  # noqa: PLC0415

    return declarations(ontology_files(sources.ontology), sources.relative)


def _turtle_error(file: str, error: SyntaxError) -> SourceError:
    message = (error.msg or "not Turtle").split(": ", 1)[-1]
    return SourceError(
        f"this is not valid Turtle: {message}",
        place=Place(file, error.lineno or 1, error.offset or 1),
        mend="correct the file at this place (a missing ';' or '.' before it is the usual cause)",
    )


def _encoding_error(file: str, error: UnicodeDecodeError) -> SourceError:
    before = error.object[: error.start]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8")) + 1
    return SourceError(
        f"this is not UTF-8: byte 0x{error.object[error.start]:02x}",
        place=Place(file, before.count(b"\n") + 1, column),
        mend="save the file as UTF-8",
    )


def read_description(sources: Sources, problems: Problems) -> list[ox.Triple]:
    """Read what is said of the data set as a whole, ``ontology/dataset.ttl``."""
    from lithiokg.metadata import read_written  # noqa: PLC0415

    with _collecting(problems, sources):
        return read_written(sources)
    return []


def read_shapes(sources: Sources, problems: Problems) -> Shapes | None:
    """Read ``ontology/shapes``; nothing where they do not read."""
    from lithiokg.validation import read_shapes as read  # noqa: PLC0415

    with _collecting(problems, sources):
        return read(sources.ontology / "shapes")
    return None


def read_mapping_tables(sources: Sources, problems: Problems) -> list[MappingSet]:
    """Read ``ontology/mappings/*.sssom.tsv``, what relates our terms to those of other ontologies."""
    from lithiokg.linking import read_mappings  # noqa: PLC0415

    return read_mappings(sources.ontology / "mappings", problems, relative=sources.relative)


def read_records(
    sources: Sources, ontology: list[ox.Quad], problems: Problems
) -> tuple[Records | None, list[ox.Quad]]:
    """Read the curated records, and compute what follows from them by arithmetic.

    Where a module of the ontology does not read, its terms are not known, and so a misspelt one is not
    looked for.
    """
    from lithiokg.curation import (  # noqa: PLC0415
        compositions,
        normalized,
        read_context,
        read_data,
        set_withdrawn_aside,
    )
    from lithiokg.quantities import registry  # noqa: PLC0415

    properties = _declared(ontology, "ObjectProperty")
    terms = properties | _declared(ontology, "Class") | _declared(ontology, "DatatypeProperty")
    complete = not problems
    records: Records | None = None
    with _collecting(problems, sources):
        units = registry(sources.ontology / "modules" / "quantities.ttl")
        context = read_context(sources.ontology / "context.jsonld")
        known = terms if complete else None
        records = read_data(
            sources.data_folders, context, relative=sources.relative, terms=known, units=units
        )
        set_withdrawn_aside(records)
        problems += records.problems
    if problems or records is None:  # half-read records would bring problems that are none
        return records, []
    _place_claims(records)
    computed = normalized(records, units=units, object_properties=properties)
    composed = compositions([*ontology, *records.quads], records.places)
    problems += [*computed.problems, *composed.problems]
    return records, [*computed.quads, *composed.quads]


def _declared(ontology: list[ox.Quad], kind: str) -> set[str]:
    """IRIs of the terms of one OWL kind."""
    rdf_type, owl_kind = ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["owl"] + kind)
    return {
        quad.subject.value
        for quad in ontology
        if quad.predicate == rdf_type and quad.object == owl_kind and isinstance(quad.subject, ox.NamedNode)
    }


def _place_claims(records: Records) -> None:
    """A triple that a claim states stands where the claim does."""
    names = {LKG + name: name for name in ("claimSubject", "claimRelation", "claimObject")}
    claims: dict[str, dict[str, str]] = {}
    for quad in records.quads:
        name = names.get(quad.predicate.value)
        if name and isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            claims.setdefault(quad.subject.value, {})[name] = quad.object.value
    for claim, parts in claims.items():
        place = records.places.of(claim, LKG + "claimObject", parts.get("claimObject"))
        if place is not None and len(parts) == len(names):
            subject, relation, value = (parts[name] for name in names.values())
            records.places.triple(subject, relation, value, key=place, place=place)


def read_questions(sources: Sources, problems: Problems) -> list[ox.Quad]:
    """Read the saved questions, see that each one parses, and describe them as RDF."""
    from lithiokg.questions import load_questions, questions_as_rdf  # noqa: PLC0415

    with _collecting(problems, sources):
        questions = load_questions(*sources.question_folders).values()
        for question in questions:
            with _collecting(problems, sources):
                _parse(question, sources)
        return questions_as_rdf(questions)
    return []


def _parse(question: Question, sources: Sources) -> None:
    from lithiokg.store import (  # noqa: PLC0415
        EmbeddedStore,
        check_query,
        service_hosts,
        syntax_error,
        without_services,
    )

    name = sources.relative(question.path)
    try:
        # Whoever asks it decides which hosts it may call; parsing it calls none.
        check_query(question.text, name=name, allow_hosts=service_hosts(question.text))
        # The engine plans a query as it parses it, for which a hundred patterns take it a second, and a
        # thousand for ever.
        if question.text.count("?") < _MANY:
            ox.Store().query(without_services(question.text))
        else:
            EmbeddedStore(ox.Store()).query(without_services(question.text), timeout=_PLANNING)
    except TimeLimitError as error:
        message = f"the engine does not find in {_PLANNING:g} s how to answer this"
        raise SourceError(message, place=Place(name), mend="ask for less at once") from error
    except SyntaxError as error:
        found = syntax_error(question.text, str(error), name)
        raise SourceError(found.message, place=found.place, mend=found.mend or "correct the query") from error
    except QueryError as error:
        raise SourceError(error.message, place=error.place, mend=error.mend) from error


@contextmanager
def _collecting(problems: Problems, sources: Sources) -> Iterator[None]:
    """Add a failure to read a source to the problems, with its file as the user knows it."""
    try:
        yield
    except SourceError as error:
        place = error.place and replace(error.place, file=sources.relative(Path(error.place.file)))
        if place is None or all(problem.place != place for problem in problems):  # two readers met it
            # Of several mistakes each says its own mend.
            mend = error.mend or (None if "mend: " in error.message else "correct the file at this place")
            problems.append(SourceError(error.message, place=place, mend=mend))
