from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lithiokg.build import Cache, SourceProblemsError, assemble, build_snapshot
from lithiokg.graph import KnowledgeGraph
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run
    from lithiokg.sources import Sources

    Edit = Callable[[str, str, str], int]

DESIGN = "data/paper-2024-1/design.yaml"
OBSERVATION = "https://w3id.org/lithiokg/id/design/layer-on-garnet/observations/resistance"


def withdraw(edit: Edit, reason: str = "The authors corrected it.") -> None:
    field = f'        withdrawn: "{reason}"\n        withdrawn-on: "2026-01-31"\n'
    edit(DESIGN, "        property: area-specific", f"{field}        property: area-specific")


def opened(sources: Sources, tmp_path: Path) -> KnowledgeGraph:
    snapshot = build_snapshot(sources, cache=Cache(tmp_path / "cache"))
    return KnowledgeGraph(EmbeddedStore(snapshot.store), sources, snapshot)


def test_a_withdrawn_observation_answers_no_question_and_stays_with_its_reason(
    small: Sources, edit: Edit, tmp_path: Path
) -> None:
    withdraw(edit)
    with opened(small, tmp_path) as graph:
        assert "20 Ω cm2" not in [row["printed"] for row in graph.observations().dicts()]
        assert not graph.sparql(f"ASK {{ ?design lkg:hasObservation <{OBSERVATION}> }}")
        (row,) = graph.ask("what-was-withdrawn").rows()
        assert row == (
            "withdrawn observation: area specific resistance 20 Ω cm2",
            "oxide layer on garnet",
            "The authors corrected it.",
            "2026-01-31",
            "data/paper-2024-1/design.yaml:21:7",
        )
        shown = graph.show(OBSERVATION)
        assert shown.is_withdrawn
        former = {fact.relation: fact.value for fact in shown.formerly}
        assert "20 Ω cm2" in str(former["has result"])
        assert not graph.show("layer-on-garnet").is_withdrawn
        assert {quad.graph_name.value for quad in graph.withdrawn()} == {
            "https://w3id.org/lithiokg/graph/withdrawn/paper-2024-1"
        }


def test_a_retracted_work_takes_with_it_what_rests_on_it_alone(
    small: Sources, edit: Edit, tmp_path: Path
) -> None:
    edit(
        "data/paper-2024-1/paper.yaml",
        "    journal: A Journal\n",
        '    journal: A Journal\n    retracted: "Made up."\n',
    )
    with opened(small, tmp_path) as graph:
        assert len(graph.designs()) == len(graph.observations()) == 0
        rows = graph.ask("what-was-withdrawn").rows()
        assert ("A Journal 2024;1:1", None, "Made up.") in [row[:3] for row in rows]
        (design,) = (row for row in rows if row[0] == "withdrawn design: oxide layer on garnet")
        assert design[2] == "A Journal 2024;1:1 was retracted: Made up."
        # General chemistry is nobody's paper.
        assert graph.sparql("ASK { ?zno lkg:formula 'ZnO' ; lkg:hasClaim ?claim . ?claim a lkg:Claim }")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            (
                DESIGN,
                "        property: area-specific",
                '        withdrawn-on: "2026-01-31"\n        property: area-specific',
            ),
            "says why",
        ),
        (
            (
                "data/paper-2024-1/substances.yaml",
                "    label: zinc oxide\n",
                '    label: zinc oxide\n    withdrawn: "no more"\n',
            ),
            "only an observation, a claim, a design or a discrepancy",
        ),
    ],
)
def test_what_cannot_be_withdrawn_is_refused_with_the_place(
    small: Sources, edit: Edit, change: tuple[str, str, str], message: str
) -> None:
    line = edit(*change)
    with pytest.raises(SourceProblemsError, match=message) as caught:
        assemble(small)
    assert any(f"{change[0]}:{number}:" in str(caught.value) for number in (line - 1, line, line + 1))


def test_withdrawn_facts_come_out_by_name_only(
    small: Sources, edit: Edit, tmp_path: Path, lithio: Run
) -> None:
    withdraw(edit)
    cache = tmp_path / "cache"
    assert "20 Ω cm2" in lithio("export", "withdrawn", "-f", "trig", sources=small, cache=cache).out
    assert (
        '"20 Ω cm2"'
        not in lithio("export", "graph", "--everything", "-f", "nquads", sources=small, cache=cache).out
    )
    shown = lithio("show", OBSERVATION, sources=small, cache=cache).out
    assert "Formerly stated" in shown
    assert "The authors corrected it." in shown


def test_a_difference_calls_a_withdrawn_record_withdrawn_and_says_why(
    small: Sources, edit: Edit, tmp_path: Path, lithio: Run
) -> None:
    cache = tmp_path / "cache"
    key = build_snapshot(small, cache=Cache(cache)).key
    withdraw(edit)
    told = lithio("diff", key, sources=small, cache=cache).out
    assert "observation: 1 withdrawn" in told
    assert "withdrawn because: nothing → The authors corrected it." in told
