"""``lithiokg ask``."""

from __future__ import annotations

import shlex
import textwrap
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from lithiokg.cli.render import format_option, jsonable, readable, render, width
from lithiokg.cli.session import allow_host_option, endpoint_option, note, open_session, stated_option
from lithiokg.errors import ExitCode, printable
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.graph import Answer
    from lithiokg.matching import Interpretation, Interpretations

__all__ = ["command"]

#: How many other questions are offered.
_OTHERS = 2


@click.command()
@click.argument("question", nargs=-1, required=True)
@click.option("--explain", is_flag=True, help="Only say how the question is understood, and what of it.")
@format_option
@click.option("--iris", is_flag=True, help="Write things as CURIEs instead of labels.")
@stated_option
@endpoint_option
@allow_host_option
@click.pass_context
def command(
    ctx: click.Context,
    question: tuple[str, ...],
    *,
    explain: bool,
    format_: str,
    iris: bool,
    stated: bool,
    endpoint: str | None,
    allow_hosts: tuple[str, ...],
) -> None:
    """Answer a QUESTION in plain words with the saved question that fits it.

    Names, formulas and figures with units in it fill the parameters of that question; nothing leaves this
    computer. Where no saved question fits, that is said, the closest are named, and the exit code is 1.
    """
    graph = open_session(endpoint, allow_hosts)
    understood = graph.interpret(printable(" ".join(question)), limit=1 + _OTHERS)
    best = understood.best
    if explain:
        click.echo(_json(_summary(understood)) if format_ == "json" else _explained(understood))
    elif best is None:
        click.echo(_json(_summary(understood)) if format_ == "json" else _nothing(understood))
    else:
        values: dict[str, Any] = dict(best.parameters)
        answer = graph.ask(best.question, stated_only=stated, timeout=graph.patience, **values)
        _write(understood, best, answer, format_, iris=iris)
    if best is None:
        ctx.exit(ExitCode.FINDINGS)


def _write(
    understood: Interpretations, best: Interpretation, answer: Answer, format_: str, *, iris: bool
) -> None:
    columns, rows = readable(answer, format_, iris=iris)
    if format_ == "json":
        records = [dict(zip(columns, map(jsonable, row), strict=True)) for row in rows]
        click.echo(_json({**_summary(understood), "rows": records}))
        return
    say = click.echo if format_ in {"table", "md"} else note
    say("\n".join(_heading(best, markdown=format_ == "md")) + "\n")
    click.echo(render(columns, rows, format_))
    say(f"\n{len(rows)} row{'' if len(rows) == 1 else 's'}")
    if understood.others and format_ != "md":
        note("\nYou may also have meant")
        note("\n".join(_commands(understood.others)))


def _heading(best: Interpretation, *, markdown: bool = False) -> list[str]:
    """Which question is answered, and what is not."""
    title = f"**{best.in_words}**" if markdown else click.style(best.in_words, bold=True)
    lines = [title]
    notes = [f"{each.text!r}: {each.note}" for each in best.filled if each.note]
    if best.unused:
        left = ", ".join(repr(each.text) for each in best.unused)
        notes.append(f"left out of account: {left}")
    return lines + ([""] if markdown and notes else []) + [f"note: {each}" for each in notes]


def _commands(several: Iterable[Interpretation]) -> list[str]:
    lines = []
    for each in several:
        lines += textwrap.wrap(each.in_words, width() - 2, initial_indent="  ", subsequent_indent="    ")
        lines.append(f"    {_command(each)}")
    return lines


def _command(each: Interpretation) -> str:
    """The command that answers a question."""
    words = ["lithiokg", "questions", "run", each.question]
    for name, value in each.parameters.items():
        words += ["--param", f"{name}={_plain(value)}"]
    return shlex.join(words)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    return f"{value:f}" if isinstance(value, Decimal) else compact(str(value))


def _nothing(understood: Interpretations) -> str:
    lines = [click.style("No saved question fits.", bold=True)]
    lines += textwrap.wrap(f"{understood.reason}.", width())
    if understood.others:
        lines += ["", "The closest are", *_commands(understood.others)]
    things = dict.fromkeys(
        each.iris[0] for each in understood.recognized if each.role == "thing" and each.iris
    )
    if things:
        lines += ["", "What is known of a thing that you name"]
        lines += [f"    {shlex.join(['lithiokg', 'show', compact(iri)])}" for iri in list(things)[:_OTHERS]]
    return "\n".join(lines)


def _explained(understood: Interpretations) -> str:
    """How each question would read the text."""
    if understood.best is None:
        lines = [
            click.style("No saved question fits.", bold=True),
            *textwrap.wrap(f"{understood.reason}.", width()),
        ]
    else:
        lines = []
    for number, each in enumerate(understood):
        beginning = (
            "read as"
            if number == 0 and understood.best is not None
            else "or"
            if understood.best
            else "closest"
        )
        lines += ["", click.style(f"{beginning}: {each.in_words}", bold=number == 0)]
        lines.append(f"  {_command(each)}")
        lines.append(f"  score {each.score:.2f}, {each.confidence:.0%} of the text taken into account")
        lines += textwrap.wrap(
            f"closest wording: {each.phrasing}", width(), initial_indent="  ", subsequent_indent="    "
        )
        for piece in each.recognized:
            what = f": {piece.words}" if piece.words else ""
            lines.append(f"    {piece.text!r} {_ROLES[piece.role]}{what}")
    return "\n".join(lines).lstrip("\n")


_ROLES = {
    "thing": "names a thing",
    "amount": "is a figure",
    "words": "is a word of the question",
    "unused": "is left out of account",
    "unknown": "is not known",
}


def _summary(understood: Interpretations) -> dict[str, object]:
    """What was understood, as plain values."""
    best = understood.best
    others = [_plainly(each) for each in understood.others]
    if best is None:
        return {"question": None, "reason": understood.reason, "closest": others}
    return {**_plainly(best), "also": others}


def _plainly(each: Interpretation) -> dict[str, object]:
    return {
        "question": each.question,
        "title": each.title,
        "in_words": each.in_words,
        "parameters": {name: _value(value) for name, value in each.parameters.items()},
        "left_out": [piece.text for piece in each.unused],
        "score": each.score,
        "confidence": each.confidence,
        "command": _command(each),
    }


def _value(value: object) -> object:
    if isinstance(value, list):
        return [_value(each) for each in value]
    return jsonable(value) if isinstance(value, Decimal) else compact(str(value))


def _json(content: dict[str, object]) -> str:
    import json  # noqa: PLC0415

    return json.dumps(content, indent=2, ensure_ascii=False)
