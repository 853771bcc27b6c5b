from zbbulk.errors import Location, Problem
from zbbulk.jobs.tally import SHOWN_OF_EACH, Tally


def problem(row, code="ZB204"):
    return Problem(code=code, message="bad", at=Location(file="f.csv", row=row, column="Rate"))


def test_all_are_counted_and_the_first_of_each_code_are_kept():
    tally = Tally()
    for row in range(2, 502):
        tally.add(problem(row))
    tally.add(problem(600, "ZB301"))
    assert tally.counts == {"ZB204": 500, "ZB301": 1}
    rows = [shown.at.row for shown in tally.problems()]
    assert rows == [*range(2, 2 + SHOWN_OF_EACH), 600]


def test_a_later_part_is_numbered_on():
    first, second = Tally(), Tally()
    first.add(problem(4))
    second.add(problem(3))
    first.merge(second, rows=10)
    assert [shown.at.row for shown in first.problems()] == [4, 13]
    assert first.counts["ZB204"] == 2


def test_merging_keeps_no_more_than_the_first_of_each_code():
    first, second = Tally(), Tally()
    for row in range(SHOWN_OF_EACH):
        first.add(problem(row))
        second.add(problem(row))
    first.merge(second, rows=100)
    assert [shown.at.row for shown in first.problems()] == list(range(SHOWN_OF_EACH))
    assert first.counts["ZB204"] == 2 * SHOWN_OF_EACH
