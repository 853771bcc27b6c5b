"""Ids that lead to other records: checked at any depth, and named."""

import pytest

from zbbulk.resources import resources, schema

GONE = "4600000000000999999"


def _ids(facts, way=()):
    """Yield the way to each id field of a schema that leads to another record."""
    for name, part in facts.get("properties", {}).items():
        if "x-resource" in part:
            yield (*way, name)
        elif part.get("type") == "array" and "x-resource" in part.get("items", {}):
            yield (*way, name, 0)
        elif part.get("type") == "array":
            yield from _ids(part["items"], (*way, name, 0))
        elif part.get("type") == "object":
            yield from _ids(part, (*way, name))


WAYS = [
    pytest.param(name, way, id=".".join(map(str, (name, *way))))
    for name, facts in resources().items()
    for way in _ids(schema(name))
    if way != (facts.id_field,) and way[0] not in facts.path_fields
]


def _put(body, way, value):
    """Set *value* in *body*, as deep as the way says."""
    (step, *rest) = way
    if isinstance(step, int):
        held = body or [{}]
        return [_put(held[0], rest, value)] if rest else [value]
    held = dict(body) if isinstance(body, dict) else {}
    if rest:
        held[step] = _put(held.get(step, [] if isinstance(rest[0], int) else {}), rest, value)
    else:
        held[step] = value
    return held


@pytest.mark.parametrize(("name", "way"), WAYS)
def test_an_id_that_leads_nowhere_is_refused(stocked, name, way):
    body = _put(stocked.minimal(name), way, GONE)
    for list_ in ("invoices", "bills"):
        if way[:1] == (list_,):
            body[list_][0] |= {"amount_applied": 1}
    status, answer, _ = stocked.send("POST", name, body)
    facts = schema(name)
    for step in way:
        facts = facts["items"] if isinstance(step, int) else facts["properties"][step]
        if "us" not in facts.get("x-editions", ["us"]):
            assert (status, answer["code"]) != (400, 1002)
            return
    assert (status, answer["code"]) == (400, 1002), answer
    assert answer["message"].endswith("does not exist.")
