"""Plots as files: by the command line, in notebooks, whole or not at all."""

from __future__ import annotations

import re
import struct
import sys
from typing import TYPE_CHECKING

import pytest

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.plots.raster import png

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.plots import Plot

NAME = "largest-fold-reduction-of-area-specific-resistance"


@pytest.fixture
def plot(shipped_plots: dict[str, Plot]) -> Plot:
    return shipped_plots[NAME]


def test_an_svg_stands_alone(plot: Plot, tmp_path: Path, parsed: Callable[..., object]) -> None:
    drawing = parsed(plot.save(tmp_path / "out.svg").read_text("utf-8"))
    assert drawing.all("style")
    assert "var(" not in drawing.text  # renderers of figures know no custom properties
    assert "url(" not in drawing.text
    assert any("CC BY 4.0" in words for words in drawing.words())


def test_a_png_has_the_size_of_its_drawing(plot: Plot, tmp_path: Path) -> None:
    pytest.importorskip("resvg_py")
    content = plot.save(tmp_path / "out.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, _ = struct.unpack(">II", content[16:24])
    assert width == 2 * 760


def test_units_and_formulas_leave_their_trace_in_a_png() -> None:
    pytest.importorskip("resvg_py")

    def drawn(words: str) -> bytes:
        return png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30">'
            f'<text x="2" y="20" font-family="sans-serif">{words}</text></svg>',
            1,
        )

    assert len({drawn(sign) for sign in ("", "Ω", "−", "×", "μ")}) == 5


def test_without_the_renderer_a_png_says_what_to_install(plot: Plot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(LithioKGError) as refused:
        plot.png()
    assert 'pip install "lithiokg[png]"' in str(refused.value)


def test_a_page_has_everything_and_needs_nothing(plot: Plot) -> None:
    page = plot.html()
    assert page.count("<svg") == 2
    assert "<table>" in page
    assert "CC BY 4.0" in page
    assert "Works cited" in page
    assert re.search(r"doi:10\.\d+", page)
    assert "SELECT" in page
    # Links lead out; nothing is loaded.
    assert not re.findall(r"<(?:link|script|img|iframe|object|embed)\b", page)
    assert not re.findall(r"(?:src|srcset|data)=|@import|url\(", page)


def test_a_notebook_shows_the_plot(plot: Plot) -> None:
    assert plot._repr_svg_().startswith("<svg")
    assert "<svg" in plot._repr_html_()


def test_another_ending_is_refused_with_those_that_there_are(plot: Plot, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"a plot cannot be written as 'out\.pdf'") as refused:
        plot.save(tmp_path / "out.pdf")
    assert ".svg, .png or .html" in str(refused.value)


def test_a_plot_that_cannot_be_written_leaves_nothing_behind(plot: Plot, tmp_path: Path) -> None:
    (tmp_path / "out.svg").mkdir()
    with pytest.raises(LithioKGError, match="cannot be written"):
        plot.save(tmp_path / "out.svg")
    with pytest.raises(LithioKGError, match="cannot be written"):
        plot.save(tmp_path / "nowhere" / "out.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["out.svg"]


def test_parameters_stand_in_the_title(graph: KnowledgeGraph) -> None:
    plot = graph.ask("designs-that-cycled-long-and-hard", minimum_hours=800).plot()
    assert plot.title.endswith("(least cycling time: 800 h)")


def test_the_command_line_draws_and_says_where(lithio: Callable[..., object], tmp_path: Path) -> None:
    target = tmp_path / "out.svg"
    done = lithio("questions", "run", NAME, "--plot", str(target))
    assert (done.code, done.out) == (0, "")
    assert f"drawn in {target} (6 rows)" in done.err
    assert target.read_text("utf-8").startswith("<svg")


def test_the_command_line_refuses_an_ending_before_it_asks(lithio: Callable[..., object]) -> None:
    done = lithio("questions", "run", NAME, "--plot", "out.pdf")
    assert done.code == 2
    assert ".svg, .png or .html" in done.err


def test_the_command_line_names_the_questions_that_can_be_drawn(lithio: Callable[..., object]) -> None:
    done = lithio("questions", "run", "what-is-not-reported", "--plot", "out.svg")
    assert done.code == 2
    assert "what-is-not-reported has no plot" in done.err
    assert NAME in done.err
