"""Migrations of several files, against a real sandbox over a real socket."""

import csv
import json
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest

from zbbulk.errors import ExitCode, MappingError, SourceError, UsageError
from zbbulk.jobs.migrate_job import migrate
from zbbulk.jobs.migration_reports import Ending
from zbbulk.jobs.migration_steps import open_migration
from zbbulk.jobs.progress import no_progress
from zbbulk.jobs.target import sandbox_target
from zbbulk.jobs.undo_job import undo_run
from zbbulk.model import Status
from zbbulk.sandbox import Sandbox
from zbbulk.zoho.clock import RealClock

MIGRATION = """\
zbbulk: 1
migration: Trial
steps:
  - {id: orders, mapping: orders.yml}
  - {id: customers, mapping: customers.yml}
  - {id: products, mapping: products.yml}
"""
CUSTOMERS = """\
zbbulk: 1
resource: contacts
legacy_key: {template: "customer {Id}"}
source: {file: customers.csv}
fields: {contact_name: Name, payment_terms: Days}
"""
PRODUCTS = """\
zbbulk: 1
resource: items
legacy_key: Id
source: {file: products.csv}
fields: {name: Name, sku: Id, rate: Price}
"""
ORDERS = """\
zbbulk: 1
resource: invoices
legacy_key: No
source: {file: orders.csv}
group_rows_by: [No]
fields:
  customer_id: {find_by: legacy_key, template: "customer {Customer}"}
  invoice_number: No
  line_items:
    each_row:
      item_id: {find_by: legacy_key, column: Product}
      quantity: Qty
"""
PAYMENTS = """\
zbbulk: 1
resource: customerpayments
source: {file: payments.csv}
fields:
  customer_id: {find_by: legacy_key, template: "customer {Customer}"}
  payment_mode: {value: cash}
  date: {value: "2026-03-01"}
  amount: Amount
  invoices:
    - {invoice_id: {find_by: legacy_key, column: Invoice}, amount_applied: Amount}
"""
FILES = {
    "migration.yml": MIGRATION,
    "customers.yml": CUSTOMERS,
    "products.yml": PRODUCTS,
    "orders.yml": ORDERS,
    "customers.csv": "Id,Name,Days\n1,Acme,30\n2,Globex,\n3,Initech,10\n",
    "products.csv": "Id,Name,Price\np1,Pen,1.50\np2,Ink,4.00\n",
    "orders.csv": "No,Customer,Product,Qty\nI-1,1,p1,2\nI-1,1,p2,1\nI-2,2,p2,3\nI-3,3,p1,1\n",
}


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=600) as running:
        yield running


@pytest.fixture
def old_shop(tmp_path, sandbox):
    """The files of an old shop, some of them changed; and what migrates them."""

    class OldShop:
        folder = tmp_path / "shop"
        runs = tmp_path / "runs"

        def write(self, **changed):
            self.folder.mkdir(exist_ok=True)
            names = {name.replace("_", "."): text for name, text in changed.items()}
            for name, text in names.items():
                (self.folder / name).write_text(text, encoding="utf-8")
            return self

        def migrate(self, **more):
            migration = open_migration(self.folder / "migration.yml")
            return migrate(migration, target=sandbox_target(sandbox), runs=self.runs, **more)

    return OldShop().write(**{name.replace(".", "_"): text for name, text in FILES.items()})


def endings(report):
    return {step.step.id: step.ending for step in report.steps}


def counts(report):
    return {step.step.id: step.report.counts if step.report else None for step in report.steps}


def told(report, step):
    (check,) = [each.check for each in report.checks if each.step.id == step]
    return [(each.code, each.at.row, each.at.column) for each in check.problems]


def rows_of(report, step):
    (ended,) = [each.report for each in report.steps if each.step.id == step]
    with ended.check.result.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def breaking_off(at, label="sending", error=RuntimeError):
    """Return a progress that breaks the migration off at the *at*-th thing that is sent."""
    seen = Counter()

    def progress(steps, *, label, total=None, weigh=None):
        for step in steps:
            yield step
            seen[label] += 1
            if label == "sending" and seen[label] == at:
                raise error

    return progress


