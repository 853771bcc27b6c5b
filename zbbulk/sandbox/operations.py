"""What each verb does: create, read, list, update, delete, and status calls.

One way for all resources; what differs stands in their facts. It does not know
who may call.
"""

from __future__ import annotations

from collections.abc import Mapping

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema
from zbbulk.sandbox.answers import Refusal, Reply, success, to_json
from zbbulk.sandbox.calls import Call, body_of, check_empty_body, checked_body
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.filters import tests_of
from zbbulk.sandbox.keeping import add, adopt_customer, forget, keep
from zbbulk.sandbox.numbering import change_number
from zbbulk.sandbox.pages import page_of
from zbbulk.sandbox.references import check_references
from zbbulk.sandbox.routes import Route
from zbbulk.sandbox.shapes import changed_record
from zbbulk.sandbox.statements import import_statement
from zbbulk.sandbox.statuses import act, check_open
from zbbulk.sandbox.taxes import as_tax
from zbbulk.sandbox.traits import traits, variant


def create(kit: Kit, call: Call, route: Route) -> Reply:
    """Make a record."""
    sent = _sent(call, route)
    made = variant(route.deed.resource.name, sent)
    body = checked_body(sent, made, editions=kit.organization.editions, is_update=False)
    with kit.books.lock:
        adopt_customer(kit, *body)
        check_references(kit, body.known, schema(made.name), own=made.id_field)
        if not made.id_field:
            import_statement(kit, body.known)
            return _told(traits(made.name).says("created"), status=201)
        only_id = _only_id(kit, made)
        record, text = add(kit, made, body.known, record_id=only_id, query=call.query)
    location = (made.location or made.path).format_map(route.path_fields)
    if not made.is_single:
        location += f"/{record[made.id_field]}"
    return _single(made, "created", text, status=201, headers={"Location": f"/api/v3{location}"})


def read(kit: Kit, _: Call, route: Route) -> Reply:
    """Show one record, whole."""
    return success("success", **{route.deed.resource.single_key: existing(kit, route)})


def list_records(kit: Kit, call: Call, route: Route) -> Reply:
    """Show a page of the records that fit."""
    listed = route.deed.resource
    tests = tests_of(kit, listed, call.query)
    near = kit.books.candidates(listed, call.query)
    if listed.name == "taxes":
        near = [*map(as_tax, kit.books.all("taxgroups")), *near]
    below = route.path_fields.items()
    found = [
        record for record in near if below <= record.items() and all(test(record) for test in tests)
    ]
    rows, context = page_of(listed, found, call.query)
    return success("success", **{listed.list_key: rows, "page_context": context})


def update(kit: Kit, call: Call, route: Route) -> Reply:
    """Change one record."""
    return change(kit, call, route, existing(kit, route))


def change(kit: Kit, call: Call, route: Route, held: JsonObject) -> Reply:
    """Change the record *held* by the body of the call."""
    changed = variant(route.deed.resource.name, held)
    editions = kit.organization.editions
    body = checked_body(_sent(call, route), changed, editions=editions, is_update=True)
    with kit.books.lock:
        old = kit.books.find(changed.name, held[changed.id_field])
        if old is None:
            raise _missing(changed)
        check_open(changed, old)
        adopt_customer(kit, *body)
        check_references(kit, body.known, schema(changed.name), own=changed.id_field)
        record = changed_record(kit, changed, old, body.known)
        change_number(changed, record, sent=body.known, query=call.query)
        text = keep(kit, changed, record, old=old)
    return _single(changed, "updated", text, status=200)


def delete(kit: Kit, _: Call, route: Route) -> Reply:
    """Forget one record."""
    with kit.books.lock:
        record = existing(kit, route)
        gone = variant(route.deed.resource.name, record)
        forget(kit, gone, record)
    return _told(traits(gone.name).says("deleted"))


def act_on(kit: Kit, call: Call, route: Route) -> Reply:
    """Change the status of one record."""
    check_empty_body(call)
    with kit.books.lock:
        record = existing(kit, route)
        changed = variant(route.deed.resource.name, record)
        acted = act(changed, record, route.deed.action)
        if acted.flag:
            _unflag(kit, changed, acted.record, acted.flag)
        keep(kit, changed, acted.record, old=record)
    return _told(acted.message)


def existing(kit: Kit, route: Route) -> JsonObject:
    """Return the record that a path means. Raises Refusal 1002."""
    wanted = route.deed.resource
    found = kit.books.find(wanted.name, route.record_id or _only_id(kit, wanted))
    if found is None or not route.path_fields.items() <= found.items():
        raise _missing(wanted)
    return found


def _sent(call: Call, route: Route) -> JsonObject:
    """Return the body, and what stands in the path or, by the table, in the query."""
    in_query = route.deed.resource.query_fields
    fields = {name: call.query[name] for name in in_query if name in call.query}
    return {**body_of(call), **route.path_fields, **fields}


def _only_id(kit: Kit, wanted: Resource) -> str:
    """Return the id of the one record that a resource has at most, or ""."""
    kept = kit.books.all(wanted.name) if wanted.is_single else []
    return str(kept[0][wanted.id_field]) if kept else ""


def _unflag(kit: Kit, resource: Resource, record: JsonObject, flag: str) -> None:
    """Take *flag* from the records beside *record*: those of the same parent, or all."""
    for other in kit.books.all(resource.name):
        is_beside = other.get("contact_id") == record.get("contact_id")
        if other.get(flag) and is_beside and other is not record:
            kit.books.keep(resource, other | {flag: False})


def _missing(resource: Resource) -> Refusal:
    return Refusal("1002", status=404, thing=traits(resource.name).thing)


def _told(message: str, *, status: int = 200) -> Reply:
    body = to_json({"code": 0, "message": message})
    return Reply(status=status, body=body.encode(), code="0")


def _single(
    resource: Resource,
    deed: str,
    text: str,
    *,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    message = to_json(traits(resource.name).says(deed))
    body = f'{{"code":0,"message":{message},"{resource.single_key}":{text}}}'
    return Reply(status=status, body=body.encode(), code="0", headers=headers or {})
