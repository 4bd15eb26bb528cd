"""Files, names and answers that somebody made to do harm: each is refused in words, and changes nothing."""

from __future__ import annotations

import io
import itertools
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.build.fingerprint import fingerprint
from lithiokg.build.pipeline import SourceProblemsError, assemble
from lithiokg.build.reading import _parse
from lithiokg.changes.states import open_state
from lithiokg.cli.terminal import guard_output
from lithiokg.curation import read_context, read_file
from lithiokg.errors import (
    LithioKGError,
    Place,
    QueryError,
    SourceError,
    TimeLimitError,
    UsageError,
    printable,
)
from lithiokg.intake import begin
from lithiokg.joining.tables import TableError, read_csv
from lithiokg.linking.reading import read_mapping_set
from lithiokg.linking.upstream import _quads
from lithiokg.matching.words import load_words
from lithiokg.questions import load_question
from lithiokg.sources import Sources
from lithiokg.store import EmbeddedStore, RemoteStore, check_query
from lithiokg.store.sheet import SHEET_FORMATS, write_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Run

ROOT = Path(__file__).resolve().parents[2]
HEAD = "#+ title: x\n#+ question: y?\n#+ description: z\n#+ tags: [a]\n#+ expect: {columns: [x]}\n"
RECORD = "works:\n  a-work:\n    type: JournalArticle\n    label: A work\n    title: A work\n"
LAUGHS = "\n".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMB = f"a: &a [x, x, x, x, x, x, x, x, x]\n{LAUGHS}"


@pytest.fixture(scope="session")
def context() -> Any:
    return read_context(ROOT / "ontology" / "context.jsonld")


@pytest.fixture
def question(tmp_path: Path) -> Callable[..., Path]:
    """A saved question with something added to its header or text."""

    def write(header: str = "", text: str = "SELECT ?x { }", name: str = "which-ones") -> Path:
        path = tmp_path / "queries" / "topic" / f"{name}.rq"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"#+ {line}\n" for line in header.splitlines())
        path.write_text(HEAD + lines + text + "\n", "utf-8")
        return path

    return write


# --- YAML: records, headers, words ---------------------------------------------------------------------

#: What stands there, and what is said of it.
YAML = {
    "a bomb of aliases": (BOMB, "the anchor &a is not allowed here"),
    "an alias to itself": ("a: &a {x: *a}", "the anchor &a is not allowed here"),
    "brackets that never close": ("a: " + "[" * 100_000, "nesting of more than 24 levels"),
    "mappings in mappings": ("a: " + "{a: " * 5_000 + "}" * 5_000, "nesting of more than 24 levels"),
    "a tag": (
        "a: !!python/object/apply:os.system [ls]",
        "the tag tag:yaml.org,2002:python/object/apply:os.system",
    ),
    "an escape sequence": (
        'a: "\\e]0;title\\a"',
        "the character U+001B, which cannot be seen, is not allowed here",
    ),
    "a text from right to left": ('a: "\\u202ecod"', "the character U+202E"),
    "half a pair": ('a: "\\ud800"', r"U+D800|not YAML"),
    "a zero": ("a: \0", "not YAML: control characters are not allowed"),
}


@pytest.mark.parametrize("hostile", YAML.values(), ids=YAML)
def test_hostile_yaml_is_refused_with_its_place_wherever_yaml_is_read(
    hostile: tuple[str, str], context: Any, question: Callable[..., Path], tmp_path: Path
) -> None:
    text, message = hostile
    (tmp_path / "words.yaml").write_text(text, "utf-8")
    with pytest.raises(SourceError) as words:
        load_words(tmp_path)
    with pytest.raises(SourceError) as header:
        load_question(question(text))
    lines = "\n".join(f"#{line}" for line in text.split("\n"))
    _, table = read_mapping_set(f"{lines}\nsubject_id\tpredicate_id\n", "emmo", "a.tsv")
    records = read_file(tmp_path / "words.yaml", context, source="x", file="a.yaml").problems
    for said in (words.value, header.value, table[0], records[0]):
        assert any(part in str(said) for part in message.split("|")), str(said)[:300]
        assert "mend: " in str(said)
        assert len(str(said)) < 3000 or "\n  queries" in str(said)
    assert header.value.place is None or header.value.place.line >= 6


