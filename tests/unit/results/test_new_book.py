"""A new workbook is there whole or not at all, and a full disk leaves no noise behind."""

import errno
import gc
import io
import os
import sys
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook

from zbbulk.results.new_book import new_book, sheet_title


class Full(io.BytesIO):
    """A file on a disk with room for so many bytes."""

    def __init__(self, room):
        super().__init__()
        self._room = room

    def write(self, data):
        if self.tell() + len(data) > self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def test_the_rows_are_there_at_the_end_of_the_block(tmp_path):
    target = tmp_path / "out.xlsx"
    with new_book(target, title="a/b") as page:
        page.append(["007", 1])
        assert not target.exists()
    (sheet,) = load_workbook(target).worksheets
    assert (sheet.title, list(sheet.values)) == ("a_b", [("007", 1)])


def test_what_goes_wrong_in_the_block_leaves_no_file(tmp_path):
    with pytest.raises(TypeError), new_book(tmp_path / "out.xlsx", title=None) as page:
        page.append(None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("room", [0, 100, 700, 2_000, 4_000])
def test_a_full_disk_is_told_once_and_by_nothing_else(tmp_path, monkeypatch, room):
    noise = []
    monkeypatch.setattr(sys, "unraisablehook", noise.append)

    @contextmanager
    def full(target):
        with Full(room) as file:
            yield file

    monkeypatch.setattr("zbbulk.results.new_book.new_file", full)
    with pytest.raises(OSError, match="No space left"), new_book(tmp_path / "o", title="x") as page:
        page.append(["x"])
    del page
    gc.collect()
    assert noise == []


def test_a_title_is_as_excel_takes_it():
    assert sheet_title("a:b" + "x" * 40) == "a_b" + "x" * 28
    assert sheet_title(None) == "Sheet1"
