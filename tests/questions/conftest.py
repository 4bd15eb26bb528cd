"""A folder of saved questions, and a way to write one that is broken in one spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lithiokg.questions import Question, load_question

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """\
#+ title: Designs above a life
#+ question: Which designs cycle for at least so many hours in cells with some substance?
#+ description: One row a design.
#+ tags: [design, cycling]
#+ params:
#+   minimum: {type: decimal, label: shortest life (h), default: 500}
#+   substance: {type: thing, label: substance, default: any, kind: lkg:Substance}
#+   methods: {type: things, label: methods, default: [lkgi:method/a, lkgi:method/b]}
#+   text: {type: string, label: words, default: hello}
#+   hedged: {type: boolean, label: hedged too, default: false}
#+   count: {type: integer, label: count, default: 2, choices: [1, 2, 3]}
#+   body: {type: class, label: body, default: lkg:Interlayer}
#+   current: {type: quantity, label: current density, default: 0.5, unit: mA cm-2}
#+ expect:
#+   columns: [design, life]
#+   rows: ">= 1"
#+   contains:
#+   - {design: zinc oxide, life: 700}
PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX lkgi: <https://w3id.org/lithiokg/id/>
SELECT ?design ?life {
  VALUES ?minimum { 500 } #@ minimum
  VALUES ?substance { UNDEF } #@ substance
  VALUES ?method { lkgi:method\\/a <https://w3id.org/lithiokg/id/method/b> } #@ methods
  VALUES ?text { "hello" } #@ text
  VALUES ?hedged { false } #@ hedged
  VALUES ?count { 2 } #@ count
  VALUES ?body { lkg:Interlayer } #@ body
  VALUES ?current { 0.50 } #@ current
  ?design lkg:life ?life .
}
ORDER BY ?design
"""


@pytest.fixture
def text() -> str:
    return TEXT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "queries"
    (path / "designs").mkdir(parents=True)
    return path


@pytest.fixture
def write(folder: Path) -> Callable[[str], Path]:
    def written(content: str, name: str = "designs/designs-above-a-life.rq") -> Path:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
        return path

    return written


@pytest.fixture(scope="session")
def question(tmp_path_factory: pytest.TempPathFactory) -> Question:
    path = tmp_path_factory.mktemp("queries") / "designs" / "designs-above-a-life.rq"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return load_question(path)
