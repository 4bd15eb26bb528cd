"""A data set of a chosen size: what engines must answer on it is right, and told from what is not."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.conformance import (
    DATA_PROBES,
    PROBES,
    Verdict,
    as_table,
    compare,
    compare_digests,
    digests_of,
    examine_expected,
    read_expected,
    reference_store,
    write_data,
)
from lithiokg.endpoints import upload
from lithiokg.errors import LithioKGError
from lithiokg.store import DERIVED_GRAPHS, EmbeddedStore, GraphStore, RemoteStore, Table, python_value
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph

# --- digests tell what comparing tells ----------------------------------------------------------------------

XSD = "http://www.w3.org/2001/XMLSchema#"
terms = st.sampled_from(
    [
        None,
        ox.NamedNode("x:a"),
        ox.BlankNode("a"),
        ox.BlankNode("b"),
        ox.Literal("1"),
        ox.Literal("1", language="en"),
        ox.Literal(1),
        ox.Literal(True),
        ox.Literal("2.5", datatype=ox.NamedNode(XSD + "decimal")),
        ox.Literal("2.50", datatype=ox.NamedNode(XSD + "decimal")),
        ox.Literal(1 / 3),
        ox.Literal(0.33333333333),
    ]
)
tables = st.lists(st.tuples(terms, terms), max_size=3).map(lambda rows: Table(["a", "b"], rows))


@given(tables, tables)
def test_digests_tell_what_comparing_the_answers_themselves_tells(right: Table, other: Table) -> None:
    assert compare_digests(digests_of(right), other).verdict is compare(right, other).verdict


@given(st.permutations([(ox.Literal(1),), (ox.Literal(2),), (ox.Literal(True),)]))
def test_another_order_is_told_from_other_rows(rows: list[tuple[ox.Literal]]) -> None:
    right = digests_of(Table(["x"], [(ox.Literal(1),), (ox.Literal(2),), (ox.Literal(True),)]))
    assert compare_digests(right, Table(["x"], rows)).verdict in {Verdict.SAME, Verdict.ORDER}


def test_a_difference_in_numbers_of_rows_is_counted() -> None:
    right = digests_of(Table(["x"], [(ox.Literal(1),)] * 5))
    fewer = compare_digests(right, Table(["x"], [(ox.Literal(1),)] * 2))
    more = compare_digests(right, Table(["x"], [(ox.Literal(1),)] * 6))
    others = compare_digests(right, Table(["x"], [(ox.Literal(2),)] * 5))
    assert [(each.missing, each.extra) for each in (fewer, more, others)] == [(3, 0), (0, 1), (0, 0)]
    assert others.words == "5 rows, as there should be, but others"
    assert compare_digests(right, Table(["y"], [])).words == "the columns are y"


def test_triples_have_no_order_and_a_truth_value_is_a_row() -> None:
    one, two = (ox.Triple(ox.NamedNode(f"x:{name}"), ox.NamedNode("x:p"), ox.Literal(1)) for name in "ab")
    assert digests_of(as_table([one, two, one])) == digests_of(as_table([two, one]))
    assert as_table(True).dicts() == [{"answer": True}]


# --- the right answers are right ----------------------------------------------------------------------------


class Facts:
    """The union of all graphs of a data set, looked through in plain Python."""

    def __init__(self, quads: Iterator[ox.Quad]) -> None:
        self.values: dict[tuple[str, Any], set[Any]] = defaultdict(set)
        self.pairs: dict[str, set[tuple[Any, Any]]] = defaultdict(set)
        self.graphs: dict[str, set[ox.Triple]] = defaultdict(set)
        for quad in quads:
            name = quad.predicate.value.removeprefix(LKG)
            self.values[name, quad.subject].add(quad.object)
            self.pairs[name].add((quad.subject, quad.object))
            self.graphs[quad.graph_name.value].add(quad.triple)  # type: ignore[union-attr]

    def of(self, name: str, *things: Any) -> set[Any]:
        return {value for thing in things for value in self.values.get((name, thing), ())}

    def members(self, name: str) -> list[Any]:
        kind = ox.NamedNode(LKG + name)
        return [thing for thing, value in self.pairs[PREFIXES["rdf"] + "type"] if value == kind]

    def figures(self) -> Iterator[tuple[Any, Any, Any, Any]]:
        """Observation, property, result and value."""
        for observation, result in self.pairs["hasResult"]:
            for kind in self.of("observedProperty", observation):
                for value in self.of("value", result):
                    yield observation, kind, result, value


@pytest.fixture(scope="module")
def facts(data: Path) -> Facts:
    return Facts(ox.parse(path=str(data / "facts.nq")))


def _number(term: Any) -> Decimal:
    return Decimal(term.value)


def five_aggregates(facts: Facts) -> set[Any]:
    groups: dict[Any, list[Decimal]] = defaultdict(list)
    for _, kind, result, value in facts.figures():
        for unit in facts.of("unit", result):
            groups[kind.value, unit.value].append(_number(value))
    return {
        (*key, len(numbers), sum(numbers), round(sum(numbers) / len(numbers), 6), min(numbers), max(numbers))
        for key, numbers in groups.items()
    }


def inferred_classes(facts: Facts) -> set[Any]:
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for observation, kind, _, value in facts.figures():
        if kind.value.endswith("/voltage-polarization"):
            for mechanism in facts.of("actsThrough", *facts.of("hasFeatureOfInterest", observation)):
                groups[mechanism.value].append(_number(value))
    return {(key, len(numbers), round(sum(numbers) / len(numbers), 6)) for key, numbers in groups.items()}


def joined(facts: Facts) -> set[Any]:
    designs: dict[str, set[Any]] = defaultdict(set)
    layers = set(facts.members("InterfacialLayer"))
    stage = ox.NamedNode(ID + "stage/after-cycling")
    for design, observation in facts.pairs["hasObservation"]:
        values = facts.of("value", *facts.of("hasResult", observation))
        if stage in facts.of("atStage", observation) and any(_number(value) < 40 for value in values):
            for substance in facts.of("hasConstituent", *(layers & facts.of("hasComponent", design))):
                designs[substance.value].add(design)
    return {(substance, len(found)) for substance, found in designs.items()}


def four_optionals(facts: Facts) -> set[Any]:
    layers = set(facts.members("InterfacialLayer"))
    rows = set()
    for design in facts.members("Design"):
        if not facts.of("hasBaseline", design):
            continue
        observations = facts.of("hasObservation", design)
        measured = {
            observation
            for observation in observations
            if ox.NamedNode(ID + "property/coulombic-efficiency") in facts.of("observedProperty", observation)
        }
        parts = (
            facts.of("formedFrom", *(layers & facts.of("hasComponent", design))),
            facts.of("value", *facts.of("hasResult", *measured)),
            facts.of("hasDoubt", *observations),
            facts.of("isGroupedUnder", design),
        )
        chosen = [[python_value(term) for term in part] or [None] for part in parts]
        rows |= {
            (design.value, one, two, three, four)
            for one in chosen[0]
            for two in chosen[1]
            for three in chosen[2]
            for four in chosen[3]
        }
    return rows


def below(facts: Facts) -> set[Any]:
    steps = ("hasComponent", "hasObservation", "hasResult", "hasCondition", "hasClaim", "hasEvidence")
    work = ox.NamedNode(ID + "work/synthetic-1")
    rows = set()
    for design in facts.members("Design"):
        if work in facts.of("inDocument", *facts.of("reportedIn", design)):
            seen: set[Any] = set()
            todo = {design}
            while todo:
                todo = {thing for name in steps for thing in facts.of(name, *todo)} - seen
                seen |= todo
            rows.add((design.value, len(seen)))
    return rows


def best(facts: Facts) -> set[Any]:
    found: dict[str, Counter[Decimal]] = defaultdict(Counter)
    for _, kind, _, value in facts.figures():
        found[kind.value][_number(value)] += 1
    return {(kind, max(numbers), numbers[max(numbers)]) for kind, numbers in found.items()}


def absent(facts: Facts) -> set[Any]:
    counts = Counter(
        kind.value
        for observation, result in facts.pairs["hasResult"]
        for kind in facts.of("observedProperty", observation)
        if not facts.of("hasDoubt", observation) and ox.Literal(">") not in facts.of("comparator", result)
    )
    return set(counts.items())


def roles(facts: Facts) -> set[Any]:
    named = (("constituent", "hasConstituent"), ("solute", "hasSolute"), ("precursor", "formedFrom"))
    counts = Counter((role, thing.value) for role, name in named for _, thing in facts.pairs[name])
    return {(*key, number) for key, number in counts.items()}


def graphs(facts: Facts) -> set[Any]:
    return {
        (name, len(triples), len({triple.subject for triple in triples}))
        for name, triples in facts.graphs.items()
    }


def different(facts: Facts) -> set[Any]:
    rows = [
        (printed, value)
        for _, result in facts.pairs["hasResult"]
        for printed in facts.of("printed", result)
        for value in facts.of("value", result)
    ]
    return {(len({printed for printed, _ in rows}), len({value for _, value in rows}), len(rows))}


ORACLES: dict[str, Callable[[Facts], set[Any]]] = {
    "five-aggregates-by-group": five_aggregates,
    "aggregate-over-inferred-classes": inferred_classes,
    "join-of-six-patterns": joined,
    "four-optionals": four_optionals,
    "path-of-any-length": below,
    "best-of-each-group": best,
    "what-is-not-there": absent,
    "union-and-bind": roles,
    "every-graph-for-itself": graphs,
    "count-of-different-things": different,
}


@pytest.fixture(scope="module")
def reference(data: Path) -> Iterator[EmbeddedStore]:
    with reference_store(data) as store:
        yield store


@pytest.mark.parametrize("name", ORACLES)
def test_the_reference_answers_as_plain_python_does(
    name: str, facts: Facts, reference: EmbeddedStore
) -> None:
    answer = as_table(reference.query(DATA_PROBES[name]))
    rows = [tuple(map(python_value, row)) for row in answer]
    found = {tuple(round(value, 6) if isinstance(value, Decimal) else value for value in row) for row in rows}
    assert found == ORACLES[name](facts)
    assert len(found) == len(rows) > 0


def test_ordered_answers_are_those_of_plain_python(facts: Facts, reference: EmbeddedStore) -> None:
    right = sorted(
        (-_number(value), observation.value)
        for observation, kind, _, value in facts.figures()
        if kind.value.endswith("/interfacial-resistance")
    )
    assert len(right) > 110
    for name, part in (
        ("first-hundred-of-many", right[:100]),
        ("second-hundred-of-many", right[100:200]),
    ):
        rows = as_table(reference.query(DATA_PROBES[name])).dicts()
        assert [(-row["value"], row["observation"]) for row in rows] == part  # type: ignore[operator]


def test_every_fixed_query_has_an_answer_with_rows(data: Path) -> None:
    known = {each.name: each for each in read_expected(data / "expected.json").answers}
    assert known.keys() > DATA_PROBES.keys()
    assert all(known[name].answer.rows for name in DATA_PROBES)
    assert all(known[name].query == text for name, text in DATA_PROBES.items())


# --- the data set -------------------------------------------------------------------------------------------


def test_the_data_are_the_statements_of_the_graph_synthetic_ones_and_all_that_follows(
    data: Path, graph: KnowledgeGraph, facts: Facts
) -> None:
    assert sorted(path.name for path in data.iterdir()) == ["expected.json", "facts.nq", "store"]
    expected = read_expected(data / "expected.json")
    assert expected.statements == pytest.approx(130_000, rel=0.05)
    assert expected.graphs == {name: len(triples) for name, triples in facts.graphs.items()}
    for name, count in graph.store.graphs().items():
        ours = {quad.triple for quad in graph.store.quads(name)} if name not in DERIVED_GRAPHS else set()
        if name != GRAPH + "ontology":  # whose blank nodes have other names here
            assert ours <= facts.graphs[name]
        assert len(facts.graphs[name]) >= count
    synthetic = {ox.NamedNode(f"{ID}design/synthetic-1-{number}") for number in range(1, 41)}
    derived = {triple.subject for triple in facts.graphs[GRAPH + "inferred"]}
    assert synthetic <= derived


def test_too_few_triples_and_a_folder_in_use_are_refused(
    data: Path, graph: KnowledgeGraph, tmp_path: Path, lithio: Any
) -> None:
    said = lithio("conformance", "--write", str(tmp_path / "new"), "--triples", "100000")
    assert (said.code, "ask for 11" in said.err) == (2, True)
    said = lithio("conformance", "--write", str(data))
    assert (said.code, "not an empty folder" in said.err) == (3, True)
    assert not any(tmp_path.iterdir())


def test_a_failure_leaves_no_folder_behind(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lithiokg.conformance.generating._write_store", full)
    with pytest.raises(LithioKGError, match="No space left on device"):
        write_data(tmp_path / "new", graph.store, graph.sources, [], triples=150_000)  # type: ignore[arg-type]
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"format": 1}', '{"format": 1, "answers": 3}', '{"format": 9}', "[" * 10**5, "\x00"],
)
def test_a_file_that_is_not_one_of_expected_answers_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "expected.json"
    path.write_text(text)
    with pytest.raises(LithioKGError) as caught:
        read_expected(path)
    assert "expected.json" in str(caught.value)
    assert "lithiokg conformance --write" in str(caught.value.mend)


def test_a_file_of_expected_answers_that_is_not_there_is_named(tmp_path: Path, lithio: Any) -> None:
    (tmp_path / "empty").mkdir()
    said = lithio(
        "upload", "http://127.0.0.1:9/q", "--graph-store", "http://127.0.0.1:9/s", "--data", str(tmp_path)
    )
    assert said.code == 3
    with pytest.raises(LithioKGError, match="cannot be read"):
        read_expected(tmp_path / "empty" / "expected.json")
    with pytest.raises(LithioKGError, match="no reference store"):
        reference_store(tmp_path / "empty")


# --- engines ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def loaded(serve: Callable[..., str], reference: EmbeddedStore) -> tuple[str, GraphStore]:
    """An Oxigraph server that holds the data set, sent graph by graph."""
    server = serve("--union-default-graph")
    to = GraphStore(f"{server}/store")
    list(upload(reference, to, piece=2**20))
    return f"{server}/query", to


def test_the_oxigraph_server_passes_on_the_data_set(
    loaded: tuple[str, GraphStore], data: Path, lithio: Any, tmp_path: Path
) -> None:
    # As on another machine: the check needs the expected answers alone, no reference and no snapshot.
    shutil.copy(data / "expected.json", tmp_path)
    said = lithio("conformance", loaded[0], "--data", str(tmp_path), cache=tmp_path / "cache")
    number = 1 + len(PROBES) + len(read_expected(data / "expected.json").answers)
    assert (said.code, said.out.strip()) == (0, f"{number} answers: {number} same")
    assert not (tmp_path / "cache").exists()


def test_a_server_that_lost_a_statement_is_told_apart_query_by_query(
    loaded: tuple[str, GraphStore], data: Path, lithio: Any
) -> None:
    lost = ox.NamedNode(f"{ID}design/synthetic-1-7/observations/efficiency")
    name = f"{GRAPH}asserted/synthetic-1"
    with reference_store(data) as store:
        kept = [
            f"{quad.triple} ."
            for quad in store.quads(name)
            if (quad.subject, quad.predicate.value) != (lost, f"{LKG}hasResult")
        ]
    loaded[1].put(name, "\n".join(kept).encode())
    said = lithio("conformance", loaded[0], "--data", str(data), "-f", "json")
    found = {row["name"]: row for row in json.loads(said.out)}
    assert said.code == 1
    assert "asserted/synthetic-1: " in found["what-the-graphs-hold"]["what differs"]
    assert found["look-up-of-one-design"]["what differs"] == "1 missing"
    assert found["five-aggregates-by-group"]["answer"] == "other rows"
    assert found["coulombic-efficiencies"]["answer"] == "other rows"
    assert not {"lithium-alloys", "path-there-and-back"} & found.keys()
    # Without the reference the same queries are found, with what the digests alone can tell.
    answers = read_expected(data / "expected.json").answers
    asked = examine_expected(answers, RemoteStore(loaded[0]))
    by_digest = {each.name for each in asked if not each.right}
    assert by_digest == found.keys() - {"what-the-graphs-hold"}


def test_queries_are_chosen_by_name_and_a_wrong_name_is_told(
    loaded: tuple[str, GraphStore], data: Path, lithio: Any
) -> None:
    words = ("conformance", loaded[0], "--data", str(data))
    said = lithio(*words, "--only", "lithium-alloys", "--only", "pattern-in-texts")
    assert said.out.strip() == f"{len(PROBES) + 2} answers: {len(PROBES) + 2} same"
    said = lithio(*words, "--only", "lithium-alloy")
    assert (said.code, "did you mean 'lithium-alloys'" in said.err) == (2, True)
    said = lithio(*words, "--only", "lithium-alloys", "--stated")
    assert said.out.strip() == f"{len(PROBES) + 1} answers: {len(PROBES) + 1} same"


def test_writing_asks_no_endpoint_and_asking_needs_one(lithio: Any, tmp_path: Path) -> None:
    said = lithio("conformance", "http://127.0.0.1:9/query", "--write", str(tmp_path / "new"))
    assert (said.code, "--write asks no endpoint" in said.err) == (2, True)
    said = lithio("conformance")
    assert (said.code, "Which endpoint?" in said.err) == (2, True)