@pytest.mark.parametrize("value", ["2020-02-31", "0x", "0x" + "f" * 5000, "9" * 5000, "1:99:99"])
def test_a_header_with_a_value_that_is_none_is_refused_or_read(
    value: str, question: Callable[..., Path]
) -> None:
    path = question(
        f"params: {{p: {{type: text, label: l, default: {value}}}}}", "SELECT ?x { VALUES ?x { 1 } #@ p\n}"
    )
    with pytest.raises(SourceError, match=r"topic/which-ones\.rq"):
        load_question(path)


def test_a_number_of_thousands_of_digits_is_read_as_it_stands(context: Any, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"works:\n  a-work:\n    volume: {'9' * 5000}\n    year: {'9' * 5000}\n")
    assert all(
        problem.place.line > 1 for problem in read_file(tmp_path / "a.yaml", context, source="x").problems
    )


@pytest.mark.parametrize("name", ["x> } #", "a b", 'a"b', "{", "^"])
def test_a_class_that_would_break_out_of_a_query_is_refused(name: str, question: Callable[..., Path]) -> None:
    header = f"params: {{p: {{type: thing, label: l, default: 'lkg:a', within: [{json.dumps(name)}]}}}}"
    with pytest.raises(SourceError, match="within of 'p' must be a list of classes"):
        load_question(question(header, "SELECT ?x { VALUES ?x { lkg:a } #@ p\n}"))


def test_a_prefix_that_is_no_iri_is_told_of(question: Callable[..., Path]) -> None:
    header = "params: {p: {type: number, label: l, default: 1}}"
    path = question(header, "PREFIX a: <b>\nSELECT ?x { VALUES ?x { 1 } #@ p\n}")
    with pytest.raises(SourceError):
        load_question(path)


# --- the context ---------------------------------------------------------------------------------------

CONTEXTS = {
    "brackets": "[" * 100_000,
    "digits": '{"x": ' + "9" * 5000 + "}",
    "half a pair": '{"x": "http://a/\\ud800"}',
    "an IRI with a blank": '{"x": "http://a b/"}',
    "an IRI with a control character": '{"x": {"@id": "http://a/\\u0001"}}',
    "a vocabulary": '{"@vocab": "http://a/>"}',
    "a base": '{"x": {"@id": "http://a/x", "@context": {"@base": "//["}}}',
    "a language": '{"x": {"@id": "http://a/x", "@language": "en--"}}',
    "a type": '{"x": {"@id": "http://a/x", "@type": "@strange"}}',
    "a prefix": '{"x": "http://a/\\u0000/"}',
}


@pytest.mark.parametrize("text", CONTEXTS.values(), ids=CONTEXTS)
def test_a_hostile_context_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "context.jsonld").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"context\.jsonld:1:1: "):
        read_context(tmp_path / "context.jsonld")


# --- files that are none -------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_pipes_devices_and_links_in_a_collection_are_told_of_and_nobody_waits_for_them(
    tmp_path: Path,
) -> None:
    lab = tmp_path / "lab"
    (lab / "s").mkdir(parents=True)
    (lab / "queries" / "t").mkdir(parents=True)
    (lab / "s" / "a.yaml").write_text(RECORD)
    sources = Sources(ROOT, (lab,))
    whole = fingerprint(sources)
    (lab / "s" / ".hidden.yaml").write_text("[")
    assert fingerprint(sources) == whole
    os.mkfifo(lab / "s" / "b.yaml")
    os.mkfifo(lab / "queries" / "t" / "which-ones.rq")
    (lab / "s" / "c.yaml").symlink_to("/dev/zero")
    with pytest.raises(SourceProblemsError) as refused:
        assemble(sources)
    assert [str(problem.place) for problem in refused.value.problems] == [
        "lab/queries/t/which-ones.rq:1:1", "lab/s/b.yaml:1:1", "lab/s/c.yaml:1:1",
    ]  # fmt: skip
    with pytest.raises(LithioKGError, match="a pipe or a device"):
        fingerprint(sources)
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(TableError, match="a pipe or a device"):
        read_csv(tmp_path / "a.csv")
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    assert Sources(ROOT).relative(tmp_path / "loop.yaml") == str(tmp_path / "loop.yaml")


