"""Facts of a source back into the sheets of the template, with a list of what the sheets cannot carry."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import yaml

from lithiokg.curation import Records, read_file, read_folder
from lithiokg.curation.documents import read_document
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.files import temporary_folder
from lithiokg.intake.cells import Grid, short
from lithiokg.intake.example import example_of
from lithiokg.intake.filling import evidence_key
from lithiokg.intake.guidance import heading_of
from lithiokg.intake.interpret import HOLDERS, interpret
from lithiokg.intake.keys import join_values
from lithiokg.intake.known import Known, UnknownNameError
from lithiokg.intake.layout import CONDITIONS, Column, Kind, Layout, Part, Plan, read_layout
from lithiokg.intake.rows import Reading, read_rows
from lithiokg.intake.tree import write_records
from lithiokg.intake.twins import similar_substances
from lithiokg.vocabulary import ID, LKG, compact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lithiokg.curation import Context
    from lithiokg.intake.template import Sheets
    from lithiokg.intake.tree import Value
    from lithiokg.quantities import Registry
    from lithiokg.sources import Sources

__all__ = ["Handed", "hand_out"]

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
_NESTED = {
    "components",
    "treatments",
    "observations",
    "claims",
    "sublayers",
    "evidence",
    "doubts",
    "conditions",
    "result",
}


@dataclass(slots=True)
class Handed:
    """A source as sheets.

    Attributes:
        source: its name.
        sheets: rows by sheet, only sheets with rows.
        lost: what the sheets cannot carry, one line each.
        layout, known, units: what the sheets were made by.
    """

    source: str
    layout: Layout
    known: Known
    units: Registry
    sheets: Sheets = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)

    @property
    def plans(self) -> list[Plan]:
        """The sheets with rows, in the order of the template."""
        return [plan for name, plan in self.layout.items() if self.sheets.get(name)]


def hand_out(source: str | None, sources: Sources) -> Handed:
    """The records of a source as rows of the template.

    The rows are read again at once, and what does not come back as it was is listed.

    Args:
        source: name of the source; it may be left out where a collection holds just one.
        sources: the written sources.

    Raises:
        UsageError: if there is no such source.
        LithioKGError: if the sources do not read.
    """
    folder = _folder(source, sources)
    from lithiokg.build.reading import read_ontology  # noqa: PLC0415
    from lithiokg.curation import compositions, normalized, read_context, read_data  # noqa: PLC0415
    from lithiokg.quantities import registry  # noqa: PLC0415

    problems: list[LithioKGError] = []
    ontology = read_ontology(sources, problems)
    context = read_context(sources.ontology / "context.jsonld")
    units = registry(sources.ontology / "modules" / "quantities.ttl")
    others = read_data(
        [each for each in sources.data_folders if each != folder],
        context,
        relative=sources.relative,
        units=units,
    )
    own = read_folder(folder, context, relative=sources.relative, units=units)
    problems += [*others.problems, *own.problems]
    if problems:
        raise LithioKGError("\n".join(map(str, problems)), mend="see 'lithiokg check'")
    composed = compositions([*ontology, *others.quads], others.places)
    rest = [*ontology, *others.quads, *normalized(others, units=units).quads, *composed.quads]
    handed = Handed(folder.name, read_layout(context), Known([*rest, *own.quads], own.places), units)
    sheets = _Sheets(handed, Known(rest, others.places))
    for path in sorted(folder.rglob("*.yaml")):
        if not any(part.startswith(".") for part in path.relative_to(folder).parts):
            sheets.document(path, sources.relative(path))
    back = _read_back(handed, Known(rest, others.places), context)
    handed.lost = sorted({*handed.lost, *sheets.lost, *_difference(own, back, handed)})
    return handed


def _folder(source: str | None, sources: Sources) -> Path:
    folders = {folder.name: folder for folder in sources.data_folders}
    if source is None:
        own = [folder for folder in sources.data_folders if not folder.is_relative_to(sources.data)]
        if len(own) == 1:
            return own[0]
    elif source in folders:
        return folders[source]
    raise UsageError(
        "which source is to be written?" if source is None else f"there is no source {short(source)!r}",
        mend=f"name one with --source: {', '.join(folders)}",
    )


class _Sheets:
    """Fills the sheets, document by document."""

    def __init__(self, handed: Handed, others: Known) -> None:
        self.handed, self.others = handed, others
        self.lost: list[str] = []
        self.rows: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
        self.known = handed.known

    def document(self, path: Path, name: str) -> None:
        """Take in one file."""
        node = read_document(path, name, [])
        content = _plain(node) if node is not None else {}
        assert isinstance(content, dict)  # noqa: S101  # it was read before
        for collection, records in content.items():
            plan = self.handed.layout.get(collection)
            if plan is None or not isinstance(records, dict):
                count = len(records) if isinstance(records, dict) else 0
                what = "what was computed of" if collection == "identifiers" else "records:"
                self.lost.append(f"{collection}: {what} {count}, which no sheet holds ({name})")
                continue
            for key, record in records.items():
                assert isinstance(record, dict)  # noqa: S101
                self._record(plan, key, record, _BASES.get(collection, collection) + f"/{key}")
        self.handed.sheets.update(self.rows)

    def _record(self, plan: Plan, key: str, record: dict[str, Tree], path: str, owner: str = "") -> None:
        row: dict[str, str] = {"key": key}
        if plan.name in {"observations", "claims"}:
            self._subject(plan, record, row, owner)
        elif plan.name in {"components", "treatments"}:
            row["design"] = owner.removeprefix("design/")
        self.rows[plan.name].append(row)
        path = path if owner else self._path(plan, key)
        for name, value in record.items():
            if name in {"subject", "claim-subject"}:
                continue
            if (
                name in _NESTED
                and isinstance(value, dict)
                and not (name == "result" and plan.name != "observations")
            ):
                self._inside(plan, name, value, row, path)
            else:
                self._field(plan, name, value, row, path)
        if plan.name == "substances":
            self._distinct(row)

    def _path(self, plan: Plan, key: str) -> str:
        from lithiokg.curation import COLLECTIONS  # noqa: PLC0415

        return COLLECTIONS[plan.name].base(self.handed.source).removeprefix(ID) + key

    def _subject(self, plan: Plan, record: dict[str, Tree], row: dict[str, str], owner: str) -> None:
        if owner:
            row["subject"] = owner.removeprefix("design/")
            return
        said = record.get("subject" if plan.name == "observations" else "claim-subject", "")
        row["subject"] = str(said)
        owned = any(str(said).startswith(f"{_BASES.get(holder, holder)}/") for holder in HOLDERS)
        if owned and str(said).count("/") == 1:
            row["apart"] = "yes"

    def _inside(self, plan: Plan, name: str, value: dict[str, Tree], row: dict[str, str], path: str) -> None:
        """Records within a record, which have rows of their own or stand in its row."""
        layout = self.handed.layout
        match name:
            case "evidence":
                self._evidence(plan, value, row, path)
            case "doubts":
                self._doubts(plan, value, row, path)
            case "conditions":
                self._conditions(value, row)
            case "result":
                row["result"] = str(value.get("printed", ""))
                row["read as"] = str(value.get("read-as", ""))
            case "sublayers":
                for key, part in value.items():
                    assert isinstance(part, dict)  # noqa: S101
                    design = "/".join(path.split("/")[:2])
                    self._record(layout["components"], key, part, f"{path}/sublayers/{key}", design)
                    self.rows["components"][-1 if "sublayers" not in part else -2]["part of"] = (
                        path.rpartition("/")[2]
                    )
            case _ if name in layout:
                for key, part in value.items():
                    assert isinstance(part, dict)  # noqa: S101
                    self._record(layout[name], key, part, f"{path}/{name}/{key}", path)

    def _evidence(self, plan: Plan, pieces: dict[str, Tree], row: dict[str, str], path: str) -> None:
        inline = False
        for key, piece in pieces.items():
            assert isinstance(piece, dict)  # noqa: S101
            fits = plan.column("section", Part.EVIDENCE) is not None and key == evidence_key(piece)
            target = row
            if inline or not fits:
                target = {"record": path, "key": key}
                self.rows["more evidence"].append(target)
                plan = self.handed.layout["more evidence"] if not fits else plan
            inline = inline or fits
            for name, value in piece.items():
                self._cell(
                    self.handed.layout["more evidence"].column(name, Part.EVIDENCE), name, value, target, path
                )

    def _doubts(self, plan: Plan, doubts: dict[str, Tree], row: dict[str, str], path: str) -> None:
        inline = False
        for key, doubt in doubts.items():
            assert isinstance(doubt, dict)  # noqa: S101
            part, target = Part.DOUBT, row
            if inline or key != doubt.get("kind") or plan.column("kind", Part.DOUBT) is None:
                part, target = Part.OWN, {"record": path, "key": key}
                self.rows["more doubts"].append(target)
            else:
                inline = True
            sheet = plan if part is Part.DOUBT else self.handed.layout["more doubts"]
            for name, value in doubt.items():
                self._cell(sheet.column(name, part), name, value, target, path)

    @staticmethod
    def _conditions(conditions: dict[str, Tree], row: dict[str, str]) -> None:
        others = []
        for key, figure in conditions.items():
            text = str(figure)
            if isinstance(figure, dict):
                text = (
                    f"{figure.get('printed')} [read as {figure['read-as']}]"
                    if "read-as" in figure
                    else str(figure.get("printed"))
                )
            if key in CONDITIONS:
                row[f"at {key.replace('-', ' ')}"] = text
            else:
                others.append(f"{key} = {text}")
        if others:
            row["at other conditions"] = join_values(others)

    def _field(self, plan: Plan, name: str, value: Tree, row: dict[str, str], path: str) -> None:
        self._cell(plan.column(name), name, value, row, path)

    def _cell(self, column: Column | None, name: str, value: Tree, row: dict[str, str], path: str) -> None:
        texts = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        if column is None or isinstance(value, dict):
            self.lost.append(f"{path}: {name} ({short('; '.join(texts))})")
            return
        spelled = [self._spelled(column, text) for text in texts]
        row[column.heading] = join_values(spelled) if column.several else "; ".join(spelled)

    def _spelled(self, column: Column, text: str) -> str:
        """A value as a person would choose it: a label, where that is read back as the same."""
        if column.kind is Kind.FLAG:
            return "yes" if text == "true" else text
        if column.kind is Kind.NAME and column.base in _CHOSEN:
            return self.known.spelling(ID + column.base + text, column.base)
        if column.kind not in {Kind.CLASS, Kind.RELATION}:
            return text
        label = self.known.label(LKG + text)
        try:
            named = self.known.klass(label, column.root) if column.root else self.known.relation(label)
        except UnknownNameError:
            return text
        return label if named == text else text

    def _distinct(self, row: dict[str, str]) -> None:
        """The substances of other sources that somebody may take a substance for."""
        names = [row["key"], row.get("label", ""), *row.get("alt label", "").split("; ")]
        found = similar_substances([name for name in names if name], row.get("formula", ""), self.others)
        if found:
            row["distinct from"] = join_values(sorted(iri.rpartition("/")[2] for iri in found))


_BASES = {"works": "work", "designs": "design", "substances": "substance", "functional-groups": "group"}
_CHOSEN = {"property/", "stage/", "cell/", "method/", "identification/", "doubt/", "discrepancy-kind/"}


def _plain(node: yaml.nodes.Node) -> Tree:
    """A YAML tree as texts, lists and mappings."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return str(node.value).rstrip("\n")


