"""One request of the Graph Store Protocol: what is sent, what is not followed, and what failures say."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.errors import LithioKGError, TimeLimitError, UsageError
from lithiokg.store import GraphStore

if TYPE_CHECKING:
    from collections.abc import Callable

    Start = Callable[..., Any]

SECRET = "s3cr3t"  # noqa: S105  # not one
LINE = b"<x:s> <x:p> <x:o> .\n"
CHALLENGE = 'Digest realm="SPARQL", nonce="n0", qop="auth"'


def with_password(url: str) -> str:
    return url.replace("http://", f"http://me:{SECRET}%21@")


def test_a_graph_is_replaced_added_to_and_removed_by_its_name(stub: Start) -> None:
    server = stub(status=204)
    store = GraphStore(server.url)
    store.put("https://example.org/g?a=1&b", LINE)
    store.post("x:g", LINE)
    store.delete("x:g")
    assert server.sent == [
        ("PUT", "/sparql?graph=https%3A%2F%2Fexample.org%2Fg%3Fa%3D1%26b", LINE),
        ("POST", "/sparql?graph=x%3Ag", LINE),
        ("DELETE", "/sparql?graph=x%3Ag", b""),
    ]
    assert {asked.get("Content-Type") for asked in server.asked[:2]} == {"application/n-triples"}


def test_an_address_with_parameters_of_its_own_keeps_them(stub: Start) -> None:
    server = stub(status=204)
    GraphStore(f"{server.url}?repository=1").put("x:g", LINE)
    assert server.sent[0][1] == "/sparql?repository=1&graph=x%3Ag"


def test_a_server_that_knows_no_ntriples_gets_turtle_from_then_on(stub: Start) -> None:
    server = stub(status=204)
    server.answers = [(415, {})]
    store = GraphStore(server.url)
    store.put("x:g", LINE)
    store.post("x:g", LINE)
    kinds = ["application/n-triples", "text/turtle", "text/turtle"]
    assert [asked["Content-Type"] for asked in server.asked] == kinds
    assert {body for _, _, body in server.sent} == {LINE}


def test_a_user_name_and_password_are_sent_and_not_shown(stub: Start) -> None:
    server = stub(status=204)
    store = GraphStore(with_password(server.url))
    store.put("x:g", LINE)
    name, _, sent = server.asked[-1]["Authorization"].partition(" ")
    assert (name, base64.b64decode(sent).decode()) == ("Basic", f"me:{SECRET}!")
    assert SECRET not in repr(store) + str(vars(store))


@pytest.mark.parametrize("challenge", [CHALLENGE, f"{CHALLENGE}, odd", CHALLENGE.replace(", qop", ", x")])
def test_a_server_that_wants_a_digest_of_the_password_gets_it_before_the_body(
    challenge: str, stub: Start
) -> None:
    # A server that refuses hangs up in the middle of a large body: it is asked beforehand, without one.
    server = stub(status=204)
    server.answers = [(401, {"WWW-Authenticate": challenge})]
    GraphStore(with_password(server.url)).put("x:g", LINE)
    assert [(method, body) for method, _, body in server.sent] == [("HEAD", b""), ("PUT", LINE)]
    assert "Authorization" not in server.asked[0]
    assert server.asked[1]["Authorization"].startswith('Digest username="me", realm="SPARQL", nonce="n0"')


@pytest.mark.parametrize(
    "challenge",
    ["Digest", "Digest x", 'Digest realm="a"', "Basic", "", "Digest ,=,", CHALLENGE + ', algorithm="x"'],
)
def test_a_password_that_is_refused_is_told(challenge: str, stub: Start) -> None:
    server = stub(b"no", status=401, headers={"WWW-Authenticate": challenge})
    with pytest.raises(LithioKGError, match="401") as caught:
        GraphStore(with_password(server.url)).put("x:g", LINE)
    assert len(server.asked) == 2
    assert (caught.value.mend, SECRET in str(caught.value)) == ("check the user name and password", False)


@pytest.mark.parametrize("method", ["put", "delete"])
def test_no_redirect_is_followed(method: str, stub: Start) -> None:
    elsewhere = stub(status=204)
    server = stub(status=307, headers={"Location": f"{elsewhere.url}?key=secret"})
    with pytest.raises(LithioKGError, match="redirects are not followed") as caught:
        getattr(GraphStore(server.url), method)("x:g", *([LINE] if method == "put" else []))
    assert elsewhere.asked == []
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "said", "mend"),
    [
        (403, "403", "give a user name and password"),
        (404, "404", "address of the Graph Store Protocol"),
        (405, "405", "may be written to"),
        (413, "413", "send smaller pieces than 0.0 MB: --piece"),
        (415, "415", "address of the Graph Store Protocol"),
        (507, "507 Insufficient Storage: no space", "it may be full"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, said: str, mend: str, stub: Start) -> None:
    with pytest.raises(LithioKGError, match=said) as caught:
        GraphStore(stub(b"no \x1bspace", "text/plain", status).url).put("x:g", LINE)
    assert mend in str(caught.value.mend)


def test_what_is_not_there_need_not_be_removed(stub: Start) -> None:
    GraphStore(stub(status=404).url).delete("x:g")


def test_a_server_that_is_silent_gone_or_no_server_is_named(stub: Start) -> None:
    with pytest.raises(TimeLimitError, match=r"within 0\.05 s"):
        GraphStore(stub(b"x", wait=5).url, timeout=0.05).put("x:g", LINE)
    with pytest.raises(LithioKGError, match="cannot be reached"):
        GraphStore("http://127.0.0.1:9/store").put("x:g", LINE)
    with pytest.raises(UsageError):
        GraphStore("ftp://example.org/store")
