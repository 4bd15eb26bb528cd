"""Where the reader stands in a file, and what a name means there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from lithiokg.curation.context import Context

__all__ = ["KEY", "Scope", "UnresolvedNameError", "table_of"]

#: What the key of a record may be: formulas fit, blanks and slashes do not.
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._()+,~-]*")
_REFERENCE = re.compile(rf"(?:\.\./)*{KEY.pattern}(?:/{KEY.pattern})*")
_ROW = re.compile(r"(?:^|/)t([0-9]+)-r[0-9]+$")


class UnresolvedNameError(LithioKGError):
    """A name that does not resolve to an IRI; the reader adds the place."""


def table_of(row: str) -> str | None:
    """The table of a row key.

    >>> table_of("t3-r13")
    '3'
    """
    match = _ROW.search(row)
    return match.group(1) if match else None


@dataclass(frozen=True)
class Scope:
    """The node being read and what surrounds it.

    Attributes:
        iri: the node itself.
        context: the active JSON-LD context.
        source: name of the data folder.
        anchor: IRI of the nearest enclosing keyed record, against which relative bases resolve.
        record: IRI of the enclosing top-level record.
        table: number of the table that the surroundings speak of.
        stated: properties that the node itself states.
    """

    iri: str
    context: Context
    source: str
    anchor: str
    record: str
    table: str | None = None
    stated: set[str] = field(default_factory=set)

    def inside(self, context: Context) -> Scope:
        """The same place under another active context."""
        return replace(self, context=context)

    def child(self, iri: str, context: Context, *, keyed: bool, table: str | None) -> Scope:
        """The place of a nested record."""
        anchor = iri if keyed else self.anchor
        return Scope(iri, context, self.source, anchor, self.record, table or self.table)

    def reference(self, name: str) -> str:
        """The IRI of a reference: a key under the base in force, a CURIE or an absolute IRI.

        Raises:
            UnresolvedNameError: if the name is malformed, its prefix unknown, or no base is in force.
        """
        if ":" in name:
            return self.absolute(name)
        if not _REFERENCE.fullmatch(name):
            raise UnresolvedNameError(
                f"{name!r} cannot be a key",
                mend="keys are letters, digits and . _ ( ) + , ~ -, with / between the parts of a path",
            )
        return urljoin(self._base(name), name)

    def absolute(self, name: str) -> str:
        """Expand a CURIE or check an absolute IRI."""
        iri = self.context.expand(name, vocab=False)
        if iri is None or (iri == name and not re.match(r"[a-z][a-z0-9+.-]*://|urn:", name)):
            known = ", ".join(sorted(self.context.prefixes))
            raise UnresolvedNameError(f"the prefix of {name!r} is unknown", mend=f"known prefixes: {known}")
        return iri

    def _base(self, name: str) -> str:
        base = self.context.base
        if base is None:
            raise UnresolvedNameError(
                f"{name!r} is relative, and the context gives this field no @base",
                mend="write a CURIE such as lkgi:substance/ZnO",
            )
        if "{table}" in base:
            if "/" in name:
                base = base.replace("{table}/", "")
            elif self.table is None:
                raise UnresolvedNameError(
                    f"the table of column {name!r} is not known here",
                    mend=f"give the row too, or write the table before it: 3/{name}",
                )
            else:
                base = base.replace("{table}", self.table)
        base = base.replace("{source}", self.source).replace("{record}", self.record)
        return urljoin(self.anchor, base)
