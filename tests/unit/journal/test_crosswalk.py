import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from zbbulk.errors import ResultError
from zbbulk.journal.crosswalk import Crosswalk, crosswalk_path
from zbbulk.journal.journal import Journal


@pytest.fixture
def path(tmp_path):
    return crosswalk_path(tmp_path, "10234695")


@pytest.fixture
def crosswalk(path):
    with Crosswalk.open(path) as opened:
        yield opened


def test_the_file_is_named_after_the_organization(tmp_path):
    assert crosswalk_path(tmp_path, "10234695").name == "crosswalk-10234695.sqlite"
    assert crosswalk_path(tmp_path, "../x").parent == tmp_path


def test_a_record_is_found_by_each_of_its_keys(crosswalk):
    crosswalk.add("items", {"name": "Bolt", "sku": "B-1"}, "46", "run-1")
    assert crosswalk.find("items", "name", "Bolt") == ["46"]
    assert crosswalk.find("items", "sku", "B-1") == ["46"]
    assert crosswalk.find("items", "name", "B-1") == []
    assert crosswalk.find("contacts", "name", "Bolt") == []


@pytest.mark.parametrize("text", ["ACME  ltd", " Acme Ltd ", "acme\tltd"])
def test_case_and_spaces_do_not_matter(crosswalk, text):
    crosswalk.add("contacts", {"contact_name": "Acme Ltd"}, "7", "run-1")
    assert crosswalk.find("contacts", "contact_name", text) == ["7"]


def test_an_accent_may_be_spelt_in_two_ways(crosswalk):
    crosswalk.add("contacts", {"contact_name": "Caf\u00e9"}, "7", "run-1")
    assert crosswalk.find("contacts", "contact_name", "Cafe\u0301") == ["7"]


def test_two_records_of_one_name_are_both_found_each_once(crosswalk):
    for zb_id in ("8", "7", "8"):
        crosswalk.add("contacts", {"contact_name": "Acme"}, zb_id, "run-1")
    assert crosswalk.find("contacts", "contact_name", "acme") == ["7", "8"]


def test_blank_keys_are_left_out(crosswalk):
    crosswalk.add("items", {"name": "Bolt", "sku": "  "}, "46", "run-1")
    assert crosswalk.find("items", "sku", "") == []


def test_the_texts_are_told_as_written(crosswalk):
    crosswalk.add("items", {"name": "Bolt  M6"}, "46", "run-1")
    crosswalk.add("items", {"name": "Anchor"}, "47", "run-1")
    assert crosswalk.texts("items", "name") == ["Anchor", "Bolt  M6"]


def test_what_is_forgotten_is_not_found(crosswalk):
    crosswalk.add("items", {"name": "Bolt", "sku": "B-1"}, "46", "run-1")
    crosswalk.forget("46")
    assert crosswalk.find("items", "name", "Bolt") == []
    assert crosswalk.find("items", "sku", "B-1") == []


def test_it_is_there_again_when_it_is_opened_again(path):
    with Crosswalk.open(path) as first:
        first.add("items", {"name": "Bolt"}, "46", "run-1")
    with Crosswalk.open(path) as second:
        assert second.find("items", "name", "bolt") == ["46"]


def test_a_commit_survives_a_power_cut(crosswalk):
    link = crosswalk._link
    assert link.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert link.execute("PRAGMA synchronous").fetchone() == (2,)


def test_threads_and_two_runs_write_at_once(path):
    with Crosswalk.open(path) as one, Crosswalk.open(path) as two, ThreadPoolExecutor(4) as pool:
        for number in range(40):
            books = (one, two)[number % 2]
            pool.submit(books.add, "items", {"name": f"Bolt {number}"}, str(number), "run")
        pool.shutdown()
        assert len(one.texts("items", "name")) == 40


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "journal.sqlite"
    Journal.create(path, {}).close()
    with pytest.raises(ResultError, match="not a crosswalk"):
        Crosswalk.open(path)


def test_what_is_no_database_is_refused(path):
    path.write_text("no database at all, not even nearly" * 9)
    with pytest.raises(ResultError, match=r"The crosswalk .* can't be written or read"):
        Crosswalk.open(path)


def test_a_newer_version_is_refused(path):
    Crosswalk.open(path).close()
    with sqlite3.connect(path) as link:
        link.execute("PRAGMA user_version=99")
    link.close()
    with pytest.raises(ResultError, match="version 99"):
        Crosswalk.open(path)


def test_the_newest_record_with_a_text_takes_the_place_of_the_older_one(crosswalk):
    crosswalk.add("contacts", {"legacy_key": "customer 1", "contact_name": "Acme"}, "7", "run-1")
    newer = [({"legacy_key": "Customer  1"}, "8"), ({"contact_name": "Beta", "x": " "}, "9")]
    crosswalk.put(newer, resource="contacts", run="run-2")
    assert crosswalk.ids("contacts", "legacy_key") == {"customer 1": ["8"]}
    assert crosswalk.ids("contacts", "contact_name") == {"acme": ["7"], "beta": ["9"]}
    assert crosswalk.ids("contacts", "x") == {}
    assert crosswalk.texts("contacts", "legacy_key") == ["Customer  1"]


def test_what_is_put_stays_when_the_process_ends(path):
    with Crosswalk.open(path) as crosswalk:
        crosswalk.put([({"legacy_key": "1"}, "7")], resource="items", run="run-1")
        other = sqlite3.connect(path)
        assert other.execute("SELECT zb_id, run FROM ids").fetchall() == [("7", "run-1")]
        other.close()