def _read_back(handed: Handed, known: Known, context: Context) -> Records:
    """The records that an import of the sheets would make."""
    reading = Reading()
    grids = []
    for plan in handed.plans:
        grid = Grid("export", plan.name)
        grid.rows.append((1, {number: heading_of(column) for number, column in enumerate(plan.columns, 1)}))
        for number, row in enumerate(handed.sheets[plan.name], 2):
            cells = {
                at: row[column.heading]
                for at, column in enumerate(plan.columns, 1)
                if row.get(column.heading)
            }
            grid.rows.append((number, cells))
        grids.append(grid)
    read_rows(grids, handed.layout, reading, example_of)
    found = interpret(reading, known, handed.source, handed.units)
    handed.lost += [problem.message for problem in reading.problems]
    records = Records()
    with temporary_folder("lithiokg-export-") as scratch:
        for name, node in found.collections.items():
            for number, part in enumerate(_parts(node.fields)):
                path = scratch / f"{name}-{number}.yaml"
                path.write_text(write_records({name: replace(node, fields=part)}, []).text, encoding="utf-8")
                read_file(path, context, source=handed.source, units=handed.units, records=records)
    return records


def _parts(fields: dict[str, Value]) -> Iterator[dict[str, Value]]:
    items = list(fields.items())
    for start in range(0, len(items), 500):
        yield dict(items[start : start + 500])


def _difference(own: Records, back: Records, handed: Handed) -> Iterator[str]:
    """What was there and did not come back, or came back as something else: one line a record or field."""
    missing, added = {*own.quads} - {*back.quads}, {*back.quads} - {*own.quads}
    # Told of once, as a collection.
    computed = {
        LKG + name for name in ("atomicNumber", "inChI", "inChIKey", "reducedFormula", "hasStructure")
    }
    whole = {iri for iri in own.declared if iri not in back.declared and "/structure" not in iri}
    for said, quads in (("", missing), (" (added)", added)):
        for quad in quads:
            about, value = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
            if (
                about not in whole
                and value not in whole
                and quad.predicate.value not in computed
                and "/structure" not in about
            ):
                relation = handed.known.label(quad.predicate.value)
                yield f"{about.removeprefix(ID)}: {relation} {short(compact(value))}{said}"
    for iri in whole:
        if not any(iri.startswith(f"{other}/") for other in whole):
            yield f"{iri.removeprefix(ID)}: the whole record"
