"""Calls that mean records by something else than one id: upsert, and many at once.

It does not know who may call.
"""

from __future__ import annotations

from zbbulk.sandbox.answers import Refusal, Reply, success
from zbbulk.sandbox.calls import Call
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.keeping import forget
from zbbulk.sandbox.operations import change, create, existing
from zbbulk.sandbox.routes import Route
from zbbulk.sandbox.traits import traits

_KEY = "X-Unique-Identifier-Key"
_VALUE = "X-Unique-Identifier-Value"
_UPSERT = "X-Upsert"


def upsert(kit: Kit, call: Call, route: Route) -> Reply:
    """Change the record that has the value of a unique custom field, or make one if asked to.

    Raises:
        Refusal: 2 for a field that is not unique or a value that is missing, 1002 if
            there is no such record and none is to be made.
    """
    wanted = route.deed.resource
    field, value = (call.headers.get(name.lower(), "") for name in (_KEY, _VALUE))
    if not kit.organization.is_unique(field):
        raise Refusal("2", field=_KEY)
    if not value:
        raise Refusal("2", field=_VALUE)
    with kit.books.lock:
        held = kit.books.named(wanted, {field: value})
        if held is not None:
            return change(kit, call, route, held)
        if call.headers.get(_UPSERT.lower(), "").lower() != "true":
            raise Refusal("1002", thing=traits(wanted.name).thing)
        return create(kit, call, route)


def delete_many(kit: Kit, call: Call, route: Route) -> Reply:
    """Forget all the records whose ids the query names, or none of them.

    Raises:
        Refusal: 2 for no ids or a flag that is missing, 1002 for an unknown id.
    """
    wanted = route.deed.resource
    ids = _ids(call, wanted.bulk_delete)
    flag = traits(wanted.name).bulk_flag
    if flag and call.query.get(flag, "").lower() != "true":
        raise Refusal("2", field=flag)
    with kit.books.lock:
        records = [existing(kit, route._replace(record_id=each)) for each in ids]
        for record in records:
            forget(kit, wanted, record)
    return success("The selected records have been deleted.")


def read_many(kit: Kit, call: Call, route: Route) -> Reply:
    """Show the records whose ids the query names, whole; unknown ids are left out.

    Raises:
        Refusal: 2 for no ids, or too many.
    """
    wanted = route.deed.resource
    many = wanted.many_at_once
    ids = _ids(call, many.parameter) if many else []
    if many and len(ids) > many.most:
        raise Refusal("2", field=many.parameter)
    found = (kit.books.find(wanted.name, each) for each in ids)
    return success("success", **{wanted.list_key: [one for one in found if one is not None]})


def _ids(call: Call, parameter: str) -> list[str]:
    ids = [each.strip() for each in call.query.get(parameter, "").split(",") if each.strip()]
    if not ids:
        raise Refusal("2", field=parameter)
    return list(dict.fromkeys(ids))
