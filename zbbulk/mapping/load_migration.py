"""Load a migration file: every fault of it at once, each with its line.

The mappings that it names are not opened here, nor are the sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from zbbulk.editions import known_edition
from zbbulk.errors import Location, UsageError
from zbbulk.mapping.load_endings import load_notify
from zbbulk.mapping.mapping_faults import MappingFaults
from zbbulk.mapping.migration import Migration, MigrationStep, Reference
from zbbulk.mapping.words import MIGRATION_WORDS, STEP_WORDS, VERSION, did_you_mean
from zbbulk.mapping.yaml_nodes import Block, Listing, Node, Text, scalar, texts

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")

_MISSING = {
    "zbbulk": f"Begin the file with `zbbulk: {VERSION}`.",
    "migration": "Add `migration:` with a title, e.g. `migration: From the old system`.",
    "steps": "Add `steps:` with an entry for each file, e.g. `- {id: items, mapping: items.yml}`.",
}


def load_migration(path: Path) -> Migration:
    """Return the migration in *path*.

    Raises:
        UsageError: there is no such file, or it is not UTF-8 (ZB016).
        MappingError: it is wrong; ``problems`` holds every fault.
    """
    at = Location(file=str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        message = f"The migration {path} can't be opened: {error.strerror}."
        raise UsageError(message, at=at, code="ZB016") from error
    except UnicodeDecodeError as error:
        message = f"The migration {path} is not UTF-8: byte {error.start + 1} can't be read."
        raise UsageError(message, "Save it as UTF-8.", at=at, code="ZB016") from error
    return parse_migration(text, file=str(path))


def parse_migration(text: str, *, file: str) -> Migration:
    """Return the migration that *text* holds; *file* is what messages call it.

    Raises:
        MappingError: it is wrong; ``problems`` holds every fault.
    """
    from zbbulk.mapping.yaml_tree import read_yaml  # noqa: PLC0415 - heavy: loads yaml

    faults = MappingFaults(file, what="migration")
    root = read_yaml(text, faults)
    faults.raise_if_any_is("ZB201")
    _refuse_something_else(root, faults)
    loader = _Loader(faults)
    migration = loader.load(root) if isinstance(root, Block) else None
    faults.raise_if_any()
    if migration is None:  # pragma: no cover - one that can't be loaded has a fault
        raise AssertionError(file)
    return migration


def _refuse_something_else(root: Node | None, faults: MappingFaults) -> None:
    """Raise MappingError for a file that is no migration at all."""
    fix = "Begin it with `zbbulk:`, `migration:` and `steps:`, see docs/migration.md."
    if not isinstance(root, Block):
        message = "The migration is empty." if root is None else "This is no migration file."
        faults.add("ZB213" if root is None else "ZB212", root or Text(1, 1, ""), message, fix)
    elif root.get("resource") is not None and root.get("steps") is None:
        message = f"{faults.file} is a mapping, and a migration lists several of them."
        faults.add("ZB238", root, message)
    faults.raise_if_any()


class _Loader:
    def __init__(self, faults: MappingFaults) -> None:
        self._faults = faults

    def load(self, root: Block) -> Migration:
        self._faults.unknown_words(root, MIGRATION_WORDS, where="a migration")
        for word, fix in _MISSING.items():
            if root.get(word) is None:
                self._faults.add("ZB213", root, f"`{word}:` is missing.", fix)
        version = root.get("zbbulk")
        if version is not None and scalar(version) != VERSION:
            message = f"`zbbulk:` says which language this is, and here it is {VERSION}."
            self._faults.add("ZB212", version, message, f"Write `zbbulk: {VERSION}`.")
        return Migration(
            file=self._faults.file,
            title=self._one(root, "migration"),
            organization=self._one(root, "organization"),
            edition=self._edition(root.get("edition")),
            notify=load_notify(root.get("notify"), self._faults),
            steps=self._steps(root.get("steps")),
        )

    def _one(self, block: Block, word: str) -> str:
        """Return the text of *word*, "" when it is not there or has a fault."""
        node = block.get(word)
        text = (scalar(node) or "").strip()
        if node is not None and not text:
            self._faults.add("ZB212", node, f"`{word}:` takes one text.", "Write one text.")
        return text

    def _edition(self, node: Node | None) -> str | None:
        try:
            return None if node is None else known_edition(scalar(node) or "")
        except UsageError as error:
            self._faults.add(error.code, node or Text(1, 1, ""), error.message, error.fix)
            return None

    def _steps(self, node: Node | None) -> tuple[MigrationStep, ...]:
        if node is None:
            return ()
        if not isinstance(node, Listing) or not node.entries:
            message = "`steps:` is a list, and each step begins with `- `."
            self._faults.add("ZB212", node, message, _MISSING["steps"])
            return ()
        steps = [step for entry in node.entries if (step := self._step(entry)) is not None]
        self._refuse_same_ids(steps)
        self._refuse_unknown(steps)
        return tuple(steps)

    def _step(self, node: Node) -> MigrationStep | None:
        if not isinstance(node, Block):
            fix = "Write e.g. `{id: items, mapping: items.yml}`."
            self._faults.add("ZB212", node, "A step is a map.", fix)
            return None
        self._faults.unknown_words(node, STEP_WORDS, where="a step")
        for word in ("id", "mapping"):
            if node.get(word) is None:
                self._faults.add("ZB213", node, f"The step has no `{word}:`.", f"Add `{word}:`.")
        name, mapping = self._id(node), self._reference(node, "mapping")
        if not name or mapping is None:
            return None
        return MigrationStep(
            id=name,
            mapping=mapping,
            file=self._reference(node, "file"),
            after=tuple(self._after(node.get("after"))),
            line=node.line,
            at=node.at,
        )

    def _id(self, block: Block) -> str:
        name = self._one(block, "id")
        if name and not _ID.fullmatch(name):
            message = f"`id: {name}`: a folder is called after it."
            fix = "Use up to 40 letters, digits, - and _."
            self._faults.add("ZB212", block.get("id") or block, message, fix)
            return ""
        return name

    def _reference(self, block: Block, word: str) -> Reference | None:
        node, text = block.get(word), self._one(block, word)
        return Reference(text=text, line=node.line, at=node.at) if node and text else None

    def _after(self, node: Node | None) -> Iterator[Reference]:
        named = () if node is None else texts(node)
        if node is not None and not named:
            fix = "Write e.g. `[customers]`."
            self._faults.add("ZB212", node, "`after:` is a list of the ids of steps.", fix)
        return (Reference(text=each.text.strip(), line=each.line, at=each.at) for each in named)

    def _refuse_same_ids(self, steps: Iterable[MigrationStep]) -> None:
        first: dict[str, MigrationStep] = {}
        for step in steps:
            other = first.setdefault(step.id.casefold(), step)
            if other is not step:
                message = f"The step of line {other.line} is called `{step.id}` too."
                self._faults.add("ZB233", step, message)

    def _refuse_unknown(self, steps: list[MigrationStep]) -> None:
        known = [step.id for step in steps]
        for named in (each for step in steps for each in step.after):
            if named.text not in known:
                message = f"There is no step `{named.text}`."
                fix = f"{did_you_mean(named.text, known)}The steps are: {', '.join(known)}."
                self._faults.add("ZB234", named, message, fix)
