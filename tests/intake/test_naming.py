"""Names in cells: what they are taken for, and what is asked where they are like something else."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.identifiers import parse_formula
from lithiokg.intake.known import Known
from lithiokg.intake.twins import similar_substances
from lithiokg.vocabulary import ID, LKG, PREFIXES

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
