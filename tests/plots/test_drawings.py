"""Drawings: marks stand where their numbers say, are named and linked, and nothing is cut off."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lithiokg.plots.typography import text_width

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET
    from collections.abc import Callable

    from lithiokg.plots import Plot

SVG = "{http://www.w3.org/2000/svg}"
DUMBBELL = (
    "{kind: dumbbell, label: design, before: before, after: after, unit: unit, log: value, panel: property}"
)
COLUMNS = "design, property, comparator_before, before, comparator_after, after, unit, suspect"
ROWS = [
    ("https://w3id.org/lithiokg/id/design/a", "area", "=", 2000.0, "~", 20.0, "Ω cm2", False),
    ("https://w3id.org/lithiokg/id/design/b", "area", "=", 50.0, "=", 100.0, "Ω cm2", True),
    ("https://w3id.org/lithiokg/id/design/c", "plain", ">", 1500.0, "=", 30.0, "Ω", False),
    ("https://w3id.org/lithiokg/id/design/d", "plain", "=", None, "=", 30.0, "Ω", False),
]


def number(element: ET.Element, name: str) -> float:
    return float(element.get(name, "nan"))


def is_(element: ET.Element, class_: str) -> bool:
    return class_ in element.get("class", "").split()


@pytest.mark.parametrize("narrow", [False, True])
def test_the_circles_of_a_dumbbell_stand_where_the_axis_says(
    narrow: bool, shipped_plots: dict[str, Plot], parsed: Callable[..., object]
) -> None:
    plot = shipped_plots["largest-fold-reduction-of-area-specific-resistance"]
    drawing = parsed(plot.svg(narrow=narrow))
    ticks = {
        float("".join(each.itertext())): number(each, "x")
        for each in drawing.all("text", "mid")
        if re.fullmatch(r"[\d.]+", "".join(each.itertext()))
    }
    (low, x_low), (high, x_high) = min(ticks.items()), max(ticks.items())

    def place(value: float) -> float:
        return x_low + math.log(value / low) / math.log(high / low) * (x_high - x_low)

    (panel,) = plot.chart.panels
    wanted = sorted(
        (round(place(mark.numbers["before"])), round(place(mark.numbers["after"]))) for mark in panel.marks
    )
    found = []
    for mark in drawing.marks():
        before, after = (
            next(each for each in mark.iter(SVG + "circle") if is_(each, name)) for name in ("before", "m")
        )
        found.append((round(number(before, "cx")), round(number(after, "cx"))))
    assert len(found) == 6
    assert all(
        abs(got - sought) <= 1
        for pair, other in zip(sorted(found), wanted, strict=True)
        for got, sought in zip(pair, other, strict=True)
    )


def test_rows_of_a_dumbbell_come_by_factor_and_rises_are_told(
    plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    drawing = parsed(plot_of(COLUMNS, DUMBBELL, ROWS).svg())
    factors = ["".join(each.itertext()) for each in drawing.all("text", "f")]
    assert factors == ["~100× lower", "2× higher", "~50× lower"]
    (rise,) = [mark for mark in drawing.marks() if is_(mark, "worse")]
    assert str(rise[0].text).startswith("b: before 50 Ω cm², after 100 Ω cm²")


def test_no_axis_has_two_units(plot_of: Callable[..., Plot], shipped_plots: dict[str, Plot]) -> None:
    panels = plot_of(COLUMNS, DUMBBELL, ROWS).chart.panels
    assert [(panel.title, panel.unit, len(panel.marks)) for panel in panels] == [
        ("area", "Ω cm²", 2),
        ("plain", "Ω", 1),
    ]
    for plot in shipped_plots.values():
        columns = plot.table.variables
        if "unit" not in columns:
            continue
        units = {plot.label(getattr(row[columns.index("unit")], "value", "")) for row in plot.table}
        # Each unit of the answer has panels of its own.
        assert len({panel.unit or panel.title for panel in plot.chart.panels}) >= len(units - {""})


def test_a_doubt_is_hollow_and_signed_and_a_bound_has_an_arrow(
    plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    drawing = parsed(plot_of(COLUMNS, DUMBBELL, ROWS).svg())
    (doubtful,) = [mark for mark in drawing.marks() if is_(mark, "unsure")]
    assert [each for each in doubtful.iter() if is_(each, "warn")]
    assert doubtful[0].text is not None
    assert doubtful[0].text.endswith("doubtful, see its evidence")
    arrows = [
        mark[0].text for mark in drawing.marks() if [each for each in mark.iter() if is_(each, "arrow")]
    ]
    assert len(arrows) == 1
    assert arrows[0] is not None
    assert arrows[0].startswith("c: before >1500 Ω, after 30 Ω")


def test_an_arrow_points_to_where_the_true_value_lies(
    plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    plot = plot_of(
        "design, x, comparator, y",
        "{kind: scatter, label: design, x: x, y: y}",
        [("a", 1.0, ">", 1500.0), ("b", 2.0, "<", 700.0)],
    )
    up, down = (
        next(each for each in mark.iter() if is_(each, "arrow")) for mark in parsed(plot.svg()).marks()
    )
    start, end = (float(number) for number in re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", up.get("d", ""))[0])
    assert end < start  # larger values are further up
    start, end = (float(number) for number in re.findall(r"M[\d.]+ ([\d.]+)V([\d.]+)", down.get("d", ""))[0])
    assert end > start


def test_what_is_not_reported_is_counted_in_words(
    plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    plot = plot_of(COLUMNS, DUMBBELL, ROWS)
    assert "1 of 4 rows is not drawn: before not reported." in plot.chart.notes
    assert any("1 of 4 rows is not drawn" in words for words in parsed(plot.svg()).words())


def test_zero_has_no_place_on_a_logarithmic_axis_and_that_is_told(plot_of: Callable[..., Plot]) -> None:
    plot = plot_of(
        "design, value", "{kind: strip, label: design, value: value, log: value}", [("a", 0.0), ("b", 3.0)]
    )
    assert any("of 0 or less has no place on a logarithmic axis" in note for note in plot.chart.notes)


def test_the_area_of_a_bubble_stands_for_its_size(
    plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    plot = plot_of(
        "design, x, y, size",
        "{kind: bubble, label: design, x: x, y: y, size: size}",
        [("a", 1.0, 1.0, 1.0), ("b", 2.0, 2.0, 4.0), ("c", 3.0, 3.0, None)],
    )
    marks = parsed(plot.svg()).marks()
    radii = {
        str(mark[0].text)[0]: number(circle, "r")
        for mark in marks
        for circle in mark.iter(SVG + "circle")
        if is_(circle, "m")
    }
    assert radii["b"] == pytest.approx(2 * radii["a"], rel=0.02)
    assert "c" not in radii
    assert "× 1 without size: not reported." in plot.chart.notes


def test_one_figure_with_two_places_is_drawn_once(plot_of: Callable[..., Plot]) -> None:
    plot = plot_of(
        "design, value, table, row",
        "{kind: strip, label: design, value: value}",
        [("a", 5.0, None, None), ("a", 5.0, 1, 3), ("a", 6.0, None, None)],
    )
    (panel,) = plot.chart.panels
    assert [(mark.numbers["value"], mark.place) for mark in panel.marks] == [(5.0, "T1.3"), (6.0, "")]


def test_every_mark_of_every_shipped_plot_is_named_and_linked(
    shipped_plots: dict[str, Plot], parsed: Callable[..., object]
) -> None:
    unlinked = set()
    for name, plot in shipped_plots.items():
        for narrow in (False, True):
            marks = parsed(plot.svg(narrow=narrow)).marks()
            assert len(marks) == sum(len(panel.marks) for panel in plot.chart.panels), name
            assert all(mark[0].tag == SVG + "title" and mark[0].text for mark in marks), name
            if not all(mark.get("href", "").startswith("https://w3id.org/lithiokg/") for mark in marks):
                unlinked.add(name)
    # Only what is printed, and is no thing of the graph, has no page.
    assert unlinked == {"dashes-by-strategy", "dashes-by-table-and-column"}


def extent(element: ET.Element) -> tuple[float, float]:
    """Where a text begins and ends at most."""
    wide = text_width(
        "".join(element.itertext()), 15 if is_(element, "h") else 11 if is_(element, "s") else 12
    )
    x = number(element, "x")
    if is_(element, "end"):
        return x - wide, x
    return (x - wide / 2, x + wide / 2) if is_(element, "mid") else (x, x + wide)


@pytest.mark.parametrize("narrow", [False, True])
def test_no_label_of_a_shipped_plot_is_cut_off(
    narrow: bool, shipped_plots: dict[str, Plot], parsed: Callable[..., object]
) -> None:
    for name, plot in shipped_plots.items():
        drawing = parsed(plot.svg(narrow=narrow))
        width, height = drawing.size
        assert width == (380 if narrow else 760)
        for each in drawing.all("text"):
            if each.get("transform"):
                continue
            start, end = extent(each)
            words = "".join(each.itertext())
            assert start >= -0.5, (name, words)
            assert end <= width + 0.5, (name, words)
            assert 0 < number(each, "y") < height, (name, words)


def test_a_plot_is_drawn_alike_each_time(shipped_plots: dict[str, Plot]) -> None:
    for plot in shipped_plots.values():
        assert plot.svg() == plot.svg()


def test_a_drawing_for_a_page_has_no_style_of_its_own(shipped_plots: dict[str, Plot]) -> None:
    for plot in shipped_plots.values():
        figure = plot.figure()
        assert "<style" not in figure
        assert " style=" not in figure
        assert "<script" not in figure
        ids = re.findall(r' id="([^"]+)"', figure)
        assert len(ids) == len(set(ids))


def test_an_empty_answer_says_so(plot_of: Callable[..., Plot], parsed: Callable[..., object]) -> None:
    empty = plot_of("design, value", "{kind: bar, label: design, value: value}", [])
    assert "There is nothing to draw: the answer has no row." in parsed(empty.svg()).words()
    silent = plot_of("design, value", "{kind: bar, label: design, value: value}", [("a", None)])
    assert "There is nothing to draw: of 1 row none has the figures." in parsed(silent.svg()).words()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    label=st.one_of(st.text(max_size=80), st.just('</text><script>alert(1)</script>"&\x00\ud800')),
    value=st.floats(-1e12, 1e12, allow_nan=False),
    kind=st.sampled_from(["bar", "strip"]),
)
def test_no_label_can_become_markup(
    label: str, value: float, kind: str, plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    plot = plot_of(
        "design, value",
        f"{{kind: {kind}, label: design, value: value}}",
        [("https://w3id.org/lithiokg/id/design/x", value)],
        label=lambda _: label,
        link=lambda _: "javascript:alert(1)",
    )
    drawing = parsed(plot.svg())
    assert {each.tag.removeprefix(SVG) for each in drawing.root.iter()} <= {
        *(
            "svg",
            "title",
            "desc",
            "style",
            "rect",
            "text",
            "tspan",
            "line",
            "path",
            "circle",
            "g",
            "a",
            "polygon",
        )
    }
    assert not drawing.all("a")
    assert "javascript:" not in drawing.text


@pytest.mark.parametrize("kind", ["scatter", "heatmap", "dumbbell"])
def test_a_single_row_can_be_drawn(
    kind: str, plot_of: Callable[..., Plot], parsed: Callable[..., object]
) -> None:
    roles = {
        "scatter": "label: design, x: x, y: y",
        "heatmap": "x: design, y: thing, value: y",
        "dumbbell": "label: design, before: x, after: y",
    }
    plot = plot_of("design, thing, x, y", f"{{kind: {kind}, {roles[kind]}}}", [("a", "b", 5.0, 5.0)])
    assert len(parsed(plot.svg()).marks()) == 1
