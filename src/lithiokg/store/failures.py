"""What a server's refusal, silence or redirect means, in words."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import URLError

from lithiokg.errors import LithioKGError, TimeLimitError
from lithiokg.store.services import plain_line

if TYPE_CHECKING:
    from urllib.error import HTTPError

    from lithiokg.store.address import Address

__all__ = ["LIMITED", "refused", "server_words", "unreachable"]

LIMITED = "the server may have met a limit of its own; narrow the question or try again"
_FORBIDDEN = (401, 403)
_REDIRECTS = range(300, 400)
_OWN_FAULTS = range(500, 600)


def server_words(error: HTTPError) -> str:
    """What the server says beside its status, on one line; nothing if it is a page."""
    body = error.read(2000).decode("utf-8", "replace")
    return "" if body.lstrip().startswith("<") else plain_line(body)


def refused(
    address: Address, error: HTTPError, *, words: str, mend: str, own_fault: str = LIMITED
) -> LithioKGError:
    """A status other than success.

    Args:
        address: whom we called.
        error: the answer.
        words: what the server says beside it.
        mend: what to do where the status itself does not say whose fault it is.
        own_fault: what to do where the server says that it is its own.
    """
    if error.code in _REDIRECTS:
        return _redirected(address, error)
    message = f"{address.shown} answered with HTTP status {error.code} {error.reason}"
    if error.code in _FORBIDDEN:
        mend = (
            "check the user name and password"
            if address.user
            else "give a user name and password in the address: https://NAME:PASSWORD@host/path"
        )
        return LithioKGError(message, mend=mend)
    told = own_fault if error.code in _OWN_FAULTS else mend
    return LithioKGError(f"{message}: {words}" if words else message, mend=told)


def _redirected(address: Address, error: HTTPError) -> LithioKGError:
    target = str(error.headers.get("Location", "")).partition("?")[0]
    where = "another address" if "@" in target or not target else plain_line(target)
    return LithioKGError(
        f"{address.shown} redirects to {where}, and redirects are not followed",
        mend="if you trust that address, connect to it",
    )


def unreachable(
    address: Address, error: Exception, timeout: float, *, slow: str = "or narrow the question"
) -> LithioKGError:
    """No answer, or none to its end.

    Args:
        address: whom we called.
        error: what happened.
        timeout: seconds that we waited.
        slow: what else to do than to wait longer.
    """
    reason = error.reason if isinstance(error, URLError) else error
    if isinstance(reason, TimeoutError):
        return TimeLimitError(
            f"{address.shown} did not answer within {timeout:g} s",
            mend=f"give it more time (timeout), {slow}",
        )
    if isinstance(reason, HTTPException):
        return LithioKGError(f"{address.shown} broke off its answer ({type(reason).__name__})", mend=LIMITED)
    return LithioKGError(
        f"{address.shown} cannot be reached: {reason}",
        mend="check the address and that the server is running",
    )
