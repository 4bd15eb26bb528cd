"""Look at an .xlsx file before anything opens it: a zip of XML files may be made to fill the memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from lithiokg.errors import Place
from lithiokg.files import read_bounded
from lithiokg.intake.cells import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_FILE", "check_archive"]

#: The largest spreadsheet that is opened, packed and unpacked, in bytes, and how many parts it may have.
MAX_FILE, MAX_UNPACKED, MAX_PARTS = 20 << 20, 64 << 20, 2_000
_CHUNK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0"
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: What makes the program that reads it touch every cell of an area, and the areas that are sane.
_AREAS = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink|comment)\b([^>]*)")
_REF = re.compile(
    rb"\bref\s*=\s*[\"']\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?[\"']"
)
_MOST_CELLS = 200_000
#: As many elements may the styles have, each of which costs much more than a cell.
_MOST_STYLES = 200_000
_ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
#: The beginning of a part that is not UTF-8, in which the test for entities would see nothing.
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<", b"\x00\x00")


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
        content = read_bounded(path, MAX_FILE)
        if content[:4] == _OLE:
            return _problem(
                name,
                "the file is an old .xls workbook, or is protected by a password",
                f"{mend}, without a password",
            )
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
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
        chunks = []
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    return too_large
                chunks.append(chunk)
        if part.filename.endswith((".xml", ".rels", ".vml")) and (words := _harmful(b"".join(chunks))):
            return _problem(name, f"its part {part.filename!r} {words}", mend)
    return None


def _harmful(text: bytes) -> str | None:
    """What is wrong with a part, in words, before anything takes it for XML."""
    if _ENTITIES.search(text) or text.startswith(_WIDE) or not _is_utf8(text):
        return "declares entities or is not UTF-8, as no spreadsheet does"
    if b"styleSheet" in text[:2000] and text.count(b"<") > _MOST_STYLES:
        return f"has more than {_MOST_STYLES:,} styles"
    cells = 0
    for area in _AREAS.finditer(text):
        ref = _REF.search(area[1])
        cells += _size(ref) if ref else 0 if b"ref" not in area[1] else _MOST_CELLS + 1
        if cells > _MOST_CELLS:
            return f"merges, links or comments more than {_MOST_CELLS:,} cells"
    return None


def _is_utf8(text: bytes) -> bool:
    """Whether the XML declares an encoding in which the tests here see what a parser sees."""
    declared = _ENCODING.search(text[:1000])
    return declared is None or declared[1].lower() in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}


def _size(ref: re.Match[bytes]) -> int:
    """The cells of an area such as ``A1:C4``."""
    if ref[3] is None:
        return 1
    columns, rows = abs(_column(ref[3]) - _column(ref[1])) + 1, abs(int(ref[4]) - int(ref[2])) + 1
    return columns * rows


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