def test_a_name_of_bytes_that_are_no_text_is_spelled_out(tmp_path: Path, context: Any) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n\x1b.yaml")
    Path(path).write_text("[")
    (problem,) = read_file(Path(path), context, source="x", file=path).problems
    assert "/\\udcff\\n\\x1b.yaml:2:1:" in str(problem)
    str(problem).encode()


# --- large things, in little memory --------------------------------------------------------------------


def test_files_of_a_hundred_megabytes_are_refused_in_little_memory(tmp_path: Path) -> None:
    for name, before in (
        ("a.yaml", b"works:\n  a:\n    label: "),
        ("a.csv", b"formula,x\n"),
        ("a.rq", b"#+ title: "),
    ):
        with (tmp_path / name).open("wb") as stream:
            stream.write(before + b"x" * (1 << 20))
            stream.truncate(100 << 20)
    (tmp_path / "a.nq").write_bytes(b'<http://a/b> <http://a/b> "' + b"x" * (17 << 20) + b'" .\n')
    script = (
        "import resource, sys; from pathlib import Path; resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))\n"
        "from lithiokg.curation import read_file, read_context; from lithiokg.errors import LithioKGError\n"
        "from lithiokg.joining.tables import read_csv; from lithiokg.questions import load_question\n"
        "from lithiokg.changes.states import open_state; from lithiokg.sources import Sources\n"
        "folder, root = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "print(*read_file(folder / 'a.yaml', read_context(root / 'ontology/context.jsonld'), source='x').problems)\n"
        "for call in (lambda: read_csv(folder / 'a.csv'), lambda: load_question(folder / 'a.rq'),\n"
        "             lambda: open_state(str(folder / 'a.nq'), Sources(root))):\n"
        "    try: call()\n"
        "    except LithioKGError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(ROOT)],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    for words in (
        "larger than 1024 KiB",
        "field larger than field limit",
        "larger than 256 KiB",
        "does not read",
    ):
        assert words in done.stdout


# --- queries -------------------------------------------------------------------------------------------

CHAINS = {
    "sums": "SELECT (1" + "+1" * 5000 + " AS ?x) {}",
    "denials": "SELECT (" + "!" * 20_000 + "true AS ?x) {}",
    "unions": "SELECT * { {}" + " UNION {}" * 5000 + " }",
    "options": "SELECT * {" + " OPTIONAL { ?a ?b ?c }" * 5000 + "}",
    "paths": "SELECT * { ?s <a:b>" + "/<a:b>" * 5000 + " ?o }",
    "patterns": "SELECT * {" + "?s ?p ?o ." * 5000 + "}",
    "columns": "SELECT " + " ".join(f"(1 AS ?x{n})" for n in range(5000)) + " {}",
}


@pytest.mark.parametrize("query", CHAINS.values(), ids=CHAINS)
def test_a_chain_on_which_the_engine_would_end_the_process_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="more than 2,000 words and signs") as refused:
        check_query(query, name="q")
    assert len(str(refused.value)) < 500


def test_a_long_list_of_values_is_no_chain() -> None:
    rows = " ".join(f"(<http://a/{n}> {n}.5 'x')" for n in range(5000))
    check_query(f"SELECT * {{ VALUES (?a ?b ?c) {{ {rows} }} }}", name="q")
    table = EmbeddedStore.in_memory([]).query(f"SELECT * {{ VALUES (?a ?b ?c) {{ {rows} }} }}")
    assert len(table) == 5000


