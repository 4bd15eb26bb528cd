"""The answer of a SELECT query: named columns and rows of RDF terms."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, TypeAlias

import pyoxigraph as ox

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

__all__ = ["Row", "Table", "Term", "Value", "python_value"]

Term: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple"
Row: TypeAlias = "tuple[Term | None, ...]"
Value: TypeAlias = str | int | float | bool | Decimal | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DECIMAL = ox.NamedNode(_XSD + "decimal")
_INTEGERS = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *(
        "nonPositiveInteger",
        "negativeInteger",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
        "unsignedByte",
    ),
)


def _boolean(text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text in {"true", "1"}


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():  # Python's decimals may be, those of RDF not
        raise ValueError(text)
    return number


_CONVERTERS: dict[str, Callable[[str], Value]] = {
    **{_XSD + name: int for name in _INTEGERS},
    _XSD + "decimal": _decimal,
    _XSD + "double": float,
    _XSD + "float": float,
    _XSD + "boolean": _boolean,
}


def python_value(term: Term | None) -> Value:
    """The plain Python value of a term.

    IRIs become strings, numbers int, Decimal or float, booleans bool, everything else its text; a
    literal whose text does not fit its datatype is left as text.

    >>> python_value(ox.Literal("2.50", datatype=ox.NamedNode(_XSD + "decimal")))
    Decimal('2.50')
    >>> python_value(ox.NamedNode("https://example.org/x"))
    'https://example.org/x'
    """
    if not isinstance(term, ox.Literal):
        if term is None:
            return None
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    convert = _CONVERTERS.get(term.datatype.value, str)
    try:
        return convert(term.value)
    except (ValueError, InvalidOperation):  # an ill-typed literal is legal RDF and has only its text
        return term.value


class Table:
    """Rows of RDF terms under named columns; never changed after it is made.

    Terms are handed out as the engine made them, and converted to Python values only on demand, so that
    a table costs next to nothing over the engine's own result.

    Attributes:
        variables: the names of the columns, in the order of the SELECT clause.
        truncated: whether ``max_rows`` cut the answer short.

    >>> table = Table(("n",), [(ox.Literal(1),), (None,)])
    >>> len(table), table.dicts()
    (2, [{'n': 1}, {'n': None}])
    """

    __slots__ = ("_rows", "_solutions", "truncated", "variables")

    def __init__(
        self, variables: Iterable[str], solutions: Iterable[Iterable[Term | None]], *, truncated: bool = False
    ) -> None:
        self.variables: tuple[str, ...] = tuple(variables)
        self.truncated = truncated
        # The engine's solutions are kept as they are until somebody looks at a row.
        self._solutions: Sequence[Iterable[Term | None]] = list(solutions)
        self._rows: list[Row] | None = None

    @classmethod
    def of_values(cls, columns: Iterable[str], rows: Iterable[Sequence[Value]]) -> Table:
        """A table of RDF terms from plain values."""
        return cls(columns, [tuple(map(_term, row)) for row in rows])

    @classmethod
    def from_tsv(cls, content: bytes, *, truncated: bool = False) -> Table:
        """The table that is written as SPARQL's TSV (UTF-8), terms as they were."""
        solutions = ox.parse_query_results(content, format=ox.QueryResultsFormat.TSV)
        assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # TSV holds nothing else
        return cls([variable.value for variable in solutions.variables], solutions, truncated=truncated)

    def to_tsv(self) -> bytes:
        """The table as SPARQL's TSV (UTF-8), from which :meth:`from_tsv` makes the same again."""
        lines = ["\t".join(f"?{name}" for name in self.variables)]
        lines += ["\t".join("" if term is None else str(term) for term in row) for row in self]
        return ("\n".join(lines) + "\n").encode()

    @property
    def rows(self) -> Sequence[Row]:
        """The rows, each a tuple of terms (``None`` where a variable is unbound)."""
        if self._rows is None:
            self._rows = list(map(tuple, self._solutions))
            self._solutions = self._rows
        return self._rows

    def __len__(self) -> int:
        return len(self._solutions)

    def __iter__(self) -> Iterator[Row]:
        # One pass makes its tuples on the way: keeping them would cost a third more than the engine's result.
        return iter(self._rows) if self._rows is not None else map(tuple, self._solutions)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return NotImplemented
        return self.variables == other.variables and list(self.rows) == list(other.rows)

    __hash__ = None  # type: ignore[assignment]  # equal by content, and the content may be large

    def __repr__(self) -> str:
        return f"<Table {', '.join(self.variables)}: {len(self)} rows>"

    def dicts(self) -> list[dict[str, Value]]:
        """The rows as plain Python values (see :func:`python_value`) keyed by column."""
        return [dict(zip(self.variables, map(python_value, row), strict=True)) for row in self]

    def column(self, name: str) -> list[Value]:
        """One column as plain Python values.

        Raises:
            KeyError: if there is no such column.
        """
        if name not in self.variables:
            raise KeyError(name)
        index = self.variables.index(name)
        return [python_value(row[index]) for row in self]

    def to_pandas(self) -> pd.DataFrame:
        """The table as a data frame: numbers as numeric columns, booleans as such, the rest as strings.

        Raises:
            LithioKGError: if pandas is not installed.
        """
        try:
            import pandas as pd  # noqa: PLC0415
        except ImportError as error:
            raise LithioKGError(
                "a data frame needs pandas, which is not installed", mend='pip install "lithiokg[pandas]"'
            ) from error
        frame = pd.DataFrame(index=range(len(self)))
        for name in self.variables:
            values = self.column(name)
            frame[name] = pd.Series(_coerced(values), dtype=_dtype(values))
        return frame


def _term(value: Value) -> ox.Literal | None:
    if isinstance(value, Decimal):  # the engine would make it a binary float
        return ox.Literal(f"{value:f}", datatype=_DECIMAL)
    return None if value is None else ox.Literal(value)


def _kinds(values: Iterable[Value]) -> set[type]:
    return {type(value) for value in values if value is not None}


def _dtype(values: list[Value]) -> Literal["boolean", "Int64", "int64", "float64", "string"]:
    kinds = _kinds(values)
    if kinds == {bool}:
        return "boolean"
    if kinds == {int} and all(abs(value) < 2**63 for value in values if isinstance(value, int)):
        return "Int64" if None in values else "int64"
    return "float64" if kinds and kinds <= {int, float, Decimal} else "string"


def _coerced(values: list[Value]) -> list[Value]:
    dtype = _dtype(values)
    if dtype == "float64":
        return [float("nan") if value is None else float(value) for value in values]
    if dtype == "string":
        return [None if value is None else str(value) for value in values]
    return values
