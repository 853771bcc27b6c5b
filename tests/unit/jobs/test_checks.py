"""The ``checks:`` of a mapping: code, row and column of what they find, and what they let pass."""

import csv
import json
from types import SimpleNamespace

import pytest

from zbbulk.errors import ExitCode, Level, MappingError
from zbbulk.jobs.check_job import check_file
from zbbulk.mapping import parse_mapping

ITEMS = "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price, sku: Code}\nchecks:\n"
INVOICES = """\
zbbulk: 1
resource: invoices
fields:
  customer_id: Customer
  invoice_number: No
  line_items:
    - {name: Item, quantity: Qty, rate: Price}
checks:
"""
JOURNALS = """\
zbbulk: 1
resource: journals
source: {dates: yyyy-mm-dd}
fields:
  journal_date: Date
  reference_number: Ref
  line_items:
    - {account_id: Account, debit_or_credit: Side, amount: Amount}
"""


@pytest.fixture
def check(tmp_path):
    def checked(mapping, *rows, workers=1):
        sheet, rules = tmp_path / "rows.csv", tmp_path / "m.yml"
        sheet.write_text("\n".join([*rows, ""]), encoding="utf-8")
        rules.write_text(mapping, encoding="utf-8")
        report = check_file(sheet, rules, runs=tmp_path / "runs", workers=workers)
        with report.result.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return SimpleNamespace(
            report=report,
            statuses=[row["zb_status"] for row in rows],
            codes=[row["zb_code"] for row in rows],
            messages=[row["zb_message"] for row in rows],
        )

    return checked


def places(problems):
    return [(each.code, each.at.row, each.at.column) for each in problems]


def test_unique_refuses_the_second_row(check):
    done = check(
        f"{ITEMS}  - {{rule: unique, fields: [rate]}}\n", "Item,Price,Code", "A,1,x", "B,1,y"
    )
    assert done.statuses == ["ready", "rejected"]
    assert places(done.report.problems) == [("ZB307", 3, "Price")]


def test_unique_as_a_warning_refuses_nothing(check):
    mapping = f"{ITEMS}  - {{rule: unique, fields: [rate], level: warning}}\n"
    done = check(mapping, "Item,Price,Code", "A,1,x", "B,1,y", "C,,z", "C,1,w")
    assert done.statuses == ["ready", "ready", "rejected", "rejected"]
    assert done.codes == ["", "ZB307", "ZB301", "ZB307"]
    assert done.messages[1].startswith("warning: ")
    assert not done.messages[3].startswith("warning: ")
    assert done.report.warning_counts == {"ZB307": 2}
    assert {each.level for each in done.report.warnings} == {Level.WARNING}


@pytest.mark.parametrize("workers", [1, 2])
def test_names_that_differ_only_in_capitals_or_spaces_are_refused(check, workers):
    rows = ["Alpha,1,x1", "ALPHA ,1,x2", "Alpha\u00a0,1,x3", "al  pha,1,X1", "Al\u00a0Pha,1,x5"]
    done = check(f"{ITEMS}  []\n", "Item,Price,Code", *rows, workers=workers)
    assert done.statuses == ["ready", "rejected", "rejected", "rejected", "rejected"]
    assert done.codes == ["", "ZB328", "ZB307", "ZB328", "ZB328"]
    assert places(done.report.problems)[0] == ("ZB328", 3, "Item")
    assert done.messages[1] == "Item: 'ALPHA' is 'Alpha' of row 2 but for capitals or spaces"
    assert done.messages[3] == "Code: 'X1' is 'x1' of row 2 but for capitals or spaces"
    assert "'Al\\xa0Pha' is 'al  pha' of row 5" in done.messages[4]


def test_documents_that_differ_only_in_the_capitals_of_their_number_are_refused(check):
    rows = ["1,inv-1,Pen,1,5", "1,inv-1,Nib,1,5", "1,INV-1,Ink,1,5"]
    mapping = INVOICES.replace("fields:", "group_rows_by: [No]\nfields:", 1)
    mapping = mapping.replace("    - {", "    each_row: {")
    done = check(f"{mapping}  []\n", "Customer,No,Item,Qty,Price", *rows)
    assert done.codes == ["", "", "ZB328"]


def test_unique_knows_custom_fields(check):
    mapping = ITEMS.replace("sku: Code", "custom_fields: {Legacy: Code}")
    mapping += "  - {rule: unique, fields: [custom_fields.Legacy]}\n"
    done = check(mapping, "Item,Price,Code", "A,1,x", "B,1,x", "C,1,")
    assert places(done.report.problems) == [("ZB307", 3, "Code")]


