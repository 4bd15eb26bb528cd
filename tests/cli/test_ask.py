"""``lithiokg ask``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Run = Callable[..., Any]


def test_the_answer_says_which_question_it_answers_and_offers_the_next_best(lithio: Run):
    said = lithio("ask", "which interlayers keep electrons out?")
    assert said.code == 0
    assert said.out.startswith("Electronically isolating layers\n")
    assert "LiF interlayer from methoxyperfluorobutane on Li7P3S11" in said.out
    assert "You may also have meant" in said.err
    assert said.err.count("lithiokg questions run ") == 2


def test_figures_of_the_text_fill_the_parameters(lithio: Run):
    said = lithio("ask", "which designs kept the overpotential below 0.05 V at 1 mA cm-2?", "-f", "json")
    answer = json.loads(said.out)
    assert answer["question"] == "low-polarization-at-a-current-density"
    assert answer["parameters"] == {"maximum": 50, "minimum_current_density": 1}
    assert answer["rows"]
    assert all(row["polarization_mV"] <= 50 for row in answer["rows"] if "polarization_mV" in row)


def test_the_words_may_stand_unquoted(lithio: Run):
    assert lithio("ask", "designs", "with", "ZnO").out == lithio("ask", "designs with ZnO").out


def test_where_nothing_fits_it_says_so_names_the_closest_and_exits_with_1(lithio: Run):
    said = lithio("ask", "what is the price of lithium?")
    assert said.code == 1
    assert "No saved question fits." in said.out
    assert "'price'" in said.out
    assert "lithiokg questions run " in said.out
    assert "lithiokg show lkgi:substance/Li" in said.out


def test_where_nothing_fits_json_says_so_too(lithio: Run):
    said = lithio("ask", "sodium batteries", "-f", "json")
    assert said.code == 1
    assert json.loads(said.out)["question"] is None


def test_how_it_is_understood_can_be_asked_for_without_an_answer(lithio: Run):
    said = lithio("ask", "--explain", "which designs cycled at least 800 h above 1 mA cm-2 on the moon?")
    assert said.code == 0
    assert "read as: Designs that cycled long and hard (least cycling time: 800 h" in said.out
    assert "'at least 800 h' is a figure: least cycling time: 800 h" in said.out
    assert "'moon' is not known" in said.out


def test_an_answer_in_csv_is_nothing_but_the_rows(lithio: Run):
    said = lithio("ask", "critical current densities", "-f", "csv")
    assert said.out.startswith("design,comparator,value,unit")
    assert "Critical current densities" in said.err


def test_a_command_that_is_offered_gives_the_same_answer(lithio: Run):
    offered = json.loads(lithio("ask", "designs with zinc oxide", "-f", "json").out)
    words = offered["command"].split()
    assert words[:3] == ["lithiokg", "questions", "run"]
    rows = json.loads(lithio(*words[1:], "-f", "json").out)
    assert rows == offered["rows"]
