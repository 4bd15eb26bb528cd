"""``lithiokg map list | show | check``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import format_option, render
from lithiokg.cli.session import note, sources_in_use
from lithiokg.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.linking import Mapping, MappingSet
    from lithiokg.store import Value

__all__ = ["command"]

_RELATIONS = ("exact", "close", "broad", "narrow", "related")
_ROW = ("term", "relation", "counterpart", "confidence", "comment")
_ROT = ("target", "term", "relation", "counterpart", "change", "now", "place")


@click.group()
def command() -> None:
    """List, show and check the mappings to other ontologies."""


def _tables(targets: Collection[str] = ()) -> list[MappingSet]:
    """The mapping tables, or those of some targets.

    Raises:
        SourceError: if a table does not read.
        UsageError: if there is no table of that name.
    """
    from lithiokg.linking import load_mappings  # noqa: PLC0415
    from lithiokg.linking.header import closest  # noqa: PLC0415

    sources = sources_in_use()
    found = load_mappings(sources.ontology / "mappings", relative=sources.relative)
    known = {each.target: each for each in found}
    for target in targets:
        if target not in known:
            mend = closest(target, known) or f"there are {', '.join(known)}"
            raise UsageError(f"there is no table of mappings to {target!r}", mend=mend)
    return [known[target] for target in dict.fromkeys(targets)] if targets else found


@command.command("list")
@click.argument("targets", nargs=-1)
@click.option("--relation", type=click.Choice(_RELATIONS), help="Only rows with this relation.")
@click.option(
    "--denied", is_flag=True, help="Only false friends: rows that say that the relation does not hold."
)
@click.option("--missing", is_flag=True, help="Only terms for which the target has none.")
@format_option
def list_(
    targets: tuple[str, ...], *, relation: str | None, denied: bool, missing: bool, format_: str
) -> None:
    """List the targets, or the rows of the TARGETS named.

    A relation reads from our term to theirs: "broad" means that theirs is the broader one.
    """
    tables = _tables(targets)
    if not (targets or relation or denied or missing):
        click.echo(render(_SUMMARY, [_summary(table) for table in tables], format_))
        note("\n'lithiokg map list TARGET' lists the rows of one, 'lithiokg map show TERM' those of a term")
        return

    def wanted(row: Mapping) -> bool:
        return (
            relation in {None, _relation_name(row)}
            and (row.negated or not denied)
            and (row.finds_no_term or not missing)
        )

    rows = [(table.target, *_row(table, row)) for table in tables for row in table.mappings if wanted(row)]
    start = 1 if len(targets) == 1 else 0  # the name of a single target need not be repeated
    click.echo(render(("target", *_ROW)[start:], [row[start:] for row in rows], format_))


_SUMMARY = ("target", "version", *_RELATIONS, "denied", "no_term", "title")


def _summary(table: MappingSet) -> tuple[Value, ...]:
    links = [_relation_name(row) for row in table.mappings if row.is_link]
    return (
        table.target,
        table.text("object_source_version") or table.text("mapping_date"),
        *(links.count(name) for name in _RELATIONS),
        sum(row.negated for row in table.mappings),
        sum(row.finds_no_term for row in table.mappings),
        table.text("mapping_set_title"),
    )


def _relation_name(row: Mapping) -> str:
    return row.predicate.rpartition("#")[2].removesuffix("Match")


def _row(table: MappingSet, row: Mapping) -> tuple[Value, ...]:
    """A row for people: labels where there are any, and the relation in words."""
    relation = _relation_name(row)
    counterpart = row.text("object_label") or table.compact(row.object)
    return (
        row.text("subject_label") or table.compact(row.subject),
        f"not {relation}" if row.negated else relation,
        None if row.finds_no_term else counterpart,
        row.confidence,
        row.text("comment") or None,
    )


@command.command()
@click.argument("term")
@click.option("--iris", is_flag=True, help="CURIEs and IRIs in place of labels.")
@format_option
def show(term: str, *, iris: bool, format_: str) -> None:
    """Show all mappings of a TERM: any name of ours, or the label, CURIE or IRI of theirs."""
    tables = _tables()
    found = list(_of_theirs(tables, term)) or list(_of_ours(tables, term))
    if not found:
        raise UsageError(
            f"no table has a row about {term!r}", mend="list the rows of a target: lithiokg map list TARGET"
        )
    rows: list[tuple[Value, ...]] = []
    for table, row in found:
        subject, relation, counterpart, confidence, comment = _row(table, row)
        if iris:
            subject = table.compact(row.subject)
            counterpart = None if row.finds_no_term else table.compact(row.object)
        rows.append((subject, table.target, relation, counterpart, confidence, comment))
    click.echo(render(("term", "target", *_ROW[1:]), rows, format_))


def _of_theirs(tables: Sequence[MappingSet], name: str) -> Iterator[tuple[MappingSet, Mapping]]:
    for table in tables:
        for row in table.mappings:
            if not row.finds_no_term and name in {
                row.text("object_label"),
                row.object,
                table.compact(row.object),
            }:
                yield table, row


def _of_ours(tables: Sequence[MappingSet], name: str) -> Iterator[tuple[MappingSet, Mapping]]:
    from lithiokg.cli.session import open_session  # noqa: PLC0415  # the graph is not needed for the rest

    with open_session("") as graph:
        iri = _term(graph, name)
    for table in tables:
        yield from ((table, row) for row in table.mappings if row.subject == iri)


def _term(graph: KnowledgeGraph, name: str) -> str:
    """The thing of a name; where many have it, the class or property."""
    try:
        return graph.find(name)
    except UsageError as error:
        for kind in ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty"):
            with suppress(UsageError):
                return graph.find(name, kind=kind)
        raise error from None


@command.command()
@click.argument("targets", nargs=-1)
@click.option(
    "--upstream",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder with copies of the targets, in Turtle, RDF/XML, OBO or OWL functional syntax.",
)
@format_option
def check(targets: tuple[str, ...], *, upstream: Path, format_: str) -> None:
    """Tell which mapped terms have vanished, are deprecated or were renamed.

    Every row is looked up, or those of the TARGETS named, of which there must be copies then. Exit code 1
    if a term has changed.
    """
    from lithiokg.linking.rot import check_rot  # noqa: PLC0415
    from lithiokg.linking.upstream import read_copy  # noqa: PLC0415

    tables = _tables(targets)
    copy = read_copy(upstream)
    report = check_rot(tables, copy, all_of_them=bool(targets))
    by_target = {table.target: table for table in tables}
    rows: list[tuple[Value, ...]] = []
    for rot in report.findings:
        term, relation, counterpart, _, _ = _row(by_target[rot.row.target], rot.row)
        label = counterpart if counterpart == rot.counterpart else f"{counterpart} ({rot.counterpart})"
        rows.append((rot.row.target, term, relation, label, rot.change, rot.now or None, str(rot.row.place)))
    if rows or format_ != "table":
        click.echo(render(_ROT, rows, format_))
    for what in copy.unread:
        note(f"{click.style('note:', fg='yellow')} {what}")
    for line in report.notes:
        note(f"{click.style('note:', fg='yellow')} {line}")
    count = sum(report.checked.values())
    targets_checked = f"{len(report.checked)} target{'' if len(report.checked) == 1 else 's'}"
    changed = "1 term has changed" if len(rows) == 1 else f"{len(rows)} terms have changed"
    note(f"{count:,} rows about {targets_checked} checked: {changed}")
    if rows:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
