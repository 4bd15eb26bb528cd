"""Take files in: read, interpret, build with them, and only then write."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import UsageError
from lithiokg.files import temporary_folder
from lithiokg.intake.cells import IntakeError, RefusedError
from lithiokg.intake.changes import changed_records
from lithiokg.intake.earlier import go_on
from lithiokg.intake.folder import (
    Target,
    add_schema,
    find_target,
    finish_interrupted,
    header,
    put,
    same_body,
)
from lithiokg.intake.tree import Node, kebab, write_records
from lithiokg.intake.trial import Trial, base_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lithiokg.errors import LithioKGError
    from lithiokg.intake.filling import Interpreted
    from lithiokg.intake.known import Known
    from lithiokg.intake.rows import Reading
    from lithiokg.intake.tree import Written
    from lithiokg.quantities import Registry
    from lithiokg.sources import Sources

__all__ = ["Taken", "take_in"]

SPREADSHEETS, BIBLIOGRAPHIES = {".xlsx", ".csv", ".tsv"}, {".bib", ".ris", ".json"}
_DOCUMENT = ("works", "references", "sections", "paragraphs", "captions", "tables", "columns")
_CATALOGUE = ("substances", "functional-groups", "methods", "cells")
_LARGEST = 900_000
#: The parts of the path of a record that stands in no other.
_TOP_PARTS = 2


@dataclass(slots=True)
class Taken:
    """What an import did, or would do.

    Attributes:
        target: where the records are.
        files: each file, relative to the collection, with what became of it: new, changed, same or removed.
        counts: how many records of each collection.
        notes: remarks on what was read.
        changes: records that were there and now say something else.
        derived: what follows for each design and its bodies, by the path of each.
        labels: what to call them.
        disagreements: figures and claims that may contradict what is there.
        written: whether anything was written.
    """

    target: Target
    files: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    derived: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)
    written: bool = False

    @property
    def unchanged(self) -> bool:
        """Whether everything was there already."""
        return all(state == "same" for state in self.files.values())


def take_in(
    paths: Sequence[Path],
    *,
    sources: Sources,
    into: Path,
    source: str | None = None,
    replace_own: bool = False,
    dry_run: bool = False,
    stage: Callable[[str], None] | None = None,
) -> Taken:
    """Import spreadsheets or bibliographies into a collection.

    Args:
        paths: files that belong together: one .xlsx, some .csv, or bibliographies.
        sources: the shipped records and the collections that are read beside them.
        into: the collection.
        source: name of the source in it.
        replace_own: let files be replaced that an earlier import of the same wrote.
        dry_run: write nothing.
        stage: told the name of each step as it begins.

    Raises:
        UsageError: if the files or names do not fit together.
        IntakeError: with every problem; nothing was written.
    """
    target = find_target(into, source, _group(paths, source))
    _refuse_taken_name(target, sources)
    if target.collection.is_dir() and not dry_run:
        finish_interrupted(target.collection)
    names = [path.name for path in paths]
    reading = _rows(paths, sources)
    continued = go_on(target, reading, " and ".join(names))
    target, old = continued.target, continued.old
    reading.notes += [f"takes the place of what was imported from {files}" for files in continued.files]
    with temporary_folder("lithiokg-import-") as scratch:
        staged = _stage(target, old, scratch)
        others = tuple(each for each in sources.collections if each != target.collection.resolve())
        trial = Trial(replace(sources, collections=(*others, staged)), target, stage or (lambda _stage: None))
        known, context, units = base_of(trial)
        interpreted = _interpreted(paths, reading, known, units, target)
        pieces = _pieces(interpreted, target)
        texts = {
            path: header(target, names, written.text, _schema(path, target))
            for path, written in pieces.items()
        }
        shift = {path: text.count("\n") - pieces[path].text.count("\n") for path, text in texts.items()}
        inside = staged / target.folder.relative_to(target.collection)
        for path, text in texts.items():
            (inside / path).parent.mkdir(parents=True, exist_ok=True)
            (inside / path).write_text(text, encoding="utf-8", newline="\n")
        if not pieces and not reading.problems:
            reading.problems.append(
                RefusedError(
                    "there is nothing to import: no row is filled in", mend="fill in the template first"
                )
            )
        taken = _compare(target, texts, old)
        taken.counts = _counted(interpreted)
        _refuse_edited(target, texts, old, reading.problems)
        if taken.unchanged and not reading.problems:
            return taken  # it was built when it was written
        trial.run(pieces, shift, interpreted, reading)
        taken.notes, taken.derived, taken.disagreements = reading.notes, trial.derived, trial.disagreements
        taken.labels = trial.labels
    changed, lost = changed_records(target, texts, old, context, units)
    taken.changes = changed
    if lost and not replace_own and not dry_run:
        raise IntakeError(
            [
                RefusedError(
                    f"{len(changed)} record{'s say' if len(changed) > 1 else ' says'} something else than when it was "
                    f"imported:\n  " + "\n  ".join(changed),
                    mend="look at the changes, and import again with --replace",
                )
            ]
        )
    if not dry_run:
        add_schema(target.collection, sources)
        put(target, _needed(texts, taken, target), [path for path in old if path not in texts])
        taken.written = True
    return taken


def _refuse_taken_name(target: Target, sources: Sources) -> None:
    """Each source has a graph of its own, by its name."""
    for folder in sources.data_folders:
        if folder.name == target.source and folder.resolve() != target.folder.resolve():
            shipped = folder.resolve().is_relative_to(sources.data.resolve())
            raise UsageError(
                f"there is a source {target.source} already"
                + (" among the shipped ones" if shipped else f", in the collection {folder.parent}"),
                mend="give this one another name: --source NAME"
                + ("" if shipped else f"; or, to add to that one: --into {folder.parent}"),
            )


def _group(paths: Sequence[Path], source: str | None) -> str:
    """The name of what is imported together."""
    if not paths:
        raise UsageError(
            "there is no file to import",
            mend="name a filled-in template: lithiokg import FILE.xlsx --into DIR",
        )
    kinds = {path.suffix.lower() for path in paths}
    known = SPREADSHEETS | BIBLIOGRAPHIES
    for path in paths:
        if path.suffix.lower() not in known:
            raise UsageError(
                f"{path.name} is of no kind that can be imported",
                mend="save a spreadsheet as .xlsx or .csv; a bibliography is .bib, .ris or .json (CSL)",
            )
    if len(paths) > 1 and (kinds & BIBLIOGRAPHIES and kinds & SPREADSHEETS):
        raise UsageError(
            "spreadsheets and bibliographies are imported one after the other", mend="call it twice"
        )
    if len(paths) == 1:
        return kebab(paths[0].stem) or "import"
    if source is None:
        raise UsageError(
            "several files are imported as one source, which needs a name", mend="give it: --source NAME"
        )
    return source


def _stage(target: Target, old: dict[Path, bool], scratch: Path) -> Path:
    """A copy of the collection as it would be without what this import wrote earlier."""
    staged = scratch / target.collection.name
    staged.mkdir()
    if target.collection.is_dir():
        own = {target.folder / path for path in old}
        for path in sorted(target.collection.rglob("*")):
            relative = path.relative_to(target.collection)
            if path in own or any(part.startswith(".") for part in relative.parts):
                continue
            if path.suffix in {".yaml", ".yml", ".rq"} and path.is_file():
                (staged / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, staged / relative)
    (staged / target.folder.relative_to(target.collection)).mkdir(parents=True, exist_ok=True)
    return staged


def _rows(paths: Sequence[Path], sources: Sources) -> Reading:
    """The rows of spreadsheets; none for bibliographies, which are read by what the graph has."""
    from lithiokg.curation import read_context  # noqa: PLC0415
    from lithiokg.intake.example import example_of  # noqa: PLC0415
    from lithiokg.intake.layout import read_layout  # noqa: PLC0415
    from lithiokg.intake.rows import Reading, read_rows  # noqa: PLC0415

    reading = Reading()
    if paths[0].suffix.lower() in BIBLIOGRAPHIES:
        return reading
    grids = []
    for path in paths:
        if path.suffix.lower() == ".xlsx":
            from lithiokg.intake.xlsx import read_workbook  # noqa: PLC0415

            grids += read_workbook(path, path.name, reading)
        else:
            from lithiokg.intake.csvs import read_csv  # noqa: PLC0415

            grids += read_csv(path, path.name, reading)
    layout = read_layout(read_context(sources.ontology / "context.jsonld"))
    read_rows(grids, layout, reading, example_of)
    return reading


def _interpreted(
    paths: Sequence[Path], reading: Reading, known: Known, units: Registry, target: Target
) -> Interpreted:
    """The records that the rows, or the works of bibliographies, make."""
    from lithiokg.intake.interpret import interpret  # noqa: PLC0415

    if paths[0].suffix.lower() in BIBLIOGRAPHIES:
        from lithiokg.intake.bibliography import read_bibliographies  # noqa: PLC0415

        return read_bibliographies(paths, known, target.source, reading)
    return interpret(reading, known, target.source, units)


def _pieces(interpreted: Interpreted, target: Target) -> dict[Path, Written]:
    """The files by their path in the folder of the source: one a kind of record, one a design."""
    left = {name: node for name, node in interpreted.collections.items() if node.fields}
    designs = left.pop("designs", Node())
    others = tuple(name for name in left if name not in _DOCUMENT + _CATALOGUE)
    found: dict[Path, Written] = {}
    for stem, names in (
        ("works", _DOCUMENT),
        ("substances", _CATALOGUE),
        *((name, (name,)) for name in others),
    ):
        together = {name: left[name] for name in names if name in left}
        if together:
            _split(found, f"{target.prefix}{stem}", together)
    for key, node in designs.fields.items():
        _split(found, f"designs/{target.prefix}{key}", {"designs": Node(None, {key: node})})
    return found


def _split(found: dict[Path, Written], stem: str, collections: dict[str, Node]) -> None:
    """Write collections as one file, or as several where one would be too large to be read."""
    written = write_records(collections, [])
    if len(written.text.encode()) <= _LARGEST:
        found[Path(f"{stem}.yaml")] = written
        return
    number = 0
    for name, node in collections.items():
        items = list(node.fields.items())
        step = max(1, len(items) * _LARGEST // (2 * len(written.text.encode())))
        for start in range(0, len(items), step):
            number += 1
            part = {name: Node(node.place, dict(items[start : start + step]))}
            found[Path(f"{stem}-{number}.yaml")] = write_records(part, [])


def _schema(path: Path, target: Target) -> str | None:
    """Where the JSON Schema is, as seen from a file."""
    depth = len(path.parts) - 1 + (0 if target.folder == target.collection else 1)
    return "../" * depth + "records.schema.json"


def _counted(interpreted: Interpreted) -> dict[str, int]:
    """How many records there are of each kind, those within others included."""
    found = {name: len(node.fields) for name, node in interpreted.collections.items() if node.fields}
    for path in interpreted.nodes:
        parts = path.split("/")
        if parts[-2] in {"components", "sublayers", "treatments"} or (
            len(parts) > _TOP_PARTS and parts[-2] in {"observations", "claims"}
        ):
            found[parts[-2]] = found.get(parts[-2], 0) + 1
    return found


def _compare(target: Target, texts: dict[Path, str], old: dict[Path, bool]) -> Taken:
    taken = Taken(target)
    inside = target.folder.relative_to(target.collection)
    for path, text in texts.items():
        place = target.folder / path
        state = "changed" if place.exists() else "new"
        if place.exists() and _same(text, place, untouched=old.get(path, False)):
            state = "same"
        taken.files[(inside / path).as_posix()] = state
    for path in old:
        if path not in texts:
            taken.files[(inside / path).as_posix()] = "removed"
    return taken


def _same(text: str, place: Path, *, untouched: bool) -> bool:
    there = place.read_bytes()
    return there == text.encode() or (untouched and same_body(text, there.decode()))


def _refuse_edited(
    target: Target, texts: dict[Path, str], old: dict[Path, bool], problems: list[LithioKGError]
) -> None:
    """Only what import wrote, and nobody has edited since, may be replaced."""
    for path, text in texts.items():
        place = target.folder / path
        if place.exists() and place.read_bytes() != text.encode():
            if path not in old:
                problems.append(
                    RefusedError(
                        f"there is a file {place} already, which this import did not write",
                        mend="rename that file, or import under another --source",
                    )
                )
            elif not old[path]:
                problems.append(
                    RefusedError(
                        f"{place} was edited by hand since it was imported, and is not replaced",
                        mend="take the edit over into the spreadsheet and delete the file, or delete the row from the "
                        "spreadsheet and the line '# lithiokg-import' from the file",
                    )
                )
    problems += [
        RefusedError(
            f"{target.folder / path} was edited by hand since it was imported, and is not removed",
            mend="delete it yourself, or delete its line '# lithiokg-import' to keep it",
        )
        for path, untouched in old.items()
        if path not in texts and not untouched
    ]


def _needed(texts: dict[Path, str], taken: Taken, target: Target) -> dict[Path, str]:
    """The files that are not there as they are."""
    inside = target.folder.relative_to(target.collection)
    return {path: text for path, text in texts.items() if taken.files[(inside / path).as_posix()] != "same"}
