"""Read curated YAML records: the file is triples, by way of the JSON-LD context.

Beyond JSON-LD there are three house rules:

1. A nested record's IRI is parent IRI + "/" + field + "/" + key; a single nested mapping without
   keys is parent IRI + "/" + field.
2. A field of type ``lkg:Quantity`` takes a figure as printed, or ``{printed: ..., read-as: ...}``.
3. Names are resolved as :mod:`lithiokg.curation.context` says.

Reading never modifies a file, and all problems are reported at once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lithiokg.curation.documents import read_document
from lithiokg.curation.records import Records
from lithiokg.curation.scope import KEY
from lithiokg.curation.unfilled import unfilled
from lithiokg.curation.walker import Walker
from lithiokg.errors import Place, SourceError
from lithiokg.quantities import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from lithiokg.curation.context import Context
    from lithiokg.quantities import Registry

__all__ = ["read_data", "read_file", "read_folder"]


def read_file(
    path: Path,
    context: Context,
    *,
    source: str | None = None,
    file: str | None = None,
    terms: Collection[str] | None = None,
    units: Registry | None = None,
    records: Records | None = None,
) -> Records:
    """Read one file.

    Args:
        path: the file.
        context: what its fields mean.
        source: name of the data folder; by default the name of the folder that holds the file.
        file: name of the file in messages and places; by default the path as given.
        terms: IRIs of all classes and properties; where given, a misspelt one is reported.
        units: units and properties; those of the shipped ontology by default.
        records: what was read so far; it is added to, and duplicates across files are found.

    Returns:
        The records, with every problem that was met; problems are never raised.
    """
    found = records if records is not None else Records()
    name = file or str(path)
    document = read_document(path, name, found.problems)
    # Of a file that is only begun, what is missing is told, and not what follows from that.
    open_places = [] if document is None else list(unfilled(document, name))
    found.problems += open_places
    if document is not None and not open_places:
        walker = Walker(found, context, units or registry(), source or path.resolve().parent.name, name)
        walker.terms = None if terms is None else frozenset(terms)
        walker.collections(document)
    return found


def read_folder(
    folder: Path,
    context: Context,
    *,
    relative: Callable[[Path], str] | None = None,
    terms: Collection[str] | None = None,
    units: Registry | None = None,
    records: Records | None = None,
) -> Records:
    """Read every ``*.yaml`` file of one data folder, in the order of their names.

    Args:
        folder: such as ``data/energymater-2021-21``; its name is the source.
        context: what the fields mean.
        relative: gives the name of a file in messages and places; by default relative to two levels up.
        terms: see :func:`read_file`.
        units: see :func:`read_file`.
        records: see :func:`read_file`.
    """
    found = records if records is not None else Records()
    folder = folder.resolve()
    shown = relative or partial(_relative, root=folder.parent.parent)
    if not KEY.fullmatch(folder.name):
        found.problems.append(
            SourceError(
                f"the folder name {folder.name!r} cannot be part of an IRI",
                place=Place(shown(folder)),
                mend="use letters, digits and hyphens",
            )
        )
        return found
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"}):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue  # such as the folders of an editor or of version control
        name = shown(path)
        if path.suffix == ".yml":
            found.problems.append(
                SourceError("the file would not be read", place=Place(name), mend="rename it to .yaml")
            )
            continue
        read_file(path, context, source=folder.name, file=name, terms=terms, units=units, records=found)
    return found


def read_data(
    folders: Iterable[Path],
    context: Context,
    *,
    relative: Callable[[Path], str],
    terms: Collection[str] | None = None,
    units: Registry | None = None,
) -> Records:
    """Read folders of records, each a source; a record id must be unique across all of them.

    Args:
        folders: such as those of ``data/``; two of one name are one too many.
        context: what the fields mean.
        relative: gives the name of a file in messages and places.
        terms: see :func:`read_file`.
        units: see :func:`read_file`.
    """
    found = Records()
    names: dict[str, Path] = {}
    for folder in folders:
        if names.setdefault(folder.name, folder) is not folder:
            found.problems.append(
                SourceError(
                    f"the source {folder.name} is read already, from {relative(names[folder.name])}",
                    place=Place(relative(folder)),
                    mend="rename the folder",
                )
            )
            continue
        read_folder(folder, context, relative=relative, terms=terms, units=units, records=found)
    return found


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
