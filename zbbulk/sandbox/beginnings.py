"""What new books hold: the records every organization has, and the example books.

Base currency, the user, the sales account and the edition's taxes are records
like all others. It does not know when books are new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from zbbulk.assets import read_asset
from zbbulk.model import JsonObject
from zbbulk.resources import Resource, resource
from zbbulk.sandbox.changes import Kit
from zbbulk.sandbox.keeping import add
from zbbulk.sandbox.masters import SALES
from zbbulk.sandbox.organization import PRICE_PRECISION, Organization

_USER, _SALES_ACCOUNT, _TAX, _PART = 91, 388, 37001, 37501
_OWN_NUMBERS = {"ignore_auto_number_generation": "true"}


def begin(kit: Kit, *, has_examples: bool) -> None:
    """Put the beginnings into empty books; an example stands in for a record of its name."""
    quiet = replace(kit, asks_for_tax=False)
    with kit.books.lock:
        _add_all(quiet, _currency(kit.organization))
        if has_examples:
            _add_all(quiet, _examples())
        _add_all(quiet, _standing(kit.organization))


def _add_all(kit: Kit, records: Iterator[tuple[Resource, JsonObject]]) -> None:
    for kind, record in records:
        is_taken = any(
            kit.books.named(kind, {field: str(record.get(field, "")) for field in fields})
            for fields in kind.match_keys
        )
        if not is_taken:
            record_id = record[kind.id_field]
            add(kit, kind, record, record_id=record_id, query=_OWN_NUMBERS)


def _examples() -> Iterator[tuple[Resource, JsonObject]]:
    import yaml  # noqa: PLC0415 - heavy: only a sandbox with examples pays

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    books = yaml.load(read_asset("samples", "books.yml"), Loader=loader)  # noqa: S506 - safe
    for name, records in books.items():
        for record in records:
            yield resource(name), _exact(record)


def _exact(record: Mapping[str, object]) -> JsonObject:
    """Return *record* with its fractions as Decimal."""
    return {name: _exact_value(value) for name, value in record.items()}


def _exact_value(value: object) -> object:
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return _exact(value)
    return [_exact_value(each) for each in value] if isinstance(value, list) else value


def _currency(organization: Organization) -> Iterator[tuple[Resource, JsonObject]]:
    facts = organization.facts
    yield (
        resource("currencies"),
        {
            "currency_id": organization.currency_id,
            "currency_code": facts.currency_code,
            "currency_name": facts.currency_code,
            "currency_symbol": facts.currency_symbol,
            "currency_format": "1,234,567.89",
            "price_precision": PRICE_PRECISION,
            "is_base_currency": True,
        },
    )


def _standing(organization: Organization) -> Iterator[tuple[Resource, JsonObject]]:
    user: JsonObject = {"name": "Sandbox User", "email": "user@example.com"}
    own = {"user_id": organization.fixed_id(_USER), "status": "active", "user_role": "admin"}
    yield resource("users"), user | own | {"is_current_user": True}
    sales = {"account_name": SALES, "account_type": "income"}
    account_id = organization.fixed_id(_SALES_ACCOUNT)
    yield resource("chartofaccounts"), sales | {"account_id": account_id}
    if organization.is_gst_enabled is not False:
        yield from _taxes(organization)


def _taxes(organization: Organization) -> Iterator[tuple[Resource, JsonObject]]:
    """Yield the edition's taxes; a group is two halves, of the centre and of the state."""
    part = _PART
    for place, (name, rate, kind) in enumerate(organization.facts.taxes):
        tax_id = organization.fixed_id(_TAX + 2 * place)
        if kind != "tax_group":
            yield _tax(tax_id, name, Decimal(rate))
            continue
        ids = []
        for whose in ("C", "S"):
            half = Decimal(rate) / 2
            ids.append(organization.fixed_id(part))
            yield _tax(ids[-1], f"{whose}GST{half:f}", half)
            part += 2
        group = {"tax_group_id": tax_id, "tax_group_name": name, "taxes": ",".join(ids)}
        yield resource("taxgroups"), group


def _tax(tax_id: str, name: str, rate: Decimal) -> tuple[Resource, JsonObject]:
    return resource("taxes"), {"tax_id": tax_id, "tax_name": name, "tax_percentage": rate}
