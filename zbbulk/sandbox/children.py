"""Records that stand inside another one as well: contact persons in contacts, tasks in projects.

Both are kept; a change of one is carried over to the other. It does not know
how a record is completed.
"""

from __future__ import annotations

from collections.abc import Iterator

from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resource, resources
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.masters import add_primary
from zbbulk.sandbox.traits import traits

_NOT_INSIDE = frozenset({"created_time", "last_modified_time"})


def give_ids(kit: Kit, parent: Resource, record: JsonObject) -> None:
    """Give an id to each child in *record* that has none."""
    for field, name in traits(parent.name).children.items():
        for entry in record[field]:
            entry.setdefault(resource(name).id_field, kit.books.new_id())


def keep_children(kit: Kit, parent: Resource, record: JsonObject) -> None:
    """Keep the children in *record* as records of their own, and forget those that left it.

    A child that was sent in part is completed in *record* too.
    """
    old = kit.books.find(parent.name, record[parent.id_field]) or {}
    for field, name in traits(parent.name).children.items():
        child = resource(name)
        wanted = {entry[child.id_field]: entry for entry in record[field]}
        for entry in old.get(field, ()):
            if entry[child.id_field] not in wanted:
                kit.books.delete(child, entry[child.id_field])
        link = {parent.id_field: record[parent.id_field]}
        record[field] = []
        for child_id, entry in wanted.items():
            kept = kit.books.find(name, child_id) or _new(kit, child)
            whole = kept | entry | link
            kit.books.keep(child, whole)
            record[field].append(_inside(parent, whole))


def forget_children(kit: Kit, parent: Resource, record: JsonObject) -> None:
    """Forget the children of a record that is gone."""
    empty: JsonObject = {field: [] for field in traits(parent.name).children}
    keep_children(kit, parent, record | empty)


def carry_over(kit: Kit, child: Resource, record: JsonObject) -> bool:
    """Show a new, changed or deleted child in its parent; tell whether it has one."""
    for parent, field in _parents_of(child):
        held = kit.books.find(parent.name, record.get(parent.id_field, ""))
        if held is None:
            continue
        ids = [*(entry[child.id_field] for entry in held[field]), record[child.id_field]]
        found = (kit.books.find(child.name, each) for each in dict.fromkeys(ids))
        inside = [_inside(parent, each) for each in found if each is not None]
        changed = held | {field: inside}
        if "primary_contact_id" in changed:
            add_primary(changed)
        keep_children(kit, parent, changed)
        kit.books.keep(parent, changed)
        return True
    return False


def _parents_of(child: Resource) -> Iterator[tuple[Resource, str]]:
    for parent in resources().values():
        for field, name in traits(parent.name).children.items():
            if name == child.name:
                yield parent, field


def _new(kit: Kit, child: Resource) -> JsonObject:
    times = {"created_time": kit.now(), "last_modified_time": kit.now()}
    return traits(child.name).defaults | times


def _inside(parent: Resource, child: JsonObject) -> JsonObject:
    hidden = _NOT_INSIDE | {parent.id_field}
    return {name: value for name, value in child.items() if name not in hidden}