def test_steps_are_sent_in_their_order_and_ids_are_handed_on(old_shop, sandbox):
    report = old_shop.migrate()
    assert endings(report) == dict.fromkeys(("customers", "products", "orders"), Ending.DONE)
    names = {each["contact_id"]: each["contact_name"] for each in sandbox.records("contacts")}
    made = {
        each["invoice_number"]: (names[each["customer_id"]], each["total"])
        for each in sandbox.records("invoices")
    }
    assert {number: (name, str(total)) for number, (name, total) in made.items()} == {
        "I-1": ("Acme", "7.00"),
        "I-2": ("Globex", "12.00"),
        "I-3": ("Initech", "1.50"),
    }
    assert report.calls == {"create": 3 + 2 + 3}
    assert report.exit_code is ExitCode.FINE


def test_a_check_sends_nothing_and_finds_what_will_be_there(old_shop, sandbox):
    report = old_shop.migrate(only_check=True)
    assert [each.check.ready for each in report.checks] == [3, 2, 4]
    assert (report.steps, report.exit_code) == ((), ExitCode.FINE)
    assert not [each for each in sandbox.requests() if each.method != "GET"]
    assert all(each.check.result.is_file() for each in report.checks)


def test_records_that_refer_to_a_refused_one_are_refused_with_its_place_and_reason(
    old_shop, sandbox
):
    old_shop.write(customers_csv="Id,Name,Days\n1,Acme,x\n2,Globex,\n3,Initech,10\n")
    report = old_shop.migrate()
    assert told(report, "customers") == [("ZB207", 2, "Days")]
    assert told(report, "orders") == [("ZB327", 2, "Customer"), ("ZB311", 3, None)]
    row = rows_of(report, "orders")[0]
    assert (row["zb_status"], row["zb_code"]) == ("rejected", "ZB327")
    assert (
        "'customer 1' means a record that is refused in the step `customers`" in row["zb_message"]
    )
    assert "customers.csv:2): ZB207 Days:" in row["zb_message"]
    assert counts(report)["orders"] == {Status.REJECTED: 2, Status.CREATED: 2}
    assert {each["invoice_number"] for each in sandbox.records("invoices")} == {"I-2", "I-3"}
    assert report.exit_code is ExitCode.SOME_ROWS


def test_what_is_mended_comes_in_when_the_migration_is_started_again(old_shop, sandbox):
    old_shop.write(customers_csv="Id,Name,Days\n1,Acme,x\n2,Globex,\n3,Initech,10\n")
    old_shop.migrate()
    old_shop.write(customers_csv=FILES["customers.csv"])
    report = old_shop.migrate()
    assert endings(report)["products"] is Ending.BEFORE
    assert counts(report)["customers"] == {Status.CREATED: 1, Status.SKIPPED: 2}
    assert counts(report)["orders"] == {Status.CREATED: 2, Status.SKIPPED: 2}
    numbers = sorted(each["invoice_number"] for each in sandbox.records("invoices"))
    assert numbers == ["I-1", "I-2", "I-3"]
    assert report.exit_code is ExitCode.FINE


def with_payments(old_shop):
    old_shop.write(
        migration_yml=MIGRATION + "  - {id: payments, mapping: payments.yml}\n",
        payments_yml=PAYMENTS,
        payments_csv="Customer,Invoice,Amount\n2,I-2,12.00\n3,I-3,1.50\n",
    )


def test_a_refusal_is_handed_on_from_step_to_step(old_shop):
    with_payments(old_shop)
    old_shop.write(products_csv="Id,Name,Price\np1,Pen,free\np2,Ink,4.00\n")
    report = old_shop.migrate(only_check=True)
    assert told(report, "orders")[0] == ("ZB327", 2, "Product")
    assert told(report, "payments") == [("ZB327", 3, "Invoice")]
    (problem,) = report.checks[-1].check.problems
    assert "orders.csv:5): ZB327 Product:" in problem.message


def test_a_row_of_a_document_that_another_row_spoils_is_told_with_the_spoilt_row(old_shop):
    with_payments(old_shop)
    old_shop.write(
        orders_csv=FILES["orders.csv"].replace("I-2,2,p2,3", "I-2,2,p2,3\nI-2,2,p2,x"),
    )
    report = old_shop.migrate(only_check=True)
    assert told(report, "payments") == [("ZB327", 2, "Invoice")]
    assert "orders.csv:5): ZB204 Qty" in report.checks[-1].check.problems[0].message


