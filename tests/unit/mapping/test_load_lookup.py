"""What ``find_by`` and its neighbours may say, and the place of every slip."""

import pytest

from zbbulk.errors import MappingError
from zbbulk.mapping import parse_mapping
from zbbulk.mapping.words import IfMissing
from zbbulk.model import LookupRule

HEAD = "zbbulk: 1\nresource: invoices\nfields:\n  line_items:\n    - name: N\n"


def loaded(rule, *, field="customer_id"):
    above = "" if field == "customer_id" else "  customer_id: C\n"
    return parse_mapping(f"{HEAD}{above}  {field}: {rule}\n", file="m.yml")


def lookup_of(rule):
    return loaded(rule).fields.fields["customer_id"].lookup


def test_a_lookup_takes_its_resource_from_the_schema():
    lookup = lookup_of("{find_by: contact_name, column: C, where: {contact_type: customer}}")
    assert lookup.rule == LookupRule(("contacts",), "contact_name", (("contact_type", "customer"),))
    assert lookup.if_missing is IfMissing.ERROR


def test_without_find_by_there_is_no_lookup():
    assert lookup_of("{column: C}") is None


def test_another_text_may_stand_in_for_a_missing_one():
    assert lookup_of("{find_by: contact_name, column: C, if_missing: {use: Cash}}").use == "Cash"


def test_a_field_of_no_known_resource_takes_find_in():
    mapping = loaded("{find_by: sku, find_in: items, column: X}", field="reference_number")
    lookup = mapping.fields.fields["reference_number"].lookup
    assert lookup.rule.resources == ("items",)


BY_NAME = "find_by: contact_name, column: C"


@pytest.mark.parametrize(
    ("rule", "field", "code", "anchor", "words"),
    [
        ("{find_by: xy, column: C}", "reference_number", "ZB227", "xy", "find_in"),
        ("{find_by: contct_name, column: C}", "customer_id", "ZB228", "contct", "'contact_name'"),
        (f"{{{BY_NAME}, where: {{typ: x}}}}", "customer_id", "ZB228", "typ", "where: typ"),
        ("{column: C, if_missing: blank}", "customer_id", "ZB227", "if_missing", "find_by"),
        (f"{{{BY_NAME}, if_many: all}}", "customer_id", "ZB202", "all", "first_active"),
        (f"{{{BY_NAME}, if_missing: creat}}", "customer_id", "ZB202", "creat", "'create'"),
        (f"{{{BY_NAME}, if_missing: {{us: x}}}}", "customer_id", "ZB202", "us:", "'use'"),
        (f"{{{BY_NAME}, find_in: items}}", "customer_id", "ZB227", "items", "Delete"),
        (f"{{{BY_NAME}, where: xy}}", "customer_id", "ZB212", "xy", "takes a map"),
        (f"{{{BY_NAME}, blank: keep}}", "customer_id", "ZB211", "keep", "Delete"),
        (
            "{find_by: email, column: C, if_missing: create}",
            "customer_id",
            "ZB229",
            "create",
            "contact_name",
        ),
    ],
)
def test_a_slip_is_told_with_its_place(rule, field, code, anchor, words):
    with pytest.raises(MappingError) as caught:
        loaded(rule, field=field)
    problem = next(each for each in caught.value.problems if each.code == code)
    assert problem.at.row == (6 if field == "customer_id" else 7)
    assert int(problem.at.column) == f"  {field}: {rule}".index(anchor) + 1
    assert words in problem.message + problem.fix


def test_a_rate_of_gst_needs_a_place_of_supply():
    text = f"{HEAD}      tax_id: {{find_by: gst_rate, column: G}}\n  customer_id: C\n"
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, file="m.yml")
    assert [(each.code, each.at.row) for each in caught.value.problems] == [("ZB228", 6)]
    assert "place_of_supply" in caught.value.problems[0].fix


def test_contact_persons_have_no_list_to_look_in():
    text = "zbbulk: 1\nresource: invoices\nfields:\n  customer_id: C\n  line_items: [{name: N}]\n"
    text += "  reference_number: {find_by: email, find_in: contactpersons, column: P}\n"
    with pytest.raises(MappingError) as caught:
        parse_mapping(text, file="m.yml")
    assert caught.value.problems[0].code == "ZB228"
