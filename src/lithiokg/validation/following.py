"""In which direction rules follow links: from a record to what it names, or back to what names it.

Whatever a SPARQL constraint begins at (``$this``), it reaches the rest of its patterns link by link. A pattern whose
subject is reached is read among what is stated of the subject. Where only the object is, the link is followed
backwards, and what stands at its other end has to be looked for.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Variable

    from lithiokg.validation.shapes import Shapes

__all__ = ["followed_backwards"]

_INVERSE = PREFIXES["sh"] + "inversePath"
_Pattern = tuple[Any, Any, Any]


def followed_backwards(shapes: Shapes) -> frozenset[str]:
    """The properties that some rule follows from object to subject.

    Args:
        shapes: the rules. Of SHACL Core, inverse paths of a single property are read.

    >>> from lithiokg.validation.shapes import Constraint, Shapes
    >>> select = "SELECT $this { $this <x:row> ?row . ?other <x:row> ?row ; <x:number> ?number }"
    >>> followed_backwards(Shapes((), {}, (Constraint(None, select, ()),)))
    frozenset({'x:row'})
    """
    inverse = {
        triple.object.value
        for triple in shapes.triples
        if triple.predicate.value == _INVERSE and hasattr(triple.object, "value")
    }
    return frozenset(inverse.union(*(_of_query(each.select) for each in shapes.constraints)))


@lru_cache(maxsize=256)
def _of_query(text: str) -> frozenset[str]:
    from rdflib import Variable  # noqa: PLC0415  # slow to import
    from rdflib.plugins.sparql import prepareQuery  # noqa: PLC0415

    patterns = list(_patterns(prepareQuery(text).algebra))
    reached: set[Variable] = {Variable("this")}
    backwards: set[str] = set()
    while True:
        _go_forward(patterns, reached)
        # One link is enough to find a subject; what else leads to it is then among its statements.
        for subject, path, node in patterns:
            if _is_open(subject) and subject not in reached and node in reached:
                backwards.update(name for name, inverse in _steps(path) if not inverse)
                reached.add(subject)
                break
        else:
            break
    # Along an inverse step a pattern is followed backwards wherever it begins.
    for _, path, _ in patterns:
        backwards.update(name for name, inverse in _steps(path) if inverse)
    return frozenset(backwards)


def _go_forward(patterns: list[_Pattern], reached: set[Variable]) -> None:
    before = 0
    while before < len(reached):
        before = len(reached)
        for subject, path, node in patterns:
            if subject in reached:
                reached.update(each for each in (path, node) if _is_open(each))


def _is_open(term: object) -> bool:
    from rdflib import BNode, Variable  # noqa: PLC0415  # slow to import

    return isinstance(term, Variable | BNode)


def _patterns(part: Any) -> Iterator[_Pattern]:
    """The triple patterns of a query, in groups and in EXISTS, as rdflib keeps them: in threes or in long rows."""
    if isinstance(part, dict):
        for name, inner in part.items():
            if name == "triples":
                for row in inner:
                    terms = list(row)
                    yield from zip(terms[::3], terms[1::3], terms[2::3], strict=True)
            else:
                yield from _patterns(inner)
    elif isinstance(part, list | tuple | set):
        for inner in part:
            yield from _patterns(inner)


def _steps(path: Any, inverse: bool = False) -> Iterator[tuple[str, bool]]:
    """The properties on a path, and whether it takes them from object to subject."""
    from rdflib import URIRef  # noqa: PLC0415  # slow to import
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath  # noqa: PLC0415

    if isinstance(path, URIRef):
        yield str(path), inverse
    elif isinstance(path, SequencePath | AlternativePath):
        for step in path.args:
            yield from _steps(step, inverse)
    elif isinstance(path, InvPath):
        yield from _steps(path.arg, not inverse)
    elif isinstance(path, MulPath):
        yield from _steps(path.path, inverse)
