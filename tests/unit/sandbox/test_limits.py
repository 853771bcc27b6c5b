"""A minute, a day, at once: what is too many, and when it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from zbbulk.sandbox.limits import PLANS, Allowance, Limits
from zbbulk.sandbox.organization import EDITIONS, Organization

ZONE = Organization(organization_id="1", plan="free", edition="us").zone
NOON = datetime(2026, 6, 9, 16, 0, tzinfo=UTC).timestamp()


def _limits(per_minute=0, per_day=0, at_once=0):
    allowance = Allowance(per_minute=per_minute, per_day=per_day, at_once=at_once)
    return Limits(allowance, zone=ZONE)


def _codes(limits, moments):
    codes = []
    for moment in moments:
        _, refusal = limits.arrive(moment)
        limits.leave()
        codes.append(refusal.code if refusal else None)
    return codes


def test_the_call_behind_the_last_of_a_minute_is_refused_and_the_window_slides():
    limits = _limits(per_minute=3)
    assert _codes(limits, [NOON, NOON + 20, NOON + 40, NOON + 59]) == [None, None, None, "44"]
    assert _codes(limits, [NOON + 80.1]) == [None]


def test_a_refused_call_counts_as_an_arrival_too():
    limits = _limits(per_minute=2)
    assert _codes(limits, [NOON, NOON, NOON + 50, NOON + 61]) == [None, None, "44", None]
    assert _codes(limits, [NOON + 62]) == ["44"]


def test_the_day_ends_at_midnight_in_the_time_zone_of_the_organization():
    limits = _limits(per_day=2)
    assert _codes(limits, [NOON] * 3) == [None, None, "45"]
    # 16:00 UTC is noon in New York: twelve hours are left
    assert limits.headers(NOON) == {
        "X-Rate-Limit-Limit": "2",
        "X-Rate-Limit-Remaining": "0",
        "X-Rate-Limit-Reset": "43200",
    }
    assert _codes(limits, [NOON + 43199, NOON + 43200]) == ["45", None]
    assert limits.headers(NOON + 43200)["X-Rate-Limit-Remaining"] == "1"


def test_an_answered_call_makes_room_for_another():
    limits = _limits(at_once=1)
    assert limits.arrive(NOON) == (1, None)
    count, refusal = limits.arrive(NOON)
    assert (count, refusal.code) == (2, "1070")
    limits.leave()
    limits.leave()
    assert limits.arrive(NOON) == (1, None)


@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_tells_its_day_quota_in_the_headers(opened, plan):
    client = opened(plan=plan)
    headers = client.call("GET", "/organizations")[2]
    assert headers["X-Rate-Limit-Limit"] == str(PLANS[plan].per_day)
    assert headers["X-Rate-Limit-Remaining"] == str(PLANS[plan].per_day - 1)
    assert 0 < int(headers["X-Rate-Limit-Reset"]) <= 90000


def test_the_hundred_and_first_call_of_a_minute_is_answered_44(opened):
    client = opened()
    statuses = [client.call("GET", "/organizations")[0] for _ in range(100)]
    assert statuses == [200] * 100
    status, body, headers = client.call("GET", "/organizations")
    assert (status, body["code"]) == (429, 44)
    assert "X-Rate-Limit-Remaining" in headers
    client.sandbox.skip(60)
    assert client.call("GET", "/organizations")[0] == 200


def test_the_spent_day_is_answered_45_until_midnight(opened):
    client = opened(per_day=2, start=datetime(2026, 6, 9, 23, 59, tzinfo=ZONE))
    assert [client.call("GET", "/organizations")[0] for _ in range(3)] == [200, 200, 429]
    status, body, headers = client.call("GET", "/organizations")
    assert (body["code"], "limit of 2." in body["message"]) == (45, True)
    client.sandbox.skip(int(headers["X-Rate-Limit-Reset"]))
    status, _, headers = client.call("GET", "/organizations")
    assert (status, headers["X-Rate-Limit-Remaining"]) == (200, "1")


def _burst(client, count):
    with ThreadPoolExecutor(count) as pool:
        calls = [pool.submit(client.call, "GET", "/organizations") for _ in range(count)]
        return [call.result() for call in calls]


def test_more_in_flight_than_the_plan_allows_are_answered_1070(opened):
    client = opened(plan="free", latency_ms=(150, 150))
    answers = _burst(client, 9)
    refused = [body["code"] for status, body, _ in answers if status == 429]
    assert refused == [1070] * 4
    assert max(entry.in_flight for entry in client.sandbox.requests()) >= 6
    assert client.call("GET", "/organizations")[0] == 200


def test_as_many_in_flight_as_the_plan_allows_are_all_answered(opened):
    client = opened(latency_ms=(50, 50))
    assert {status for status, *_ in _burst(client, 10)} == {200}


def test_limits_can_be_switched_off(opened):
    client = opened(per_minute=0, per_day=0, at_once=0)
    answers = [client.call("GET", "/organizations") for _ in range(120)]
    assert {status for status, *_ in answers} == {200}
    assert "X-Rate-Limit-Limit" not in answers[-1][2]


def test_every_edition_has_a_time_zone():
    zones = [Organization(organization_id="1", plan="free", edition=name).zone for name in EDITIONS]
    assert len(zones) == len(EDITIONS)
