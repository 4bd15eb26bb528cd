"""The reference of the ontology, and its short form in docs/."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from lithiokg.reference import PATTERNS, Arrow, Pattern, Terms, draw, reference_files
from lithiokg.reference.usage import questions_by_term
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import GRAPH, LKG

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.questions import Question
    from lithiokg.sources import Sources

ROOT = Path(__file__).resolve().parents[2]
ARROWS = [(pattern, arrow) for pattern in PATTERNS for arrow in pattern.arrows]


def entry(files: dict[str, str], module: str, key: str) -> str:
    """The text of one entry, without its marks."""
    found = re.search(rf"<h3 id={key}>.*?</dl>", files[f"{module}.html"], re.DOTALL)
    assert found is not None
    rows = found[0].replace("<dt>", "\n").replace("<dd>", ": ").replace("<br>", " | ")
    return html.unescape(re.sub(r"<[^>]+>", "", rows))


# --- pages ----------------------------------------------------------------------------------------


def test_every_term_has_an_entry_on_the_page_of_its_module(pages: dict[str, Any], terms: Terms) -> None:
    assert len(terms.by_iri) > 900
    missing = [
        term.iri for term in terms.by_iri.values() if term.key not in pages[f"{term.module}.html"].anchors
    ]
    assert not missing


def test_the_first_page_has_an_anchor_for_every_class_and_property(
    pages: dict[str, Any], terms: Terms
) -> None:
    # w3id.org sends a browser that asks for a term there.
    wanted = {term.key for term in terms.by_iri.values() if term.kind != "individual"}
    assert wanted <= set(pages["index.html"].anchors)


def test_every_link_inside_the_reference_leads_somewhere(pages: dict[str, Any]) -> None:
    dangling = []
    for name, page in pages.items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                continue
            target, _, anchor = link.partition("#")
            known = pages.get(target or name)
            if known is None or (anchor and anchor not in known.anchors):
                dangling.append((name, link))
    assert not dangling


def test_no_anchor_stands_twice_on_a_page(pages: dict[str, Any]) -> None:
    for name, page in pages.items():
        assert not [anchor for anchor, count in Counter(page.anchors).items() if count > 1], name


def test_a_page_loads_nothing(pages: dict[str, Any], files: dict[str, str]) -> None:
    assert not [loaded for page in pages.values() for loaded in page.loads]
    assert not [name for name, text in files.items() if "@import" in text or "url(http" in text]


def test_a_defined_class_is_told_in_manchester_syntax_in_words_and_by_what_the_graph_holds(
    files: dict[str, str],
) -> None:
    text = entry(files, "interfaces", "InterfaceTypeIII")
    assert "inferred" in text
    assert (
        "by definition: SolidElectrolyteDesign and (hasComponent some (ElectronConductingLayer and "
        "(contacts some LithiumElectrode))) | a design with interface type III is by definition" in text
    )
    assert "always: hasInterfaceType value interface-type/III" in text
    assert re.search(r"in the graph: \d+, by inference; such as .* lkgi:design/", text)


def test_what_a_curator_states_is_not_marked_as_inferred(files: dict[str, str]) -> None:
    text = entry(files, "components", "InterfacialLayer")
    assert "inferred" not in text.partition("\n")[0]
    assert "never also: " in text
    assert "kinds: alloy layer" in text


def test_a_property_is_told_with_its_ends_its_field_and_a_statement(files: dict[str, str]) -> None:
    text = entry(files, "core", "hasConstituent")
    assert "leads: Component → Substance" in text
    assert "implies: contains substance" in text
    assert "in records: constituents:" in text
    assert re.search(r"in the graph: \d+; such as .* → ", text)
    assert "completes: has constituent" in entry(files, "core", "compositionIsComplete")
    assert "backwards: has component" in entry(files, "core", "isComponentOf")
    assert "never with: conducts" in entry(files, "substances", "blocks")


def test_a_named_individual_is_told_with_its_facts_and_where_it_is_used(files: dict[str, str]) -> None:
    found = re.search(r"<tr id=property/area-specific-resistance>.*", files["quantities.html"])
    assert found is not None
    assert "<i>ASR; areal resistance; " in found[0]
    assert "canonical unit: <a href=#unit/ohm-square-centimetre>" in found[0]
    assert re.search(r"<i>in the graph</i> \d+ statements", found[0])
    assert "<i>asked by</i> <a href=questions.html#" in found[0]


def test_the_questions_that_name_few_other_terms_come_first() -> None:
    prefix = f"PREFIX lkg: <{LKG}> "
    texts = {
        "a-long-one": prefix + "SELECT ?x { ?x a lkg:Design ; lkg:hasComponent ?y ; lkg:hasBaseline ?z }",
        "one-that-only-says-so": "# lkg:Design\nSELECT ?x { ?x ?p 'lkg:Design' }",
        "the-plain-one": f"SELECT ?x {{ ?x a <{LKG}Design> }}",
    }
    asked = [SimpleNamespace(name=name, text=text) for name, text in texts.items()]
    found = questions_by_term(cast("list[Question]", asked))
    assert found[LKG + "Design"] == ["the-plain-one", "a-long-one"]
    assert found[LKG + "hasBaseline"] == ["a-long-one"]


def test_mappings_and_false_friends_are_told_apart(files: dict[str, str]) -> None:
    rows = re.search(r"<dt>elsewhere<dd>(.*)\n", files["components.html"].partition("<h3 id=Coating>")[2])
    assert rows is not None
    coating = rows[1].split("; ")
    struck = [each for each in coating if each.startswith("<s>")]
    assert any("CoatingManufacturing" in each and each.endswith("emmo") for each in struck)
    assert "NoTermFound" not in "".join(files.values())


def test_every_example_query_has_an_answer(files: dict[str, str], graph: KnowledgeGraph) -> None:
    queries = [
        html.unescape(found)
        for text in files.values()
        for found in re.findall(r"<dt>ask<dd><code>(.*?)</code>", text)
    ]
    assert len(queries) > 50
    silent = [query for query in queries if not graph.sparql(query + " LIMIT 1")]
    assert not silent


def test_the_example_query_of_a_defined_class_asks_for_what_defines_it(files: dict[str, str]) -> None:
    text = entry(files, "substances", "ElectronConductor")
    assert "ask: SELECT ?it ?conducts" in text


def test_the_reference_does_not_depend_on_the_order_of_the_graph(
    graph: KnowledgeGraph, shipped: Sources, files: dict[str, str]
) -> None:
    turned = EmbeddedStore.in_memory(list(graph.quads())[::-1])
    assert reference_files(turned, shipped) == files


def test_an_ontology_without_facts_has_a_reference_too(graph: KnowledgeGraph, shipped: Sources) -> None:
    files = reference_files(EmbeddedStore.in_memory(graph.store.quads(GRAPH + "ontology")), shipped)
    assert "in the graph: none" in entry(files, "core", "Design")
    assert "in the graph: not used by a fact" in entry(files, "core", "hasConstituent")
    assert "; such as" in entry(files, "quantities", "Unit")


# --- patterns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "arrow"),
    ARROWS,
    ids=[f"{pattern.key}-{each.start}-{each.relation}-{each.end}" for pattern, each in ARROWS],
)
def test_every_arrow_of_a_pattern_is_in_the_graph(
    pattern: Pattern, arrow: Arrow, graph: KnowledgeGraph
) -> None:
    ends = []
    conditions = []
    boxes = {box.key: box for box in pattern.boxes}
    for name, key in (("start", arrow.start), ("end", arrow.end)):
        box = boxes[key]
        if box.is_class and not (arrow.relation == "a" and name == "end"):
            ends.append(f"?{name}")
            conditions.append(f"?{name} a <{box.iri}> .")
        else:
            ends.append(f"<{box.iri}>")
    text = f"ASK {{ {' '.join(conditions)} {ends[0]} <{arrow.iri}> {ends[1]} }}"
    assert graph.sparql(text) is True
    if arrow.inferred:
        assert graph.sparql(text, stated_only=True) is False


def test_every_field_of_a_box_is_in_the_graph(graph: KnowledgeGraph, terms: Terms) -> None:
    for pattern in PATTERNS:
        for box in pattern.boxes:
            assert not box.is_class or box.iri in terms.by_iri
            held = "".join(f" ; <{LKG}{name}> ?{name}" for name in box.fields)
            subject = f"?it a <{box.iri}>{held}" if box.is_class else f"<{box.iri}> ?p ?o"
            assert graph.sparql(f"ASK {{ {subject} }}") is True, (pattern.key, box)


def test_a_drawing_holds_every_label_and_fits_its_frame(graph: KnowledgeGraph, terms: Terms) -> None:
    for pattern in PATTERNS:
        drawn = draw(
            pattern,
            label=graph.names.label,
            link=lambda iri: f"#{iri}",
            inferred=terms.inferred.__contains__,
        )
        frame = re.search(r'viewBox="(\S+) (\S+) (\S+) (\S+)"', drawn)
        assert frame is not None
        left, top, width, height = map(float, frame.groups())
        for x, y in re.findall(r'<text[^>]* x="(\S+)" y="(\S+)"', drawn):
            assert left < float(x) < left + width
            assert top < float(y) < top + height
        words = " ".join(html.unescape(each) for each in re.findall(r"<text[^>]*>([^<]+)</text>", drawn))
        for box in pattern.boxes:
            assert graph.names.label(box.iri) in words
        assert drawn.count("marker-end") == len(pattern.arrows)


# --- docs -----------------------------------------------------------------------------------------


def test_the_page_at_a_glance_and_its_diagrams_are_current(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "ontology_page.py"), "--check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
