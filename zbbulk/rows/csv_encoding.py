"""Which encoding a text file is in, found out by its bytes and never by a guess.

In this order: what the user declared, a byte order mark, UTF-16 by its zero bytes,
UTF-8 if every byte of the file fits, else Windows-1252. Whatever it is, the whole
file is decoded once before the first row, so that no run stops at a bad byte midway.
"""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, NamedTuple

from zbbulk.errors import Location, SourceError

FALLBACK = "windows-1252"

_BLOCK = 1 << 20
_SAMPLE = 4096
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16's does, so it is asked for first
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class BadByte(NamedTuple):
    """The first byte that does not fit.

    Attributes:
        offset: Place in the file; the first byte is 0.
        hex: The byte, as in ``0xE9``.
    """

    offset: int
    hex: str


class Encoding(NamedTuple):
    """What a file turned out to be written in.

    Attributes:
        name: The codec.
        bad: The first byte that does not fit it, None if every byte does.
    """

    name: str
    bad: BadByte | None


def found_encoding(file: BinaryIO, *, declared: str | None, name: str) -> Encoding:
    """Return the encoding of the text in *file*.

    Args:
        file: Read from its beginning to its end.
        declared: What the user says it is; wins unless the file's own mark contradicts.
        name: Path as the user typed it.

    Raises:
        SourceError: the mark contradicts *declared* (ZB104), *declared* is no encoding (ZB117).
    """
    file.seek(0)
    head = file.read(_SAMPLE)
    encoding = _declared(head, declared, name) if declared else _by_head(head)
    if encoding:
        return Encoding(encoding, first_bad_byte(file, encoding))
    bad = first_bad_byte(file, "utf-8")
    if bad is None or _mostly_utf8(file):
        return Encoding("utf-8", bad)
    return Encoding(FALLBACK, first_bad_byte(file, FALLBACK))


def _by_head(head: bytes) -> str | None:
    return _by_mark(head) or _utf16_side(head)


def _by_mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _utf16_side(head: bytes) -> str | None:
    """Return UTF-16's byte order if every second byte is mostly zero and the others never."""
    first, second = head[::2], head[1::2]
    if second.count(0) * 2 > len(second) and not first.count(0):
        return "utf-16-le"
    if first.count(0) * 2 > len(first) and not second.count(0):
        return "utf-16-be"
    return None


def _declared(head: bytes, declared: str, name: str) -> str:
    codec = _codec_name(declared, name)
    marked = _by_mark(head)
    if marked is None:
        return (_utf16_side(head) or "utf-16-le") if codec == "utf-16" else declared.lower()
    if codec.split("-")[:2] == marked.split("-")[:2]:
        return marked
    shown = marked.removesuffix("-sig")
    raise SourceError(
        f"The mapping declares {declared!r}, but the file begins with the mark of {shown}.",
        fix=f"Write `encoding: {shown}` in the mapping's `source:` block, or leave it out.",
        at=Location(file=name),
        code="ZB104",
    )


def _codec_name(declared: str, name: str) -> str:
    try:
        return codecs.lookup(io.TextIOWrapper(io.BytesIO(), encoding=declared).encoding).name
    except (LookupError, ValueError):
        raise SourceError(
            f"{declared!r} is not an encoding.", at=Location(file=name), code="ZB117"
        ) from None


def first_bad_byte(file: BinaryIO, encoding: str) -> BadByte | None:
    """Return the first byte of *file* that does not fit *encoding*, None if all do."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    start = 0
    while True:
        held = len(decoder.getstate()[0])
        block = file.read(_BLOCK)
        try:
            decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            offset = start - held + error.start
            return BadByte(offset=offset, hex=f"0x{_byte_at(file, offset):02X}")
        if not block:
            return None
        start += len(block)


def _byte_at(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    return file.read(1)[0]


def _mostly_utf8(file: BinaryIO) -> bool:
    """Tell whether more letters beyond ASCII are whole in UTF-8 than are broken.

    Then the file is UTF-8 with a damaged place, and as Windows-1252 all its good
    letters would turn into wrong ones.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    file.seek(0)
    whole = broken = 0
    while block := file.read(_BLOCK):
        text = decoder.decode(block)
        damaged = text.count("\ufffd")
        broken += damaged
        whole += len(text) - len(text.encode("ascii", "ignore")) - damaged
    return whole > broken


def undecodable(encoding: Encoding, bad: BadByte, *, name: str, row: int) -> SourceError:
    """Return the error (ZB104) for *bad*, which stands in *row*."""
    other = FALLBACK if encoding.name.startswith("utf") else "utf-8"
    return SourceError(
        f"The byte {bad.hex} at offset {bad.offset:,} of the file is not {encoding.name}.",
        fix="Save the file as UTF-8 again; or say what it is in the mapping's `source:` block,"
        f" such as `encoding: {other}`.",
        at=Location(file=name, row=row),
        code="ZB104",
    )
