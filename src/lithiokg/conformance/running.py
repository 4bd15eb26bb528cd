"""Ask another engine what the embedded one is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.conformance.comparing import Difference, Verdict, compare
from lithiokg.conformance.probes import PROBES
from lithiokg.errors import LithioKGError
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.conformance.probes import Probe
    from lithiokg.questions import Question
    from lithiokg.store import Store

__all__ = ["Finding", "examine_probes", "examine_questions"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How an engine answered one question.

    Attributes:
        name: of the question or probe.
        stated_only: whether it was asked of what was stated alone.
        difference: how its answer compares with the right one.
    """

    name: str
    stated_only: bool
    difference: Difference

    @property
    def right(self) -> bool:
        """Whether the answer can be relied on."""
        return self.difference.verdict is Verdict.SAME


def examine_questions(
    reference: Store,
    other: Store,
    questions: Iterable[Question],
    *,
    stated_only: bool = False,
    timeout: float | None = None,
) -> Iterator[Finding]:
    """Ask both stores each question with its default parameters.

    Args:
        reference: the store that is right: the embedded snapshot.
        other: the store in question, loaded with an export of it.
        questions: the questions; those that call other endpoints are passed over.
        stated_only: ask of what was stated alone.
        timeout: seconds that the other store has for each.

    Raises:
        LithioKGError: if the reference cannot answer.
    """
    for question in questions:
        if question.endpoints:
            continue
        right = reference.query(question.text, stated_only=stated_only, name=question.path.name)
        difference = _asked(other, question.text, right, stated_only=stated_only, timeout=timeout)
        yield Finding(question.name, stated_only, difference)


def examine_probes(
    other: Store, probes: Iterable[Probe] = PROBES, *, timeout: float | None = None
) -> Iterator[Finding]:
    """Ask a store queries whose right answers are known beforehand, whatever it holds.

    Args:
        other: the store in question.
        probes: the queries.
        timeout: seconds for each.
    """
    for probe in probes:
        difference = _asked(other, probe.text, probe.right, stated_only=False, timeout=timeout)
        yield Finding(probe.name, False, difference)


def _asked(store: Store, text: str, right: object, *, stated_only: bool, timeout: float | None) -> Difference:
    try:
        answer = store.query(text, stated_only=stated_only, timeout=timeout)
    except LithioKGError as error:
        return Difference(Verdict.NO_ANSWER, words=error.message)
    if not isinstance(answer, Table) or not isinstance(right, Table):
        return Difference(Verdict.ROWS, words="the answer is not a table")
    return compare(right, answer)
