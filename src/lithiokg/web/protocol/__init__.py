"""The machine side: SPARQL 1.1 Protocol, Graph Store, service description, VoID."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

__all__ = ["routes"]


def routes() -> list[BaseRoute]:
    """The routes of the machine side."""
    from lithiokg.web.problems import describe  # noqa: PLC0415
    from lithiokg.web.protocol.endpoint import ACCEPTED, sparql  # noqa: PLC0415
    from lithiokg.web.protocol.graph_store import graph_store  # noqa: PLC0415
    from lithiokg.web.protocol.machine import Machine  # noqa: PLC0415
    from lithiokg.web.protocol.openapi import openapi  # noqa: PLC0415
    from lithiokg.web.protocol.service import void  # noqa: PLC0415

    endpoint = Machine(sparql, ("GET", "HEAD", "POST"), {"Accept-Post": ACCEPTED})
    return [
        Route("/sparql", endpoint),
        Route("/sparql/", endpoint),
        Route("/graph-store", Machine(graph_store)),
        Route("/.well-known/void", Machine(void)),
        Route("/openapi.json", Machine(openapi)),
        Route("/problems/{kind}", Machine(describe)),
    ]
