"""One try of one call of one organization, at the allowed pace.

Knows the address, the organization, the token and how a Call becomes HTTP. What
follows from the answer is ``retry``'s and ``sender``'s business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlencode

from zbbulk.errors import QuotaSpent
from zbbulk.zoho.auth import TokenSource
from zbbulk.zoho.call import Call
from zbbulk.zoho.clock import Clock
from zbbulk.zoho.envelope import Answer, DayQuota, read_answer
from zbbulk.zoho.pace import Pace
from zbbulk.zoho.token_endpoint import hidden
from zbbulk.zoho.wire import READ_S, AnswerLost, NotSent, Wire, json_bytes

ORGANIZATION_HEADER = "X-com-zoho-books-organizationid"
"""Spelled with ``com`` in every data centre."""


class ZohoClient:
    """A connection to one organization; threads may share it. Use it in a ``with`` block.

    Attributes:
        pace: The gate that every try passes.
        quota: The day's calls, as the last answer told them.
        zoho_time: When the last answer came, by Zoho's clock (ISO 8601, UTC); "" before.
        names_organization_twice: In a header too; set when Zoho asks for it (6024).
    """

    def __init__(  # noqa: PLR0913 - each is given by name
        self,
        *,
        api_root: str,
        organization_id: str,
        token: TokenSource,
        pace: Pace,
        clock: Clock,
        answer_s: float = READ_S,
        reserve: int = 0,
        on_request: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Make no connection yet.

        Args:
            api_root: Without a slash at the end.
            organization_id: As text; "" before one is chosen.
            token: Where the access token comes from.
            pace: The gate, shared by all who send to the organization.
            clock: For how long a request took.
            answer_s: So many real seconds an answer is waited for.
            reserve: Calls of each day that are left to other apps.
            on_request: Told about every try: ``method path status zoho_code took_s
                attempt failure``. No secret and no cell value is in it; called by
                whichever thread sent.
        """
        self.pace = pace
        self.quota = DayQuota()
        self.zoho_time = ""
        self.names_organization_twice = False
        self._root = api_root
        self._organization_id = organization_id
        self._token = token
        self._clock = clock
        self._on_request = on_request
        self._reserve = reserve
        self._wire = Wire(api_root, read_s=answer_s)

    def token(self) -> str:
        """Return the token to send. Raises AuthError when there is none to be had."""
        return self._token.token()

    def renew_token(self, refused: str) -> bool:
        """Tell whether there is now another token than *refused*. Raises AuthError."""
        return self._token.renew(refused)

    def try_once(
        self,
        call: Call,
        *,
        token: str,
        attempt: int = 1,
        leaving: Callable[[], None] | None = None,
    ) -> Answer:
        """Wait for a turn, send *call* once and return the answer, whatever it says.

        Args:
            call: What to ask.
            token: What ``token`` gave; the caller must know which one was refused.
            attempt: 1 for the first try of this call.
            leaving: Called when the turn has come, just before the request leaves.

        Raises:
            NotSent: nothing left this machine.
            AnswerLost: it left, and no whole answer came.
            QuotaSpent: the calls that are left are kept for other apps; nothing was sent.
            Stopped: the run was stopped before the turn came.
        """
        body = None if call.body is None else json_bytes(call.body)
        self._keep_reserve()
        with self.pace.turn():
            if leaving is not None:
                leaving()
            return self._exchange(call, body=body, token=token, attempt=attempt)

    def _keep_reserve(self) -> None:
        """Raise QuotaSpent when only the calls are left that belong to other apps."""
        left = self.quota.remaining
        if self._reserve and left is not None and left <= self._reserve:
            raise QuotaSpent(
                f"{left} calls of the day are left, and {self._reserve} are kept for other apps.",
                reset_s=self.quota.reset_s,
            )

    def _exchange(self, call: Call, *, body: bytes | None, token: str, attempt: int) -> Answer:
        named = {"organization_id": self._organization_id} if self._organization_id else {}
        query = urlencode({**call.query, **named})
        started = self._clock.now()
        answer: Answer | None = None
        failure = ""
        try:
            reply = self._wire.exchange(
                call.method,
                f"{self._root}{call.path}?{query}",
                headers={**self._headers(), **call.headers},
                authorization=f"Zoho-oauthtoken {token}",
                body=body,
            )
            content = hidden(reply.content, token)
            answer = read_answer(reply.status, headers=reply.headers, content=content)
        except (NotSent, AnswerLost) as lost:
            failure = type(lost).__name__
            raise
        finally:
            took_s = self._clock.now() - started
            self._tell(call, answer, failure=failure, took_s=took_s, attempt=attempt)
        self._remember(answer)
        return answer

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json;charset=UTF-8", "Accept": "application/json"}
        if self.names_organization_twice:
            headers[ORGANIZATION_HEADER] = self._organization_id
        return headers

    def _remember(self, answer: Answer) -> None:
        if answer.quota.remaining is not None:
            self.quota = answer.quota
        self.zoho_time = max(self.zoho_time, answer.zoho_time)

    def _tell(
        self, call: Call, answer: Answer | None, *, failure: str, took_s: float, attempt: int
    ) -> None:
        if self._on_request is None:
            return
        self._on_request(
            {
                "method": call.method,
                "path": call.route or call.path,
                "status": answer.status if answer else None,
                "zoho_code": answer.code if answer else "",
                "took_s": round(took_s, 3),
                "attempt": attempt,
                "failure": failure,
            }
        )

    def close(self) -> None:
        """Close every connection."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
