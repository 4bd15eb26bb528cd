"""Open the graph from a snapshot, or connect to an endpoint that holds it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.graph.knowledge import KnowledgeGraph
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lithiokg.build import Snapshot, Stage
    from lithiokg.linking import Bridge
    from lithiokg.sources import Sources

__all__ = ["connect", "open_graph"]


def open_graph(
    sources: Sources | None = None,
    *,
    collections: Iterable[Path | str] | None = None,
    snapshot: Path | str | None = None,
    allow_hosts: Collection[str] = (),
    bridge: str | None = None,
    stage: Stage | None = None,
) -> KnowledgeGraph:
    """Open the graph; its snapshot is built first where the sources changed.

    Args:
        sources: the written sources (those of the checkout or the wheel unless given).
        collections: folders of your own records, read beside the shipped ones (those that ``LITHIOKG_WITH``
            names unless given); see ``docs/collections.md``.
        snapshot: a folder that ``lithiokg load`` wrote, to answer from that instead; see ``docs/large.md``.
        allow_hosts: hosts that ``SERVICE`` may call, such as ``example.org`` (any port) or
            ``localhost:7878`` (only that one); none unless named.
        bridge: a bridge of ``ontology/bridges`` to apply, such as ``emmo``: our things are then members of
            the other ontology's classes too. The graph is in memory in that case.
        stage: told the name of each stage of a build as it begins.

    Raises:
        UsageError: if there is no such bridge, collection or snapshot, or a snapshot is asked for together
            with collections.
        LithioKGError: if it cannot be built or opened.
    """
    from lithiokg.build import build_snapshot, current_snapshot  # noqa: PLC0415
    from lithiokg.sources import find_sources  # noqa: PLC0415

    sources = sources or find_sources(collections)
    crossing = _load_bridge(sources, bridge) if bridge is not None else None
    if snapshot is not None:
        found = _loaded(Path(snapshot), sources)
    else:
        found = current_snapshot(sources, stage=stage)
        if found.damage is not None:
            # Somebody's clean-up of the cache folder took files of it, or a disk failed: what can be built can
            # be built again, unless the sources do not build.
            if found.stale_because is not None:
                raise found.stale_because
            found = build_snapshot(sources, force=True, stage=stage)
    store = EmbeddedStore(found.store, allow_hosts=allow_hosts, triples=sum(found.graphs.values()))
    if crossing is not None:
        store = _bridged(store, crossing)
    return KnowledgeGraph(store, sources, found)


def _loaded(folder: Path, sources: Sources) -> Snapshot:
    from lithiokg.build import loaded_snapshot  # noqa: PLC0415

    if sources.collections:
        raise UsageError(
            "a loaded snapshot holds no collections of records",
            mend="leave out --with (LITHIOKG_WITH), or export the collection and add it: lithiokg load --add",
        )
    found = loaded_snapshot(folder)
    if found.damage is not None:
        raise LithioKGError(
            f"the snapshot {found.path} is damaged: {found.damage}",
            mend="load its files again: lithiokg load FILE.nq ... --into FOLDER",
        )
    return found


def _load_bridge(sources: Sources, name: str) -> Bridge:
    from lithiokg.linking import load_bridge  # noqa: PLC0415  # only a bridge needs the reader

    return load_bridge(sources.ontology, name)


def _bridged(store: EmbeddedStore, bridge: Bridge) -> EmbeddedStore:
    """A copy of a store in memory, with a bridge applied."""
    from lithiokg.linking import cross  # noqa: PLC0415  # only a bridge needs the rules

    with store:
        quads = list(store.quads())
    added = cross(quads, bridge)
    return EmbeddedStore.in_memory([*quads, *added], allow_hosts=store.allow_hosts)


def connect(url: str, *, timeout: float = 60.0, allow_hosts: Collection[str] = ()) -> KnowledgeGraph:
    """Connect to a SPARQL 1.1 endpoint that holds an export of LithioKG; see ``docs/remote.md``.

    Nothing is sent before the first question. Everything works that asks; :meth:`KnowledgeGraph.explain`,
    :meth:`KnowledgeGraph.why_not` and :meth:`KnowledgeGraph.what_if` need a snapshot and say so.

    Args:
        url: of the endpoint's query service; a user name and password in it are sent as HTTP basic
            authentication.
        timeout: seconds to wait for an answer.
        allow_hosts: hosts that the endpoint may be asked to call with ``SERVICE``.

    Raises:
        UsageError: if it is not an http(s) address.
    """
    from lithiokg.sources import find_sources  # noqa: PLC0415
    from lithiokg.store import RemoteStore  # noqa: PLC0415  # brings the HTTP client

    store = RemoteStore(url, timeout=timeout, allow_hosts=allow_hosts, holds=LKG)
    return KnowledgeGraph(store, find_sources())
