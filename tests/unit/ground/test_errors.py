import pytest

from zbbulk import errors
from zbbulk.codes import CODES
from zbbulk.errors import ExitCode, Location, Problem, SourceError, ZbbulkError


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (Location(file="a.csv"), "a.csv"),
        (Location(file="a.csv", row=7), "a.csv:7"),
        (Location(file="a.csv", row=7, column="Rate"), "a.csv:7, column 'Rate'"),
        (Location(file="m.yml", row=3, column="5"), "m.yml:3:5"),
        (Location(file="a.csv", row=3, column="2024"), "a.csv:3, column '2024'"),
    ],
)
def test_a_place_reads_as_people_write_it(at, text):
    assert str(at) == text


def test_a_problem_without_a_fix_of_its_own_takes_the_codes():
    problem = Problem(code="ZB204", message="x", at=Location(file="a.csv"))
    assert problem.fix == CODES["ZB204"].fix


def test_an_error_always_shows_its_code_place_and_fix():
    error = SourceError("'a.csv' is not there.", at=Location(file="a.csv"), code="ZB101")
    assert str(error) == f"ZB101 'a.csv' is not there.\n  --> a.csv\n  fix: {CODES['ZB101'].fix}"
    (problem,) = error.as_problems()
    assert (problem.code, problem.at.file, problem.fix) == ("ZB101", "a.csv", error.fix)


ALL_ERRORS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, ZbbulkError) and kind is not ZbbulkError
]


@pytest.mark.parametrize("kind", ALL_ERRORS, ids=lambda kind: kind.__name__)
def test_each_error_has_a_code_with_help_and_an_exit_code(kind):
    error = kind("What happened.")
    assert CODES[error.code].fix
    assert error.exit_code in ExitCode
    assert error.exit_code is not ExitCode.BUG


def test_moved_keeps_what_has_no_row():
    whole = Problem(code="ZB102", message="x", at=Location(file="a.csv"))
    assert whole.moved(5) is whole
    row = Problem(code="ZB204", message="x", at=Location(file="a.csv", row=2))
    assert row.moved(5).at.row == 7


def test_every_public_error_is_a_zbbulk_error():
    raised = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, Exception)
    ]
    assert all(issubclass(kind, ZbbulkError) for kind in raised)
