"""The server: a SPARQL endpoint for machines and pages for people."""

from __future__ import annotations

from lithiokg.web.app import create_app
from lithiokg.web.settings import Settings

__all__ = ["Settings", "create_app"]
