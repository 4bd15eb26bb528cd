"""Plots of answers: one specification, the field ``plot`` of a saved question, and a drawing of our own.

The specification is :class:`lithiokg.questions.PlotSpec`; the command line, notebooks and pages draw the
same :class:`Plot`. The drawing is ours, and not that of a library, for what a library does not give
together: every mark is a link to its evidence with a name for screen readers, colors are classes that a
strict Content-Security-Policy and dark mode allow, a second drawing fits a phone, and the same bytes come
out on every machine, without anything but Python. ``docs/plots.md`` weighs the libraries.
"""

from __future__ import annotations

from lithiokg.plots.marks import Chart, Mark, Panel
from lithiokg.plots.plot import PLOT_SUFFIXES, Plot, check_suffix, spec_of
from lithiokg.plots.style import stylesheet

__all__ = ["PLOT_SUFFIXES", "Chart", "Mark", "Panel", "Plot", "check_suffix", "spec_of", "stylesheet"]
