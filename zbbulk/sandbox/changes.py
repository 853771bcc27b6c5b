"""What every step of completing a record is given: the change, and the books around it.

It does not know the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.clock import Clock, stamp
from zbbulk.sandbox.organization import Organization


class Change(NamedTuple):
    """What one request does to one record.

    Attributes:
        resource: What it is.
        record: Being completed.
        sent: What Zoho takes of the body.
        old: The record before, {} when it is new.
    """

    resource: Resource
    record: JsonObject
    sent: JsonObject
    old: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The books, the organization and its clock.

    Attributes:
        asks_for_tax: Lines must name a tax where the edition wants one.
    """

    books: Books
    organization: Organization
    clock: Clock
    asks_for_tax: bool = True

    def now(self) -> str:
        """Return the moment as Zoho writes it."""
        return stamp(self.clock.now(), self.organization.zone)

    def today(self) -> str:
        """Return the day in the organization's time zone, ``yyyy-mm-dd``."""
        return self.now()[:10]
