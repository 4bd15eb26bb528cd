"""Which earlier import a file goes on with: a spreadsheet that was exported, or renamed, has another name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.curation import COLLECTIONS
from lithiokg.intake.cells import IntakeError, RefusedError
from lithiokg.intake.folder import imported_files
from lithiokg.intake.keys import made_key
from lithiokg.intake.layout import Part

if TYPE_CHECKING:
    from lithiokg.intake.folder import Imported, Target
    from lithiokg.intake.rows import Reading

__all__ = ["Continued", "go_on"]

#: Sheets whose rows often have no key of their own until they are imported.
_UNNAMED = {"observations", "claims", "discrepancies"}
#: Whoever brings these again brings the same paper again; sections and references are called alike in many.
_TELLING = {"works", "designs"}
_COLLECTION = re.compile(r"^([a-z-]+):")
_RECORD = re.compile(r'^  (?:"([^"\\]+)"|([^\s#:"]+)):')
_NAMED = 3

#: A record by the name of its sheet, and its key.
_Record = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Continued:
    """Where records go once it is known what they replace.

    Attributes:
        target: with the name of the import that is gone on with.
        old: the files that are replaced, relative to the folder of the source; whether each is as it was written.
        files: the names of the spreadsheets whose records these are, where they had others.
    """

    target: Target
    old: dict[Path, bool]
    files: tuple[str, ...] = ()


def go_on(target: Target, reading: Reading, name: str) -> Continued:
    """Find the imports that some rows take the place of.

    Those of the same name, as ever, and those all of whose records are among the rows.

    Args:
        target: where the records go.
        reading: the rows.
        name: of the file, in messages.

    Raises:
        IntakeError: if most of another import's records are among the rows but not all of them, or if they are of
            another source of the collection.
    """
    rows = _declared(reading)
    there = imported_files(target.folder)
    own = there.pop(target.group, None)
    if own is None and rows:
        _refuse_other_source(target, rows, name)
    covered: dict[str, Imported] = {}
    for group, imported in there.items():
        records = _written(target.folder, imported)
        again = records & rows
        if records and again == records:
            covered[group] = imported
        elif 2 * len(again) > len(records):
            raise _part_of(imported, records, again, target, name)
    old = {path: same for each in (own, *covered.values()) if each for path, same in each.paths.items()}
    if own is None and covered:
        target = replace(target, group=max(covered, key=lambda group: (len(covered[group].paths), group)))
    return Continued(target, old, tuple(each.files for each in covered.values() if each.files != name))


def _declared(reading: Reading) -> set[_Record]:
    """The records of some rows that have a place of their own."""
    found: set[_Record] = set()
    for row in reading.rows:
        sheet = row.plan.name
        if sheet in COLLECTIONS:
            cell = row.get("key")
            found.add((sheet, cell.text if cell else made_key(row)))
        number = row.get("reference", Part.DIRECTIVE)
        if number:
            found.add(("references", number.text))
    return found


def _written(folder: Path, imported: Imported) -> set[_Record]:
    """The records by which an import is known again: all with names, if any have."""
    found: set[_Record] = set()
    for path in imported.paths:
        collection = ""
        for line in (folder / path).read_text(encoding="utf-8", errors="replace").splitlines():
            if named := _COLLECTION.match(line):
                collection = named[1]
            elif record := _RECORD.match(line):
                found.add((collection, record[1] or record[2]))
    return {record for record in found if record[0] not in _UNNAMED} or found


def _refuse_other_source(target: Target, rows: set[_Record], name: str) -> None:
    """The same paper in two sources of a collection would be there twice."""
    if target.folder == target.collection or not target.collection.is_dir():
        return
    for folder in sorted(target.collection.iterdir()):
        if folder == target.folder or folder.name.startswith(".") or not folder.is_dir():
            continue
        for group, imported in imported_files(folder).items():
            records = {record for record in _written(folder, imported) if record[0] in _TELLING}
            again = records & rows
            # A paper without designs may come from a bibliography: that its row is one too many is told of the row.
            same = group == target.group or any(sheet == "designs" for sheet, _ in again)
            if same and 2 * len(again) > len(records):
                problem = RefusedError(
                    f"{name} holds {_listed(again)}, which came into the source {folder.name} from {imported.files}",
                    mend=f"give --source {folder.name}",
                )
                raise IntakeError([problem])


def _part_of(
    imported: Imported, records: set[_Record], again: set[_Record], target: Target, name: str
) -> IntakeError:
    """Whether the rest is to go or the rows are too many, nobody but the user knows."""
    problem = RefusedError(
        f"{name} has {len(again)} of the {len(records)} records that {imported.files} brought into "
        f"{target.source}, but not {_listed(records - again)}",
        mend=f"to replace them all and withdraw what is missing, rename the file to {imported.group}"
        f"{Path(name).suffix} and import it with --replace; to add to them, delete the rows of what is there already",
    )
    return IntakeError([problem])


def _listed(records: set[_Record]) -> str:
    named = [COLLECTIONS[sheet].path.partition("/")[0] + "/" + key for sheet, key in sorted(records)]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return ", ".join(named[:_NAMED]) + more