def test_a_total_that_differs_is_told_with_both_numbers(check):
    done = check(
        f'{INVOICES}  - {{rule: total_equals, column: Total, within: "0.05"}}\n',
        "Customer,No,Item,Qty,Price,Total",
        "1,A,Pen,3,2.50,7.50",
        "1,B,Pen,3,2.50,7.55",
        "1,C,Pen,3,2.50,7.56",
        "1,D,Pen,3,2.50,",
        "1,E,Pen,3,2.50,seven",
        "1,F,Pen,3,two,9",
    )
    assert done.codes == ["", "", "ZB322", "", "ZB204", "ZB204"]
    assert places(done.report.problems)[0] == ("ZB322", 4, "Total")
    assert done.messages[2] == "Total: the lines come to 7.50, the sheet says 7.56"
    assert done.report.exit_code is ExitCode.SOME_ROWS


def test_a_total_as_a_warning_stands_beside_the_row_and_the_exit_code_is_fine(check):
    words = "level: warning, message: Look at it"
    done = check(
        f"{INVOICES}  - {{rule: total_equals, column: Total, {words}}}\n",
        "Customer,No,Item,Qty,Price,Total",
        "1,A,Pen,3,2.50,8",
    )
    assert (done.statuses, done.codes) == (["ready"], ["ZB322"])
    assert done.messages == ["warning: Total: Look at it: the lines come to 7.50, the sheet says 8"]
    assert done.report.exit_code is ExitCode.FINE
    assert done.report.problems == ()
    assert places(done.report.warnings) == [("ZB322", 2, "Total")]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_control_total_that_is_not_met_refuses_the_file_as_a_whole(check, workers):
    rows = ["Item,Price,Code", *(f"Thing {n},{n}.01,{n}" for n in range(1, 41)), "Bad,,x", "Z,1,1"]
    good = check(f'{ITEMS}  - {{rule: control_total, column: Price, expect: "821.4"}}\n', *rows)
    assert set(good.codes) == {"", "ZB301", "ZB307"}
    mapping = f'{ITEMS}  - {{rule: control_total, column: Price, expect: "820.4"}}\n'
    done = check(mapping, *rows, workers=workers)
    (problem,) = [each for each in done.report.problems if each.code == "ZB322"]
    assert (problem.at.row, problem.at.column) == (None, "Price")
    assert problem.message == "the rows add up to 821.40, the mapping expects 820.4"
    assert done.report.refused_whole
    assert done.report.exit_code is ExitCode.SOME_ROWS


def test_a_journal_out_of_balance_is_refused_whole_and_its_first_row_tells_why(check):
    done = check(
        JOURNALS,
        "Ref,Date,Account,Side,Amount",
        "A,2024-03-31,11,debit,5.00",
        "B,2024-03-31,11,debit,7.00",
        "A,2024-03-31,12,credit,5",
        "B,2024-03-31,12,credit,6.99",
        "C,2024-03-31,11,debit,1",
        "C,2024-03-31,11,credit,1",
        ",2024-03-31,11,debit,1",
    )
    assert done.codes == ["", "ZB320", "", "ZB311", "ZB321", "ZB311", "ZB320"]
    assert done.messages[1] == "Account, Side, Amount: debits are 7.00, credits 6.99: 0.01 apart"
    assert done.messages[3] == "row 3 of the same journal is refused"
    assert done.report.calls_needed == 1


def test_a_column_that_the_sheet_does_not_have_is_told_at_its_place(check):
    with pytest.raises(MappingError) as caught:
        check(f"{INVOICES}  - {{rule: total_equals, column: Sum}}\n", "Customer,No,Item,Qty,Price")
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB209", 9, "34")


