from decimal import Decimal

import pytest

from zbbulk.codes import CODES
from zbbulk.errors import AuthError, QuotaSpent, ResultError, Unavailable, ZohoError
from zbbulk.model import Action, Outcome, Status
from zbbulk.zoho.pace import Stopped

LOOK = CODES["ZB410"].fix
QUOTA = ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset")


def day(remaining, reset_s="3600"):
    return dict(zip(QUOTA, ("1000", str(remaining), reset_s), strict=True))


class OtherToken:
    """A token source that can renew once, and counts."""

    def __init__(self):
        self.tokens = ["1000.first-token", "1000.second-token"]
        self.renewed = []

    def token(self):
        return self.tokens[0]

    def renew(self, refused):
        self.renewed.append(refused)
        if refused == self.tokens[0] and len(self.tokens) > 1:
            self.tokens.pop(0)
            return True
        return False


# --- it worked


def test_a_created_record_has_zohos_id(send, created, server):
    outcome = send(created("460000000000000123"))
    assert outcome == Outcome(
        status=Status.CREATED, zb_id="460000000000000123", message="The item has been added."
    )
    assert server.seen[0].body == b'{"name": "Bolt", "rate": 19.990}'


def test_an_updated_record_keeps_its_id_even_if_zoho_repeats_none(send, canned, server):
    answer = canned(200, {"code": 0, "message": "The item has been saved."})
    outcome = send(answer, action=Action.UPDATE)
    assert outcome == Outcome(status=Status.UPDATED, zb_id="77", message="The item has been saved.")
    assert (server.seen[0].method, server.seen[0].path) == ("PUT", "/books/v3/items/77")
    assert server.seen[0].body == b'{"name": "Bolt", "rate": 19.990}'


def test_the_id_may_come_by_the_location_header(send, canned):
    answer = canned(201, {"code": "0"}, headers={"Location": "/api/v3/items/46"})
    assert send(answer).zb_id == "46"


def test_a_create_that_worked_without_telling_an_id_is_created_and_says_so(send, canned):
    outcome = send(canned(201, {"code": 0, "message": "Added."}))
    assert (outcome.status, outcome.zb_id) == (Status.CREATED, "")
    assert outcome.message == "Added. Zoho told no id for it."
    assert "look the record up" in outcome.fix


def test_a_create_of_what_has_no_id_is_created_without_a_word_about_it(send, canned):
    answer = canned(201, {"code": 0, "message": "Your bank statement has been imported."})
    outcome = send(answer, record={"account_id": "1"}, name="bankstatements")
    assert outcome == Outcome(
        status=Status.CREATED, message="Your bank statement has been imported."
    )


def test_an_own_document_number_goes_with_its_flag(send, created, server):
    record = {"invoice_number": "INV-1", "total": Decimal("0.10")}
    send(created(key="invoice", id_field="invoice_id"), record=record, name="invoices")
    assert server.seen[0].query == {
        "ignore_auto_number_generation": "true",
        "organization_id": "10234695",
    }
    assert server.seen[0].body == b'{"invoice_number": "INV-1", "total": 0.10}'


# --- Zoho refuses one record: every known code, with Zoho's words and our fix

