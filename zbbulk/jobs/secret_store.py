"""Where client secrets and refresh tokens lie: in the system's keyring, else in a file.

The file, ``secrets.json``, can be read by its owner only. Whether a keyring keeps
anything is tried out: some take a secret and forget it. No secret is in any message.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from zbbulk.jobs.secret_files import change_secret, read_secret
from zbbulk.model import JsonObject

SERVICE = "zbbulk"
"""Name under which the system's keyring holds our secrets."""

_FILE = "secrets.json"


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not be seen."""

    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


class SecretStore:
    """The secrets of all sign-ins of one config folder.

    Attributes:
        path: The file for where there is no keyring.
    """

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.path = folder / _FILE

    def keep(self, key: str, secrets: Secrets, *, in_keyring: bool) -> bool:
        """Keep *secrets* under *key*; tell whether they are in the keyring.

        Raises:
            UsageError, ResultError: the file can't be read, or written.
        """
        facts = asdict(secrets)
        if in_keyring and _put(key, json.dumps(facts)):
            return True
        change_secret(self.path, lambda kept: {**kept, key: facts})
        return False

    def read(self, key: str, *, in_keyring: bool) -> Secrets | None:
        """Return the secrets under *key*, None when they are gone. Raises UsageError."""
        found = _got(key) if in_keyring else read_secret(self.path).get(key)
        try:
            return Secrets(**found) if isinstance(found, dict) else None
        except TypeError:
            return None

    def forget(self, key: str, *, in_keyring: bool) -> None:
        """Drop the secrets under *key*. Raises UsageError, ResultError."""
        if in_keyring:
            _drop(key)
            return

        def without(kept: JsonObject) -> JsonObject:
            return {each: facts for each, facts in kept.items() if each != key}

        change_secret(self.path, without)


def _put(key: str, text: str) -> bool:
    import keyring  # noqa: PLC0415 - heavy: it looks for what the system has

    try:
        keyring.set_password(SERVICE, key, text)
        return keyring.get_password(SERVICE, key) == text
    except Exception:  # noqa: BLE001 - each backend raises errors of its own; a file will do
        return False


def _got(key: str) -> object:
    import keyring  # noqa: PLC0415 - as above

    try:
        return json.loads(keyring.get_password(SERVICE, key) or "null")
    except Exception:  # noqa: BLE001 - as above: it counts as gone, and that is told
        return None


def _drop(key: str) -> None:
    import keyring  # noqa: PLC0415 - as above

    with contextlib.suppress(Exception):
        keyring.delete_password(SERVICE, key)
