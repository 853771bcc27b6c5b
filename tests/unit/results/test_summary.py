import pytest

from zbbulk.model import Status
from zbbulk.results.summary import Summary, summary_of


def test_rows_are_counted_by_status():
    summary = summary_of([Status.READY, Status.REJECTED, Status.READY])
    assert (summary[Status.READY], summary[Status.REJECTED], summary.rows) == (2, 1, 3)


def test_a_status_that_no_row_has_counts_as_none():
    assert summary_of([])[Status.FAILED] == 0


def test_two_parts_add_up():
    both = summary_of([Status.READY]) + summary_of([Status.READY, Status.SKIPPED])
    assert (both[Status.READY], both[Status.SKIPPED], both.rows) == (2, 1, 3)


def test_the_json_names_every_status():
    shown = summary_of([Status.CREATED]).to_json()
    assert shown == {"rows": 1} | {status.value: 0 for status in Status} | {"created": 1}


def test_a_summary_can_not_be_changed():
    counts = {Status.READY: 1}
    summary = Summary(counts=counts)
    counts[Status.READY] = 5
    assert summary[Status.READY] == 1
    with pytest.raises(TypeError):
        summary.counts[Status.READY] = 5
