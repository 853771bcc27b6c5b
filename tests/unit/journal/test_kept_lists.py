"""Lists kept for checks without a connection: whole or not at all."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from zbbulk.errors import ResultError
from zbbulk.journal.kept_lists import (
    forget_list,
    keep_list,
    kept_list,
    lists_path,
    organizations_with_lists,
)

AT = datetime(2024, 3, 31, 12, 0, tzinfo=UTC)


def keep(path, records, name="items", at=AT):
    return list(keep_list(path, name, records, id_field="item_id", at=at))


@pytest.fixture
def path(tmp_path):
    return lists_path(tmp_path, "10234")


def test_what_is_kept_comes_back_in_order_without_lists_and_objects(path):
    records = [
        {"item_id": "2", "rate": Decimal("1.50"), "is_new": True, "tags": ["a"], "more": {}},
        {"item_id": "1", "name": "É"},
    ]
    plain = keep(path, records)
    found, at = kept_list(path, "items")
    kept = list(found)
    assert kept == plain
    assert kept == [{"item_id": "2", "rate": Decimal("1.50"), "is_new": True}, records[1]]
    assert str(kept[0]["rate"]) == "1.50"
    assert at == AT


def test_a_later_list_replaces_the_earlier_one_and_no_other(path):
    keep(path, [{"item_id": "1"}, {"item_id": "2"}])
    keep(path, [{"item_id": "9"}], name="contacts")
    keep(path, [{"item_id": "3"}])
    assert [each["item_id"] for each in kept_list(path, "items")[0]] == ["3"]
    assert [each["item_id"] for each in kept_list(path, "contacts")[0]] == ["9"]


def test_a_list_that_breaks_off_leaves_the_earlier_one(path):
    keep(path, [{"item_id": "1"}])

    def broken():
        yield {"item_id": "2"}
        raise KeyError

    with pytest.raises(KeyError):
        keep(path, broken())
    assert [each["item_id"] for each in kept_list(path, "items")[0]] == ["1"]


def test_two_runs_may_read_lists_at_once(path):
    first = keep_list(path, "items", [{"item_id": "1"}], id_field="item_id", at=AT)
    next(first)
    keep(path, [{"item_id": "9"}], name="contacts")
    assert list(first) == []
    assert kept_list(path, "items") is not None
    assert kept_list(path, "contacts") is not None


def test_a_list_that_was_never_read_or_was_forgotten_is_none(path):
    assert kept_list(path, "items") is None
    forget_list(path, "items")
    assert not path.exists()
    keep(path, [{"item_id": "1"}])
    forget_list(path, "items")
    assert kept_list(path, "items") is None


def test_the_organizations_that_have_lists_are_known_by_their_files(path, tmp_path):
    assert organizations_with_lists(tmp_path) == []
    keep(path, [])
    assert organizations_with_lists(tmp_path) == ["10234"]


def test_a_file_that_is_no_database_is_told(path):
    path.write_text("no database " * 100)
    with pytest.raises(ResultError) as caught:
        kept_list(path, "items")
    assert caught.value.code == "ZB502"
