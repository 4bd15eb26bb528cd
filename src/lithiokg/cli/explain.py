"""``lithiokg explain``."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import width
from lithiokg.cli.session import note, open_session
from lithiokg.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lithiokg.explanation import Condition, Justification, StatedFact, Step, UsedAxiom, WhyNot

__all__ = ["command"]

_MARKS = {"holds": "yes", "fails": "no", "unknown": "?"}
_COLORS = {"holds": "green", "fails": "red", "unknown": "yellow"}
_CATALOGUE = "asserted/catalogue"


@click.command()
@click.argument("thing")
@click.argument("target", metavar="CLASS")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Give at most so many reasons, the shortest first.",
)
@click.option(
    "--manchester", is_flag=True, help="Write each axiom in Manchester syntax too, with its file and line."
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json", "ttl"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
@click.pass_context
def command(
    ctx: click.Context, thing: str, target: str, *, limit: int, manchester: bool, format_: str
) -> None:
    """Say why THING is a CLASS, with facts, their sources and the axioms that join them.

    CLASS may also be a strategy, a mechanism or an interface type. Where it does not hold, say which
    conditions hold, which fail and which are not known, and exit with 1.
    """
    graph = open_session()
    found = graph.explain(thing, target, limit=limit)
    if found:
        click.echo(_found(found, format_, manchester=manchester), nl=format_ != "ttl")
        return
    missing = graph.why_not(thing, target)
    if format_ == "ttl":
        note(f"it is not so that {missing.question}: there is nothing to derive")
    elif format_ == "json":
        click.echo(_json({"holds": False, "why_not": missing}))
    else:
        click.echo(_why_not(missing, manchester=manchester))
    ctx.exit(ExitCode.FINDINGS)


def _found(found: Sequence[Justification], format_: str, *, manchester: bool) -> str:
    if format_ == "json":
        return _json({"holds": True, "justifications": list(found)})
    if format_ == "ttl":
        from lithiokg.explanation import justification_triples  # noqa: PLC0415
        from lithiokg.export import serialize  # noqa: PLC0415

        return serialize(list(justification_triples(found)), "turtle")
    return _Text(manchester=manchester).write(found)


def _json(content: dict[str, object]) -> str:
    import json  # noqa: PLC0415

    def plain(value: object) -> object:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
            return {name: item for name, item in fields.items() if name != "index"}
        raise TypeError(f"no JSON for {value!r}")

    return json.dumps(content, indent=2, ensure_ascii=False, default=plain)


class _Text:
    """Explanations for people; each source is written out once, at the end."""

    def __init__(self, *, manchester: bool) -> None:
        self._manchester = manchester
        self._sources: dict[str, str] = {}

    def write(self, found: Sequence[Justification]) -> str:
        first = found[0]
        lines = [*_wrapped(f"{first.conclusion}.", bold=True), ""]
        count = "a shortest reason" if len(found) == 1 else f"the shortest of {len(found)} reasons"
        made_of = f"{_counted(len(first.facts), 'fact')} and {_counted(len(first.axioms), 'axiom')}"
        lines.append(f"{count}: {made_of}, none of which can go")
        for step in first.steps:
            lines += self._step(step)
        for number, other in enumerate(found[1:], start=2):
            lines += ["", *self._difference(number, other, first)]
        if self._sources:
            lines += ["", "sources"]
            for words, mark in self._sources.items():
                lines += _wrapped(words, f"  [{mark}] ", "      ")
        return "\n".join(lines)

    def _step(self, step: Step) -> list[str]:
        beginning = f"{step.number:>4}  "
        if step.fact is not None:
            return self._fact(step.fact, beginning)
        premises = ", ".join(map(str, step.premises))
        lines = _wrapped(f"so {step.text}", beginning, "      ")
        if step.axiom is not None:
            how = "by the classified hierarchy, " if step.axiom.classified else ""
            lines += _wrapped(f"by {premises}: {how}{step.axiom.words}", "        ", "        ")
            lines += self._formal(step.axiom)
        else:
            lines.append(f"        by {premises}")
        return lines

    def _fact(self, fact: StatedFact, beginning: str) -> list[str]:
        marks = ", ".join(self._mark(each.words) for each in fact.evidence)
        lines = _wrapped(f"{fact.text}{f' [{marks}]' if marks else ''}", beginning, " " * len(beginning))
        indent = " " * (len(beginning) + 2)
        if fact.closed is not None:
            why = f": {fact.reason}" if fact.reason else ""
            lines += _wrapped(f"declared complete{why}", indent, indent)
        if fact.curated_at:
            lines.append(f"{indent}{fact.curated_at}")
        elif fact.graph.endswith("/ontology"):
            lines.append(f"{indent}stated in the ontology")
        if not fact.evidence and fact.graph.endswith(_CATALOGUE):
            lines[-1] += " (of the catalogue, without a source)"
        return lines

    def _mark(self, words: str) -> str:
        """A letter for a source: a, b ... z, aa ..."""
        if words not in self._sources:
            number, mark = len(self._sources), ""
            while number >= 0:
                number, letter = divmod(number, 26)
                mark, number = chr(ord("a") + letter) + mark, number - 1
            self._sources[words] = mark
        return self._sources[words]

    def _difference(self, number: int, other: Justification, first: Justification) -> list[str]:
        """A further reason, by what it has and has not in common with the first."""
        lines = [f"reason {number}: as the first, but"]
        for title, one, two in (("without", first, other), ("with", other, first)):
            lines.append(f"  {title}")
            for fact in one.facts:
                if fact not in two.facts:
                    lines += self._fact(fact, "    - ")
            for axiom in one.axioms:
                if axiom not in two.axioms:
                    lines += _wrapped(axiom.words, "    - ", "      ")
                    lines += self._formal(axiom)
        return lines

    def _formal(self, axiom: UsedAxiom) -> list[str]:
        if not self._manchester or not axiom.manchester:
            return []
        lines = _wrapped(axiom.manchester, "          ", "            ", dim=True)
        return (
            [*lines, *_wrapped(axiom.place, "          ", "          ", dim=True)] if axiom.place else lines
        )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _why_not(missing: WhyNot, *, manchester: bool) -> str:
    words = "cannot be" if missing.status == "fails" else "is not known"
    lines = [*_wrapped(f"It {words} that {missing.question}.", bold=True), ""]
    if missing.nearest is None:
        return "\n".join([*lines, *_wrapped(f"{missing.definition}.")])
    lines += _wrapped(f"{missing.label}: {missing.definition}", "", "  ")
    if manchester:
        lines += _wrapped(missing.manchester, "    ", "      ", dim=True)
    lines.append("")
    for condition in missing.conditions:
        lines += _condition(condition, 1)
    text = _Text(manchester=False)
    told = dict.fromkeys(fact for each in missing.conditions for fact in _facts(each))
    if told:
        lines += ["", "facts behind this"]
        for fact in told:
            lines += text._fact(fact, "  - ")  # noqa: SLF001  # the two write one text
        if text._sources:  # noqa: SLF001
            lines += ["", "sources"]
            for words, mark in text._sources.items():  # noqa: SLF001
                lines += _wrapped(words, f"  [{mark}] ", "      ")
    return "\n".join(lines)


def _facts(condition: Condition) -> Iterable[StatedFact]:
    yield from condition.facts
    for part in condition.parts:
        yield from _facts(part)


def _condition(condition: Condition, depth: int) -> list[str]:
    mark = f"{_MARKS[condition.status]:>3}"
    indent = "  " * depth
    lines = _wrapped(condition.text, f"{indent}{mark}  ", f"{indent}     ")
    lines[0] = lines[0].replace(mark, click.style(mark, fg=_COLORS[condition.status]), 1)
    if condition.reason:
        lines += _wrapped(condition.reason, f"{indent}     - ", f"{indent}       ")
    if condition.alternatives and condition.parts and condition.status != "holds":
        lines.append(f"{indent}     - one of these would do:")
    failed = not condition.alternatives and any(part.status == "fails" for part in condition.parts)
    for part in condition.parts:
        # Where one condition fails, what else is unknown need not be opened.
        aside = failed and part.status == "unknown"
        lines += _condition(dataclasses.replace(part, parts=()) if aside else part, depth + 1)
    return lines


def _wrapped(
    text: str, first: str = "", rest: str = "", *, bold: bool = False, dim: bool = False
) -> list[str]:
    lines = textwrap.wrap(
        text,
        width(),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return [click.style(line, bold=bold or None, dim=dim or None) for line in lines]
