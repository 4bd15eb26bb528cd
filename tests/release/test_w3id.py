"""The redirects of ``docs/w3id``: every name that we mint leads to a file that speaks of it.

The rules are run by a small stand-in for Apache's ``mod_rewrite``: the directives that the file uses, as a
``.htaccess`` file has them, and no others. Where Apache itself is at hand, the two are compared.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.release import Release

HTACCESS = Path(__file__).resolve().parents[2] / "docs" / "w3id" / "lithiokg" / ".htaccess"
LKG = "https://w3id.org/lithiokg/"
HOST = "https://lithiokg.invalid"
TURTLE, XML, JSON = "text/turtle", "application/rdf+xml", "application/ld+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
TABLE = "text/tab-separated-values"


@dataclass
class Rule:
    """A ``RewriteRule`` with the conditions before it."""

    pattern: re.Pattern[str]
    target: str
    flags: dict[str, str]
    conditions: list[tuple[str, str, bool]] = field(default_factory=list)


class Rewriting:
    """The rewrite rules of a ``.htaccess`` file.

    A rule's pattern is matched against the path below the folder of the file, decoded. ``-`` leaves the path
    alone; a flag ``E`` sets a variable; ``R`` and ``L`` end with a redirect.
    """

    def __init__(self, text: str) -> None:
        self.rules: list[Rule] = []
        conditions: list[tuple[str, str, bool]] = []
        for line in text.splitlines():
            words = line.split()
            match words:
                case [] | ["Options", *_] | ["RewriteEngine", "On"]:
                    continue
                case [first, *_] if first.startswith("#"):
                    continue
                case ["RewriteCond", subject, pattern, *flags]:
                    assert flags in ([], ["[OR]"]), line
                    conditions.append((subject, pattern, bool(flags)))
                case ["RewriteRule", pattern, target, flags]:
                    named = [flag.partition("=") for flag in flags.strip("[]").split(",")]
                    parsed = {name: value for name, _, value in named}
                    assert parsed.keys() <= {"E", "R", "NE", "L"}, line
                    self.rules.append(Rule(re.compile(pattern), target, parsed, conditions))
                    conditions = []
                case _:
                    raise AssertionError(f"a directive that is not understood: {line}")

    def redirect(self, path: str, accept: str = "*/*") -> str | None:
        """Where a request is sent, or nothing."""
        variables = {"HTTP_ACCEPT": accept}
        for rule in self.rules:
            match = rule.pattern.search(path)
            if match is None or not self._hold(rule.conditions, variables):
                continue
            if "E" in rule.flags:
                name, _, value = rule.flags["E"].partition(":")
                variables[f"ENV:{name}"] = value
            if rule.target == "-":
                continue
            assert rule.flags.keys() >= {"R", "NE", "L"}
            assert rule.flags["R"] == "303"
            target = re.sub(r"%\{([^}]+)\}", lambda each: variables[each[1]], rule.target)
            return re.sub(r"\$(\d)", lambda each, found=match: found[int(each[1])] or "", target)
        return None

    @staticmethod
    def _hold(conditions: list[tuple[str, str, bool]], variables: dict[str, str]) -> bool:
        results = []
        alternative = False
        for subject, pattern, either in conditions:
            value = variables.get(subject[2:-1], "")
            held = value == pattern[1:] if pattern.startswith("=") else bool(re.search(pattern, value))
            if alternative:
                results[-1] |= held
            else:
                results.append(held)
            alternative = either
        return all(results)


@pytest.fixture(scope="module")
def rewriting() -> Rewriting:
    return Rewriting(HTACCESS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def minted(release: Release) -> set[str]:
    """Every IRI of ours in the files of a release, below our namespace."""
    found = set()
    for path in sorted(release.path.rglob("*")):
        if path.suffix in {".nq", ".trig", ".ttl"}:
            text = path.read_text(encoding="utf-8")
            found |= set(re.findall(rf"<{LKG}([^>]*)>", text))
            if path.suffix != ".nq":
                prefixes = dict(re.findall(r"(?m)^@prefix (\w*): <([^>]*)>", text))
                short = re.findall(r"(?<![\w\"<:/])(\w+):([A-Za-z_][\w-]*)", re.sub(r'"[^"]*"', "", text))
                found |= {
                    (prefixes[prefix] + name).removeprefix(LKG)
                    for prefix, name in short
                    if prefixes.get(prefix, "").startswith(LKG)
                }
    return found


def local(target: str | None, release: Release) -> Path:
    """The file of the release that a redirect leads to."""
    assert target is not None
    version, _, path = target.removeprefix(f"{HOST}/").partition("/")
    assert version in {"latest", release.header.version}
    return release.path / path


def kinds(names: set[str]) -> dict[str, list[str]]:
    """Names by the first part of their path, and below ``id/`` by the second too."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        parts = name.split("/")
        kind = "/".join(parts[:2]) if parts[0] == "id" else parts[0] if len(parts) > 1 else "a term"
        found.setdefault(kind, []).append(name)
    return found


