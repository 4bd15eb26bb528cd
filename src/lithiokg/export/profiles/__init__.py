"""The facts in other people's words: EMMO and BattINFO, nanopublications, schema.org."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.store import Store

__all__ = ["PROFILES", "write_profile"]

#: The profiles -> the syntaxes each can be written in, the usual one first.
PROFILES: dict[str, tuple[str, ...]] = {
    "emmo": ("jsonld", "turtle", "ttl"),
    "nanopub": ("trig",),
    "schema": ("jsonld",),
}


def write_profile(store: Store, profile: str, format_: str | None = None, *, ontology: Path) -> str:
    """All facts in the words of one of :data:`PROFILES`; equal graphs give equal text.

    Args:
        store: of the snapshot or behind an endpoint.
        profile: its name.
        format_: one of its syntaxes, the usual one unless given.
        ontology: the ontology's folder, with mappings and bridges, from which EMMO's types are taken.

    Raises:
        UsageError: for a profile that there is not, or a syntax that it cannot be written in.
        SourceError: for a mistake in a mapping table or bridge.
    """
    if profile not in PROFILES:
        raise UsageError(f"there is no profile {profile!r}", mend=f"choose one of {', '.join(PROFILES)}")
    format_ = format_ or PROFILES[profile][0]
    if format_ not in PROFILES[profile]:
        fitting = ", ".join(PROFILES[profile])
        raise UsageError(
            f"the profile {profile!r} cannot be written as {format_}", mend=f"it can as {fitting}"
        )
    from lithiokg.export.profiles.facts import Facts  # noqa: PLC0415  # only where a profile is written
    from lithiokg.export.profiles.jsonld import as_json, as_turtle  # noqa: PLC0415

    facts = Facts(store)
    if profile == "nanopub":
        from lithiokg.export.profiles.nanopub import write_nanopub  # noqa: PLC0415

        return "".join(write_nanopub(facts))
    if profile == "schema":
        from lithiokg.export.profiles.schema import schema_document  # noqa: PLC0415

        return as_json(schema_document(facts))
    from lithiokg.export.profiles.emmo import TURTLE_PREFIXES, emmo_document  # noqa: PLC0415
    from lithiokg.export.profiles.matches import read_matches  # noqa: PLC0415
    from lithiokg.vocabulary import ID  # noqa: PLC0415

    document = emmo_document(facts, read_matches(ontology))
    return as_json(document) if format_ == "jsonld" else as_turtle(document, ID, TURTLE_PREFIXES)
