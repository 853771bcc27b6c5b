"""zbbulk: move spreadsheets into and out of Zoho Books by a YAML mapping."""

__version__ = "0.1.0"