BY_NAME = ORDERS.replace(
    '{find_by: legacy_key, template: "customer {Customer}"}',
    "{find_by: contact_name, column: Customer, where: {contact_type: customer}}",
).replace("{find_by: legacy_key, column: Product}", "{find_by: sku, column: Product}")
NAMED = "No,Customer,Product,Qty\nI-1,ACME,P1,2\nI-2,globex,p2,1\n"


def test_names_are_looked_up_in_lists_read_before_and_after_their_step(old_shop, sandbox):
    old_shop.write(orders_yml=BY_NAME, orders_csv=NAMED)
    report = old_shop.migrate()
    assert endings(report)["orders"] is Ending.DONE
    assert report.calls == {"read": 2 + 2, "create": 3 + 2 + 2}
    assert report.reads == 2


def test_a_list_that_no_step_changes_is_read_once(old_shop, sandbox):
    old_shop.write(
        products_yml=PRODUCTS
        + "  account_id: {find_by: account_name, find_in: chartofaccounts, value: Sales}\n"
    )
    text = (old_shop.folder / "products.yml").read_text()
    text = text.replace(
        "fields: {name: Name, sku: Id, rate: Price}\n",
        "fields:\n  name: Name\n  sku: Id\n  rate: Price\n",
    )
    old_shop.write(products_yml=text)
    report = old_shop.migrate()
    assert report.calls == {"read": 1, "create": 8}


def test_a_name_that_two_new_records_have_is_told_with_both(old_shop):
    old_shop.write(
        orders_yml=BY_NAME,
        orders_csv=NAMED,
        migration_yml=MIGRATION + "  - {id: more, mapping: customers.yml, file: more.csv}\n",
        more_csv="Id,Name,Days\n9,Acme,1\n",
    )
    report = old_shop.migrate(only_check=True)
    assert told(report, "orders") == [("ZB314", 2, "Customer")]
    assert "customers:2, more:2" in report.checks[-1].check.problems[0].message


def test_a_record_that_only_the_books_refuse_is_handed_on_too(old_shop, sandbox):
    old_shop.write(
        customers_yml=CUSTOMERS + "key: {fields: [contact_name], on_match: error}\n",
    )
    other = old_shop.folder / "other"
    other.mkdir()
    (other / "m.yml").write_text("zbbulk: 1\nresource: contacts\nfields: {contact_name: Name}\n")
    (other / "x.csv").write_text("Name\nAcme\n")
    (other / "migration.yml").write_text(
        "zbbulk: 1\nmigration: x\nsteps:\n  - {id: a, mapping: m.yml, file: x.csv}\n"
    )
    migrate(
        open_migration(other / "migration.yml"),
        target=sandbox_target(sandbox),
        runs=old_shop.runs,
    )
    report = old_shop.migrate()
    assert told(report, "orders") == []
    assert counts(report)["customers"] == {Status.REJECTED: 1, Status.CREATED: 2}
    assert counts(report)["orders"] == {Status.REJECTED: 2, Status.CREATED: 2}
    row = rows_of(report, "orders")[0]
    assert row["zb_code"] == "ZB327"
    assert "customers.csv:2): ZB324 'Acme' is in Zoho Books already" in row["zb_message"]


def test_a_step_waits_for_one_with_failed_rows_and_the_others_are_sent(old_shop, sandbox):
    sandbox.add_fault("answer:4:at=2:method=POST:path=/contacts")
    report = old_shop.migrate()
    assert endings(report) == {
        "customers": Ending.OPEN,
        "products": Ending.DONE,
        "orders": Ending.HELD,
    }
    assert "looks up contacts" in report.steps[2].why
    assert "`customers` has rows that are not in Zoho Books" in report.steps[2].why
    assert not sandbox.records("invoices")
    assert report.exit_code is ExitCode.STOPPED
    again = old_shop.migrate()
    assert endings(again) == {
        "customers": Ending.DONE,
        "products": Ending.BEFORE,
        "orders": Ending.DONE,
    }
    assert again.steps[0].report.journal == report.steps[0].report.journal
    assert len(sandbox.records("contacts")) == 3
    assert again.exit_code is ExitCode.FINE


