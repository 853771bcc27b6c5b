"""A call that does no harm when it is repeated: asked until it is answered.

And the records that the answer to a list holds. Knows no Record of ours.
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


def records_in(answer: Answer | None, resource: Resource, *, path: str) -> list[JsonObject]:
    """Return the records of a list. Raises ZohoError when it was refused or not answered."""
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
