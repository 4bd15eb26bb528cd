"""``lithiokg what-if``."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lithiokg.cli.render import jsonable, width
from lithiokg.cli.session import open_session
from lithiokg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lithiokg.explanation import Condition, Justification, StatedFact, WhyNot
    from lithiokg.whatif import Expected, Figure, Member, Relative, WhatIf

__all__ = ["command"]

_Function = TypeVar("_Function", bound="Callable[..., Any]")
#: How many shared features and figures of a relative are listed.
_FEATURES, _FIGURES = 6, 8


def _several(name: str, help_: str) -> Callable[[_Function], _Function]:
    return click.option(name, multiple=True, metavar="NAME", help=help_)


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_several("--electrolyte", "What the electrolyte consists of, or its kind: liquid, ceramic, polymer, gel ...")
@click.option("--electrolyte-kind", metavar="KIND", help="Its kind, where the substances do not tell.")
@_several("--solute", "What is dissolved in the electrolyte.")
@_several("--additive", "What is kept in the electrolyte in a minor amount.")
@_several(
    "--layer",
    "A layer between lithium and electrolyte, 'A + B' for a mixture; several: a stack from lithium on.",
)
@click.option("--complete", is_flag=True, help="Nothing else is in the layers than what is listed.")
@click.option(
    "--contacts-lithium",
    is_flag=True,
    help="The layer (else the coating, host or electrolyte) touches lithium.",
)
@_several("--formed-from", "Precursor of the layer.")
@click.option(
    "--formed-at", type=click.Choice(["before-cell-assembly", "in-the-cell"]), help="When the layer formed."
)
@click.option("--from-electrolyte", is_flag=True, help="The layer grows out of the electrolyte.")
@_several("--host", "What a host or current collector consists of.")
@_several("--coating", "What coats the host.")
@_several("--dopant", "What the host is doped with.")
@_several("--lithium-additive", "What is added to the lithium.")
@_several("--treatment", "A treatment, such as 'chemical polishing'.")
@click.option("--treated", metavar="BODY", help="Which body is treated: lithium, electrolyte, layer or host.")
@click.option("--label", help="What to call the design.")
@click.option(
    "--relatives", type=click.IntRange(0, 50), default=3, show_default=True, help="How many relatives."
)
@click.option("--why/--no-why", default=True, help="Explain each inferred class.")
@click.option("--steps", is_flag=True, help="Explain step by step.")
@click.option(
    "--record",
    "as_record",
    is_flag=True,
    help="Only write the design as a YAML record, to edit and ask again.",
)
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(
    file: Path | None, *, relatives: int, why: bool, steps: bool, as_record: bool, format_: str, **flags: Any
) -> None:
    """Say what would follow from a design that nobody reported.

    The design is given by flags, substances by any of their names, or by FILE, a YAML record with one
    design (and the substances that the graph does not know). It is checked, classified and explained, and
    the reported designs that resemble it most are shown with their figures. Nothing is written.
    """
    from lithiokg.whatif import Proposal  # noqa: PLC0415

    given = {name: value for name, value in flags.items() if value not in ((), None, False)}
    if (file is None) is not bool(given):
        raise UsageError(
            "a design is given by FILE or by flags" + (", not by both" if file else ""),
            mend="for a start: lithiokg what-if --electrolyte garnet --layer ZnO --contacts-lithium",
        )
    names = {
        "solute": "solutes",
        "additive": "additives",
        "layer": "layers",
        "dopant": "dopants",
        "lithium_additive": "lithium_additives",
        "treatment": "treatments",
    }
    proposal = file or Proposal(**{names.get(name, name): value for name, value in flags.items()})
    answer = open_session().what_if(proposal, relatives=relatives, why=why and not as_record)
    if as_record:
        click.echo(answer.record or (file.read_text(encoding="utf-8") if file else ""), nl=False)
    elif format_ == "json":
        import dataclasses  # noqa: PLC0415
        import json  # noqa: PLC0415

        click.echo(json.dumps(dataclasses.asdict(answer), indent=2, ensure_ascii=False, default=jsonable))
    else:
        click.echo("\n".join(_text(answer, steps=steps)))


def _text(answer: WhatIf, *, steps: bool) -> Iterator[str]:
    yield click.style(answer.label, bold=True)
    yield from _wrapped("a proposal: nobody reported it, and nothing below is evidence", "  ")
    for note in (*answer.assumptions, *answer.warnings):
        yield from _wrapped(f"note: {note}", "  ")
    yield ""
    yield from _heading("What it is")
    none = "none follows" if answer.on_solid_electrolyte else "none, as there is no solid electrolyte"
    yield from _row("interface type", [member.label for member in answer.interface_types] or [none])
    yield from _row(
        "acts through", [member.label for member in answer.mechanisms] or ["nothing that follows"]
    )
    yield from _row("strategy", [member.label for member in answer.strategies] or ["none that follows"])
    for name, kinds in _by_body(answer.bodies):
        yield from _row(name, kinds)
    if answer.expected:
        yield ""
        yield from _heading("What its classes let one expect (inferred, never evidence)")
        for expected in answer.expected:
            yield from _expected(expected)
    if answer.why:
        yield ""
        yield from _heading("Why")
        for justification in answer.why:
            yield from _justification(justification, steps=steps)
    for question in answer.open:
        yield from _open(question)
    if answer.relatives:
        yield ""
        yield from _heading(
            "Nearest reported designs (Jaccard index of most specific classes and substances)"
        )
        for relative in answer.relatives:
            yield from _relative(relative)


def _heading(text: str) -> Iterator[str]:
    yield click.style(text, underline=True)


def _wrapped(text: str, indent: str, later: str | None = None) -> list[str]:
    return textwrap.wrap(text, width(), initial_indent=indent, subsequent_indent=later or indent + "  ") or [
        indent
    ]


def _row(name: str, values: Iterable[str]) -> list[str]:
    return _wrapped(f"{name}: {', '.join(values)}", "  ", "      ")


def _by_body(members: Iterable[Member]) -> list[tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    for member in members:
        found.setdefault(member.thing, (member.of, []))[1].append(member.label)
    return list(found.values())


def _expected(expected: Expected) -> list[str]:
    where = "; ".join(expected.sections)
    because = " and ".join(expected.because) or "its class"
    lines = _wrapped(f"- {expected.relation} {expected.phenomenon}", "  ")
    return [
        *lines,
        *_wrapped(f"as a {because}: {expected.text} ({expected.source}, {where})", "      ", "      "),
    ]


def _justification(justification: Justification, *, steps: bool) -> Iterator[str]:
    yield from _wrapped(f"{justification.conclusion}", "  ")
    if not steps:
        for fact in justification.facts:
            yield from _wrapped(f"{fact.text}{_source(fact)}", "    - ", "      ")
        return
    for step in justification.steps:
        rest = f" (from {', '.join(map(str, step.premises))})" if step.premises else ""
        source = _source(step.fact) if step.fact is not None else ""
        yield from _wrapped(f"{step.text}{rest}{source}", f"{step.number:>6}. ", "        ")


def _source(fact: StatedFact) -> str:
    return f" [{fact.evidence[0].words}]" if fact.evidence else ""


def _open(question: WhyNot) -> Iterator[str]:
    yield ""
    yield from _heading(f"{'Not' if question.status == 'fails' else 'Not known'}: {question.label}")
    for condition in question.conditions:
        yield from _condition(condition, 1)


def _condition(condition: Condition, depth: int) -> Iterator[str]:
    indent = "  " * depth
    mark = {"holds": "yes", "fails": " no", "unknown": "  ?"}[condition.status]
    reason = f": {condition.reason}" if condition.reason else ""
    yield from _wrapped(f"{condition.text}{reason}", f"{indent}{mark}  ", f"{indent}     ")
    if condition.status != "holds":
        for part in condition.parts:
            yield from _condition(part, depth + 1)


def _relative(relative: Relative) -> Iterator[str]:
    yield from _wrapped(
        f"{relative.similarity:.2f}  {relative.label}, {', '.join(relative.references)}", "  ", "        "
    )
    for title, several in (
        ("both", relative.shared),
        ("only the proposal", relative.only_here),
        ("only the reported", relative.only_there),
    ):
        if several:
            more = [f"and {len(several) - _FEATURES} more"] if len(several) > _FEATURES else []
            yield from _wrapped(
                f"{title}: {', '.join([*several[:_FEATURES], *more])}", "        ", "          "
            )
    for figure in relative.figures[:_FIGURES]:
        yield from _wrapped(_figure(figure), "        ", "            ")
    if len(relative.figures) > _FIGURES:
        yield f"        ... and {len(relative.figures) - _FIGURES} more figures"


def _figure(figure: Figure) -> str:
    value = ""
    if figure.value is not None:
        sign = figure.comparator if figure.comparator not in (None, "=") else ""
        upper = f" to {figure.maximum:g}" if figure.maximum is not None else ""
        value = f"{sign}{figure.value:g}{upper} {figure.unit or ''}".strip()
    stage = f" ({figure.stage})" if figure.stage else ""
    conditions = f", at {', '.join(figure.conditions)}" if figure.conditions else ""
    doubt = ", suspect" if figure.suspect else ""
    return (
        f"{figure.property}{stage}: {value or figure.printed}{conditions}{doubt}; printed “{figure.printed}”"
    )
