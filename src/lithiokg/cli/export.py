"""``lithiokg export``."""

from __future__ import annotations

from pathlib import Path

import click

from lithiokg.cli.render import render
from lithiokg.cli.session import note, open_session

__all__ = ["command"]

_TABLES = ("observations", "designs", "claims")
_FLAT = ("csv", "tsv", "json", "md")
_RDF = ("ttl", "turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml")
_BIBLIOGRAPHY = ("bibtex", "csl-json", "ris")
#: What can be written -> the syntaxes it can be written in, the usual one first.
_SYNTAXES = {
    "graph": ("turtle", *(name for name in _RDF if name != "turtle")),
    **dict.fromkeys(_TABLES, _FLAT),
    "bibliography": _BIBLIOGRAPHY,
}


@click.command()
@click.argument("what", type=click.Choice(list(_SYNTAXES)), default="graph")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice([*_RDF, *_FLAT, *_BIBLIOGRAPHY]),
    help="RDF syntax for the graph (default turtle); csv, tsv, json or md for a table (default csv); "
    "bibtex, csl-json or ris for the bibliography (default bibtex).",
)
@click.option("--stated", is_flag=True, help="Leave out what was inferred (graph only).")
@click.option("--everything", is_flag=True, help="Add curation places and saved questions (graph only).")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
)
def command(what: str, *, format_: str | None, stated: bool, everything: bool, output: Path | None) -> None:
    """Write the graph as RDF, all observations, designs or claims as a table, or the works cited.

    The tables' columns are a public contract: see docs/flat-exports.md. TriG, N-Quads and JSON-LD keep
    the named graphs; Turtle, N-Triples and RDF/XML hold their union.
    """
    format_ = format_ or _SYNTAXES[what][0]
    if format_ not in _SYNTAXES[what]:
        fitting = ", ".join(_SYNTAXES[what])
        raise click.UsageError(f"'{what}' cannot be written as {format_}; it can as {fitting}.")
    if what != "graph" and (stated or everything):
        raise click.UsageError("--stated and --everything are for the graph.")
    graph = open_session()
    if what == "bibliography":
        text = graph.bibliography(format_)
        counted = "the bibliography"
    elif what in _TABLES:
        tables = {"observations": graph.observations, "designs": graph.designs, "claims": graph.claims}
        table = tables[what]()
        text = render(table.variables, graph.readable(table), format_) + "\n"
        counted = f"{len(table)} {what}"
    else:
        from lithiokg.export import export_quads, serialize  # noqa: PLC0415
        from lithiokg.store import EmbeddedStore  # noqa: PLC0415

        assert isinstance(graph.store, EmbeddedStore)  # noqa: S101  # no endpoint is offered here
        quads = export_quads(graph.store, stated_only=stated, everything=everything)
        text = serialize(quads, format_)
        counted = f"{len(quads)} statements"
    if output is None:
        click.echo(text, nl=False)
        return
    _write(output, text)
    note(f"wrote {counted} to {output}")


def _write(path: Path, text: str) -> None:
    """Write beside the file and rename, so that a failure leaves what was there."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
