"""Write templates, and the JSON Schema, to files."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.files import replace_file
from lithiokg.intake.folder import SCHEMA
from lithiokg.intake.guidance import chosen_plans
from lithiokg.intake.known import Known
from lithiokg.intake.layout import Layout, Plan, read_layout
from lithiokg.intake.template import template_csv, template_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.quantities import Registry
    from lithiokg.sources import Sources

__all__ = ["layout_of", "shipped_names", "write_spreadsheet", "write_template"]


def write_template(path: Path, kinds: tuple[str, ...], sources: Sources) -> list[str]:
    """Write an empty spreadsheet.

    Args:
        path: an .xlsx file, or for a single kind a .csv file.
        kinds: the sheets; those of a paper unless given; ``all`` for all, ``schema`` for the JSON Schema.
        sources: the ontology and the records to choose from.

    Returns:
        The sheets.

    Raises:
        UsageError: if there is no such kind, or the kind of file does not fit.
    """
    if kinds == ("schema",):
        _replace(path, (sources.ontology / SCHEMA).read_bytes())
        return []
    layout, units = layout_of(sources)
    plans = _plans(kinds, layout)
    suffix = path.suffix.lower()
    if suffix == ".csv":
        if len(plans) != 1 or not kinds:
            raise UsageError("a CSV file holds one kind of record", mend=f"name one of: {', '.join(layout)}")
        _replace(path, ("\ufeff" + template_csv(plans[0], units)).encode())
    elif suffix == ".xlsx":
        _replace(path, template_xlsx(plans, shipped_names(sources), units))
    else:
        raise UsageError(f"a template is an .xlsx or .csv file, not {path.suffix or path.name!r}")
    return [plan.name for plan in plans]


def _plans(kinds: tuple[str, ...], layout: Layout) -> list[Plan]:
    if kinds == ("all",):
        return list(layout.values())
    found = []
    for kind in kinds:
        plan = layout.find(kind) or layout.find(f"{kind}s")
        if plan is None:
            close = difflib.get_close_matches(kind, [*layout, "all", "schema"], n=2)
            meant = (
                f"did you mean {' or '.join(close)}?"
                if close
                else f"there are: {', '.join(layout)}, all, schema"
            )
            raise UsageError(f"there is no kind of record {kind!r}", mend=meant)
        found.append(plan.name)
    return chosen_plans(layout, tuple(dict.fromkeys(found)))


def write_spreadsheet(
    source: str | None, sources: Sources, path: Path, format_: str = "xlsx"
) -> tuple[dict[str, int], list[str]]:
    """Write the records of a source in the sheets of the template.

    Args:
        source: its name; it may be left out where the collections hold just one.
        sources: the written sources.
        path: an .xlsx file, or a folder for CSV files.
        format_: ``xlsx`` or ``csv``.

    Returns:
        How many rows each sheet has, and what the sheets cannot carry.

    Raises:
        UsageError: if there is no such source.
    """
    from lithiokg.intake.handing import hand_out  # noqa: PLC0415

    handed = hand_out(source, sources)
    if format_ == "csv":
        path.mkdir(parents=True, exist_ok=True)
        for plan in handed.plans:
            text = template_csv(plan, handed.units, handed.sheets[plan.name])
            _replace(path / f"{plan.name.replace(' ', '-')}.csv", ("\ufeff" + text).encode())
    else:
        remarks = [f"These are the records of {handed.source}, as they can be imported again."]
        if handed.lost:
            remarks += [
                "Not in these sheets, which cannot hold it:",
                *(f"    {line}" for line in handed.lost),
            ]
        _replace(path, template_xlsx(handed.plans, handed.known, handed.units, handed.sheets, remarks))
    return {plan.name: len(handed.sheets[plan.name]) for plan in handed.plans}, handed.lost


def _replace(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise LithioKGError(
            f"{path} cannot be written: {error.strerror or error}",
            mend="free some space, or name a file in a folder that is there and writable",
        ) from error


def layout_of(sources: Sources) -> tuple[Layout, Registry]:
    """The sheets and the units of an ontology."""
    from lithiokg.curation import read_context  # noqa: PLC0415
    from lithiokg.quantities import registry  # noqa: PLC0415

    layout = read_layout(read_context(sources.ontology / "context.jsonld"))
    return layout, registry(sources.ontology / "modules" / "quantities.ttl")


def shipped_names(sources: Sources) -> Known:
    """The names in the ontology and the records.

    Raises:
        LithioKGError: if they do not read.
    """
    from lithiokg.build.reading import read_ontology, read_records  # noqa: PLC0415

    problems: list[LithioKGError] = []
    ontology = read_ontology(sources, problems)
    records, computed = read_records(sources, ontology, problems)
    if problems or records is None:
        raise LithioKGError("\n".join(map(str, problems)), mend="see 'lithiokg check'")
    return Known([*ontology, *records.quads, *computed], records.places)
