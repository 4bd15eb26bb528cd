"""Copy what rules read from an endpoint, graph by graph, and count it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.reasoning.closures import listing_vocabulary
from lithiokg.reasoning.names import OWL, RDF_TYPE
from lithiokg.store import has_blank_node, is_premise
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from lithiokg.reasoning import RuleSet
    from lithiokg.store import RemoteStore

__all__ = ["MOST", "ONTOLOGY", "premises"]

ONTOLOGY = GRAPH + "ontology"
#: Statements that are asked for at once. A larger graph comes predicate by predicate, as far as rules read it.
MOST = 200_000


def premises(far: RemoteStore, rules: RuleSet, *, most: int = MOST) -> Iterator[list[ox.Quad]]:
    """Everything that the rules read, some graph or part of one at a time.

    Args:
        far: an endpoint that holds the stated graphs.
        rules: the compiled ontology; tells what of a large graph is needed.
        most: statements that are asked for at once, where a predicate has no more.

    Raises:
        LithioKGError: if the endpoint holds no ontology, or gives less than it holds.
    """
    graphs = {name: count for name, count in far.graphs().items() if is_premise(name)}
    if ONTOLOGY not in graphs:
        raise LithioKGError(
            f"{far.url} does not hold the graph <{ONTOLOGY}>",
            mend="put the stated graphs there first: lithiokg upload --stated",
        )
    for name, count in graphs.items():
        if count <= most:
            yield far.copied(name, count)
        else:
            yield from _in_parts(far, name, _read_by(rules), most)


def _read_by(rules: RuleSet) -> frozenset[str]:
    """The predicates of everything that a derivation looks at; too many do no harm."""
    apart = {OWL + name for name in ("differentFrom", "members", "distinctMembers")}
    return frozenset({RDF_TYPE, *apart, *rules.vocabulary, *listing_vocabulary(rules.ontology)})


def _in_parts(far: RemoteStore, name: str, wanted: frozenset[str], most: int) -> Iterator[list[ox.Quad]]:
    batch: dict[str, int] = {}
    needed = {iri: count for iri, count in far.predicates(name).items() if iri in wanted}
    for iri, count in sorted(needed.items(), key=lambda item: item[1]):
        if batch and sum(batch.values()) + count > most:
            yield _part(far, name, batch)
            batch = {}
        batch[iri] = count
    if batch:
        yield _part(far, name, batch)


def _part(far: RemoteStore, name: str, batch: dict[str, int]) -> list[ox.Quad]:
    quads = far.copied(name, sum(batch.values()), tuple(batch))
    if any(map(has_blank_node, quads)):
        raise LithioKGError(
            f"the graph <{name}> of {far.url} is large and has blank nodes, which cannot be copied in parts",
            mend="give the things of that graph names",
        )
    return quads
