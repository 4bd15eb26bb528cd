"""``lithiokg export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import render
from lithiokg.cli.session import bridge_option, endpoint_option, note, open_session, sources_in_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyoxigraph as ox

    from lithiokg.graph import KnowledgeGraph

__all__ = ["command"]

_TABLES = ("observations", "designs", "claims")
_FLAT = ("csv", "tsv", "json", "md")
_RDF = ("ttl", "turtle", "trig", "nquads", "ntriples", "jsonld", "rdfxml")
_BIBLIOGRAPHY = ("bibtex", "csl-json", "ris")
#: In whose words the facts can be written -> the syntaxes, as lithiokg.export.profiles has them.
_PROFILES = {"emmo": ("jsonld", "turtle", "ttl"), "nanopub": ("trig",), "schema": ("jsonld",)}
#: What can be written -> the syntaxes it can be written in, the usual one first.
_SYNTAXES = {
    **dict.fromkeys(
        ("graph", "mappings", "withdrawn"), ("turtle", *(name for name in _RDF if name != "turtle"))
    ),
    **dict.fromkeys(_TABLES, _FLAT),
    "bibliography": _BIBLIOGRAPHY,
    "spreadsheet": ("xlsx", "csv"),
}


@click.command()
@click.argument("what", type=click.Choice([*_SYNTAXES]), default="graph", metavar="[WHAT]")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice([*_RDF, *_FLAT, *_BIBLIOGRAPHY, "xlsx"]),
    metavar="FORMAT",
    help="turtle, trig, nquads, ntriples, jsonld or rdfxml for RDF (default turtle); csv, tsv, json or md for a table (default csv); "
    "bibtex, csl-json or ris for the bibliography (default bibtex); xlsx or csv for the spreadsheet (default xlsx).",
)
@click.option("--stated", is_flag=True, help="Leave out what was inferred (graph only).")
@click.option(
    "--everything", is_flag=True, help="Add curation places, saved questions and mappings (graph only)."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
)
@click.option(
    "--profile",
    type=click.Choice(list(_PROFILES)),
    help="Write the facts in other people's words (graph only): emmo (jsonld, turtle), "
    "nanopub (trig) or schema (jsonld).",
)
@click.option("--source", metavar="NAME", help="Which source to write (spreadsheet only).")
@endpoint_option
@bridge_option
def command(
    what: str,
    *,
    format_: str | None,
    stated: bool,
    everything: bool,
    output: Path | None,
    profile: str | None,
    source: str | None,
    endpoint: str | None,
    bridge: str | None,
) -> None:
    """Write facts for use elsewhere.

    WHAT is one of: graph, mappings, withdrawn (as RDF); observations, designs, claims (as flat tables);
    bibliography; spreadsheet. The graph unless given.

    The tables' columns are a public contract: see docs/flat-exports.md. TriG, N-Quads and JSON-LD keep
    the named graphs; Turtle, N-Triples and RDF/XML hold their union, without the mappings. A profile is described in
    docs/profiles.md. A spreadsheet holds the records of one source as 'lithiokg import' reads them.
    """
    if what == "spreadsheet":
        _spreadsheet(source, output, format_)
        return
    if source is not None:
        raise click.UsageError("--source is for the spreadsheet.")
    if profile is not None:
        _check_profile(what, profile, format_, plain=not (stated or everything or bridge))
        _deliver(open_session(endpoint).profile(profile, format_), output, f"the profile {profile}")
        return
    format_ = format_ or _SYNTAXES[what][0]
    if format_ not in _SYNTAXES[what]:
        fitting = ", ".join(_SYNTAXES[what])
        raise click.UsageError(f"'{what}' cannot be written as {format_}; it can as {fitting}.")
    if what != "graph" and (stated or everything or bridge):
        raise click.UsageError("--stated, --everything and --bridge are for the graph.")
    graph = open_session(endpoint, bridge=bridge)
    if what == "bibliography":
        _deliver(graph.bibliography(format_), output, "the bibliography")
    elif what in _TABLES:
        tables = {"observations": graph.observations, "designs": graph.designs, "claims": graph.claims}
        table = tables[what]()
        text = render(table.variables, graph.readable(table), format_) + "\n"
        _deliver(text, output, f"{len(table)} {what}")
    elif what == "graph" and format_ == "nquads":
        from lithiokg.export import nquads_lines  # noqa: PLC0415

        _deliver_lines(nquads_lines(graph.store, stated_only=stated, everything=everything), output)
    else:
        quads = _quads(graph, what, format_, stated=stated, everything=everything)
        from lithiokg.export import serialize  # noqa: PLC0415

        _deliver(serialize(quads, format_), output, f"{len(quads)} statements")


def _quads(
    graph: KnowledgeGraph, what: str, format_: str, *, stated: bool, everything: bool
) -> list[ox.Quad]:
    from lithiokg.export import RDF_FORMATS, export_mappings, export_quads  # noqa: PLC0415

    if what == "mappings":
        return export_mappings(graph.store)
    if what == "withdrawn":
        return graph.withdrawn()
    apart = RDF_FORMATS[format_].supports_datasets
    return export_quads(graph.store, stated_only=stated, everything=everything, mappings=apart)


def _spreadsheet(source: str | None, output: Path | None, format_: str | None) -> None:
    """Write the records of a source as a workbook, or as a folder of CSV files."""
    from lithiokg.intake import write_spreadsheet  # noqa: PLC0415  # nothing else needs it

    if output is None:
        raise click.UsageError("A spreadsheet needs a file: -o FILE.xlsx (or with --format csv, a folder).")
    if format_ not in {None, *_SYNTAXES["spreadsheet"]}:
        raise click.UsageError(f"'spreadsheet' cannot be written as {format_}; it can as xlsx, csv.")
    counts, lost = write_spreadsheet(source, sources_in_use(), output, format_ or "xlsx")
    told = (f"{count} {name.removesuffix('s') if count == 1 else name}" for name, count in counts.items())
    note(f"wrote {', '.join(told)} to {output}")
    if lost:
        note(f"not in it, since no sheet holds {'it' if len(lost) == 1 else 'them'}:")
        note("\n".join(f"  {line}" for line in lost))


def _check_profile(what: str, profile: str, format_: str | None, *, plain: bool) -> None:
    if what != "graph":
        raise click.UsageError(f"--profile is for the graph, not for the {what}.")
    if not plain:
        raise click.UsageError(
            "--stated, --everything and --bridge are for the graph in our own words, not a profile."
        )
    if format_ is not None and format_ not in _PROFILES[profile]:
        fitting = ", ".join(_PROFILES[profile])
        raise click.UsageError(f"The profile {profile} cannot be written as {format_}; it can as {fitting}.")


def _deliver(text: str, output: Path | None, counted: str) -> None:
    if output is None:
        click.echo(text, nl=False)
        return
    _write(output, [text])
    note(f"wrote {counted} to {output}")


def _deliver_lines(lines: Iterator[str], output: Path | None) -> None:
    """Write lines as they come: there may be more than fit in memory."""
    if output is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    note(f"wrote {_write(output, lines)} statements to {output}")


def _write(path: Path, lines: Iterable[str]) -> int:
    """Write a file whole or not at all; the lines are counted."""
    from lithiokg.errors import LithioKGError  # noqa: PLC0415
    from lithiokg.files import replacing  # noqa: PLC0415

    count = 0
    try:
        with replacing(path) as stream:
            for count, line in enumerate(lines, 1):  # noqa: B007  # the number of the last one is the answer
                stream.write(line.encode())
    except OSError as error:
        raise LithioKGError(
            f"{path} cannot be written: {error.strerror or error}",
            mend="free some space, or name a file in a folder that is there and writable",
        ) from error
    return count
