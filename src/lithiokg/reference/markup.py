"""HTML in small pieces: the frame of a page, links, lists. Pages need no other file and no script."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["code", "page", "prose", "row", "text"]

_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:0 1rem 4rem}
h1{font-size:1.6rem;margin:1rem 0 .3rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-bottom:1px solid #8886}
h3{font-size:1.05rem;margin:1.6rem 0 .2rem}h3 code{font-weight:400}p{margin:.2rem 0}
nav{font-size:14px;padding:.6rem 0;border-bottom:1px solid #8886}nav a{margin-right:.7rem}
dl{display:grid;grid-template-columns:9rem 1fr;gap:.1rem .8rem;margin:.3rem 0;font-size:14px}
dt{color:#777}dd{margin:0;overflow-wrap:anywhere}code{font-size:13px}
b.i,b.c{font:12px system-ui;border:1px solid #9a7420;border-radius:3px;padding:0 .3rem}b.c{border-color:#3b5b7a}
table{border-collapse:collapse;font-size:14px;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #8884}
figure{margin:1rem 0}figure svg{max-width:100%;height:auto}figcaption{font-size:14px}
td i{font-style:normal;color:#777}ul.tree,ul.tree ul{list-style:none;padding-left:1.1rem;margin:0}.q{color:#777}:target{background:#fd08}
"""


def text(words: str) -> str:
    """Plain text as HTML."""
    return escape(words, quote=False)


def code(words: str) -> str:
    """Code, in line."""
    return f"<code>{text(words)}</code>"


def prose(words: str) -> str:
    """Text in which backticks mark code.

    >>> prose("say `a < b`")
    'say <code>a &lt; b</code>'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text(words))


def row(name: str, values: Iterable[str], *, between: str = ", ") -> str:
    """One line of an entry, or nothing where there is no value; the values are HTML."""
    said = between.join(values)
    return f"<dt>{name}<dd>{said}\n" if said else ""


def page(title: str, navigation: str, body: str) -> str:
    """A whole page."""
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{text(title)}</title>\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<style>{_STYLE}</style>\n<nav>{navigation}</nav>\n{body}</html>\n"
    )
