"""What the tools do: each gives a readable text and the same as structured content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lithiokg.errors import UsageError
from lithiokg.mcp.evidence import Evidence, find_evidence
from lithiokg.mcp.limits import MOST_BYTES, fitted, shortened
from lithiokg.mcp.writing import Reply, plain, question_entry, rows_text, sources_text
from lithiokg.store import Table
from lithiokg.store.sheet import write_sheet
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lithiokg.graph import Answer, KnowledgeGraph
    from lithiokg.matching import Interpretation

__all__ = ["MOST_ROWS", "Tools"]

#: Rows that an answer may have, and those that it has unless asked for more.
MOST_ROWS, _ROWS = 200, 40
#: Seconds that a query of the user's own may take.
_TIMEOUT = 20.0
#: Facts that are shown of a thing at most.
_FACTS = 200


class Tools:
    """Questions, things and SPARQL over one graph.

    Args:
        graph: the graph.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph

    # --- saved questions ---------------------------------------------------------------------------

    def list_questions(self, topic: str | None = None) -> Reply:
        """The saved questions, of one topic or all."""
        questions = [each for each in self.graph.questions().values() if topic in {None, each.topic}]
        if not questions:
            topics = sorted({each.topic for each in self.graph.questions().values()})
            raise UsageError(f"there is no topic {topic!r}", mend=f"topics are: {', '.join(topics)}")
        entries = [
            {
                "name": each.name,
                "topic": each.topic,
                "question": each.question,
                "parameters": {name: parameter.label for name, parameter in each.params.items()},
            }
            for each in questions
        ]
        lines = [
            f"- {each.name}: {each.question}"
            + (f" Parameters: {', '.join(each.params)}." if each.params else "")
            for each in questions
        ]
        return Reply(shortened("\n".join(lines)), {"questions": entries, "total": len(entries)})

    def describe_question(self, name: str) -> Reply:
        """One saved question with its parameters, typed."""
        question = self.graph.question(name)
        entry = question_entry(question, whole=True)
        lines = [f"{question.title} ({question.name})", question.question, question.description, ""]
        for parameter in question.params.values():
            facts = [parameter.type, *([f"in {parameter.unit}"] if parameter.unit else [])]
            facts += [f"one of {', '.join(map(str, parameter.choices))}"] if parameter.choices else []
            facts.append(f"default {plain(parameter.default)}")
            lines.append(f"- {parameter.name}: {parameter.label} ({', '.join(facts)})")
        return Reply("\n".join(lines), entry)

    def answer_question(
        self,
        name: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        stated_only: bool = False,
        limit: int = _ROWS,
        offset: int = 0,
    ) -> Reply:
        """The answer to a saved question, row by row with its evidence."""
        given = dict(parameters or {})
        # By keyword a parameter called like one of ask's own would get lost.
        for each in given:
            if each in {"stated_only", "timeout"}:
                raise UsageError(f"{name} has no parameter {each!r}")
        answer = self.graph.ask(name, stated_only=stated_only, timeout=self.graph.patience, **given)
        return self._answered(answer, limit=limit, offset=offset)

    def ask(self, question: str, *, limit: int = _ROWS) -> Reply:
        """The answer to a question in plain words, or that no saved question fits it."""
        understood = self.graph.interpret(question, limit=4)
        others = [self._option(each) for each in understood.others]
        if understood.best is None:
            lines = [f"No saved question fits: {understood.reason}.", "The closest are:"]
            lines += [f"- {each['name']}: {each['in_words']}" for each in others]
            lines.append(
                "Do not answer from memory: ask one of these, search, or say that the graph does not hold it."
            )
            content = {"answered": False, "reason": understood.reason, "closest": others}
            return Reply("\n".join(lines), content)
        best = understood.best
        values: dict[str, Any] = dict(best.parameters)
        answer = self.graph.ask(best.question, timeout=self.graph.patience, **values)
        reply = self._answered(answer, limit=limit, offset=0, spare=4_000)
        notes = [f"{each.text!r}: {each.note}" for each in best.filled if each.note]
        if best.unused:
            notes.append(f"left out of account: {', '.join(repr(each.text) for each in best.unused)}")
        head = [f"Read as: {best.in_words}", *notes, ""]
        also = (
            ["", "Or meant: " + "; ".join(f"{each['name']} ({each['in_words']})" for each in others)]
            if others
            else []
        )
        content = {
            "answered": True,
            "read_as": self._option(best),
            "notes": notes,
            **reply.content,
            "or_meant": others,
        }
        return Reply("\n".join([*head, reply.text, *also]), content)

    def _option(self, each: Interpretation) -> dict[str, Any]:
        parameters = {name: plain(value) for name, value in each.parameters.items()}
        return {
            "name": each.question,
            "in_words": each.in_words,
            "parameters": parameters,
            "confidence": each.confidence,
        }

    def _answered(self, answer: Answer, *, limit: int, offset: int, spare: int = 0) -> Reply:
        total = len(answer)
        shown = answer.table.rows[offset : offset + min(limit, MOST_ROWS)]
        table = Table(answer.columns, shown)
        given = [value for value in answer.parameters.values() if isinstance(value, str)]
        evidence = find_evidence(self.graph, table, self._things(given))
        content = self._content(answer, table, evidence, total, offset)
        kept = fitted(content["rows"], lambda rows: {**content, "rows": rows}, MOST_BYTES // 2 - spare)
        content["rows"] = content["rows"][:kept]
        content["shown"] = kept
        content["sources"] = _cited(content["rows"], content["sources"])
        rows = self.graph.readable(Table(answer.columns, shown[:kept]))
        title = f"{answer.question.question} ({kept} of {total} rows{f' from row {offset + 1}' if offset else ''})"
        lines = [title, rows_text(answer.columns, rows, [row["evidence"] for row in content["rows"]])]
        if offset + kept < total:
            content["more"] = (
                f"{total - offset - kept} more rows: ask again with offset {offset + kept}, or narrow the question "
                "with its parameters"
            )
            lines.append(content["more"])
        lines.append(sources_text(content["sources"], content["documents"]))
        return Reply("\n\n".join(lines), content)

    def _things(self, given: Sequence[str]) -> list[str]:
        found = []
        for value in given:
            try:
                found.append(self.graph.find(value))
            except UsageError:  # a text, not a thing
                continue
        return found

    def _content(
        self, answer: Answer, table: Table, evidence: Evidence, total: int, offset: int
    ) -> dict[str, Any]:
        numbers = {each["iri"]: each["number"] for each in evidence.sources}
        rows = []
        for row, values, behind in zip(table, self.graph.readable(table), evidence.rows, strict=True):
            cells = {
                name: {"label": value, "iri": compact(term.value)}
                if isinstance(term, ox.NamedNode)
                else plain(value)
                for name, term, value in zip(table.variables, row, values, strict=True)
            }
            references = sorted(numbers[iri] for iri in behind.references if iri in numbers)
            rows.append(
                {"values": cells, "evidence": {"places": list(behind.places), "references": references}}
            )
        return {
            "question": answer.question.name,
            "asked": answer.question.question,
            "parameters": {name: plain(value) for name, value in answer.parameters.items()},
            "columns": list(answer.columns),
            "total": total,
            "offset": offset,
            "rows": rows,
            "sources": [dict(each) for each in evidence.sources],
            "documents": [dict(each) for each in evidence.documents],
        }

    # --- things ------------------------------------------------------------------------------------

    def search(self, text: str, *, limit: int = 20) -> Reply:
        """Things by any of their names."""
        found = self.graph.search(text, limit=limit)
        entries = [
            {"name": each.label, "iri": compact(each.iri), "kind": each.kind, "why": each.why}
            for each in found
        ]
        lines = [f"- {each['name']} ({each['kind']}, {each['iri']}): {each['why']}" for each in entries]
        text_ = "\n".join(lines) or f"Nothing is called {text!r}, nor anything like it."
        return Reply(shortened(text_), {"found": entries, "total": found.total})

    def show(self, thing: str) -> Reply:
        """What is known of a thing; each fact with its sources in its words."""
        description = self.graph.show(thing, most=_FACTS)
        facts = [
            {
                "relation": fact.relation,
                "value": plain(fact.value) if not isinstance(fact.value, str) else fact.value,
                "inferred": fact.inferred,
                **({"iri": compact(fact.iri)} if fact.iri else {}),
                **({"from_elsewhere": True} if elsewhere else {}),
            }
            for elsewhere, several in (
                (False, (*description.kinds, *description.facts)),
                (True, description.incoming),
            )
            for fact in several
            if not fact.implied
        ]
        total = len(facts) + sum(description.more.values())
        content: dict[str, Any] = {
            "name": description.label,
            "iri": compact(description.iri),
            "synonyms": list(description.synonyms),
            "definition": description.definition,
            "curated_at": description.curated_at,
            "facts": facts,
            "total_facts": total,
        }
        kept = min(fitted(facts, lambda some: {**content, "facts": some}), _FACTS)
        content["facts"] = facts[:kept]
        lines = [f"{description.label} ({compact(description.iri)})"]
        lines += [description.definition] if description.definition else []
        lines += [f"also called {', '.join(description.synonyms)}"] if description.synonyms else []
        for fact in content["facts"]:
            mark = " (inferred)" if fact["inferred"] else ""
            lines.append(f"- {fact['relation']}: {fact['value']}{mark}")
        if kept < total:
            content["more"] = f"{total - kept:,} more facts: ask a saved question or SPARQL for them"
            lines.append(content["more"])
        return Reply(shortened("\n".join(lines)), content)

    # --- SPARQL ------------------------------------------------------------------------------------

    def sparql(self, query: str, *, limit: int = _ROWS) -> Reply:
        """The answer to a query, within limits of time and size; nothing can be changed by it."""
        most = min(limit, MOST_ROWS)
        answer = self.graph.sparql(query, timeout=_TIMEOUT, max_rows=most + 1)
        if isinstance(answer, bool):
            return Reply(str(answer).lower(), {"answer": answer})
        if isinstance(answer, list):
            columns: tuple[str, ...] = ("subject", "predicate", "object")
            table = Table(
                columns, ((each.subject, each.predicate, each.object) for each in answer[: most + 1])
            )
        else:
            table = answer
        columns = table.variables
        cut = len(table) > most
        table = Table(columns, table.rows[:most])
        labels, curies = self.graph.readable(table), self.graph.readable(table, iris=True)
        rows = [
            {
                name: plain(one) if one == other else {"label": one, "iri": other}
                for name, one, other in zip(columns, named, written, strict=True)
            }
            for named, written in zip(labels, curies, strict=True)
        ]
        content: dict[str, Any] = {"columns": list(columns), "rows": rows, "cut": cut}
        kept = fitted(rows, lambda some: {**content, "rows": some})
        content |= {"rows": rows[:kept], "cut": cut or kept < len(rows)}
        lines = [write_sheet(columns, labels[:kept], "md") if kept else "(no rows)"]
        if content["cut"]:
            content["more"] = (
                f"cut after {kept} rows: narrow the query, or page with ORDER BY, LIMIT and OFFSET"
            )
            lines.append(content["more"])
        return Reply(shortened("\n\n".join(lines)), content)


def _cited(rows: Sequence[Mapping[str, Any]], sources: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sources that the rows shown rest on."""
    used = {number for row in rows for number in row["evidence"]["references"]}
    return [each for each in sources if each["number"] in used]
