"""The order of a migration's steps, and what is wrong with it before a sheet is read."""

import pytest

from zbbulk.errors import MappingError, UsageError
from zbbulk.jobs.migration_steps import open_migration, refuse_other_organization

MAPPINGS = {
    "contacts": "fields: {contact_name: A}",
    "items": "fields: {name: A}",
    "bills": """\
fields:
  vendor_id: {find_by: contact_name, column: A}
  bill_number: B
  line_items:
    - {item_id: {find_by: sku, column: C}}""",
    "invoices": """\
fields:
  customer_id: {find_by: legacy_key, column: A}
  line_items:
    - {item_id: {find_by: sku, column: C}}""",
    "customerpayments": """\
fields:
  customer_id: {find_by: legacy_key, column: A}
  payment_mode: M
  date: D
  amount: B
  invoices:
    - {invoice_id: {find_by: invoice_number, column: I}, amount_applied: B}""",
    "chartofaccounts": """\
fields:
  account_name: A
  account_type: {value: income}
  parent_account_id: {find_by: account_name, column: P}""",
}


@pytest.fixture
def opened(tmp_path):
    """Open a migration of these steps, each ``id`` or ``id: resource``, with more words."""

    def open_it(*steps, top="", **more):
        lines = ["zbbulk: 1", "migration: Trial", *([top] if top else []), "steps:"]
        for step in steps:
            name, _, words = step.partition(",")
            words = f",{words}" if words else ""
            resource = name.rstrip("0123456789")
            (tmp_path / f"{resource}.yml").write_text(
                f"zbbulk: 1\nresource: {resource}\nsource: {{file: {resource}.csv}}\n"
                + MAPPINGS[resource],
                encoding="utf-8",
            )
            (tmp_path / f"{resource}.csv").write_text("A,B,C\n", encoding="utf-8")
            lines.append(f"  - {{id: {name}, mapping: {resource}.yml{words}}}")
        path = tmp_path / "migration.yml"
        path.write_text("\n".join(lines), encoding="utf-8")
        return open_migration(path, **more)

    return open_it


def order(migration):
    return [step.id for step in migration.steps]


def faults(opened, *steps):
    with pytest.raises(MappingError) as caught:
        opened(*steps)
    return caught.value.problems


def test_steps_come_after_those_that_create_what_they_look_up(opened):
    migration = opened("customerpayments", "invoices", "items", "contacts")
    assert order(migration) == ["items", "contacts", "invoices", "customerpayments"]
    invoices = migration.steps[2]
    assert invoices.parents == {"contacts": "looks up contacts", "items": "looks up items"}


def test_steps_that_need_nothing_stay_in_the_order_of_the_file(opened):
    assert order(opened("items", "contacts", "chartofaccounts")) == [
        "items",
        "contacts",
        "chartofaccounts",
    ]
    assert order(opened("contacts2", "contacts1", "bills")) == ["contacts2", "contacts1", "bills"]


def test_after_adds_to_the_order(opened):
    assert order(opened("items, after: [contacts]", "contacts")) == ["contacts", "items"]
    assert order(opened("contacts1, after: contacts2", "contacts2")) == ["contacts2", "contacts1"]


def test_a_mapping_that_looks_up_its_own_resource_is_no_circle(opened):
    assert order(opened("chartofaccounts1", "chartofaccounts2")) == [
        "chartofaccounts1",
        "chartofaccounts2",
    ]


def test_a_circle_is_told_with_its_steps_and_lines(opened):
    (fault,) = faults(opened, "items", "invoices", "contacts, after: [invoices]")
    assert (fault.code, fault.at.row) == ("ZB235", 5)
    assert "`invoices` (line 5) looks up contacts and so waits for `contacts`" in fault.message
    assert "`contacts` (line 6) says `after:` and so waits for `invoices`" in fault.message
    assert "items" not in fault.message


def test_a_step_that_waits_for_itself_is_a_circle(opened):
    (fault,) = faults(opened, "items, after: [items]")
    assert (fault.code, fault.at.row) == ("ZB235", 4)


def test_a_step_that_only_waits_for_a_circle_is_not_named(opened):
    (fault,) = faults(opened, "invoices", "items, after: [contacts]", "contacts, after: [items]")
    assert fault.at.row == 5
    assert "invoices" not in fault.message


def test_what_is_not_there_is_told_at_its_place_all_at_once(opened, tmp_path):
    found = faults(opened, "items, file: none.csv", "contacts")
    assert [(each.code, each.at.row) for each in found] == [("ZB237", 4)]
    (tmp_path / "migration.yml").write_text(
        "zbbulk: 1\nmigration: x\nsteps:\n"
        "  - {id: a, mapping: none.yml}\n  - {id: b, mapping: bad.yml}\n"
        "  - {id: c, mapping: c.yml}\n"
    )
    (tmp_path / "bad.yml").write_text("zbbulk: 1\nresource: items\nfields: {nam: A}\nxy: 1\n")
    (tmp_path / "c.yml").write_text("zbbulk: 1\nresource: items\nfields: {name: A}\n")
    with pytest.raises(MappingError) as caught:
        open_migration(tmp_path / "migration.yml")
    told = [
        (each.code, each.at.file.rpartition("/")[2], each.at.row) for each in caught.value.problems
    ]
    assert ("ZB236", "migration.yml", 4) in told
    assert ("ZB202", "bad.yml", 4) in told
    assert ("ZB237", "migration.yml", 6) in told


def test_a_mapping_that_ships_is_named_by_its_name(opened, tmp_path):
    (tmp_path / "shop.csv").write_text("Item Name\n")
    (tmp_path / "migration.yml").write_text(
        "zbbulk: 1\nmigration: x\nsteps:\n  - {id: a, mapping: items, file: shop.csv}\n"
    )
    (step,) = open_migration(tmp_path / "migration.yml").steps
    assert (step.rules.resource, step.file) == ("items", tmp_path / "shop.csv")


def test_the_edition_of_the_migration_wins_over_the_mappings(opened):
    migration = opened("items", top="edition: in")
    assert (migration.edition, migration.steps[0].rules.edition) == ("in", "in")
    assert opened("items", top="edition: in", edition="uk").steps[0].rules.edition == "uk"


def test_a_migration_for_another_organization_is_refused(opened):
    migration = opened("items", top='organization: "77"')
    refuse_other_organization(migration, "77")
    with pytest.raises(UsageError) as caught:
        refuse_other_organization(migration, "78")
    assert caught.value.code == "ZB015"
    refuse_other_organization(opened("items"), "78")
