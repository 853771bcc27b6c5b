"""What the fields of a new record hold when they were not sent.

As in recorded answers of Zoho's server; an empty text stands for nothing, also
where a number is expected. It does not know what is computed.
"""

from __future__ import annotations

from zbbulk.model import JsonObject

ADDRESS = ("attention", "address", "street2", "city", "state", "zip", "country", "phone", "fax")
NO_ADDRESS: JsonObject = dict.fromkeys(ADDRESS, "")

DEFAULTS: dict[str, JsonObject] = {
    "items": {
        "name": "",
        "sku": "",
        "status": "active",
        "source": "api",
        "unit": "",
        "description": "",
        "rate": 0,
        "is_taxable": True,
        "account_name": "",
        "tax_id": "",
        "tax_name": "",
        "tax_percentage": 0,
        "purchase_description": "",
        "purchase_rate": 0,
        "purchase_account_id": "",
        "item_type": "sales",
        "product_type": "goods",
        "tags": [],
        "custom_fields": [],
    },
    "contacts": {
        "contact_name": "",
        "company_name": "",
        "contact_type": "customer",
        "customer_sub_type": "business",
        "status": "active",
        "source": "api",
        "website": "",
        "payment_terms": 0,
        "payment_terms_label": "",
        "outstanding_receivable_amount": 0,
        "outstanding_payable_amount": 0,
        "portal_status": "disabled",
        "track_1099": False,
        "contact_persons": [],
        "billing_address": {},
        "shipping_address": {},
        "notes": "",
        "tags": [],
        "custom_fields": [],
    },
    "estimates": {
        "reference_number": "",
        "expiry_date": "",
    },
    "invoices": {
        "reference_number": "",
        "payment_terms": 0,
        "payment_terms_label": "",
        "payment_made": 0,
        "credits_applied": 0,
        "write_off_amount": 0,
        "last_payment_date": "",
    },
    "bankaccounts": {
        "account_code": "",
        "account_number": "",
        "account_sub_type": "commercial",
        "bank_name": "",
        "routing_number": "",
        "description": "",
        "is_active": True,
        "is_primary_account": False,
        "is_paypal_account": False,
        "balance": 0,
        "bank_balance": 0,
        "bcy_balance": 0,
        "uncategorized_transactions": 0,
        "custom_fields": [],
    },
}

DOCUMENT: JsonObject = {
    "status": "draft",
    "exchange_rate": 1,
    "discount": 0,
    "discount_type": "item_level",
    "is_discount_before_tax": True,
    "is_inclusive_tax": False,
    "shipping_charge": 0,
    "adjustment": 0,
    "adjustment_description": "",
    "salesperson_name": "",
    "is_emailed": False,
    "is_viewed_by_client": False,
    "notes": "",
    "terms": "",
    "custom_fields": [],
}
