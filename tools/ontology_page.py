"""Write docs/ontology.md, all terms at a glance, and its diagrams, from the ontology.

python tools/ontology_page.py                   writes them
python tools/ontology_page.py --check           only says whether they are current (exit code 1 if not)
python tools/ontology_page.py --reference DIR   writes the full reference, as a release holds it, into a folder
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.graph import open_graph
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning import manchester
from lithiokg.reference import PATTERNS, draw, read_terms, reference_files
from lithiokg.sources import Sources
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.reference import Module, Term, Terms

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

INTRODUCTION = """\
# The ontology at a glance

<!-- Written by tools/ontology_page.py from the ontology; do not edit. -->

All terms, with what they mean. `lithiokg show TERM` tells more of each, and so does the **full reference**: one HTML
page a module, with synonyms, definitions in Manchester syntax and in words, disjointness, example queries, mappings
to other ontologies, and what the graph holds. A release has it in its folder `reference/`; in a checkout,
`./.venv/bin/python tools/ontology_page.py --reference FOLDER` writes it. Why things are modeled like this is told in
[modelling.md](modelling.md).

A class marked † is inferred: a reasoner assigns it by its definition, and no record may. An empty column means
*anything*.

"""


def diagrams(terms: Terms) -> dict[str, str]:
    """The diagrams by the name of their file."""
    with open_graph(Sources(ROOT)) as graph:
        label = graph.names.label
        return {
            f"diagrams/{pattern.key}.svg": draw(
                pattern, label=label, link=lambda _: None, inferred=terms.inferred.__contains__
            )
            for pattern in PATTERNS
        }


def cell(words: str) -> str:
    """Text in a cell of a table."""
    return words.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def name(term: Term, terms: Terms) -> str:
    """Label and local name of a term."""
    return f"**{cell(term.label)}**{' †' if term.iri in terms.inferred else ''} `{term.key}`"


def class_rows(module: Module, terms: Terms) -> Iterator[str]:
    """A table of classes."""
    yield "| class | is a | definition |\n|---|---|---|"
    for term in module.of_kind("class"):
        above = ", ".join(cell(terms.label(iri)) for iri in terms.by_label(terms.parents.get(term.iri, [])))
        yield f"| {name(term, terms)} | {above} | {cell(term.definition)} |"


def property_rows(found: list[Term], terms: Terms) -> Iterator[str]:
    """A table of properties."""
    yield "| property | of | leads to | definition |\n|---|---|---|---|"
    for term in found:
        of = [a.domain for a in terms.axioms.get(term.iri, []) if isinstance(a, ax.Domain)]
        to = [a.range for a in terms.axioms.get(term.iri, []) if isinstance(a, ax.Range)]
        ends = " | ".join(", ".join(f"`{words(each)}`" for each in side) for side in (of, to))
        yield f"| {name(term, terms)} | {ends} | {cell(term.definition)} |"


def words(expression: ax.Expression | ax.DataRange) -> str:
    """A class or datatype, briefly."""
    if isinstance(expression, ax.DataOneOf):
        return " or ".join(value.value for value in expression.values)
    if isinstance(expression, ax.Datatype):
        return compact(expression.iri)
    return manchester(expression)


def individual_rows(found: list[Term], terms: Terms) -> Iterator[str]:
    """The named individuals of each class."""
    by_class: dict[str, list[str]] = {}
    for term in found:
        by_class.setdefault(term.classes[0], []).append(term.label)
    for iri in terms.by_label(by_class):
        yield f"- **{terms.label(iri)}**: {', '.join(by_class[iri])}"


def page(terms: Terms) -> str:
    """The text of the page."""
    parts = [INTRODUCTION, "## The main patterns\n"]
    parts += [
        f"\n### {pattern.title}\n\n![{pattern.title}](diagrams/{pattern.key}.svg)\n\n{pattern.caption}\n"
        for pattern in PATTERNS
    ]
    for module in terms.modules:
        parts.append(f"\n## {module.title}\n\n{module.summary}\n")
        if module.of_kind("class"):
            parts.append("\n" + "\n".join(class_rows(module, terms)) + "\n")
        properties = [term for term in module.terms if term.kind.endswith("property")]
        if properties:
            parts.append("\n" + "\n".join(property_rows(properties, terms)) + "\n")
        individuals = module.of_kind("individual")
        if individuals:
            listed = "\n".join(individual_rows(individuals, terms))
            parts.append(f"\n{len(individuals)} named individuals:\n\n{listed}\n")
    return "".join(parts)


def files() -> dict[Path, str]:
    """All that is written, by path."""
    terms = read_terms(Sources(ROOT))
    return {DOCS / "ontology.md": page(terms), **{DOCS / key: text for key, text in diagrams(terms).items()}}


def main(arguments: list[str]) -> int:
    """Write or check the page, or write the reference."""
    if arguments[:1] == ["--reference"] and len(arguments) == 2:  # noqa: PLR2004  # an option and its value
        folder = Path(arguments[1])
        folder.mkdir(parents=True, exist_ok=True)
        with open_graph(Sources(ROOT)) as graph:
            for key, text in reference_files(graph.store, graph.sources).items():
                (folder / key).write_text(text, encoding="utf-8")
        return 0
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = []
    for path, text in files().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path.relative_to(ROOT).as_posix())
        if not arguments:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if stale and arguments:
        print(f"{', '.join(stale)} not current: run python tools/ontology_page.py", file=sys.stderr)
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
