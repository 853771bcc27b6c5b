"""Again, wait or stop: what follows from an answer that says "not processed".

Whatever is settled here surely changed nothing in Zoho Books, so it is safe to
repeat. A refusal of one record is returned to the caller; an answer that was lost is
its business too (``AnswerLost`` passes through). What a code means is in ``rules``.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from urllib.parse import urlsplit

from zbbulk.errors import AuthError, QuotaSpent, Unavailable, ZohoError
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.envelope import Answer
from zbbulk.zoho.rules import Reaction, rule_for
from zbbulk.zoho.wire import NotSent

HOLD_S = 60.0
"""The length of Zoho's block after 44 is not documented; it is a minute at least."""

MINUTE_TRIES = 10
_DAY_CODE = "45"
AT_ONCE_TRIES = 100
CONNECT_TRIES = 6


def backoff_s(tries: int, *, chance: Callable[[], float] = random.random) -> float:
    """Return how long to wait after the *tries*-th failure: about 1, 2, 4 ... 16 seconds."""
    return float(min(2.0 ** (tries - 1), 16.0) * (0.75 + chance() / 2))


def reaction_of(answer: Answer) -> Reaction:
    """Return what follows from *answer*: Zoho's code is believed first, then the status."""
    rule = rule_for(answer.code, answer.message) if answer.code or answer.message else None
    if rule is not None:
        return rule.reaction
    by_status = {401: Reaction.RENEW, 429: Reaction.MINUTE}
    return by_status.get(answer.status, Reaction.REFUSE)


def is_day_spent(answer: Answer) -> bool:
    """Tell the day's quota from the minute's limit, for an answer with code 45.

    Zoho documents 45 as the day's quota, others have met it as the minute's. The
    header with the day's remaining calls is believed first, then Zoho's words.
    """
    if answer.quota.remaining is not None:
        return answer.quota.remaining <= 0
    return "minute" not in answer.message.lower()


