"""What if: a design that nobody reported, described in a form, and what would follow from it."""

from __future__ import annotations

import dataclasses
import json
import re
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from lithiokg.errors import LithioKGError
from lithiokg.store.sheet import jsonable
from lithiokg.vocabulary import LKG
from lithiokg.web import links
from lithiokg.web.rendering import page, tagged
from lithiokg.web.site import site_of
from lithiokg.web.typography import plain_words
from lithiokg.whatif import Proposal
from lithiokg.whatif.flags import ELECTROLYTES, STAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.web.site import Site
    from lithiokg.whatif import WhatIf

__all__ = ["ROUTES"]

#: Proposals that are thought through at the same time, and seconds that others wait for their turn.
_AT_ONCE, _PATIENCE = 2, 15.0
_TURN = BoundedSemaphore(_AT_ONCE)
_RELATIVES = 3
#: So long may a field be, and so many values may it have.
_LONGEST, _MOST = 300, 12


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    """A field of the form: the field of a proposal, and how it is asked for."""

    name: str
    label: str
    kind: str  # several, choice, flag
    hint: str = ""
    choices: tuple[str, ...] = ()
    flag: str = ""


_GROUPS: tuple[tuple[str, tuple[_Field, ...]], ...] = (
    ("Electrolyte", (
        _Field("electrolyte", "consists of", "several", "garnet, LAGP, FEC …", flag="electrolyte"),
        _Field("electrolyte_kind", "kind", "choice", "where its substances do not tell", tuple(ELECTROLYTES), "electrolyte-kind"),
        _Field("solutes", "dissolved in it", "several", "LiPF6, LiNO3 …", flag="solute"),
        _Field("additives", "additives", "several", flag="additive"),
    )),
    ("Layers between lithium and electrolyte", (
        _Field("layers", "layers, from the lithium side", "several", "ZnO; LiF + Cu for a mixture", flag="layer"),
        _Field("complete", "nothing else is in the layers", "flag", flag="complete"),
        _Field("contacts_lithium", "the layer touches lithium", "flag", flag="contacts-lithium"),
        _Field("formed_from", "formed from", "several", "precursors", flag="formed-from"),
        _Field("formed_at", "formed", "choice", "", STAGES, "formed-at"),
        _Field("from_electrolyte", "it grows out of the electrolyte", "flag", flag="from-electrolyte"),
    )),
    ("Host", (
        _Field("host", "consists of", "several", "graphene, Cu …", flag="host"),
        _Field("coating", "coated with", "several", flag="coating"),
        _Field("dopants", "doped with", "several", flag="dopant"),
    )),
    ("Lithium and treatments", (
        _Field("lithium_additives", "added to the lithium", "several", flag="lithium-additive"),
        _Field("treatments", "treatments", "several", "chemical polishing …", flag="treatment"),
        _Field("treated", "treated body", "choice", "lithium unless told", ("lithium", "electrolyte", "layer", "host"), "treated"),
    )),
)  # fmt: skip
_FIELDS = tuple(field for _, fields in _GROUPS for field in fields)
#: Proposals to begin with.
_EXAMPLES = (
    ("ZnO on garnet, touching lithium", {"electrolyte": "garnet", "layers": "ZnO", "contacts_lithium": "1"}),
    ("LiF alone on a sulfide electrolyte", {"electrolyte": "Li7P3S11", "layers": "LiF", "complete": "1", "contacts_lithium": "1"}),
    ("A LiF and copper mixture on LAGP", {"electrolyte": "LAGP", "layers": "LiF + Cu", "complete": "1", "contacts_lithium": "1"}),
    ("A graphene host doped with nitrogen", {"electrolyte": "liquid", "host": "graphene", "dopants": "N"}),
)  # fmt: skip


def _given(request: Request) -> dict[str, object]:
    """The fields that are filled in; several values are parted by semicolons."""
    found: dict[str, object] = {}
    for field in _FIELDS:
        sent = [value.strip()[:_LONGEST] for value in request.query_params.getlist(field.name)]
        values = [part for value in sent for part in map(str.strip, value.split(";")) if part][:_MOST]
        if not values:
            continue
        if field.kind == "flag":
            found[field.name] = values[0].lower() in {"1", "true", "yes", "on"}
        else:
            found[field.name] = tuple(values) if field.kind == "several" else values[0]
    return {name: value for name, value in found.items() if value is not False}