def test_when_the_user_stops_it_no_other_step_is_begun(old_shop, sandbox):
    report = old_shop.migrate(progress=breaking_off(1, error=KeyboardInterrupt))
    assert endings(report) == {
        "customers": Ending.STOPPED,
        "products": Ending.HELD,
        "orders": Ending.HELD,
    }
    assert report.steps[0].error.code == "ZB414"
    assert "stopped in the step `customers`" in report.steps[1].why
    assert report.exit_code is ExitCode.STOPPED
    again = old_shop.migrate()
    assert set(endings(again).values()) == {Ending.DONE}
    assert [len(sandbox.records(name)) for name in ("contacts", "items", "invoices")] == [3, 2, 3]


@pytest.mark.parametrize("at", [1, 3, 4, 5, 6, 8])
def test_whatever_breaks_it_off_the_next_start_brings_all_in_once(old_shop, sandbox, at):
    with pytest.raises(RuntimeError):
        old_shop.migrate(progress=breaking_off(at))
    report = old_shop.migrate()
    assert set(endings(report).values()) <= {Ending.DONE, Ending.BEFORE}
    numbers = sorted(each["invoice_number"] for each in sandbox.records("invoices"))
    assert numbers == ["I-1", "I-2", "I-3"]
    assert len(sandbox.records("contacts")) == 3
    assert len(sandbox.records("items")) == 2


def test_a_lost_answer_is_settled_before_the_next_step(old_shop, sandbox):
    sandbox.add_fault("cut-after:at=2:method=POST:path=/contacts")
    report = old_shop.migrate()
    assert set(endings(report).values()) == {Ending.DONE}
    assert len(sandbox.records("contacts")) == 3


def test_a_file_that_is_refused_as_a_whole_holds_those_that_need_it(old_shop, sandbox):
    text = "checks:\n  - {rule: control_total, column: Days, expect: '41'}\n"
    old_shop.write(customers_yml=CUSTOMERS + text)
    report = old_shop.migrate()
    assert endings(report) == {
        "customers": Ending.STOPPED,
        "products": Ending.DONE,
        "orders": Ending.HELD,
    }
    assert {each.code for each in report.checks[-1].check.problems} == {"ZB327", "ZB311"}
    assert "the rows add up to 40" in report.checks[-1].check.problems[0].message
    assert "ZB322" in report.steps[0].error.code


def test_one_that_is_finished_begins_anew_and_finds_all_there(old_shop, sandbox):
    old_shop.migrate()
    report = old_shop.migrate()
    assert counts(report) == {
        "customers": {Status.SKIPPED: 3},
        "products": {Status.SKIPPED: 2},
        "orders": {Status.SKIPPED: 4},
    }
    assert report.calls == {"read": 3}
    assert report.exit_code is ExitCode.FINE


def test_anew_looks_at_every_step_again(old_shop, sandbox):
    sandbox.add_fault("answer:4:at=2:method=POST:path=/contacts")
    old_shop.migrate()
    report = old_shop.migrate(anew=True)
    assert counts(report)["products"] == {Status.SKIPPED: 2}
    assert endings(report)["orders"] is Ending.DONE


def test_faults_of_several_files_are_told_together_and_nothing_is_sent(old_shop, sandbox):
    old_shop.write(customers_csv="Id,Nam\n1,Acme\n", products_csv="")
    with pytest.raises((MappingError, SourceError)) as caught:
        old_shop.migrate()
    assert [each.code for each in caught.value.problems] == ["ZB209", "ZB209", "ZB102"]
    assert not sandbox.records("contacts")


def test_what_is_not_agreed_to_is_not_sent(old_shop, sandbox):
    with pytest.raises(UsageError):
        old_shop.migrate(agreed=lambda _: False)
    assert not sandbox.records("contacts")
    assert set(endings(old_shop.migrate()).values()) == {Ending.DONE}


def test_nothing_of_it_depends_on_the_progress(old_shop):
    assert old_shop.migrate(progress=no_progress).exit_code is ExitCode.FINE


