"""``lithiokg coverage``."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path  # noqa: TC003  # click reads it
from typing import TYPE_CHECKING

import click

from lithiokg.cli.session import open_session
from lithiokg.cli.verify import document_option, source_option
from lithiokg.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.fidelity import Coverage, ParagraphCoverage

__all__ = ["command"]


@click.command()
@source_option
@document_option
@click.option("--gaps", is_flag=True, help="List only what is missing.")
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(*, source: Path, document: str, gaps: bool, format_: str) -> None:
    """List, paragraph by paragraph, what of a document is in the graph and what is not.

    Missing is: a numeral that is neither a figure of the graph nor plainly something else (a formula, a
    locant, a year ...), a reference marker with no fact, a paragraph with no claim. Exit code 1 if there
    is any.
    """
    from lithiokg.fidelity import SourceText, cover  # noqa: PLC0415
    from lithiokg.vocabulary import ID  # noqa: PLC0415

    text = SourceText.read(source)
    graph = open_session()
    coverage = cover(graph.store, text, f"{ID}work/{document}")
    click.echo(_json(coverage) if format_ == "json" else "\n".join(_lines(coverage, gaps=gaps)))
    if not coverage.clean:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _lines(coverage: Coverage, *, gaps: bool) -> Iterator[str]:
    for opening in coverage.missing:
        yield f"not found in this text: {opening}"
    shown = [part for part in coverage.parts if not (gaps and part.clean)]
    for section, parts in groupby(shown, key=lambda part: part.passage.section):
        yield click.style(section, bold=True)
        for part in parts:
            name = part.passage.name.removeprefix(f"{section}, ")
            yield f"  {name:<16} {part.claims:>4} claims {part.observations:>4} figures"
            yield from (f"      {line}" for line in _gaps(part))
    open_parts = sum(not part.clean for part in coverage.parts)
    claims, figures = (sum(getattr(p, name) for p in coverage.parts) for name in ("claims", "observations"))
    yield (
        f"\n{_counted(len(coverage.parts), 'part')}, {_counted(claims, 'claim')} and {_counted(figures, 'figure')} "
        f"with {'its place' if claims + figures == 1 else 'their places'}; "
        + (f"{open_parts} part{' has' if open_parts == 1 else 's have'} gaps" if open_parts else "no gaps")
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _gaps(part: ParagraphCoverage) -> Iterator[str]:
    for numeral in part.numerals:
        yield f"numeral not accounted for, line {numeral.line}: {numeral.text}   ... {numeral.context} ..."
    if part.references:
        yield f"cited, but no fact rests on it: {', '.join(map(str, part.references))}"
    if part.needs_claim:
        yield "no claim"


def _json(coverage: Coverage) -> str:
    records = [
        {
            "section": part.passage.section,
            "part": part.passage.name,
            "claims": part.claims,
            "observations": part.observations,
            "numerals": [[numeral.text, numeral.line] for numeral in part.numerals],
            "references": part.references,
            "needs_claim": part.needs_claim,
        }
        for part in coverage.parts
    ]
    return json.dumps({"missing": coverage.missing, "parts": records}, indent=2, ensure_ascii=False)
