import pytest

from zbbulk.editions import EDITIONS, edition_name, known_edition
from zbbulk.errors import UsageError


@pytest.mark.parametrize("code", EDITIONS)
def test_a_known_edition_is_taken_as_it_is(code):
    assert known_edition(code) == code


@pytest.mark.parametrize(
    ("given", "near"), [("IN", "in"), ("India", "in"), ("gc", "gcc"), ("kenia", "ke")]
)
def test_an_unknown_edition_is_refused_with_the_nearest_and_the_list(given, near):
    with pytest.raises(UsageError) as caught:
        known_edition(given)
    assert caught.value.code == "ZB007"
    assert f"Did you mean {near!r}?" in caught.value.fix
    assert all(edition_name(code) in caught.value.fix for code in EDITIONS)


def test_nothing_near_is_not_suggested():
    with pytest.raises(UsageError) as caught:
        known_edition("")
    assert "Did you mean" not in caught.value.fix
