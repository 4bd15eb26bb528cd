"""Read the ``#+`` header of a saved question, every value with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from lithiokg.errors import Place, SourceError
from lithiokg.questions.model import PARAMETER_TYPES, Expectation, Parameter
from lithiokg.questions.plotting import PlotSpec, read_plot

if TYPE_CHECKING:
    from collections.abc import Mapping

    import yaml

__all__ = ["Header", "read_header"]

_FIELDS = {
    "title": str,
    "question": str,
    "description": str,
    "tags": list,
    "asks": list,
    "params": dict,
    "expect": dict,
    "plot": dict,
}
_REQUIRED = ("title", "question", "description", "tags", "expect")
_PARAMETER_FIELDS = {"type", "label", "default", "kind", "choices", "unit", "within"}
#: What stands for the value of a parameter in another way to put the question.
_SLOT = re.compile(r"\{([^{}]*)\}")
#: What may be written into a query as the name of a class.
_NAME = re.compile(r"[^\s<>\"{}|\\^`]+")
_ROWS = re.compile(r"(==|>=|<=)?\s*(\d+)")
_WORDS = {str: "a text", list: "a list", dict: "a mapping"}


class Header:
    """The header of one file, and what is wrong with it.

    Attributes:
        fields: the values by name, of the right types.
        problems: the mistakes found, each with its place.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.fields: dict[str, Any] = {}
        self.problems: list[SourceError] = []
        self._places: dict[tuple[str, ...], Place] = {}

    def place(self, *path: str) -> Place:
        """Where the value at a path of keys stands, or else the nearest mapping around it."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, Place(self.file))

    def complain(self, message: str, *path: str) -> None:
        """Note a mistake at a path of keys."""
        self.problems.append(SourceError(message, place=self.place(*path)))

    def remember(self, node: yaml.Node, first_line: int, *path: str) -> None:
        """Note the places of a YAML node and all below it; a key given twice is a mistake."""
        self._places[path] = Place(self.file, first_line + node.start_mark.line, node.start_mark.column + 4)
        # A mapping node holds pairs; a sequence node holds nodes; a scalar node holds a text.
        if not isinstance(node.value, list) or not all(isinstance(pair, tuple) for pair in node.value):
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            self.remember(value, first_line, *path, name)
            if name in seen:
                self.complain(f"{name!r} is given twice", *path, name)
            seen.add(name)

    def parameters(self) -> dict[str, Parameter]:
        """The parameters that are complete; what is wrong with others is noted."""
        found: dict[str, Parameter] = {}
        for name, value in self.fields.get("params", {}).items():
            parameter = self._parameter(str(name), value)
            if parameter:
                found[str(name)] = parameter
        return found

    def _parameter(self, name: str, value: object) -> Parameter | None:
        if not isinstance(value, dict):
            self.complain(f"the parameter {name!r} must be a mapping", "params", name)
            return None
        missing = [field for field in ("type", "label", "default") if field not in value]
        if value.get("type") == "quantity" and "unit" not in value:
            missing.append("unit")
        for field in missing:
            self.complain(f"the parameter {name!r} has no {field}", "params", name)
        for field in value.keys() - _PARAMETER_FIELDS:
            self.complain(
                f"the parameter {name!r} has an unknown field {field!r}", "params", name, str(field)
            )
        if "type" in value and value["type"] not in PARAMETER_TYPES:
            self.complain(
                f"the parameter {name!r} has the unknown type {value['type']!r};"
                f" known are {', '.join(PARAMETER_TYPES)}",
                *("params", name, "type"),
            )
            return None
        choices = value.get("choices") or []
        if not isinstance(choices, list):
            self.complain(f"the choices of {name!r} must be a list", "params", name, "choices")
            return None
        within = value.get("within") or []
        kinds = [value["kind"]] if value.get("kind") else []
        if missing or not all(
            [self._are_classes(name, "within", within), self._are_classes(name, "kind", kinds)]
        ):
            return None
        return Parameter(
            name=name,
            type=value["type"],
            label=str(value["label"]),
            default=value["default"],
            place=self.place("params", name),
            kind=str(value["kind"]) if value.get("kind") else None,
            choices=tuple(choices),
            unit=str(value["unit"]) if value.get("unit") else None,
            within=tuple(within),
        )

    def _are_classes(self, name: str, field: str, names: object) -> bool:
        if isinstance(names, list) and all(isinstance(each, str) and _NAME.fullmatch(each) for each in names):
            return True
        what = "a list of classes" if field == "within" else "a class"
        self.complain(f"{field} of {name!r} must be {what}", "params", name, field)
        return False

    def phrasings(self, params: Mapping[str, Parameter]) -> tuple[str, ...]:
        """The other ways to put the question; what is wrong with them is noted.

        Args:
            params: the parameters that ``{name}`` may stand for.
        """
        found: dict[str, None] = {}
        for ask in self.fields.get("asks", ()):
            if not isinstance(ask, str) or not ask.strip():
                self.complain(f"asks must be a list of texts, and {ask!r} is none: put it in quotes", "asks")
                continue
            for slot in _SLOT.findall(ask):
                if slot not in params:
                    self.complain(f"asks speaks of {{{slot}}}, which is not among the params", "asks")
            if ask in found:
                self.complain(f"asks has {ask!r} twice", "asks")
            found[ask] = None
        return tuple(found)

    def expectation(self) -> Expectation:
        """The expected answer; what is wrong with it is noted."""
        expect = self.fields.get("expect", {})
        columns = expect.get("columns")
        if not isinstance(columns, list) or not columns:
            self.complain("expect needs columns, a list of the variables of SELECT", "expect", "columns")
            columns = []
        for field in expect.keys() - {"columns", "rows", "contains", "empty"}:
            self.complain(f"expect has an unknown field {field!r}", "expect", str(field))
        match = _ROWS.fullmatch(str(expect.get("rows", "")).strip())
        if "rows" in expect and not match:
            self.complain('rows must be a number, ">= N" or "<= N"', "expect", "rows")
        contains = expect.get("contains") or []
        if not isinstance(contains, list) or not all(isinstance(row, dict) for row in contains):
            self.complain("contains must be a list of rows, each a mapping", "expect", "contains")
            contains = []
        for column in {str(key) for row in contains for key in row} - set(map(str, columns)):
            self.complain(f"contains speaks of {column!r}, which is not in columns", "expect", "contains")
        empty = expect.get("empty") is True
        if empty and (contains or (match and match[2] != "0")):
            self.complain("an empty answer cannot have rows", "expect", "empty")
        return Expectation(
            columns=tuple(map(str, columns)),
            rows=(match[1] or "==", int(match[2])) if match else None,
            contains=tuple({str(key): cell for key, cell in row.items()} for row in contains),
            empty=empty,
        )

    def plot(self, expect: Expectation) -> PlotSpec | None:
        """How the answer is drawn, if it is; what is wrong with it is noted."""
        value = self.fields.get("plot")
        if value is None:
            return None
        return read_plot(value, expect.columns, expect.contains, self.complain)


def read_header(text: str, file: str) -> Header:
    """Read the header block at the top of a query.

    Args:
        text: the whole file.
        file: its name in messages.

    Returns:
        The header; mistakes are collected in it, not raised.
    """
    import yaml  # noqa: PLC0415  # ten milliseconds that only readers of questions pay

    from lithiokg.yamls import find_refused, safe_loader  # noqa: PLC0415

    header = Header(file)
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.startswith("#+"):
            break
        # Keep the columns: what stands behind `#+ ` is the YAML.
        lines.append(line[2:].removeprefix(" ").rstrip("\r"))
    if not lines:
        header.complain("the file does not begin with a header of #+ lines")
        return header
    block = "\n".join(lines)
    # The header's text stands behind `#+ `, three columns in.
    for problem in find_refused(block, lambda line, column: Place(file, line + 1, column + 4)):
        header.problems.append(
            SourceError(f"in the header: {problem.message}", place=problem.place, mend=problem.mend)
        )
    if header.problems:
        return header
    try:
        node = yaml.compose(block, Loader=safe_loader())
        value = yaml.load(block, Loader=safe_loader())  # noqa: S506  # a safe loader, in C where there is one
        repr(value)  # of a number with thousands of digits there is none
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Place(file, mark.line + 1, mark.column + 4) if mark else Place(file)
        header.problems.append(SourceError(f"the header is not YAML: {error.problem}", place=place))
        return header
    except (ValueError, OverflowError) as error:  # such as the 31st of February
        message = f"a value of the header is none: {error}"
        header.problems.append(SourceError(message, place=Place(file), mend="put it in quotes"))
        return header
    if node is None or not isinstance(value, dict):
        header.complain("the header must be a mapping of fields such as title and question")
        return header
    header.remember(node, 1)
    _check_fields(header, value)
    return header


def _check_fields(header: Header, value: dict[Any, Any]) -> None:
    for name in _REQUIRED:
        if name not in value:
            header.complain(f"the header has no {name}")
    for name, content in value.items():
        kind = _FIELDS.get(name)
        if kind is None:
            header.complain(f"the header has an unknown field {name!r}", str(name))
        elif not isinstance(content, kind) or (kind is str and not content.strip()):
            header.complain(f"{name} must be {_WORDS[kind]}", str(name))
        else:
            header.fields[name] = content
