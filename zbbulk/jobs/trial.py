"""Choose a few records of a run that are as different from each other as can be.

What goes wrong usually goes wrong for a kind of record: the first of each kind is tried.
"""

from __future__ import annotations

from zbbulk.jobs.parcels import Parcel
from zbbulk.jobs.run import Run
from zbbulk.jobs.sending import parcels_with
from zbbulk.model import Status

_KINDS = ("currency_id", "currency_code", "tax_id", "place_of_supply", "contact_type", "status")
"""Fields whose values make a record one of another kind."""

Kind = tuple[object, ...]


def chosen_for_variety(run: Run, count: int) -> frozenset[int]:
    """Return the first rows of *count* pending records of *run*: the first of each kind.

    Where there are fewer kinds, the first records fill the rest.
    """
    first: dict[Kind, int] = {}
    others: list[int] = []
    for parcel in parcels_with(run, Status.PENDING):
        lead = parcel.rows[0]
        if first.setdefault(kind_of(parcel), lead) != lead and len(others) < count:
            others.append(lead)
    return frozenset([*first.values(), *others][:count])


def kind_of(parcel: Parcel) -> Kind:
    """Return what makes records alike: the fields they have, some values, one line or more."""
    record = parcel.record
    lines = [value for value in record.values() if isinstance(value, list)]
    values = tuple(str(record.get(field, "")) for field in _KINDS)
    taxes = {
        str(line.get("tax_id", "")) for each in lines for line in each if isinstance(line, dict)
    }
    return (frozenset(record), values, frozenset(taxes), any(len(each) > 1 for each in lines))