REFUSALS = [
    ("2", "Invalid value passed for tax_treatment", "the field Zoho names"),
    ("2", "Invalid value passed for Payment Terms", "payment_terms_label"),
    ("4", "Invalid value passed for Amount", "net or merge the lines"),
    ("5", "Invalid URL Passed", "edition of Zoho Books"),
    ("15", 'Please ensure that the "name" has less than 100 characters.', "Shorten the text"),
    ("1001", "Item already exists", "another name"),
    ("1002", "Invoice does not exist.", "Correct the id"),
    ("1002", "The customer is not accessible", "Zoho's own words"),
    ("1004", "This estimate number has been added already", "another number"),
    ("1004", "Resource not found", "Zoho's own words"),
    ("1038", "JSON is not well formed", "fault of zbbulk"),
    ("1049", "The bill is already in open status", "Nothing to do"),
    (
        "3062",
        'The customer "Müller" already exists. Please specify a different name.',
        "add something to this name",
    ),
    ("11002", "The account name already exists", "another name"),
    ("13011", "A bill with this number has already been created for this vendor.", "by vendor"),
    ("36023", "The sales order cannot be edited after invoicing", "Leave this sales order out"),
    ("108004", "The account to be matched is different", "paid_through_account_id"),
    ("110802", "Please specify a tax for the line item", "Map a tax for every line"),
    ("110942", "tax_id is not allowed as GST is not enabled", "switch GST on"),
    ("120303", "The value is already used in another record", "imported before"),
    ("400040", "You have no write access to this location", "give the user this location"),
    ("99", "This SKU has been added already", "There is such a record"),
    ("9999", "Something that nobody has ever met", "Correct the row by what Zoho says"),
]


@pytest.mark.parametrize(("code", "message", "fix"), REFUSALS, ids=lambda v: str(v)[:12])
def test_a_refusal_is_failed_with_zohos_words_verbatim_and_a_fix(
    send, said, server, code, message, fix
):
    outcome = send(said(int(code), message))
    assert (outcome.status, outcome.zb_id) == (Status.FAILED, "")
    assert (outcome.code, outcome.message) == (code, message)
    assert fix in outcome.fix
    assert len(server.seen) == 1, "it is not sent again"


def test_a_refusal_with_http_200_and_a_code_as_text_is_a_refusal(send, said):
    outcome = send(said("1001", "Item already exists", status=200))
    assert (outcome.status, outcome.code) == (Status.FAILED, "1001")


def test_a_refusal_without_a_code_has_ours_and_zohos_words(send, canned):
    outcome = send(canned(400, {"message": "The parameter JSONString is mandatory"}))
    assert (outcome.status, outcome.code) == (Status.FAILED, "ZB401")
    assert outcome.message == "The parameter JSONString is mandatory"


def test_a_refusal_without_words_says_so(send, canned):
    outcome = send(canned(400, {"code": 9999}))
    assert (outcome.code, outcome.message) == ("9999", "Refused without a word (HTTP 400).")


def test_an_update_that_is_reached_already_is_fine(send, said):
    outcome = send(said(1049, "already in open status"), action=Action.UPDATE)
    assert outcome == Outcome(
        status=Status.UPDATED, zb_id="77", code="1049", message="already in open status"
    )


def test_a_refused_update_keeps_the_id(send, said):
    outcome = send(said(1001, "Item already exists"), action=Action.UPDATE)
    assert (outcome.status, outcome.zb_id, outcome.code) == (Status.FAILED, "77", "1001")


# --- limits


@pytest.mark.parametrize("code", [44, "44", 43, "43"])
def test_over_the_minute_everybody_waits_a_minute_and_goes_on_slower(
    send, said, created, pace, code, events
):
    outcome = send(said(code, "blocked for exceeding requests", status=429), created())
    assert outcome.status is Status.CREATED
    assert pace.clock.now() == pytest.approx(1060)
    assert pace.per_minute == 90
    assert [(event["attempt"], event["zoho_code"]) for event in events] == [
        (1, str(code)),
        (2, "0"),
    ]


def test_a_429_without_words_is_taken_for_the_minute(send, canned, created, clock):
    assert send(canned(429, b"<html>"), created()).status is Status.CREATED
    assert clock.now() == pytest.approx(1060)


def test_ten_times_over_the_minute_in_a_row_stops_the_run(send, said, server, clock):
    with pytest.raises(ZohoError) as caught:
        send(said(44, "blocked", status=429))
    assert (caught.value.code, caught.value.zoho_code) == ("ZB406", "44")
    assert "blocked" in caught.value.message
    assert "other apps" in caught.value.fix
    assert len(server.seen) == 10
    assert clock.now() == pytest.approx(1000 + 9 * 60)


