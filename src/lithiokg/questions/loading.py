"""Read saved questions from their files."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, Place, SourceError, UsageError, not_utf8
from lithiokg.files import read_bounded
from lithiokg.questions.binding import Marker, find_markers, stray_markers
from lithiokg.questions.header import Header, read_header
from lithiokg.questions.model import Parameter, Question
from lithiokg.questions.terms import term_of
from lithiokg.store.table import Table, python_value
from lithiokg.store.tokens import declared_prefixes, place_at
from lithiokg.vocabulary import expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["find_question", "load_question", "load_questions"]

_SUFFIX = ".rq"
#: The largest file that is read, in bytes.
_MAX_BYTES = 1 << 18
#: Questions already read, by folders and the name asked for: reading one costs as much as answering it.
_FOUND: dict[tuple[tuple[Path, ...], str], tuple[tuple[int, int] | None, Question]] = {}
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _shown(path: Path) -> str:
    """The path as people know it: ``queries/<topic>/<name>.rq``."""
    return "/".join(path.parts[-3:])


def load_question(path: Path) -> Question:
    """Read one saved question.

    Args:
        path: its file, ``queries/<topic>/<name>.rq``.

    Raises:
        SourceError: naming every mistake with its place.
    """
    problems: list[SourceError] = []
    question = _read(path, problems)
    _raise(problems)
    if question is None:  # pragma: no cover  # a file without a problem gives a question
        raise SourceError("the question cannot be read", place=Place(_shown(path)))
    return question


def load_questions(*folders: Path) -> dict[str, Question]:
    """Read all saved questions below some folders.

    Args:
        *folders: folders of topics; a name may occur only once in all of them.

    Returns:
        The questions by name, folder by folder sorted by topic and name.

    Raises:
        SourceError: naming every mistake in every file with its place.
    """
    problems: list[SourceError] = []
    found: dict[str, Question] = {}
    for path in _paths(folders):
        question = _read(path, problems)
        if path.stem in found:
            first = _shown(found[path.stem].path)
            problems.append(
                SourceError(f"the name {path.stem} is taken by {first}", place=Place(_shown(path)))
            )
        elif question:
            found[path.stem] = question
    problems += [
        SourceError(
            "a question stands in a folder of its topic",
            place=Place(f"{folder.name}/{path.name}"),
            mend=f"move it to {folder.name}/<topic>/{path.name}",
        )
        for folder in folders
        for path in sorted(folder.glob(f"*{_SUFFIX}"))
    ]
    _raise(problems)
    return found


def find_question(name: str, *folders: Path) -> Question:
    """Read the one question of a name, without reading the others.

    Args:
        name: the name, with or without its topic; spaces and capitals do not matter.
        *folders: folders of topics.

    Raises:
        UsageError: if there is no such question, with the closest names.
        SourceError: if its file has mistakes.
    """
    known = _FOUND.get((folders, name))
    if known is not None and _state(known[1].path) == known[0]:
        return known[1]
    asked = re.sub(r"[\s_]+", "-", name.strip().removesuffix(_SUFFIX).rstrip("?").lower())
    paths = {path.stem: path for path in _paths(folders)}
    topics = {f"{path.parent.name}/{path.stem}": path for path in paths.values()}
    path = paths.get(asked) or topics.get(asked)
    if path:
        state = _state(path)
        question = load_question(path)
        _FOUND[folders, name] = state, question
        return question
    close = difflib.get_close_matches(asked.rpartition("/")[2], paths, n=5, cutoff=0.4)
    mend = f"did you mean {', '.join(close)}?" if close else "list the questions: lithiokg questions list"
    raise UsageError(f"there is no saved question {name!r}", mend=mend)


def _paths(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.glob(f"*/*{_SUFFIX}"))


def _state(path: Path) -> tuple[int, int] | None:
    """What changes when a file is edited, or ``None`` if it is gone."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _raise(problems: list[SourceError]) -> None:
    if len(problems) == 1:
        raise problems[0]
    if problems:
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise SourceError(f"{len(problems)} mistakes in saved questions:\n{lines}")


