"""Write ontology/bridges/slices/*.ttl, what the bridges need of the ontologies that they lead to.

python tools/bridge_slices.py --upstream DIR            writes them from the copies in DIR
python tools/bridge_slices.py --upstream DIR --check    only says whether they are current (exit code 1 if not)
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from lithiokg.linking.bridging import bridge_names, cut_slice, slice_path

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"


def main() -> int:
    """Write or check the slices."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upstream", type=Path, required=True, help="folder with copies of the ontologies")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args()
    stale = []
    for name in bridge_names(ONTOLOGY):
        path = slice_path(ONTOLOGY, name)
        text = cut_slice(ONTOLOGY, name, options.upstream)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not options.check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    for path in stale:
        sys.stdout.write(f"{'stale' if options.check else 'wrote'}: {path}\n")
    return int(options.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
