"""What checks do to a whole import: nothing is lost, and nothing is sent that they refuse."""

from zbbulk.errors import ExitCode

ITEMS = "zbbulk: 1\nresource: items\nfields: {name: Item, sku: Code, rate: Price}\nchecks:\n"


def sent_items(done):
    return [each for each in done.sandbox.requests() if each.path.endswith("/items")]


def test_a_warning_stands_beside_a_row_that_was_created(tmp_path, shop, send):
    mapping = tmp_path / "m.yml"
    mapping.write_text(f"{ITEMS}  - {{rule: unique, fields: [rate], level: warning}}\n")
    sheet = tmp_path / "rows.csv"
    sheet.write_text("Item,Code,Price\nA,1,5\nB,2,5\nC,3,6\n")
    with send(sheet, mapping=mapping) as done:
        assert done.statuses == ["created"] * 3
        assert [row["zb_code"] for row in done.rows] == ["", "ZB307", ""]
        assert "warning: Price: '5' already stands in row 2" in done.rows[1]["zb_message"]
        assert done.rows[1]["zb_id"]
        assert done.report.failures == ()
        assert done.report.exit_code is ExitCode.FINE


def test_nothing_is_sent_when_a_control_total_is_not_met(tmp_path, shop, send):
    mapping = tmp_path / "m.yml"
    mapping.write_text(f"{ITEMS}  - {{rule: control_total, column: Price, expect: 9}}\n")
    with send(shop(3), mapping=mapping) as done:
        assert sent_items(done) == []
        assert done.statuses == ["ready"] * 3
        assert done.report.stopped.code == "ZB322"
        assert done.report.exit_code is ExitCode.NOTHING_SENT


def test_a_control_total_that_is_met_lets_all_rows_go(tmp_path, shop, send):
    mapping = tmp_path / "m.yml"
    mapping.write_text(f"{ITEMS}  - {{rule: control_total, column: Price, expect: 7.5}}\n")
    with send(shop(3), mapping=mapping) as done:
        assert done.statuses == ["created"] * 3
