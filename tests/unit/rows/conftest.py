"""Files to read: written into tmp_path, and opened as a user would."""

import struct
import zipfile

import pytest
from openpyxl import Workbook

from zbbulk.errors import SourceError
from zbbulk.model import ReadOptions
from zbbulk.rows import open_sheet


@pytest.fixture
def opened(tmp_path):
    """Return a function that writes bytes or text to a file and opens it."""

    def opened(content, *, name="items.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_sheet(path, options=ReadOptions(**options))

    return opened


@pytest.fixture
def refused(opened):
    """Return a function that does the same, reads it all, and returns the error."""

    def refused(content, *, name="items.csv", **options):
        with pytest.raises(SourceError) as caught:
            list(opened(content, name=name, **options).rows())
        return caught.value

    return refused


@pytest.fixture
def workbook(tmp_path):
    """Return a function that saves what *fill* puts into an openpyxl workbook."""

    def workbook(fill, *, name="items.xlsx"):
        book = Workbook()
        book.active.title = "Items"
        fill(book)
        path = tmp_path / name
        book.save(path)
        return path

    return workbook


@pytest.fixture
def binary_workbook(tmp_path):
    """Return a function that writes a small .xlsb: a header and one row.

    Row 2 holds: text, 7 shown by 00000, 0.18 shown by 0%, #N/A, a formula that gives #DIV/0!.
    """

    def number(value):
        return bytes([value]) if value < 0x80 else bytes([value & 0x7F | 0x80, value >> 7])

    def record(kind, content=b""):
        return number(kind) + number(len(content)) + content

    def text(value):
        return struct.pack("<I", len(value)) + value.encode("utf-16-le")

    def cell(kind, column, content, style=0):
        return record(kind, struct.pack("<II", column, style) + content)

    def row(index):
        return record(0, struct.pack("<IIHBBBI", index, 0, 300, 0, 0, 0, 0))

    def write(names=("Name", "Code", "Tax", "Wrong", "Worse")):
        header = b"".join(cell(6, index, text(name)) for index, name in enumerate(names))
        values = (
            cell(6, 0, text("Bolt"))
            + cell(5, 1, struct.pack("<d", 7), style=1)
            + cell(5, 2, struct.pack("<d", 0.18), style=2)
            + cell(3, 3, b"\x2a")
            + cell(11, 4, b"\x07" + struct.pack("<HI", 0, 0))
        )
        size = record(148, struct.pack("<IIII", 0, 1, 0, 4))
        rows = record(145) + row(0) + header + row(1) + values + record(146)
        sheet = record(129) + size + rows + record(130)
        sheets = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Items"))
        book = record(131) + record(143) + sheets + record(144) + record(132)
        styles = (
            record(278)
            + record(615, struct.pack("<I", 1))
            + record(44, struct.pack("<H", 164) + text("00000"))
            + record(616)
            + record(617, struct.pack("<I", 3))
            + b"".join(record(47, struct.pack("<HH12x", 0, each)) for each in (0, 164, 9))
            + record(618)
            + record(279)
        )
        path = tmp_path / "items.xlsb"
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="rId1" Target="worksheets/sheet1.bin"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
            "</Relationships>"
        )
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.bin", book)
            archive.writestr("xl/_rels/workbook.bin.rels", relations)
            archive.writestr("xl/styles.bin", styles)
            archive.writestr("xl/worksheets/sheet1.bin", sheet)
        return path

    return write
