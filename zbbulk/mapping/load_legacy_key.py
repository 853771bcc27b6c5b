"""Load ``legacy_key:``, the key that a record had in the old system.

It is read like a field and never sent; what may not be said of it is told here.
"""

from __future__ import annotations

from zbbulk.mapping.load_rule import RuleLoader
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import FieldRule, Kind
from zbbulk.mapping.words import LOOKUP_WORDS
from zbbulk.mapping.yaml_nodes import Block, Node
from zbbulk.model import LEGACY_KEY, Action
from zbbulk.resources import Resource

_WITHOUT = {
    "value": "every record would have the same key",
    "rows": "it is that of the document's first row",
    **dict.fromkeys(LOOKUP_WORDS, "it is the key itself, and looks nothing up"),
}


def load_legacy_key(
    node: Node | None, faults: MappingFaults, *, resource: Resource, action: Action
) -> FieldRule | None:
    """Return the rule that reads the key, None when there is none or it has a fault."""
    if node is None:
        return None
    if not resource.id_field:
        message = f"Zoho Books gives {resource.name} no id that a key could stand for."
        faults.add("ZB211", node, message, f"Delete `{LEGACY_KEY}:`.")
        return None
    for key, _ in node.pairs if isinstance(node, Block) else ():
        if key.text in _WITHOUT:
            message = f"`{LEGACY_KEY}:` takes no `{key.text}:`: {_WITHOUT[key.text]}."
            faults.add("ZB211", key, message, f"Delete `{key.text}:`.")
            return None
    return RuleLoader(faults, action).load(node, Kind.TEXT)
