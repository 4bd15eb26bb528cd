"""The looks of a plot: one set of rules in two palettes, as classes, so that a strict policy can hold."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CLASSES", "FONT", "stylesheet"]

#: Colors that classes of marks can have; each goes with a shape of its own.
CLASSES = 7
#: Faces with Ω, μ, raised and lowered digits, those of every system first.
FONT = "system-ui, 'Liberation Sans', 'DejaVu Sans', Arial, Helvetica, sans-serif"


@dataclass(frozen=True, slots=True)
class _Palette:
    """Colors of one surrounding; the two lists of a matrix are the shades and the figures on them."""

    ink: str
    muted: str
    line: str
    grid: str
    band: str
    paper: str
    better: str
    worse: str
    amber: str
    classes: tuple[str, ...]
    heat: tuple[str, ...]
    on_heat: tuple[str, ...]


_LIGHT = _Palette(
    ink="#1b2430",
    muted="#51606f",
    line="#8894a1",
    grid="#dfe4ea",
    band="#f5f7f9",
    paper="#ffffff",
    better="#00629b",
    worse="#b3400e",
    amber="#9a5b00",
    classes=("#00629b", "#b3400e", "#0b7a53", "#7442b8", "#8a6100", "#b01f68", "#3d4c5c"),
    heat=("#ffffff", "#dcebf6", "#a9cfe8", "#66a5cf", "#2b77ad", "#0b4a7a"),
    on_heat=("#51606f", "#1b2430", "#1b2430", "#1b2430", "#ffffff", "#ffffff"),
)
_DARK = _Palette(
    ink="#e8ecf1",
    muted="#a5b1be",
    line="#7f8b98",
    grid="#303a45",
    band="#1b2129",
    paper="#14181e",
    better="#6cb8ee",
    worse="#ff9d66",
    amber="#f0b429",
    classes=("#6cb8ee", "#ff9d66", "#58cf9d", "#bd9cf5", "#e0b84a", "#f48abb", "#a9b6c4"),
    heat=("#14181e", "#18324a", "#1f4c72", "#2b6c9f", "#5aa0d4", "#a5d2f2"),
    on_heat=("#a5b1be", "#e8ecf1", "#e8ecf1", "#ffffff", "#0c1218", "#0c1218"),
)
_LAYOUT = (
    f".plot{{font-family:{FONT};font-size:12px}}.plot .s{{font-size:11px}}.plot .b{{font-weight:600}}"
    ".plot .h{font-size:15px;font-weight:600}.plot .end{text-anchor:end}.plot .mid{text-anchor:middle}"
    ".plot .u{font-size:8.5px}.plot .catch{fill-opacity:0}"
    ".plot .m,.plot .link,.plot .before{stroke-width:1.6}.plot .link{stroke-width:2.4;fill:none}"
    ".plot .c0,.plot .c1,.plot .c2,.plot .c3,.plot .c4,.plot .c5,.plot .c6{fill-opacity:.72}"
    ".plot .unsure .m{fill-opacity:1}.plot .cross{fill:none;stroke-width:2}.plot .none{stroke-width:1.5}"
    ".plot .cells text{font-size:11px;text-anchor:middle}"
    ".plot a{text-decoration:none}.plot a:hover text{text-decoration:underline}"
    ".plot a:hover .m,.plot a:hover .bar{stroke-width:3}"
    ".plot .cells a:hover rect{stroke:currentColor;stroke-width:2}"
)


def stylesheet(*, dark: bool = False, pages: bool = False) -> str:
    """The rules.

    Args:
        dark: whether those for dark surroundings follow, for readers whose system says so.
        pages: whether those that choose between the wide and the narrow drawing follow.
    """
    rules = _rules(_LIGHT, layout=True)
    if dark:
        rules += f"@media screen and (prefers-color-scheme:dark){{{_rules(_DARK, layout=False)}}}"
    if pages:
        rules += (
            ".plot-figure{margin:0 0 1rem}.plot-figure svg{width:100%;height:auto}"
            ".plot.wide{max-width:900px}.plot.narrow{display:none;max-width:420px}"
            "@media (max-width:640px){.plot.wide{display:none}.plot.narrow{display:block}}"
            "@media print{.plot.wide{display:block}.plot.narrow{display:none}}"
            ".plot-figure.only .plot.narrow{display:block;max-width:560px}"
        )
    return rules


def _rules(palette: _Palette, *, layout: bool) -> str:
    p = palette
    colors = (
        f".plot text{{fill:{p.ink}}}.plot .q{{fill:{p.muted}}}.plot .paper{{fill:{p.paper}}}"
        f".plot .grid{{stroke:{p.grid};stroke-width:1}}.plot .axis{{stroke:{p.line};stroke-width:1}}"
        f".plot .rule{{stroke:{p.ink};stroke-width:1;stroke-dasharray:2 3}}.plot .band{{fill:{p.band}}}"
        f".plot .bar{{fill:{p.better}}}.plot .m{{fill:{p.better};stroke:{p.better}}}"
        f".plot .before{{fill:{p.muted};stroke:{p.muted}}}.plot .link{{stroke:{p.better}}}"
        f".plot .worse .m{{fill:{p.worse};stroke:{p.worse}}}.plot .worse .link{{stroke:{p.worse}}}"
        f".plot .worse text.f{{fill:{p.worse}}}.plot text.f{{fill:{p.better}}}"
        f".plot .none{{stroke:{p.muted};fill:none}}.plot .arrow{{stroke:{p.ink};stroke-width:1.4;fill:none}}"
        f".plot .key{{fill:none;stroke:{p.muted}}}"
        f".plot .warn{{fill:{p.amber}}}.plot .warn-line{{stroke:{p.paper};stroke-width:1.4}}"
    )
    rules = [colors]
    for index, color in enumerate(p.classes):
        rules.append(f".plot .c{index}{{fill:{color};stroke:{color}}}.plot .x{index}{{stroke:{color}}}")
    rules += [f".plot .h{index}{{fill:{color}}}" for index, color in enumerate(p.heat)]
    rules.append(f".plot rect.h0{{stroke:{p.grid}}}")
    rules += [f".plot text.t{index}{{fill:{color}}}" for index, color in enumerate(p.on_heat)]
    # A doubtful figure is hollow, whatever its class.
    hollow = ",".join(f".plot .unsure .{each}" for each in ("m", "before", "bar"))
    rules.append(f"{hollow}{{fill:{p.paper}}}.plot .unsure .bar{{stroke:{p.better}}}")
    rules.append(f".plot a:focus-visible{{outline:2px solid {p.ink};outline-offset:2px}}")
    return "".join([*rules, _LAYOUT] if layout else rules)
