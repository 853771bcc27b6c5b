"""What an edition refuses and asks for in a mapping, each with its line."""

import pytest

from zbbulk.errors import MappingError, UsageError

FOREIGN = """\
fields:
  name: A
  gst: B
  tax_address: {city: C}
  lines:
    - rate: D
    - rate: D
      hsn: E
"""


@pytest.fixture
def problems_of(load):
    def problems_of(rest, *, edition=None):
        with pytest.raises(MappingError) as caught:
            load(rest, edition=edition)
        return [(problem.code, str(problem.at)) for problem in caught.value.problems]

    return problems_of


def test_each_field_that_the_edition_has_not_is_told_with_its_line(problems_of):
    assert problems_of(f"edition: us\n{FOREIGN}") == [
        ("ZB218", "m.yml:6:3"),
        ("ZB218", "m.yml:7:3"),
        ("ZB218", "m.yml:11:7"),
    ]


def test_only_the_fields_of_other_editions_are_told(problems_of):
    assert problems_of(FOREIGN, edition="mx") == [("ZB218", "m.yml:10:7")]
    assert problems_of(FOREIGN, edition="in") == [("ZB218", "m.yml:6:3")]


def test_the_field_and_the_editions_that_have_it_are_named(load):
    with pytest.raises(MappingError) as caught:
        load("fields:\n  name: A\n  gst: B\n", edition="us")
    assert caught.value.message == "The edition United States (us) has no `gst` in items."
    assert caught.value.fix == (
        "Remove the line; these editions have the field: India (in), Mexico (mx)."
    )


def test_without_an_edition_every_field_is_let_through(load):
    mapping = load(FOREIGN)
    assert mapping.edition is None
    assert mapping.warnings == ()


def test_an_update_is_refused_foreign_fields_too(problems_of):
    rest = "action: update\nedition: us\nfields:\n  item_id: A\n  gst: B\n"
    assert problems_of(rest) == [("ZB218", "m.yml:7:3")]


def test_what_the_edition_requires_must_be_mapped(load, problems_of):
    assert problems_of("edition: in\nfields:\n  name: A\n") == [("ZB217", "m.yml:5:3")]
    assert load("edition: in\nfields:\n  name: A\n  gst: B\n").edition == "in"
    assert load("edition: mx\nfields:\n  name: A\n").edition == "mx"


def test_an_update_is_not_asked_for_what_the_edition_requires(load):
    assert load("action: update\nedition: in\nfields:\n  item_id: A\n").edition == "in"


def test_the_edition_that_is_given_wins(load):
    assert load("edition: us\nfields:\n  name: A\n  gst: B\n", edition="in").edition == "in"


@pytest.mark.parametrize("given", [None, "in"])
def test_an_edition_that_is_not_known_is_told_with_its_line(problems_of, given):
    rest = "edition: india\nfields:\n  name: A\n  gst: B\n"
    assert problems_of(rest, edition=given) == [("ZB007", "m.yml:3:10")]
    assert problems_of("edition: [in]\nfields:\n  name: A\n") == [("ZB007", "m.yml:3:10")]


def test_an_unknown_edition_that_is_given_is_an_error(load):
    with pytest.raises(UsageError) as caught:
        load("fields:\n  name: A\n", edition="xx")
    assert caught.value.code == "ZB007"
