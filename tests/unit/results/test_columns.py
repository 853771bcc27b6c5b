import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.model import Outcome, Status
from zbbulk.results.columns import OWN_COLUMNS, harmless, own_cells, own_columns
from zbbulk.results.outcomes import OutcomesInOrder, joined

CREATED = Outcome(status=Status.CREATED, zb_id="46")
FAILED = Outcome(status=Status.FAILED, code="1001")
TWICE = Outcome(status=Status.REJECTED, code="ZB306", message="twice", fix="mend it")


def test_our_columns_have_their_own_names_beside_any_others():
    assert own_columns(("Name", "Rate")) == OWN_COLUMNS


@pytest.mark.parametrize("taken", ["zb_id", " ZB_Status ", "zb_fix"])
def test_all_five_get_a_number_when_one_name_is_taken(taken):
    assert own_columns(("Name", taken)) == tuple(f"{name}_2" for name in OWN_COLUMNS)


def test_a_result_fed_in_twice_gets_the_next_free_number():
    first = own_columns(("Name", *OWN_COLUMNS))
    again = own_columns(("Name", *OWN_COLUMNS, *first))
    assert again == tuple(f"{name}_3" for name in OWN_COLUMNS)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b", "\uff20x"]
)
def test_a_text_that_would_be_calculated_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1 = 1", "4600000001", "'=1", " =1", "Größe", "₹ 5"])
def test_any_other_text_stays_as_it_is(text):
    assert harmless(text) == text


def test_half_of_a_surrogate_pair_is_shown_as_a_question_mark():
    assert harmless("a\ud83d") == "a?"


@given(st.text())
def test_a_harmless_text_stays_the_same_when_made_harmless_again(text):
    assert harmless(harmless(text)) == harmless(text)


def test_every_text_of_an_outcome_is_made_harmless():
    outcome = Outcome(status=Status.FAILED, zb_id="=1", code="-1", message="+1", fix="@1")
    assert own_cells(outcome) == ("failed", "'=1", "'-1", "'+1", "'@1")


def test_two_outcomes_of_one_row_are_both_told():
    first = Outcome(status=Status.READY, code="ZB204 ZB306", message="no number", fix="mend it")
    assert joined(first, TWICE) == Outcome(
        status=Status.REJECTED, code="ZB204 ZB306", message="no number | twice", fix="mend it"
    )


def test_an_id_is_kept_when_the_second_outcome_has_none():
    assert joined(CREATED, TWICE).zb_id == "46"


def outcomes_of(pairs):
    starts = []

    def read():
        starts.append(1)
        return iter(pairs)

    return OutcomesInOrder(read), starts


def test_outcomes_in_order_are_found_by_row_number():
    lookup, starts = outcomes_of([(3, CREATED), (5, FAILED), (6, TWICE)])
    assert [lookup(number) for number in range(2, 8)] == [None, CREATED, None, FAILED, TWICE, None]
    assert len(starts) == 1


def test_a_smaller_row_number_starts_the_source_anew():
    lookup, starts = outcomes_of([(3, CREATED), (5, FAILED)])
    assert [lookup(5), lookup(3), lookup(3), lookup(5)] == [FAILED, CREATED, CREATED, FAILED]
    assert len(starts) == 2
