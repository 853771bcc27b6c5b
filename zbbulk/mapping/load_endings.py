"""Load what happens when a run ends: ``notify:`` and ``error_log:``."""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.words import ERROR_LOG_WORDS, LOGGED_WORDS, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Node, scalar

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_MODULE = re.compile(r"cm_[a-z0-9_]+")
_FIELD = re.compile(r"cf_[a-z0-9_]+|record_name")

DEFAULT_FIELDS = {
    "record_name": "title",
    "cf_run": "run",
    "cf_row": "row",
    "cf_resource": "resource",
    "cf_key": "key",
    "cf_status": "status",
    "cf_code": "code",
    "cf_message": "message",
    "cf_fix": "fix",
}
"""The fields of a record of the error log, and what each says, unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLog:
    """Where failures are written to in Zoho Books itself.

    Attributes:
        module: API name of a custom module, e.g. ``cm_error_log``.
        fields: API name of a field -> the word for what it says.
        has_rejected: Rows that were refused before they were sent are written too.
    """

    module: str
    fields: Table[str, str] = field(default_factory=lambda: DEFAULT_FIELDS)
    has_rejected: bool = False


def is_safe_url(url: str) -> bool:
    """Tell whether a summary may be posted to *url*: over https, or to this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL))


def load_notify(node: Node | None, faults: MappingFaults) -> str:
    """Return the address that is told when a run ends, "" for none."""
    if node is None:
        return ""
    url = (scalar(node) or "").strip()
    if is_safe_url(url):
        return url
    message = "`notify:` takes the address of a webhook, https or on this machine."
    faults.add("ZB240", node, message)
    return ""


def load_error_log(node: Node | None, faults: MappingFaults) -> ErrorLog | None:
    """Return where failures are written to, None for nowhere."""
    if node is None:
        return None
    block = node if isinstance(node, Block) else None
    if block is not None:
        faults.unknown_words(block, ERROR_LOG_WORDS, where="`error_log:`")
    place = block.get("module") if block else node
    module = (scalar(place) or "").strip() if place is not None else ""
    if not _MODULE.fullmatch(module):
        message = "`error_log:` names a custom module by its API name, e.g. `cm_error_log`."
        faults.add("ZB241", place or node, message)
        return None
    fields = _fields(block.get("fields"), faults) if block else dict(DEFAULT_FIELDS)
    rejected = scalar(block.get("rejected") or node) if block else None
    return ErrorLog(module=module, fields=fields, has_rejected=rejected == "yes")


def _fields(node: Node | None, faults: MappingFaults) -> dict[str, str]:
    if node is None:
        return dict(DEFAULT_FIELDS)
    if not isinstance(node, Block) or not node.pairs:
        faults.add("ZB241", node, "`fields:` is a map, e.g. `{cf_row: row, cf_why: message}`.")
        return {}
    found: dict[str, str] = {}
    for key, value in node.pairs:
        word = (scalar(value) or "").strip()
        if not _FIELD.fullmatch(key.text):
            message = f"{key.text!r} is not the API name of a field of a custom module."
            faults.add("ZB241", key, message, "Write e.g. `cf_message: message`.")
        elif word not in LOGGED_WORDS:
            fix = f"{did_you_mean(word, LOGGED_WORDS)}Use one of: {', '.join(LOGGED_WORDS)}."
            faults.add("ZB202", value, f"`{word}` is nothing that is known of a failure.", fix)
        else:
            found[key.text] = word
    return {"record_name": "title", **found}
