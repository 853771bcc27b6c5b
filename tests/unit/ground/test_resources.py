import pytest

from zbbulk.errors import UsageError
from zbbulk.resources import resource, resources, schema


def test_an_unknown_resource_names_the_nearest():
    with pytest.raises(UsageError) as caught:
        resource("invoces")
    assert caught.value.code == "ZB006"
    assert "'invoices'" in caught.value.fix


@pytest.mark.parametrize("name", resources())
def test_each_resource_has_a_schema_that_knows_its_keys(name):
    facts, rules = resource(name), schema(name)
    known = set(rules["properties"])
    named = {facts.id_field} if facts.id_field and "update" in facts.can else set()
    assert named | {field for key in facts.match_keys for field in key} <= known
    assert set(facts.path_fields) | set(facts.query_fields) <= known & set(rules["required"])
    if "update" in facts.can and not facts.is_single:
        assert set(rules["x-required-on-update"]) == {facts.id_field, *facts.path_fields}
    if facts.number_field:
        assert facts.number_field in known
        assert facts.number_flag in ("query", "body")