@pytest.fixture
def real(monkeypatch, sandbox):
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", sandbox.access_token())
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
    return ("--api-root", sandbox.api_root)


def test_the_command_tells_each_step_and_all_calls(run, old_shop):
    ran = run("migrate", old_shop.folder / "migration.yml", "--sandbox")
    assert ran.code == 0
    assert ran.out.startswith("migrate  Trial: customers, products, orders\n")
    assert "step     orders after customers, as it looks up contacts" in ran.out
    assert "sending  to the sandbox: 8 calls at most, less than a minute" in ran.out
    assert "step     orders: 4 rows: 4 created; 3 calls: 3 create" in ran.out
    assert ran.out.rstrip().endswith("calls    8 calls: 8 create")


def test_the_command_checks_alone(run, old_shop):
    ran = run("migrate", old_shop.folder / "migration.yml", "--sandbox", "--check")
    assert ran.code == 0
    assert "sending" not in ran.out
    assert ran.out.rstrip().endswith("the same without --check sends the rows that are ready")


def test_the_command_gives_one_json_document(run, old_shop):
    ran = run("migrate", old_shop.folder / "migration.yml", "--sandbox", "--format", "json")
    given = json.loads(ran.out)
    assert ran.code == given["exit_code"] == 0
    assert given["calls"] == {"create": 8}
    assert [each["ending"] for each in given["steps"]] == ["done"] * 3


@pytest.mark.parametrize("words", [[], ["-q"], ["--format", "json"]])
def test_real_books_are_not_changed_when_nobody_can_be_asked(run, old_shop, sandbox, real, words):
    ran = run("migrate", old_shop.folder / "migration.yml", *real, *words)
    assert ran.code == 2
    assert "--yes" in ran.out + ran.err
    assert not sandbox.records("contacts")


def test_real_books_are_changed_with_yes_and_only_those_that_are_meant(
    run, old_shop, sandbox, real
):
    old_shop.write(migration_yml=MIGRATION.replace("steps:", 'organization: "77"\nsteps:'))
    ran = run("migrate", old_shop.folder / "migration.yml", *real, "--yes")
    assert ran.code == 2
    assert ran.err.startswith("ZB015 ")
    old_shop.write(
        migration_yml=MIGRATION.replace(
            "steps:", f'organization: "{sandbox.organization_id}"\nsteps:'
        )
    )
    assert run("migrate", old_shop.folder / "migration.yml", *real, "--yes").code == 0
    assert len(sandbox.records("invoices")) == 3


def test_a_circle_is_told_with_code_and_place(run, old_shop):
    text = MIGRATION.replace("customers.yml}", "customers.yml, after: [orders]}")
    old_shop.write(migration_yml=text)
    path = old_shop.folder / "migration.yml"
    ran = run("migrate", path, "--sandbox")
    assert ran.code == 2
    assert ran.err.startswith("ZB235 ")
    assert f"{path}:4:5" in ran.err
    assert ran.out == ""


def test_a_held_step_is_told_with_its_reason(run, old_shop):
    ran = run(
        "migrate",
        old_shop.folder / "migration.yml",
        "--sandbox",
        "--fault",
        "answer:4:at=2:method=POST:path=/contacts",
    )
    assert ran.code == 4
    assert "step     orders: not begun, because it looks up contacts" in ran.err
    assert "goes on from where it stood" in ran.out


def test_a_migration_that_is_at_work_is_not_started_a_second_time(old_shop):
    def agreed(_):
        with pytest.raises(UsageError) as caught:
            old_shop.migrate()
        assert caught.value.code == "ZB513"
        return True

    assert set(endings(old_shop.migrate(agreed=agreed)).values()) == {Ending.DONE}


def test_a_workbook_is_a_step_like_any_other_and_may_be_mended(old_shop, sandbox):
    def write(days):
        book = openpyxl.Workbook()
        for row in (["Id", "Name", "Days"], [1, "Acme", days], [2, "Globex", 5], [3, "Ini", 7]):
            book.active.append(row)
        book.save(old_shop.folder / "customers.xlsx")

    old_shop.write(customers_yml=CUSTOMERS.replace("customers.csv", "customers.xlsx"))
    write("soon")
    report = old_shop.migrate()
    assert counts(report)["customers"] == {Status.REJECTED: 1, Status.CREATED: 2}
    assert told(report, "orders")[0] == ("ZB327", 2, "Customer")
    write(10)
    assert set(endings(old_shop.migrate()).values()) <= {Ending.DONE, Ending.BEFORE}
    assert len(sandbox.records("invoices")) == 3


