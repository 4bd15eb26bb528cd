"""PNG images, through resvg (a renderer in Rust that needs no library of the system)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.plots.style import FONT

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["png"]

#: Signs without which a figure of this graph would say something else.
_NEEDED = "Ω²⁻−×μ₃"


def png(svg: str, scale: float) -> bytes:
    """Render an SVG document.

    Args:
        svg: the document.
        scale: pixels for each of its units.

    Raises:
        LithioKGError: if the renderer is not installed, or no font has the signs that are needed.
    """
    try:
        import resvg_py  # noqa: PLC0415  # an extra
    except ImportError as error:
        raise LithioKGError(
            "a PNG image needs resvg-py, which is not installed",
            mend='pip install "lithiokg[png]", or write .svg, which needs nothing',
        ) from error
    missing = _missing(resvg_py)
    if missing:
        raise LithioKGError(
            f"no font of this machine has {' '.join(missing)}",
            mend="install one, such as DejaVu or Liberation (apt-get install fonts-dejavu), or write .svg",
        )
    rendered = resvg_py.svg_to_bytes(svg_string=svg, zoom=scale, background="#ffffff")
    return bytes(rendered)


@cache
def _missing(resvg_py: ModuleType) -> str:
    """The needed signs that leave no trace when drawn."""

    def drawn(words: str) -> bytes:
        style = f'font-family="{FONT}" font-size="16"'
        text = f'<text x="4" y="20" {style}>{words}</text>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30">{text}</svg>'
        return bytes(resvg_py.svg_to_bytes(svg_string=svg))

    blank = drawn("")
    return "".join(sign for sign in _NEEDED if drawn(sign) == blank)
