"""Policies that are written wrong: code, place and the nearest word."""

import pytest

from zbbulk.errors import MappingError
from zbbulk.mapping import parse_mapping
from zbbulk.mapping.words import Lines, LinesMissing, OnMatch

HEAD = "zbbulk: 1\nresource: {resource}\n"
FIELDS = "fields: {{{name}: A, custom_fields: {{cf_code: B, Label: C}}}}\n"


def loaded(policies, *, resource="items", name="name"):
    text = HEAD.format(resource=resource) + policies + "\n" + FIELDS.format(name=name)
    return parse_mapping(text, file="m.yml")


@pytest.mark.parametrize(
    ("policies", "code", "place", "words"),
    [
        ("after_create: [mark_actve]", "ZB231", (3, "16"), "Did you mean 'mark_active'"),
        ("after_create: {a: b}", "ZB212", (3, "15"), "list of status calls"),
        (
            "action: update\nafter_create: [mark_active]",
            "ZB231",
            (4, "15"),
            "is for `action: create`",
        ),
        ("key: {fields: [name], on_match: skp}", "ZB202", (3, "33"), "Did you mean 'skip'"),
        ("key: {fields: [name], lines: keep}", "ZB202", (3, "30"), "replace, append"),
        ("key: {fields: [name], onmatch: skip}", "ZB202", (3, "23"), "'on_match'"),
        ("key: {on_match: skip}", "ZB213", (3, "6"), "`fields:`"),
        ("key: {fields: [custom_fields.Lable]}", "ZB213", (3, "16"), "'custom_fields.Label'"),
        ("upsert_by: cf_cod", "ZB232", (3, "12"), "Did you mean 'cf_code'"),
        ("upsert_by: Label", "ZB232", (3, "12"), "begins with `cf_`"),
        (
            "upsert_by: cf_code\nkey: {fields: [name], on_match: skip}",
            "ZB232",
            (3, "12"),
            "Use one of them",
        ),
    ],
)
def test_what_is_wrong_is_told_at_its_place(policies, code, place, words):
    name = "item_id" if policies.startswith("action") else "name"
    with pytest.raises(MappingError) as caught:
        loaded(policies, name=name)
    (problem,) = caught.value.problems
    assert (problem.code, (problem.at.row, problem.at.column)) == (code, place)
    assert words in f"{problem.message} {problem.fix}"


def test_a_resource_without_upsert_is_told():
    with pytest.raises(MappingError) as caught:
        loaded("upsert_by: cf_code", resource="vendorcredits", name="vendor_id")
    assert "ZB232" in {problem.code for problem in caught.value.problems}


@pytest.mark.parametrize(("resource", "name"), [("tasks", "task_name"), ("taxgroups", "taxes")])
def test_a_resource_whose_list_can_not_be_read_as_a_whole_has_no_on_match(resource, name):
    with pytest.raises(MappingError) as caught:
        loaded(f"key: {{fields: [{name}], on_match: skip}}", resource=resource, name=name)
    assert "ZB219" in {problem.code for problem in caught.value.problems}


def test_an_update_may_have_a_key_without_fields():
    mapping = loaded("action: update\nkey: {lines: append, lines_missing: delete}", name="item_id")
    assert mapping.key == ()
    assert mapping.policy.lines is Lines.APPEND
    assert mapping.policy.lines_missing is LinesMissing.DELETE


def test_all_policies_are_kept():
    mapping = loaded("after_create: mark_inactive\nkey: {fields: [name], on_match: update}")
    assert mapping.after_create == ("mark_inactive",)
    assert mapping.policy.on_match is OnMatch.UPDATE
    assert loaded("upsert_by: cf_code").policy.upsert_by == "cf_code"