def test_a_saved_question_that_the_engine_plans_for_ever_is_refused(
    question: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lithiokg.build.reading._PLANNING", 0.5)
    patterns = " . ".join(f"?s <http://a/{n}> ?o{n}" for n in range(400))
    found = load_question(question("", f"SELECT ?x {{ {patterns} }}"))
    with pytest.raises(SourceError, match=r"does not find in 0\.5 s how to answer this"):
        _parse(found, Sources(ROOT))
    assert not issubclass(SourceError, TimeLimitError)


@pytest.mark.parametrize(
    "text", ["9" * 3000 + "x", "A" * 3000 + "_", "(" * 3000, "Li1" * 700 + "_", "e.g. " * 500]
)
def test_a_text_that_makes_patterns_try_everything_is_answered_at_once(text: str, graph: Any) -> None:
    seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    graph.interpret(f"which designs hold {text}")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_utime - seconds < 5


# --- answers of an endpoint ----------------------------------------------------------------------------


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Callable[..., RemoteStore]:
    """An endpoint that answers whatever it is asked with the same bytes."""

    def answering(body: bytes, kind: str = "application/sparql-results+json") -> RemoteStore:
        monkeypatch.setattr("lithiokg.store.wire.send", lambda *_, **__: (kind, body))
        return RemoteStore("http://127.0.0.1:9/query")

    return answering


def laughing(*, inner: str = "&amp;a;") -> bytes:
    names = "abcdefghijkl"
    more = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise(names))
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{inner}">{more}]><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="http://a/b">'
        f'<x xmlns="http://c/">&{names[-1]};</x></rdf:Description></rdf:RDF>'
    ).encode()


def test_a_billion_laughs_in_rdf_xml_are_refused(
    endpoint: Callable[..., RemoteStore], tmp_path: Path
) -> None:
    store = endpoint(laughing(inner="ha" * 50), "application/rdf+xml")
    with pytest.raises(LithioKGError, match=r"garbled|a page"):
        store.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }")
    (tmp_path / "a.owl").write_bytes(laughing())
    unread: list[Any] = []
    import pyoxigraph as ox  # noqa: PLC0415

    assert list(_quads(tmp_path / "a.owl", ox.RdfFormat.RDF_XML, "a.owl", unread)) == []
    assert "entities" in str(unread[0])


def test_an_answer_that_would_break_out_of_terminal_sheet_or_query_does_not(
    endpoint: Callable[..., RemoteStore],
) -> None:
    labels = ["\x1b]0;x\x07", "=HYPERLINK(0)", "@SUM(1)", "-2+3+cmd|' /C calc'!A0", "+1(0)", "\t=1"]
    rows = [{"a": {"type": "literal", "value": label}} for label in labels]
    body = json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": rows}}).encode()
    table = endpoint(body).query("SELECT * { ?s ?p ?o }")
    values = [tuple(row.values()) for row in table.dicts()]
    for format_ in SHEET_FORMATS:
        told = write_sheet(("a",), values, format_)
        assert "\x1b" not in told or format_ in {"csv", "tsv"}
        if format_ == "csv":
            cells = [line.lstrip('"') for line in told.splitlines()[2:]]
            assert all(cell.startswith("'") for cell in cells), cells
    for iri in ("http://a> } #", "http://a b", "http://a/\\u0000"):
        bad = {"head": {"vars": ["g", "n"]}, "results": {"bindings": [{"g": {"type": "uri", "value": iri}}]}}
        with pytest.raises(LithioKGError, match="garbled"):
            endpoint(json.dumps(bad).encode()).graphs()


@pytest.mark.parametrize(
    "rows", ['{"n": {"type": "literal", "value": "1"}}', '{"g": {"type": "uri", "value": "a:b"}}']
)
def test_counts_that_are_none_are_told_of(rows: str, endpoint: Callable[..., RemoteStore]) -> None:
    body = f'{{"head": {{"vars": ["g", "n"]}}, "results": {{"bindings": [{rows}]}}}}'
    with pytest.raises(LithioKGError, match="was asked to count"):
        endpoint(body.encode()).graphs()


