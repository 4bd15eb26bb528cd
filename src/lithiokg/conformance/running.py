"""Ask another engine what the embedded one is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.conformance.comparing import Difference, Verdict, compare
from lithiokg.conformance.data_probes import DATA_PROBES
from lithiokg.conformance.digests import as_table, compare_digests
from lithiokg.conformance.probes import PROBES
from lithiokg.endpoints import discrepancies
from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lithiokg.conformance.expected import Known
    from lithiokg.conformance.probes import Probe
    from lithiokg.questions import Question
    from lithiokg.store import Answer, Store

__all__ = [
    "GRAPHS",
    "Finding",
    "examine_data",
    "examine_expected",
    "examine_graphs",
    "examine_probes",
    "examine_questions",
]

#: The name of the finding on the numbers of statements.
GRAPHS = "what-the-graphs-hold"
#: Graphs that are told by name.
_TOLD = 3


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


def examine_data(
    reference: Store, other: Store, names: Iterable[str] = tuple(DATA_PROBES), *, timeout: float | None = None
) -> Iterator[Finding]:
    """Ask both stores the fixed queries that read data.

    Args:
        reference: the store that is right.
        other: the store in question, loaded with an export of it.
        names: which queries.
        timeout: seconds that the other store has for each.
    """
    for name in names:
        text = DATA_PROBES[name]
        right = reference.query(text, name=name)
        difference = _asked(other, text, right, stated_only=False, timeout=timeout)
        yield Finding(name, False, difference)


def examine_expected(
    expected: Iterable[Known], other: Store, reference: Store | None = None, *, timeout: float | None = None
) -> Iterator[Finding]:
    """Ask a store queries whose right answers are known by their digests.

    Args:
        expected: the queries.
        other: the store in question, loaded with the data that they are about.
        reference: a store that is right, to tell what differs where something does; it is asked nothing else.
        timeout: seconds for each.
    """
    for known in expected:
        try:
            answer = as_table(other.query(known.query, timeout=timeout))
        except LithioKGError as error:
            yield Finding(known.name, False, Difference(Verdict.NO_ANSWER, words=error.message))
            continue
        difference = compare_digests(known.answer, answer)
        if difference.verdict is not Verdict.SAME and reference is not None:
            closer = compare(as_table(reference.query(known.query, name=known.name)), answer)
            difference = difference if closer.verdict is Verdict.SAME else closer
        yield Finding(known.name, False, difference)


def examine_graphs(counts: Mapping[str, int], other: Store) -> Finding:
    """Count what a store holds of each graph.

    Args:
        counts: the numbers of statements that it should hold, by graph.
        other: the store in question.
    """
    try:
        wrong = discrepancies(counts, other.graphs())
    except LithioKGError as error:
        return Finding(GRAPHS, False, Difference(Verdict.NO_ANSWER, words=error.message))
    if not wrong:
        return Finding(GRAPHS, False, Difference(Verdict.SAME))
    more = f"; and {len(wrong) - _TOLD} graphs more" if len(wrong) > _TOLD else ""
    words = "; ".join(wrong[:_TOLD]) + more
    return Finding(GRAPHS, False, Difference(Verdict.ROWS, words=words))


def _asked(store: Store, text: str, right: Answer, *, stated_only: bool, timeout: float | None) -> Difference:
    try:
        answer = store.query(text, stated_only=stated_only, timeout=timeout)
    except LithioKGError as error:
        return Difference(Verdict.NO_ANSWER, words=error.message)
    return compare(as_table(right), as_table(answer))
