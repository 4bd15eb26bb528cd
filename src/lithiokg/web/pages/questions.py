"""The saved questions: a list by topic, and each as a form with its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from lithiokg.errors import LithioKGError, TimeLimitError, UsageError
from lithiokg.store.sheet import write_sheet
from lithiokg.vocabulary import LKG, compact, expand
from lithiokg.web import links
from lithiokg.web.answers import sheet_of
from lithiokg.web.rendering import page, page_number, problem, tagged
from lithiokg.web.site import site_of
from lithiokg.web.typography import plain_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.graph import Answer
    from lithiokg.questions import Parameter, Question
    from lithiokg.web.site import Site

__all__ = ["ROUTES", "SHEETS"]

#: Ending of an answer as a file -> its media type and what the link says.
SHEETS = {
    "csv": ("text/csv", "CSV"),
    "tsv": ("text/tab-separated-values", "TSV"),
    "json": ("application/json", "JSON"),
    "md": ("text/markdown", "Markdown"),
}
_ANY = "any"
_CURIES = re.compile(r"([^,?]+?) \((lkgi?:[^\s()]+)\)")


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter as a field of a form.

    Attributes:
        name, label: of the parameter.
        kind: ``select``, ``checkbox``, ``number``, ``thing`` or ``text``.
        value: what stands in it.
        unit: behind it.
        options: value and words of what may be chosen, or is proposed.
        help: a hint in words.
        step: of a number.
    """

    name: str
    label: str
    kind: str
    value: str
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
    help: str = ""
    step: str = "any"


@tagged
def listing(request: Request) -> Response:
    """All saved questions, by topic."""
    site = site_of(request)
    words = request.query_params.get("filter", "").strip()
    topic = request.query_params.get("topic", "")
    chosen = [q for q in site.questions.values() if _fits(q, words) and topic in {"", q.topic}]
    topics: dict[str, list[Question]] = {}
    for question in chosen:
        topics.setdefault(question.topic, []).append(question)
    return page(
        request,
        "questions.html",
        title="Questions",
        topics=topics,
        every_topic=sorted({q.topic for q in site.questions.values()}),
        total=len(site.questions),
        found=len(chosen),
        words=words,
        topic=topic,
        query=_LIST,
        downloads=[(name, links.url(f"/questions.{ending}", filter=words, topic=topic))
                   for ending, (_, name) in SHEETS.items()],
    )  # fmt: skip


#: The questions are in the graph too, each with its text.
_LIST = """PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?question ?title ?asks
WHERE {
  ?question a lkg:SavedQuestion ; skos:prefLabel ?title ; skos:definition ?asks .
}
ORDER BY ?title"""


def _fits(question: Question, words: str) -> bool:
    text = f"{question.title} {question.question} {question.description} {' '.join(question.tags)} {question.topic}"
    return all(word in text.casefold() for word in words.casefold().split())


@tagged
def listing_file(request: Request) -> Response:
    """The list as a file."""
    site = site_of(request)
    ending = request.path_params["ending"]
    if ending not in SHEETS:
        return _no_file(request, ending)
    words, topic = request.query_params.get("filter", ""), request.query_params.get("topic", "")
    chosen = [q for q in site.questions.values() if _fits(q, words) and topic in {"", q.topic}]
    rows = [(q.topic, q.name, q.title, q.question) for q in chosen]
    text = write_sheet(("topic", "name", "title", "question"), rows, ending)
    return Response(text + "\n", media_type=SHEETS[ending][0])


def _no_file(request: Request, ending: str) -> Response:
    return problem(request, 404, "There is no such file", f"Answers are not written as “{ending}”.",
                   mend=f"There are: {', '.join(SHEETS)}.")  # fmt: skip


@tagged
def question(request: Request) -> Response:
    """One question: its form, and its answer as a page or as a file."""
    site = site_of(request)
    name, dot, ending = request.path_params["name"].partition(".")
    asked = site.questions.get(name)
    if asked is None:
        return _unknown(request, site, name)
    if dot and ending not in SHEETS:
        return _no_file(request, ending)
    given = _given(asked, request)
    if asked.endpoints and not all(name in given for name in asked.endpoints):
        return _form(request, asked, given)
    try:
        answer = site.ask(asked.name, given)
    except LithioKGError as error:
        return _failed(request, asked, given, error, as_file=bool(dot))
    if dot:
        text = write_sheet(*answer.sheet(), ending)
        disposition = {"Content-Disposition": f'inline; filename="{asked.name}.{ending}"'}
        return Response(text + "\n", media_type=SHEETS[ending][0], headers=disposition)
    return _form(request, asked, given, answer=answer)


def _given(asked: Question, request: Request) -> dict[str, object]:
    """The parameters that a form sends; a field left empty keeps its default, an unticked box means no."""
    sent = request.query_params
    given: dict[str, object] = {}
    for name in sent:
        if name not in {"page", "set"}:
            values = [value for value in sent.getlist(name) if value.strip()]
            if values:
                given[name] = values if len(values) > 1 else values[0]
    if "set" in sent:  # a browser does not send what is not ticked
        for name, parameter in asked.params.items():
            if parameter.type == "boolean" and name not in given:
                given[name] = "false"
    return given


def _failed(
    request: Request, asked: Question, given: Mapping[str, object], error: LithioKGError, *, as_file: bool
) -> Response:
    """Say on the form what is wrong with it."""
    status = 400 if isinstance(error, UsageError) else 503 if isinstance(error, TimeLimitError) else 500
    if as_file:
        return Response(f"{plain_words(error.message)}\n", status, media_type="text/plain")
    return _form(request, asked, given, error=error, status=status)