def _answer(site: Site, given: dict[str, object]) -> WhatIf:
    """What follows, where few others ask at the same time.

    Raises:
        LithioKGError: if it does not read or contradicts itself, or too many ask.
    """

    def made() -> WhatIf:
        if not _TURN.acquire(timeout=_PATIENCE):
            raise _BusyError(
                "others are asking too, and each answer takes a while", mend="try again in a moment"
            )
        try:
            return site.graph.what_if(Proposal.of(given), relatives=_RELATIVES)
        finally:
            _TURN.release()

    return site.keep(("what-if", json.dumps(given, sort_keys=True)), made)


class _BusyError(LithioKGError):
    """Too many ask at once."""


@tagged
def form(request: Request) -> Response:
    """The form, and what follows from what is in it."""
    site, given = site_of(request), _given(request)
    answer: WhatIf | None = None
    error: LithioKGError | None = None
    status = 200
    if given:
        try:
            answer = _answer(site, given)
        except LithioKGError as wrong:
            error, status = wrong, 503 if isinstance(wrong, _BusyError) else 400
    return page(
        request,
        "what_if.html",
        title=answer.label if answer else "What if",
        groups=_GROUPS,
        given={name: "; ".join(value) if isinstance(value, tuple) else value for name, value in given.items()},
        substances=[site.label(iri) for iri in site.members(LKG + "Substance")],
        answer=answer,
        by_body=_by_body(answer) if answer else {},
        notes=[_form_words(each) for each in (*answer.assumptions, *answer.warnings)] if answer else [],
        error=[_form_words(line) for line in f"{error.message}\n{error.mend or ''}".splitlines() if line] if error else (),
        examples=[(words, links.url("/what-if", **fields)) for words, fields in _EXAMPLES],
        command=_command(given),
        status=status,
        downloads=[(words, links.url(f"/what-if.{ending}", **given)) for ending, words in
                   (("json", "JSON"), ("yaml", "the design as a record (YAML)"))] if answer else [],
    )  # fmt: skip


_FLAG = re.compile(r" ?\(--[a-z-]+\)")
_NAMED = re.compile(r"--([a-z-]+)")
_LABELS = {field.flag: f"“{field.label}”" for field in _FIELDS}


def _form_words(text: str) -> str:
    """A message of the command line in the words of the form."""
    return _NAMED.sub(lambda match: _LABELS.get(match[1], match[1]), _FLAG.sub("", plain_words(text)))


def _by_body(answer: WhatIf) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for member in answer.bodies:
        found.setdefault(member.of, []).append((member.iri, member.label))
    return found


def _command(given: dict[str, object]) -> str:
    """The same on the command line."""
    words = ["lithiokg what-if"]
    for field in _FIELDS:
        value = given.get(field.name)
        if value is True:
            words.append(f"--{field.flag}")
        elif value:
            several = value if isinstance(value, tuple) else (str(value),)
            words += [f"--{field.flag} {_quoted(each)}" for each in several]
    return " ".join(words)


def _quoted(text: str) -> str:
    import shlex  # noqa: PLC0415

    return shlex.quote(text)


@tagged
def form_file(request: Request) -> Response:
    """What follows as JSON, or the design as a record."""
    site, ending, given = site_of(request), request.path_params["ending"], _given(request)
    if ending not in {"json", "yaml"} or not given:
        return Response(
            "A what-if is written as JSON or YAML, for a design that is given.\n",
            404,
            media_type="text/plain",
        )
    try:
        answer = _answer(site, given)
    except LithioKGError as error:
        status = 503 if isinstance(error, _BusyError) else 400
        return Response(f"{plain_words(error.message)}\n", status, media_type="text/plain")
    if ending == "yaml":
        return Response(answer.record, media_type="application/yaml")
    text = json.dumps(dataclasses.asdict(answer), indent=2, ensure_ascii=False, default=jsonable)
    return Response(text + "\n", media_type="application/json")


ROUTES: list[BaseRoute] = [Route("/what-if", form), Route("/what-if.{ending}", form_file)]
