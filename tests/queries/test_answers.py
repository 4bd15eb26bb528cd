"""What the answers say, as read off the tables of the review; parameters change what is asked."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import pytest

from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.store import EmbeddedStore

    Ask: TypeAlias = "Callable[..., list[dict[str, object]]]"

ID = "https://w3id.org/lithiokg/id/"
#: Dashes by column, counted on the printed tables 1, 2 and 3.
DASHES = {
    "resistance_before": (5, 6, 10),
    "resistance_after": (4, 5, 8),
    "polarization": (4, 6, 10),
    "efficiency": (9, 4, 13),
    "cycle_life": (0, 0, 5),
}


def places(rows: list[dict[str, object]]) -> set[tuple[object, object]]:
    return {(row["table"], row["row"]) for row in rows}


@pytest.mark.parametrize("column", DASHES)
def test_every_dash_of_the_tables_is_found(column: str, ask: Ask) -> None:
    found = [row["table"] for row in ask("what-is-not-reported", column_name=column)]
    assert tuple(found.count(table) for table in (1, 2, 3)) == DASHES[column]


def test_the_counts_of_dashes_agree_with_the_tables(ask: Ask) -> None:
    counted = {
        (row["table"], row["column_name"]): row["not_reported"] for row in ask("dashes-by-table-and-column")
    }
    assert counted == {
        (table, column): number
        for column, numbers in DASHES.items()
        for table, number in zip((1, 2, 3), numbers, strict=True)
    }


def test_ohms_and_area_specific_resistances_stand_in_separate_blocks(ask: Ask) -> None:
    units = [row["unit"] for row in ask("interfacial-resistance-before-and-after")]
    changes = sum(one != other for one, other in pairwise(units))
    assert (len(set(units)), changes) == (2, 1)


def test_a_ranking_of_area_specific_resistances_holds_no_ohms(ask: Ask) -> None:
    rows = ask("largest-fold-reduction-of-area-specific-resistance")
    assert {row["unit"] for row in rows} == {ID + "unit/ohm-square-centimetre"}
    assert places(rows) == {(1, 6), (3, 10), (3, 11), (3, 13), (3, 15), (3, 16)}


def test_a_higher_bound_on_the_fold_leaves_fewer_designs(ask: Ask) -> None:
    rows = ask("largest-fold-reduction-of-area-specific-resistance", minimum_fold=15)
    assert places(rows) == {(3, 13), (3, 10), (3, 15)}


def test_only_rows_with_both_figures_give_a_fold_change(ask: Ask) -> None:
    rows = ask("interfacial-resistance-before-and-after", property="interfacial resistance")
    assert places(rows) == {(1, n) for n in (1, 2, 7, 8, 9, 12, 13)} | {(2, n) for n in (1, 2, 3, 6, 7)} | {
        (3, 1)
    }


def test_easier_conditions_admit_more_long_cycling_designs(ask: Ask) -> None:
    rows = ask("designs-that-cycled-long-and-hard", minimum_hours="800 h", minimum_current_density=0.1)
    assert places(rows) == {(1, 10), (1, 11), (1, 13), (2, 1), (2, 6), (2, 7), (2, 9)}


def test_no_polarization_is_compared_without_its_current_density(ask: Ask) -> None:
    rows = ask("low-polarization-at-a-current-density", maximum=400, minimum_current_density=4)
    assert {(row["table"], row["row"], float(str(row["polarization"]))) for row in rows} == {
        (1, 2, 360.0),
        (1, 6, 120.0),
        (3, 4, 345.0),
    }


def test_voltages_in_the_efficiency_column_are_no_efficiencies(ask: Ask) -> None:
    in_tables = [row for row in ask("coulombic-efficiencies") if row["table"]]
    assert places(in_tables) == {
        *{(1, 1), (1, 2), (1, 4), (1, 7)},
        *{(2, 7), (2, 8), (2, 9)},
        *{(3, 6), (3, 7), (3, 8)},
    }
    misplaced = [
        row for row in ask("polarization-with-its-conditions") if row["printed_in_column"] == "efficiency"
    ]
    assert places(misplaced) == {(2, 3), (2, 4), (2, 5), (2, 6)}
    assert all(row["suspect"] for row in misplaced)


def test_a_range_of_efficiencies_counts_by_its_lower_end(ask: Ask) -> None:
    assert (3, 7) in places(ask("coulombic-efficiencies", minimum=99.8))
    assert (3, 7) not in places(ask("coulombic-efficiencies", minimum=99.9))


def test_full_cells_can_be_asked_for_by_cathode_and_electrolyte(ask: Ask) -> None:
    assert places(ask("full-cells-by-cathode", cathode="LCO")) == {(3, 16)}
    garnet = ask("full-cells-by-cathode", electrolyte_kind="garnet electrolyte")
    assert places(garnet) == {(3, 3)}


def test_the_impossible_units_are_found_and_read_as_what_they_must_be(ask: Ask) -> None:
    rows = ask("suspect-values-with-reasons", kind="doubtful unit")
    assert {(row["table"], row["row"], row["printed"]) for row in rows} == {
        (1, 6, "20 Ω cm-2"),
        (1, 6, "5 Ω cm-2"),
        (3, 16, "127.4 Ω cm-2"),
        (3, 16, "48.4 Ω cm-2"),
        (None, None, "70 °C"),
    }
    assert {row["unit"] for row in rows if row["table"]} == {ID + "unit/ohm-square-centimetre"}
    assert [row["property"] for row in rows if not row["table"]] == [ID + "property/contact-angle"]


def test_the_table_numbers_are_one_too_high_but_where_the_count_has_not_shifted_yet(ask: Ask) -> None:
    rows = ask("printed-against-resolved-references")
    same = {(row["table"], row["row"]) for row in rows if not row["differs"]}
    assert same == {(1, 1), (1, 2), (3, 11), (3, 12), (3, 13)}
    shifted = [row for row in rows if row["differs"]]
    assert all(row["note"] for row in shifted)
    assert all(int(str(row["printed_reference"])) == int(str(row["reference_number"])) + 1 for row in shifted)


def test_the_printed_grouping_of_every_row_follows_from_its_composition(ask: Ask) -> None:
    rows = [row for row in ask("derived-against-printed") if row["table"] is not None]
    assert len(rows) == 40
    assert [(row["table"], row["row"]) for row in rows if not row["agrees"]] == []


def test_every_design_stands_in_the_report_and_where_source_and_derivation_part_it_says_why(
    ask: Ask, store: EmbeddedStore
) -> None:
    rows = ask("derived-against-printed")
    apart = {str(row["design"]).rpartition("/")[2]: row["why"] for row in rows if row["agrees"] is False}
    assert set(apart) == {
        "li3po4-interlayer",
        "lif-rich-interlayer-on-li3ps4",
        "thio-lisicon-polymer-composite-electrolyte",
    }
    assert all(apart.values())
    assert not any(row["why"] for row in rows if row["agrees"])
    every = store.query("SELECT ?design { ?design a <https://w3id.org/lithiokg/Design> }")
    assert isinstance(every, Table)
    assert {row["design"] for row in rows} == set(every.column("design"))


@pytest.mark.parametrize(
    ("substance", "carriers"),
    [
        ("ZnO", {"Li-Zn": {"electron"}, "Li2O": {"electron"}}),
        ("CuF2", {"Cu": {"electron"}, "LiF": {"lithium-ion"}}),
    ],
)
def test_the_products_of_a_substance_come_with_what_they_conduct(
    substance: str, carriers: dict[str, set[str]], ask: Ask
) -> None:
    rows = ask("what-a-substance-becomes-with-lithium", substance=substance)
    for product, expected in carriers.items():
        found = {
            str(row["carrier"]).rpartition("/")[2]
            for row in rows
            if row["product"] == f"{ID}substance/{product}"
        }
        assert expected <= found


def test_a_general_mechanism_includes_the_designs_of_its_kinds(ask: Ask) -> None:
    broad = {row["design"] for row in ask("designs-by-mechanism", mechanism="conversion")}
    narrow = {row["design"] for row in ask("designs-by-mechanism", mechanism="displacement")}
    assert narrow < broad


def test_a_white_spot_is_shown_with_zero(ask: Ask) -> None:
    rows = ask("white-spots-by-mechanism-and-property", electrolyte_kind="garnet electrolyte")
    pairs = {(row["mechanism"], row["property"]) for row in rows}
    assert len(pairs) == len(rows) == len({m for m, _ in pairs}) * 8
    figures = {(str(row["mechanism"]), str(row["property"])): row["figures"] for row in rows}
    assert figures[ID + "mechanism/alloying", ID + "property/area-specific-resistance"] == 6
    assert figures[ID + "mechanism/doping", ID + "property/area-specific-resistance"] == 0


def test_interface_types_are_those_of_the_review(ask: Ask) -> None:
    second = ask("designs-by-interface-type", interface_type="type II")
    third = ask("designs-by-interface-type", interface_type="type III")
    assert (3, 16) in places(second)
    assert {(3, n) for n in (11, 12, 13, 14, 15)} <= places(third)
    assert not {row["design"] for row in second} & {row["design"] for row in third}


def test_a_lithium_carbonate_layer_is_an_sei_component_and_a_contaminant(ask: Ask) -> None:
    rows = ask("sei-components-that-are-contaminants")
    assert {row["substance"] for row in rows} == {ID + "substance/Li2CO3"}


def test_a_design_can_be_named_by_its_label(ask: Ask) -> None:
    rows = ask("figures-of-a-design", design="LiF interlayer from methoxyperfluorobutane on Li7P3S11")
    columns = {row["printed_in_column"]: row["printed"] for row in rows if row["table"] == 3}
    assert columns == {
        "resistance_before": "127.4 Ω cm-2",
        "resistance_after": "48.4 Ω cm-2",
        "polarization": "90 mV",
        "cycle_life": "100 cycles",
    }
