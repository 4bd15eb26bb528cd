"""Negation normal form and complements of class expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.reasoning.axioms import (
    NOTHING,
    THING,
    And,
    AtLeast,
    AtMost,
    DataOnly,
    Expression,
    Not,
    Only,
    Or,
    Role,
    Some,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["complement", "is_positive", "normal", "parts_of"]


def _and(parts: Iterable[Expression]) -> Expression:
    flat: dict[Expression, None] = {}
    for part in parts:
        if part == NOTHING:
            return NOTHING
        for piece in part.parts if isinstance(part, And) else (part,):
            if piece != THING:
                flat[piece] = None
    if not flat:
        return THING
    return next(iter(flat)) if len(flat) == 1 else And(tuple(flat))


def _or(parts: Iterable[Expression]) -> Expression:
    flat: dict[Expression, None] = {}
    for part in parts:
        if part == THING:
            return THING
        for piece in part.parts if isinstance(part, Or) else (part,):
            if piece != NOTHING:
                flat[piece] = None
    if not flat:
        return NOTHING
    return next(iter(flat)) if len(flat) == 1 else Or(tuple(flat))


def _only(role: Role, filler: Expression) -> Expression:
    """Values in all parts of a conjunction are values in each of them."""
    if filler == THING:
        return THING
    if isinstance(filler, And):
        return And(tuple(Only(role, part) for part in filler.parts))
    return Only(role, filler)


def normal(expression: Expression) -> Expression:  # noqa: PLR0911  # one return a construct
    """Push complements inwards and flatten; the result has the same members in every model.

    >>> from lithiokg.reasoning.axioms import Named, Role
    >>> normal(Not(Some(Role("p"), Named("A"))))
    Only(role=Role(iri='p', inverse=False), filler=Not(part=Named(iri='A')))
    """
    match expression:
        case And(parts):
            return _and(normal(part) for part in parts)
        case Or(parts):
            return _or(normal(part) for part in parts)
        case Not(part):
            return complement(part)
        case Some(role, filler):
            inner = normal(filler)
            return NOTHING if inner == NOTHING else Some(role, inner)
        case Only(role, filler):
            return _only(role, normal(filler))
        case AtLeast(count, role, filler):
            return AtLeast(count, role, normal(filler))
        case AtMost(count, role, filler):
            return AtMost(count, role, normal(filler))
    return expression


def complement(expression: Expression) -> Expression:  # noqa: PLR0911  # one return a construct
    """The negation normal form of "not ``expression``".

    Complements of enumerations, fixed values, self and data restrictions stay as they are: nothing
    smaller is negated there.
    """
    match expression:
        case And(parts):
            return _or(complement(part) for part in parts)
        case Or(parts):
            return _and(complement(part) for part in parts)
        case Not(part):
            return normal(part)
        case Some(role, filler):
            return normal(Only(role, complement(filler)))
        case Only(role, filler):
            return normal(Some(role, complement(filler)))
        case AtLeast(count, role, filler):
            return AtMost(count - 1, role, normal(filler))
        case AtMost(count, role, filler):
            return AtLeast(count + 1, role, normal(filler))
    if expression == THING:
        return NOTHING
    return THING if expression == NOTHING else Not(expression)


def parts_of(expression: Expression) -> Iterator[Expression]:
    """The expression itself and every expression inside it."""
    yield expression
    match expression:
        case And(parts) | Or(parts):
            for part in parts:
                yield from parts_of(part)
        case Not(part):
            yield from parts_of(part)
        case Some(_, filler) | Only(_, filler) | AtLeast(_, _, filler) | AtMost(_, _, filler):
            yield from parts_of(filler)


def is_positive(expression: Expression) -> bool:
    """Whether an expression speaks of what is there, never of what is not."""
    negative = (Not, Only, AtMost, DataOnly)
    return not any(isinstance(part, negative) for part in parts_of(expression))
