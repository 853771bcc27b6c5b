"""Which encoding a text file is in, found out by its bytes and never by a guess.

In this order: what the user declared, a byte order mark, UTF-16 by its zero bytes,
UTF-8 if every byte of the file fits, else Windows-1252 if not one letter beyond ASCII is
UTF-8. Only the mark of UTF-8 wins over what the user declared, where all bytes bear it out.
Whatever it is, the whole file is decoded once before the first row, so that no run stops at
a bad byte midway.
"""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO, NamedTuple

from zbbulk.errors import Location, SourceError
from zbbulk.guard import may_hold_guards

FALLBACK = "windows-1252"

_BLOCK = 1 << 20
_SAMPLE = 4096
_SHOWN = 30
_CONTROLS = "".join(map(chr, {*range(32), 127} - {9, 10, 13}))
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
        is_mixed: Nothing was declared, and UTF-8 stands beside bytes that are none.
        has_controls: It holds signs that nobody can see, other than tabs and line ends.
        has_guards: It may hold cells with an apostrophe before what would be a formula.
    """

    name: str
    bad: BadByte | None
    is_mixed: bool = False
    has_controls: bool = False
    has_guards: bool = False


def found_encoding(file: BinaryIO, *, declared: str | None, name: str) -> Encoding:
    """Return the encoding of the text in *file*.

    Args:
        file: Read from its beginning to its end.
        declared: What the user says it is; wins unless the file's own mark contradicts, and
            then gives way to the mark of UTF-8 if every byte fits it.
        name: Path as the user typed it.

    Raises:
        SourceError: the mark contradicts *declared* (ZB104), *declared* is no encoding (ZB117).
    """
    file.seek(0)
    head = file.read(_SAMPLE)
    if declared and _is_marked_utf8(file, head):
        _codec_name(declared, name)
        return _looked_through(file, "utf-8-sig")
    encoding = _declared(head, declared, name) if declared else _by_head(head)
    if encoding:
        return _looked_through(file, encoding)
    found = _looked_through(file, "utf-8")
    if found.bad is None or _has_utf8_letters(file):
        return found._replace(is_mixed=found.bad is not None)
    return _looked_through(file, FALLBACK)


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


def _looked_through(file: BinaryIO, encoding: str) -> Encoding:
    """Return what *file* is when it is read as *encoding*, from its beginning to its end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    start, has_controls, has_guards, last = 0, False, False, ""
    while True:
        held = len(decoder.getstate()[0])
        block = file.read(_BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            offset = start - held + error.start
            return Encoding(encoding, BadByte(offset, f"0x{_byte_at(file, offset):02X}"))
        has_controls = has_controls or any(map(text.__contains__, _CONTROLS))
        has_guards = has_guards or may_hold_guards(last + text)
        last = text[-1:]
        if not block:
            return Encoding(encoding, None, has_controls=has_controls, has_guards=has_guards)
        start += len(block)


def _byte_at(file: BinaryIO, offset: int) -> int:
    file.seek(offset)
    return file.read(1)[0]


def _is_marked_utf8(file: BinaryIO, head: bytes) -> bool:
    """Tell whether the file says that it is UTF-8, and is."""
    return head.startswith(codecs.BOM_UTF8) and _looked_through(file, "utf-8-sig").bad is None


def is_overruled(declared: str | None, encoding: str | None) -> bool:
    """Tell whether a file is read as UTF-8 by its mark though something else is *declared*."""
    if declared is None or encoding != "utf-8-sig":
        return False
    return codecs.lookup(declared).name not in ("utf-8", "utf-8-sig")


def _has_utf8_letters(file: BinaryIO) -> bool:
    """Tell whether any letter beyond ASCII is whole in UTF-8.

    Then the file is UTF-8 with a damaged place, of which Windows-1252 would turn all good
    letters into wrong ones, or by chance the other way round: it is not guessed which.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
    file.seek(0)
    while block := file.read(_BLOCK):
        if not decoder.decode(block).isascii():
            return True
    return False


def undecodable(encoding: Encoding, bad: BadByte, *, at: Location, before: str) -> SourceError:
    """Return the error (ZB104, ZB123) for *bad*, *before* which stands that in its cell."""
    other = FALLBACK if encoding.name.startswith("utf") else "utf-8"
    place = f"The byte {bad.hex} at offset {bad.offset:,} of the file"
    behind = f", behind {before[-_SHOWN:]!r}," if before else ""
    fix = (
        "Save the file as UTF-8 again; or say what it is in the mapping's `source:` block,"
        f" such as `encoding: {other}`."
    )
    if not encoding.is_mixed:
        return SourceError(f"{place}{behind} is not {encoding.name}.", fix=fix, at=at, code="ZB104")
    return SourceError(
        f"{place}{behind} is not UTF-8, and other letters of the file are.",
        fix=f"Mend that cell and save the file as UTF-8; or, if all of it is {FALLBACK}, write"
        f" `encoding: {FALLBACK}` in the mapping's `source:` block.",
        at=at,
        code="ZB123",
    )
