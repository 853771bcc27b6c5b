"""Load a mapping file: every fault of it at once, each with its line.

The only module of this folder that opens a file. What is loaded is checked
against the resource's JSON Schema, not yet against a sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zbbulk import resources
from zbbulk.editions import known_edition
from zbbulk.errors import Location, MappingError, UsageError
from zbbulk.mapping.load_delete import refuse_unsure_delete
from zbbulk.mapping.load_endings import load_error_log, load_notify
from zbbulk.mapping.load_fields import FieldsLoader
from zbbulk.mapping.load_formula import load_only_rows
from zbbulk.mapping.load_legacy_key import load_legacy_key
from zbbulk.mapping.load_mirror import clearing, load_mirror
from zbbulk.mapping.load_policies import PolicyLoader
from zbbulk.mapping.load_source import load_sources
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.rules import ColumnName, Mapping
from zbbulk.mapping.shapes import shape_of
from zbbulk.mapping.words import KEY_WORDS, TOP_WORDS, VERSION, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Node, Text, scalar, texts
from zbbulk.model import Action, JsonObject


def load_mapping(
    path: Path, *, schema: JsonObject | None = None, edition: str | None = None
) -> Mapping:
    """Return the mapping in *path*.

    Args:
        path: A YAML file in UTF-8.
        schema: JSON Schema of its resource; the one that ships when None.
        edition: Country edition that it is meant for, whatever the mapping says itself.

    Raises:
        MappingError: it can't be read or is wrong; ``problems`` holds every fault.
        UsageError: there is no such *edition*.
    """
    file = str(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"The mapping {file} can't be opened: {error.strerror}."
        raise MappingError(message, at=Location(file=file), code="ZB002") from error
    except UnicodeDecodeError as error:
        message = f"The mapping {file} is not UTF-8: byte {error.start + 1} can't be read."
        raise MappingError(message, "Save it as UTF-8.", Location(file=file)) from error
    return parse_mapping(text, file=file, schema=schema, edition=edition)


def parse_mapping(
    text: str, *, file: str, schema: JsonObject | None = None, edition: str | None = None
) -> Mapping:
    """Return the mapping that *text* holds; *file* is what messages call it.

    Raises:
        MappingError: it is wrong; ``problems`` holds every fault.
        UsageError: there is no such *edition*.
    """
    from zbbulk.mapping.yaml_tree import read_yaml  # noqa: PLC0415 - heavy: loads yaml

    faults = MappingFaults(file)
    root = read_yaml(text, faults)
    faults.raise_if_any_is("ZB201")
    loader = _Loader(faults, schema, edition=None if edition is None else known_edition(edition))
    mapping = loader.load(root)
    faults.raise_if_any()
    if mapping is None:  # pragma: no cover - a mapping that can't be loaded has a fault
        raise AssertionError(file)
    return mapping


class _Loader:
    def __init__(
        self, faults: MappingFaults, schema: JsonObject | None, *, edition: str | None
    ) -> None:
        self._faults = faults
        self._schema = schema
        self._given_edition = edition

    def load(self, root: Node | None) -> Mapping | None:
        if not isinstance(root, Block):
            place = root or Text(1, 1, "")
            message = "The mapping is empty." if root is None else "A mapping is a list of `word:`."
            self._faults.add("ZB213" if root is None else "ZB212", place, message)
            return None
        self._faults.unknown_words(root, TOP_WORDS, where="a mapping")
        self._missing(root)
        self._version(root.get("zbbulk"))
        source, others = load_sources(root.get("source"), self._faults)
        name, action = self._resource(root.get("resource")), self._action(root.get("action"))
        edition = self._edition(root.get("edition"))
        fields = root.get("fields")
        if name is None or action is None or fields is None:
            return None
        is_mirror = load_mirror(root.get("mirror"), self._faults, action=action)
        if not is_mirror:  # of a mirror each changed record is told of
            self._offered(root.get("action") or root, action, resources.resource(name))
        shape = shape_of(self._schema or {}, self._schema or {})
        group_by = self._group_by(root.get("group_rows_by"))
        loader = FieldsLoader(
            self._faults,
            action,
            resources.resource(name),
            edition=edition,
            is_grouped=bool(group_by),
            sheets=others,
        )
        rules = loader.load(fields, shape)
        facts = resources.resource(name)
        policies = PolicyLoader(self._faults, resource=facts, action=action, rules=rules)
        key = self._key_block(root.get("key"))
        if action is Action.DELETE:
            refuse_unsure_delete(root, key, self._faults, resource=facts, rules=rules)
        return Mapping(
            file=self._faults.file,
            resource=name,
            action=action,
            edition=edition,
            source=source,
            others=others,
            key=self._key(key, policies, needs_fields=action is Action.CREATE),
            fields=clearing(rules) if is_mirror else rules,
            checks=policies.checks(root.get("checks")),
            policy=policies.policy(key, root.get("upsert_by")),
            after_create=policies.after_create(root.get("after_create")),
            only_rows=load_only_rows(root.get("only_rows"), self._faults),
            group_by=group_by,
            legacy_key=load_legacy_key(
                root.get("legacy_key"), self._faults, resource=facts, action=action
            ),
            is_mirror=is_mirror,
            notify=load_notify(root.get("notify"), self._faults),
            error_log=load_error_log(root.get("error_log"), self._faults),
            warnings=tuple(self._faults.warnings),
        )

    def _group_by(self, node: Node | None) -> tuple[ColumnName, ...]:
        """Return the columns whose cells tell that rows belong together, () for none."""
        if node is None:
            return ()
        named = texts(node)
        if not named:
            message = "`group_rows_by:` is a list of columns, e.g. `[Invoice No]`."
            self._faults.add("ZB212", node, message)
        return tuple(ColumnName(each.text.strip(), each.line, each.at) for each in named)

    def _missing(self, root: Block) -> None:
        told: dict[str, Callable[[], str]] = {
            "zbbulk": lambda: f"Begin the file with `zbbulk: {VERSION}`.",
            "resource": lambda: f"Add `resource:` with one of: {', '.join(resources.resources())}.",
            "fields": lambda: "Add `fields:` with a line for each field, e.g. `name: Item Name`.",
        }
        for word, fix in told.items():
            if root.get(word) is None:
                self._faults.add("ZB213", root, f"`{word}:` is missing.", fix())

    def _version(self, node: Node | None) -> None:
        if node is None:
            return
        if scalar(node) != VERSION:
            message = f"`zbbulk:` says which mapping language this is, and here it is {VERSION}."
            self._faults.add("ZB212", node, message, f"Write `zbbulk: {VERSION}`.")

    def _resource(self, node: Node | None) -> str | None:
        if node is None:
            return None
        name = scalar(node) or ""
        try:
            found = resources.resource(name)
        except UsageError as error:
            self._faults.add(error.code, node, error.message, error.fix)
            return None
        if self._schema is None:
            self._schema = resources.schema(found.name)
        return found.name

    def _action(self, node: Node | None) -> Action | None:
        name = Action.CREATE.value if node is None else scalar(node) or ""
        if name in tuple(Action):
            return Action(name)
        if node is not None:
            message = f"`action: {name}` is not known."
            fix = f"{did_you_mean(name, Action)}Use one of: {', '.join(Action)}."
            self._faults.add("ZB202", node, message, fix)
        return None

    def _offered(self, place: Node, action: Action, resource: resources.Resource) -> None:
        offered = [each.value for each in Action if each.value in resource.can]
        if action.value not in offered:
            message = f"Zoho Books does not offer `action: {action}` for {resource.name}."
            fix = f"It offers {' and '.join(offered)} only." if offered else ""
            self._faults.add("ZB219", place, message, fix)

    def _edition(self, node: Node | None) -> str | None:
        """Return the edition that was given, else the one the mapping names; it must be known."""
        if node is None:
            return self._given_edition
        try:
            named = known_edition(scalar(node) or "")
        except UsageError as error:
            self._faults.add(error.code, node, error.message, error.fix)
            return self._given_edition
        return self._given_edition or named

    def _key_block(self, node: Node | None) -> Block | None:
        if node is None or isinstance(node, Block):
            return node
        self._faults.add("ZB212", node, "`key:` is a map, e.g. `key: {fields: [sku]}`.")
        return None

    def _key(
        self, block: Block | None, policies: PolicyLoader, *, needs_fields: bool
    ) -> tuple[str, ...]:
        if block is None:
            return ()
        self._faults.unknown_words(block, KEY_WORDS, where="`key:`")
        fields = block.get("fields")
        if fields is None:
            if needs_fields:
                self._faults.add("ZB213", block, "`key:` has no `fields:`.", "Add `fields: [sku]`.")
            return ()
        names = texts(fields)
        if not names:
            self._faults.add("ZB212", fields, "`fields:` of the key is a list of field names.")
        for name in names:
            if not policies.is_mapped(name.text):
                message = f"The key field {name.text!r} is not mapped as a field with one value."
                near = did_you_mean(name.text, policies.mapped())
                fix = f"{near}Map it in `fields:`, or take another key."
                self._faults.add("ZB213", name, message, fix)
        return tuple(name.text for name in names)
