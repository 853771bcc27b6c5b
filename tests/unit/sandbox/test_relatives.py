"""Records that belong to others: contact persons, tasks, exchange rates, modules, debit notes."""

CUSTOMER = "4600000000000200001"


def _contact(client, contact_id):
    return client.call("GET", f"/contacts/{contact_id}")[1]["contact"]


def test_persons_sent_with_a_contact_are_records_of_their_own(opened):
    client = opened()
    persons = [{"first_name": "Ada"}, {"first_name": "Bob", "is_primary_contact": True}]
    contact_id = client.contact("A", contact_persons=persons)
    told = client.call("GET", f"/contacts/{contact_id}/contactpersons")[1]["contact_persons"]
    assert [person["first_name"] for person in told] == ["Ada", "Bob"]
    contact = _contact(client, contact_id)
    assert contact["first_name"] == "Bob"
    path = f"/contacts/{contact_id}/contactpersons/{told[0]['contact_person_id']}"
    assert client.call("GET", path)[1]["contact_person"]["first_name"] == "Ada"


def test_a_person_shows_in_its_contact(opened):
    client = opened()
    contact_id = client.contact("A")
    other_id = client.contact("B")
    body = {"contact_id": contact_id, "first_name": "Ada", "email": "ada@example.com"}
    path = "/contacts/contactpersons"
    first = client.call("POST", path, body)[1]["contact_person"]
    assert (first["is_primary_contact"], first["contact_name"]) == (True, "A")
    second = client.call("POST", path, body | {"first_name": "Bob", "email": ""})[1]
    second_id = second["contact_person"]["contact_person_id"]
    contact = _contact(client, contact_id)
    assert (len(contact["contact_persons"]), contact["email"]) == (2, "ada@example.com")
    assert client.call("PUT", f"{path}/{second_id}", {"email": "bob@example.com"})[0] == 200
    assert client.call("POST", f"{path}/{second_id}/primary", {})[0] == 200
    contact = _contact(client, contact_id)
    assert (contact["first_name"], contact["email"]) == ("Bob", "bob@example.com")
    flags = [person["is_primary_contact"] for person in contact["contact_persons"]]
    assert flags == [False, True]
    assert client.call("DELETE", f"{path}/{second_id}")[0] == 200
    assert _contact(client, contact_id)["first_name"] == "Ada"
    assert client.call("GET", f"/contacts/{other_id}/contactpersons")[1]["contact_persons"] == []
    wrong = f"/contacts/{other_id}/contactpersons/{first['contact_person_id']}"
    assert client.call("GET", wrong)[1]["code"] == 1002


def test_an_update_replaces_the_persons_of_a_contact(opened):
    client = opened()
    contact_id = client.contact("A", contact_persons=[{"first_name": "Ada"}, {"first_name": "Bob"}])
    ada = _contact(client, contact_id)["contact_persons"][0]["contact_person_id"]
    body = {"contact_persons": [{"contact_person_id": ada, "email": "eve@example.com"}]}
    client.call("PUT", f"/contacts/{contact_id}", body)
    (person,) = client.sandbox.records("contactpersons")
    (inside,) = _contact(client, contact_id)["contact_persons"]
    for told in (person, inside):
        assert (told["contact_person_id"], told["first_name"]) == (ada, "Ada")
        assert told["email"] == "eve@example.com"
    client.call("DELETE", f"/contacts/{contact_id}")
    assert client.sandbox.records("contactpersons") == []


def test_tasks_belong_to_their_project(opened):
    client = opened(has_examples=True)
    body = client.minimal("projects", tasks=[{"task_name": "Plan"}])
    project = client.send("POST", "projects", body)[1]["project"]
    path = f"/projects/{project['project_id']}"
    (task,) = client.call("GET", f"{path}/tasks")[1]["tasks"]
    assert task["task_name"] == "Plan"
    status, answer, headers = client.call("POST", f"{path}/tasks", {"task_name": "Build"})
    task_id = answer["task"]["task_id"]
    assert (status, headers["Location"]) == (201, f"/api/v3{path}/tasks/{task_id}")
    told = client.call("GET", path)[1]["project"]["tasks"]
    assert [each["task_name"] for each in told] == ["Plan", "Build"]
    other = f"/projects/4600000000000390001/tasks/{task_id}"
    for method in ("GET", "PUT", "DELETE"):
        assert client.call(method, other, {})[0] == 404
    assert client.call("POST", "/projects/1/tasks", {"task_name": "X"})[1]["code"] == 1002
    assert client.call("POST", f"{path}/tasks", {"task_name": "plan"})[1]["code"] == 1004


def test_exchange_rates_are_listed_below_their_currency(opened):
    client = opened(has_examples=True)
    path = "/settings/currencies/4600000000000340002/exchangerates"
    for day in ("2024-01-01", "2024-02-01"):
        body = {"effective_date": day, "rate": 1}
        assert client.call("POST", path, body)[0] == 201
    rows = client.call("GET", path, query={"from_date": "2024-01-15"})[1]["exchange_rates"]
    assert [row["effective_date"] for row in rows] == ["2024-02-01"]
    assert client.call("GET", path.replace("40002", "40003"))[1]["exchange_rates"] == []


def test_custom_modules_are_kept_apart(opened):
    client = opened()
    body = {"record_name": "First", "cf_amount": 5, "colour": "red"}
    status, answer, _ = client.call("POST", "/cm_loans", body)
    record = answer["module_record"]
    assert (status, record["cf_amount"], "colour" in record) == (201, 5, False)
    assert client.call("POST", "/cm_cars", body)[0] == 201
    path = f"/cm_loans/{record['module_record_id']}"
    assert [len(client.call("GET", p)[1]["module_record"]) for p in ("/cm_loans", "/cm_none")] == [
        1,
        0,
    ]
    assert client.call("GET", path)[1]["module_record"]["record_name"] == "First"
    assert client.call("GET", path.replace("loans", "cars"))[1]["code"] == 1002
    assert client.call("GET", "/loans")[1]["code"] == 5


def test_debit_notes_share_the_path_of_invoices(opened):
    client = opened(has_examples=True)
    note = client.make("customerdebitnotes")
    invoice = client.make("invoices")
    assert note["type"] == "debit_note"
    numbers = {note["invoice_number"], invoice["invoice_number"]}
    assert numbers == {"CDN-000001", "INV-000001"}
    listed = client.names("invoices", "invoice_id", type="debit_note")
    assert listed == [note["invoice_id"]]
    listed = client.names("invoices", "invoice_id", filter_by="Type.DebitNote")
    assert listed == [note["invoice_id"]]
    assert note["invoice_id"] in client.names("invoices", "invoice_id")
    assert [each["invoice_id"] for each in client.sandbox.records("customerdebitnotes")] == listed
    kept = [each["invoice_id"] for each in client.sandbox.records("invoices")]
    assert (invoice["invoice_id"] in kept, note["invoice_id"] in kept) == (True, False)
    changed = client.call("PUT", f"/invoices/{note['invoice_id']}", {"type": "invoice"})[1]
    assert changed["invoice"]["type"] == "debit_note"


def test_an_invoice_of_a_foreign_customer_is_in_its_currency(stocked):
    customer = stocked.contact(currency_id="4600000000000340002")
    body = {"customer_id": customer, "line_items": [{"name": "A", "rate": 1}]}
    invoice = stocked.create("invoices", body)
    assert (invoice["currency_code"], invoice["currency_symbol"]) == ("EUR", "€")
