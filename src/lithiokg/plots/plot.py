"""``Plot``: the answer of a saved question as SVG, HTML or PNG."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.files import replace_file
from lithiokg.plots.drawing import draw
from lithiokg.plots.marks import chart
from lithiokg.plots.markup import element
from lithiokg.plots.style import stylesheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lithiokg.plots.marks import Chart, Mark
    from lithiokg.questions import PlotSpec, Question
    from lithiokg.store import Table

__all__ = ["PLOT_SUFFIXES", "Plot", "check_suffix", "spec_of"]

PLOT_SUFFIXES = (".svg", ".png", ".html")


def spec_of(question: Question, others: Callable[[], Mapping[str, Question]]) -> PlotSpec:
    """How a question is drawn.

    Args:
        question: the question.
        others: gives all questions, of which the message names those that are drawn.

    Raises:
        UsageError: if the question says nothing of a plot.
    """
    if question.plot:
        return question.plot
    drawn = sorted(each.name for each in others().values() if each.plot)
    raise UsageError(f"{question.name} has no plot", mend=f"draw one of those that have: {', '.join(drawn)}")


def _nowhere(_iri: str) -> None:
    return None


def _no_works() -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Plot:
    """A plot of the answer to a saved question.

    Attributes:
        question: the saved question.
        spec: how it is drawn.
        table: the answer.
        label: gives the label of an IRI.
        text: the SPARQL that was run.
        given: the parameters in words, such as ``least cycling time: 500 h``.
        works: gives the works that the answer cites, one a line.
        credit: what the figure is taken from, and its licence.
        link: gives the address of the page of an IRI, if there is one.
        evidence: gives the address that a mark leads to; without it, that of the thing which it stands for.
    """

    question: Question
    spec: PlotSpec
    table: Table
    label: Callable[[str], str]
    text: str = ""
    given: str = ""
    works: Callable[[], Sequence[str]] = field(default=_no_works)
    credit: str = ""
    link: Callable[[str], str | None] = field(default=_nowhere)
    evidence: Callable[[Mark], str | None] | None = None

    @cached_property
    def chart(self) -> Chart:
        """What is drawn: marks in panels, and the notes under them."""
        return chart(self.spec, self.table, self.label)

    @property
    def title(self) -> str:
        """The title of the question, with the parameters that were given."""
        return f"{self.question.title} ({self.given})" if self.given else self.question.title

    @property
    def description(self) -> str:
        """What the plot shows, for those who do not see it."""
        marks = sum(len(panel.marks) for panel in self.chart.panels)
        shown = f"{marks} mark{'' if marks == 1 else 's'}"
        if len(self.chart.panels) > 1:
            shown += f" in {len(self.chart.panels)} panels"
        return " ".join([f"{self.question.question} {shown}.", *self.chart.notes])

    def svg(self, *, standalone: bool = True, narrow: bool = False) -> str:
        """The plot as an SVG document.

        Args:
            standalone: with its style, title and credit inside, as a file needs; a page has its own.
            narrow: 380 instead of 760 units wide, for phones.
        """
        rows = len(self.table)
        return draw(
            self.chart,
            name=self.question.name,
            title=self.title,
            description=self.description,
            empty="There is nothing to draw: the answer has no row."
            if not rows
            else f"There is nothing to draw: of {rows} row{'' if rows == 1 else 's'} none has the figures.",
            credit=self.credit,
            narrow=narrow,
            standalone=standalone,
            link=self._leads_to,
        )

    def _leads_to(self, mark: Mark) -> str | None:
        found = self.evidence(mark) if self.evidence else None
        return found or (self.link(mark.target) if mark.target else None)

    def figure(self) -> str:
        """The wide and the narrow drawing for a page, whose style sheet shows one of them.

        A matrix has hundreds of marks, so that its narrow drawing serves for both.
        """
        only = self.spec.kind == "heatmap"
        wide = "" if only else self.svg(standalone=False)
        narrow = self.svg(standalone=False, narrow=True)
        return element("div", wide, narrow, class_="plot-figure only" if only else "plot-figure")

    @staticmethod
    def style() -> str:
        """The style sheet of a page that holds :meth:`figure`."""
        return stylesheet(dark=True, pages=True)

    def html(self) -> str:
        """A page of its own that needs no network: the plot, its table, the question, works and licence."""
        from lithiokg.plots.document import document  # noqa: PLC0415  # only a page needs it

        return document(self)

    def png(self, *, scale: float = 2.0) -> bytes:
        """The plot as a PNG image.

        Args:
            scale: pixels for each unit of the drawing, which is 760 units wide.

        Raises:
            LithioKGError: if the renderer is not installed, or no font has the signs that are needed.
        """
        from lithiokg.plots.raster import png  # noqa: PLC0415  # an extra

        return png(self.svg(), scale)

    def save(self, path: Path | str) -> Path:
        """Write the plot to a file, which appears whole or not at all.

        Args:
            path: ending in one of :data:`PLOT_SUFFIXES`, which says what is written.

        Raises:
            UsageError: for another ending.
            LithioKGError: if the file cannot be written, or see :meth:`png`.
        """
        target = check_suffix(path)
        suffix = target.suffix.lower()
        if suffix == ".png":
            content = self.png()
        else:
            content = (self.svg() if suffix == ".svg" else self.html()).encode()
        _write(target, content)
        return target

    def _repr_svg_(self) -> str:
        return self.svg()

    def _repr_html_(self) -> str:
        # A notebook shows the drawing alone; a style of its own keeps it from that of the notebook.
        return element("div", self.svg(), style="background:#fff;max-width:780px")


def check_suffix(path: Path | str) -> Path:
    """The path, if its ending is one that a plot can be written as.

    Raises:
        UsageError: naming those.
    """
    target = Path(path)
    if target.suffix.lower() not in PLOT_SUFFIXES:
        raise UsageError(
            f"a plot cannot be written as {target.name!r}",
            mend=f"end the name of the file in {', '.join(PLOT_SUFFIXES[:-1])} or {PLOT_SUFFIXES[-1]}",
        )
    return target


def _write(target: Path, content: bytes) -> None:
    try:
        replace_file(target, content)
    except OSError as error:
        raise LithioKGError(f"{target} cannot be written: {error.strerror or error}") from error