def test_a_day_code_that_the_headers_contradict_is_told_as_what_it_is(send, said):
    with pytest.raises(ZohoError) as caught:
        send(said(45, "maximum call rate limit", status=429, headers=day(500)))
    assert (caught.value.code, caught.value.zoho_code) == ("ZB406", "45")
    assert "code for the calls of a day, although its headers" in caught.value.message
    assert "maximum call rate limit (code 45)" in caught.value.message
    assert "tomorrow if the day is spent after all" in caught.value.fix


@pytest.mark.parametrize(
    ("message", "headers"),
    [
        ("organization exceeded the maximum call rate limit of 1000", {}),
        ("organization exceeded the maximum call rate limit of 1000", day(0)),
        ("blocked: too many requests per minute", day(0)),
    ],
)
def test_the_days_calls_used_up_stop_the_run(send, said, server, message, headers):
    with pytest.raises(QuotaSpent) as caught:
        send(said(45, message, status=429, headers=headers))
    error = caught.value
    assert (error.code, error.zoho_code, error.zoho_message) == ("ZB407", "45", message)
    assert error.reset_s == (3600 if headers else None)
    assert message in error.message
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("message", "headers"),
    [
        ("You have exceeded 100 requests per minute", {}),
        ("exceeded the maximum call rate limit", day(812)),
    ],
)
def test_45_is_taken_for_the_minute_where_words_or_headers_say_so(
    send, said, created, clock, message, headers
):
    outcome = send(said(45, message, status=429, headers=headers), created())
    assert outcome.status is Status.CREATED
    assert clock.now() == pytest.approx(1060)


def test_too_many_at_once_sends_fewer_and_tries_again_soon(send, said, created, clock, pace):
    busy = said(1070, "maximum in-process requests", status=429)
    assert send(busy, busy, created()).status is Status.CREATED
    assert pace.at_once == 5, "the second complaint came too soon after the first"
    assert clock.waits == [2, 2]


def test_too_many_at_once_for_ever_stops_the_run(send, said):
    with pytest.raises(ZohoError) as caught:
        send(said(1070, "maximum in-process requests", status=429))
    assert (caught.value.code, caught.value.zoho_code) == ("ZB408", "1070")


# --- credentials, organization, plan

REFUSED_TOKENS = [
    (14, "The authentication value is invalid", 401, "zbbulk auth login"),
    (57, "You are not authorized to perform this operation", 401, "zbbulk auth status -m MAPPING"),
    (None, "", 401, CODES["ZB402"].fix),
]


@pytest.mark.parametrize("refusal", REFUSED_TOKENS)
def test_a_refused_given_token_stops_the_run(send, said, server, refusal):
    code, message, status, fix = refusal
    with pytest.raises(AuthError) as caught:
        send(said(code, message, status=status))
    assert caught.value.code == "ZB402"
    assert caught.value.zoho_message == message
    assert message in caught.value.message
    assert fix in caught.value.fix
    assert len(server.seen) == 1


@pytest.mark.parametrize("refusal", REFUSED_TOKENS)
def test_a_refused_token_is_renewed_once_and_the_record_sent_again(
    send, said, created, server, refusal
):
    code, message, status, _ = refusal
    tokens = OtherToken()
    outcome = send(said(code, message, status=status), created(), token=tokens)
    assert outcome.status is Status.CREATED
    assert tokens.renewed == ["1000.first-token"]
    assert [seen.headers["authorization"] for seen in server.seen] == [
        "Zoho-oauthtoken 1000.first-token",
        "Zoho-oauthtoken 1000.second-token",
    ]


def test_a_second_refusal_after_renewing_stops_the_run(send, said, server):
    tokens = OtherToken()
    tokens.tokens.append("1000.third-token")
    with pytest.raises(AuthError) as caught:
        send(said(57, "You are not authorized", status=401), token=tokens)
    assert (caught.value.code, caught.value.zoho_code) == ("ZB402", "57")
    assert len(server.seen) == 2
    assert len(tokens.renewed) == 1