def test_every_name_leads_to_a_file_of_the_release(
    rewriting: Rewriting, minted: set[str], release: Release
) -> None:
    assert len(minted) > 5000
    assert {"graph", "id/design", "id/substance", "id/dataset", "a term"} <= set(kinds(minted))
    for accept in (TURTLE, XML, JSON, "*/*"):
        files = {local(rewriting.redirect(name, accept), release) for name in minted}
        assert all(path.is_file() for path in files)


def test_the_file_speaks_of_the_name(rewriting: Rewriting, minted: set[str], release: Release) -> None:
    texts: dict[Path, set[str]] = {}
    for name in sorted(minted):
        path = local(rewriting.redirect(name, TURTLE), release)
        # Of a bare namespace nothing is said, and the graph of the ontology is the ontology.
        if not name or name.endswith("/") or name == "graph/ontology":
            continue
        if re.match(r"\d+\.\d+\.\d+/", name):  # a file or document, which the description speaks of
            path = release.path / ("dataset.ttl" if path.is_file() and "." in name[6:] else path)
        if path not in texts:
            texts[path] = names_in(path)
        assert name in texts[path], f"{name} is not in {path.name}"


def test_a_browser_finds_each_term_on_the_page_it_is_led_to(
    rewriting: Rewriting, minted: set[str], release: Release
) -> None:
    page = (release.path / "reference/index.html").read_text(encoding="utf-8")
    anchors = set(re.findall(r"\bid=\"?([A-Za-z]\w*)", page))
    terms = {name for name in minted if re.fullmatch(r"[A-Za-z]\w*", name)}
    assert len(terms) > 400
    for name in terms:
        assert rewriting.redirect(name, BROWSER) == f"{HOST}/latest/reference/#{name}"
    assert terms <= anchors
    assert {rewriting.redirect(name, BROWSER) for name in minted if name.startswith("id/")} == {
        f"{HOST}/latest/reference/"
    }


def names_in(path: Path) -> set[str]:
    found = set()
    for quad in ox.parse(path=str(path)):
        for each in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(each, ox.NamedNode):
                found.add(each.value.removeprefix(LKG))
    return found


@pytest.mark.parametrize(
    ("name", "accept", "target"),
    [
        ("", TURTLE, "/latest/ontology/lithiokg.ttl"),
        ("", "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, */*; q=0.09", "/latest/ontology/lithiokg.rdf"),
        ("", JSON, "/latest/ontology/lithiokg.jsonld"),
        ("", BROWSER, "/latest/reference/"),
        ("", "*/*", "/latest/ontology/lithiokg.ttl"),
        ("Interlayer", BROWSER, "/latest/reference/#Interlayer"),
        ("hasConstituent", XML, "/latest/ontology/lithiokg.rdf"),
        ("0.1.0/", XML, "/0.1.0/ontology/lithiokg.rdf"),
        ("0.1.0", BROWSER, "/0.1.0/reference/"),
        ("1.12.0/", TURTLE, "/1.12.0/ontology/lithiokg.ttl"),
        ("0.1.0/ontology/lithiokg-base", XML, "/0.1.0/ontology/lithiokg-base.rdf"),
        ("0.1.0/data/lithiokg.nq", BROWSER, "/0.1.0/data/lithiokg.nq"),
        ("0.1.0/mappings/emmo.sssom.tsv", "*/*", "/0.1.0/mappings/emmo.sssom.tsv"),
        ("ontology/lithiokg-inferred", JSON, "/latest/ontology/lithiokg-inferred.jsonld"),
        ("context.jsonld", "*/*", "/latest/context.jsonld"),
        ("bridge/emmo", "*/*", "/latest/bridges/emmo.ttl"),
        ("mappings/emmo", TABLE, "/latest/mappings/emmo.sssom.tsv"),
        ("mappings/emmo", TURTLE, "/latest/mappings/lithiokg-mappings.ttl"),
        ("graph/asserted/energymater-2021-21", "*/*", "/latest/data/lithiokg.nq"),
        ("graph/void", JSON, "/latest/dataset.jsonld"),
        ("id/dataset/lithiokg", XML, "/latest/dataset.rdf"),
        ("id/substance/ZnO", TURTLE, "/latest/data/lithiokg.ttl"),
        ("id/substance/ZnO", BROWSER, "/latest/reference/"),
    ],
)  # fmt: skip
def test_a_name_leads_where_the_readme_says(
    name: str, accept: str, target: str, rewriting: Rewriting
) -> None:
    assert rewriting.redirect(name, accept) == HOST + target