@pytest.mark.parametrize(
    ("check", "code", "place", "words"),
    [
        ("{rule: uniqe, fields: [sku]}", "ZB202", (5, "12"), "Did you mean 'unique'"),
        ("{rule: unique}", "ZB213", (5, "5"), "`fields:`"),
        ("{rule: unique, fields: [skuu]}", "ZB213", (5, "29"), "Did you mean 'sku'"),
        ("{rule: unique, fields: [sku], within: 1}", "ZB230", (5, "35"), "no effect"),
        ("{rule: unique, fields: [sku], lvel: warning}", "ZB202", (5, "35"), "'level'"),
        ("{rule: unique, fields: [sku], level: loud}", "ZB202", (5, "42"), "error, warning"),
        ("{rule: balanced}", "ZB230", (5, "5"), "no debits"),
        ("{rule: total_equals, column: Total}", "ZB230", (5, "5"), "`line_items`"),
        ("{rule: control_total, column: Price, expect: many}", "ZB212", (5, "50"), "'many'"),
        ("{rule: formula}", "ZB213", (5, "5"), "`that:`"),
        ("{rule: formula, that: '[Price] >='}", "ZB220", (5, "27"), "breaks off"),
        ("{rule: formula, that: '[Price] > 0', within: 1}", "ZB230", (5, "42"), "no effect"),
        ("{fields: [sku]}", "ZB213", (5, "5"), "`rule:`"),
        ("unique", "ZB212", (5, "5"), "map"),
    ],
)
def test_a_check_that_is_written_wrong_is_told_at_its_place(check, code, place, words):
    with pytest.raises(MappingError) as caught:
        parse_mapping(f"{ITEMS}  - {check}\n", file="m.yml")
    (problem,) = caught.value.problems
    assert (problem.code, (problem.at.row, problem.at.column)) == (code, place)
    assert words in f"{problem.message} {problem.fix}"


FORMULA = "{rule: formula, that: '[Price] >= [Cost]'MORE}"


def formula(more=""):
    return f"{ITEMS}  - {FORMULA.replace('MORE', more)}\n"


def test_a_formula_that_is_not_true_refuses_the_row_and_names_its_columns(check):
    done = check(formula(), "Item,Code,Price,Cost", "Pen,1,2,1", "Ink,2,2,2.01", "Nib,3,3,3")
    assert places(done.report.problems) == [("ZB323", 3, "Price, Cost")]
    assert done.statuses == ["ready", "rejected", "ready"]
    assert "[Price] >= [Cost] is not true" in done.messages[1]


def test_a_formula_may_only_warn_in_the_users_own_words(check):
    done = check(
        formula(", level: warning, message: Selling below cost"),
        "Item,Code,Price,Cost",
        "Pen,1,2,1",
        "Ink,2,2,3",
    )
    assert done.report.exit_code is ExitCode.FINE
    assert done.statuses == ["ready", "ready"]
    assert done.messages[1] == "warning: Price, Cost: Selling below cost"
    assert places(done.report.warnings) == [("ZB323", 3, "Price, Cost")]


def test_a_formula_that_divides_by_zero_refuses_the_row_at_any_level(check):
    mapping = f"{ITEMS}  - {{rule: formula, that: '[Price] / [Cost] > 1', level: warning}}\n"
    done = check(mapping, "Item,Code,Price,Cost", "Pen,1,2,1", "Ink,2,2,0")
    assert places(done.report.problems) == [("ZB221", 3, "Price, Cost")]
    assert done.statuses == ["ready", "rejected"]


def test_a_formula_is_not_asked_where_all_its_cells_are_blank(check):
    mapping = f"{ITEMS}  - {{rule: formula, that: '[Cost] > 1'}}\n"
    done = check(mapping, "Item,Code,Price,Cost", "Pen,1,2,", "Ink,2,2,1")
    assert done.statuses == ["ready", "rejected"]


def test_a_formula_over_a_column_that_is_missing_is_told_at_its_place(check):
    with pytest.raises(MappingError) as caught:
        check(formula(), "Item,Code,Price,Kost", "Pen,1,2,1")
    (problem,) = caught.value.problems
    assert (problem.code, problem.at.row, problem.at.column) == ("ZB209", 5, "27")
    assert "Did you mean 'Kost'" in problem.fix


def test_one_row_of_a_document_that_fails_a_formula_refuses_all_of_it(check):
    mapping = (
        "zbbulk: 1\nresource: invoices\ngroup_rows_by: [No]\nfields:\n  customer_id: Customer\n"
        "  invoice_number: No\n  line_items: {each_row: {name: Item, rate: Price}}\n"
        "checks:\n  - {rule: formula, that: '[Price] < 100'}\n"
    )
    done = check(
        mapping, "Customer,No,Item,Price", "1,A,Pen,5", "1,B,Ink,6", "1,A,Car,900", "1,A,Nib,1"
    )
    assert done.codes == ["ZB311", "", "ZB323", "ZB311"]
    assert places(done.report.problems)[1] == ("ZB323", 4, "Price")


def test_warnings_are_counted_in_json(check):
    rows = [f"1,{number},Pen,1,1,2" for number in range(30)]
    mapping = f"{INVOICES}  - {{rule: total_equals, column: Total, level: warning}}\n"
    told = check(mapping, "Customer,No,Item,Qty,Price,Total", *rows).report.to_json()
    assert json.loads(json.dumps(told))["warning_counts"] == {"ZB322": 30}
    assert len(told["warnings"]) < 30
