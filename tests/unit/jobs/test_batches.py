from decimal import Decimal

import pytest

from zbbulk.jobs.batches import batching_of, parted
from zbbulk.jobs.parcels import Parcel, put_together
from zbbulk.model import Action
from zbbulk.resources import resource, resources


def batching(name, action=Action.CREATE):
    return batching_of(resource(name), action)


def line(account):
    return {"account_id": account}


def journal(reference, *accounts, **more):
    return {"reference_number": reference, "line_items": [*map(line, accounts)], **more}


def together(name, *records, action=Action.CREATE):
    parcels = [Parcel((row,), "", record) for row, record in enumerate(records, 2)]
    return list(put_together(parcels, batching(name, action)))


def test_what_the_table_does_not_batch_is_not_put_together():
    batched = {name for name, facts in resources().items() if facts.batch}
    assert {name for name in resources() if batching(name)} == batched
    assert batched == {"bankstatements", "openingbalances", "journals"}


@pytest.mark.parametrize("name", resources())
def test_a_batch_that_must_be_whole_has_no_limit(name):
    facts = resource(name).batch
    assert facts is None or not (facts.whole and facts.most), "it could not be sent at once"


def test_rows_with_one_key_become_one_record_however_far_apart():
    found = together("journals", journal("A", "1"), journal("B", "2"), journal("A", "3"))
    assert found == [
        Parcel((2, 4), "A", journal("A", "1", "3")),
        Parcel((3,), "B", journal("B", "2")),
    ]


def test_rows_without_a_key_go_alone():
    alone = {"journal_date": "2024-01-01", "line_items": [line("1")]}
    found = together("journals", alone, alone | {"reference_number": ""}, alone)
    assert [parcel.rows for parcel in found] == [(2,), (3,), (4,)]


def test_the_first_field_of_the_key_that_is_there_counts():
    one, two = journal("A", "1", entry_number="1"), journal("A", "2", entry_number="2")
    found = together("journals", one, two, journal("A", "3"))
    assert [(parcel.rows, parcel.key) for parcel in found] == [
        ((2,), "1"),
        ((3,), "2"),
        ((4,), "A"),
    ]


def test_a_key_is_not_mistaken_for_another_fields():
    found = together("journals", journal("1", "1"), journal("", "2", entry_number="1"))
    assert len(found) == 2


def test_a_row_may_bring_many_entries_or_none():
    found = together("journals", journal("A", "1", "2"), {"reference_number": "A"})
    assert found == [Parcel((2, 3), "A", journal("A", "1", "2"))]
    assert "line_items" not in together("journals", {"reference_number": "A"})[0].record


def test_the_records_of_the_rows_are_not_changed():
    first, second = journal("A", "1"), journal("A", "2")
    together("journals", first, second)
    assert (first, second) == (journal("A", "1"), journal("A", "2"))


def test_without_a_key_rows_that_agree_in_all_else_are_one_call():
    records = [{"account_id": bank, "transactions": [line(bank)]} for bank in ("1", "2", "1")]
    assert [parcel.rows for parcel in together("bankstatements", *records)] == [(2, 4), (3,)]


@pytest.mark.parametrize(
    ("entries", "sizes"), [(1, [500, 500, 200]), (3, [498, 498, 498, 498, 498, 498, 498, 114])]
)
def test_no_call_has_more_entries_than_zoho_takes(entries, sizes):
    record = {"account_id": "1", "transactions": [line("x")] * entries}
    found = together("bankstatements", *[record] * 1200)
    assert [len(parcel.record["transactions"]) for parcel in found] == sizes
    assert [row for parcel in found for row in parcel.rows] == list(range(2, 1202))


def test_a_full_batch_is_sent_before_the_rest_is_read():
    record = {"account_id": "1", "transactions": [line("x")]}
    read = []

    def endless():
        while True:
            read.append(1)
            yield Parcel((len(read),), "", record)

    first = next(put_together(endless(), batching("bankstatements")))
    assert len(first.rows) == 500
    assert len(read) == 501


def test_of_what_there_is_only_one_all_rows_are_one_call():
    records = [{"date": "2024-03-31", "accounts": [line(number)]} for number in "123"]
    (parcel,) = together("openingbalances", *records)
    assert parcel.record == {"date": "2024-03-31", "accounts": [*map(line, "123")]}


def test_an_update_puts_the_rows_of_one_id_together():
    one, two = journal("A", "1", journal_id="7"), journal("A", "2", journal_id="7")
    (parcel,) = together("journals", one, two, action=Action.UPDATE)
    assert (parcel.rows, parcel.key) == ((2, 3), "7")


def test_numbers_that_are_equal_agree():
    first, second = ({"exchange_rate": Decimal(text)} for text in ("1.50", "1.5"))
    assert batching("journals").shared_text(first) == batching("journals").shared_text(second)


def test_what_a_log_holds_can_be_taken_apart():
    name, shared, entries = parted(*batching("journals").read([journal("A\nB", "1", "2")]))
    assert "A\\nB" in name
    assert "line_items" not in shared
    assert entries == 2
