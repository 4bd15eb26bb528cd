"""How long explanations take on the shipped graph, with the rules and names at hand.

Run with ``python benchmarks/explanations.py``. Each question is asked of a thing that was not asked about
before, so that its facts are read anew.
"""

from __future__ import annotations

import random
import statistics
import time

from lithiokg.graph import KnowledgeGraph, open_graph
from lithiokg.store import Table

_ASKED = 200
_WANTED = """
SELECT DISTINCT ?thing ?value {
  VALUES ?kind { lkg:Design lkg:Component lkg:Substance }
  VALUES ?relation { rdf:type lkg:actsThrough lkg:followsStrategy lkg:hasInterfaceType }
  ?thing a ?kind .
  GRAPH lkgg:inferred { ?thing ?relation ?value }
}
"""


def _times(graph: KnowledgeGraph, questions: list[tuple[str, str]]) -> tuple[list[float], list[float]]:
    why: list[float] = []
    why_not: list[float] = []
    explainer = graph.explainer
    for thing, value in questions:
        explainer.forget()
        start = time.perf_counter()
        found = explainer.explain(thing, value)
        if not found:
            explainer.why_not(thing, value)
        (why if found else why_not).append(time.perf_counter() - start)
        assert all(each.verified for each in found)
    return why, why_not


def _line(name: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    late = ordered[int(0.95 * len(ordered))]
    median = statistics.median(ordered)
    return f"{name:<8} {len(ordered):>4}  median {1e3 * median:6.1f} ms  p95 {1e3 * late:6.1f} ms"


def main() -> None:
    """Print the times."""
    pick = random.Random(1)  # noqa: S311  # reproducible, not secret
    with open_graph() as graph:
        answer = graph.sparql(_WANTED)
        assert isinstance(answer, Table)
        holds = [(str(row["thing"]), str(row["value"])) for row in answer.dicts()]
        things, values = sorted({one for one, _ in holds}), sorted({other for _, other in holds})
        random_pairs = [(pick.choice(things), pick.choice(values)) for _ in range(_ASKED)]
        start = time.perf_counter()
        graph.explain("zno-interlayer-on-garnet", "type III")
        print(f"first answer of a process: {time.perf_counter() - start:.2f} s")
        why, _ = _times(graph, pick.sample(holds, _ASKED))
        _, why_not = _times(graph, random_pairs)
        print(_line("why", why))
        print(_line("why not", why_not))


if __name__ == "__main__":
    main()
