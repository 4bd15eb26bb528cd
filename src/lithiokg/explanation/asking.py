"""The functions to call: from a store and the names of things to an explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.explanation.explainer import Explainer
from lithiokg.explanation.rulebook import load_rulebook, read_for_rulebook
from lithiokg.names import NameIndex
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.explanation.model import Justification, WhyNot
    from lithiokg.store import Store

__all__ = ["explain", "find_target", "open_explainer", "why_not"]

#: What one may ask for, beside a class: things that designs are inferred to have.
_KINDS = (PREFIXES["owl"] + "Class", LKG + "Strategy", LKG + "Mechanism", LKG + "InterfaceType")


def open_explainer(store: Store, names: NameIndex, cached: Path | None = None) -> Explainer:
    """Prepare explanations of a snapshot.

    Args:
        store: the snapshot.
        names: labels of everything in it.
        cached: the snapshot's folder, where the compiled rules are kept.

    Raises:
        LithioKGError: if the store is behind an endpoint.
    """
    if not isinstance(store, EmbeddedStore):
        raise LithioKGError(
            "explanations need the snapshot itself, not an endpoint",
            mend="open the snapshot: lithiokg.open()",
        )

    return Explainer(store.oxigraph, load_rulebook(read_for_rulebook(store), cached), names.label)


def explain(store: Store, thing: str, target: str, *, limit: int = 10) -> list[Justification]:
    """Every minimal justification, up to a limit, of a membership or of an inferred relation.

    Args:
        store: a snapshot.
        thing: any name of a thing.
        target: any name of a class, strategy, mechanism or interface type.
        limit: at most so many, the shortest first.

    Returns:
        Nothing where it does not hold; then ask :func:`why_not`.

    Raises:
        UsageError: if a name is unknown or ambiguous; the message names the closest.
    """
    names = NameIndex.from_store(store)
    explainer = open_explainer(store, names)
    iri = names.resolve(thing)
    return explainer.explain(iri, find_target(explainer, names, iri, target), limit=limit)


def why_not(store: Store, thing: str, target: str) -> WhyNot:
    """Why a thing is not, or not known to be, what is asked; see :func:`explain`.

    Raises:
        UsageError: if a name is unknown or ambiguous.
    """
    names = NameIndex.from_store(store)
    explainer = open_explainer(store, names)
    iri = names.resolve(thing)
    return explainer.why_not(iri, find_target(explainer, names, iri, target))


def find_target(explainer: Explainer, names: NameIndex, thing: str, text: str) -> str:
    """The class or thing that a name means; of several, the one that holds of the thing.

    Raises:
        UsageError: if nothing, or more than one thing that holds, has the name.
    """
    try:
        return names.resolve(text)
    except UsageError as error:
        fitting: dict[str, None] = {}
        for kind in _KINDS:
            try:
                fitting[names.resolve(text, kinds=kind)] = None
            except UsageError:
                continue
        held = [iri for iri in fitting if explainer.explain(thing, iri, limit=1)]
        if len(held) == 1:
            return held[0]
        if len(fitting) == 1:
            return next(iter(fitting))
        raise error from None
