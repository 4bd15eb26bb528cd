"""The answer to a join: the user's rows, each with what it met."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    import pandas as pd

    from lithiokg.store import Value

__all__ = ["Joined", "Match"]

#: How a row can have met nothing, in words.
_UNMET = {"none": "met nothing", "no value": "had no value", "unreadable": "could not be read"}


@dataclass(frozen=True, slots=True)
class Match:
    """One row of the user's with one thing that it met, or with why it met none.

    Attributes:
        row: the place of the row in the user's table, counted from 0.
        how: ``inchikey`` or ``doi`` (the same), ``formula`` (the same numbers of atoms), ``composition`` (the
            same ratio), ``nearly`` (the same elements in nearly the same ratio); ``none``, ``no value`` or
            ``unreadable`` where it met nothing.
        iri: the thing.
        label: what it is called.
        facts: what the graph says of it, by column.
        note: why a value could not be read.
    """

    row: int
    how: str
    iri: str | None = None
    label: str | None = None
    facts: tuple[Value, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The user's table with what the graph says of each row.

    Attributes:
        columns: the user's columns, then those of the graph, which begin with ``lkg_``.
        rows: the user's fields, then the graph's; a row that met several things stands once for each, one
            that met nothing stands once.
        matches: the same, as objects.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    matches: tuple[Match, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def met(self) -> int:
        """How many rows of the user's met something."""
        return len(self._met)

    @property
    def _met(self) -> Counter[int]:
        """How many things each row met that met any."""
        return Counter(match.row for match in self.matches if match.iri is not None)

    @property
    def summary(self) -> str:
        """The numbers in words."""
        total = len({match.row for match in self.matches})
        several = sum(number > 1 for number in self._met.values())
        parts = [f"{self.met} of {total} row{'' if total == 1 else 's'} met something in the graph"]
        if several:
            parts.append(f"{several} of them more than one thing")
        hows = Counter(match.how for match in self.matches)
        parts += [f"{hows[how]} {words}" for how, words in _UNMET.items() if hows[how]]
        return ", ".join(parts)

    def to_pandas(self) -> pd.DataFrame:
        """A data frame of all rows, every column as text.

        Raises:
            LithioKGError: if pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415
        except ImportError as error:
            raise LithioKGError(
                "a data frame needs pandas, which is not installed", mend='pip install "lithiokg[pandas]"'
            ) from error
        return pd.DataFrame(list(self.rows), columns=list(self.columns), dtype="string")
