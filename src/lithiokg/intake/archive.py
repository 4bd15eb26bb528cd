"""Look at an .xlsx file before anything opens it: a zip of XML files may be made to fill the memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from lithiokg.errors import Place
from lithiokg.intake.cells import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_FILE", "check_archive"]

#: The largest spreadsheet that is opened, packed and unpacked, in bytes, and how many parts it may have.
MAX_FILE, MAX_UNPACKED, MAX_PARTS = 20 << 20, 64 << 20, 2_000
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: The beginning of a part that is not UTF-8, in which the test for entities would see nothing.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00")
_KEEP = 16


def check_archive(path: Path, name: str) -> RefusedError | None:
    """What forbids opening a file as an .xlsx spreadsheet, if anything does.

    Args:
        path: the file.
        name: its name in messages.
    """
    mend = "save it as an Excel workbook (.xlsx) with your spreadsheet program, or as CSV, and import that"
    try:
        if path.stat().st_size > MAX_FILE:
            return _problem(
                name, f"the file is larger than {MAX_FILE >> 20} MiB", "split it, and leave out pictures"
            )
        with path.open("rb") as stream:
            first = stream.read(4)
        if first == _OLE:
            return _problem(
                name,
                "the file is an old .xls workbook, or is protected by a password",
                f"{mend}, without a password",
            )
        with zipfile.ZipFile(path) as archive:
            return _parts(archive, name, mend)
    except OSError as error:
        return _problem(
            name,
            f"the file cannot be read: {error.strerror or error}",
            "check its name, and that you may read it",
        )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        return _problem(name, f"the file is no .xlsx workbook, or is damaged ({error})", mend)


def _problem(name: str, message: str, mend: str) -> RefusedError:
    return RefusedError(message, place=Place(name), mend=mend)


def _parts(archive: zipfile.ZipFile, name: str, mend: str) -> RefusedError | None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        return _problem(name, "the file is a zip archive, but no .xlsx workbook", mend)
    too_large = _problem(
        name, f"the file unpacks to more than {MAX_UNPACKED >> 20} MiB",
        "delete empty but formatted rows, pictures and other sheets; a file of no use but to fill the memory looks so",
    )  # fmt: skip
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        return too_large
    left = MAX_UNPACKED
    for part in parts:
        # What the index says of its size need not be true: what counts is what comes out.
        tail = b""
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    return too_large
                text = part.filename.endswith((".xml", ".rels", ".vml"))
                if text and (_ENTITIES.search(tail + chunk) or (not tail and chunk.startswith(_WIDE))):
                    return _problem(
                        name, f"its part {part.filename!r} declares entities or is not UTF-8, as no spreadsheet does",
                        mend,
                    )  # fmt: skip
                tail = chunk[-_KEEP:]
    return None
