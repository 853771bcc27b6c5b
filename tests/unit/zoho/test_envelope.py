import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.resources import resource
from zbbulk.zoho.envelope import DayQuota, read_answer

ITEMS = resource("items")


def read(body, status=200, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_answer(status, headers=named, content=content)


@pytest.mark.parametrize(
    ("code", "text"),
    [(0, "0"), ("0", "0"), ("43", "43"), (1002, "1002"), (True, ""), (None, ""), ([], "")],
)
def test_a_code_comes_out_as_text(code, text):
    assert read({"code": code, "message": "x"}).code == text


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        pytest.param(b"<html>\n <body>Bad\ngateway", "<html> <body>Bad gateway", id="html"),
        pytest.param(b'{"code": 0, "mess', '{"code": 0, "mess', id="cut"),
        pytest.param(b"", "", id="empty"),
        pytest.param(b"[1]", "[1]", id="list"),
        pytest.param(b"\xff\xfe{}", "\ufffd\ufffd{}", id="not-utf-8"),
        pytest.param(b"[" * 100_000, "[" * 200, id="deep"),
    ],
)
def test_what_is_no_json_object_is_shown_by_its_beginning(content, begins):
    answer = read(content, status=502)
    assert (answer.status, answer.code, answer.message, answer.body) == (502, "", "", None)
    assert answer.text == begins


def test_a_byte_order_mark_does_no_harm():
    assert read(b'\xef\xbb\xbf{"code": 0}').code == "0"


def test_numbers_are_whole_or_decimal_never_float():
    record = read(b'{"code":0,"item":{"rate":19.990,"days":30}}').record("item")
    assert record == {"rate": Decimal("19.990"), "days": 30}
    assert str(record["rate"]) == "19.990"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"item": {"item_id": "7"}, "other": {}}, id="its-own-key"),
        pytest.param({"itemz": {"item_id": "7"}, "page_context": {"page": 1}}, id="only-object"),
        pytest.param({"item": [{"item_id": "7"}]}, id="alone-in-a-list"),
    ],
)
def test_the_record_is_found(body):
    assert read({"code": 0, "message": "", **body}).record("item") == {"item_id": "7"}


@pytest.mark.parametrize("body", [{"a": {"x": 1}, "b": {"y": 2}}, {"item": "no"}, {}])
def test_no_record_is_guessed(body):
    assert read({"code": 0, **body}).record("item") == {}


@pytest.mark.parametrize(
    ("body", "location", "zb_id"),
    [
        ({"item": {"item_id": "460000000000000001"}}, "", "460000000000000001"),
        ({"item": {"item_id": 460000000000000001}}, "", "460000000000000001"),
        ({"item": {"item_id": True}}, "", ""),
        ({}, "/api/v3/items/460000000000000001", "460000000000000001"),
        ({}, "https://x/api/v3/items/46?organization_id=1", "46"),
        ({}, "/api/v3/items/new", ""),
        ({}, "", ""),
    ],
)
def test_the_id_is_text_from_the_record_or_the_location(body, location, zb_id):
    assert read({"code": 0, **body}, location=location).id_of(ITEMS) == zb_id


def test_the_days_quota_is_read_whatever_the_case_of_the_header():
    answer = read(
        {},
        **{"X-Rate-Limit-Limit": "1000", "x-rate-limit-remaining": "0", "X-RATE-LIMIT-RESET": "7"},
    )
    assert answer.quota == DayQuota(limit=1000, remaining=0, reset_s=7)


def test_a_quota_that_is_no_number_is_not_known():
    assert read({}, **{"X-Rate-Limit-Remaining": "many"}).quota == DayQuota()


@given(st.binary(max_size=200), st.integers(100, 599))
def test_no_answer_whatever_raises(content, status):
    answer = read_answer(status, headers={}, content=content)
    assert answer.status == status
    assert isinstance(answer.id_of(ITEMS), str)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["code", "message", "item", "x"]), json_values))
def test_no_envelope_whatever_raises(body):
    answer = read(body)
    assert isinstance(answer.code, str)
    assert isinstance(answer.message, str)
    assert isinstance(answer.id_of(ITEMS), str)
