"""A call that does no harm when it is repeated: a read, a delete, a change of the status.

It is sent until an answer tells what became of it. Limits, tokens and the network are
``retry``'s business.
"""

from __future__ import annotations

from contextlib import suppress

from zbbulk.errors import ZohoError
from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.zoho.call import Call
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.envelope import Answer
from zbbulk.zoho.retry import Asking, reaction_of
from zbbulk.zoho.rules import Reaction, hint_for
from zbbulk.zoho.sender import tells_nothing
from zbbulk.zoho.wire import AnswerLost

TRIES = 4


class Repeated:
    """A call that does no harm when it is repeated.

    Attributes:
        lost: How often nothing told what became of it.
    """

    def __init__(self, client: ZohoClient, call: Call) -> None:
        """Send nothing yet."""
        self.lost = 0
        self._asking = Asking(client, call)

    def answer(self) -> Answer | None:
        """Return the answer, None when there is none however often it is asked for.

        Raises:
            ZohoError: the run must stop.
        """
        while self.lost < TRIES:
            if self.lost:
                self._asking.rest(self.lost)
            with suppress(AnswerLost):
                answer = self._asking.answer()
                if not tells_nothing(answer):
                    return answer
            self.lost += 1
        return None


def records_of(answer: Answer | None, resource: Resource, *, path: str) -> list[JsonObject]:
    """Return the records of a list that *answer* holds.

    Raises:
        ZohoError: Zoho refused the call or did not answer it.
    """
    if answer is None:
        raise ZohoError(f"Zoho Books gave no answer to {path} in {TRIES} tries.", code="ZB410")
    if reaction_of(answer) is not Reaction.DONE:
        raise ZohoError(
            f"Zoho Books refused {path}: {answer.message}",
            fix=hint_for(answer.code, answer.message),
            zoho_code=answer.code,
            zoho_message=answer.message,
        )
    found = (answer.body or {}).get(resource.list_key)
    return found if isinstance(found, list) else []
