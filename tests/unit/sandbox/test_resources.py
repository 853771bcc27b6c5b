"""Every resource over the socket: create, read, list, update, delete, status calls, numbers."""

from decimal import Decimal
from pathlib import Path

import pytest

from zbbulk.resources import resource, resources, schema
from zbbulk.sandbox.traits import traits

ROOT = Path(__file__).resolve().parents[3]
RESOURCES = resources().values()
KEPT = [facts.name for facts in RESOURCES if facts.id_field]
ACTIONS = [(facts.name, *action) for facts in RESOURCES for action in facts.actions.items()]
OWN = {"ignore_auto_number_generation": "true"}
PARTS = {"read": "GET", "list": "GET", "update": "PUT", "delete": "DELETE"}


def _is_in(sent, got):
    """Tell whether what was sent came back; ids between commas come back as records."""
    if isinstance(sent, dict) and isinstance(got, dict):
        return all(name in got and _is_in(value, got[name]) for name, value in sent.items())
    if isinstance(sent, list) and isinstance(got, list):
        return len(sent) == len(got) and all(map(_is_in, sent, got))
    return sent == got or (isinstance(got, list) and isinstance(sent, str))


@pytest.mark.parametrize("name", KEPT)
def test_a_record_lives_as_its_resource_can(stocked, name):
    facts = resource(name)
    body = stocked.minimal(name)
    status, answer, headers = stocked.send("POST", name, body)
    assert (status, answer["code"], answer["message"]) == (201, 0, traits(name).says("created"))
    record = answer[facts.single_key]
    record_id = record[facts.id_field]
    assert _is_in(body, record)
    assert headers["Location"].startswith("/api/v3/")
    assert facts.is_single or headers["Location"].endswith(f"/{record_id}")
    for verb, method in PARTS.items():
        sent = body if method == "GET" else {field: body[field] for field in facts.path_fields}
        status, answer, _ = stocked.send(method, name, sent, verb, record_id)
        assert status == (200 if verb in facts.can else status), (verb, answer)
        if verb in facts.can and verb != "delete":
            told = answer[facts.list_key if verb == "list" else facts.single_key]
            found = told if isinstance(told, dict) else _row(told, facts.id_field, record_id)
            assert found[facts.id_field] == record_id
            assert verb == "list" or _is_in(body, found)
    assert not _kept(stocked, name, record_id)


def _row(rows, field, record_id):
    return next(row for row in rows if row.get(field) == record_id)


def _kept(client, name, record_id):
    records = client.sandbox.records(name)
    return [one for one in records if one[resource(name).id_field] == record_id]


@pytest.mark.parametrize("name", [n for n in KEPT if not resource(n).is_single])
def test_a_deed_that_zoho_does_not_offer_is_refused(stocked, name):
    facts = resource(name)
    record_id = stocked.make(name)[facts.id_field]
    usual = stocked.minimal(name)
    for verb, method in PARTS.items():
        if verb not in facts.can:
            status, answer, _ = stocked.send(method, name, usual, verb, record_id)
            assert (status, answer["code"]) in {(404, 5), (405, 405)}, verb


@pytest.mark.parametrize("name", [n for n in KEPT if not resource(n).is_single])
def test_an_id_that_is_not_there_is_answered_1002(stocked, name):
    usual = stocked.minimal(name)
    for verb, method in (("read", "GET"), ("update", "PUT"), ("delete", "DELETE")):
        if verb in resource(name).can:
            status, answer, _ = stocked.send(method, name, usual, verb, "1")
            assert (status, answer["code"]) == (404, 1002)


def _act(client, name, record, path, body=b"{}"):
    facts = resource(name)
    place = facts.record_path("update").format_map({**record, "id": record[facts.id_field]})
    return client.call("POST", f"{place}/{path}", text=body)


EXPECTED = {
    "status/stop": "stopped",
    "status/resume": "active",
    "status/publish": "published",
    "submit": "pending_approval",
    "approve": "approved",
    "writeoff": "paid",
    "invite": "invited",
}
FLAGS = {"primary": "is_primary_contact", "markasprimary": "is_primary"}


