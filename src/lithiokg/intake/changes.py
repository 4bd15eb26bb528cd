"""What an import would change of what an earlier one wrote."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lithiokg.curation import Records, read_file
from lithiokg.files import temporary_folder
from lithiokg.intake.cells import short
from lithiokg.vocabulary import ID, LKG, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from lithiokg.curation import Context
    from lithiokg.intake.folder import Target
    from lithiokg.quantities import Registry

__all__ = ["changed_records"]

#: What is read out of a print, and changes with it.
_COMPUTED = {
    LKG + name for name in ("reportedValue", "reportedMinimum", "reportedMaximum", "reportedUnit", "reportedRatio",
                            "comparator", "quantityKind")
}  # fmt: skip
_Said = dict[str, dict[str, set[str]]]


def changed_records(
    target: Target, texts: Mapping[Path, str], old: Iterable[Path], context: Context, units: Registry
) -> tuple[list[str], bool]:
    """What records say that were imported before, and would no longer say.

    Args:
        target: where they stand.
        texts: the new files.
        old: the files that the earlier import wrote.
        context: what fields mean.
        units: units and properties.

    Returns:
        One line a change, and whether anything is withdrawn or corrected. What is merely added is no change.
    """
    with temporary_folder("lithiokg-import-") as scratch:
        fresh = []
        for number, text in enumerate(texts.values()):
            path = scratch / f"{number}.yaml"
            path.write_text(text, encoding="utf-8")
            fresh.append(path)
        after = _said(fresh, target.source, context, units)
    before = _said([target.folder / path for path in old], target.source, context, units)
    lines = []
    for iri, fields in sorted(before.items()):
        now = after.get(iri)
        if now is None:
            if not any(iri.startswith(f"{other}/") and other not in after for other in before):
                lines.append(f"{_path(iri)} is withdrawn")
            continue
        for relation, values in sorted(fields.items()):
            lost = values - now.get(relation, set())
            if lost and relation not in _COMPUTED:
                gained = now.get(relation, set()) - values
                lines.append(f"{_path(iri)}: {_path(relation)} {_shown(lost)} becomes {_shown(gained)}")
    return lines, bool(lines)


def _said(paths: Iterable[Path], source: str, context: Context, units: Registry) -> _Said:
    records = Records()
    for path in paths:
        read_file(path, context, source=source, units=units, records=records)
    found: _Said = defaultdict(lambda: defaultdict(set))
    for quad in records.quads:
        found[getattr(quad.subject, "value", "")][quad.predicate.value].add(getattr(quad.object, "value", ""))
    return found


def _path(iri: str) -> str:
    return iri.removeprefix(ID).removeprefix(LKG) if iri.startswith(LKG) else compact(iri)


def _shown(values: set[str]) -> str:
    return ", ".join(repr(short(_path(value))) for value in sorted(values)) or "nothing"
