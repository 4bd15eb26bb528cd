"""``KnowledgeGraph``: one object to ask, whatever holds the triples."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lithiokg.errors import QueryError
from lithiokg.graph.answer import Answer
from lithiokg.graph.keeping import ANSWER_LIMIT, WORTH_KEEPING, KeptAnswers
from lithiokg.graph.origins import Origins
from lithiokg.names import LARGE, NameIndex, StoredNames
from lithiokg.store import EmbeddedStore, Table, python_value
from lithiokg.vocabulary import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    import owlready2
    import pyoxigraph as ox
    import rdflib

    from lithiokg.build import Snapshot
    from lithiokg.explanation import Explainer, Justification, WhyNot
    from lithiokg.graph.description import Description
    from lithiokg.joining import Joined
    from lithiokg.matching import Interpretations, Matcher, Things
    from lithiokg.questions import Question
    from lithiokg.sources import Sources
    from lithiokg.store import Store, Value
    from lithiokg.validation import Report
    from lithiokg.whatif import Proposal, WhatIf

__all__ = ["KnowledgeGraph"]


class KnowledgeGraph:
    """LithioKG in an embedded snapshot or behind a SPARQL endpoint.

    Args:
        store: what holds the triples.
        sources: the written sources (for the saved questions and validation).
        snapshot: the snapshot that the store was opened from, where it was.
    """

    def __init__(self, store: Store, sources: Sources, snapshot: Snapshot | None = None) -> None:
        self.store = store
        self.sources = sources
        self.snapshot = snapshot

    @cached_property
    def origins(self) -> Origins:
        """Which things come from a collection of the user's, and from which."""
        return Origins(self.store, self.sources)

    # --- asking -----------------------------------------------------------------------------------

    @property
    def is_large(self) -> bool:
        """Whether it is a snapshot of so many triples that nothing may look at all of them by the way."""
        return isinstance(self.store, EmbeddedStore) and self.store.triples > LARGE

    @property
    def patience(self) -> float | None:
        """Seconds to give a saved question where nobody says how many; no limit unless the graph is large."""
        return ANSWER_LIMIT if self.is_large else None

    @cached_property
    def names(self) -> NameIndex:
        """Labels and synonyms of everything in the graph."""
        if isinstance(self.store, EmbeddedStore) and self.is_large:
            return StoredNames(self.store)
        return NameIndex.from_store(self.store)

    def questions(self) -> dict[str, Question]:
        """The saved questions by name.

        Raises:
            LithioKGError: if a question file is malformed.
        """
        from lithiokg.questions import load_questions  # noqa: PLC0415

        return load_questions(*self.sources.question_folders)

    def question(self, name: str) -> Question:
        """One saved question.

        Raises:
            UsageError: if there is none of that name; the message names the closest.
        """
        from lithiokg.questions import find_question  # noqa: PLC0415

        return find_question(name, *self.sources.question_folders)

    def ask(
        self, name: str, /, *, stated_only: bool = False, timeout: float | None = None, **parameters: object
    ) -> Answer:
        """Ask a saved question.

        Args:
            name: its name, such as ``"designs-that-cycled-long-and-hard"``.
            stated_only: answer from what was stated alone, without inferences.
            timeout: seconds after which it is stopped.
            **parameters: values for its parameters; things by any of their names.

        Raises:
            UsageError: for an unknown question, parameter or thing, or a value of the wrong type.
            TimeLimitError: if it took longer than ``timeout``.
        """
        return self.answer(self.question(name), parameters, stated_only=stated_only, timeout=timeout)

    def answer(
        self,
        question: Question,
        parameters: Mapping[str, object] | None = None,
        *,
        stated_only: bool = False,
        timeout: float | None = None,
        keep_from: float = WORTH_KEEPING,
    ) -> Answer:
        """Answer a question that is at hand; see :meth:`ask`.

        Args:
            question: the question.
            parameters: values for its parameters.
            stated_only: answer from what was stated alone, without inferences.
            timeout: seconds after which it is stopped.
            keep_from: seconds that it must take for its answer to be kept beside the snapshot.
        """
        values = parameters or {}
        text = question.bind(values, self._resolve)
        table = self.kept.find(text, stated_only=stated_only) if self.kept else None
        if table is None:
            begin = time.perf_counter()
            found = self.store.query(text, stated_only=stated_only, timeout=timeout, name=question.path.name)
            if not isinstance(found, Table):
                raise QueryError(f"the saved question {question.name} is not a SELECT query")
            table = found
            if self.kept and time.perf_counter() - begin >= keep_from:
                self.kept.keep(text, table, stated_only=stated_only)
        return Answer(self, question, text, values, table)

    @cached_property
    def kept(self) -> KeptAnswers | None:
        """The answers that are kept beside the snapshot, where the store is that of a snapshot."""
        own = (
            isinstance(self.store, EmbeddedStore) and self.snapshot and self.store.path == self.snapshot.store
        )
        return KeptAnswers(self.snapshot) if self.snapshot and own else None

    @cached_property
    def matcher(self) -> Matcher:
        """What :meth:`interpret` and :meth:`search` go by: names and questions, with their words.

        Raises:
            LithioKGError: if a question file is malformed.
        """
        from lithiokg.matching import Matcher, open_index  # noqa: PLC0415

        folder = self.snapshot.path if self.snapshot else None
        return Matcher(open_index(self.store, self.sources, lambda: self.names, folder))

    def interpret(self, text: str, *, limit: int = 3) -> Interpretations:
        """Which saved question a question in plain words asks, and with which parameters.

        No language model is involved and nothing is sent anywhere; see ``docs/ask.md``.

        Args:
            text: the question, or only the name of a thing.
            limit: how many questions to give at most, the next best included.

        Returns:
            The best with its parameters, ready for :meth:`ask`, and the next best. Where nothing fits there
            is no best one, but a reason and the closest questions.
        """
        return self.matcher.interpret(text, limit=limit)

    def search(self, text: str, *, limit: int = 30) -> Things:
        """Find things by any name, a part of one, a formula in any spelling or an element; slips are forgiven.

        Args:
            text: what to look for.
            limit: how many things to give at most.

        Returns:
            The things, best first, each with its kind and why it was found; see ``groups``.
        """
        from lithiokg.matching import search_things  # noqa: PLC0415

        return search_things(self.matcher.index, text, limit=limit)

    def _resolve(self, name: str, kinds: str | None) -> str:
        return self.names.resolve(name, kinds=kinds)

    def sparql(
        self,
        text: str,
        *,
        stated_only: bool = False,
        timeout: float | None = None,
        max_rows: int | None = None,
        name: str = "<query>",
    ) -> Table | bool | list[ox.Triple]:
        """Answer a SPARQL 1.1 query; the usual prefixes need not be declared.

        Raises:
            QueryError: if it does not parse.
            TimeLimitError: if it took longer than ``timeout`` seconds.
        """
        from lithiokg.store import missing_prefixes  # noqa: PLC0415

        missing = missing_prefixes(text)
        declared = " ".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in missing)
        try:
            return self.store.query(
                f"{declared}\n{text}" if declared else text,
                stated_only=stated_only,
                timeout=timeout,
                max_rows=max_rows,
                name=name,
            )
        except QueryError as error:
            raise (error.one_line_up() if declared else error) from None

    def readable(self, table: Table, *, iris: bool = False) -> list[tuple[Value, ...]]:
        """The rows of a table as plain values: things by their labels, or, with ``iris``, as CURIEs."""
        import pyoxigraph as ox  # noqa: PLC0415

        def value(term: object) -> Value:
            if isinstance(term, ox.NamedNode):
                return compact(term.value) if iris else self.names.label(term.value)
            return python_value(term)  # type: ignore[arg-type]

        return [tuple(map(value, row)) for row in table]

    def find(self, name: str, *, kind: str | None = None) -> str:
        """The IRI of the thing that has this name, label, synonym, formula or CURIE.

        Raises:
            UsageError: if there is none (with "did you mean") or more than one.
        """
        return self.names.resolve(name, kinds=kind)

    def show(self, name: str, *, most: int | None = None) -> Description:
        """What is known of a thing, by any of its names.

        Args:
            name: a label, synonym, formula, CURIE or IRI.
            most: how many things are told that refer to it by one relation; the rest is counted.

        Raises:
            UsageError: see :meth:`find`.
        """
        from lithiokg.graph.description import describe, with_former_facts  # noqa: PLC0415

        iri = self.find(name)
        found = describe(self.store, self.names, iri, most=most)
        if not found.is_withdrawn:
            return found
        together = EmbeddedStore.in_memory([*self.store.quads(), *self.withdrawn()])
        return with_former_facts(found, describe(together, self.names, iri))

    @cached_property
    def explainer(self) -> Explainer:
        """Explanations of the snapshot, with its rules at hand.

        Raises:
            LithioKGError: if the graph is behind an endpoint.
        """
        from lithiokg.explanation import open_explainer  # noqa: PLC0415

        return open_explainer(self.store, self.names, self.snapshot.path if self.snapshot else None)

    def explain(self, thing: str, target: str, *, limit: int = 10) -> list[Justification]:
        """The minimal justifications of what a thing is inferred to be or have, the shortest first.

        Args:
            thing: any name of a thing.
            target: any name of a class, strategy, mechanism or interface type.
            limit: at most so many.

        Returns:
            Nothing where it does not hold; then :meth:`why_not` says what is missing.

        Raises:
            UsageError: see :meth:`find`.
            LithioKGError: if the graph is behind an endpoint.
        """
        from lithiokg.explanation import find_target  # noqa: PLC0415

        iri = self.find(thing)
        return self.explainer.explain(iri, find_target(self.explainer, self.names, iri, target), limit=limit)

    def why_not(self, thing: str, target: str) -> WhyNot:
        """Which conditions a thing meets, contradicts or is not known to meet; see :meth:`explain`.

        Raises:
            UsageError: see :meth:`find`.
            LithioKGError: if the graph is behind an endpoint.
        """
        from lithiokg.explanation import find_target  # noqa: PLC0415

        iri = self.find(thing)
        return self.explainer.why_not(iri, find_target(self.explainer, self.names, iri, target))

    def what_if(
        self,
        proposal: Proposal | Path | dict[str, Any] | None = None,
        *,
        relatives: int = 3,
        why: bool = True,
        **words: Any,
    ) -> WhatIf:
        """What would follow from a design that nobody reported, and which reported ones it resembles.

        Nothing is written, neither to the graph nor to the cache of snapshots.

        Args:
            proposal: a :class:`~lithiokg.whatif.Proposal`, a YAML file in the format of the records, or
                such records as plain values.
            relatives: how many of the nearest reported designs are wanted.
            why: whether each inferred class of the design is explained.
            **words: in place of a proposal, the fields of one, such as ``electrolyte="garnet"``,
                ``layers=["ZnO"]``, ``complete=True``, ``contacts_lithium=True``.

        Raises:
            LithioKGError: if it does not read, breaks a rule of the shapes, or contradicts what is known.
        """
        from lithiokg.whatif import Proposal, what_if  # noqa: PLC0415

        if proposal is None:
            proposal = Proposal.of(words)
        elif words:
            raise TypeError("a proposal is given whole or in words, not both")
        return what_if(
            proposal,
            store=self.store,
            sources=self.sources,
            names=self.names,
            relatives=relatives,
            why=why,
            cached=self.snapshot.path if self.snapshot else None,
        )

    def join(
        self,
        table: Path | str | Iterable[Mapping[str, object]],
        *,
        on: str,
        column: str | None = None,
        lenient: bool = False,
        stated_only: bool = False,
    ) -> Joined:
        """Join a table of yours with the graph.

        Args:
            table: a CSV file, or rows as mappings.
            on: ``formula`` or ``inchikey`` (substances), or ``doi`` (works).
            column: the column that holds the keys; by default the one that is called like ``on``.
            lenient: list a value that cannot be read, instead of stopping.
            stated_only: answer from what was stated alone, without inferences.

        Raises:
            LithioKGError: if the table or one of its keys cannot be read, with the place of each.
        """
        from lithiokg.joining import join, read_table  # noqa: PLC0415

        return join(
            read_table(table),
            on=on,
            store=self.store,
            sources=self.sources,
            names=self.names,
            column=column,
            lenient=lenient,
            stated_only=stated_only,
        )

    # --- checking and taking elsewhere ------------------------------------------------------------

    def validate(self) -> Report:
        """Validate the sources as they are now.

        Raises:
            SourceProblemsError: if a file does not read, or a rule of severity *violation* is broken.
        """
        from lithiokg.build import assemble  # noqa: PLC0415

        return assemble(self.sources).report

    def observations(self) -> Table:
        """All observations, one a row (see :data:`lithiokg.export.OBSERVATION_COLUMNS`)."""
        from lithiokg.export import OBSERVATION_COLUMNS, observation_rows  # noqa: PLC0415

        return Table.of_values(OBSERVATION_COLUMNS, observation_rows(self.store))

    def designs(self) -> Table:
        """All designs, one a row (see :data:`lithiokg.export.DESIGN_COLUMNS`)."""
        from lithiokg.export import DESIGN_COLUMNS, design_rows  # noqa: PLC0415

        return Table.of_values(DESIGN_COLUMNS, design_rows(self.store))

    def claims(self) -> Table:
        """All claims, one a row (see :data:`lithiokg.export.CLAIM_COLUMNS`)."""
        from lithiokg.export import CLAIM_COLUMNS, claim_rows  # noqa: PLC0415

        return Table.of_values(CLAIM_COLUMNS, claim_rows(self.store))

    def bibliography(self, format_: str = "bibtex") -> str:
        """All references of the documents as ``bibtex``, ``csl-json`` or ``ris``.

        Raises:
            UsageError: for another format.
        """
        from lithiokg.errors import UsageError  # noqa: PLC0415
        from lithiokg.export import BIBLIOGRAPHY_FORMATS, write_bibliography  # noqa: PLC0415

        if format_ not in BIBLIOGRAPHY_FORMATS:
            formats = ", ".join(BIBLIOGRAPHY_FORMATS)
            raise UsageError(f"there is no bibliography format {format_!r}", mend=f"choose one of {formats}")
        return write_bibliography(self.store, format_)

    def profile(self, name: str, format_: str | None = None) -> str:
        """All facts in the words of ``emmo``, ``nanopub`` or ``schema``; see ``docs/profiles.md``.

        Raises:
            UsageError: for another profile, or a format that it cannot be written in.
        """
        from lithiokg.export.profiles import write_profile  # noqa: PLC0415

        return write_profile(self.store, name, format_, ontology=self.sources.ontology)

    def quads(self, *, stated_only: bool = False) -> list[ox.Quad]:
        """Ontology and facts as quads; from an endpoint they are copied graph by graph.

        Raises:
            LithioKGError: if an endpoint gives less than it holds.
        """
        from lithiokg.export import export_quads  # noqa: PLC0415

        return export_quads(self.store, stated_only=stated_only)

    def withdrawn(self) -> list[ox.Quad]:
        """What records that were taken back stated, in ``lkgg:withdrawn/<source>``; no question reads it.

        Behind an endpoint there is none: an export leaves it out.
        """
        import pyoxigraph as ox  # noqa: PLC0415

        if self.snapshot is None or not self.snapshot.withdrawn.is_file():
            return []
        return list(ox.parse(path=str(self.snapshot.withdrawn), format=ox.RdfFormat.N_QUADS))

    def to_rdflib(self, *, stated_only: bool = False) -> rdflib.Dataset:
        """An rdflib dataset with the same named graphs."""
        import rdflib  # noqa: PLC0415

        from lithiokg.export import serialize  # noqa: PLC0415

        dataset = rdflib.Dataset(default_union=True)
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace, override=True)
        dataset.parse(data=serialize(self.quads(stated_only=stated_only), "nquads"), format="nquads")
        return dataset

    def to_owlready2(self, *, stated_only: bool = False) -> owlready2.World:
        """An owlready2 world of its own that holds ontology, facts and closure axioms.

        Raises:
            LithioKGError: if owlready2 is not installed.
        """
        from lithiokg.reasoning import to_world  # noqa: PLC0415

        return to_world(self.quads(stated_only=stated_only))

    def close(self) -> None:
        """Let go of the store."""
        if isinstance(self.store, EmbeddedStore):
            self.store.close()

    def __enter__(self) -> KnowledgeGraph:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
