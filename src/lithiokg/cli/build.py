"""``lithiokg build``."""

from __future__ import annotations

import click

from lithiokg.cli.session import note, progress, sources_in_use

__all__ = ["command"]


@click.command()
@click.option("--force", is_flag=True, help="Build even if the snapshot of these sources is there.")
@click.option(
    "--classify", is_flag=True, help="First write ontology/classified.ttl anew with HermiT (extra 'dl')."
)
def command(*, force: bool, classify: bool) -> None:
    """Read, validate, derive and write the snapshot.

    A failing or killed build changes nothing: the last good snapshot stays in use.
    """
    from lithiokg.build import build_snapshot  # noqa: PLC0415

    sources = sources_in_use()
    if classify:
        from lithiokg.reasoning import write_classified  # noqa: PLC0415

        path = write_classified(sources.ontology)
        note(f"wrote {sources.relative(path)}")
    with progress() as stage:
        snapshot = build_snapshot(sources, force=force, stage=stage)
    description = snapshot.description
    graphs = description["graphs"]
    triples = sum(graphs.values()) if isinstance(graphs, dict) else 0
    if snapshot.fresh:
        click.echo(
            f"built snapshot {snapshot.key}: {triples:,} triples in {description['total_seconds']:.1f} s"
        )
        if warnings := description["warnings"]:
            note(f"{warnings} warning{'' if warnings == 1 else 's'}; see 'lithiokg check'")
    else:
        click.echo(f"snapshot {snapshot.key} is up to date: {triples:,} triples")
    note(f"in {snapshot.path}")
