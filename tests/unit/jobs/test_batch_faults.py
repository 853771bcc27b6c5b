"""What a check says of rows that travel in one call; an import sends only what passes it."""

import json
import re
from pathlib import Path

import pytest

from zbbulk.jobs import match_keys

HEADER = "Ref,Date,Account,Side,Amount"
DAY = "2024-01-31"


def line(ref, account, amount="5", *, day=DAY, side="debit"):
    return f"{ref},{day},{account},{side},{amount}"


def test_rows_of_one_journal_pass_and_need_one_call(checked):
    rows = [line("A", 1), line("B", 2), line("A", 3), line("B", 4), line("", 5), line("", 6)]
    done = checked("journals", HEADER, *rows)
    assert set(done.statuses.values()) == {"ready"}
    assert done.report.calls_needed == 4
    assert done.report.to_json()["calls_needed"] == 4


def test_a_refused_row_refuses_the_rows_of_its_journal_and_no_other(checked):
    rows = [line("A", 1), line("B", 2), line("A", 3, "abc"), line("B", 4), line("A", 5)]
    done = checked("journals", HEADER, *rows)
    assert done.codes == {2: "ZB311", 4: "ZB204", 6: "ZB311"}
    assert done.messages[2] == "row 4 of the same journal is refused"
    assert {problem.at.row for problem in done.report.problems} == {2, 4, 6}
    assert done.report.calls_needed == 1
    assert done.report.counts == {"ready": 2, "rejected": 3}


@pytest.mark.parametrize(
    ("bad", "words"),
    [(2, "rows 3 and 4"), (3, "rows 3, 4 and 5"), (5, "rows 3, 4, 5 and 2 more")],
)
def test_the_rows_at_fault_are_named(checked, bad, words):
    done = checked("journals", HEADER, line("A", 1), *[line("A", 2, "abc")] * bad)
    assert done.messages[2] == f"{words} of the same journal are refused"


def test_two_dates_in_one_journal_are_a_problem_that_names_both_rows(checked):
    rows = [line("A", 1), line("A", 2), line("B", 3), line("A", 4, day="2024-02-01")]
    done = checked("journals", HEADER, *rows)
    assert done.codes == {2: "ZB311", 3: "ZB311", 5: "ZB312"}
    (problem,) = [each for each in done.report.problems if each.code == "ZB312"]
    assert (problem.at.row, problem.at.column) == (5, "Date")
    assert problem.message == (
        "journal_date is '2024-02-01', and '2024-01-31' in row 2 of the same journal"
    )
    assert done.messages[2] == "row 5 of the same journal is refused"


def test_every_field_that_differs_is_named(checked):
    mapping = """\
fields:
  journal_date: Date
  entry_number: Number
  reference_number: Ref
  exchange_rate: Rate
  line_items: [{account_id: Account}]
"""
    rows = ["1,2024-01-01,A,1.50,1", "1,2024-01-01,A,1.5,2", "1,2024-01-01,,2,3"]
    done = checked("journals", "Number,Date,Ref,Rate,Account", *rows, mapping=mapping)
    assert done.codes == {2: "ZB311", 3: "ZB311", 4: "ZB312"}
    assert "reference_number is blank, and 'A' in row 2" in done.messages[4]
    assert "exchange_rate is '2', and '1.5' in row 2" in done.messages[4]


def test_a_refused_row_is_not_also_told_to_differ(checked):
    rows = [line("A", 1, day="31/31/2024"), line("A", 2), line("A", 3)]
    assert checked("journals", HEADER, *rows).codes == {2: "ZB205", 3: "ZB311", 4: "ZB311"}


def test_good_lines_of_a_bank_statement_go_without_the_bad_ones(checked):
    rows = [f"1,{DAY},{'abc' if number == 7 else number + 1}" for number in range(1200)]
    done = checked("bankstatements", "Bank,Date,Amount", *rows)
    assert done.codes == {9: "ZB204"}
    assert done.report.calls_needed == 3


def test_statements_of_two_accounts_are_two_calls(checked):
    rows = [f"{bank},{DAY},5" for bank in "12" * 400]
    done = checked("bankstatements", "Bank,Date,Amount", *rows)
    assert done.report.calls_needed == 2
    assert done.codes == {}


def test_opening_balances_are_all_or_none(checked):
    header = "Date,Account,Amount"
    good = checked("openingbalances", header, f"{DAY},1,5", f"{DAY},2,5")
    assert (good.report.calls_needed, good.codes) == (1, {})
    bad = checked("openingbalances", header, f"{DAY},1,5", f"{DAY},2,-1", f"{DAY},3,5")
    assert bad.codes == {2: "ZB311", 3: "ZB306", 4: "ZB311"}
    assert bad.messages[2] == "row 3 of the same opening balance is refused"


def test_opening_balances_have_one_date(checked):
    done = checked("openingbalances", "Date,Account,Amount", f"{DAY},1,5", "2024-02-29,2,5")
    assert done.codes == {2: "ZB311", 3: "ZB312"}


