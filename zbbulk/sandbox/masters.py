"""What completes the records that others are made with: items, contacts, and their currency.

It does not know documents.
"""

from __future__ import annotations

from zbbulk.model import JsonObject
from zbbulk.resources import resource
from zbbulk.sandbox.changes import Change, Kit
from zbbulk.sandbox.documents import ADDRESS, add_terms_label
from zbbulk.sandbox.organization import PRICE_PRECISION
from zbbulk.sandbox.taxes import find_tax
from zbbulk.sandbox.traits import traits

SALES = "Sales"
"""The account that an item's income goes to when it names none."""

_NO_ADDRESS: JsonObject = dict.fromkeys(ADDRESS, "")


def finish_money(kit: Kit, change: Change) -> None:
    """Add the currency: the one that was sent, or the organization's own."""
    record, sent = change.record, change.sent
    named = kit.books.named(
        resource("currencies"), {"currency_code": str(sent.get("currency_code", ""))}
    )
    if named and "currency_id" not in sent:
        record["currency_id"] = named["currency_id"]
    party = kit.books.find("contacts", record.get(traits(change.resource.name).party, "")) or {}
    usual = party.get("currency_id") or kit.organization.currency_id
    record["currency_id"] = record.get("currency_id") or usual
    currency = kit.books.find("currencies", record["currency_id"]) or {}
    record["currency_code"] = currency.get("currency_code") or sent.get("currency_code", "")
    record["currency_symbol"] = currency.get("currency_symbol") or record["currency_code"]
    record["price_precision"] = currency.get("price_precision", PRICE_PRECISION)


def finish_item(kit: Kit, change: Change) -> None:
    """Add tax and account, and what follows from item_type."""
    record = change.record
    kind = record["item_type"]
    sales = kit.books.named(resource("chartofaccounts"), {"account_name": SALES})
    if kind != "purchases" and not record.get("account_id") and sales:
        record |= {"account_id": sales["account_id"], "account_name": sales["account_name"]}
    if record["tax_id"]:
        tax = find_tax(kit, record["tax_id"])
        record |= {"tax_name": tax.tax_name, "tax_percentage": tax.percentage}
    record["can_be_sold"] = kind != "purchases"
    record["can_be_purchased"] = kind != "sales"
    record["track_inventory"] = kind == "inventory"


def finish_contact(kit: Kit, change: Change) -> None:
    """Add ids to addresses, words for the payment terms, and the primary person's name."""
    record = change.record
    for name in ("billing_address", "shipping_address"):
        address_id = record[name].get("address_id") or kit.books.new_id()
        record[name] = {"address_id": address_id, **_NO_ADDRESS, **record[name]}
    if change.sent.get("tax_id"):
        find_tax(kit, change.sent["tax_id"])
    add_terms_label(record, change.sent)
    add_primary(record)


def add_primary(contact: JsonObject) -> None:
    """Show the primary contact person in the contact itself; the first one if none is marked."""
    persons = contact["contact_persons"]
    for person in persons:
        person.setdefault("is_primary_contact", False)
    if persons and not any(person["is_primary_contact"] for person in persons):
        persons[0]["is_primary_contact"] = True
    primary: JsonObject = next((one for one in persons if one["is_primary_contact"]), {})
    contact["primary_contact_id"] = primary.get("contact_person_id", "")
    for name in ("first_name", "last_name", "email", "phone", "mobile"):
        contact[name] = primary.get(name, "")
