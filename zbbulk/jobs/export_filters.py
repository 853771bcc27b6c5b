"""Which records an export is asked for: ``--where`` and ``--since``.

What Zoho Books documents is sent to it; all of it is looked at again in what comes, because
Zoho ignores a filter that it does not know and answers with everything
(https://www.zoho.com/books/api/v3/introduction/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from zbbulk.errors import UsageError
from zbbulk.folding import folded
from zbbulk.mapping.mirror_fields import MODIFIED_FIELD
from zbbulk.mapping.words import did_you_mean
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, schema

_UNSEEN = ("filter_by", "search_text", "sort_column", "sort_order")
"""What asks Zoho for something that no row shows as a field."""

_TESTS: dict[str, Callable[[object, object], bool]] = {
    "_startswith": lambda held, wanted: str(held).startswith(str(wanted)),
    "_contains": lambda held, wanted: str(wanted) in str(held),
    "_less_than": lambda held, wanted: _ranked(held) < _ranked(wanted),
    "_less_equals": lambda held, wanted: _ranked(held) <= _ranked(wanted),
    "_greater_than": lambda held, wanted: _ranked(held) > _ranked(wanted),
    "_greater_equals": lambda held, wanted: _ranked(held) >= _ranked(wanted),
    "_start": lambda held, wanted: _ranked(held) >= _ranked(wanted),
    "_end": lambda held, wanted: _ranked(held) <= _ranked(wanted),
    "_before": lambda held, wanted: _ranked(held) < _ranked(wanted),
    "_after": lambda held, wanted: _ranked(held) > _ranked(wanted),
}
"""The endings of a filter's name that Zoho documents."""


class Where(NamedTuple):
    """One ``--where``.

    Attributes:
        name: As it was typed, e.g. ``total_greater_than``.
        field: The field that it is about, e.g. ``total``.
        ending: How it is compared, "" for the same.
        value: What is asked for.
    """

    name: str
    field: str
    ending: str
    value: str

    def is_met(self, record: JsonObject) -> bool | None:
        """Tell whether *record* has what is asked for; None where it does not show it."""
        if self.field not in record or isinstance(record[self.field], dict | list):
            return None
        held = record[self.field]
        test = _TESTS.get(self.ending)
        if test is None:
            return _is_same(held, self.value)
        return held not in ("", None) and test(_plain(held), _plain(self.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What an export asks for.

    Attributes:
        sent: Parameters of the list that Zoho documents.
        in_path: Fields that stand in the path of the list.
        tests: What each row is looked at for.
        since: No record that was changed earlier, None for all.
        is_sent_since: Zoho looks at that too.
    """

    sent: dict[str, str]
    in_path: dict[str, str]
    tests: tuple[Where, ...]
    since: datetime | None = None
    is_sent_since: bool = False

    def takes(self, record: JsonObject) -> bool:
        """Tell whether a row of the list is one that is asked for."""
        if any(each.is_met(record) is False for each in self.tests):
            return False
        changed = record.get(MODIFIED_FIELD)
        return self.since is None or not changed or moment_of(str(changed)) >= self.since

    def unseen_in(self, rows: Iterable[JsonObject]) -> list[str]:
        """Return the fields of tests that are made here alone and that none of *rows* shows."""
        seen = {name for row in rows for name in row}
        own = [each.field for each in self.tests if each.name not in self.sent]
        own += [MODIFIED_FIELD] if self.since is not None and not self.is_sent_since else []
        return [name for name in own if name not in seen]


def filters_of(resource: Resource, where: Sequence[str], since: str | None) -> Filters:
    """Return what ``--where`` and ``--since`` ask for.

    Args:
        resource: What is listed.
        where: Texts such as ``status=active`` or ``date_start=2026-01-01``.
        since: A day or a moment, None for all records.

    Raises:
        UsageError: one is no filter (ZB531), or the list needs to know more (ZB532).
    """
    read = [_where(resource, text) for text in where]
    in_path = {each.name: each.value for each in read if each.name in resource.list_fields}
    if missing := [name for name in resource.list_fields if name not in in_path]:
        raise UsageError(
            f"Zoho Books lists {resource.name} of one {missing[0].removesuffix('_id')} at a time.",
            fix=f"Add --where {missing[0]}=... with its id.",
            code="ZB532",
        )
    rest = [each for each in read if each.name not in in_path]
    sent = {each.name: each.value for each in rest if _is_documented(resource, each)}
    tests = tuple(each for each in rest if each.name not in _UNSEEN)
    moment = None if since is None else _since(since)
    is_sent = moment is not None and MODIFIED_FIELD in resource.filters
    if moment is not None and is_sent:
        sent[MODIFIED_FIELD] = moment.strftime("%Y-%m-%dT%H:%M:%S%z")
    return Filters(sent=sent, in_path=in_path, tests=tests, since=moment, is_sent_since=is_sent)


def _where(resource: Resource, text: str) -> Where:
    name, sign, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not sign or not name:
        raise UsageError(f"{text!r} is no filter.", fix="Write --where field=value.", code="ZB531")
    ending = next((each for each in _TESTS if name.endswith(each)), "")
    known = _known(resource)
    if name in known:
        return Where(name, name, "", value)
    field = name.removesuffix(ending)
    if ending and field in known:
        return Where(name, field, ending, value)
    documented = ", ".join(resource.filters) or "none"
    raise UsageError(
        f"{name!r} is neither a filter nor a field of {resource.name}.",
        fix=f"{did_you_mean(name, known)}Zoho Books documents: {documented}; any field that the "
        "list shows will do.",
        code="ZB531",
    )


def _known(resource: Resource) -> set[str]:
    own = {"status", "total", "balance", "created_time", MODIFIED_FIELD, resource.id_field}
    own |= set(_UNSEEN[2:]) | set(resource.list_fields)
    return {*resource.filters, *schema(resource.name).get("properties", {}), *own}


def _is_documented(resource: Resource, each: Where) -> bool:
    return each.name in (*resource.filters, *_UNSEEN[2:]) or each.field in resource.filters


def _since(text: str) -> datetime:
    try:
        return moment_of(text)
    except ValueError:
        message = f"{text!r} is no day or moment."
        fix = "Write --since 2026-11-01 or 2026-11-01T09:30:00+0530."
        raise UsageError(message, fix=fix, code="ZB531") from None


def moment_of(text: str) -> datetime:
    """Return a moment as Zoho writes it, ``2026-06-09T13:15:34-0400``, or a day's beginning.

    One without an offset is meant in this machine's time zone.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone() if moment.tzinfo is None else moment.astimezone(UTC)


def _is_same(held: object, wanted: str) -> bool:
    if isinstance(held, bool):
        return str(held).lower() == wanted.casefold()
    number = _number(wanted)
    if isinstance(held, int | Decimal):
        return number is not None and Decimal(held) == number
    return folded(str(held or "")) == folded(wanted)


def _plain(value: object) -> object:
    return folded(value) if isinstance(value, str) else value


def _ranked(value: object) -> tuple[int, Decimal, str]:
    """Return what numbers, and days among each other, are compared by."""
    number = Decimal(value) if isinstance(value, int | Decimal) else _number(str(value))
    return (0, number, "") if number is not None else (1, Decimal(0), str(value))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
