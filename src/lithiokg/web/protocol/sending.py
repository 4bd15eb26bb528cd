"""Answers of workers on their way to the client."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from lithiokg.web.reply import Reply

__all__ = ["ReplyResponse"]

_PART = 1 << 17


class ReplyResponse(Response):
    """A complete answer, sent part by part; one that its client does not take is dropped.

    Args:
        reply: what the worker gave; it is closed at the end.
        media_type: of the body.
        headers: further headers.
        seconds: in which the client must take the next part.
    """

    def __init__(self, reply: Reply, media_type: str, headers: Mapping[str, str], *, seconds: float) -> None:
        super().__init__(None, 200, {**headers, "Content-Type": media_type})
        self.headers["Content-Length"] = str(reply.size)
        if reply.report.get("gzip"):
            self.headers["Content-Encoding"] = "gzip"
        self._reply = reply
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        reply = self._reply
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            left = 0 if scope["method"] == "HEAD" else reply.size
            if not left:
                await send({"type": "http.response.body", "body": b""})
            while left:
                part = reply.read(_PART)
                left -= len(part)
                message = {"type": "http.response.body", "body": part, "more_body": left > 0}
                async with asyncio.timeout(self._seconds):
                    await send(message)
        except TimeoutError:
            # The length was announced, so that the client sees that the answer is cut.
            return
        finally:
            reply.close()
