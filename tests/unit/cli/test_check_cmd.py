import csv
import json
from pathlib import Path

import pytest

from zbbulk.assets import asset_path

MAPPING = """\
zbbulk: 1
resource: items
source: {numbers: "1,234.56"}
fields:
  name: Item
  sku: Code
  rate: Price
"""
SHEET = "Item,Code,Price\nPen,007,1.50\nInk,008,abc\n,009,2\nNib,007,3\n"


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "m.yml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "shop.csv").write_text(SHEET, encoding="utf-8")


def result_rows(path):
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_problem_is_told_with_code_place_and_fix(run, shop):
    ran = run("check", "shop.csv", "-m", "m.yml")
    assert ran.code == 1
    assert "ZB204 'abc' is not a number" in ran.out
    assert "--> shop.csv:3, column 'Price'" in ran.out
    assert "--> shop.csv:4, column 'Item'" in ran.out
    assert "ZB307 '007' already stands in row 2\n  --> shop.csv:5, column 'Code'" in ran.out
    assert "checked  4 rows: 1 ready, 3 rejected" in ran.out
    assert ran.err == ""


def test_the_result_file_has_every_row_with_what_became_of_it(run, shop):
    told = json.loads(run("check", "shop.csv", "-m", "m.yml", "--format", "json").out)
    rows = result_rows(told["result"])
    assert [row["Item"] for row in rows] == ["Pen", "Ink", "", "Nib"]
    assert [row["Code"] for row in rows] == ["007", "008", "009", "007"]
    assert [row["zb_status"] for row in rows] == ["ready", "rejected", "rejected", "rejected"]
    assert [row["zb_code"] for row in rows] == ["", "ZB204", "ZB301", "ZB307"]
    assert rows[1]["zb_message"].startswith("Price: 'abc' is not a number")
    assert rows[1]["zb_fix"]


def test_json_tells_the_same_under_the_names_of_the_result(run, shop):
    told = json.loads(run("check", "shop.csv", "-m", "m.yml", "--format", "json").out)
    assert told["counts"] == {"ready": 1, "rejected": 3}
    assert told["problem_counts"] == {"ZB204": 1, "ZB301": 1, "ZB307": 1}
    assert [(each["code"], each["row"], each["column"]) for each in told["problems"]] == [
        ("ZB204", 3, "Price"),
        ("ZB301", 4, "Item"),
        ("ZB307", 5, "Code"),
    ]
    assert told["form"]["encoding"] == "utf-8"
    assert told["exit_code"] == 1


def test_a_file_without_problems_ends_with_0_and_tells_the_next_step(run, shop, tmp_path):
    (tmp_path / "good.csv").write_text("Item,Code,Price\nPen,007,1.50\n", encoding="utf-8")
    ran = run("check", "good.csv", "-m", "m.yml")
    assert ran.code == 0
    assert "next     zbbulk import good.csv -m m.yml --sandbox" in ran.out


def test_after_twenty_of_one_code_only_their_number_is_told(run, shop, tmp_path):
    lines = "".join(f"Pen {number},{number},abc\n" for number in range(500))
    (tmp_path / "bad.csv").write_text(f"Item,Code,Price\n{lines}", encoding="utf-8")
    ran = run("check", "bad.csv", "-m", "m.yml")
    assert ran.out.count("ZB204 'abc'") == 20
    assert "ZB204 and 480 more" in ran.out


def test_quiet_prints_only_what_is_wrong(run, shop):
    lines = run("check", "shop.csv", "-m", "m.yml", "-q").out.splitlines()
    assert [line[:5] for line in lines[::3]] == ["ZB204", "ZB301", "ZB307"]
    assert {line[:6] for line in lines[1::3]} == {"  --> "}
    assert {line[:6] for line in lines[2::3]} == {"  fix:"}


def test_a_missing_file_is_told_on_stderr_and_ends_with_2(run, shop):
    ran = run("check", "nothing.csv", "-m", "m.yml")
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("ZB101 ")
    assert "--> nothing.csv" in ran.err


