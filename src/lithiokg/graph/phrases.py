"""Words for what has no label of its own: observations, figures, claims, evidence, table rows, doubts."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.store import Table, python_value
from lithiokg.vocabulary import ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lithiokg.names import NameIndex
    from lithiokg.store import Store

__all__ = ["Phrases"]

_TYPE = PREFIXES["rdf"] + "type"
#: Parts without which the words for a thing cannot be found.
_PARTS = ("hasResult", "hasCondition", "hasEvidence", "inTableRow", "inTableColumn", "inTable", "inSection")
#: What a body holds, by the relation, in the order in which it is told.
_HELD = {
    "hasConstituent": "of",
    "hasSolute": "with dissolved",
    "hasAdditive": "with additive",
    "hasFiller": "filled with",
    "hasDopant": "doped with",
}
#: What comes between what is said and where.
_SOURCES = "  ["


class Phrases:
    """What to call things, read from the graph in a few queries.

    Args:
        store: where they are.
        names: the labels of what has one.
        about: the thing that is being described; it is not named again.
        things: what words are wanted for.
    """

    def __init__(self, store: Store, names: NameIndex, about: str, things: Iterable[str]) -> None:
        self._store = store
        self._names = names
        self._about = about
        self._known: dict[str, dict[str, list[str]]] = {}
        wanted = set(things)
        while wanted:  # evidence of an observation, its row, the table of the row
            self._fetch(wanted)
            wanted = {
                part
                for thing in wanted
                for name in _PARTS
                for part in self._known[thing].get(name, ())
                if part not in self._known
            }

    def title(self, iri: str) -> str:
        """The words for one thing by itself: without its sources."""
        return self.of(iri).partition(_SOURCES)[0]

    def of(self, iri: str) -> str:
        """The words for one thing; its label where it has one."""
        kinds = self._known.get(iri, {}).get("type", ())
        if "Component" in kinds:
            return self._component(iri)
        if not self._unlabeled(iri):
            return self._names.label(iri)
        words: dict[str, Callable[[str], str]] = {
            "Observation": self._observation,
            "Claim": self._claim,
            "Evidence": self._evidence,
            "Quantity": self._figure,
            "TableRow": self._row,
            "Paragraph": self._place,
            "Doubt": self._doubt,
            "ChemicalStructure": self._structure,
        }
        for kind, say in words.items():
            if kind in kinds:
                return say(iri) or self._nested(iri)
        return self._nested(iri)

    def _unlabeled(self, iri: str) -> bool:
        return self._names.label(iri) == compact(iri)

    def _fetch(self, things: set[str]) -> None:
        self._known.update({thing: {} for thing in things})
        values = " ".join(f"<{thing}>" for thing in sorted(things))
        answer = self._store.query(
            f"SELECT DISTINCT ?s ?p ?v {{ VALUES ?s {{ {values} }} ?s ?p ?v }} ORDER BY ?s ?p ?v"
        )
        assert isinstance(answer, Table)  # noqa: S101  # it is a SELECT
        for row in answer:
            thing, predicate, value = (str(python_value(term)) for term in row)
            name = "type" if predicate == _TYPE else predicate.removeprefix(LKG)
            known = value.removeprefix(LKG) if name == "type" else value
            self._known[thing].setdefault(name, []).append(known)

    def _first(self, iri: str, name: str) -> str:
        return next(iter(self._known.get(iri, {}).get(name, ())), "")

    def _label(self, iri: str, name: str) -> str:
        value = self._first(iri, name)
        return self._names.label(value) if value else ""

    def _observation(self, iri: str) -> str:
        figure = self._first(self._first(iri, "hasResult"), "printed")
        conditions = [
            f"{self._label(condition, 'quantityKind')} {self._first(condition, 'printed')}"
            for condition in self._known[iri].get("hasCondition", ())
        ]
        around = [*conditions, self._label(iri, "atStage"), self._label(iri, "inCell")]
        parts = [f"{self._label(iri, 'observedProperty')} {figure}", *filter(None, around)]
        doubt = " (in doubt)" if self._first(iri, "hasDoubt") else ""
        owner = self._owner(iri, "hasFeatureOfInterest")
        return f"{owner}{', '.join(parts)}{doubt}{self._sources(iri)}"

    def _claim(self, iri: str) -> str:
        words = f"{self._label(iri, 'claimRelation')} {self._label(iri, 'claimObject')}"
        remarks = [
            "denied" if self._first(iri, "polarity") == "negative" else "",
            modality if (modality := self._first(iri, "modality")) != "asserted" else "",
        ]
        remark = ", ".join(filter(None, remarks))
        return (
            f"{self._owner(iri, 'claimSubject')}{words}{f' ({remark})' if remark else ''}{self._sources(iri)}"
        )

    def _owner(self, iri: str, name: str) -> str:
        owner = self._first(iri, name)
        return f"{self._names.label(owner)}: " if owner and owner != self._about else ""

    def _sources(self, iri: str) -> str:
        said = dict.fromkeys(self._evidence(each) for each in self._known[iri].get("hasEvidence", ()))
        found = "; ".join(filter(None, said))
        return f"{_SOURCES}{found}]" if found else ""

    def _evidence(self, iri: str) -> str:
        row, reference = self._first(iri, "inTableRow"), self._first(iri, "printedReference")
        if row:
            column = self._first(self._first(iri, "inTableColumn"), "columnName").replace("_", " ")
            return ", ".join(filter(None, [self._row(row), column])) + self._document(iri)
        if self._first(iri, "inSection") or self._first(iri, "inCaption"):
            place = (self._first(iri, "inCaption") or self._place(iri)) + self._document(iri)
            return f"{place}, reference {reference}" if reference else place
        return f"general chemistry: {note}" if (note := self._first(iri, "note")) else ""

    def _document(self, iri: str) -> str:
        """Of which document a place is, where more than one was read."""
        if not self._several_documents:
            return ""
        holders = (iri, self._first(iri, "inSection"), self._first(self._first(iri, "inTableRow"), "inTable"))
        document = next(filter(None, (self._first(each, "inDocument") for each in holders)), "")
        return f" of {self._names.label(document)}" if document else ""

    @cached_property
    def _several_documents(self) -> bool:
        answer = self._store.query(
            f"SELECT DISTINCT ?d {{ ?section a <{LKG}Section> ; <{LKG}inDocument> ?d }} LIMIT 2"
        )
        assert isinstance(answer, Table)  # noqa: S101  # it is a SELECT
        return len(answer) > 1

    def _place(self, iri: str) -> str:
        """A section, and the paragraph in it; headings are printed in capitals, which shout in a list."""
        section = self._label(iri, "inSection")
        heading = section.capitalize() if section.isupper() else section
        paragraph = self._first(iri, "inParagraph")
        return f"“{heading}”, paragraph {paragraph}" if paragraph else f"“{heading}”"

    def _row(self, iri: str) -> str:
        number = self._first(iri, "rowNumber")
        table = self._first(self._first(iri, "inTable"), "tableNumber")
        return f"Table {table}, row {number}" if table and number else self._nested(iri)

    def _figure(self, iri: str) -> str:
        return " ".join(filter(None, (self._label(iri, "quantityKind"), self._first(iri, "printed"))))

    def _doubt(self, iri: str) -> str:
        return self._first(iri, "reason")

    def _structure(self, iri: str) -> str:
        return self._first(iri, "smiles")

    def _component(self, iri: str) -> str:
        label = self._names.label(iri)
        design = iri.partition("/components/")[0]
        if design != self._about:
            return f"{label} (in {self._names.label(design)})"
        held = [self._held(iri, name, words) for name, words in _HELD.items()]
        inside = "; ".join(filter(None, held))
        return f"{label} ({inside})" if inside else label

    def _held(self, iri: str, name: str, words: str) -> str:
        labels = sorted(self._names.label(each) for each in self._known[iri].get(name, ()))
        return f"{words} {', '.join(labels)}" if labels else ""

    def _nested(self, iri: str) -> str:
        """A nested record is called after its owner and its own keys."""
        parts = iri.removeprefix(ID).split("/") if iri.startswith(ID) else []
        for end in range(len(parts) - 1, 1, -1):
            owner = ID + "/".join(parts[:end])
            if not self._unlabeled(owner):
                return ", ".join([self._names.label(owner), *parts[end:]])
        return compact(iri)
