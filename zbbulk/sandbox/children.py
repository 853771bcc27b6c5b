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
    """Keep the children in *record* as records of their own, and forget those that left it."""
    for field, name in traits(parent.name).children.items():
        child = resource(name)
        wanted = {entry[child.id_field]: entry for entry in record[field]}
        for each in children_of(kit, parent, record, child):
            if each[child.id_field] not in wanted:
                kit.books.delete(child, each[child.id_field])
        for child_id, entry in wanted.items():
            kept = kit.books.find(name, child_id) or _new(kit, child)
            kit.books.keep(child, kept | entry | _link(parent, record))


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
        inside = [_inside(parent, each) for each in children_of(kit, parent, held, child)]
        changed = held | {field: inside}
        if "primary_contact_id" in changed:
            add_primary(changed)
        keep_children(kit, parent, changed)
        kit.books.keep(parent, changed)
        return True
    return False


def children_of(
    kit: Kit, parent: Resource, record: JsonObject, child: Resource
) -> list[JsonObject]:
    """Return the records of *child* that belong to *record*."""
    link = _link(parent, record)
    return [each for each in kit.books.all(child.name) if link.items() <= each.items()]


def _parents_of(child: Resource) -> Iterator[tuple[Resource, str]]:
    for parent in resources().values():
        for field, name in traits(parent.name).children.items():
            if name == child.name:
                yield parent, field


def _new(kit: Kit, child: Resource) -> JsonObject:
    times = {"created_time": kit.now(), "last_modified_time": kit.now()}
    return traits(child.name).defaults | times


def _link(parent: Resource, record: JsonObject) -> JsonObject:
    return {parent.id_field: record[parent.id_field]}


def _inside(parent: Resource, child: JsonObject) -> JsonObject:
    hidden = _NOT_INSIDE | {parent.id_field}
    return {name: value for name, value in child.items() if name not in hidden}
