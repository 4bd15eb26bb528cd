"""What a validation found, in words a chemist reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from lithiokg.errors import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Finding", "Report", "Severity"]


class Severity(StrEnum):
    """How bad a finding is; only errors keep a graph from being built."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one rule by one record.

    Attributes:
        severity: error, warning or info.
        shape: IRI of the shape or constraint.
        rule: the rule in one sentence, with the names of this case filled in.
        mend: what to do.
        node: IRI of the record.
        label: what the record is called.
        path: IRI of the field, where the rule is about one.
        value: the offending value as printed or labeled, where there is one.
        place: where it is written, where that is known.
    """

    severity: Severity
    shape: str
    rule: str
    mend: str
    node: str
    label: str
    path: str | None = None
    value: str | None = None
    place: Place | None = None

    @property
    def name(self) -> str:
        """The short name of the rule, such as ``observation-evidence``."""
        return self.shape.rpartition("/")[2]

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding as flat values, for JSON and CSV."""
        return {
            "severity": self.severity.value,
            "name": self.name,
            "rule": self.rule,
            "mend": self.mend,
            "record": self.node,
            "label": self.label,
            "path": self.path,
            "value": self.value,
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "shape": self.shape,
        }

    def sort_key(self) -> tuple[bool, Place, int, str, str, str]:
        """Files and lines first; what has no place comes last."""
        unknown = self.place is None
        place = self.place or Place("")
        return (unknown, place, _ORDER[self.severity], self.shape, self.node, self.value or "")


class Report:
    """All findings of one run, in the order of files and lines."""

    def __init__(self, findings: Iterable[Finding] = ()) -> None:
        self.findings: tuple[Finding, ...] = tuple(sorted(set(findings), key=Finding.sort_key))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a graph from being built."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings to look at."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)

    @property
    def conforms(self) -> bool:
        """Whether no rule of severity error is broken."""
        return not self.errors

    def as_dicts(self) -> list[dict[str, str | int | None]]:
        """Every finding as flat values, for JSON and CSV."""
        return [finding.as_dict() for finding in self.findings]

    def as_text(self) -> str:
        """The findings grouped by rule, errors first, each with its place, and a last line that counts them.

        >>> print(Report().as_text())
        No findings.
        """
        if not self.findings:
            return "No findings."
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            groups[finding.shape].append(finding)
        ordered = sorted(groups.values(), key=lambda group: _ORDER[group[0].severity])
        counts = [
            _count(sum(finding.severity is severity for finding in self.findings), severity)
            for severity in Severity
        ]
        return "\n\n".join([*map(_group, ordered), ", ".join(count for count in counts if count) + "."])


def _count(number: int, severity: Severity) -> str:
    """A number of findings in words; nothing for none.

    >>> _count(2, Severity.ERROR), _count(1, Severity.WARNING)
    ('2 errors', '1 warning')
    """
    plural = "" if number == 1 or severity is Severity.INFO else "s"
    return f"{number} {severity.value}{plural}" if number else ""


def _group(group: list[Finding]) -> str:
    first = group[0]
    same = all(finding.rule == first.rule for finding in group)
    places = [str(finding.place) if finding.place else "" for finding in group]
    width = max(map(len, places))
    lines = [f"{first.name}: {_count(len(group), first.severity)}"]
    for finding, place in zip(group, places, strict=True):
        parts = [place.ljust(width), finding.label]
        if finding.value is not None:
            parts.append(finding.value)
        lines.append("  " + "  ".join(part for part in parts if part))
        if not same:
            lines.append(f"      {finding.rule}")
    if same:
        lines.append(f"  rule: {first.rule}")
    lines.append(f"  mend: {first.mend}")
    return "\n".join(lines)
