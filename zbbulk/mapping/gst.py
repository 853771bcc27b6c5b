"""India: a rate of GST means one tax within a state and another one between states.

Within the organization's state it is a group of taxes (CGST and SGST), to another state
a single tax (IGST). States come as names or as the two letters that Zoho takes.
"""

from __future__ import annotations

from zbbulk.model import LookupRule

GST_RATE = "gst_rate"
"""What ``find_by`` says for it."""

PLACES = ("place_of_supply", "source_of_supply")
"""The fields of a document that tell the other state; the first that is mapped counts."""

_TAXES = ("taxes",)
WITHIN = (LookupRule(_TAXES, "tax_percentage", (("tax_type", "tax_group"),)),)
BETWEEN = (
    LookupRule(_TAXES, "tax_percentage", (("tax_specific_type", "igst"),)),
    LookupRule(_TAXES, "tax_percentage", (("tax_type", "tax"),)),
)
"""Where Zoho tells what kind of GST a tax is, that is believed first."""

_STATES = {
    "AN": "Andaman and Nicobar Islands",
    "AD": "Andhra Pradesh",
    "AR": "Arunachal Pradesh",
    "AS": "Assam",
    "BR": "Bihar",
    "CH": "Chandigarh",
    "CG": "Chhattisgarh",
    "DN": "Dadra and Nagar Haveli and Daman and Diu",
    "DL": "Delhi",
    "GA": "Goa",
    "GJ": "Gujarat",
    "HR": "Haryana",
    "HP": "Himachal Pradesh",
    "JK": "Jammu and Kashmir",
    "JH": "Jharkhand",
    "KA": "Karnataka",
    "KL": "Kerala",
    "LA": "Ladakh",
    "LD": "Lakshadweep",
    "MP": "Madhya Pradesh",
    "MH": "Maharashtra",
    "MN": "Manipur",
    "ML": "Meghalaya",
    "MZ": "Mizoram",
    "NL": "Nagaland",
    "OD": "Odisha",
    "PY": "Puducherry",
    "PB": "Punjab",
    "RJ": "Rajasthan",
    "SK": "Sikkim",
    "TN": "Tamil Nadu",
    "TS": "Telangana",
    "TR": "Tripura",
    "UP": "Uttar Pradesh",
    "UK": "Uttarakhand",
    "WB": "West Bengal",
}
_SAME = {"AP": "AD", "TG": "TS", "OR": "OD", "CT": "CG", "UT": "UK"}
"""Other two letters that are in use for the same state."""

_CODES = {name.casefold(): code for code, name in _STATES.items()}


def state_code(text: str) -> str:
    """Return the two letters of a state given by name or letters; of an unknown one the text."""
    text = " ".join(text.split())
    code = _CODES.get(text.casefold(), text.upper())
    return _SAME.get(code, code)
