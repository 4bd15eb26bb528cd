"""What the answers over claims say, as read in the running text of the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.store import Table

    Ask: TypeAlias = "Callable[..., list[dict[str, object]]]"

ID = "https://w3id.org/lithiokg/id/"
LKG = "https://w3id.org/lithiokg/"


def things(rows: list[dict[str, object]], column: str) -> set[str]:
    """The values of a column without the common part of their IRIs."""
    return {str(row[column]).removeprefix(ID).removeprefix(LKG) for row in rows}


def test_each_kind_of_interlayer_has_its_own_limit(ask: Ask) -> None:
    question = "limits-of-liquid-gel-and-polymer-interlayers"
    liquid = ask(question, strategies="ionic-liquid interlayer; gel interlayer")
    assert things(liquid, "limitation") == {"phenomenon/liquid-leakage"}
    assert things(liquid, "leads_to") == {"phenomenon/safety-hazard"}
    assert "phenomenon/liquid-leakage" not in things(
        ask(question, strategies="polymer interlayer"), "limitation"
    )


def test_a_limit_is_no_advantage(ask: Ask) -> None:
    for strategy in ("artificial-sei", "in-situ-sei", "chemical-polishing", "isolating-interlayer"):
        limits, advantages = (
            {
                (row["strategy"], row["relation"], row["object"])
                for row in ask(question, strategy=f"lkgi:strategy/{strategy}")
            }
            for question in ("what-limits-a-strategy", "advantages-of-a-strategy")
        )
        assert not limits & advantages


def test_the_review_counts_nothing_against_isolating_interlayers(ask: Ask) -> None:
    assert ask("what-limits-a-strategy", strategy="lkgi:strategy/isolating-interlayer") == []


def test_a_general_phenomenon_includes_its_kinds(ask: Ask) -> None:
    def asked(phenomenon: str) -> set[str]:
        rows = ask("what-works-against-a-phenomenon", phenomenon=phenomenon)
        return things(rows, "subject")

    assert asked("dendrite growth") < asked("dendrite formation")
    assert asked("polysulfide shuttling") == {
        "design/lixsisy-nafion-bilayer/components/layer/sublayers/outer"
    }


def test_what_prevents_transition_metal_dissolution_is_the_fluorinated_electrolyte(ask: Ask) -> None:
    rows = ask("what-works-against-a-phenomenon", phenomenon="transition metal dissolution")
    assert things(rows, "subject") == {"design/all-fluorinated-electrolyte"}
    assert {row["printed_reference"] for row in rows} == {"28"}


def test_lithium_carbonate_is_the_compound_that_is_good_here_and_harmful_there(ask: Ask) -> None:
    rows = ask("good-here-and-harmful-there")
    assert "substance/Li2CO3" in things(rows, "substance")
    assert not {"substance/LiOH", "substance/LiF", "substance/Li"} & things(rows, "substance")


@pytest.mark.parametrize("question", ["what-ought-to-be-done", "what-is-said-with-a-hedge"])
def test_what_is_recommended_or_hedged_is_no_fact(
    question: str, ask: Ask, answer: Callable[[str], Table]
) -> None:
    asserted = {
        tuple(str(term) for term in row)
        for row in answer(
            f"SELECT ?s ?r ?o WHERE {{ ?c <{LKG}claimSubject> ?s ; <{LKG}claimRelation> ?r ;"
            f' <{LKG}claimObject> ?o ; <{LKG}polarity> "positive" ; <{LKG}modality> "asserted" }}'
        )
    }
    stated = {
        tuple(str(term) for term in row)
        for row in answer(
            f"SELECT ?s ?r ?o WHERE {{ GRAPH <{LKG}graph/normalized> {{ ?s ?r ?o }}"
            f" FILTER EXISTS {{ ?c <{LKG}claimRelation> ?r }} }}"
        )
    }
    assert stated <= asserted
    for row in ask(question):
        triple = tuple(f"<{row[column]}>" for column in ("subject", "relation", "object"))
        # The same may be asserted elsewhere in the text; otherwise it must not hold.
        assert triple not in stated or triple in asserted


def test_only_two_signals_were_looked_for_and_not_detected(ask: Ask) -> None:
    rows = ask("what-is-denied-or-not-detected", relation="lkg:showsSignalOf")
    assert things(rows, "object") == {"group/carbonate", "group/trifluoromethyl"}


def test_the_abstract_and_the_outlook_cite_nobody(ask: Ask) -> None:
    cited = {
        str(row["section"]).rpartition("/")[2]: row["cited"] for row in ask("own-voice-against-citations")
    }
    for section in ("abstract", "conclusion-and-outlook", "lithiophilicity-of-liquid-electrolytes"):
        assert cited[section] == 0
    assert all(row["claims"] for row in ask("own-voice-against-citations"))


def test_every_reference_has_a_claim_or_a_figure(ask: Ask) -> None:
    rows = ask("claims-per-reference")
    assert [row["number"] for row in rows if not row["claims"] and not row["figures"]] == []
    assert {row["number"] for row in rows} == set(range(1, 88))


def test_the_four_critical_current_densities_come_highest_first(ask: Ask) -> None:
    rows = ask("critical-current-densities")
    values = [float(str(row["value"])) for row in rows]
    assert values == [13.3, 2.0, 0.75, 0.74]


def test_the_interface_types_disagree_for_two_designs(ask: Ask) -> None:
    rows = ask("reported-and-inferred-interface-types")
    disagreeing = [row for row in rows if not row["agrees"]]
    assert things(disagreeing, "design") == {
        "design/li3po4-interlayer",
        "design/lif-rich-interlayer-on-li3ps4",
    }


def test_the_sides_of_every_discrepancy_can_be_read(ask: Ask) -> None:
    listed = ask("all-discrepancies")
    sides = ask("sides-of-a-discrepancy")
    assert things(listed, "discrepancy") == things(sides, "discrepancy")
    for row in listed:
        of_it = [side for side in sides if side["discrepancy"] == row["discrepancy"]]
        assert len(of_it) >= 2
    units = ask("all-discrepancies", kind="lkgi:discrepancy-kind/unit")
    assert 0 < len(units) < len(listed)


def test_one_discrepancy_can_be_asked_for(ask: Ask) -> None:
    iri = "lkgi:discrepancy/energymater-2021-21/bmp-tfsi-polarization-table-against-text"
    assert {row["printed"] for row in ask("sides-of-a-discrepancy", discrepancy=iri)} == {"17 mV", "0.17 V"}


def test_an_electrolyte_can_be_asked_for_by_a_substance_in_it(ask: Ask) -> None:
    question = "everything-known-of-an-electrolyte"
    rows = ask(question, electrolyte_kind="lkg:LiquidElectrolyte", substance="FEC")
    designs = things([row for row in rows if row["design"]], "design")
    assert {"design/fec-dual-layered-sei", "design/all-fluorinated-electrolyte"} <= designs
    assert not any("garnet" in design for design in designs)


def test_no_figure_of_the_tables_is_called_one_that_only_the_text_gives(ask: Ask) -> None:
    rows = ask("figures-only-in-the-text", property="voltage polarization")
    assert {row["printed"] for row in rows} == {"0.17 V", "less than 40 mV"}