def test_a_missing_file_is_told_as_json_too(run, shop):
    ran = run("check", "nothing.csv", "-m", "m.yml", "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == told["exit_code"] == 2
    assert [(each["code"], each["file"]) for each in told["problems"]] == [("ZB101", "nothing.csv")]


def test_an_unknown_mapping_names_the_nearest(run, shop):
    ran = run("check", "shop.csv", "-m", "itmes")
    assert ran.code == 2
    assert "ZB002" in ran.err
    assert "Did you mean 'items'?" in ran.err


def test_a_mapping_that_does_not_fit_names_every_missing_column_with_its_line(run, tmp_path, shop):
    (tmp_path / "other.csv").write_text("Item,Cod,Preis\nPen,1,2\n", encoding="utf-8")
    ran = run("check", "other.csv", "-m", "m.yml")
    assert ran.code == 2
    assert "ZB209 other.csv has no column 'Code'.\n  --> m.yml:6:8" in ran.err
    assert "ZB209 other.csv has no column 'Price'.\n  --> m.yml:7:9" in ran.err


def test_a_folder_that_can_not_be_made_is_told(run, shop, tmp_path):
    (tmp_path / "runs").write_text("a file is in the way")
    ran = run("check", "shop.csv", "-m", "m.yml", "--runs", "runs/below")
    assert ran.code == 2
    assert "ZB503" in ran.err


@pytest.mark.parametrize("name", ["items", "contacts", "invoices", "estimates", "bankaccounts"])
def test_each_shipped_sample_passes_its_mapping(run, name):
    ran = run("check", asset_path("samples", f"{name}.csv"), "-m", name)
    assert ran.code == 0, ran.out
    assert " rejected" not in ran.out


def test_a_workbook_comes_back_as_a_workbook(run):
    ran = run("check", asset_path("samples", "items.xlsx"), "-m", "items", "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert told["result"].endswith("result.xlsx")
    assert told["form"]["kind"] == "xlsx"


def test_letters_that_may_be_wrong_are_shown(run, shop, tmp_path):
    (tmp_path / "polish.csv").write_bytes("Item,Code,Price\nŁódź,1,2\n".encode("cp1250"))
    ran = run("check", "polish.csv", "-m", "m.yml")
    assert ran.code == 0
    assert "ZB121 warning: Read as windows-1252, as it is not UTF-8: is '£ódŸ' right?" in ran.out
    assert "--> polish.csv:2" in ran.out


def test_a_wrong_delimiter_is_told_with_the_missing_columns(run, shop, tmp_path):
    (tmp_path / "m.yml").write_text(MAPPING.replace("{numbers", '{delimiter: ";", numbers'))
    ran = run("check", "shop.csv", "-m", "m.yml")
    assert ran.code == 2
    assert "ZB116 " in ran.err
    assert ran.err.count("ZB209 ") >= 3


def test_the_next_step_can_be_pasted(run, shop, tmp_path):
    (tmp_path / "my shop;.csv").write_text("Item,Code,Price\nPen,1,2\n")
    ran = run("check", "my shop;.csv", "-m", "m.yml")
    assert "zbbulk import 'my shop;.csv' -m m.yml --sandbox" in ran.out


def test_a_sheet_without_rows_has_no_next_step(run, shop, tmp_path):
    (tmp_path / "none.csv").write_text("Item,Code,Price\n")
    ran = run("check", "none.csv", "-m", "m.yml")
    assert ran.code == 0
    assert "nothing to send" in ran.out


def test_a_check_that_fails_leaves_no_empty_folder(run, shop, tmp_path):
    (tmp_path / "open.csv").write_text('Item,Code,Price\nPen,1,2\n"Ink,2,3\n')
    assert run("check", "open.csv", "-m", "m.yml").code == 2
    assert list((tmp_path / "zbbulk-runs").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"), (b"<!DOCTYPE html><p>", "a web page (HTML)")],
)
def test_a_file_that_is_no_csv_is_told_what_it_is(run, shop, tmp_path, content, kind):
    (tmp_path / "odd.csv").write_bytes(content)
    ran = run("check", "odd.csv", "-m", "m.yml")
    assert ran.code == 2
    assert f"ZB110 odd.csv is not a CSV file: it is {kind}." in ran.err


def test_columns_that_disagree_on_day_and_month_are_told(run, tmp_path):
    (tmp_path / "inv.yml").write_text(
        "zbbulk: 1\nresource: invoices\nfields:\n  customer_id: C\n  date: D\n  due_date: E\n"
        "  line_items: [{name: N, rate: R}]\n"
    )
    (tmp_path / "inv.csv").write_text(
        "C,D,E,N,R\n1,13/4/2024,3/25/2024,x,1\n1,1/4/2024,4/1/2024,x,1\n"
    )
    ran = run("check", "inv.csv", "-m", "inv.yml")
    assert ran.code == 2
    assert "ZB210 'E' fits only mm/dd/yyyy, and 'D' only dd/mm/yyyy" in ran.err
    assert "--> inv.yml:6:13" in ran.err


def test_a_title_above_the_header_is_told_with_the_row_of_the_names(run, shop, tmp_path):
    (tmp_path / "titled.csv").write_text("Prices 2024,,\n,,\nItem,Code,Price\nPen,1,2\n")
    ran = run("check", "titled.csv", "-m", "m.yml")
    assert ran.code == 2
    assert "If the column names stand in row 3, set `header_row: 3` in `source:`." in ran.err


def test_a_mapping_that_ships_is_called_by_its_name(run):
    ran = run("check", asset_path("samples", "items.csv"), "-m", "items")
    assert "mapping  items: creates items" in ran.out
    assert " -m items --sandbox" in ran.out


SHOWN = """\
row 2: POST /items
{
  "name": "Pen",
  "sku": "007",
  "rate": 1.50
}
row 5: POST /items
{
  "name": "Nib",
  "sku": "011",
  "rate": 3.00
}
"""


def test_show_prints_the_first_records_as_they_would_be_sent(run, shop, tmp_path):
    sheet = SHEET.replace("Nib,007,3", "Nib,011,3.00\nCap,010,4")
    (tmp_path / "shop.csv").write_text(sheet, encoding="utf-8")
    assert SHOWN in run("check", "shop.csv", "-m", "m.yml", "--show", "2").out
    told = json.loads(
        run("check", "shop.csv", "-m", "m.yml", "--show", "2", "--format", "json").out
    )
    assert [each["rows"] for each in told["shown"]] == [[2], [5]]
    assert told["shown"][0]["record"] == {"name": "Pen", "sku": "007", "rate": 1.5}


def test_records_writes_all_that_would_be_sent_and_never_over_a_file(run, shop, tmp_path):
    ran = run("check", "shop.csv", "-m", "m.yml", "--records", "out.jsonl")
    assert ran.code == 1
    written = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert written == (
        '{"rows": [2], "call": "POST /items", '
        '"record": {"name": "Pen", "sku": "007", "rate": 1.50}}\n'
    )
    again = run("check", "shop.csv", "-m", "m.yml", "--records", "out.jsonl")
    assert again.code == 2
    assert "ZB008" in again.err
    assert len(list((tmp_path / "zbbulk-runs").iterdir())) == 1
    assert run("check", "shop.csv", "-m", "m.yml", "--records", "out.jsonl", "--force").code == 1


@pytest.mark.parametrize("name", ["shop.csv", "m.yml", "/dev/null"])
def test_records_never_replaces_what_is_checked_nor_what_is_no_file(run, shop, tmp_path, name):
    before = (tmp_path / "shop.csv").read_bytes(), (tmp_path / "m.yml").read_bytes()
    ran = run("check", "shop.csv", "-m", "m.yml", "--records", name, "--force")
    assert ran.code == 2
    assert "ZB008" in ran.err
    assert "Give another name." in ran.err
    assert ((tmp_path / "shop.csv").read_bytes(), (tmp_path / "m.yml").read_bytes()) == before


def test_rows_of_one_call_are_shown_as_one_record(run, tmp_path):
    (tmp_path / "jv.csv").write_text(
        "Ref,Date,Account,Side,Amount\n"
        "A,2024-03-31,11,debit,5.00\nB,2024-03-31,11,debit,x\n\nA,2024-03-31,12,credit,5.00\n"
    )
    (tmp_path / "jv.yml").write_text(
        "zbbulk: 1\nresource: journals\nsource: {dates: yyyy-mm-dd}\nfields:\n"
        "  reference_number: Ref\n  journal_date: Date\n  line_items:\n"
        "    - {account_id: Account, debit_or_credit: Side, amount: Amount}\n"
    )
    run("check", "jv.csv", "-m", "jv.yml", "--records", "out.jsonl")
    (line,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told["rows"] == [2, 5]
    assert [each["amount"] for each in told["record"]["line_items"]] == [5.0, 5.0]


def test_documents_of_many_rows_are_counted(run, shop):
    mapping = """\
zbbulk: 1
resource: invoices
group_rows_by: [No]
fields:
  customer_id: Customer
  invoice_number: No
  line_items: {each_row: {name: Item, rate: Price}}
"""
    Path("m.yml").write_text(mapping, encoding="utf-8")
    rows = ["No,Customer,Item,Price", "1,77,Pen,1", "2,77,Cup,1", "1,77,Ink,x"]
    Path("sales.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    assert (
        "checked  3 rows in 2 invoices: 1 ready, 2 rejected"
        in run("check", "sales.csv", "-m", "m.yml").out
    )
    Path("sales.csv").write_text("\n".join([*rows[:2], ""]), encoding="utf-8")
    assert "checked  1 row in 1 invoice: 1 ready" in run("check", "sales.csv", "-m", "m.yml").out


def test_the_result_of_a_file_in_a_declared_encoding_can_be_fed_in_again(run, tmp_path):
    mapping = MAPPING.replace('{numbers: "1,234.56"}', "{encoding: windows-1252}")
    (tmp_path / "m.yml").write_text(mapping, encoding="utf-8")
    (tmp_path / "shop.csv").write_bytes("Item,Code,Price\nBüro,1,5\n".encode("cp1252"))
    first = json.loads(run("check", "shop.csv", "-m", "m.yml", "--format", "json").out)
    again = run("check", first["result"], "-m", "m.yml", "--format", "json")
    told = json.loads(again.out)
    assert (again.code, told["counts"]) == (0, {"ready": 1})
    assert [each["code"] for each in told["warnings"]] == ["ZB122"]
    assert result_rows(told["result"])[0]["Item"] == "Büro"


@pytest.mark.parametrize(("mark", "is_kept"), [(";", False), ("|", False), ("^", True)])
def test_the_result_of_a_file_that_names_its_delimiter_can_be_fed_in_again(
    run, tmp_path, mark, is_kept
):
    (tmp_path / "m.yml").write_text(MAPPING, encoding="utf-8")
    rows = [["Item", "Code", "Price"], ["Büro", "1", '"1,250.00"'], ["Nib", "2", "abc"]]
    text = f"sep={mark}\r\n" + "".join(mark.join(row) + "\r\n" for row in rows)
    (tmp_path / "shop.csv").write_text(text, encoding="utf-8", newline="")
    first = json.loads(run("check", "shop.csv", "-m", "m.yml", "--format", "json").out)
    begins = f"sep={mark}\r\nItem{mark}" if is_kept else f"Item{mark}Code"
    result = Path(first["result"]).read_bytes().decode("utf-8-sig")
    assert result.startswith(begins)
    again = json.loads(run("check", first["result"], "-m", "m.yml", "--format", "json").out)
    assert again["counts"] == first["counts"] == {"ready": 1, "rejected": 1}
    assert [(each["code"], each["row"]) for each in again["problems"]] == [("ZB204", 3)]
    assert Path(again["result"]).read_bytes().decode("utf-8-sig").startswith(begins)


def test_counts_of_one_are_told_in_the_singular_and_the_next_command_keeps_the_folder(
    run, tmp_path
):
    (tmp_path / "m.yml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "one.csv").write_text("Item,Code,Price\nPen,007,1.50\n", encoding="utf-8")
    ran = run("check", "one.csv", "-m", "m.yml", "--runs", "my runs")
    assert "checked  1 row: 1 ready" in ran.out
    assert "import   1 call, less than a minute of Zoho's time\n" in ran.out
    assert "next     zbbulk import one.csv -m m.yml --runs 'my runs' --sandbox" in ran.out
    assert "Zoho Books was not asked" in ran.out
    sent = run("import", "one.csv", "-m", "m.yml", "--sandbox")
    assert "sending  1 item to the sandbox: 1 call, " in sent.out
    assert "outcome  1 row: 1 created" in sent.out


def test_a_large_check_tells_minutes_and_the_calls_of_a_day(run, tmp_path):
    (tmp_path / "m.yml").write_text(MAPPING, encoding="utf-8")
    rows = "".join(f"Pen {n},{n},1.50\n" for n in range(1200))
    (tmp_path / "many.csv").write_text(f"Item,Code,Price\n{rows}", encoding="utf-8")
    ran = run("check", "many.csv", "-m", "m.yml")
    assert "import   1200 calls, about 12 minutes of Zoho's time; plans allow 1,000 to" in ran.out


def test_opening_balances_tell_that_they_replace_what_is_there(run):
    sample = asset_path("samples", "openingbalances.csv")
    ran = run("check", str(sample), "-m", "openingbalances")
    assert "ZB335 warning: Opening balances are one record" in ran.out
    assert ran.code == 0


def test_a_shipped_mapping_does_without_columns_that_zoho_does_not_need(run, tmp_path):
    (tmp_path / "few.csv").write_text(
        "Item Name,Selling Price,Cost Pirce\nPen,1.50,1\n", encoding="utf-8"
    )
    ran = run("check", "few.csv", "-m", "items")
    assert ran.code == 0
    assert "left out 14 columns of the mapping that the sheet does not have: 'SKU', " in ran.out
    assert "'Cost Price' (is 'Cost Pirce' meant?)" in ran.out
    told = json.loads(run("check", "few.csv", "-m", "items", "--format", "json").out)
    assert {"column": "SKU", "nearest": ""} in told["left_out"]


def test_a_mapping_of_ones_own_names_only_columns_that_are_there(run, tmp_path):
    copy = run("resources", "items", "--mapping", "my.yml")
    assert "mapping  my.yml: a copy of items" in copy.out
    (tmp_path / "few.csv").write_text("Item Name,Selling Price\nPen,1.50\n", encoding="utf-8")
    ran = run("check", "few.csv", "-m", "my.yml")
    assert ran.code == 2
    assert "ZB209 few.csv has no column 'SKU'." in ran.err