def _form(
    request: Request,
    asked: Question,
    given: Mapping[str, object],
    *,
    answer: Answer | None = None,
    error: LithioKGError | None = None,
    status: int = 200,
) -> Response:
    site = site_of(request)
    sent = {name: value for name, value in given.items() if name in asked.params}
    sheet = sheet_of(site, answer.table, page_number(request)) if answer is not None else None
    files = [
        (words, links.url(f"/questions/{asked.name}.{ending}", **sent))
        for ending, (_, words) in SHEETS.items()
    ]
    meant = _meant(asked, given, error) if error else []
    return page(
        request,
        "question.html",
        title=asked.title,
        question=asked,
        fields=[_field(site, parameter, given.get(name)) for name, parameter in asked.params.items()],
        answer=answer,
        sheet=sheet,
        sent=sent,
        error=_words(error, mend=not meant) if error else None,
        suggestions=meant,
        plotted=_plot_address(request, asked, sent),
        query=asked.text if answer is None else answer.text,
        downloads=() if answer is None else files,
        status=status,
    )


def _plot_address(request: Request, asked: Question, sent: Mapping[str, object]) -> str | None:
    """Where the answer is drawn, if it can be and the server has plots."""
    if asked.plot is None or not any(
        getattr(each, "path", "") == "/plots/{name}" for each in request.app.routes
    ):
        return None
    return links.url(f"/plots/{asked.name}", **sent)


def _words(error: LithioKGError, *, mend: bool) -> str:
    """What is wrong, and how it is put right unless links say that."""
    text = error.message[:1].upper() + error.message[1:]
    text = text if text.endswith((".", ":", "?")) else f"{text}."
    return plain_words(f"{text} {(error.mend or '') if mend else ''}".strip())


def _meant(asked: Question, given: Mapping[str, object], error: LithioKGError) -> list[tuple[str, str]]:
    """The same question with each thing that an unknown or ambiguous name may have meant."""
    found = _CURIES.findall(f"{error.message}\n{error.mend or ''}")
    named = [name for name, parameter in asked.params.items() if parameter.names_things and name in given]
    wrong = next((name for name in named if repr(given[name]) in error.message), named[0] if named else "")
    if not wrong:
        return []
    return [
        (
            words.rpartition("did you mean ")[2].strip(" ,\n"),
            links.url(f"/questions/{asked.name}", **{**given, wrong: curie}),
        )
        for words, curie in found
    ]


def _field(site: Site, parameter: Parameter, given: object) -> Field:
    value = given if given is not None else parameter.default
    words = _shown(site, value)
    if parameter.type == "boolean":
        ticked = str(value).strip().lower() in {"true", "yes", "on"}
        return Field(parameter.name, parameter.label, "checkbox", "true" if ticked else "")
    if parameter.choices:
        return _select(site, parameter, value)
    if parameter.type in {"quantity", "decimal", "integer"}:
        step = "1" if parameter.type == "integer" else "any"
        return Field(
            parameter.name, parameter.label, "number", _number(value), parameter.unit or "", step=step
        )
    optional = str(parameter.default).strip().lower() == _ANY
    shown = "" if words.lower() == _ANY else words
    hint = "leave empty for any" if optional else ""
    if parameter.names_things:
        several = "several are parted by semicolons" if parameter.takes_several else ""
        hint = "; ".join(filter(None, (hint, several)))
        return Field(
            parameter.name, parameter.label, "thing", shown, options=_proposals(site, parameter), help=hint
        )
    return Field(parameter.name, parameter.label, "text", shown, help=hint)


def _number(value: object) -> str:
    """A number without zeros at its end; what is none stays as it was written."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _select(site: Site, parameter: Parameter, value: object) -> Field:
    options = tuple((str(choice), _choice_words(site, str(choice))) for choice in parameter.choices)
    # What was given by name or label is the choice of that name.
    asked = str(value).strip()
    chosen = next((key for key, words in options if asked in {key, expand(key), words}), asked)
    return Field(parameter.name, parameter.label, "select", chosen, parameter.unit or "", options)


def _choice_words(site: Site, choice: str) -> str:
    iri = expand(choice)
    if iri != choice:
        label = site.label(iri)
        return label if label != compact(iri) else iri.replace("#", "/").rpartition("/")[2]
    return choice.replace("_", " ")


def _shown(site: Site, value: object) -> str:
    """A value as it stands in a field: things by their labels."""
    if isinstance(value, list | tuple):
        return "; ".join(_shown(site, each) for each in value)
    text = str(value)
    if text.startswith(("lkg:", "lkgi:", LKG)):
        iri = expand(text)
        label = site.names.label(iri)
        return label if label != compact(iri) else text
    return text


def _proposals(site: Site, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    """The labels of what a thing may be, where not too many."""
    kind = expand(parameter.kind) if parameter.kind else None
    if kind is None:
        if parameter.type != "class":
            return ()
        found = [iri for iri in site.terms.by_iri if site.terms.by_iri[iri].kind == "class"]
    else:
        found = site.members(kind)
    labels = sorted({site.label(iri) for iri in found}, key=str.casefold)
    return tuple((label, "") for label in labels)


def _unknown(request: Request, site: Site, name: str) -> Response:
    import difflib  # noqa: PLC0415  # only where a name is off

    close = difflib.get_close_matches(name, site.questions, n=5, cutoff=0.4)
    return problem(
        request,
        404,
        "There is no such question",
        f"No saved question is called “{name}”.",
        suggestions=[(site.questions[each].title, f"/questions/{each}") for each in close],
    )


ROUTES: list[BaseRoute] = [
    Route("/questions", listing),
    Route("/questions.{ending}", listing_file),
    Route("/questions/{name}", question),
]
