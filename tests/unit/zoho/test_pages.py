"""Whole lists: every page, no page twice, and the end where Zoho says so."""

import pytest

from zbbulk.errors import ZohoError
from zbbulk.resources import resource
from zbbulk.zoho.pages import whole_list


def page(canned, ids, *, more, key="items"):
    records = [{"item_id": zb_id} for zb_id in ids]
    body = {"code": 0, "message": "success", key: records, "page_context": {"has_more_page": more}}
    return canned(status=200, body=body)


@pytest.fixture
def ids_of(server, make_client):
    def read(*script, name="items"):
        server.script = list(script)
        return [each["item_id"] for each in whole_list(make_client(), resource(name))]

    return read


def test_a_short_page_is_not_the_last_one_unless_zoho_says_so(server, canned, ids_of):
    pages = [
        page(canned, "1", more=True),
        page(canned, "23", more=True),
        page(canned, "4", more=False),
    ]
    assert ids_of(*pages) == ["1", "2", "3", "4"]
    asked = [(each.query["page"], each.query["per_page"]) for each in server.seen]
    assert asked == [("1", "200"), ("2", "200"), ("3", "200")]


def test_accounts_are_asked_for_with_the_inactive_ones_5000_a_page(server, canned, ids_of):
    ids_of(page(canned, "1", more=False, key="chartofaccounts"), name="chartofaccounts")
    (asked,) = server.seen
    assert asked.query["filter_by"] == "AccountType.All"
    assert asked.query["per_page"] == "5000"


def test_a_page_whose_answer_was_lost_is_asked_for_again(server, canned, ids_of):
    assert ids_of(canned(cut="before"), page(canned, "1", more=False)) == ["1"]
    assert [each.query["page"] for each in server.seen] == ["1", "1"]


def test_a_refused_list_stops_the_job_with_zohos_words(said, ids_of):
    with pytest.raises(ZohoError) as caught:
        ids_of(said(2, "Invalid value passed for page"))
    assert "Invalid value passed for page" in caught.value.message
