"""Every sentence of ``ontology/competency`` holds, by the rules and by HermiT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.errors import InconsistencyError
from lithiokg.reasoning import compare, hermit_available, run_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.reasoning import Derivation

needs_hermit = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def holds(derived: Derivation, triple: ox.Triple) -> bool:
    return ox.Quad(triple.subject, triple.predicate, triple.object) in derived.working


def test_there_are_sentences_about_what_follows_and_what_does_not(sentences: list[Any]) -> None:
    assert len(sentences) >= 60
    assert len({sentence.name for sentence in sentences}) == len(sentences)
    assert sum(bool(sentence.follows) for sentence in sentences) >= 30
    assert sum(bool(sentence.does_not_follow) for sentence in sentences) >= 30
    assert sum(sentence.contradicts for sentence in sentences) >= 8
    silent = [s.name for s in sentences if not (s.follows or s.does_not_follow or s.contradicts)]
    assert silent == []


def test_by_the_rules(consistent: Any, world: Any, derived: Derivation) -> None:
    missing = [
        f"{thing} {what}"
        for thing, what in consistent.follows
        if not holds(derived, world.asked(consistent, thing, what))
    ]
    surplus = [
        f"{thing} {what}"
        for thing, what in consistent.does_not_follow
        if holds(derived, world.asked(consistent, thing, what))
    ]
    assert (missing, surplus) == ([], [])


def test_everything_a_sentence_speaks_of_is_there(consistent: Any, world: Any, derived: Derivation) -> None:
    """What does not follow of a thing that is misspelt would not follow either."""
    for thing, _ in (*consistent.follows, *consistent.does_not_follow):
        name = ox.NamedNode(world.name(consistent, thing))
        assert any(True for _ in derived.working.quads_for_pattern(name, TYPE, None)), f"{thing} is not there"


@needs_hermit
def test_by_hermit_with_the_same_outcome(
    sentences: list[Any], world: Any, derived: Derivation, judged: Callable[[], set[tuple[str, str]]]
) -> None:
    found = judged()
    named = {individual for individual, _ in found}
    ours = {pair for pair in derived.memberships() if pair[0] in named}
    difference = compare(ours, found, classes=world.rules.ontology.classes)
    assert difference.equal, str(difference)
    for sentence in sentences:
        for wanted, expected in ((sentence.follows, True), (sentence.does_not_follow, False)):
            for thing, what in wanted:
                triple = world.asked(sentence, thing, what)
                if triple.predicate == TYPE:
                    pair = (triple.subject.value, triple.object.value)
                    assert (pair in found) is expected, f"{sentence.id}: {thing} {what}"


def test_a_contradiction_is_refused_by_the_rules(contradictory: Any, world: Any) -> None:
    with pytest.raises(InconsistencyError, match="do not fit together"):
        run_rules(world.store(world.facts(contradictory)), world.rules)


@needs_hermit
def test_a_contradiction_is_refused_by_hermit(contradictory: Any, world: Any) -> None:
    with pytest.raises(InconsistencyError):
        world.hermit(world.facts(contradictory))