@pytest.mark.parametrize(("name", "action", "path"), ACTIONS)
def test_a_status_call_changes_the_status(stocked, name, action, path):
    record = stocked.make(name)
    status, answer, _ = _act(stocked, name, record, path)
    (kept,) = _kept(stocked, name, record[resource(name).id_field])
    wanted = EXPECTED.get(path, path.rpartition("/")[2])
    if path in FLAGS:
        assert (status, kept[FLAGS[path]]) == (200, True)
    elif status == 200:
        shown = "active" if kept.get("is_active") else "inactive"
        assert kept.get("status", shown) == wanted
        assert set(answer) == {"code", "message"}
        again = _act(stocked, name, record, path)
        assert path == "invite" or (again[0], again[1]["code"]) == (400, 1049)
    else:
        assert (status, answer["code"], resource(name).status) == (400, 1049, wanted)


def test_a_status_call_without_a_body_is_refused(stocked):
    record = stocked.make("invoices")
    status, answer, _ = _act(stocked, "invoices", record, "status/sent", b"")
    assert (status, answer["message"]) == (400, "The parameter JSONString is mandatory")
    assert _act(stocked, "invoices", record, "status/sent", b"[]")[1]["code"] == 1038


def test_a_call_that_debit_notes_do_not_have_is_answered_5(stocked):
    record = stocked.make("customerdebitnotes")
    assert _act(stocked, "customerdebitnotes", record, "submit")[1]["code"] == 5


def test_a_void_document_can_not_be_changed(stocked):
    record = stocked.make("bills")
    assert _act(stocked, "bills", record, "status/void")[0] == 200
    status, answer, _ = stocked.call("PUT", f"/bills/{record['bill_id']}", {"notes": "n"})
    assert (status, answer["code"], "void" in answer["message"]) == (400, 36023, True)
    assert _act(stocked, "bills", record, "status/open")[0] == 200
    assert stocked.call("PUT", f"/bills/{record['bill_id']}", {"notes": "n"})[0] == 200


def test_what_is_written_off_is_not_owed_any_more(stocked):
    record = stocked.make("invoices", line_items=[{"name": "A", "rate": 10}])
    _act(stocked, "invoices", record, "writeoff")
    (kept,) = _kept(stocked, "invoices", record["invoice_id"])
    assert (kept["balance"], kept["write_off_amount"], kept["status"]) == (0, 10, "paid")


NUMBERED = [facts.name for facts in RESOURCES if facts.number_flag == "query"]


@pytest.mark.parametrize("name", [facts.name for facts in RESOURCES if traits(facts.name).number])
def test_zoho_numbers_by_itself(opened, name):
    client = opened(has_examples=True, per_minute=0)
    form = traits(name).number
    first, second = (client.make(name)[form.field] for _ in range(2))
    numbers = [int(number.removeprefix(form.prefix)) for number in (first, second)]
    assert numbers[1] == numbers[0] + 1
    assert len(second) == len(form.prefix) + max(form.digits, len(str(numbers[1])))


@pytest.mark.parametrize("name", NUMBERED)
def test_the_own_number_is_honoured_mandatory_and_unique(stocked, name):
    field = resource(name).number_field
    path = resource(name).path
    body = stocked.minimal(name, **{field: f"{name} 1"})
    status, answer, _ = stocked.call("POST", path, body, query=OWN)
    assert (status, answer[resource(name).single_key][field]) == (201, f"{name} 1")
    status, answer, _ = stocked.call("POST", path, body, query=OWN)
    assert (status, answer["code"], f"{name} 1" in answer["message"]) == (400, 1004, True)
    del body[field]
    status, answer, _ = stocked.call("POST", path, body, query=OWN)
    assert (status, answer["code"], field in answer["message"]) == (400, 2, True)


def test_a_journal_keeps_the_entry_number_that_is_sent(stocked):
    assert stocked.make("journals", entry_number="J-7")["entry_number"] == "J-7"


CODES = {"items": 1001, "contacts": 3062, "chartofaccounts": 11002, "bankaccounts": 11002}
UNIQUE = [
    (facts.name, key)
    for facts in RESOURCES
    for key in facts.match_keys
    if facts.number_field not in key
]


