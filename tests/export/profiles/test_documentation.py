"""What ``docs/profiles.md`` shows is what is written."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "profiles.md"
FRAGMENT = re.compile(r"```(json|trig)\n(.*?)```", re.DOTALL)


def stripped(text):
    return "\n".join(line.strip() for line in text.splitlines())


def test_every_fragment_is_cut_out_of_a_profile(emmo_jsonld, nanopub_trig, schema_jsonld):
    written = "\n".join(map(stripped, (emmo_jsonld, nanopub_trig, schema_jsonld)))
    fragments = [text for _, text in FRAGMENT.findall(PAGE.read_text(encoding="utf-8"))]
    assert len(fragments) == 3
    for fragment in fragments:
        assert stripped(fragment) in written, fragment
