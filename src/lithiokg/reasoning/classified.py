"""The classified hierarchy as a generated, checked file: ``ontology/classified.ttl``.

HermiT needs Java, a build does not: it reads this file, which carries the SHA-256 of the modules it was
made from. The file holds the entailed direct subsumptions between named classes, and those of the
auxiliary classes that name expressions in definitions (``urn:lithiokg:expression:...``).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, Place
from lithiokg.files import replace_file
from lithiokg.reasoning.compiler import compile_rules, expression_names
from lithiokg.reasoning.graphs import parse_file
from lithiokg.reasoning.hermit import classify, hermit_available
from lithiokg.reasoning.hierarchy import Hierarchy
from lithiokg.reasoning.names import OWL, RDF_TYPE, RDFS, is_private, local_name
from lithiokg.reasoning.reading import Ontology, ontology_files, read_ontology
from lithiokg.reasoning.running import run_rules
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lithiokg.reasoning.rules import RuleSet

__all__ = [
    "FILE_NAME",
    "check_classified",
    "classified_hierarchy",
    "entailed_subclasses",
    "load_rules",
    "modules_digest",
    "write_classified",
]

FILE_NAME = "classified.ttl"
#: Raised whenever expressions are named or compiled in another way, so that old files count as stale.
FORMAT = 1

_DIGEST = re.compile(r"^# sha256 of the modules, format (\d+): ([0-9a-f]{64})$", re.MULTILINE)
_MEND = "lithiokg build --classify"
_NOTHING = ox.NamedNode(OWL + "Nothing")
_SUB = ox.NamedNode(RDFS + "subClassOf")
#: Of many impossible classes most are so because of another: the first few are explained.
_EXPLAINED = 3


@dataclass(frozen=True, slots=True)
class _Header:
    version: int
    digest: str


def modules_digest(ontology_dir: Path) -> str:
    """SHA-256 over the names and lines of the modules, line endings and outer blanks apart.

    Raises:
        LithioKGError: if there are no modules.
    """
    digest = hashlib.sha256()
    for file in ontology_files(ontology_dir):
        lines = (line.rstrip() for line in file.read_text(encoding="utf-8").splitlines())
        digest.update(f"{file.name}\n".encode())
        digest.update("\n".join(lines).strip("\n").encode())
        digest.update(b"\n\0")
    return digest.hexdigest()


def _header(path: Path) -> _Header | None:
    try:
        # What was damaged is stale as well, whatever stands in it.
        match = _DIGEST.search(path.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return None
    return _Header(int(match[1]), match[2]) if match else None


def check_classified(ontology_dir: Path) -> bool:
    """Whether ``classified.ttl`` is there and was made from the modules as they are now."""
    return _header(ontology_dir / FILE_NAME) == _Header(FORMAT, modules_digest(ontology_dir))


def _classify(ontology: Ontology) -> Hierarchy:
    hierarchy = classify(ontology, expression_names(ontology))
    impossible = sorted(iri for iri in hierarchy.unsatisfiable if not is_private(iri))
    if impossible:
        names = ", ".join(ontology.labels.get(iri, iri) for iri in impossible)
        raise LithioKGError(
            f"nothing can be a member of: {names}; the axioms of each class contradict each other"
            + "".join(_why_impossible(ontology, hierarchy, iri) for iri in impossible[:_EXPLAINED]),
            place=_place(ontology, impossible[0]),
            mend="correct the definition or the disjointness that excludes it",
        )
    return hierarchy


def _why_impossible(ontology: Ontology, hierarchy: Hierarchy, iri: str) -> str:
    """What clashes once there is a member; nothing where only the reasoning of HermiT shows it."""
    member = ox.NamedNode(ID + "member")
    label = ox.Literal(f"a member of {ontology.labels.get(iri, local_name(iri))}")
    store = ox.Store()
    store.add(ox.Quad(member, ox.NamedNode(RDF_TYPE), ox.NamedNode(iri)))
    store.add(ox.Quad(member, ox.NamedNode(RDFS + "label"), label))
    run = run_rules(store, compile_rules(ontology, hierarchy), raising=False)
    return f"\n{run.clashes[0].words}" if run.clashes else ""


def _place(ontology: Ontology, iri: str) -> Place | None:
    beginning = f"<{iri}> "
    return next((place for text, place in ontology.places.items() if text.startswith(beginning)), None)


def _lines(hierarchy: Hierarchy, ontology: Ontology) -> Iterator[str]:
    private = {iri for iri in hierarchy.supers if is_private(iri)}
    private |= {sup for above in hierarchy.supers.values() for sup in above if is_private(sup)}
    for sub, sup in sorted(hierarchy.direct(ontology.classes)):
        yield f"<{sub}> <{_SUB.value}> <{sup}> ."
    yield ""
    yield "# Names of expressions in definitions, for the rules only."
    for sub, sup in sorted(hierarchy.direct(ontology.classes | private)):
        if is_private(sub) or is_private(sup):
            yield f"<{sub}> <{_SUB.value}> <{sup}> ."
    for iri in sorted(hierarchy.unsatisfiable):
        yield f"<{iri}> <{_SUB.value}> {_NOTHING} ."


def write_classified(ontology_dir: Path) -> Path:
    """Classify the modules with HermiT and write ``classified.ttl`` beside them, atomically.

    Returns:
        The path of the file. Its bytes depend on the modules alone.

    Raises:
        LithioKGError: if HermiT or Java is missing, or a class can have no members.
        InconsistencyError: if the ontology contradicts itself.
    """
    ontology = read_ontology(ontology_files(ontology_dir))
    hierarchy = _classify(ontology)
    text = "\n".join(
        [
            "# Generated by `lithiokg build --classify` with HermiT; do not edit.",
            f"# sha256 of the modules, format {FORMAT}: {modules_digest(ontology_dir)}",
            "",
            *_lines(hierarchy, ontology),
            "",
        ]
    )
    path = ontology_dir / FILE_NAME
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise LithioKGError(f"{path} cannot be written: {error.strerror or error}") from error
    return path


def _read(path: Path) -> Hierarchy:
    pairs: list[tuple[str, str]] = []
    impossible: list[str] = []
    for triple in parse_file(path):
        sub, sup = triple.subject, triple.object
        if isinstance(sub, ox.NamedNode) and isinstance(sup, ox.NamedNode):
            if sup == _NOTHING:
                impossible.append(sub.value)
            else:
                pairs.append((sub.value, sup.value))
    return Hierarchy.closed(pairs, impossible)


def classified_hierarchy(ontology_dir: Path, ontology: Ontology | None = None) -> Hierarchy:
    """The entailed hierarchy: from ``classified.ttl`` where it is current, else from HermiT.

    Raises:
        LithioKGError: if the file is stale and HermiT or Java is missing.
    """
    if check_classified(ontology_dir):
        return _read(ontology_dir / FILE_NAME)
    if not hermit_available():
        raise LithioKGError(
            "the ontology has changed since it was classified, and HermiT or Java is not installed",
            place=Place(str(ontology_dir / FILE_NAME)),
            mend=f'pip install "lithiokg[dl]", then {_MEND}',
        )
    return _classify(ontology or read_ontology(ontology_files(ontology_dir)))


def load_rules(ontology_dir: Path, ontology: Ontology | None = None) -> RuleSet:
    """Read, classify and compile an ontology folder.

    Raises:
        LithioKGError: if it cannot be read, classified or compiled.
    """
    ontology = ontology or read_ontology(ontology_files(ontology_dir))
    return compile_rules(ontology, classified_hierarchy(ontology_dir, ontology))


def entailed_subclasses(rules: RuleSet) -> Iterator[ox.Triple]:
    """Direct subsumptions between named classes that are entailed and not written in the ontology."""
    told = {str(triple) for triple in rules.ontology.triples if triple.predicate == _SUB}
    for sub, sup in rules.hierarchy.direct(rules.ontology.classes):
        triple = ox.Triple(ox.NamedNode(sub), _SUB, ox.NamedNode(sup))
        if str(triple) not in told:
            yield triple
