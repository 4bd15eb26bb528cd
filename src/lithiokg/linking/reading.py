"""Read SSSOM tables: a YAML header in ``#`` lines, then tab-separated rows.

Every mistake of every table is found at once, with the line and column where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, Place, SourceError, not_utf8
from lithiokg.files import read_bounded
from lithiokg.linking.header import Header
from lithiokg.linking.model import Mapping, MappingSet
from lithiokg.linking.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["SUFFIX", "load_mappings", "read_mapping_set", "read_mappings"]

SUFFIX = ".sssom.tsv"
#: The largest table that is read, in bytes.
_MAX_BYTES = 32 << 20


def read_mappings(
    folder: Path, problems: list[LithioKGError], *, relative: Callable[[Path], str] = str
) -> list[MappingSet]:
    """Read every table of a folder.

    Args:
        folder: ``ontology/mappings``; it may be absent.
        problems: every mistake is added here.
        relative: how a path is shown to the user.

    Returns:
        The tables without a mistake, sorted by target.
    """
    found: list[MappingSet] = []
    for path in sorted(folder.glob("*.tsv")):
        name = relative(path)
        if not path.name.endswith(SUFFIX):
            mend = f"rename it to {path.stem}{SUFFIX}"
            problems.append(SourceError("this is no name of a mapping table", place=Place(name), mend=mend))
            continue
        try:
            text = read_bounded(path, _MAX_BYTES).decode("utf-8")
        except OSError as error:
            message = f"the file cannot be read: {error.strerror or error}"
            problems.append(SourceError(message, place=Place(name)))
            continue
        except UnicodeDecodeError as error:
            problems.append(not_utf8(error, name))
            continue
        mapping_set, mistakes = read_mapping_set(text, path.name.removesuffix(SUFFIX), name)
        problems += mistakes
        if mapping_set is not None:
            found.append(mapping_set)
    problems += _identifiers_given_twice(found)
    return found


def load_mappings(folder: Path, *, relative: Callable[[Path], str] = str) -> list[MappingSet]:
    """Read every table of a folder; see :func:`read_mappings`.

    Raises:
        SourceError: with every mistake of every table.
    """
    problems: list[LithioKGError] = []
    found = read_mappings(folder, problems, relative=relative)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise SourceError(f"{len(problems)} mistakes in mapping tables:\n{lines}")
    return found


def read_mapping_set(text: str, target: str, file: str) -> tuple[MappingSet | None, list[LithioKGError]]:
    """Read one table.

    Args:
        text: its content.
        target: the key of the target.
        file: what the file is called in messages.

    Returns:
        The table, unless there is a mistake, and all mistakes.
    """
    # Not splitlines(): a row ends at a line feed only, whatever else stands in a comment.
    lines = text.removeprefix("\ufeff").split("\n")
    lines = [line.removesuffix("\r") for line in lines]
    size = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = Header(lines[:size], file)
    if not header.readable:
        return None, header.problems
    rows = Rows(lines, size, target, header)
    problems = [*header.problems, *rows.problems, *_contradictions(rows.mappings)]
    if problems:
        return None, sorted(problems, key=lambda problem: problem.place or Place(file))
    values = header.values
    return (
        MappingSet(
            target, values["mapping_set_id"][0], header.prefixes, values, tuple(rows.mappings), Place(file)
        ),
        [],
    )


def _identifiers_given_twice(sets: Iterable[MappingSet]) -> list[LithioKGError]:
    owners: dict[str, MappingSet] = {}
    return [
        SourceError(
            f"{each.iri} is the identifier of {owners[each.iri].place.file} too",
            place=each.place,
            mend="give each table a mapping_set_id of its own",
        )
        for each in sets
        if owners.setdefault(each.iri, each) is not each
    ]


def _contradictions(mappings: Iterable[Mapping]) -> list[LithioKGError]:
    """Rows that cannot all hold, or that say the same."""
    problems: list[LithioKGError] = []
    rows = list(mappings)
    first: dict[object, Mapping] = {}

    def complain(row: Mapping, slot: str, message: str, mend: str) -> None:
        problems.append(SourceError(message, place=row.place_of(slot), mend=mend))

    for row in rows:
        earlier = first.setdefault(row.identity, row)
        if earlier is not row:
            complain(
                row, "subject_id", f"line {earlier.place.line} says the same", "keep one of the two rows"
            )
    by_identity = {row.identity: row for row in rows}
    exact: dict[str, Mapping] = {}
    absent = {(row.subject, row.predicate): row for row in rows if row.finds_no_term}
    for row in rows:
        if not row.is_link:
            continue
        opposite = by_identity.get((row.subject, row.predicate, row.object, True))
        if opposite is not None:
            message = f"line {opposite.place.line} denies what this row affirms"
            complain(row, "predicate_id", message, "take back one of the two rows")
        none = absent.get((row.subject, row.predicate))
        if none is not None:
            message = f"line {none.place.line} says that no such term was found"
            complain(
                row, "object_id", message, "take back one of the two rows, or weaken the relation of this one"
            )
        if row.predicate.endswith("#exactMatch"):
            other = exact.setdefault(row.subject, row)
            if other.object != row.object:
                complain(
                    row,
                    "object_id",
                    f"{row.text('subject_label') or row.subject} is an exact match of "
                    f"{other.text('object_label') or other.object} already (line {other.place.line})",
                    "two things of one target are not both the same as one of ours: weaken one to skos:closeMatch",
                )
    return problems
