import pytest

from zbbulk.errors import MappingError
from zbbulk.mapping import compile_mapping, date_survey

FIELDS = "fields:\n  name: A\n  date: Inv Date\n"
HEADER = ["A", "Inv Date", "Due"]


@pytest.fixture
def survey(load):
    def survey_texts(*texts, fields=FIELDS, header=HEADER):
        found = date_survey(load(fields), header)
        for text in texts:
            found.see(["x", text])
        return found.styles()

    return survey_texts


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (("03/04/2024", "31/12/2024"), "dd/mm/yyyy"),
        (("03/04/2024", "12/31/2024"), "mm/dd/yyyy"),
        (("3.4.2024", "31.12.2024"), "dd.mm.yyyy"),
        (("31-Dec-2024",), "dd-mmm-yyyy"),
        (("Dec 31, 2024",), "mmm dd, yyyy"),
        (("2024/03/04",), "yyyy/mm/dd"),
        (("20240331",), "yyyymmdd"),
        (("05/05/2024",), "dd/mm/yyyy"),
        (("", "  ", "31/12/2024", "2024-03-04"), "dd/mm/yyyy"),
        (("pending", "31/02/2024", "31/12/2024"), "dd/mm/yyyy"),
        (("31/12/2024 0:00:00",), "dd/mm/yyyy"),
    ],
)
def test_a_column_with_one_fitting_style_is_read_by_it(survey, texts, style):
    assert survey(*texts) == {"Inv Date": style}


@pytest.mark.parametrize("texts", [(), ("", " "), ("2024-03-04",), ("soon", "31/02/2024")])
def test_a_column_of_iso_dates_or_none_needs_no_style(survey, texts):
    assert survey(*texts) == {}


def test_a_column_that_can_be_read_in_two_ways_is_a_problem(survey):
    with pytest.raises(MappingError) as caught:
        survey("05/05/2024", "03/04/2024", "", "2024-01-01")
    (problem,) = caught.value.problems
    assert (problem.code, str(problem.at)) == ("ZB210", "m.yml:5:9")
    assert "'03/04/2024' is 2024-04-03 (dd/mm/yyyy) or 2024-03-04 (mm/dd/yyyy)" in problem.message
    assert "dates: dd/mm/yyyy" in problem.fix


def test_a_column_of_two_kinds_is_a_problem(survey):
    with pytest.raises(MappingError) as caught:
        survey("31/12/2024", "12/31/2024")
    (problem,) = caught.value.problems
    assert problem.code == "ZB210"
    assert "'31/12/2024' and '12/31/2024'" in problem.message


def test_the_columns_are_judged_apart_and_all_problems_told(load):
    mapping = load(FIELDS + "  due_date: {first_of: [Due, Inv Date]}\n")
    found = date_survey(mapping, HEADER)
    found.see(["x", "03/04/2024", "04/05/2024"])
    with pytest.raises(MappingError) as caught:
        found.styles()
    assert [problem.at.row for problem in caught.value.problems] == [5, 6]


def test_nothing_is_surveyed_when_dates_are_declared_or_come_from_no_column(load):
    assert date_survey(load("source: {dates: dd/mm/yyyy}\n" + FIELDS), HEADER) is None
    assert date_survey(load("fields:\n  name: A\n  date: {value: 2024-03-04}\n"), HEADER) is None
    assert date_survey(load("fields:\n  name: A\n"), HEADER) is None


def test_a_column_that_the_header_lacks_and_a_short_row_are_left_to_others(load):
    assert date_survey(load(FIELDS), ["A"]) is None
    found = date_survey(load(FIELDS), HEADER)
    found.see(["x"])
    found.see(["x", 45383.0])
    assert found.styles() == {}


def test_only_the_part_that_is_read_is_looked_at(survey):
    fields = 'fields:\n  name: A\n  date: {column: Inv Date, part: {split: " ", take: 2}}\n'
    assert survey("x 31/12/2024", "x", fields=fields) == {"Inv Date": "dd/mm/yyyy"}


def test_words_of_a_value_list_are_no_dates(survey):
    rule = "{column: Inv Date, values: {01/02/2024: 2024-02-01}, other_values: keep}"
    fields = f"fields:\n  name: A\n  date: {rule}\n"
    assert survey("01/02/2024", fields=fields) == {}


def test_what_the_survey_found_is_what_compile_reads_by(load):
    mapping = load(FIELDS)
    found = date_survey(mapping, HEADER)
    found.see(["x", "31/12/2024"])
    program = compile_mapping(mapping, HEADER, file="a.csv", typed=False, dates=found.styles())
    assert program.convert(["x", "03/04/2024", ""])[0]["date"] == "2024-04-03"


def test_only_the_branches_of_a_choice_are_surveyed_and_not_its_conditions(load):
    rule = "{choose: [{if: \"[Due] = '01/13'\", column: Inv Date}]}"
    found = date_survey(load(f"fields:\n  name: A\n  date: {rule}\n"), HEADER)
    found.see(["x", "31/12/2024", "pending"])
    assert found.styles() == {"Inv Date": "dd/mm/yyyy"}


@pytest.mark.parametrize(
    "text",
    [
        "only_rows: \"[Due] > date('2024-01-31')\"\nfields:\n  name: A\n",
        "fields:\n  name: A\n  terms: {formula: \"date([Due]) - date('2024-01-01')\"}\n",
        "fields:\n  name: A\n  due_date: {formula: '[Due] + 30'}\n",
        "fields:\n  name: A\n  unit: {choose: [{if: \"[Due] > date('2024-01-31')\", value: x}]}\n",
    ],
)
def test_columns_that_a_formula_reads_as_days_are_surveyed(load, text):
    found = date_survey(load(text), HEADER)
    found.see(["x", "", "31/12/2024"])
    assert found.styles() == {"Due": "dd/mm/yyyy"}
