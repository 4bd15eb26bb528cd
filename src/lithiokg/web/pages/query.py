"""The query editor: a form that works by itself, and with the script an editor in the place of its text field.

The editor is our own (``static/editor.js``): the text field stays one, so that undoing, input methods, the
keyboards of phones and screen readers work as they do everywhere, and a few kilobytes add colors, names from the
graph itself and the errors of the parser that will run the query. CodeMirror 6 was weighed (400 KB, a build
step with Node, and still the names and the errors to write), and so was YASGUI (1 MB, asks servers of others
for names, shows datatypes in the place of numbers, and fails a check of accessibility).

What users write runs in the worker processes of the server alone, and under its limits.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import Route

from lithiokg.errors import LithioKGError
from lithiokg.store.protocol import DERIVED_GRAPHS
from lithiokg.vocabulary import PREFIXES, compact
from lithiokg.web import links
from lithiokg.web.completing import propose
from lithiokg.web.protocol.endpoint import while_connected
from lithiokg.web.protocol.reading import check_iri, read_body
from lithiokg.web.queried import declared, fault_of, shown_of
from lithiokg.web.rendering import page, page_number, tagged, without_header
from lithiokg.web.site import site_of
from lithiokg.web.snippets import snippets

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from lithiokg.questions import Question
    from lithiokg.store.resident import Task
    from lithiokg.web.queried import Fault, Shown
    from lithiokg.web.reply import Reply
    from lithiokg.web.settings import Settings
    from lithiokg.web.site import Site
    from lithiokg.web.workers import Pool

__all__ = ["ROUTES"]

#: What stands in the editor to begin with.
_STARTER = """# Which designs have an interface of type III, and what lies between lithium and electrolyte?
SELECT ?design ?layer ?substance
WHERE {
  ?design a lkg:InterfaceTypeIII ;
          lkg:hasComponent ?layer .
  ?layer a lkg:InterfacialLayer ;
         lkg:hasConstituent ?substance .
}
ORDER BY ?design"""
#: So many rows are looked at here; the files have them all.
_ROWS = 2000
_FEWEST_LINES, _MOST_LINES = 8, 24
#: A name that is being written is no longer.
_LONGEST = 80
_FORMATS = {"table": "tsv", "boolean": "json", "graph": "ntriples"}
_FILES = {
    "table": (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML")),
    "boolean": (("json", "JSON"), ("xml", "XML")),
    "graph": (("ttl", "Turtle"), ("nt", "N-Triples"), ("rdf", "RDF/XML"), ("jsonld", "JSON-LD")),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the editor says.

    Attributes:
        text: the query.
        runs: whether it is to be answered.
        stated: whether only what was stated is asked.
        raw: whether terms are shown as they are written.
        dataset: default and named graphs, where the address names them.
        question: the saved question whose text it is.
    """

    text: str
    runs: bool
    stated: bool
    raw: bool
    dataset: tuple[list[str], list[str]] | None
    question: str = ""

    def parameters(self, **changes: object) -> dict[str, object]:
        """The parameters of an address with the same, some of them changed."""
        default, named = self.dataset or ([], [])
        return {
            "query": self.text,
            "stated": 1 if self.stated else None,
            "view": "raw" if self.raw else None,
            "default-graph-uri": default,
            "named-graph-uri": named,
            **changes,
        }


async def editor(request: Request) -> Response:
    """The editor, and the answer to what stands in it."""
    asked = await run_in_threadpool(_asked, request)
    if not asked.runs:
        return await run_in_threadpool(_page, request, asked)
    begun = time.perf_counter()
    try:
        for iri in (iri for iris in asked.dataset or () for iri in iris):
            check_iri(iri)
        reply = await while_connected(request, _task(request, asked))
    except LithioKGError as error:
        return await run_in_threadpool(_page, request, asked, fault=fault_of(error, asked.text))
    if reply is None:
        return JSONResponse(None, status_code=499)  # nobody reads it
    return await run_in_threadpool(_answered, request, asked, reply, time.perf_counter() - begun)


def _asked(request: Request) -> Asked:
    sent, site = request.query_params, site_of(request)
    dataset = sent.getlist("default-graph-uri"), sent.getlist("named-graph-uri")
    text, name = sent.get("query", "").replace("\r\n", "\n").strip("\n"), sent.get("question", "")
    if name in site.questions and not text.strip():
        text = _saved(site, site.questions[name])
    return Asked(
        text=text or _STARTER,
        runs=bool(text.strip()),
        stated=sent.get("stated") == "1",
        raw=sent.get("view") == "raw",
        dataset=dataset if any(dataset) else None,
        question=name,
    )


