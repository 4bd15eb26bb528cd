"""``lithiokg show``."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import jsonable, width
from lithiokg.cli.session import endpoint_option, note, open_session
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lithiokg.graph import Description, Fact

__all__ = ["command"]

#: How many values of one relation are listed before the rest is counted.
_LISTED, _SENTENCES = 12, 6
#: How many things that refer to it by one relation are looked at.
_TOLD = 1000
#: Relations take no more room than this beside their values.
_RELATION = 24
#: A value longer than this, or with a comma in it, has a line of its own.
_WORD = 40


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json", "ttl"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
@click.option(
    "--all", "everything", is_flag=True, help="List everything, however long, and what follows from the rest."
)
@endpoint_option
def command(name: tuple[str, ...], *, format_: str, everything: bool, endpoint: str | None) -> None:
    """Show what is known of NAME: a label, synonym, formula, CURIE or IRI."""
    graph = open_session(endpoint)
    asked = " ".join(name)
    if format_ == "ttl":
        from lithiokg.export import serialize  # noqa: PLC0415

        triples = graph.sparql(f"DESCRIBE <{graph.find(asked)}>")
        click.echo(serialize(triples if isinstance(triples, list) else [], "turtle"), nl=False)
        return
    description = graph.show(asked, most=None if everything or format_ == "json" else _TOLD)
    if format_ == "json":
        click.echo(_json(description))
        return
    click.echo(_text(description, everything=everything))
    if not everything and any(fact.implied for fact in _all_facts(description)):
        note("\nmore with --all")


def _all_facts(description: Description) -> tuple[Fact, ...]:
    return (*description.kinds, *description.facts, *description.formerly, *description.incoming)


def _json(description: Description) -> str:
    import dataclasses  # noqa: PLC0415
    import json  # noqa: PLC0415

    return json.dumps(dataclasses.asdict(description), indent=2, ensure_ascii=False, default=jsonable)


def _text(description: Description, *, everything: bool) -> str:
    lines = [click.style(description.label, bold=True), f"  {compact(description.iri)}"]
    if description.definition:
        lines += textwrap.wrap(description.definition, width(), initial_indent="  ", subsequent_indent="  ")
    if description.synonyms:
        called = f"also called {', '.join(description.synonyms)}"
        lines += textwrap.wrap(called, width(), initial_indent="  ", subsequent_indent="  ")
    if description.curated_at:
        lines.append(f"  curated at {description.curated_at}")
    shown = []
    for title, facts in (
        ("", description.kinds),
        ("", description.facts),
        ("Formerly stated", description.formerly),
        ("Elsewhere", description.incoming),
    ):
        kept = [fact for fact in facts if everything or not fact.implied]
        if kept:
            heading = [click.style(title, underline=True)] if title else []
            more = description.more if facts is description.incoming else {}
            lines += ["", *heading, *_relations(kept, more, everything=everything)]
        shown += kept
    if any(fact.inferred for fact in shown):
        lines += ["", "  * inferred"]
    return "\n".join(lines)


def _relations(facts: Sequence[Fact], more: Mapping[str, int], *, everything: bool) -> list[str]:
    """Each relation once, with its values beside it, and how many more there are that were not looked at."""
    by_relation: dict[str, list[Fact]] = {}
    for fact in facts:
        by_relation.setdefault(fact.relation, []).append(fact)
    beside = min(max(map(len, by_relation)), _RELATION)
    lines = []
    for relation, several in by_relation.items():
        # Many figures are alike in all that is shown of them here.
        values = list(
            dict.fromkeys(f"{jsonable(each.value)}{'*' if each.inferred else ''}" for each in several)
        )
        short = all(len(value) <= _WORD and "," not in value for value in values)
        listed = values if everything else values[: _LISTED if short else _SENTENCES]
        if left := len(values) - len(listed) + more.get(relation, 0):
            listed.append(f"... and {left:,} more (--all)")
        lines += _beside(relation, [", ".join(listed)] if short else listed, beside)
    return lines


def _beside(relation: str, values: Sequence[str], beside: int) -> list[str]:
    indent = " " * (beside + 4)
    room = max(width() - len(indent), 30)
    lines = []
    for value in values:
        first, *rest = textwrap.wrap(value, room) or [""]
        lines += [indent + first, *(f"{indent}  {part}" for part in textwrap.wrap(" ".join(rest), room - 2))]
    if len(relation) > beside:
        return [f"  {relation}", *lines]
    return [f"  {relation:<{beside}}  {lines[0].strip()}", *lines[1:]]