def test_one_line_names_the_host_and_it_is_none_that_could_exist(rewriting: Rewriting) -> None:
    text = HTACCESS.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "http" in line and not line.startswith("#")]
    assert lines == [f"RewriteRule ^ - [E=HOST:{HOST}]"]
    moved = Rewriting(text.replace(HOST, "https://example.org/there"))
    assert moved.redirect("Interlayer") == "https://example.org/there/latest/ontology/lithiokg.ttl"


# --- beside Apache itself -------------------------------------------------------------------------


def apache() -> tuple[Path, Path] | None:
    """The program and the folder of its modules, where Apache is installed."""
    program = shutil.which("apache2") or shutil.which("httpd") or os.environ.get("LITHIOKG_APACHE")
    if program is None:
        return None
    root = Path(program).resolve().parents[1]
    for folder in (root / "lib/apache2/modules", root / "lib/httpd/modules", root / "lib64/httpd/modules"):
        if (folder / "mod_rewrite.so").exists():
            return Path(program), folder
    return None


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which Apache serves the folder."""
    found = apache()
    if found is None:
        pytest.skip("Apache with mod_rewrite is not installed (Debian: apache2-bin)")
    program, modules = found
    folder = tmp_path_factory.mktemp("apache")
    (folder / "www" / "lithiokg").mkdir(parents=True)
    shutil.copy(HTACCESS, folder / "www" / "lithiokg")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    loaded = ("mpm_event", "authz_core", "rewrite", "unixd")
    lines = [
        f"LoadModule {name}_module {modules}/mod_{name}.so"
        for name in loaded
        if (modules / f"mod_{name}.so").exists()
    ]
    configuration = folder / "httpd.conf"
    configuration.write_text(
        "\n".join(
            [
                *lines,
                f'ServerRoot "{folder}"',
                "ServerName localhost",
                f"Listen 127.0.0.1:{port}",
                f'PidFile "{folder}/pid"',
                f'ErrorLog "{folder}/errors"',
                f'DocumentRoot "{folder}/www"',
                f'<Directory "{folder}/www">',
                "AllowOverride All",
                "Require all granted",
                "</Directory>",
                *(["User www-data", "Group www-data"] if os.geteuid() == 0 else []),
            ]
        )
    )
    for each in folder.rglob("*"):
        each.chmod(0o755)
    for each in (folder, *folder.parents):  # Apache that root starts reads as somebody else
        if each.is_relative_to(tempfile.gettempdir()) and each != Path(tempfile.gettempdir()):
            each.chmod(each.stat().st_mode | 0o011)
    running = subprocess.Popen([program, "-X", "-f", str(configuration)])
    try:
        for _ in range(50):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/lithiokg/"
    finally:
        running.terminate()
        running.wait(10)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def test_apache_redirects_as_the_stand_in_does(server: str, rewriting: Rewriting, minted: set[str]) -> None:
    opener = urllib.request.build_opener(_NoRedirect)
    names = [each[index] for each in kinds(minted).values() for index in (0, -1)]
    compared = 0
    for name in ["", "0.1.0", "0.1.0/", *names]:
        for accept in (TURTLE, XML, JSON, BROWSER, TABLE, "*/*"):
            request = urllib.request.Request(server + name, headers={"Accept": accept})  # noqa: S310
            with pytest.raises(urllib.error.HTTPError) as answer:
                opener.open(request)
            assert answer.value.code == 303, (name, accept)
            assert answer.value.headers["Location"] == rewriting.redirect(name, accept), (name, accept)
            compared += 1
    assert compared > 100