def _saved(site: Site, question: Question) -> str:
    """The text of a saved question with the values that it has to begin with."""
    text = question.bind({}, lambda name, kinds: site.names.resolve(name, kinds=kinds))
    return f"# {question.question}\n{without_header(text)}"


def _task(request: Request, asked: Asked) -> Task:
    pool: Pool = request.app.state.pool
    return pool.task(
        asked.text,
        {**_FORMATS, "graph": "turtle"} if asked.raw else _FORMATS,
        base=_endpoint(request),
        dataset=asked.dataset,
        graphs=_stated(site_of(request)) if asked.stated else None,
        max_rows=_ROWS,
        cut=True,
        prefixes=True,
    )


def _endpoint(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/sparql"


def _stated(site: Site) -> list[str]:
    """The graphs with what was stated."""

    def made() -> list[str]:
        return [name for name in site.store.graphs() if name not in DERIVED_GRAPHS]

    return site.remember(("stated",), made)


def _answered(request: Request, asked: Asked, reply: Reply, seconds: float) -> Response:
    shown = shown_of(site_of(request), asked.text, reply, raw=asked.raw, page=page_number(request))
    return _page(request, asked, answer=shown, seconds=seconds)


def _page(
    request: Request,
    asked: Asked,
    *,
    answer: Shown | None = None,
    fault: Fault | None = None,
    seconds: float = 0.0,
) -> Response:
    site, settings = site_of(request), request.app.state.settings
    text, supplied = declared(asked.text)
    dataset = _dataset(site, asked)
    title = "Query editor"
    if answer or fault:
        title = f"{answer.title if answer else 'Error'} · {title}"
    response = page(
        request,
        "query.html",
        title=title,
        downloads=[(words, _file(text, ending, dataset)) for ending, words in _FILES[answer.form]]
        if answer
        else (),
        status=fault.status if fault else 200,
        headers=fault.headers if fault else None,
        state=asked,
        lines=max(_FEWEST_LINES, min(_MOST_LINES, asked.text.count("\n") + 2)),
        answer=answer,
        fault=fault,
        seconds=seconds,
        written=text,
        supplied=supplied,
        prefixes=PREFIXES,
        examples=_examples(site, settings),
        snippets=[]
        if fault
        else snippets(text, answer.form if answer else "table", _endpoint(request), dataset),
        settings=settings,
        curie=compact,
    )
    if "ETag" in response.headers:  # a query may ask for the time, or another host
        del response.headers["ETag"]
    return response


def _dataset(site: Site, asked: Asked) -> list[tuple[str, str]]:
    """The graphs that are asked, as parameters of the protocol."""
    stated = _stated(site) if asked.stated else []
    default, named = asked.dataset or (stated, stated)
    return [("default-graph-uri", each) for each in default] + [("named-graph-uri", each) for each in named]


def _file(text: str, ending: str, dataset: list[tuple[str, str]]) -> str:
    graphs = {name: [iri for each, iri in dataset if each == name] for name, _ in dataset}
    return links.url("/sparql", query=text, format=ending, **graphs)


def _examples(site: Site, settings: Settings) -> dict[str, list[tuple[str, str]]]:
    """The saved questions that can be loaded, by topic."""
    found: dict[str, list[tuple[str, str]]] = {}
    for question in site.questions.values():
        if not question.endpoints or settings.allow_hosts:
            found.setdefault(question.topic, []).append((question.name, question.title))
    return found


# --- for the script -----------------------------------------------------------------------------------


async def check(request: Request) -> Response:
    """Whether a query parses, by the parser that would run it; else what is wrong, and where."""
    settings: Settings = request.app.state.settings
    pool: Pool = request.app.state.pool
    try:
        text = (await read_body(request, settings.max_request)).decode("utf-8", "replace")
        task = pool.task(text, _FORMATS, base=_endpoint(request), check=True, prefixes=True)
        reply = await while_connected(request, task)
    except LithioKGError as error:
        fault = fault_of(error, "")
        return JSONResponse(
            {"message": fault.words, "mend": fault.mend, "line": fault.line, "column": fault.column}
        )
    if reply is not None:
        reply.close()
    return JSONResponse({})


@tagged
def complete(request: Request) -> Response:
    """What a name that was begun may become."""
    sent = request.query_params
    found = propose(
        site_of(request), sent.get("q", "")[:_LONGEST], within=sent.get("in", ""), kind=sent.get("kind", "")
    )
    return JSONResponse(
        [{"iri": each.iri, "label": each.label, "kind": each.kind, "found": each.found} for each in found]
    )


ROUTES: list[BaseRoute] = [
    Route("/query", editor),
    Route("/query/check", check, methods=["POST"]),
    Route("/complete", complete),
]
