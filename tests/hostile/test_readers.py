"""Every reader takes any file, or refuses it in words: never a traceback, never a hang, never a changed file.

A short walk through changed files that are sound; ``LITHIOKG_DEEP=1`` makes it a long one, and ``LITHIOKG_SEED``
another one.
"""

from __future__ import annotations

import os
import shutil
import signal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.build import reading
from lithiokg.build.cache import Cache
from lithiokg.build.integrity import find_damage
from lithiokg.changes.states import open_state
from lithiokg.cli.render import FORMATS, render
from lithiokg.curation import normalized, read_context, read_file
from lithiokg.errors import LithioKGError, printable
from lithiokg.identifiers import normal_doi, normal_inchikey, parse_formula
from lithiokg.intake.citations import READERS
from lithiokg.intake.csvs import decoded
from lithiokg.intake.rows import Reading
from lithiokg.joining.tables import read_csv
from lithiokg.linking import mapping_quads
from lithiokg.linking.reading import read_mapping_set
from lithiokg.matching.words import load_words
from lithiokg.quantities import parse, registry
from lithiokg.quantities.spelling import factors
from lithiokg.quantities.units import load
from lithiokg.questions import load_question, questions_as_rdf
from lithiokg.reasoning.classified import check_classified
from lithiokg.sources import Sources
from lithiokg.store import RemoteStore
from lithiokg.validation import read_shapes

if TYPE_CHECKING:
    import types
    from collections.abc import Callable, Iterable, Iterator

    Damage = Callable[[bytes, int], bytes]

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 10
CONTEXT = read_context(ROOT / "ontology" / "context.jsonld")
UNITS = registry(ROOT / "ontology" / "modules" / "quantities.ttl")


class HangError(BaseException):
    """It took too long."""


