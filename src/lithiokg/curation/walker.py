"""Walk over the tree of one file and write its triples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import yaml

from lithiokg.curation.context import QUANTITY, Term
from lithiokg.curation.emitter import RDF_TYPE, Entry
from lithiokg.curation.figures import FigureReader
from lithiokg.curation.literals import literal_problem, typed, untyped
from lithiokg.curation.records import COLLECTIONS, DEFAULT_CLASSES
from lithiokg.curation.scope import KEY, Scope, UnresolvedNameError, table_of
from lithiokg.vocabulary import LKG, compact

if TYPE_CHECKING:
    from lithiokg.curation.context import Context
    from lithiokg.curation.records import Collection, Records
    from lithiokg.quantities import Registry

__all__ = ["Walker"]

_OBSERVED_PROPERTY = LKG + "observedProperty"
_RESULT = LKG + "hasResult"
_ROW = LKG + "inTableRow"
#: The property by which a nested record says whose it is, by its default class.
_OWNER = {LKG + "Observation": LKG + "hasFeatureOfInterest", LKG + "Claim": LKG + "claimSubject"}
#: What a claim is unless it says otherwise.
_CLAIM_DEFAULTS = {LKG + "polarity": "positive", LKG + "modality": "asserted"}


class Walker(FigureReader):
    """Reads the records of one file; ``terms`` are the known classes and properties, if given."""

    def __init__(self, records: Records, context: Context, units: Registry, source: str, file: str) -> None:
        super().__init__(records, source, file, units)
        self.context = context
        self.terms: frozenset[str] | None = None

    def collections(self, document: yaml.nodes.Node) -> None:
        """Read a whole file: collections of keyed records."""
        if not isinstance(document, yaml.MappingNode):
            self.problem("the file is not a mapping of collections", document, "start with 'designs:'")
            return
        for key, value in self.entries(document):
            collection = COLLECTIONS.get(key.value)
            if collection is None:
                self.problem(
                    f"there is no collection {key.value!r}", key, self.suggest(key.value, COLLECTIONS)
                )
            elif not isinstance(value, yaml.MappingNode):
                self.problem(f"{key.value!r} is not a mapping", value, "write each record under its key")
            else:
                self._collection(collection, value)

    def _collection(self, collection: Collection, records: yaml.MappingNode) -> None:
        base = collection.base(self.source)
        for key, value in self.entries(records):
            parts = key.value.split("/") if collection.name == "columns" else [key.value]
            if not all(KEY.fullmatch(part) for part in parts):
                self._bad_key(key)
                continue
            iri = base + key.value
            scope = Scope(iri, self.context, self.source, iri, iri, table_of(key.value))
            if collection.adds:
                self._additions(scope, key, value, collection)
            else:
                self._record(scope, key, value, collection.default_class)

    def _additions(
        self, scope: Scope, key: yaml.nodes.Node, node: yaml.nodes.Node, collection: Collection
    ) -> None:
        """Read fields that are added to a record which stands elsewhere."""
        if not isinstance(node, yaml.MappingNode):
            self.problem(f"the entry {key.value!r} is not a mapping", node, "write its fields below it")
            return
        for entry in self.entries(node):
            name = entry[0].value
            term = scope.context.terms.get(name)
            if name in collection.adds and term is not None:
                self._field(scope, term, entry, None)
            else:
                mend = f"these do: {', '.join(sorted(collection.adds))}; others stand in the record itself"
                self.problem(f"{name!r} does not belong under {collection.name!r}", entry[0], mend)

    def _bad_key(self, key: yaml.nodes.Node) -> None:
        mend = "keys are letters, digits and . _ ( ) + , ~ -"
        self.problem(f"{key.value!r} cannot be the key of a record", key, mend)

    def _record(self, scope: Scope, key: yaml.nodes.Node, node: yaml.nodes.Node, default: str | None) -> bool:
        """Read one record; says whether it was declared."""
        if not isinstance(node, yaml.MappingNode):
            self.problem(f"the record {key.value!r} is not a mapping", node, "write its fields below it")
            return False
        if not self.declare(scope.iri, key):
            return False
        fields, types = self._sorted(scope, node)
        self._types(scope, key, types, default)
        kind = self._observed(scope, fields)
        for term, entry in fields:
            if not term.reverse:
                scope.stated.add(term.iri)
            self._field(scope, term, entry, kind)
        for name, value in _CLAIM_DEFAULTS.items():
            if default == LKG + "Claim" and name not in scope.stated:
                self.emit(scope.iri, name, ox.Literal(value), key, key)
        return True

    def _sorted(
        self, scope: Scope, node: yaml.MappingNode
    ) -> tuple[list[tuple[Term, Entry]], list[yaml.nodes.Node]]:
        """The fields of a record with their terms, and its types; unknown fields are reported."""
        fields: list[tuple[Term, Entry]] = []
        types: list[yaml.nodes.Node] = []
        for entry in self.entries(node):
            term = scope.context.terms.get(entry[0].value)
            if term is None:
                self._unknown_field(scope, entry[0])
            elif term.iri == "@type":
                types.extend(self._members(entry[1]))
            elif term.iri != "@id":
                fields.append((term, entry))
        return fields, types

    def _unknown_field(self, scope: Scope, key: yaml.ScalarNode) -> None:
        names = scope.context.terms
        wanted = key.value.replace("_", "-")
        self.problem(f"there is no field {key.value!r}", key, self.suggest(wanted, names))

    def _types(
        self, scope: Scope, key: yaml.nodes.Node, types: list[yaml.nodes.Node], default: str | None
    ) -> None:
        for node in types:
            if not isinstance(node, yaml.ScalarNode):
                self.problem("a type is not plain text", node, "write the name of a class")
                continue
            iri = self._vocabulary(scope, node)
            if iri is not None:
                self.emit(scope.iri, RDF_TYPE, iri, key, node)
        if types:
            return
        if default is None:
            self.problem(f"{key.value!r} has no type", key, "give it 'type:' and the name of a class")
        else:
            self.emit(scope.iri, RDF_TYPE, ox.NamedNode(default), key, key)

    def _observed(self, scope: Scope, fields: list[tuple[Term, Entry]]) -> str | None:
        """The observed property of a record, by which its result is read."""
        for term, (_, value) in fields:
            if term.iri == _OBSERVED_PROPERTY and isinstance(value, yaml.ScalarNode):
                try:
                    return scope.inside(scope.context.scoped(term)).reference(value.value)
                except UnresolvedNameError:
                    return None  # reported where the field itself is read
        return None

    def _field(self, scope: Scope, term: Term, entry: Entry, kind: str | None) -> None:
        key, value = entry
        inner = scope.inside(scope.context.scoped(term))
        if term.type == QUANTITY:
            self._quantities(inner, term, entry, kind)
        elif "@language" in term.containers:
            self._translations(inner, term, entry)
        elif term.keyed:
            self._keyed(inner, term, entry)
        else:
            members = self._members(value)
            for member in members:
                if isinstance(member, yaml.MappingNode):
                    self._single(inner, term, key, member, alone=len(members) == 1)
                else:
                    self._scalar(inner, term, key, member)

    @staticmethod
    def _members(node: yaml.nodes.Node) -> list[yaml.nodes.Node]:
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def _quantities(self, scope: Scope, term: Term, entry: Entry, observed: str | None) -> None:
        key, value = entry
        if not term.keyed:
            kind = observed if term.iri == _RESULT else self._property(key, "quantity")
            if kind is None and term.iri == _RESULT:
                self.problem("a result without an observed property", key, "add 'property:' beside it")
            elif kind is not None and (item := self.units.property(kind)) is not None:
                self._quantity(scope, term, item.iri, f"{scope.iri}/{key.value}", (key, value))
            return
        if not isinstance(value, yaml.MappingNode):
            self.problem(
                f"{key.value!r} is not a mapping", value, "write each as 'current-density: 1 mA cm-2'"
            )
            return
        for name, figure in self.entries(value):
            kind = self._property(name, "condition")
            if kind is not None:
                self._quantity(scope, term, kind, f"{scope.iri}/{key.value}/{name.value}", (name, figure))

    def _quantity(self, scope: Scope, term: Term, kind: str, iri: str, entry: Entry) -> None:
        if self.figure(iri, kind, *entry):
            self.emit(scope.iri, term.iri, ox.NamedNode(iri), *entry, reverse=term.reverse)

    def _property(self, key: yaml.ScalarNode, what: str) -> str | None:
        """The property that a key names; an unknown one is reported."""
        item = self.units.property(key.value)
        if item is None:
            close = self.units.close_properties(key.value)
            known = [item.key for item in self.units.properties.values()]
            mend = f"did you mean {' or '.join(close)}?" if close else self.suggest(key.value, known)
            self.problem(f"there is no {what} {key.value!r}", key, mend)
            return None
        return item.iri

    def _translations(self, scope: Scope, term: Term, entry: Entry) -> None:
        key, value = entry
        if not isinstance(value, yaml.MappingNode):
            self.problem(f"{key.value!r} is not a mapping", value, "write each text under its language")
            return
        for language, texts in self.entries(value):
            for text in self._members(texts):
                if not isinstance(text, yaml.ScalarNode):
                    self.problem("not plain text", text, "write the text itself")
                    continue
                self._literal_in(scope, term, key, text, language.value)

    def _literal_in(
        self, scope: Scope, term: Term, key: yaml.nodes.Node, node: yaml.ScalarNode, language: str
    ) -> None:
        try:
            literal = ox.Literal(node.value.rstrip("\n"), language=language)
        except ValueError:
            self.problem(f"{language!r} is not a language tag", node, "write one such as en")
            return
        self.emit(scope.iri, term.iri, literal, key, node)

    def _keyed(self, scope: Scope, term: Term, entry: Entry) -> None:
        key, value = entry
        if not isinstance(value, yaml.MappingNode):
            self.problem(f"{key.value!r} is not a mapping", value, "write each record under a key of its own")
            return
        for name, record in self.entries(value):
            if KEY.fullmatch(name.value):
                iri = f"{scope.iri}/{key.value}/{name.value}"
                self._nested(scope, term, (key, record), iri, name=name)
            else:
                self._bad_key(name)

    def _single(
        self, scope: Scope, term: Term, key: yaml.ScalarNode, node: yaml.MappingNode, *, alone: bool
    ) -> None:
        """Read a nested mapping that stands without a key, or with an explicit id."""
        if term.type not in {None, "@id", "@vocab"} or (term.type is None and term.language is not None):
            self.problem(f"{key.value!r} takes plain text, not a mapping", node, "write the value itself")
            return
        explicit = [
            value
            for name, value in node.value
            if isinstance(name, yaml.ScalarNode)
            and name.value in scope.context.terms
            and scope.context.terms[name.value].iri == "@id"
        ]
        if explicit:
            iri = self._reference(scope, explicit[0])
            if iri is not None:
                self._nested(scope, term, (key, node), iri.value, name=key)
        elif alone:
            self._nested(scope, term, (key, node), f"{scope.iri}/{key.value}", name=None)
        else:
            mend = "write each under a key of its own, where the context allows it, or give each an id"
            self.problem(f"several records in a list under {key.value!r}", node, mend)

    def _nested(
        self,
        scope: Scope,
        term: Term,
        entry: Entry,
        iri: str,
        *,
        name: yaml.ScalarNode | None,
    ) -> None:
        key, node = entry
        at = name or key
        child = scope.child(iri, scope.context, keyed=name is not None, table=self._table(scope, node))
        default = DEFAULT_CLASSES.get(key.value)
        if not self._record(child, at, node, default):
            return
        owner = _OWNER.get(default or "")
        owned = owner is not None and owner in child.stated
        if not (term.reverse and owned and term.iri == owner):
            self.emit(scope.iri, term.iri, ox.NamedNode(iri), at, at, reverse=term.reverse)
        if owner is not None and not owned and not (term.reverse and term.iri == owner):
            self.emit(iri, owner, ox.NamedNode(scope.iri), at, at)

    @staticmethod
    def _table(scope: Scope, node: yaml.nodes.Node) -> str | None:
        """The table of the row that a record names, for the columns beside it."""
        if not isinstance(node, yaml.MappingNode):
            return None
        for name, value in node.value:
            term = scope.context.terms.get(name.value) if isinstance(name, yaml.ScalarNode) else None
            if term is not None and term.iri == _ROW and isinstance(value, yaml.ScalarNode):
                return table_of(value.value)
        return None

    def _scalar(self, scope: Scope, term: Term, key: yaml.ScalarNode, node: yaml.nodes.Node) -> None:
        if not isinstance(node, yaml.ScalarNode):
            self.problem(f"a list inside the list of {key.value!r}", node, "write one flat list")
            return
        if self.is_empty(node):
            self.problem(f"{key.value!r} has an empty value", node, "give a value, or leave it out")
            return
        value: ox.NamedNode | ox.Literal | None
        if term.type == "@id":
            value = self._reference(scope, node)
            if term.iri == _OBSERVED_PROPERTY and value is not None:
                self._check_property(value, node)
        elif term.type == "@vocab":
            value = self._vocabulary(scope, node)
        else:
            value = self._literal(term, key, node)
        if value is not None:
            self.emit(scope.iri, term.iri, value, key, node, reverse=term.reverse)

    def _check_property(self, value: ox.NamedNode, node: yaml.ScalarNode) -> None:
        if self.units.property(value.value) is None:
            self._property(node, "observable property")

    def _literal(self, term: Term, key: yaml.ScalarNode, node: yaml.ScalarNode) -> ox.Literal | None:
        text = node.value.rstrip("\n")
        if term.type is not None:
            wanted = literal_problem(text, term.type)
            if wanted is None:
                return typed(text, term.type)
            self.problem(f"{key.value!r} is {text!r}, which is not {wanted}", node, f"write {wanted}")
            return None
        if term.language is not None:
            return ox.Literal(text, language=term.language)
        literal = untyped(text, node.tag)
        if literal is None:
            self.problem(
                f"{key.value!r} is a number, and the context gives the field no type",
                node,
                "put the number into quotes, or give the field a type in ontology/context.jsonld",
            )
        return literal

    def _reference(self, scope: Scope, node: yaml.nodes.Node) -> ox.NamedNode | None:
        if not isinstance(node, yaml.ScalarNode):
            self.problem("not a key or an IRI", node, "write the key of a record")
            return None
        try:
            return self.named(scope.reference(node.value), node)
        except UnresolvedNameError as error:
            self.placed(error, node)
            return None

    def _vocabulary(self, scope: Scope, node: yaml.ScalarNode) -> ox.NamedNode | None:
        """The class or property that a name means."""
        name = node.value
        iri = scope.context.expand(name, vocab=True)
        if iri is None or (iri == name and "://" not in name):
            known = ", ".join(sorted(scope.context.prefixes))
            self.problem(f"{name!r} is not in the vocabulary", node, f"known prefixes: {known}")
            return None
        if self.terms is not None and iri.startswith(LKG) and iri not in self.terms:
            names = [compact(term).removeprefix("lkg:") for term in self.terms]
            mend = self.suggest(name, names)
            self.problem(f"the ontology has no term {name!r}", node, mend)
            return None
        return self.named(iri, node)
