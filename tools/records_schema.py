"""Write ontology/records.schema.json, the JSON Schema of the record files, from the context and the ontology.

python tools/records_schema.py            writes it
python tools/records_schema.py --check    only says whether it is current (exit code 1 if not)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from lithiokg.intake.schema import records_schema
from lithiokg.sources import Sources

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "ontology" / "records.schema.json"


def text() -> str:
    """The text of the file."""
    return json.dumps(records_schema(Sources(ROOT)), indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write or check the file."""
    wanted = text()
    if "--check" in sys.argv[1:]:
        current = SCHEMA.exists() and SCHEMA.read_text(encoding="utf-8") == wanted
        if not current:
            print(
                "ontology/records.schema.json is not current: run python tools/records_schema.py",
                file=sys.stderr,
            )
        return 0 if current else 1
    SCHEMA.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
