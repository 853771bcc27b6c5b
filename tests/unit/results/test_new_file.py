import errno
import os

import pytest

from zbbulk.errors import ExitCode, ResultError
from zbbulk.results.new_file import new_file


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def write_and_stop(file):
    file.write(b"half")
    raise KeyboardInterrupt


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path):
    target = tmp_path / "result.csv"
    with new_file(target) as file:
        file.write(b"half")
        assert not target.exists()
    assert target.read_bytes() == b"half"
    assert names_in(tmp_path) == ["result.csv"]


def test_an_interrupt_leaves_the_file_that_was_there_before(tmp_path):
    target = tmp_path / "result.csv"
    target.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), new_file(target) as file:
        write_and_stop(file)
    assert target.read_bytes() == b"before"
    assert names_in(tmp_path) == ["result.csv"]


def test_a_full_disk_stops_the_run_and_names_the_file(tmp_path):
    target = tmp_path / "result.csv"
    with pytest.raises(ResultError) as caught, new_file(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert (caught.value.code, caught.value.at.file) == ("ZB501", str(target))
    assert "No space left on device" in caught.value.message
    assert caught.value.exit_code is ExitCode.NOTHING_SENT
    assert names_in(tmp_path) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    target = tmp_path / "nowhere" / "result.csv"
    with pytest.raises(ResultError) as caught, new_file(target):
        pass
    assert (caught.value.code, caught.value.at.file) == ("ZB501", str(target))


def test_a_folder_of_the_same_name_is_not_replaced(tmp_path):
    target = tmp_path / "result.csv"
    target.mkdir()
    with pytest.raises(ResultError) as caught, new_file(target) as file:
        file.write(b"x")
    assert caught.value.code == "ZB501"
    assert names_in(tmp_path) == ["result.csv"]
