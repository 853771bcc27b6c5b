"""A small schema of its own, so that these tests do not hang on Zoho's fields."""

import pytest

from zbbulk.mapping import compile_mapping, parse_mapping
from zbbulk.mapping.columns import column_uses

_TEXT = {"type": "string"}
_ADDRESS = {"type": "object", "properties": {"city": _TEXT, "zip": _TEXT, "country": _TEXT}}

SCHEMA = {
    "type": "object",
    "required": ["name"],
    "x-required-on-update": ["item_id"],
    "x-required-in": {"in": ["gst"]},
    "$defs": {"address": _ADDRESS},
    "properties": {
        "item_id": _TEXT,
        "name": _TEXT,
        "sku": _TEXT,
        "unit": _TEXT,
        "value": _TEXT,
        "rate": {"type": "number"},
        "discount": {"type": ["number", "string"]},
        "gst": {"type": "string", "x-editions": ["in", "mx"]},
        "tax_address": {"$ref": "#/$defs/address", "x-editions": ["mx"]},
        "terms": {"type": ["integer", "null"]},
        "is_taxable": {"type": "boolean"},
        "date": {"type": "string", "format": "date"},
        "due_date": {"type": "string", "format": "date"},
        "address": {"$ref": "#/$defs/address"},
        "tags": {"type": "array", "items": _TEXT},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["rate"],
                "properties": {
                    "rate": {"type": "number"},
                    "name": _TEXT,
                    "hsn": {"type": "string", "x-editions": ["in"]},
                    "address": {"$ref": "#/$defs/address"},
                    "tags": {"type": "array", "items": _TEXT},
                    "item_custom_fields": {"type": "array", "items": {"type": "object"}},
                },
            },
        },
        "custom_fields": {
            "type": "array",
            "items": {"type": "object", "properties": {"label": _TEXT, "value": {}}},
        },
    },
}

HEADER = ("A", "B", "C", "D", "E")


@pytest.fixture
def load():
    """Load a mapping of items from the text below its first two lines."""

    def load_text(rest, *, edition=None):
        text = f"zbbulk: 1\nresource: items\n{rest}"
        return parse_mapping(text, file="m.yml", schema=SCHEMA, edition=edition)

    return load_text


@pytest.fixture
def program(load):
    """Compile such a mapping for the columns A to E; `name` is mapped to A by itself."""

    def compile_text(fields, *, source="{}", typed=False, dates=None, top=""):
        indented = "".join(f"  {line}\n" for line in fields.splitlines())
        name = "" if "name:" in fields.split("lines:")[0] else "  name: A\n"
        mapping = load(f"source: {source}\n{top}fields:\n{name}{indented}")
        return compile_mapping(mapping, HEADER, file="a.csv", typed=typed, dates=dates)

    return compile_text


@pytest.fixture
def convert(program):
    """Convert one row of the cells A to E, missing ones blank: the Record and the faults."""

    def convert_cells(fields, *cells, **settings):
        row = [*cells, *[""] * (len(HEADER) - len(cells))]
        return program(fields, **settings).convert(row)

    return convert_cells


@pytest.fixture
def uses(load):
    """Return the uses of columns in a mapping whose `fields:` are given."""
    return lambda fields: list(column_uses(load(f"fields:\n{fields}"), SCHEMA))