def test_several_organizations_are_told_apart_by_the_header_from_then_on(
    server, said, created, make_sender
):
    server.script = [said(6024, "The user belongs to several organizations"), created(), created()]
    sender = make_sender()
    assert sender.send({"name": "a"}).status is Status.CREATED
    assert sender.send({"name": "b"}).status is Status.CREATED
    named = [seen.headers.get("x-com-zoho-books-organizationid") for seen in server.seen]
    assert named == [None, "10234695", "10234695"]


@pytest.mark.parametrize(
    ("refusal", "tries", "fix"),
    [
        ((6024, "The user belongs to several organizations"), 2, "zbbulk orgs --use ID"),
        ((6041, "This user is not associated with the CompanyID:7"), 1, "--region"),
        ((2, "Invalid value passed for organization_id"), 1, "Manage Organizations"),
    ],
)
def test_a_wrong_organization_stops_the_run(send, said, server, refusal, tries, fix):
    code, message = refusal
    with pytest.raises(AuthError) as caught:
        send(said(code, message))
    assert (caught.value.code, caught.value.zoho_code) == ("ZB403", str(code))
    assert message in caught.value.message
    assert fix in caught.value.fix
    assert len(server.seen) == tries


def test_a_plan_that_has_run_out_stops_the_run(send, said):
    with pytest.raises(ZohoError) as caught:
        send(said(103001, "The trial of Zoho Books is over"))
    assert (caught.value.code, caught.value.zoho_code) == ("ZB411", "103001")
    assert "The trial of Zoho Books is over" in caught.value.message


def test_a_redirect_stops_the_run_and_the_token_does_not_follow(send, canned, server):
    headers = {"Location": "https://books.zoho.example/login?x=y"}
    with pytest.raises(Unavailable) as caught:
        send(canned(302, b"", headers=headers))
    assert caught.value.code == "ZB404"
    assert "books.zoho.example" in caught.value.message
    assert "--region" in caught.value.fix
    assert len(server.seen) == 1


# --- nothing tells what became of it

UNSURE = [
    pytest.param(({"status": 500, "body": {"code": 1000, "message": "Internal error"}}, "ZB410",
                 "Internal error"), id="1000"),
    pytest.param(({"status": 400, "body": {"code": 1000, "message": "Internal error"}}, "ZB410",
                 "Internal error"), id="1000-with-400"),
    pytest.param(({"status": 503, "body": b"<html>Down</html>"}, "ZB410",
                 "HTTP 503 without Zoho's words; it begins '<html>Down</html>'."), id="html-503"),
    pytest.param(({"status": 500, "body": {"code": 0, "message": "ok"}}, "ZB410", "ok"),
                 id="0-with-500"),
    pytest.param(({"status": 200, "body": b"<html>Hi"}, "ZB409",
                 "HTTP 200 without Zoho's words; it begins '<html>Hi'."), id="html"),
    pytest.param(({"status": 201, "body": b'{"code": 0,'}, "ZB409",
                 "HTTP 201 without Zoho's words; it begins '{\"code\": 0,'."), id="broken-json"),
    pytest.param(({"status": 201, "body": b""}, "ZB409", "HTTP 201 without Zoho's words."),
                 id="empty"),
    pytest.param(({"status": 201, "body": {"message": "hm"}}, "ZB409", "hm"), id="no-code"),
    pytest.param(({"status": 400, "body": {"code": 0, "message": "hm"}}, "ZB409", "hm"),
                 id="0-with-400"),
    pytest.param(({"cut": "before"}, "ZB405",
                 "Sent, but the server closed the connection without an answer."), id="cut"),
    pytest.param(({"body": {"code": 0, "message": "x" * 99}, "cut": "middle"}, "ZB405",
                 "Sent, but the answer broke off in the middle."), id="half"),
]  # fmt: skip