def _read(path: Path, problems: list[SourceError]) -> Question | None:
    file = _shown(path)
    try:
        text = read_bounded(path, _MAX_BYTES).decode("utf-8")
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or error}"
        problems.append(
            SourceError(message, place=Place(file), mend="restore it, or take it out of the folder")
        )
        return None
    except UnicodeDecodeError as error:
        problems.append(not_utf8(error, file))
        return None
    header = read_header(text, file)
    if not _KEBAB.fullmatch(path.stem):
        header.complain(f"the name {path.stem!r} is not in kebab case, such as which-designs-cycle-long")
    question = None
    # A header that is no mapping has no fields, and more complaints would only bury that one.
    if header.fields:
        params, expect = header.parameters(), header.expectation()
        _check_markers(header, text, params)
        fields = header.fields
        question = Question(
            name=path.stem,
            topic=path.parent.name,
            path=path,
            text=text,
            title=fields.get("title", ""),
            question=fields.get("question", ""),
            description=fields.get("description", ""),
            tags=tuple(map(str, fields.get("tags", ()))),
            params=params,
            expect=expect,
            plot=header.plot(expect),
            asks=header.phrasings(params),
        )
    problems += header.problems
    return None if header.problems else question


def _check_markers(header: Header, text: str, params: dict[str, Parameter]) -> None:
    markers = find_markers(text)
    for offset, words in stray_markers(text):
        place = place_at(text, offset, header.file)
        message = f"#@ {words} does not stand behind a row such as VALUES ?x {{ 500 }} or SERVICE <...> {{"
        header.problems.append(SourceError(message, place=place))
    declared = header.fields.get("params", {})
    marked = {marker.name for marker in markers}
    for name in declared:
        if str(name) not in marked:
            header.complain(f"the parameter {name!r} has no place marked #@ {name}", "params", str(name))
    for marker in markers:
        place = place_at(text, marker.start, header.file)
        if marker.name not in declared:
            message = f"the place marked #@ {marker.name} is not among the params of the header"
            header.problems.append(SourceError(message, place=place))
        elif marker.name in params:
            problem = _default_differs(params[marker.name], marker, text)
            if problem:
                header.problems.append(SourceError(problem, place=place))


def _default_differs(parameter: Parameter, marker: Marker, text: str) -> str | None:
    def literally(name: str, _: str | None) -> str:
        return expand(name)

    try:
        placed = _values(marker.body, text)
    except SyntaxError:
        return f"{{ {marker.body} }} is not a row of values"
    try:
        stated = _values(term_of(parameter, parameter.default, literally), text)
    except (LithioKGError, SyntaxError) as error:
        why = error.message if isinstance(error, LithioKGError) else "it is no value in SPARQL"
        return f"the default of {parameter.name!r} does not fit its type: {why}"
    if marker.calls is not (parameter.type == "endpoint"):
        return f"{parameter.name!r} must be of type endpoint behind SERVICE, and only there"
    if len(placed) != 1 and not parameter.takes_several:
        return (
            f"{{ {marker.body} }} has {len(placed)} values, and a parameter of type {parameter.type} has one"
        )
    if stated != placed:
        return (
            f"the header gives {parameter.name!r} the default {parameter.default!r}, but {{ {marker.body} }}"
            " is in place"
        )
    return None


def _values(body: str, text: str) -> list[object]:
    """What stands between the braces as values that compare as numbers, and otherwise as terms."""
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared_prefixes(text).items())
    result = ox.Store().query(f"{prologue}SELECT ?x {{ VALUES ?x {{ {body} }} }}")
    if not isinstance(result, ox.QuerySolutions):  # pragma: no cover  # it is a SELECT
        return []
    return [
        value if not isinstance(value := python_value(term), str) else term
        for (term,) in Table(["x"], result)
    ]
