import re
from pathlib import Path

import pytest

from zbbulk.errors import ExitCode, SourceError
from zbbulk.model import ReadOptions
from zbbulk.rows import READERS, open_sheet


def refusal(path):
    with pytest.raises(SourceError) as caught:
        open_sheet(path, options=ReadOptions())
    return caught.value


def test_a_file_that_is_not_there_is_refused_and_a_near_name_offered(tmp_path):
    (tmp_path / "items.csv").write_text("a,b\n")
    error = refusal(tmp_path / "itmes.csv")
    assert (error.code, error.exit_code) == ("ZB101", ExitCode.NOTHING_SENT)
    assert error.at.file == str(tmp_path / "itmes.csv")
    assert str(tmp_path / "items.csv") in error.fix


def test_a_folder_that_is_not_there_is_told(tmp_path):
    error = refusal(tmp_path / "old" / "items.csv")
    assert error.code == "ZB101"
    assert f"no folder {str(tmp_path / 'old')!r}" in error.message


def test_a_folder_is_no_file(tmp_path):
    folder = tmp_path / "items.csv"
    folder.mkdir()
    error = refusal(folder)
    assert (error.code, error.at.file) == ("ZB113", str(folder))


def test_what_the_system_refuses_is_told_in_its_words(tmp_path):
    error = refusal(tmp_path / ("x" * 300 + ".csv"))
    assert error.code == "ZB113"
    assert "too long" in error.message


def test_an_unknown_kind_of_file_is_refused_with_the_known_ones(tmp_path):
    path = tmp_path / "items.pdf"
    path.write_text("x")
    error = refusal(path)
    assert error.code == "ZB111"
    assert re.findall(r"\.\w+", error.message)[1:] == list(READERS)


def test_the_suffix_may_be_in_capitals(opened):
    assert opened("a,b\n", name="ITEMS.CSV").form.kind == "csv"


def test_a_sheet_is_named_as_the_user_typed_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("items.txt").write_text("a\tb\n")
    sheet = open_sheet(Path("items.txt"), options=ReadOptions())
    assert (sheet.file, sheet.form.delimiter) == ("items.txt", "\t")