@pytest.mark.parametrize("unsure", UNSURE)
def test_a_create_whose_fate_is_not_known_is_unknown_and_never_sent_again(
    send, canned, server, unsure
):
    answer, code, message = unsure
    outcome = send(canned(**answer))
    assert outcome == Outcome(
        status=Status.UNKNOWN, code=code, message=message, fix=CODES[code].fix
    )
    assert len(server.seen) == 1


@pytest.mark.parametrize("unsure", UNSURE)
def test_an_update_whose_fate_is_not_known_is_repeated(send, canned, server, clock, unsure):
    answer = unsure[0]
    saved = canned(200, {"code": 0, "message": "Saved."})
    outcome = send(canned(**answer), canned(**answer), saved, action=Action.UPDATE)
    assert (outcome.status, outcome.zb_id) == (Status.UPDATED, "77")
    assert len({seen.body for seen in server.seen}) == 1
    assert len(server.seen) == 3
    assert clock.waits == [1, 2]


def test_an_update_that_stays_unknown_is_given_up(send, canned, server, clock):
    outcome = send(canned(502, b""), action=Action.UPDATE)
    assert (outcome.status, outcome.zb_id, outcome.code) == (Status.UNKNOWN, "77", "ZB410")
    assert len(server.seen) == 4
    assert clock.waits == [1, 2, 4]


def test_an_unknown_update_stays_unknown_when_the_run_must_stop(send, canned, said):
    outcome = send(canned(502, b""), said(103001, "over"), action=Action.UPDATE)
    assert (outcome.status, outcome.code) == (Status.UNKNOWN, "ZB410")


def test_an_unknown_answer_with_an_id_keeps_it(send, canned):
    outcome = send(canned(201, {"item": {"item_id": "46"}}))
    assert (outcome.status, outcome.zb_id) == (Status.UNKNOWN, "46")


# --- nothing left


def test_a_server_that_is_away_is_tried_again_and_then_the_run_stops(
    server, make_sender, clock, events, pace
):
    sender, said_so = make_sender(), []
    server.close()
    with pytest.raises(Unavailable) as caught:
        sender.send({"name": "a"}, leaving=lambda: said_so.append(1))
    assert caught.value.code == "ZB404"
    assert "refused the connection (6 tries)" in caught.value.message
    assert clock.waits == [1, 2, 4, 8, 16]
    assert [event["failure"] for event in events] == ["NotSent"] * 6
    assert said_so == [1]
    assert pace._window.in_flight == 0


def test_what_leaving_raises_passes_through_and_nothing_is_sent(send, created, server):
    def leaving():
        raise ResultError("no room", code="ZB502")

    with pytest.raises(ResultError, match="no room"):
        send(created(), leaving=leaving)
    assert server.seen == []


def test_leaving_is_called_once_however_many_tries_it_takes(send, said, created):
    calls = []
    send(said(44, "blocked", status=429), created(), leaving=lambda: calls.append(1))
    assert calls == [1]


def test_a_stop_during_a_wait_sends_nothing_more(send, said, created, clock, pace, server):
    clock.on_wait = pace.stop
    with pytest.raises(Stopped):
        send(said(44, "blocked", status=429), created())
    assert len(server.seen) == 1


def test_a_stop_leaves_an_unknown_update_unknown(send, canned, clock, pace):
    clock.on_wait = pace.stop
    assert send(canned(502, b""), action=Action.UPDATE).status is Status.UNKNOWN


def test_no_error_and_no_outcome_shows_the_token(send, canned, said, token_text):
    outcome = send(canned(502, f"Zoho-oauthtoken {token_text}".encode()))
    assert token_text not in repr(outcome)
    for answer in (said(14, f"bad {token_text}", status=401), said(103001, token_text)):
        with pytest.raises(ZohoError) as caught:
            send(answer)
        assert token_text not in f"{caught.value!r}{caught.value}"
