"""Scales: every value has its place, ticks lie within the axis and are numbers that people count in."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.plots.scales import linear, log
from lithiokg.plots.typography import text_width, wrap

VALUES = st.lists(st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: round(x, 6)), min_size=1, max_size=8)
POSITIVE = st.lists(st.floats(1e-6, 1e9, allow_nan=False), min_size=1, max_size=8)


def mantissa(value: float) -> float:
    return float(f"{abs(value) / 10 ** math.floor(math.log10(abs(value))):.6g}")


@given(VALUES, st.booleans())
def test_values_and_ticks_lie_within_a_linear_axis(values: list[float], zero: bool) -> None:
    scale = linear(values, 10, 110, zero=zero)
    slack = 1e-6 * (scale.high - scale.low)
    assert scale.low < scale.high
    assert all(scale.low - slack <= each <= scale.high + slack for each in (*values, *scale.ticks))
    assert scale.low <= 0 <= scale.high or not zero
    assert len(scale.ticks) >= 2


@given(VALUES)
def test_linear_ticks_are_one_nice_step_apart(values: list[float]) -> None:
    ticks = linear(values, 0, 100).ticks
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) == pytest.approx(min(steps), rel=1e-4)
    assert any(math.isclose(mantissa(steps[0]), nice, rel_tol=1e-3) for nice in (1, 2, 5, 10))


@given(POSITIVE)
def test_values_and_ticks_lie_within_a_logarithmic_axis(values: list[float]) -> None:
    scale = log(values, 0, 100)
    assert all(scale.low * (1 - 1e-9) <= each <= scale.high * (1 + 1e-9) for each in (*values, *scale.ticks))
    assert all(mantissa(tick) in {1, 2, 5, 10} for tick in (*scale.ticks, scale.low, scale.high))


@given(POSITIVE)
def test_scales_grow_with_their_values(values: list[float]) -> None:
    known = sorted(set(values))
    for scale in (linear(known, 0, 1000), log(known, 0, 1000)):
        places = [scale(value) for value in known]
        assert places == sorted(places)
        assert all(-0.001 <= place <= 1000.001 for place in places)


def test_equal_factors_are_equal_distances_on_a_logarithmic_axis() -> None:
    scale = log([1, 10000], 0, 400)
    assert [scale(value) for value in (1, 10, 100, 1000, 10000)] == pytest.approx([0, 100, 200, 300, 400])


@given(st.text(max_size=60), st.floats(20, 300))
def test_lines_fit_their_width_and_lose_no_letter(text: str, width: float) -> None:
    lines = wrap(text, width, 12)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(text_width(line, 12) <= width or len(line) == 1 for line in lines)
