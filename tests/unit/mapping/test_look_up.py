"""A lookup inside a compiled mapping: what is asked, what is remembered, what comes out."""

import pytest

from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.model import Many, Missing

HEADER = ("A", "B")
HEAD = "zbbulk: 1\nresource: invoices\nfields:\n  line_items: [{name: B}]\n"


class Book:
    """A Finder that notes what it was asked for."""

    def __init__(self, **known):
        self.known, self.asked, self.wanted = known, [], []

    def find(self, rule, text):  # noqa: ARG002 - as the Protocol has it
        self.asked.append(text)
        return self.known.get(text, Missing("Acme"))

    def want(self, rule, text):  # noqa: ARG002 - as the Protocol has it
        self.wanted.append(text)

    def home(self):
        return ""


@pytest.fixture
def convert():
    def run(rule, *rows, finder=None, typed=False):
        text = f"{HEAD}  customer_id: {rule}\n"
        mapping = parse_mapping(text, file="m.yml")
        program = compile_mapping(mapping, HEADER, file="a.csv", typed=typed, finder=finder)
        return [program.convert(row) for row in rows]

    return run


def ids(converted):
    return [record.get("customer_id") for record, _ in converted]


def test_every_text_is_asked_for_once(convert):
    book = Book(Acme="1", Beta="2")
    rows = [("Acme", "x"), ("Beta", "x"), ("Acme", "y"), ("Acme", "z")]
    found = convert("{find_by: contact_name, column: A}", *rows, finder=book)
    assert ids(found) == ["1", "2", "1", "1"]
    assert book.asked == ["Acme", "Beta"]


@pytest.mark.parametrize("typed", [False, True])
@pytest.mark.parametrize(
    ("rule", "cell", "zb_id"),
    [
        ("{find_by: contact_name, column: A}", "Acme", "1"),
        ("{find_by: contact_name, column: A}", "", None),
        ("{find_by: contact_name, column: A, default: Acme}", "", "1"),
        ("{find_by: contact_name, value: Acme}", "", "1"),
        ("{find_by: contact_name, template: '{A}me'}", "Ac", "1"),
        ("{find_by: contact_name, first_of: [A, B]}", "Acme", "1"),
        ("{find_by: contact_name, column: A, values: {X: Acme}}", "x", "1"),
        ("{find_by: contact_name, column: A, text: title}", "acme", "1"),
        ("{find_by: contact_name, column: A, if_missing: blank}", "Nobody", None),
        ("{find_by: contact_name, column: A, if_missing: {use: Acme}}", "Nobody", "1"),
    ],
)
def test_the_text_of_any_source_word_is_looked_up(convert, rule, cell, zb_id, typed):
    found = convert(rule, (cell, "x"), finder=Book(Acme="1"), typed=typed)
    assert ids(found) == [zb_id]
    assert found[0][1] is None


def test_a_missing_text_is_a_fault_with_the_nearest_name(convert):
    ((_, faults),) = convert("{find_by: contact_name, column: A}", ("Acm", "x"), finder=Book())
    (fault,) = faults
    assert (fault.code, fault.path, fault.column) == ("ZB313", ("customer_id",), "A")
    assert fault.sought == ("contacts", "contact_name", "Acm", "Acme")


def test_when_what_is_used_instead_is_missing_too_that_is_told(convert):
    rule = "{find_by: contact_name, column: A, if_missing: {use: Cash}}"
    ((_, (fault,)),) = convert(rule, ("Nobody", "x"), finder=Book())
    assert fault.sought.text == "Cash"


def test_two_records_are_a_fault_with_their_ids(convert):
    book = Book(Acme=Many(("1", "2", "3", "4", "5", "6")))
    ((_, (fault,)),) = convert("{find_by: contact_name, column: A}", ("Acme", "x"), finder=book)
    assert fault.code == "ZB314"
    assert "1, 2, 3, 4 and 2 more" in fault.message


def test_a_missing_record_that_is_to_be_created_is_wanted(convert):
    book = Book()
    rule = "{find_by: contact_name, column: A, if_missing: create}"
    ((_, faults),) = convert(rule, ("New", "x"), finder=book)
    assert faults is None
    assert book.wanted == ["New"]


def test_without_a_finder_the_text_passes(convert):
    assert ids(convert("{find_by: contact_name, column: A}", ("Acme", "x"))) == ["Acme"]
