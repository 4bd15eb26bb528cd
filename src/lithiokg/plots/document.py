"""A page of its own for one plot, that needs nothing from anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.plots.markup import element, safe_href, text
from lithiokg.plots.style import stylesheet
from lithiokg.store import python_value
from lithiokg.store.sheet import beside_comparators, is_numeric, short_cell

if TYPE_CHECKING:
    from lithiokg.plots.plot import Plot
    from lithiokg.store import Term, Value

__all__ = ["document"]

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;color:#1b2430;background:#fff;max-width:60rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .4rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .6rem;border-bottom:1px solid #dfe4ea;text-align:left;vertical-align:top}
td.n,th.n{text-align:right}td.none{color:#51606f}a{color:#00629b}
pre{overflow-x:auto;background:#f5f7f9;padding:.8rem;font-size:.8rem}li{margin:.2rem 0}
@media screen and (prefers-color-scheme:dark){body{color:#e8ecf1;background:#14181e}a{color:#6cb8ee}
th,td{border-color:#303a45}pre{background:#1b2129}td.none{color:#a5b1be}}
"""


def document(plot: Plot) -> str:
    """The page of a plot.

    Args:
        plot: the plot.
    """
    question = plot.question
    query = "\n".join(line for line in plot.text.splitlines() if not line.startswith("#+")).strip()
    works = "".join(element("li", text(work)) for work in plot.works())
    parts = [
        element("h1", text(plot.title)),
        element("p", text(question.question)),
        plot.figure(),
        element("h2", text("What is drawn, as a table")),
        _table(plot),
        element("h2", text("How to read it")),
        element("p", text(question.description)),
        element("h2", text("Works cited")) + element("ol", works) if works else "",
        element("h2", text("The query behind it")) + element("pre", text(query), tabindex="0")
        if query
        else "",
        element("p", text(plot.credit)) if plot.credit else "",
    ]
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(plot.title)}</title><style>{_STYLE}{stylesheet(dark=True, pages=True)}</style>"
    )
    body = "\n".join(filter(None, parts))
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{body}\n</main></body></html>\n'
    )


def _table(plot: Plot) -> str:
    columns = plot.table.variables
    terms = list(plot.table)
    values = [tuple(_value(plot, term) for term in row) for row in terms]
    right = [is_numeric([row[i] for row in values]) for i in range(len(columns))]
    shown = [[short_cell(value) for value in row] for row in values]
    # A comparator moves in front of its number, so that its column goes; terms follow the ones that stay.
    heads, cells, right_ = beside_comparators(columns, shown, right)
    joined = [
        i
        for i, name in enumerate(columns[:-1])
        if name.startswith("comparator") and (right[i + 1] or not cells)
    ]
    kept = [i for i in range(len(columns)) if i not in joined]
    head = element(
        "tr",
        *(
            element("th", text(h), scope="col", class_="n" if r else None)
            for h, r in zip(heads, right_, strict=True)
        ),
    )
    rows = [
        element(
            "tr",
            *(_cell(plot, row[i], cell, numeric=r) for i, cell, r in zip(kept, said, right_, strict=True)),
        )
        for row, said in zip(terms, cells, strict=True)
    ]
    table = element("table", element("thead", head), element("tbody", *rows) if rows else "<tbody></tbody>")
    return element(
        "div", table, class_="scroll", tabindex="0", role="region", aria_label="the answer as a table"
    )


def _value(plot: Plot, term: Term | None) -> Value:
    return plot.label(term.value) if isinstance(term, ox.NamedNode) else python_value(term)


def _cell(plot: Plot, term: Term | None, shown: str, *, numeric: bool) -> str:
    if term is None:
        return element("td", text("not reported" if numeric else "–"), class_="none")
    if isinstance(term, ox.NamedNode):
        href = safe_href(plot.link(term.value))
        return element("td", element("a", text(shown), href=href) if href else text(shown))
    return element("td", text(shown), class_="n" if numeric else None)