def test_rows_of_one_journal_share_its_match_key(checked):
    rows = [line("A", 1), line("B", 2), line("A", 3), line("B", 4)]
    done = checked("journals", HEADER, *rows, top="key: {fields: [reference_number]}\n")
    assert done.codes == {}


def test_another_journal_with_the_same_match_key_is_refused(checked):
    mapping = """\
fields:
  journal_date: Date
  entry_number: Number
  reference_number: Ref
  line_items: [{account_id: Account}]
"""
    rows = [f"{number},{DAY},A,9" for number in "1212"]
    done = checked(
        "journals",
        "Number,Date,Ref,Account",
        *rows,
        mapping=mapping,
        top="key: {fields: [reference_number]}\n",
    )
    assert done.codes == {3: "ZB307", 5: "ZB307"}
    assert "'A' already stands in row 2" in done.messages[3]


def test_rows_that_go_alone_may_not_share_a_match_key(checked):
    rows = [line("", 1), line("", 2)]
    done = checked("journals", HEADER, *rows, top="key: {fields: [journal_date]}\n")
    assert done.codes == {3: "ZB307"}


def test_rows_of_one_update_share_the_id(checked):
    mapping = "fields:\n  journal_id: Id\n  line_items: [{account_id: Account}]\n"
    rows = ["7,1", "8,2", "7,3"]
    top = "action: update\nkey: {lines_missing: delete}\n"
    done = checked("journals", "Id,Account", *rows, mapping=mapping, top=top)
    assert done.codes == {}
    assert done.report.calls_needed == 2
    reading = checked("journals", "Id,Account", *rows, mapping=mapping, top="action: update\n")
    assert reading.report.calls_needed == 4


def test_a_journal_that_an_earlier_run_sent_in_part_is_not_sent_in_part(checked):
    rows = [
        f"{line('A', 1)},created",
        f"{line('A', 2)},",
        f"{line('B', 3)},unknown",
        f"{line('B', 4)},unknown",
        f"{line('C', 5)},ready",
        f"{line('C', 6)},failed",
        f"{line('', 7)},created",
        f"{line('', 8)},",
    ]
    done = checked("journals", f"{HEADER},zb_status", *rows)
    assert done.statuses == {
        2: "skipped",
        3: "rejected",
        4: "skipped",
        5: "skipped",
        6: "ready",
        7: "ready",
        8: "skipped",
        9: "ready",
    }
    assert done.codes[3] == "ZB311"
    assert done.messages[3] == "row 2 of the same journal was sent by an earlier run"
    assert done.report.calls_needed == 2


def test_two_processes_tell_the_same_as_one(checked, monkeypatch):
    monkeypatch.setattr(match_keys, "_IN_MEMORY", 8)
    rows = [line(f"J{number % 40}", number) for number in range(400)]
    rows[11] = line("J11", 11, "abc")
    rows[390] = line("J30", 390, day="2024-02-01")
    rows[200] = ""

    def told(workers):
        done = checked(
            "journals",
            HEADER,
            *rows,
            workers=workers,
            top="key: {fields: [reference_number]}\n",
        )
        story = done.report.to_json()
        shown = ("counts", "problems", "problem_counts", "calls_needed")
        return json.dumps([story[word] for word in shown]), done.statuses, done.messages

    one = told(1)
    assert one == told(2)
    assert json.loads(one[0])[2] == {"ZB204": 1, "ZB312": 1, "ZB311": 18}
    assert json.loads(one[0])[3] == 38


def test_the_example_of_the_documentation_is_two_calls(checked):
    text = (Path(__file__).parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
    section = text.split("## Many rows, one call\n")[1].split("\n## ")[0]
    (mapping,) = re.findall(r"```yaml\nzbbulk: 1\nresource: journals\n(.*?)```", section, re.DOTALL)
    (sheet,) = re.findall(r"```csv\n(.*?)```", section, re.DOTALL)
    done = checked("journals", *sheet.splitlines(), mapping=mapping)
    assert "These are two calls" in section
    assert done.report.calls_needed == 2
    assert set(done.statuses.values()) == {"ready"}


def test_the_example_of_debit_and_credit_is_one_journal_and_a_refused_one(checked):
    text = (Path(__file__).parents[3] / "docs" / "mapping.md").read_text(encoding="utf-8")
    section = text.split("## Debit and credit\n")[1].split("\n## ")[0]
    (mapping,) = re.findall(r"```yaml\nzbbulk: 1\nresource: journals\n(.*?)```", section, re.DOTALL)
    (sheet,) = re.findall(r"```csv\n(.*?)```", section, re.DOTALL)
    done = checked("journals", *sheet.splitlines(), mapping=mapping)
    assert list(done.statuses.values()) == ["ready", "ready", "rejected", "rejected"]
    assert dict(done.report.problem_counts) == {"ZB223": 1, "ZB311": 1}
