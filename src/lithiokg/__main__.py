"""``python -m lithiokg``."""

from __future__ import annotations

from lithiokg.cli import main

if __name__ == "__main__":
    main()
