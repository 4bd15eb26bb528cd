"""Pages from templates: one layout, an entity tag, and what is linked from every page."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from lithiokg.errors import LithioKGError
from lithiokg.store.sheet import short_cell
from lithiokg.web import links
from lithiokg.web.site import site_of
from lithiokg.web.typography import formula, plain_words, prose, typeset, unbroken, unit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from lithiokg.web.site import Site

__all__ = [
    "entity_tag",
    "matches",
    "origin_mark",
    "page",
    "page_number",
    "problem",
    "tagged",
    "thing_link",
    "without_header",
]

_Handler = TypeVar("_Handler", bound="Callable[[Request], Response]")
#: So many digits may the number of a page have.
_DIGITS = 6
#: What the header links to, in its order.
NAVIGATION = (
    ("/questions", "Questions"),
    ("/compare", "Compare"),
    ("/plots", "Plots"),
    ("/map", "Map"),
    ("/elements", "Elements"),
    ("/tree", "Classes"),
    ("/works", "Works"),
    ("/discrepancies", "Discrepancies"),
    ("/what-if", "What if"),
    ("/query", "SPARQL"),
    ("/about", "About"),
)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        formula=formula,
        typeset=typeset,
        unbroken=unbroken,
        short=short_cell,
        own=origin_mark,
        said=plain_words,
        prose=prose,
        unit=unit,
    )
    environment.globals.update(url=links.url, doi=links.doi, external=links.external, local=links.local,
                               data=links.data, query_editor=links.query_editor, navigation=NAVIGATION)  # fmt: skip
    return environment


def entity_tag(request: Request) -> str:
    """The weak entity tag of what a request asks for: the snapshot never changes, so its address tells."""
    asked = f"{request.url.path}?{request.url.query}"
    return f'W/"{site_of(request).key}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"'


def matches(request: Request, tag: str) -> bool:
    """Whether the client holds what a tag stands for (RFC 9110, section 13.1.2: compared weakly)."""
    held = request.headers.get("if-none-match", "")
    return held.strip() == "*" or tag.removeprefix("W/") in {
        each.strip().removeprefix("W/") for each in held.split(",")
    }


def tagged(handler: _Handler) -> _Handler:
    """A handler that is spared the work where the client holds its answer already."""

    @functools.wraps(handler)
    def answer(request: Request) -> Response:
        tag = entity_tag(request)
        if matches(request, tag):
            return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "no-cache"})
        try:
            response = handler(request)
        except LithioKGError as error:
            response = problem(request, 400, "That cannot be answered", error.message, mend=error.mend)
        if response.status_code == 200:  # noqa: PLR2004  # only what was found can be kept
            response.headers.setdefault("ETag", tag)
            response.headers.setdefault("Cache-Control", "no-cache")
        return response

    return answer  # type: ignore[return-value]  # it takes and gives the same


def page_number(request: Request, name: str = "page", *, last: int | None = None) -> int:
    """The page that an address asks for, counted from 1: the first if it makes no sense, at most the last."""
    text = request.query_params.get(name, "1")
    number = max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else 1
    return number if last is None else min(number, max(1, last))


def thing_link(site: Site, iri: str, words: str | None = None, *, mark: bool = True) -> Markup:
    """A link to the page of a thing, or to the web for somebody else's; its label is what is seen.

    What comes from a collection of the user's is marked so, unless the mark would stand there twice.
    """
    shown = typeset(words or site.label(iri))
    path = links.local(iri)
    if path is not None:
        return Markup('<a href="{}">{}</a>').format(path, shown) + origin_mark(
            site.origin(iri) if mark else ""
        )
    outside = links.external(iri)
    return Markup('<a href="{}" rel="external">{}</a>').format(outside, shown) if outside else shown


def origin_mark(origin: str) -> Markup:
    """The mark of a record that comes from a collection of the user's; empty for what is shipped.

    >>> str(origin_mark("my-lab/meyer-2027"))
    ' <small class="own" title="from your collection: my-lab/meyer-2027">meyer-2027</small>'
    """
    if not origin:
        return Markup()
    return Markup(' <small class="own" title="from your collection: {}">{}</small>').format(
        origin, origin.rpartition("/")[2]
    )


def without_header(text: str) -> str:
    """A query without the header of comments that saved questions have."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip()


def page(
    request: Request,
    template: str,
    *,
    title: str,
    query: str | None = None,
    command: str | None = None,
    downloads: Sequence[tuple[str, str]] = (),
    status: int = 200,
    headers: dict[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page in the common layout.

    Args:
        request: what is answered.
        template: its name below ``templates/``.
        title: of the page, without the name of the site.
        query: the SPARQL behind what is shown.
        command: where no query is, the command line that gives the same.
        downloads: label and address of files with exactly what is shown.
        status: of the response.
        headers: further headers.
        **context: for the template.
    """
    site = site_of(request)
    body = _environment().get_template(template).render(
        title=title,
        query=without_header(query) if query else None,
        command=command,
        downloads=downloads,
        path=request.url.path,
        asked=request.query_params,
        version=site.version,
        key=site.key,
        most=site.most,
        own=[each.name for each in site.graph.sources.collections],
        thing=functools.partial(thing_link, site),
        label=site.label,
        say=site.words,
        **context,
    )  # fmt: skip
    response = HTMLResponse(body, status_code=status, headers=headers)
    if status == 200:  # noqa: PLR2004
        response.headers["ETag"] = entity_tag(request)
        response.headers["Cache-Control"] = "no-cache"
    return response


def problem(
    request: Request,
    status: int,
    title: str,
    message: str,
    *,
    mend: str | None = None,
    suggestions: Sequence[tuple[str, str]] = (),
) -> HTMLResponse:
    """A page that says in words what is wrong, and what may have been meant.

    Args:
        request: what is answered.
        status: of the response.
        title: in a few words.
        message: in a sentence.
        mend: how it is put right.
        suggestions: label and address of what may have been meant.
    """
    return page(
        request,
        "problem.html",
        title=title,
        status=status,
        message=plain_words(message),
        mend=plain_words(mend) if mend else None,
        suggestions=suggestions,
    )
