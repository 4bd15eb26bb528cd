"""Elements of SVG and HTML, with everything that comes from data escaped."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

__all__ = ["element", "n", "safe_href", "text", "typeset"]

#: Characters that XML cannot hold at all, not even escaped.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RAISED, _LOWERED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
_MOVED = re.compile(f"([{_RAISED}]+|[{_LOWERED}]+)")
_PLAIN = str.maketrans(_RAISED + _LOWERED, "−0123456789" + "0123456789")
#: How far raised and lowered digits are moved, in pixels.
_UP, _DOWN = -4.0, 2.5


def text(value: str) -> str:
    r"""Text as it stands in markup.

    >>> text("<b> & \x00")
    '&lt;b&gt; &amp; \ufffd'
    """
    return escape(_UNWRITABLE.sub("\ufffd", value), quote=True)


def element(name: str, *content: str, **attributes: object) -> str:
    """An element; its content is markup, its attributes are plain values (``None`` leaves one out).

    A final underscore is dropped from the name of an attribute, and the others become hyphens.

    >>> element("text", text("a < b"), class_="t", text_anchor="end", x=None)
    '<text class="t" text-anchor="end">a &lt; b</text>'
    """
    written = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{text(n(value) if isinstance(value, float) else str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def typeset(value: str) -> str:
    """Text of a drawing, in which raised and lowered digits are ordinary ones, moved: few fonts have the others.

    >>> typeset("Li₃N")
    'Li<tspan class="u" dy="2.5">3</tspan><tspan dy="-2.5">N</tspan>'
    >>> typeset("cm⁻²")
    'cm<tspan class="u" dy="-4">−2</tspan>'
    """
    written: list[str] = []
    back = 0.0
    for index, part in enumerate(_MOVED.split(value)):
        if not part:
            continue
        if index % 2:
            shift = _UP if part[0] in _RAISED else _DOWN
            plain = text(part.translate(_PLAIN))
            written.append(f'<tspan class="u" dy="{n(shift + back)}">{plain}</tspan>')
            back = -shift
        else:
            written.append(f'<tspan dy="{n(back)}">{text(part)}</tspan>' if back else text(part))
            back = 0.0
    return "".join(written)


def n(value: float) -> str:
    """A length to a tenth of a pixel.

    >>> n(3.0), n(2.25), n(-0.01)
    ('3', '2.2', '0')
    """
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def safe_href(href: str | None) -> str | None:
    """A link that leads to a page, or nothing where it would run something.

    >>> safe_href("/page/id/design/x"), safe_href("javascript:alert(1)")
    ('/page/id/design/x', None)
    """
    if not href:
        return None
    try:
        scheme = urlsplit(href.strip()).scheme.lower()
    except ValueError:
        return None
    return href if scheme in {"", "http", "https"} else None
