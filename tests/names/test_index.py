from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import UsageError
from lithiokg.names import NameIndex, fold
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import ID, LKG, PREFIXES

DATA = """
<substance/ZnO> a lkg:MetalOxide ; skos:prefLabel "zinc oxide"@en, "Zinkoxid"@de ; skos:altLabel "zincite"@en ;
  lkg:formula "ZnO" .
<substance/LLZO> a lkg:Substance ; skos:prefLabel "lithium garnet"@en ; lkg:formula "Li7La3Zr2O12" .
<substance/ZNO> a lkg:Substance ; skos:prefLabel "zinc nitrogen oxygen"@en .
<design/zno-interlayer> a lkg:Design ; skos:prefLabel "ZnO interlayer"@en ; skos:altLabel "shared name"@en .
<design/other> a lkg:Design ; skos:prefLabel "other"@en ; skos:altLabel "Shared name"@en , "zincite"@en .
<design/third> a lkg:Design ; skos:altLabel "third"@en ; skos:prefLabel "Third"@en ; skos:altLabel "shared name"@en .
<unit/ohm-square-centimeter> a lkg:Unit ; skos:prefLabel "ohm square centimeter"@en ; lkg:symbol "Ω cm²" .
<work/unnamed> a lkg:Work .
lkg:Interlayer a owl:Class ; skos:prefLabel "interlayer"@en .
lkg:MetalOxide rdfs:subClassOf lkg:Oxide . lkg:Oxide rdfs:subClassOf lkg:Substance, lkg:Oxide .
"""


def index_of(turtle: str) -> NameIndex:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    graph = ox.NamedNode("x:g")
    quads = ox.parse(head + turtle, format=ox.RdfFormat.TURTLE, base_iri=ID)
    return NameIndex.from_store(EmbeddedStore.in_memory(ox.Quad(*quad.triple, graph) for quad in quads))


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return index_of(DATA)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        (ID + "substance/ZnO", ID + "substance/ZnO"),
        (f"<{ID}substance/ZnO>", ID + "substance/ZnO"),
        ("lkgi:substance/ZnO", ID + "substance/ZnO"),
        ("substance/ZnO", ID + "substance/ZnO"),
        ("ZnO", ID + "substance/ZnO"),
        ("zinc oxide", ID + "substance/ZnO"),
        (" Zinc  Oxide ", ID + "substance/ZnO"),
        ("zinc-oxide", ID + "substance/ZnO"),
        ("Li7La3Zr2O12", ID + "substance/LLZO"),
        ("Li₇La₃Zr₂O₁₂", ID + "substance/LLZO"),
        ("llzo", ID + "substance/LLZO"),
        ("zno interlayer", ID + "design/zno-interlayer"),
        ("zno_interlayer", ID + "design/zno-interlayer"),
        ("Interlayer", LKG + "Interlayer"),
        ("lkg:Interlayer", LKG + "Interlayer"),
        ("Ω cm2", ID + "unit/ohm-square-centimeter"),
        ("work/unnamed", ID + "work/unnamed"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(index: NameIndex, text: str, iri: str):
    assert index.resolve(text) == iri


def test_a_name_of_several_things_is_refused_with_the_candidates(index: NameIndex):
    with pytest.raises(UsageError) as caught:
        index.resolve("shared name")
    message = str(caught.value)
    assert "ZnO interlayer (lkgi:design/zno-interlayer)" in message
    assert "Third (lkgi:design/third)" in message
    assert "design/other" not in message  # "Shared name" is not as written


def test_the_name_as_written_wins_over_the_folded_one(index: NameIndex):
    assert index.resolve("Shared name") == ID + "design/other"
    assert index.resolve("ZNO") == ID + "substance/ZNO"
    with pytest.raises(UsageError, match="names 2 things"):
        index.resolve("zno")


def test_a_class_narrows_the_candidates_with_its_subclasses(index: NameIndex):
    assert index.resolve("zincite", kinds="lkg:Design") == ID + "design/other"
    assert index.resolve("zincite", kinds=LKG + "Substance") == ID + "substance/ZnO"
    with pytest.raises(UsageError, match="zincite"):
        index.resolve("zincite")


def test_a_thing_of_another_kind_is_refused_and_named(index: NameIndex):
    with pytest.raises(UsageError, match="zinc oxide"):
        index.resolve("zinc oxide", kinds="lkg:Design")
    with pytest.raises(UsageError, match="not of the kind"):
        index.resolve("lkgi:substance/ZnO", kinds="lkg:Design")


def test_an_unknown_name_gets_the_closest_ones(index: NameIndex):
    with pytest.raises(UsageError, match=r"did you mean .*zinc oxide \(lkgi:substance/ZnO\)"):
        index.resolve("zink oxide")
    with pytest.raises(UsageError) as caught:
        index.resolve("zink oxide", kinds="lkg:Design")
    assert "lkgi:substance" not in str(caught.value)


def test_nothing_like_it_is_said_without_guesses(index: NameIndex):
    with pytest.raises(UsageError, match="nothing is called 'qqqqqqqq'"):
        index.resolve("qqqqqqqq")


def test_punctuation_alone_names_nothing(index: NameIndex):
    with pytest.raises(UsageError, match="nothing is called"):
        index.resolve("--")


def test_labels_are_english_and_units_go_by_their_symbol(index: NameIndex):
    assert index.label(ID + "substance/ZnO") == "zinc oxide"
    assert index.label(ID + "unit/ohm-square-centimeter") == "Ω cm²"
    assert index.label(ID + "work/unnamed") == "lkgi:work/unnamed"
    assert index.labels(["https://example.org/x"]) == {"https://example.org/x": "https://example.org/x"}


def test_a_circle_of_subclasses_ends(index: NameIndex):
    assert index.is_a(ID + "substance/ZnO", LKG + "Substance")
    assert not index.is_a(ID + "substance/ZnO", LKG + "Nothing")


@given(st.text())
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


@given(st.from_regex(r"[A-Za-z0-9]+([ _-][A-Za-z0-9]+)*", fullmatch=True))
def test_case_and_joints_do_not_matter(text: str):
    joints = str.maketrans("-_ ", " -_")
    assert fold(text.upper().translate(joints)) == fold(text.lower())


@given(st.integers(min_value=0))
def test_subscripts_are_digits(number: int):
    subscript = str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
    assert fold(f"Li{subscript}N") == fold(f"LI{number}n")


@given(
    st.lists(
        st.text(min_size=1).filter(lambda text: text.strip() == text), min_size=1, max_size=8, unique=True
    )
)
def test_a_label_borne_by_one_thing_finds_it_as_written(labels: list[str]):
    label = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
    store = EmbeddedStore.in_memory(
        ox.Quad(ox.NamedNode(f"urn:uuid:{n}:"), label, ox.Literal(text, language="en"), ox.NamedNode("x:g"))
        for n, text in enumerate(labels)
    )
    index = NameIndex.from_store(store)
    assert [index.resolve(text) for text in labels] == [f"urn:uuid:{n}:" for n in range(len(labels))]


def test_what_describes_the_data_set_to_machines_bears_no_name():
    index = index_of(
        "<property/efficiency> a lkg:ObservableProperty . <mapping/emmo/efficiency> a owl:Axiom ."
        "<dataset/lithiokg/variable/efficiency> a <https://schema.org/PropertyValue> ."
    )
    assert index.resolve("efficiency") == ID + "property/efficiency"
