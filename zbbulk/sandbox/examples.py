"""The customers that a sandbox for trying out begins with.

The sample invoices and estimates are for them: a document needs the id of a customer
that is there.
"""

from __future__ import annotations

from zbbulk.resources import resource
from zbbulk.sandbox.books import Books
from zbbulk.sandbox.shapes import Shaper

CUSTOMERS = {
    "4600000000000200001": "Riverside Studio",
    "4600000000000200002": "Harbour Books",
    "4600000000000200003": "Old Mill Cafe",
}
"""contact_id -> contact_name."""


def add_examples(books: Books, shaper: Shaper) -> None:
    """Add the example customers to books that have no contact yet."""
    contacts = resource("contacts")
    if books.all(contacts.name):
        return
    for number, name in CUSTOMERS.items():
        made = shaper.create(contacts, {"contact_name": name, "contact_type": "customer"})
        books.keep(contacts, made | {contacts.id_field: number})
