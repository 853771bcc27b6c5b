"""Accounts that a user has signed in to, each under a name: what is not secret about them.

Kept in ``profiles.json`` of the config folder; their secrets lie apart
(``secret_store``). Knows no HTTP.
"""

from __future__ import annotations

import re
import secrets as chance
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from zbbulk.errors import AuthError, UsageError
from zbbulk.jobs.secret_files import change_secret, read_secret, unreadable
from zbbulk.jobs.secret_store import Secrets, SecretStore
from zbbulk.model import JsonObject

DEFAULT = "default"
_FILE = "profiles.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account.

    Attributes:
        name: As the user calls it.
        accounts_url: The sign-in of its data centre.
        api_root: The root of its API.
        client_id: Of the application in Zoho's API console.
        organization_id: The organization that is meant when no other is named, "" for none.
        organization: Its name, for people.
        scopes: What it may do, between commas; "" when nobody told.
        key: What its secrets are kept under; another one for each sign-in.
        in_keyring: They are in the keyring of the system, not in a file.
    """

    name: str
    accounts_url: str
    api_root: str
    client_id: str
    organization_id: str = ""
    organization: str = ""
    scopes: str = ""
    key: str = field(repr=False, default_factory=lambda: chance.token_hex(16))
    in_keyring: bool = False


class Profiles:
    """The profiles in one folder.

    Attributes:
        folder: Where they, and their access tokens, are kept.
    """

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self.folder = folder
        self._path = folder / _FILE
        self._store = SecretStore(folder)

    def all(self) -> dict[str, Profile]:
        """Return every profile by its name. Raises UsageError when the file is not ours (ZB423)."""
        try:
            told = read_secret(self._path).items()
            return {name: Profile(name=name, **facts) for name, facts in told}
        except TypeError:
            raise unreadable(self._path, "it is not what zbbulk wrote") from None

    def get(self, name: str) -> Profile:
        """Return one profile. Raises AuthError (ZB424) when nobody signed in under *name*."""
        known = self.all()
        if name in known:
            return known[name]
        near = get_close_matches(name, known, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        option = "" if name == DEFAULT else " --profile NAME"
        raise AuthError(
            f"Nobody has signed in as {name!r}; known: {', '.join(known) or 'none'}.",
            fix=f"{hint}`zbbulk auth login{option}` signs in.",
            code="ZB424",
        )

    def keep(self, profile: Profile, secrets: Secrets, *, in_keyring: bool = True) -> Profile:
        """Keep a profile and its secrets, in the system's keyring where there is one.

        A kill leaves the old sign-in or the new one, never the secrets of another.

        Args:
            profile: It replaces the one of its name.
            secrets: Of the same sign-in.
            in_keyring: Try the keyring.

        Returns:
            The profile as it is kept.

        Raises:
            UsageError, ResultError: a file can't be read, or written.
        """
        known = self.all()
        before = known.get(profile.name)
        is_there = self._store.keep(profile.key, secrets, in_keyring=in_keyring)
        kept = replace(profile, in_keyring=is_there)
        self.change(kept)
        if before is not None and before.key != kept.key:
            self._store.forget(before.key, in_keyring=before.in_keyring)
        return kept

    def change(self, profile: Profile) -> None:
        """Replace what is kept of *profile*; its secrets stay. Raises UsageError, ResultError."""
        facts = asdict(profile)
        del facts["name"]
        change_secret(self._path, lambda kept: {**kept, profile.name: facts})

    def secrets(self, name: str) -> Secrets:
        """Return the secrets of a profile. Raises AuthError (ZB424) when they are gone."""
        profile = self.get(name)
        found = self._store.read(profile.key, in_keyring=profile.in_keyring)
        if found is not None:
            return found
        place = "the keyring of this system" if profile.in_keyring else str(self._store.path)
        raise AuthError(
            f"The secrets of {name!r} are not in {place} (any more), or it is locked.",
            fix="Unlock the keyring, or type `zbbulk auth login` again.",
            code="ZB424",
        )

    def forget(self, name: str) -> None:
        """Drop a profile and its secrets. Raises AuthError, UsageError, ResultError."""
        profile = self.get(name)
        self._store.forget(profile.key, in_keyring=profile.in_keyring)

        def without(kept: JsonObject) -> JsonObject:
            return {each: facts for each, facts in kept.items() if each != name}

        change_secret(self._path, without)


def checked_name(name: str) -> str:
    """Return *name* if a profile may be called so. Raises UsageError."""
    if _NAME.fullmatch(name):
        return name
    raise UsageError(
        f"A profile can't be called {name!r}.",
        fix="Use up to 64 letters, digits, `-`, `_` and `.`, e.g. client-a.",
    )
