"""``lithiokg explain``, and the same from Python."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.explanation import explain, open_explainer, why_not
from lithiokg.store import RemoteStore
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

Run = Callable[..., Any]
ASKED = ("explain", "zno interlayer on garnet", "type III")


def test_names_are_found_as_people_write_them_and_the_exit_code_says_that_it_holds(lithio: Run) -> None:
    done = lithio(*ASKED)
    assert done.code == 0
    assert done.out.startswith("zinc oxide interlayer on garnet has interface type III.")
    assert "zinc oxide forms with lithium: lithium-zinc alloy [" in done.out
    assert "reference [22]: Wang" in " ".join(done.out.split())
    assert "data/catalogue/inorganics.yaml:" in done.out


def test_the_text_fits_eighty_columns_but_for_paths(lithio: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for arguments in (ASKED, ("explain", "zno interlayer on garnet", "type II")):
        monkeypatch.setattr("lithiokg.cli.explain.width", lambda: 80)
        done = lithio(*arguments, "--manchester")
        long = [line for line in done.out.splitlines() if len(line) > 80 and ".yaml:" not in line]
        assert not long


def test_axioms_are_written_in_manchester_syntax_on_request(lithio: Run) -> None:
    assert "EquivalentTo:" not in lithio(*ASKED).out
    text = " ".join(lithio(*ASKED, "--manchester").out.split())
    assert "InterfaceTypeIII SubClassOf: hasInterfaceType value III" in text
    assert "ElectronConductor EquivalentTo: Substance and (conducts value electron)" in text


def test_each_axiom_names_the_file_and_the_line_of_its_term(lithio: Run, graph: KnowledgeGraph) -> None:
    (reason, *_) = graph.explain("zinc oxide interlayer on garnet", "type III", limit=1)
    for axiom in reason.axioms:
        file, line = axiom.place.rsplit(":", 1)
        term = axiom.manchester.split()[0]
        block = (graph.sources.root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert block.startswith(f"lkg:{term} a owl:")
    assert reason.axioms[0].place in lithio(*ASKED, "--manchester").out


def test_further_reasons_are_told_by_what_differs(lithio: Run) -> None:
    done = lithio(*ASKED, "--limit", "3")
    assert "the shortest of 3 reasons" in done.out
    assert "reason 3: as the first, but" in done.out
    assert "reason 4" not in done.out


def test_what_does_not_hold_is_answered_with_why_not_and_exit_code_1(lithio: Run) -> None:
    done = lithio("explain", "Li3PO4", "mixed conductor")
    assert done.code == 1
    assert done.out.startswith("It cannot be that lithium phosphate is a mixed ionic-electronic conductor.")
    assert "yes  lithium phosphate is a lithium-ion conductor" in done.out
    assert "lithium phosphate blocks electron" in done.out


def test_an_unknown_name_is_met_with_the_closest(lithio: Run) -> None:
    done = lithio("explain", "zno interlayer on garnett", "type III")
    assert done.code == 2
    assert "did you mean" in done.err
    assert lithio("explain", "zno interlayer on garnet", "typ III").code == 2


def test_json_carries_evidence_down_to_the_doi(lithio: Run) -> None:
    done = lithio(*ASKED, "-f", "json")
    answer = json.loads(done.out)
    assert answer["holds"] is True
    facts = answer["justifications"][0]["facts"]
    product = next(fact for fact in facts if fact["predicate"] == LKG + "formsWithLithium")
    assert product["evidence"][0]["printed_reference"] == "22"
    assert product["evidence"][0]["doi"] == "10.20517/energymater.2021.21"
    assert all(each["verified"] for each in answer["justifications"])
    against = json.loads(lithio("explain", "Li3PO4", "mixed conductor", "-f", "json").out)
    assert against["holds"] is False
    assert against["why_not"]["status"] == "fails"


def test_triples_lead_from_the_conclusion_to_the_evidence(lithio: Run) -> None:
    done = lithio(*ASKED, "-f", "ttl", "--limit", "2")
    store = ox.Store()
    store.load(done.out.encode(), format=ox.RdfFormat.TURTLE)
    found = store.query(
        f"""PREFIX prov: <{PREFIXES["prov"]}> PREFIX rdf: <{PREFIXES["rdf"]}>
        SELECT DISTINCT ?justification ?evidence {{
          ?statement rdf:subject <{ID}design/zno-interlayer-on-garnet> ; rdf:object <{ID}interface-type/III> ;
            prov:wasDerivedFrom ?justification .
          ?justification prov:hadMember ?fact . ?fact prov:wasDerivedFrom ?evidence }}"""
    )
    rows = [(str(row["justification"]), str(row["evidence"])) for row in found]
    assert len({justification for justification, _ in rows}) == 2
    assert f"<{ID}substance/ZnO/claims/becomes-li-zn/evidence/text>" in {evidence for _, evidence in rows}


def test_triples_of_what_does_not_hold_are_none(lithio: Run) -> None:
    done = lithio("explain", "Li3PO4", "mixed conductor", "-f", "ttl")
    assert (done.code, done.out) == (1, "")


def test_a_name_of_two_things_means_the_one_that_holds(graph: KnowledgeGraph) -> None:
    """An inorganic artificial SEI is a kind of layer, and a strategy of designs."""
    (first, *_) = graph.explain("li3po4 layer from polyphosphoric acid", "inorganic artificial SEI")
    assert first.value == ID + "strategy/inorganic-artificial-sei"
    layer = ID + "design/li3po4-layer-from-polyphosphoric-acid/components/layer"
    (first, *_) = graph.explain(layer, "inorganic artificial SEI")
    assert first.value == LKG + "InorganicArtificialSEI"


def test_what_is_stated_is_explained_by_itself(graph: KnowledgeGraph) -> None:
    (first, *_) = graph.explain("zinc oxide", "Li-Zn")
    assert [fact.predicate for fact in first.facts] == [LKG + "formsWithLithium"]
    assert not first.axioms


def test_the_functions_take_any_snapshot(graph: KnowledgeGraph) -> None:
    assert explain(graph.store, "ZnO", "conversion reactant", limit=1)[0].verified
    assert why_not(graph.store, "Li3PO4", "mixed conductor").status == "fails"
    with pytest.raises(UsageError):
        explain(graph.store, "no such thing at all", "type III")


def test_an_endpoint_is_refused_in_words(graph: KnowledgeGraph) -> None:
    with pytest.raises(LithioKGError, match="snapshot itself"):
        open_explainer(RemoteStore("http://localhost:1/query"), graph.names)


def test_a_broken_cache_of_rules_is_made_anew(graph: KnowledgeGraph) -> None:
    assert graph.snapshot is not None
    (file,) = graph.snapshot.path.glob("explanations-*.pickle")
    whole = file.read_bytes()
    file.write_bytes(whole[:1000])
    book = open_explainer(graph.store, graph.names, graph.snapshot.path).book
    assert len(book.rules) == len(graph.explainer.book.rules)
    assert len(file.read_bytes()) > 1000
