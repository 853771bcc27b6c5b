"""What a user is told about the organization before anything is sent to it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from accounts import client_file, places, token_requests

from zbbulk.jobs import accounts
from zbbulk.sandbox import Sandbox

ITEMS = "zbbulk: 1\nresource: items\nfields:\n  name: Item\n  rate: Price\n"
SEND = ("import", "shop.csv", "-m", "m.yml", "--yes")


@pytest.fixture
def books(run, tmp_path):
    """Sign in to a sandbox that plays a real organization: ``books(edition="in")``."""
    running = []

    def start(scopes="ZohoBooks.fullaccess.all", words=(), **like):
        sandbox = Sandbox(None, **{"has_examples": True, **like}).__enter__()
        running.append(sandbox)
        file = client_file(sandbox, tmp_path, scopes=scopes)
        assert run("auth", "login", "--client-file", file, *places(sandbox), *words).code == 0
        sandbox.clear_requests()
        return sandbox

    (tmp_path / "shop.csv").write_text("Item,Price,Size\nPen,1,L\nInk,2,XL\n")
    yield start
    for sandbox in running:
        sandbox.__exit__(None, None, None)


def mapping(text):
    Path("m.yml").write_text(text)


def paths(sandbox):
    return [f"{each.method} {each.path.removeprefix('/books/v3')}" for each in sandbox.requests()]


def test_the_books_are_shown_and_it_takes_one_call(run, books):
    sandbox = books()
    mapping(ITEMS)
    sent = run(*SEND)
    told = f"books    {sandbox.organization_id} Sandbox Trading: US, USD, Professional, "
    assert f"{told}America/New_York; 499" in sent.out
    assert paths(sandbox) == ["GET /organizations", "POST /items", "POST /items"]


def test_the_same_is_told_as_json(run, books):
    sandbox = books()
    mapping(ITEMS)
    told = json.loads(run(*SEND, "--format", "json").out)["preflight"]
    assert told["organization"]["organization_id"] == sandbox.organization_id
    assert told["organization"]["edition"] == "us"
    assert told["calls"] == 1
    assert told["quota"]["limit"] == 5000


def test_it_can_be_left_out(run, books):
    sandbox = books()
    mapping(ITEMS)
    assert run(*SEND, "--no-preflight").code == 0
    assert paths(sandbox) == ["POST /items", "POST /items"]


def test_a_token_that_is_dead_at_once_still_gives_the_sheet_back(run, books, monkeypatch):
    sandbox = books()
    before = sandbox.records("items")
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", "1000.dead-for-a-long-time")
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
    mapping(ITEMS)
    ran = run(*SEND, "--api-root", sandbox.api_root)
    assert (ran.code, ran.err[:5]) == (3, "ZB402")
    assert "outcome  2 rows: 2 ready" in ran.out
    assert sandbox.records("items") == before


@pytest.mark.parametrize("command", [SEND, ("plan", "shop.csv", "-m", "m.yml")])
def test_a_scope_that_is_missing_stops_before_the_first_call(run, books, command):
    sandbox = books(scopes="ZohoBooks.contacts.ALL,ZohoBooks.settings.READ")
    mapping(ITEMS)
    ran = run(*command)
    assert ran.code == 3
    assert ran.err.startswith("ZB427 The sign-in lacks ZohoBooks.settings.CREATE, to create items.")
    assert "m.yml" in ran.err
    assert paths(sandbox) == []


def test_a_scope_that_zoho_did_not_tell_is_told_by_its_refusal(run, books, monkeypatch):
    sandbox = books()
    token = sandbox.access_token(scopes="ZohoBooks.settings.READ")
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", token)
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
    mapping(ITEMS)
    ran = run(*SEND, "--api-root", sandbox.api_root)
    assert (ran.code, ran.err[:5]) == (3, "ZB402")
    assert "(code 57)" in ran.err
    assert "ZohoBooks.settings" in ran.err


def test_a_sign_in_that_may_not_see_the_organization_can_send_all_the_same(run, books, monkeypatch):
    sandbox = books()
    token = sandbox.access_token(scopes="ZohoBooks.settings.CREATE")
    monkeypatch.setenv("ZBBULK_ACCESS_TOKEN", token)
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
    mapping(ITEMS)
    ran = run(*SEND, "--api-root", sandbox.api_root)
    assert ran.code == 0, ran
    assert "ZB434 warning: What the organization is like is not known" in ran.out


def test_a_scope_that_is_missing_does_not_use_up_the_tokens_of_ten_minutes(run, books, monkeypatch):
    """As a script with a sign-in of few scopes, of which Zoho told nothing."""
    sandbox = books(scopes="ZohoBooks.settings.CREATE")
    monkeypatch.setattr("zbbulk.jobs.accounts._of_profile", without_scopes(accounts._of_profile))
    mapping(ITEMS)
    for _ in range(3):
        ran = run(*SEND, "--again", "--organization", sandbox.organization_id)
        assert "ZB434" in ran.out, ran
        assert ran.code in (0, 1)
    assert token_requests(sandbox) == []


def without_scopes(original):
    return lambda *words: replace(original(*words), scopes="")


def test_a_wrong_organization_is_told_with_those_there_are(run, books):
    sandbox = books(organizations=2)
    mapping(ITEMS)
    ran = run(*SEND, "--organization", "10234695")
    assert (ran.code, ran.err[:5]) == (3, "ZB403")
    assert f"{sandbox.organization_id} Sandbox Trading" in ran.err
    assert paths(sandbox) == ["GET /organizations"]


def test_with_several_organizations_one_is_chosen_and_6024_is_answered(run, books):
    sandbox = books(organizations=2)
    mapping(ITEMS)
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB422")
    assert "zbbulk orgs --use ID" in ran.err
    other = str(int(sandbox.organization_id) + 1)
    assert f"  {other}      Sandbox 1" in run("orgs").out
    chosen = run("orgs", "--use", other)
    assert (chosen.code, f"* {other}" in chosen.out) == (0, True)
    sent = run(*SEND)
    assert "2 created" in sent.out
    assert f"organization {other} (Sandbox 1, profile default)" in sent.out
    assert run("orgs", "--use", "7").err.startswith("ZB403 The organization 7 is not one")


def test_an_edition_that_is_not_the_organizations_is_refused(run, books):
    books(edition="in")
    mapping(f"{ITEMS}edition: us\n")
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB429")
    assert "edition United States (us)" in ran.err
    assert "India (in)" in ran.err
    mapping(f"{ITEMS}edition: in\n")
    assert run(*SEND).code == 0


def test_a_day_that_is_too_short_is_told_before_anything_is_sent(run, books):
    books(per_day=3)
    mapping(ITEMS)
    ran = run(*SEND)
    assert "ZB430 warning: This takes 2 calls; 1 is left today." in ran.out
    assert ran.out.index("ZB430") < ran.out.index("sending  ")
    assert "1 ready, 1 created" in ran.out
    assert "zbbulk resume" in ran.out


CUSTOM = "  custom_fields:\n    Size: Size\n"


def test_a_custom_field_that_is_not_there_is_refused_with_its_line(run, books):
    sandbox = books(custom_fields=["Sizes", "Colour"])
    mapping(ITEMS + CUSTOM)
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB432")
    assert "m.yml:7" in ran.err
    assert "Did you mean 'Sizes'? Known: Colour, Sizes." in ran.err
    assert paths(sandbox) == ["GET /organizations", "GET /settings/customfields"]
    assert run(*SEND, "--no-preflight").code == 0


def test_custom_fields_are_found_by_label_and_by_api_name(run, books):
    books(custom_fields=["Size", "cf_colour"])
    mapping(ITEMS + "  custom_fields: {size: Size, cf_colour: Size}\n")
    assert run(*SEND).code == 0


def test_an_upsert_needs_a_field_without_duplicates(run, books):
    books(custom_fields=["cf_size"])
    mapping(ITEMS + "  custom_fields: {cf_size: Size}\nupsert_by: cf_size\n")
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB433")
    books(custom_fields=["cf_size"], unique_fields=["cf_size"])
    assert run(*SEND).code == 0


def test_custom_fields_that_zoho_does_not_tell_are_a_warning(run, books):
    books()
    mapping(ITEMS + CUSTOM)
    ran = run(*SEND)
    assert ran.code == 0
    assert "ZB434 warning: Zoho Books did not tell which custom fields items have." in ran.out


CHART = "chartofaccounts"
ACCOUNT = "  account_id: {value: %s, find_by: account_name}\n"


@pytest.mark.parametrize("where", [("--sandbox",), ()])
def test_an_account_that_the_mapping_names_is_told_once_and_with_its_line(run, books, where):
    books()
    mapping(ITEMS + ACCOUNT % "Sails")
    ran = run(*SEND, *where)
    assert (ran.code, ran.err[:5]) == (2, "ZB431")
    assert ran.err.count("ZB431") == 2, "once, and once in `zbbulk explain`"
    assert "m.yml:6" in ran.err
    assert "Did you mean 'Sales'?" in ran.err
    mapping(ITEMS + ACCOUNT % "Sales")
    assert run(*SEND, *where).code == 0


def test_an_id_in_the_mapping_that_leads_nowhere_is_told_with_its_line(run, books):
    sandbox = books()
    accounts = {each["account_name"]: each["account_id"] for each in sandbox.records(CHART)}
    mapping(f'{ITEMS}  account_id: {{value: "4608150000000099999"}}\n')
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB431")
    assert "account_id is 4608150000000099999, which none of the" in ran.err
    assert "m.yml:6" in ran.err
    assert paths(sandbox) == ["GET /organizations", "GET /chartofaccounts", "GET /bankaccounts"]
    mapping(f'{ITEMS}  account_id: {{value: "{accounts["Sales"]}"}}\n')
    assert run(*SEND).code == 0


def test_a_tax_id_that_leads_nowhere_is_a_warning_as_groups_are_not_listed(run, books):
    books(edition="in")
    mapping(f'{ITEMS}  tax_id: {{value: "4608150000000099999"}}\n')
    assert "ZB431 warning: tax_id is 4608150000000099999" in run(*SEND).out


def test_an_id_is_found_in_the_list_that_a_lookup_has_read(run, books):
    sandbox = books()
    accounts = {each["account_name"]: each["account_id"] for each in sandbox.records(CHART)}
    mapping(
        f'{ITEMS}  purchase_account_id: {{value: "{accounts["Sales"]}"}}\n{ACCOUNT % "Sales"}'
        "  purchase_rate: Price\n"
    )
    run(*SEND)
    assert paths(sandbox).count("GET /chartofaccounts") == 1


def test_an_id_whose_list_may_not_be_read_is_left_to_zoho(run, books):
    books(scopes="ZohoBooks.settings.ALL")
    mapping(f'{ITEMS}  account_id: {{value: "4608150000000099999"}}\n')
    ran = run(*SEND)
    assert "ZB431" not in ran.out + ran.err
    assert "1002" in ran.out


def test_all_that_is_wrong_is_told_at_once(run, books):
    books(edition="in", custom_fields=["Colour"])
    mapping(f"{ITEMS}{CUSTOM}{ACCOUNT % 'Sails'}edition: us\n")
    ran = run(*SEND, "--format", "json")
    told = json.loads(ran.out)
    assert ran.code == told["exit_code"] == 2
    assert [each["code"] for each in told["problems"]] == ["ZB429", "ZB432", "ZB431"]


def test_lists_are_not_read_twice(run, books):
    sandbox = books()
    mapping(ITEMS + ACCOUNT % "Sales")
    assert run(*SEND).code == 0
    assert paths(sandbox).count("GET /chartofaccounts") == 1


def test_who_numbers_documents_is_told(run, books):
    books()
    rows = "Party,No,Item,Rate\nRamesh Traders,T-1,Pen,2\n"
    Path("shop.csv").write_text(rows)
    text = (
        "zbbulk: 1\nresource: invoices\nfields:\n"
        "  customer_id: {column: Party, find_by: contact_name, if_missing: create}\n"
        "  line_items: [{name: Item, rate: Rate}]\n"
    )
    mapping(text)
    assert "numbers  are given by Zoho Books\n" in run(*SEND).out
    mapping(f"{text}  invoice_number: No\n")
    assert "numbers  are the sheet's own\n" in run(*SEND, "--again").out


def test_a_migration_is_looked_at_whole_before_its_first_step_is_sent(run, books):
    sandbox = books(scopes="ZohoBooks.settings.ALL", custom_fields=["Colour"])
    mapping(ITEMS)
    Path("people.yml").write_text(
        "zbbulk: 1\nresource: contacts\nsource: {file: shop.csv}\nfields: {contact_name: Item}\n"
    )
    Path("all.yml").write_text(
        "zbbulk: 1\nmigration: All\nsteps:\n  - {id: items, mapping: m.yml, file: shop.csv}\n"
        "  - {id: people, mapping: people.yml, file: shop.csv}\n"
    )
    ran = run("migrate", "all.yml", "--yes")
    assert (ran.code, ran.err[:5]) == (3, "ZB427"), ran
    assert "ZohoBooks.contacts.CREATE" in ran.err
    assert all(path == "GET /organizations" for path in paths(sandbox))
    books()
    assert run("migrate", "all.yml", "--yes").code == 0