def test_numbers_that_are_none_or_too_large_are_texts() -> None:
    from decimal import Decimal  # noqa: PLC0415

    import pyoxigraph as ox  # noqa: PLC0415

    from lithiokg.store.table import python_value  # noqa: PLC0415

    decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    for text in ("Infinity", "NaN", "-inf"):
        assert python_value(ox.Literal(text, datatype=decimal)) == text
    for value in (Decimal("9" * 5000), Decimal("1e999999"), Decimal("NaN")):
        for format_ in ("json", "csv"):
            assert (
                write_sheet(("a",), [(value,)], format_)
                if value.adjusted() < 10_000 or format_ == "json"
                else True
            )


# --- names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/passwd", "..\\x", "a\nb: {evil: 1}", "{0}{key}", "label: [", "CON/.."]
)
@pytest.mark.parametrize("kind", ["work", "substance"])
def test_a_name_leads_nowhere_but_into_the_collection_and_is_only_text(
    name: str, kind: str, tmp_path: Path, context: Any
) -> None:
    lab = tmp_path / "a" / "b" / "lab"
    begun = begin(kind, name, lab, None if kind == "work" else "s", Sources(ROOT))
    assert begun.path.resolve().is_relative_to(lab.resolve())
    assert {path.name for path in tmp_path.iterdir()} == {"a"}
    problems = read_file(begun.path, context, source="x").problems
    assert problems
    assert all("filled in" in problem.message for problem in problems)


@pytest.mark.parametrize("source", ["../x", "/x", "..", ".", "a/b", "a\nb", "-x", "", "\ud800"])
def test_a_source_that_would_lead_elsewhere_is_refused(source: str, tmp_path: Path) -> None:
    lab = tmp_path / "lab"
    if source:
        with pytest.raises(UsageError, match="cannot be the name of a source"):
            begin("work", "x", lab, source, Sources(ROOT))
    assert not lab.exists()


# --- what is said --------------------------------------------------------------------------------------


def test_no_message_holds_what_a_terminal_would_obey() -> None:
    error = LithioKGError("no \x1b[31mred\x07, \u202e\ud800", place=Place("a\nb\x9b"), mend="\x08")
    assert str(error) == "a\\nb\\x9b:1:1: no \\x1b[31mred\\x07, \\u202e\\ud800\n  mend: \\x08"
    assert printable("Ω cm2\tand\nµ") == "Ω cm2\tand\nµ"


def test_bytes_that_are_no_text_on_the_command_line_are_told_back(lithio: Run, tmp_path: Path) -> None:
    strange = os.fsdecode(b"\xff\x1b]0;x\x07")
    calls = (("show", strange), ("sparql", strange), (strange,), ("--with", strange, "check"),
             ("import", f"{strange}.csv", "--into", str(tmp_path / "lab")))  # fmt: skip
    for call in calls:
        said = lithio(*call)
        assert said.code in {1, 2, 3}
        assert printable(said.everything) == said.everything, call
        assert "Traceback" not in said.everything


def test_a_state_that_does_not_read_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.nq").write_text(
        "<http://a/b> <http://a/b> <http://a/b> .\n<http://a/\x01> <a:b> <a:b> .\n"
    )
    with pytest.raises(LithioKGError, match=r"a\.nq:2:\d+: this does not read"):
        open_state(str(tmp_path / "a.nq"), Sources(ROOT))


def test_a_terminal_gets_colors_of_ours_and_nothing_else_to_obey(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    guard_output()
    guard_output()
    print("\x1b[1mbold\x1b[0m\r\x1b[K", "label \x1b]52;c;cm0=\x07 \x1b[2J\x9b1A")
    assert terminal.getvalue() == "\x1b[1mbold\x1b[0m\r\x1b[K label \\x1b]52;c;cm0=\\x07 \\x1b[2J\\x9b1A\n"