class Asking:
    """One call until it is settled; belongs to one thread.

    Attributes:
        attempt: HTTP tries so far.
    """

    def __init__(
        self,
        client: ZohoClient,
        call: Call,
        *,
        leaving: Callable[[], None] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Send nothing yet.

        Args:
            client: One try.
            call: What to ask.
            leaving: Called once, just before the first request leaves.
            chance: A number from 0 to 1, to spread waits.
        """
        self.attempt = 0
        self._client = client
        self._call = call
        self._leaving = leaving
        self._chance = chance
        self._renewed = False
        self._not_sent = 0
        self._over_minute = 0
        self._over_at_once = 0

    def answer(self) -> Answer:
        """Return an answer that is about the record itself.

        Raises:
            AnswerLost: nothing tells whether it was processed.
            ZohoError: the whole run must stop (AuthError, QuotaSpent, Unavailable,
                Stopped ...); the call was surely not processed.
        """
        while True:
            token = self._client.token()
            named_twice = self._client.names_organization_twice
            answer = self._try(token)
            if answer is not None and self._is_settled(answer, token, named_twice):
                return answer

    def rest(self, tries: int) -> None:
        """Wait before a repetition that the caller wants. Raises Stopped."""
        self._client.pace.pause(backoff_s(tries, chance=self._chance))

    def _try(self, token: str) -> Answer | None:
        """Return the answer, None when nothing was sent and it is worth another try."""
        self.attempt += 1
        leaving, self._leaving = self._leaving, None
        try:
            answer = self._client.try_once(
                self._call, token=token, attempt=self.attempt, leaving=leaving
            )
        except NotSent as failure:
            reason = str(failure)
        else:
            self._not_sent = 0
            return answer
        self._not_sent += 1
        if self._not_sent >= CONNECT_TRIES:
            raise Unavailable(
                f"Zoho Books can't be reached: {reason} ({self._not_sent} tries). "
                "Nothing was sent for this row."
            )
        self.rest(self._not_sent)
        return None

    def _is_settled(self, answer: Answer, token: str, named_twice: bool) -> bool:  # noqa: FBT001
        """Wait or raise if *answer* asks for it; True when it is about the record."""
        match reaction_of(answer):
            case Reaction.MINUTE:
                self._wait_a_minute(answer)
            case Reaction.DAY:
                self._day_is_spent(answer)
            case Reaction.AT_ONCE:
                self._fewer_at_once(answer)
            case Reaction.RENEW:
                self._renew(answer, token)
            case Reaction.HEADER:
                self._name_organization(answer, named_twice)
            case Reaction.ORGANIZATION:
                raise _wrong_organization(answer)
            case Reaction.PLAN:
                raise _stop(answer, "ZB411", "The plan of the organization does not allow this")
            case _:
                _refuse_redirect(answer)
                return True
        return False

    def _wait_a_minute(self, answer: Answer) -> None:
        self._over_minute += 1
        if self._over_minute >= MINUTE_TRIES:
            words = f"Zoho's limit for a minute did not open in {MINUTE_TRIES} tries"
            fix = "Stop other apps that use this organization, then `zbbulk resume` the run."
            if answer.code == _DAY_CODE:
                words = (
                    f"Zoho refused {MINUTE_TRIES} tries, a minute apart, with its code for the"
                    " calls of a day, although its headers tell of calls that are left"
                )
                fix = (
                    f"Import the remaining rows tomorrow if the day is spent after all; else: {fix}"
                )
            raise _stop(answer, "ZB406", words, fix=fix)
        pace = self._client.pace
        pace.slow_down()
        pace.hold(HOLD_S)

    def _day_is_spent(self, answer: Answer) -> None:
        if not is_day_spent(answer):
            self._wait_a_minute(answer)
            return
        raise QuotaSpent(
            f"The day's calls are used up. {_zoho_says(answer)}",
            reset_s=answer.quota.reset_s,
            zoho_code=answer.code,
            zoho_message=answer.message,
        )

    def _fewer_at_once(self, answer: Answer) -> None:
        self._over_at_once += 1
        if self._over_at_once >= AT_ONCE_TRIES:
            words = f"Zoho had no place for a request in {AT_ONCE_TRIES} tries"
            fix = "Stop other apps that use this organization, then `zbbulk resume` the run."
            raise _stop(answer, "ZB408", words, fix=fix)
        self._client.pace.fewer_at_once()
        self._client.pace.pause(1.0 + 2.0 * self._chance())

    def _renew(self, answer: Answer, token: str) -> None:
        if not self._renewed and self._client.renew_token(token):
            self._renewed = True
            return
        rule = rule_for(answer.code, answer.message)
        raise AuthError(
            f"Zoho Books refused the access token. {_zoho_says(answer)}",
            fix=rule.hint if rule else "",
            zoho_code=answer.code,
            zoho_message=answer.message,
        )

    def _name_organization(self, answer: Answer, named_twice: bool) -> None:  # noqa: FBT001
        if named_twice:
            raise _wrong_organization(answer)
        self._client.names_organization_twice = True


def _zoho_says(answer: Answer) -> str:
    words = answer.message or answer.text or "nothing"
    code = f" (code {answer.code})" if answer.code else f" (HTTP {answer.status})"
    return f"Zoho says: {words}{code}"


def _stop(answer: Answer, code: str, words: str, *, fix: str = "") -> ZohoError:
    return ZohoError(
        f"{words}. {_zoho_says(answer)}",
        fix=fix,
        code=code,
        zoho_code=answer.code,
        zoho_message=answer.message,
    )


def _wrong_organization(answer: Answer) -> AuthError:
    rule = rule_for(answer.code, answer.message)
    return AuthError(
        f"Zoho Books does not take the organization. {_zoho_says(answer)}",
        fix=rule.hint if rule else "",
        code="ZB403",
        zoho_code=answer.code,
        zoho_message=answer.message,
    )


def _refuse_redirect(answer: Answer) -> None:
    """Stop at a redirect: the API root is wrong, and the token must not follow it."""
    if 300 <= answer.status < 400:
        host = urlsplit(answer.location).hostname or "another address"
        raise Unavailable(
            f"The API root sends requests on to {host} (HTTP {answer.status}); nothing was stored.",
            fix="Check --region and --api-root.",
        )
