"""The command line: ``lithiokg VERB``; one module a verb, imported only when its verb is called."""

from __future__ import annotations

from lithiokg.cli.main import cli, main

__all__ = ["cli", "main"]
