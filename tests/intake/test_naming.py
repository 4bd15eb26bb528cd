"""Names in cells: what they are taken for, and what is asked where they are like something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.identifiers import parse_formula
from lithiokg.intake import IntakeError
from lithiokg.intake.known import Known, UnknownNameError
from lithiokg.intake.layout import Part
from lithiokg.intake.rows import Reading
from lithiokg.intake.twins import similar_substances
from lithiokg.intake.values import CellReader
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SUBSTANCES = {
    "Li3OCl": ("lithium oxychloride", "Li3OCl"),
    "LiOH": ("lithium hydroxide", "LiOH"),
    "Li3N": ("lithium nitride", "Li3N"),
    "LiF": ("lithium fluoride", "LiF"),
    "P": ("phosphorus", "P"),
    "LiPF6": ("lithium hexafluorophosphate", "LiPF6"),
    "LiNO3": ("lithium nitrate", "LiNO3"),
    "EC": ("ethylene carbonate", ""),
    "DEC": ("diethyl carbonate", ""),
    "Li6PS5Cl": ("lithium argyrodite", "Li6PS5Cl"),
}


@pytest.fixture
def names() -> Known:
    """The names of a few substances."""
    quads = []
    for key, (label, formula) in SUBSTANCES.items():
        iri = ox.NamedNode(f"{ID}substance/{key}")
        texts = {PREFIXES["skos"] + "prefLabel": label}
        if formula:
            texts |= {LKG + "formula": formula, LKG + "reducedFormula": parse_formula(formula).reduced}
        quads += [ox.Quad(iri, ox.NamedNode(about), ox.Literal(text)) for about, text in texts.items()]
        quads.append(ox.Quad(iri, ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(LKG + "Substance")))
    return Known(quads)


@pytest.mark.parametrize(
    ("label", "formula"),
    [("lithium chloride", "LiCl"), ("lithium nitrite", "LiNO2"), ("lithium hydride", "LiH")],
)
def test_a_substance_of_another_formula_is_another_however_alike_their_names(
    label: str, formula: str, names: Known
) -> None:
    assert similar_substances([formula, label], formula, names) == {}
    assert similar_substances([label], "", names), "without a formula the question stands"


def test_a_formula_tells_what_a_key_that_looks_like_one_does_not(names: Known) -> None:
    assert similar_substances(["FLi", "propylene carbonate"], "C4H6O3", names) == {}
    assert similar_substances(["FLi"], "", names) == {f"{ID}substance/LiF": "formula (FLi)"}


@pytest.mark.parametrize("name", ["P(VDF-HFP)", "P(VDF-TrFE)", "P[VDF]"])
def test_a_bracket_that_follows_without_a_blank_is_part_of_the_name(name: str, names: Known) -> None:
    assert similar_substances([name], "", names) == {}
    assert names.near(name, "substance/") == []


@pytest.mark.parametrize("text", ["Li₆PS₅Cl", "Li₃N", "LiPF₆"])
def test_subscripts_are_digits_where_a_name_is_looked_up(text: str, names: Known) -> None:
    plain = text.translate(str.maketrans("₃₅₆", "356"))
    assert names.find(text, "substance/") == names.anything(text) == f"{ID}substance/{plain}"
    assert similar_substances([text], text, names) == {f"{ID}substance/{plain}": "name"}


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("1 M LiPF6", "leave the amount out of this cell and write LiPF6;"),
        ("2 wt% LiNO₃", "leave the amount out of this cell and write LiNO3;"),
        ("LiNO3 (2 wt.%)", "leave the amount out of this cell and write LiNO3;"),
        ("0.5 mol L⁻¹ LiTFSI", "leave the amount out of this cell and write LiTFSI;"),
        ("EC:DEC (1:1 v/v)", "leave the amount out of this cell and write EC; DEC;"),
        (
            "1 M LiPF6 in EC/DEC (3:7 by weight) + 10% FEC",
            "and write LiPF6; EC; DEC; FEC; how much there is goes into",
        ),
        ("LiF/Li₃N", "write each substance by itself: LiF; Li3N"),
        ("LiF/unobtainium", "add a row for it"),
        ("1,3-dioxolane", "add a row for it"),
    ],
)
def test_amounts_and_several_substances_in_one_are_told_apart(text: str, mend: str, names: Known) -> None:
    with pytest.raises(UnknownNameError) as caught:
        names.find(text, "substance/")
    assert mend in caught.value.mend


def test_an_amount_in_the_name_of_a_design_is_left_alone(names: Known) -> None:
    with pytest.raises(UnknownNameError) as caught:
        names.anything("copper with 5 % silver")
    assert "leave the amount out" not in caught.value.mend


def test_a_claim_has_one_object_a_row(paper: Any, take: Callable[..., Any], tmp_path: Path) -> None:
    paper.add("claims", subject="zinc nitride", relation="conducts", object="electron; ZnO; LLZO",
              evidence_section="results", evidence_paragraph=2, evidence_key_phrase="many")  # fmt: skip
    with pytest.raises(IntakeError) as caught:
        take(paper.save(tmp_path / "meyer.xlsx"))
    assert "write one object a row, and a row for each of 'electron', 'ZnO', 'LLZO'" in str(caught.value)


def test_a_section_of_another_source_is_found_there(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("sections", key="meyer-discussion", section_number=2, label="Discussion")
    take(paper.save(tmp_path / "meyer.xlsx"))
    more = tmp_path / "more.csv"
    text = (
        "sep=;\nsubject;property;result;evidence section;evidence paragraph;evidence quoted figure\n"
        "nitride layer on LLZO;interfacial resistance;12 Ω;{};2;12 Ω\n"
    )
    more.write_text(text.format("meyer-discussion"), encoding="utf-8")
    with pytest.raises(IntakeError) as caught:
        take(more, source="probe")
    said = str(caught.value)
    assert "row 3, column D (evidence section): there is no section 'meyer-discussion'" in said
    assert "there is one in the source meyer: import with --source meyer if the rows belong there" in said
    more.write_text(text.format("lkgi:section/meyer/meyer-discussion"), encoding="utf-8")
    assert take(more, source="probe", dry_run=True).counts == {"observations": 1}
    more.write_text(text.format("meyer-discussion"), encoding="utf-8")
    assert take(more, source="meyer").written


def test_a_body_is_found_by_its_label_however_its_digits_are_written(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("components", design="nitride layer on LLZO", type="coating", label="Li₃N skin", constituents="Zn₃N₂",
              contacts="Zn₃N₂ film")  # fmt: skip
    taken = take(paper.save(tmp_path / "meyer.xlsx"))
    text = (tmp_path / "our-lab" / "meyer" / "designs" / "nitride-layer-on-llzo.yaml").read_text("utf-8")
    assert taken.written
    assert "Li₃N skin" in text, "what was written stays as it was"


@pytest.mark.parametrize(
    ("formula", "plain"), [("Mg₃Bi₂", "Mg3Bi2"), ("LiₓSn", "LixSn"), ("Li₆PS₅₋ₓClₓ", "Li6PS5-xClx")]
)
def test_a_formula_with_subscripts_is_read_with_digits(
    formula: str, plain: str, paper: Any, read: Callable[..., Any], names: Known
) -> None:
    paper.add("substances", type="alloy", label="an alloy", formula=formula)
    row = read(paper).of("substances")[-1]
    [value] = CellReader(names, "meyer", Reading()).values(
        row.get("formula"), row.plan.column("formula", Part.OWN)
    )
    assert value.text == plain