@pytest.mark.parametrize(("name", "key"), UNIQUE)
def test_a_second_record_with_the_same_match_key_is_refused(stocked, name, key):
    values = {field: stocked.minimal(name).get(field, f"{name} {field} Q") for field in key}
    (text, *_) = values
    stocked.make(name, **values)
    spaced = values[text] if text.endswith("date") else f" {values[text].upper()} "
    status, answer, _ = stocked.send("POST", name, stocked.minimal(name, **values | {text: spaced}))
    wanted = 13011 if name == "bills" else CODES.get(name, 1004)
    assert (status, answer["code"]) == (400, wanted), answer


def test_a_bill_number_is_unique_for_its_vendor_only(stocked):
    stocked.make("bills", bill_number="B-1")
    assert stocked.make("bills", bill_number="B-1", vendor_id="4600000000000200012")


def test_the_page_of_the_sandbox_tells_every_form_of_number():
    page = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    for facts in RESOURCES:
        form = traits(facts.name).number
        if form and form.prefix:
            first = f"{form.prefix}{1:0{form.digits}d}"
            title = facts.title.split(" (")[0].lower()
            assert f"| `{first}` | {title} |" in page


GROUPS = ("filter_by", "search_text", "last_modified_time", "from_date", "to_date")
FILTERS = [
    (facts.name, name)
    for facts in RESOURCES
    if "list" in facts.can
    for name in facts.filters
    if name not in (*GROUPS, "is_current_date", "address", "custom_field")
]


def _is_free_text(name, field):
    facts = schema(name)["properties"].get(field, {})
    bound = {"enum", "pattern", "format", "x-resource"} & facts.keys()
    return facts.get("type") == "string" and not bound and field != resource(name).number_field


def _found(record, field):
    """Return the value of a field in a record, or in the first of its lines that has it."""
    if record.get(field) not in (None, ""):
        return record[field]
    name = {"item_name": "name", "item_description": "description"}.get(field, field)
    parts = [part for held in record.values() if isinstance(held, list) for part in held]
    return next((part[name] for part in parts if isinstance(part, dict) and part.get(name)), None)


@pytest.mark.parametrize(("name", "field"), FILTERS)
def test_a_documented_filter_finds_the_record_and_no_other(stocked, name, field):
    facts = resource(name)
    usual = stocked.minimal(name)
    body = {each: f"{each} text" for each in facts.filters if _is_free_text(name, each)} | usual
    record = stocked.send("POST", name, body)[1][facts.single_key]
    fields = traits(name).aliases.get(field, (field,))
    value = next((told for told in (_found(record, each) for each in fields) if told), None)
    shown = str(value).lower() if isinstance(value, bool) else value
    path = facts.list_path.format_map(body)
    far = {"per_page": "5000", "sort_column": "created_time", "sort_order": "D"}
    if value is not None:
        rows = stocked.call("GET", path, query={field: str(shown), **far})[1][facts.list_key]
        assert record[facts.id_field] in {row[facts.id_field] for row in rows}
    nothing = "987654321.5" if isinstance(value, int | float | Decimal) else "nothing such"
    status, answer, _ = stocked.call("GET", path, query={field: nothing, **far})
    ids = {row[facts.id_field] for row in answer.get(facts.list_key, ())}
    assert (status, record[facts.id_field] in ids) in {(200, False), (400, False)}, field


@pytest.mark.parametrize("name", [facts.name for facts in RESOURCES if "list" in facts.can])
def test_filter_by_takes_what_is_documented_and_nothing_else(stocked, name):
    groups = {"Status": (), **traits(name).filter_by}
    path = resource(name).list_path.format_map(stocked.minimal(name))
    for group, values in groups.items():
        for value in ("All", *values):
            query = {"filter_by": f"{group}.{value}"}
            assert stocked.call("GET", path, query=query)[0] == 200, query
    for wrong in ("Status.Gone", "Colour.All", "Active"):
        assert stocked.call("GET", path, query={"filter_by": wrong})[1]["code"] == 2
