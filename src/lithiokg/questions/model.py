"""What a saved question is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from lithiokg.errors import Place
    from lithiokg.questions.plotting import PlotSpec

__all__ = ["ANY", "PARAMETER_TYPES", "Expectation", "Parameter", "ParameterType", "Question", "Scalar"]

ParameterType: TypeAlias = Literal[
    "thing",
    "things",
    "class",
    "iri",
    "decimal",
    "integer",
    "string",
    "strings",
    "boolean",
    "quantity",
    "endpoint",
]
PARAMETER_TYPES: tuple[str, ...] = get_args(ParameterType)

#: A value as YAML gives it.
Scalar: TypeAlias = "str | int | float | bool | None"

#: The value of a parameter that puts no restriction on things or texts; ``UNDEF`` in SPARQL.
ANY = "any"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the asker may change.

    Attributes:
        name: the name in the header and behind ``#@``.
        type: one of :data:`PARAMETER_TYPES`.
        label: what it is, for people.
        default: the value in place, as the header writes it.
        kind: the CURIE of the class that a thing must belong to.
        choices: the values that may be chosen, where not all.
        unit: the unit in which a quantity is given.
        place: where the header declares it.
        within: the CURIEs of the classes that a thing must belong to (one of them), or that a class must be
            a kind of, to be meant by words: narrower than ``kind``, and no restriction on values given.
    """

    name: str
    type: ParameterType
    label: str
    default: object
    place: Place
    kind: str | None = None
    choices: tuple[object, ...] = ()
    unit: str | None = None
    within: tuple[str, ...] = ()

    @property
    def takes_several(self) -> bool:
        """Whether more than one value may be given at once."""
        return self.type in {"things", "strings"}

    @property
    def names_things(self) -> bool:
        """Whether the value is one or more things of the graph."""
        return self.type in {"thing", "things", "class"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the answer over the published data must look like.

    Attributes:
        columns: the names of the columns, in order.
        rows: a comparison (``==``, ``>=`` or ``<=``) with the number of rows, or ``None``.
        contains: rows that the answer must contain, each with some of the columns.
        empty: whether the right answer is no row.
    """

    columns: tuple[str, ...]
    rows: tuple[str, int] | None = None
    contains: tuple[Mapping[str, Scalar], ...] = ()
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question: SPARQL that runs as it stands, and a header that says what it means.

    Attributes:
        name: the stem of the file, a sentence in kebab case.
        topic: the folder.
        path: the file.
        text: the whole file; the header is comments, so that it runs in any SPARQL 1.1 engine.
        title: a few words.
        question: the question in one sentence.
        description: how it is answered, and what to beware of.
        tags: words to find it by.
        params: the parameters, by name, in the order of the header.
        expect: what the answer must look like.
        plot: how to draw the answer, where it can be drawn.
        asks: other ways to put the question; ``{name}`` stands for the value of a parameter.
    """

    name: str
    topic: str
    path: Path
    text: str
    title: str
    question: str
    description: str
    tags: tuple[str, ...]
    params: Mapping[str, Parameter]
    expect: Expectation
    plot: PlotSpec | None = None
    asks: tuple[str, ...] = ()

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The parameters that name another endpoint, which the question calls with ``SERVICE``."""
        return tuple(name for name, parameter in self.params.items() if parameter.type == "endpoint")

    def bind(self, values: Mapping[str, object], resolve: Callable[[str, str | None], str]) -> str:
        """The text of the query with values in the places of its parameters.

        Args:
            values: values by parameter; a parameter that is not named keeps its default.
            resolve: gives the IRI for a name and the CURIE of a class (or ``None``).

        Returns:
            The query, in which nothing but the values between the braces differs.

        Raises:
            UsageError: for an unknown parameter or a value of the wrong type.
        """
        from lithiokg.questions.binding import bind  # noqa: PLC0415  # binding needs this module

        return bind(self, values, resolve)
