"""``lithiokg release``."""

from __future__ import annotations

from pathlib import Path

import click

from lithiokg.cli.session import note, progress, sources_in_use

__all__ = ["command"]


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write; lithiokg-VERSION in this folder unless given.",
)
@click.option("--force", is_flag=True, help="Replace a release that is there; no other folder is replaced.")
@click.option("--version", "only_version", is_flag=True, help="Say which version it would be, and stop.")
def command(*, output: Path | None, force: bool, only_version: bool) -> None:
    """Write ontology, data, mappings and their description for others to load.

    The same sources give the same bytes on any machine; 'sha256sum -c SHA256SUMS' inside the folder
    confirms them. What each file holds: docs/releases.md.
    """
    from lithiokg.build import build_snapshot  # noqa: PLC0415
    from lithiokg.metadata import read_header  # noqa: PLC0415
    from lithiokg.release import write_release  # noqa: PLC0415
    from lithiokg.store import EmbeddedStore  # noqa: PLC0415

    sources = sources_in_use()
    with progress() as stage:
        # Only what the sources say now is released, never the last good snapshot in their stead.
        snapshot = build_snapshot(sources, stage=stage)
    with EmbeddedStore(snapshot.store) as store:
        version = read_header(store).version
        if only_version:
            click.echo(version)
            return
        release = write_release(store, sources, output or Path(f"lithiokg-{version}"), force=force)
    size = sum(release.files.values()) / 1e6
    click.echo(f"wrote release {version} to {release.path}: {len(release.files)} files, {size:.1f} MB")
    click.echo(f"content sha256:{release.content_hash}")
    note(f"confirm it with: cd {release.path} && sha256sum -c SHA256SUMS")
