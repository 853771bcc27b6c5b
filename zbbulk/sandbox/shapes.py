"""How a record of each resource looks once Zoho Books has completed it.

Defaults and computed fields as in recorded answers of Zoho's server; fields
that no client needs are left out. It does not know paths or messages.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NamedTuple

from zbbulk.model import JsonObject
from zbbulk.resources import Resource
from zbbulk.sandbox.answers import Refusal
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.clock import Clock, stamp
from zbbulk.sandbox.defaults import ADDRESS, DEFAULTS, DOCUMENT, NO_ADDRESS
from zbbulk.sandbox.documents import LineMaker, add_totals, due_date
from zbbulk.sandbox.organization import PRICE_PRECISION, Organization, api_name

_SALES_ACCOUNT = 388
_COMPUTED = frozenset(
    {"ignore_auto_number_generation", "created_time", "last_modified_time", "custom_field_hash"}
)


class Change(NamedTuple):
    """What one request does to one record.

    Attributes:
        record: Being completed.
        sent: What Zoho takes of the body.
        old: The record before, {} when it is new.
    """

    record: JsonObject
    sent: JsonObject
    old: JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaper:
    """Makes whole records out of what was sent."""

    books: Books
    organization: Organization
    clock: Clock

    def create(self, resource: Resource, sent: JsonObject) -> JsonObject:
        """Return the new record. Raises Refusal for what it refers to and is not there."""
        defaults = DOCUMENT if _is_document(resource) else {}
        record = deepcopy({**defaults, **DEFAULTS[resource.name]}) | _writable(resource, sent)
        record[resource.id_field] = self.books.new_id()
        record["created_time"] = stamp(self.clock.now(), self.organization.zone)
        self._finish(resource, Change(record, sent, {}))
        return record

    def update(self, resource: Resource, old: JsonObject, sent: JsonObject) -> JsonObject:
        """Return the changed record: what was not sent stays, ``line_items`` are replaced."""
        record = deepcopy(old)
        for name, value in _writable(resource, sent).items():
            held: Any = record.get(name)
            is_part = isinstance(held, dict) and isinstance(value, dict)
            record[name] = held | value if is_part else value
        if "custom_fields" in sent:
            record["custom_fields"] = old["custom_fields"] + sent["custom_fields"]
        self._finish(resource, Change(record, sent, old))
        return record

    def _finish(self, resource: Resource, change: Change) -> None:
        record, sent, _ = change
        self.organization.check_location(sent.get("location_id"))
        facts = self.organization.facts
        record["currency_id"] = record.get("currency_id") or self.organization.currency_id
        record["currency_code"] = record.get("currency_code") or facts.currency_code
        record["currency_symbol"] = facts.currency_symbol
        record["price_precision"] = PRICE_PRECISION
        record["last_modified_time"] = stamp(self.clock.now(), self.organization.zone)
        _FINISHERS[resource.name](self, change)
        self._add_custom_fields(record)

    def finish_item(self, change: Change) -> None:
        """Add tax and account names, and what follows from item_type."""
        record = change.record
        kind = record["item_type"]
        if kind != "purchases" and not record.get("account_id"):
            record["account_id"] = self.organization.fixed_id(_SALES_ACCOUNT)
            record["account_name"] = "Sales"
        if record["tax_id"]:
            tax = self.organization.tax(record["tax_id"])
            record |= {"tax_name": tax.tax_name, "tax_percentage": tax.tax_percentage}
        record["can_be_sold"] = kind != "purchases"
        record["can_be_purchased"] = kind != "sales"
        record["track_inventory"] = kind == "inventory"

    def finish_contact(self, change: Change) -> None:
        """Add ids to addresses and contact persons, and the primary one's name and e-mail."""
        record, sent, _ = change
        for name in ("billing_address", "shipping_address"):
            address_id = record[name].get("address_id") or self.books.new_id()
            record[name] = {"address_id": address_id, **NO_ADDRESS, **record[name]}
        if sent.get("tax_id"):
            self.organization.tax(sent["tax_id"])
        _add_terms_label(record, sent)
        persons = record["contact_persons"]
        for person in persons:
            person.setdefault("contact_person_id", self.books.new_id())
            person.setdefault("is_primary_contact", False)
        if persons and not any(person["is_primary_contact"] for person in persons):
            persons[0]["is_primary_contact"] = True
        primary: JsonObject = next((one for one in persons if one["is_primary_contact"]), {})
        record["primary_contact_id"] = primary.get("contact_person_id", "")
        for name in ("first_name", "last_name", "email", "phone", "mobile"):
            record[name] = primary.get(name, "")

    def finish_document(self, change: Change) -> None:
        """Add the customer, the lines and the totals of an estimate or invoice."""
        record, sent, _ = change
        self._add_customer(record)
        today = stamp(self.clock.now(), self.organization.zone)[:10]
        record["date"] = record.get("date") or today
        record["created_date"] = record["created_time"][:10]
        maker = LineMaker(self.books, self.organization, discount_type=record["discount_type"])
        if "line_items" in sent:
            self._add_lines(change, maker)
        for line in record["line_items"]:
            maker.add_total(line)
        add_totals(record)
        record["custom_subject"] = record.get("custom_subject", "")

    def finish_invoice(self, change: Change) -> None:
        """Add what only an invoice has: the due date and the balance."""
        record, sent, old = change
        self.finish_document(change)
        _add_terms_label(record, sent)
        if "due_date" not in sent and (not old or {"date", "payment_terms"} & sent.keys()):
            record["due_date"] = due_date(record["date"], record["payment_terms"])
        record["balance"] = record["total"] - record["payment_made"]

    def _add_customer(self, record: JsonObject) -> None:
        customer = self.books.find("contacts", record["customer_id"])
        if customer is None:
            raise Refusal("1002", thing="Customer")
        record["customer_name"] = customer["contact_name"]
        record["company_name"] = customer["company_name"]
        record["email"] = customer["email"]
        for name in ("billing_address", "shipping_address"):
            held = customer[name]
            record[name] = {part: held.get(part, "") for part in ADDRESS}

    def _add_lines(self, change: Change, maker: LineMaker) -> None:
        record, sent, old = change
        kept = {line["line_item_id"]: line for line in old.get("line_items", ())}
        lines = []
        for order, line in enumerate(sent["line_items"], start=1):
            self.organization.check_location(line.get("location_id"))
            lines.append(maker.complete(line, order=order, kept=kept))
        record["line_items"] = lines

    def _add_custom_fields(self, record: JsonObject) -> None:
        known = self.organization.custom_fields
        named = None if known is None else {api_name(name) for name in known}
        fields: dict[str, JsonObject] = {}
        for sent in record.get("custom_fields", ()):
            name = _custom_field_name(sent)
            if named is None or name in named:
                label = sent.get("label", name)
                fields[name] = {**fields.get(name, {}), **sent, "api_name": name, "label": label}
        record["custom_fields"] = list(fields.values())
        record["custom_field_hash"] = {
            name: entry.get("value", "") for name, entry in fields.items()
        }


_Finisher = Callable[[Shaper, Change], None]

_FINISHERS: dict[str, _Finisher] = {
    "items": Shaper.finish_item,
    "contacts": Shaper.finish_contact,
    "estimates": Shaper.finish_document,
    "invoices": Shaper.finish_invoice,
    "bankaccounts": lambda _, __: None,
}


def _is_document(resource: Resource) -> bool:
    return resource.number_flag == "query"


def _writable(resource: Resource, sent: JsonObject) -> JsonObject:
    barred = _COMPUTED | {resource.id_field, resource.number_field, "line_items"}
    return {name: value for name, value in sent.items() if name not in barred}


def _add_terms_label(record: JsonObject, sent: JsonObject) -> None:
    if sent.get("payment_terms_label") or ("payment_terms" not in sent and _has_label(record)):
        return
    days = record["payment_terms"]
    record["payment_terms_label"] = f"Net {days}" if days else "Due on Receipt"


def _has_label(record: JsonObject) -> bool:
    return bool(record["payment_terms_label"])


def _custom_field_name(entry: JsonObject) -> str:
    for name in ("api_name", "label"):
        if entry.get(name):
            return api_name(str(entry[name]))
    return str(entry.get("customfield_id") or entry.get("index") or "")
