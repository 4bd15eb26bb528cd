"""Have the terms that mappings point to changed since? Found by looking into a copy of the target."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lithiokg.linking.model import Mapping, MappingSet
    from lithiokg.linking.upstream import UpstreamCopy, UpstreamTerm

__all__ = ["Rot", "RotReport", "check_rot"]


@dataclass(frozen=True, slots=True)
class Rot:
    """A row whose object is not what it was.

    Attributes:
        row: the mapping.
        counterpart: CURIE of its object.
        change: ``vanished``, ``deprecated`` or ``renamed``.
        now: the label it has now, or the terms to use in its place, where the copy tells.
    """

    row: Mapping
    counterpart: str
    change: str
    now: str = ""


@dataclass(frozen=True, slots=True)
class RotReport:
    """What a check found.

    Attributes:
        checked: how many rows were looked up, by target.
        findings: the rows whose object has changed, in the order of the tables.
        notes: rows that could not be looked up, and versions that differ from those of the tables.
    """

    checked: dict[str, int]
    findings: tuple[Rot, ...]
    notes: tuple[str, ...]


def check_rot(sets: Sequence[MappingSet], copy: UpstreamCopy, *, all_of_them: bool = True) -> RotReport:
    """Look up the object of every row, denied ones included.

    That a term is gone is concluded only where the copy has an ontology of its namespace.

    Args:
        sets: the tables to check.
        copy: copies of their targets.
        all_of_them: whether there must be a copy of each target; otherwise those without are left out, with
            a note.

    Raises:
        UsageError: if there must be a copy of a target and is none, or if there is a copy of none.
    """
    checks = [_Check(mapping_set, copy) for mapping_set in sets]
    absent = [check.mapping_set.target for check in checks if check.absent]
    checks = [check for check in checks if not check.absent]
    if absent and (all_of_them or not checks):
        raise UsageError(
            f"{copy.folder} holds no copy of {', '.join(absent)}",
            mend="add one, or name the targets to check",
        )
    return RotReport(
        {check.mapping_set.target: len(check.present) for check in checks},
        tuple(rot for check in checks for rot in check.findings()),
        (
            *(f"{target}: not checked, there is no copy of it" for target in absent),
            *(note for check in checks for note in check.notes()),
        ),
    )


class _Check:
    """The check of one table.

    Attributes:
        rows: the rows about a term of the target.
        present: those of them that the copy can tell about.
        absent: whether it has no ontology of any of their namespaces.
    """

    def __init__(self, mapping_set: MappingSet, copy: UpstreamCopy) -> None:
        self.mapping_set = mapping_set
        self.copy = copy
        self.rows = [row for row in mapping_set.mappings if not row.finds_no_term]
        namespaces = {self._namespace(row.object) for row in self.rows}
        known = {namespace for namespace in namespaces if copy.has_ontology(namespace)}
        self.absent = bool(self.rows) and not known
        self.present = [
            row for row in self.rows if self._namespace(row.object) in known or copy.declares(row.object)
        ]

    def _namespace(self, iri: str) -> str:
        curie = self.mapping_set.compact(iri)
        return iri.removesuffix(curie.partition(":")[2])

    def findings(self) -> Iterator[Rot]:
        for row in self.present:
            curie = self.mapping_set.compact(row.object)
            term = self.copy.terms.get(row.object)
            label = row.text("object_label")
            if term is None or not term.declared:
                yield Rot(row, curie, "vanished", self._same_label(row))
            elif term.deprecated:
                yield Rot(row, curie, "deprecated", self._replacement(term))
            elif label and term.labels and label not in term.labels:
                yield Rot(row, curie, "renamed", " / ".join(term.labels))

    def _same_label(self, row: Mapping) -> str:
        """The terms of the same namespace that bear the label now."""
        found = self.copy.named(row.text("object_label"))
        same = (iri for iri in found if self._namespace(iri) == self._namespace(row.object))
        return ", ".join(map(self.mapping_set.compact, same))

    def _replacement(self, term: UpstreamTerm) -> str:
        words = []
        for iri in term.replaced_by:
            curie = self.mapping_set.compact(iri)
            known = self.copy.terms.get(iri)
            words.append(f"{next(iter(known.labels))} ({curie})" if known and known.labels else curie)
        return ", ".join(words)

    def notes(self) -> Iterator[str]:
        left = Counter(self._namespace(row.object) for row in self.rows)
        left.subtract(self._namespace(row.object) for row in self.present)
        for namespace, count in sorted((+left).items()):
            rows = f"{count} row{'' if count == 1 else 's'}"
            yield f"{self.mapping_set.target}: {rows} not checked, the copy has no ontology of {namespace}"
        for source, version in sorted({self._source(row) for row in self.rows}):
            ontology = self.copy.terms.get(source) or self.copy.terms.get(source.rstrip("#/"))
            found = list(ontology.versions) if ontology else []
            if version and found and not any(version in each for each in found):
                plain = [each for each in found if "://" not in each] or found
                yield f"{self.mapping_set.target}: made from {version}, the copy is {', '.join(plain)}"

    def _source(self, row: Mapping) -> tuple[str, str]:
        """The ontology of a row's object, and its version."""
        said = [
            row.text(slot) or self.mapping_set.text(slot)
            for slot in ("object_source", "object_source_version")
        ]
        return said[0], said[1]
