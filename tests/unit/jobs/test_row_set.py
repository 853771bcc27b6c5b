"""A set of row numbers, and outcomes that are told late: as a set and a dict would have them."""

import gc
import threading

from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import Level, Location, Problem
from zbbulk.jobs.late_outcomes import LateOutcomes
from zbbulk.jobs.row_problems import rejected, warned
from zbbulk.jobs.row_set import RowSet

ROWS = st.integers(0, 20_000)


@given(st.lists(ROWS), st.lists(ROWS))
def test_it_is_what_a_set_is(first, second):
    rows = RowSet(first)
    rows.update(second)
    assert list(rows) == sorted({*first, *second})
    assert len(rows) == len({*first, *second})
    assert all((row in rows) == (row in {*first, *second}) for row in range(0, 20_001, 7))


def problem(row, level, word):
    at = Location(file="sales.csv", row=row, column=word.upper())
    return Problem(code="ZB204", message=word, at=at, fix=f"Mend {word}.", level=level)


TOLD = st.lists(st.tuples(ROWS, st.sampled_from(Level), st.sampled_from(["a", "b", "c"])))


@given(TOLD, st.sets(ROWS))
def test_outcomes_come_in_order_with_all_that_was_told_of_a_row(told, refused_before):
    late, by_row = LateOutcomes(), {}
    for row, level, word in told:
        late.add(row, problem(row, level, word))
        by_row.setdefault(row, []).append(problem(row, level, word))
    late.hide_warnings_of(refused_before)
    wanted = []
    for row in sorted(by_row):
        errors = [each for each in by_row[row] if each.level is Level.ERROR]
        if errors:
            wanted.append((row, rejected(errors)))
        elif row not in refused_before:
            wanted.append((row, warned(by_row[row])))
    assert list(late.items()) == wanted


def test_it_may_be_dropped_by_another_thread_than_made_it():
    late = LateOutcomes()
    late.add(2, problem(2, Level.ERROR, "a"))
    list(late.items())
    late.around = late  # only the collector finds it, in whichever thread that runs
    del late
    collector = threading.Thread(target=gc.collect)
    collector.start()
    collector.join()
