"""Keep the lines of a document that is updated: ``lines:`` and ``lines_missing:`` of a mapping.

Zoho replaces all lines by those that are sent, so the document must be known first. With
``lines_missing: delete`` it need not be. Reads nothing itself.
"""

from __future__ import annotations

from zbbulk.checks.lines import LINES, appended, dropped, line_name, merged
from zbbulk.codes import CODES
from zbbulk.mapping.policies import KeyPolicy
from zbbulk.mapping.words import Lines, LinesMissing
from zbbulk.model import JsonObject, Outcome, Record, Status
from zbbulk.resources import Resource, schema

_NAMED = 3
"""After so many lines only the number of further ones is told."""


def reads_first(policy: KeyPolicy) -> bool:
    """Tell whether a document is read before its lines are updated."""
    return policy.lines is not Lines.REPLACE or policy.lines_missing is LinesMissing.ERROR


class LineKeeper:
    """Sees to the lines of Records that update a document."""

    def __init__(self, resource: Resource, policy: KeyPolicy) -> None:
        """Take the mapping's policy."""
        self._resource = resource
        self._policy = policy

    def is_needed(self, record: Record) -> bool:
        """Tell whether *record*, an update, must pass here before it is sent."""
        return LINES in record and reads_first(self._policy)

    def kept(self, record: Record, there: JsonObject) -> Record | Outcome:
        """Return *record* as it is to be sent, or why it is not.

        Args:
            record: The update.
            there: The document as it is in Zoho Books.
        """
        lines, sent = there.get(LINES) or [], record[LINES]
        fields = schema(self._resource.name)["properties"][LINES]["items"]["properties"]
        if self._policy.lines is Lines.APPEND:
            return {**record, LINES: appended(lines, sent, fields=fields)}
        gone = dropped(lines, sent)
        if gone and self._policy.lines_missing is LinesMissing.ERROR:
            return _refused(record, self._resource, gone)
        if self._policy.lines is Lines.MERGE:
            return {**record, LINES: merged(lines, sent, fields=fields)}
        return record


def _refused(record: Record, resource: Resource, gone: list[JsonObject]) -> Outcome:
    named = ", ".join(line_name(line) for line in gone[:_NAMED])
    more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
    lines = "1 line" if len(gone) == 1 else f"{len(gone)} lines"
    return Outcome(
        status=Status.REJECTED,
        zb_id=str(record.get(resource.id_field, "")),
        code="ZB325",
        message=f"{lines} of the record would be gone: {named}{more}",
        fix=CODES["ZB325"].fix,
    )
