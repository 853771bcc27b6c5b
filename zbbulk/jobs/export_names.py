"""Give the texts that a mapping looks records up by: from Zoho's lists, each read once."""

from __future__ import annotations

from collections import Counter

from zbbulk.model import LookupRule, field_value
from zbbulk.resources import resource
from zbbulk.zoho.client import ZohoClient
from zbbulk.zoho.pages import whole_list


class ListNames:
    """The names of records by their ids; satisfies ``NamesOf``.

    Attributes:
        twice: Texts that several records have: looked up again they would be refused.
    """

    def __init__(self, client: ZohoClient) -> None:
        """Read nothing yet."""
        self.twice: set[str] = set()
        self._client = client
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def text_of(self, rule: LookupRule, zb_id: str) -> str:
        """Return what the record with this id has in the field of *rule*, "" if nothing.

        Raises:
            ZohoError: a list can't be read.
        """
        for name in rule.resources:
            text = self._names(name, rule.field).get(zb_id)
            if text:
                return text
        return ""

    def _names(self, name: str, field: str) -> dict[str, str]:
        if (name, field) not in self._known:
            facts = resource(name)
            records = whole_list(self._client, facts) if "list" in facts.can else iter(())
            found = {
                str(record.get(facts.id_field, "")): str(field_value(record, field) or "")
                for record in records
            }
            counts = Counter(found.values())
            self.twice |= {text for text, number in counts.items() if text and number > 1}
            self._known[name, field] = found
        return self._known[name, field]
