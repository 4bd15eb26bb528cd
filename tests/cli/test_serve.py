from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest


def test_a_port_that_is_taken_is_said_with_the_mend(lithio):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = lithio("serve", "--port", str(taken.getsockname()[1]))
    assert done.code == 3
    assert "cannot listen on 127.0.0.1" in done.err
    assert "--port 0" in done.err


@pytest.mark.parametrize("host", ["256.1.1.1", "no host"])
def test_what_is_no_address_is_a_mistake_of_the_call(host: str, lithio):
    done = lithio("serve", "--host", host)
    assert done.code == 2
    assert "--host" in done.err


def test_an_address_that_others_can_call_is_said_plainly(lithio, monkeypatch):
    asked = []
    monkeypatch.setattr("lithiokg.web.serving.serve", lambda _graph, settings, **_: asked.append(settings))
    everywhere = ("serve", "--host", "0.0.0.0")  # noqa: S104
    told = lithio(*everywhere, "--name", "lithium.example", "--workers", "3", "--timeout", "2")
    assert "open to other computers" in told.err
    assert "lithium.example" in told.err
    assert "give --name" in lithio(*everywhere).err
    assert "open to other" not in lithio("serve").err
    assert (asked[0].workers, asked[0].timeout, asked[0].names) == (3, 2.0, ("lithium.example",))


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent otherwise there")
def test_it_prints_its_address_answers_and_stops_quietly(environment):
    command = [sys.executable, "-m", "lithiokg", "serve", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        address = server.stdout.readline().strip()
        query = f"{address}sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
        with urllib.request.urlopen(query, timeout=60) as answer:  # noqa: S310
            assert json.load(answer)["boolean"] is True
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=30)
    assert out == ""
    assert "Ctrl-C" in err
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) == 1
    assert server.returncode in {0, 130}
