"""What a user sees for every code that Zoho Books is known to give.

The sandbox answers with the code; the sheet, or the stop of the run, tells it.
"""

import pytest

from zbbulk.errors import ExitCode
from zbbulk.jobs.prepare import prepare
from zbbulk.jobs.zoho_words import pointed
from zbbulk.model import Outcome, Status
from zbbulk.sandbox.answers import ANSWERS, Refusal
from zbbulk.zoho.rules import hint_for, is_duplicate

REFUSED = (
    *("2", "4", "5", "15", "1001", "1002", "1004", "1038", "1049", "3062", "11002", "13011"),
    *("36023", "108004", "110802", "110942", "120303", "400040", "405"),
)
"""Zoho refuses the one record; the run goes on."""

STOPS = {
    "14": ("ZB402", ExitCode.CREDENTIALS),
    "57": ("ZB402", ExitCode.CREDENTIALS),
    "6024": ("ZB403", ExitCode.CREDENTIALS),
    "6041": ("ZB403", ExitCode.CREDENTIALS),
    "103001": ("ZB411", ExitCode.STOPPED),
}
"""The next row would be refused too: the run stops with our code, the rows stay ready."""

PASSES = ("14", "43", "44", "45", "57", "1070", "6024")
"""Met once, it passes by waiting, a new token or another header; every row arrives.

45 passes where the headers say that calls of the day are left: it then means the minute.
"""

UNSURE = ("1000",)
"""Nothing tells whether the record was stored."""


def words_of(code):
    return Refusal(code).message


def test_every_code_of_the_sandbox_has_its_place_here():
    assert set(ANSWERS) == {*REFUSED, *STOPS, *PASSES, *UNSURE}


@pytest.mark.parametrize("code", REFUSED)
def test_a_refused_row_shows_zohos_code_words_and_a_fix(shop, send, code):
    with send(shop(3), faults=[f"answer:{code}:at=2:path=/items"]) as done:
        (failed,) = [row for row in done.rows if row["zb_status"] == "failed"]
        assert failed["zb_code"] == code
        assert failed["zb_message"] == words_of(code)
        assert failed["zb_fix"].startswith(hint_for(code, words_of(code)))
        assert sorted(done.statuses) == ["created", "created", "failed"]
        assert done.report.exit_code is ExitCode.SOME_ROWS


@pytest.mark.parametrize("code", STOPS)
def test_what_concerns_the_whole_run_stops_it_and_loses_no_row(shop, send, code):
    with send(shop(3), faults=[f"answer:{code}:path=/items"]) as done:
        stopped = done.report.stopped
        assert (stopped.code, done.report.exit_code) == STOPS[code]
        assert stopped.zoho_code == code
        assert words_of(code) in str(stopped)
        assert stopped.fix
        assert done.statuses == ["ready"] * 3
        assert done.sandbox.records("items") == []


@pytest.mark.parametrize("code", PASSES)
def test_what_passes_by_itself_costs_no_row(shop, send, code):
    with send(shop(3), faults=[f"answer:{code}:count=1:path=/items"]) as done:
        assert done.statuses == ["created"] * 3
        assert len(done.sandbox.records("items")) == 3
        assert code in [each.code for each in done.sandbox.requests()]


@pytest.mark.parametrize("code", UNSURE)
def test_what_may_have_been_stored_is_looked_up(shop, send, code):
    faults = [f"answer:{code}:at=2:method=POST", "answer:14:method=GET"]
    with send(shop(3), faults=faults) as done:
        (unknown,) = [row for row in done.rows if row["zb_status"] == "unknown"]
        assert unknown["zb_code"] == "ZB410"
        assert unknown["zb_message"] == words_of(code)
    with send(shop(3), faults=faults[:1]) as done:
        assert done.statuses == ["created"] * 3
        assert len(done.sandbox.records("items")) == 3


@pytest.mark.parametrize("code", ["1001", "1004", "3062", "11002", "120303", "13011"])
def test_a_duplicate_is_known_as_one(code):
    assert is_duplicate(code, words_of(code))


def test_the_days_limit_stops_the_run_in_zohos_words(shop, send):
    with send(shop(4), per_day=2) as done:
        stopped = done.report.stopped
        assert (stopped.code, stopped.zoho_code) == ("ZB407", "45")
        assert "exceeded the maximum call rate limit of 2" in str(stopped)
        assert done.statuses.count("ready") == 2


def test_the_field_that_zoho_names_leads_to_the_users_column(tmp_path):
    sheet = tmp_path / "parties.csv"
    sheet.write_text("Party,Days\nAcme,30\n")
    mapping = tmp_path / "m.yml"
    mapping.write_text(
        "zbbulk: 1\nresource: contacts\nfields: {contact_name: Party, payment_terms: Days}\n"
    )
    words = "Invalid value passed for Payment Terms"
    refused = Outcome(status=Status.FAILED, code="2", message=words, fix="Mend it.")
    told = pointed(refused, prepare(sheet, mapping).program)
    assert told.fix == "Mend it. In your sheet: column 'Days'."
    assert told.message == words
