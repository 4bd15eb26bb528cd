"""From rows to records: whose record a row is, and where it belongs."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from lithiokg.curation.scope import KEY
from lithiokg.intake.cells import Cell, short
from lithiokg.intake.filling import Interpreted, text_of
from lithiokg.intake.known import UnknownNameError, plain_name
from lithiokg.intake.layout import Column, Kind, Part
from lithiokg.intake.naming import Namer
from lithiokg.intake.tree import Node, Scalar, kebab
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from lithiokg.intake.known import Known
    from lithiokg.intake.rows import Reading, Row
    from lithiokg.quantities import Registry

__all__ = ["HOLDERS", "interpret"]

#: Makes a key of a record and, where it stands on its own, of what it is about.
_MakeKey: TypeAlias = Callable[[Node, str], str]
#: The sheets whose rows are records of their own, in the order in which names become known.
_TOP = (
    "works", "sections", "references", "substances", "functional-groups", "methods", "cells", "designs", "tables",
    "columns", "table-rows", "paragraphs", "captions",
)  # fmt: skip
#: Records that hold observations and claims about themselves.
HOLDERS = ("designs", "substances", "functional-groups")
_APART = Column("apart", "apart", Kind.FLAG)


def interpret(reading: Reading, known: Known, source: str, units: Registry) -> Interpreted:
    """Make records of rows.

    Args:
        reading: the rows; problems and notes are added to it.
        known: the names of the graph; those of the rows are added to it.
        source: name of the source that the records will be of.
        units: units and properties.
    """
    interpreter = _Interpreter(reading, known, source, units)
    interpreter.name()
    interpreter.read()
    interpreter.tell()
    return interpreter.found


class _Interpreter(Namer):
    def name(self) -> None:
        """Make the names of all rows known."""
        for sheet in _TOP:
            for row in self.reading.of(sheet):
                self._name(row)
        self._name_bodies()
        self._name_treatments()

    def read(self) -> None:
        """Read the rows, those that others are part of first."""
        readers: dict[str, Callable[[Row], None]] = {
            **dict.fromkeys(_TOP, self._top),
            "components": self._body,
            "treatments": self._treatment,
            "observations": self._observation,
            "claims": self._claim,
            "discrepancies": self._discrepancy,  # which may involve any of the above
            "more evidence": self._more_evidence,
            "more doubts": self._more_doubts,
        }
        for sheet, reader in readers.items():
            for row in self.reading.of(sheet):
                reader(row)

    def tell(self) -> None:
        """Tell which substances were meant by a second name."""
        for name, iri in self.cells.taken.items():
            if ID not in name and not name.startswith("lkgi:"):
                described = self.known.described(iri)
                self.reading.notes.append(f"{name!r} was taken for {described}, one of whose names it is")

    def _observation(self, row: Row) -> None:
        self._about(row, "subject", "observations", self._observation_key)

    def _claim(self, row: Row) -> None:
        self._about(row, "claim-subject", "claims", self._claim_key)

    def _discrepancy(self, row: Row) -> None:
        self._name(row)
        self._top(row)

    def _more_evidence(self, row: Row) -> None:
        self._more(row, "evidence")

    def _more_doubts(self, row: Row) -> None:
        self._more(row, "doubts")

    def _top(self, row: Row) -> None:
        key = self.keys.get(id(row))
        if key is None:
            self._fill(Node(row.place), row)  # for its other problems
            return
        sheet = row.plan.name
        node = self._record(f"{sheet}", key, self._base(sheet).removeprefix(ID) + key, row)
        self._fill(node, row)
        reference = row.get("reference", Part.DIRECTIVE)
        if reference:
            self._own_reference(key, row, reference)
        if sheet == "sections" and "document" not in node.fields:
            self._document(node, row)
        if sheet == "references":
            self._reference(node, row, key)

    def _record(self, collection: str, key: str, path: str, row: Row) -> Node:
        node = self.found.collections.setdefault(collection, Node()).node(key, row.place)
        self.found.nodes[path] = node
        return node

    def _own_reference(self, work: str, row: Row, number: Cell) -> None:
        """The entry by which designs are reported in the paper itself."""
        values = self.cells.values(number, Column("reference", "", Kind.NUMBER))
        if not values:
            return
        key, place = values[0].text, number.place
        node = self._record("references", key, f"reference/{self.source}/{key}", row)
        if node.fields:
            self.cells.problem(f"there are two references {key}", number, "number each once")
            return
        node.place = place
        node.fields = {
            "label": Scalar(label.text if (label := row.get("label")) else work, place),
            "reference-number": Scalar(key, place, bare=True),
            "document": Scalar(work, place),
            "refers-to": Scalar(work, place),
            "identification": Scalar("work-seen", place),
        }

    def _document(self, node: Node, row: Row) -> None:
        works = [self.keys[id(each)] for each in self.reading.of("works") if id(each) in self.keys]
        own = [self.keys[id(each)] for each in self.reading.of("works")
               if id(each) in self.keys and each.get("reference", Part.DIRECTIVE)]  # fmt: skip
        candidates = own or works
        if len(candidates) == 1:
            node.fields["document"] = Scalar(candidates[0], row.place)

    def _reference(self, node: Node, row: Row, key: str) -> None:
        if "document" not in node.fields:
            self._document(node, row)
        # Other sources number their references, too.
        node.fields.setdefault("label", Scalar(f"reference {key} of {self.source}", row.place))
        status = "work-seen" if "refers-to" in node.fields else "unknown"
        node.fields.setdefault("identification", Scalar(status, row.place))

    def _body(self, row: Row) -> None:
        design, key = self._owner(row), self.keys.get(id(row))
        if design is None or key is None:
            self._fill(Node(row.place), row, self.bodies.get(design or "", {}))
            return
        parent = self.found.nodes[f"design/{design}"].node("components")
        path = f"design/{design}/components"
        inside = row.get("part-of", Part.OWNER)
        if inside:
            named = plain_name(inside.text)
            whole = self.bodies[design].get(named) or self.bodies[design].get(named.casefold())
            node = parent.fields.get(whole or "")
            if not isinstance(node, Node):
                self.cells.problem(
                    f"the design has no layer {short(inside.text)!r} before this row", inside,
                    "write the row of the layer before the rows of its sublayers",
                )  # fmt: skip
                return
            parent, path = node.node("sublayers"), f"{path}/{whole}/sublayers"
        self._fill(self._nested(parent, key, f"{path}/{key}", row), row, self.bodies[design])

    def _nested(self, parent: Node, key: str, path: str, row: Row) -> Node:
        if path in self.found.nodes:
            self._problem(
                f"{short(key)!r} is there twice", row, "merge the two rows, or give one another key"
            )
            return Node(row.place)
        node = self.found.nodes[path] = parent.node(key, row.place)
        return node

    def _treatment(self, row: Row) -> None:
        design = self._owner(row)
        key = self._key(row)
        if design is not None and key is not None:
            parent = self.found.nodes[f"design/{design}"].node("treatments")
            node = self._nested(parent, key, f"design/{design}/treatments/{key}", row)
            self._fill(node, row, self.bodies.get(design))

    def _about(self, row: Row, field_name: str, collection: str, make_key: _MakeKey) -> None:
        """An observation or claim: with its subject where that is of this file, else on its own."""
        node = Node(row.place)
        cell = row.get(field_name, Part.OWNER)
        subject = self._subject(row, cell)
        if cell is None or subject is None:
            self._fill(node, row)  # for its other problems
            return
        apart = row.get("apart", Part.DIRECTIVE)
        owned = ID + subject in self.first and not (apart and self.cells.values(apart, _APART))
        owned = owned and any((ID + subject).startswith(self._base(holder)) for holder in HOLDERS)
        if not owned:
            node.fields[field_name] = Scalar(subject, cell.place)
        self._fill(node, row)
        base = f"{subject}/{collection}/" if owned else self._base(collection).removeprefix(ID)
        key = self._free_key(row, base, make_key(node, "" if owned else kebab(subject.partition("/")[2])))
        if key is None:
            return
        collections = self.found.collections
        parent = (
            self.found.nodes[subject].node(collection)
            if owned
            else collections.setdefault(collection, Node())
        )
        parent.fields[key] = node
        self.found.nodes[base + key] = node
        self.known.declare(ID + base + key, [])

    def _free_key(self, row: Row, base: str, made: str) -> str | None:
        """The key of an observation or claim: as given, else one that is made and free."""
        given = row.get("key")
        if given is None:
            key, number = made, 1
            while base + key in self.found.nodes:
                number += 1
                key = f"{made}-{number}"
            return key
        if not KEY.fullmatch(given.text):
            return self._key(row)  # which tells of it
        if base + given.text in self.found.nodes:
            mend = "merge the two rows, or give one another key"
            self._problem(f"{short(given.text)!r} is there twice", row, mend)
            return None
        if ID + base + given.text in self.known:
            self._problem(
                f"{base + given.text} is in the graph already", row, "give the row another key, or delete it"
            )
            return None
        return given.text

    def _subject(self, row: Row, cell: Cell | None) -> str | None:
        """What a record is about; among things of one name, a design of this file is meant first."""
        if cell is None:
            self._problem(
                "the row says of nothing", row, "write what it is about into the column subject", "property"
            )
            return None
        try:
            iri = self.known.lookup(cell.text, "design/") or self.known.anything(cell.text)
        except UnknownNameError as error:
            self.cells.problem(error.message, cell, error.mend)
            return None
        return iri.removeprefix(ID)

    @staticmethod
    def _observation_key(node: Node, subject: str) -> str:
        return (
            "-".join(filter(None, [subject, text_of(node, "property"), text_of(node, "stage")])) or "figure"
        )

    @staticmethod
    def _claim_key(node: Node, subject: str) -> str:
        words = "".join(f"-{sign.lower()}" if sign.isupper() else sign for sign in text_of(node, "relation"))
        what = kebab(text_of(node, "object").rpartition("/")[2])
        return "-".join(filter(None, [subject, words, what])) or "claim"

    def _more(self, row: Row, collection: str) -> None:
        """Evidence or doubts beyond the first of a record."""
        cell = row.get("record", Part.OWNER)
        path = cell.text.removeprefix(ID).removeprefix("lkgi:") if cell else ""
        owner = self.found.nodes.get(path)
        if cell is None or owner is None:
            known = sorted(self.found.nodes)
            close = difflib.get_close_matches(path[:120], known, n=2)
            mend = (
                f"did you mean {' or '.join(close)}?"
                if close
                else "write its path, such as design/KEY/observations/KEY"
            )
            self.cells.problem(
                f"no record of this file is {short(path)!r}", cell or Cell("", row.place), mend
            )
            return
        key = self._key(row)
        if key is None:
            return
        parent = owner.node(collection)
        if key in parent.fields:
            self._problem(
                f"{short(key)!r} is there already, from the record's own row", row, "give another key"
            )
            return
        node = parent.node(key, row.place)
        part = Part.EVIDENCE if collection == "evidence" else Part.OWN
        self._fields(node, row, part, None)