def seeds(*patterns: str, most: int = 20_000) -> list[bytes]:
    found = [path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    small = [content for content in found if len(content) < most]
    return small[:: max(1, len(small) // 12)]


# --- the readers: each takes a file, and gives the problems that it does not raise ----------------------


def of_records(path: Path) -> Iterable[LithioKGError]:
    records = read_file(path, CONTEXT, source="x", units=UNITS)
    yield from records.problems
    if not records.problems:
        yield from normalized(records, units=UNITS, object_properties=frozenset()).problems
    assert all(str(quad) for quad in records.quads)


def of_a_context(path: Path) -> Iterable[LithioKGError]:
    record = ROOT / "tests" / "build" / "small" / "design.yaml"
    yield from read_file(record, read_context(path), units=UNITS).problems


def of_shapes(path: Path) -> Iterable[LithioKGError]:
    read_shapes(path.parent)
    return ()


def of_ontology(path: Path) -> Iterable[LithioKGError]:
    folder = path.parent / "ontology"
    (folder / "modules").mkdir(parents=True, exist_ok=True)
    shutil.copy(path, folder / "modules" / "quantities.ttl")
    shutil.copy(path, folder / "lithiokg.ttl")
    shutil.copy(path, folder / "classified.ttl")
    shutil.copy(path, folder / "dataset.ttl")
    sources, problems = Sources(path.parent), list[LithioKGError]()
    reading.read_ontology(sources, problems)
    reading.read_description(sources, problems)
    yield from problems
    if not problems:
        reading.term_places(sources)
        check_classified(folder)
        load(path)


def of_mappings(path: Path) -> Iterable[LithioKGError]:
    mapping_set, problems = read_mapping_set(path.read_text("utf-8", "replace"), "emmo", path.name)
    yield from problems
    if mapping_set is not None:
        assert [str(quad) for quad in mapping_quads(mapping_set)]


def of_a_question(path: Path) -> Iterable[LithioKGError]:
    question = load_question(path)
    problems: list[LithioKGError] = []
    reading._parse(question, Sources(ROOT))
    list(questions_as_rdf([question]))
    return problems


def of_words(path: Path) -> Iterable[LithioKGError]:
    load_words(path.parent)
    return ()


def of_a_bibliography(path: Path) -> Iterable[LithioKGError]:
    found = Reading()
    text = decoded(path, path.name, found)
    yield from found.problems
    if text is not None:
        assert all(isinstance(entry.title, str) for entry in READERS[path.suffix](text, path.name))


def of_a_state(path: Path) -> Iterable[LithioKGError]:
    open_state(str(path), Sources(ROOT)).graph.store.graphs()
    return ()


def of_a_table(path: Path) -> Iterable[LithioKGError]:
    read_csv(path).check_free(["x"])
    return ()


def of_an_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, query: str
) -> Iterable[LithioKGError]:
    monkeypatch.setattr("lithiokg.store.wire.send", lambda *_, **__: (kind, path.read_bytes()))
    answer = RemoteStore("http://127.0.0.1:9/query").query(query)
    if hasattr(answer, "variables"):
        for format_ in FORMATS:
            told = render(answer.variables, [tuple(row.values()) for row in answer.dicts()], format_)
            told.encode()
            assert format_ not in {"table", "md"} or told == printable(told)
    return ()


def of_a_snapshot(path: Path) -> Iterable[LithioKGError]:
    for name in ("files.json", "snapshot.json"):
        shutil.copy(path, path.parent / name)
    find_damage(path.parent)
    cache = Cache(path.parent)
    shutil.copy(path, cache._pointer(Sources(ROOT)))
    cache.last(Sources(ROOT))
    return ()


def of_texts(path: Path) -> Iterable[LithioKGError]:
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    for reader in (
        partial(parse, units=UNITS),
        factors,
        normal_doi,
        normal_inchikey,
        parse_formula,
        UNITS.find_unit,
    ):
        try:
            reader(text)
        except LithioKGError as error:
            yield error


ANSWER = b"""{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
{"a": {"type": "uri", "value": "http://x/y"}, "b": {"type": "literal", "value": "=1+1", "xml:lang": "en"}},
{"a": {"type": "bnode", "value": "nodeID://b1"},
 "b": {"type": "literal", "datatype": "http://www.w3.org/2001/XMLSchema#decimal", "value": "1.50"}},
{"b": {"type": "literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "7"}}]}}"""
TRIPLES = b'<http://a/b> <http://c/d> "x"@en .\n_:a <http://c/d> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
QUADS = b'<http://a/b> <http://c/d> "x"@en <http://g> .\n_:a <http://c/d> "1" <http://w3id.org/g> .\n'
BIB = b"""@article{a, title={A {LiF} layer $_2$ \\'e}, author={Chen, Xi and Li, Y and others}, journal="J",
  year=2020, doi={10.1/x}, pages={1--2}}
@string{j="Journal"}
@book{b, title=j # " x", year={2021}}
"""
RIS = (
    b"TY  - JOUR\nAU  - Chen, X\nTI  - A layer\nJO  - J\nPY  - 2020\nSP  - 1\nEP  - 2\nDO  - 10.1/x\nER  - \n"
)
CSL = b"""[{"id": "a", "type": "article-journal", "title": "A <i>layer</i>", "author": [{"family": "Chen"},
{"literal": "et al."}], "issued": {"date-parts": [[2020, 1]]}, "page": "1-2", "DOI": "10.1/x"}]"""
TRIG = b"@prefix l: <https://w3id.org/lithiokg/> .\nl:g { l:a l:b 'x'@en , 1, 1.5e3 ; a l:C . }\n"
JSONLD = b"""{"@context": {"l": "https://w3id.org/lithiokg/"}, "@id": "l:g", "@graph": [
{"@id": "l:a", "@type": "l:C", "l:p": {"@value": "x", "@language": "en"}, "l:q": {"@list": [1, 2]}}]}"""
SNAPSHOT = b"""{"snapshot": "abcdef", "sources": "/x", "graphs": {"a": 1},
"000011.sst": {"size": 100, "mtime_ns": 17, "crc32": 99}}"""
TEXTS = [
    text.encode()
    for text in ("~24 Ω cm2", "20–30 mV", "3.5 × 10-4 S cm-1", "mA h cm-2", "Li6.4La3Zr1.4Ta0.6O12", "CuSO4·5H2O",
                 "Li1+xAlxTi2-x(PO4)3", "https://doi.org/10.20517/energymater.2021.21", "HPLMPBGUSPXDQX-UHFFFAOYSA-N")
]  # fmt: skip

XML = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="http://a/b">
<x xmlns="http://c/">y</x></rdf:Description></rdf:RDF>"""
SELECT, CONSTRUCT = "SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
#: Reader, name of the file, sound content.
READ: dict[str, tuple[Any, str, list[bytes]]] = {
    "records": (of_records, "a.yaml", seeds("tests/build/small/*.yaml", "data/*/*/*.yaml")),
    "the context": (of_a_context, "context.jsonld", seeds("ontology/context.jsonld", most=1 << 20)),
    "shapes": (of_shapes, "shapes/a.ttl", seeds("ontology/shapes/*.ttl")),
    "the ontology": (of_ontology, "a.ttl", seeds("ontology/modules/cells.ttl", "ontology/dataset.ttl")),
    "mapping tables": (of_mappings, "emmo.sssom.tsv", seeds("ontology/mappings/*.tsv")),
    "questions": (of_a_question, "topic/which-ones.rq", seeds("queries/*/*.rq")),
    "words": (of_words, "words.yaml", [content[:3000] for content in seeds("queries/words.yaml", most=1 << 20)]),
    "BibTeX": (of_a_bibliography, "a.bib", [BIB]),
    "RIS": (of_a_bibliography, "a.ris", [RIS]),
    "CSL": (of_a_bibliography, "a.json", [CSL]),
    "N-Quads": (of_a_state, "a.nq", [QUADS]),
    "TriG": (of_a_state, "a.trig", [TRIG]),
    "JSON-LD": (of_a_state, "a.jsonld", [JSONLD]),
    "tables to join": (of_a_table, "a.csv", seeds("docs/examples/*.csv")),
    "what a snapshot says of itself": (of_a_snapshot, "a", [SNAPSHOT]),
    "figures, units, formulas, identifiers": (of_texts, "a", TEXTS),
    "answers of an endpoint": (
        partial(of_an_answer, kind="application/sparql-results+json", query=SELECT), "a", [ANSWER]
    ),
    "triples of an endpoint": (partial(of_an_answer, kind="text/turtle", query=CONSTRUCT), "a", [TRIPLES]),
    "RDF/XML of an endpoint": (
        partial(of_an_answer, kind="application/rdf+xml", query=CONSTRUCT), "a",
        [XML],
    ),
}  # fmt: skip


@pytest.fixture
def limit() -> Iterator[None]:
    """Whoever takes longer than some seconds is stopped."""

    def stop(_signal: int, _frame: types.FrameType | None) -> None:
        raise HangError

    if not hasattr(signal, "setitimer"):
        pytest.skip("needs a system with timers")
    before = signal.signal(signal.SIGALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("limit")
@pytest.mark.parametrize("what", READ)
def test_a_changed_file_is_read_or_refused_in_words(
    what: str, damage: Damage, attempts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, name, sound = READ[what]
    if reader is of_a_bibliography and Path(name).suffix != ".json":
        pytest.importorskip("bibtexparser" if name.endswith("bib") else "rispy")
    if isinstance(reader, partial):
        reader = partial(reader, monkeypatch=monkeypatch)
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    assert sound
    first = int(os.environ.get("LITHIOKG_SEED", "0")) * attempts
    for attempt in range(first, first + attempts):
        content = damage(sound[attempt % len(sound)], attempt)
        path.write_bytes(content)
        signal.setitimer(signal.ITIMER_REAL, LONGEST)
        try:
            told = [str(problem) for problem in reader(path)]
        except LithioKGError as error:
            told = [str(error)]
        except BaseException:
            print(f"attempt {attempt}: {content!r}")
            raise
        assert all(text == printable(text) for text in told)
        assert path.read_bytes() == content
