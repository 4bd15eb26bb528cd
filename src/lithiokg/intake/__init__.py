"""Other people's papers: spreadsheets and bibliographies in, records of a collection out, and back."""

from __future__ import annotations

from lithiokg.intake.cells import CellPlace, IntakeError, RefusedError
from lithiokg.intake.importing import Taken, take_in
from lithiokg.intake.offering import write_spreadsheet, write_template
from lithiokg.intake.scaffold import Begun, begin

__all__ = [
    "Begun",
    "CellPlace",
    "IntakeError",
    "RefusedError",
    "Taken",
    "begin",
    "take_in",
    "write_spreadsheet",
    "write_template",
]
