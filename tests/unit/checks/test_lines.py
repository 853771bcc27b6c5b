from zbbulk.checks.lines import appended, dropped

THERE = [
    {"line_item_id": "1", "name": "Pen", "item_total": 5, "tax_id": ""},
    {"line_item_id": "2", "name": "Ink", "item_total": 6, "tax_id": "9"},
]


def test_lines_that_are_not_named_are_dropped():
    assert dropped(THERE, [{"line_item_id": "2"}, {"name": "Cap"}]) == [THERE[0]]
    assert dropped(THERE, THERE) == []


def test_what_is_appended_keeps_the_others_without_what_zoho_computes():
    fields = ("line_item_id", "name", "tax_id")
    lines = appended(THERE, [{"name": "Cap"}], fields=fields)
    assert lines == [
        {"line_item_id": "1", "name": "Pen"},
        {"line_item_id": "2", "name": "Ink", "tax_id": "9"},
        {"name": "Cap"},
    ]
    (first, second) = appended(THERE, [{"line_item_id": "1", "name": "Nib"}], fields=fields)
    assert (first["name"], second["name"]) == ("Ink", "Nib")


def test_lines_of_journals_have_another_id():
    assert dropped([{"line_id": "7"}], [{"line_id": "7"}]) == []