def test_a_status_call_that_failed_is_made_when_it_is_started_again(old_shop, sandbox):
    old_shop.write(orders_yml=ORDERS + "after_create: [mark_sent]\n")
    sandbox.add_fault("answer:4:at=6:method=POST:path=/invoices")
    report = old_shop.migrate()
    assert endings(report)["orders"] is Ending.OPEN
    assert counts(report)["orders"] == {Status.CREATED: 4}
    again = old_shop.migrate()
    assert endings(again)["orders"] is Ending.DONE
    assert {each["status"] for each in sandbox.records("invoices")} == {"sent"}
    assert len(sandbox.records("invoices")) == 3


def test_the_calls_of_a_second_start_are_those_it_made_itself(old_shop, sandbox):
    sandbox.add_fault("answer:4:at=2:method=POST:path=/contacts")
    first = old_shop.migrate()
    assert first.calls == {"create": 3 + 2}
    before = len([each for each in sandbox.requests() if "/oauth/" not in each.path])
    again = old_shop.migrate()
    after = len([each for each in sandbox.requests() if "/oauth/" not in each.path])
    assert again.calls.total() == after - before
    assert again.calls["create"] == 1 + 3


def test_a_step_that_was_undone_is_sent_anew(old_shop, sandbox):
    sandbox.add_fault("answer:4:at=2:method=POST:path=/contacts")
    first = old_shop.migrate()
    products = first.steps[1].report.journal.parent
    undo_run(products, target=sandbox_target(sandbox), runs=old_shop.runs)
    assert not sandbox.records("items")
    again = old_shop.migrate()
    assert counts(again)["products"] == {Status.CREATED: 2}
    assert len(sandbox.records("invoices")) == 3


def test_it_waits_for_the_calls_of_the_next_day_in_whichever_step(old_shop):
    told = []
    with Sandbox(None, speed=600, per_day=4) as small:
        target = replace(sandbox_target(small), clock=RealClock(speed=10**6))

        def waits(seconds):
            told.append(seconds)
            small.skip(seconds)

        migration = open_migration(old_shop.folder / "migration.yml")
        report = migrate(migration, target=target, runs=old_shop.runs, waits=waits)
        assert set(endings(report).values()) == {Ending.DONE}
        assert len(small.records("invoices")) == 3
    assert told


def test_without_waiting_the_day_ends_the_migration_and_the_next_start_goes_on(old_shop):
    with Sandbox(None, speed=600, per_day=6) as small:
        target = sandbox_target(small)
        migration = open_migration(old_shop.folder / "migration.yml")
        report = migrate(migration, target=target, runs=old_shop.runs)
        assert endings(report) == {
            "customers": Ending.DONE,
            "products": Ending.DONE,
            "orders": Ending.STOPPED,
        }
        assert report.exit_code is ExitCode.STOPPED
        small.skip(24 * 3600)
        again = migrate(migration, target=target, runs=old_shop.runs)
        assert endings(again) == {
            "customers": Ending.BEFORE,
            "products": Ending.BEFORE,
            "orders": Ending.DONE,
        }
        assert len(small.records("invoices")) == 3


def test_a_step_that_was_killed_after_its_last_answer_still_gives_its_sheet_back(
    old_shop, sandbox, monkeypatch
):
    class KilledError(BaseException):
        """Ends a process at once, as a kill does."""

    def killed(*_, **__):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("zbbulk.jobs.carrying_out.write_result", killed)
        with pytest.raises(KilledError):
            old_shop.migrate()
    assert len(sandbox.records("contacts")) == 3
    report = old_shop.migrate()
    assert counts(report)["customers"] == {Status.CREATED: 3}
    assert {row["zb_status"] for row in rows_of(report, "customers")} == {"created"}
    assert len(sandbox.records("contacts")) == 3
