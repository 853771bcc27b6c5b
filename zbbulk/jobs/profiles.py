"""Accounts that a user has signed in to, each under a name; their secrets lie apart.

Secrets go to the keyring of the system; where there is none, to a file that only its owner
can read, and that is told. Knows no HTTP.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from zbbulk.errors import AuthError, UsageError
from zbbulk.zoho.cached_token import write_secret

DEFAULT = "default"
SERVICE = "zbbulk"
"""Name under which the system's keyring holds our secrets."""

_FILE = "profiles.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One account.

    Attributes:
        name: As the user calls it.
        accounts_url: The sign-in of its data centre.
        api_root: The root of its API.
        client_id: Of the application in Zoho's API console.
        organization_id: The organization that is meant when no other is named, "" for none.
        scopes: What was asked for, between commas.
    """

    name: str
    accounts_url: str
    api_root: str
    client_id: str
    organization_id: str = ""
    scopes: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not be seen."""

    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)


class Profiles:
    """The profiles in one folder."""

    def __init__(self, folder: Path) -> None:
        """Read nothing yet."""
        self._folder = folder

    def all(self) -> dict[str, Profile]:
        """Return every profile by its name.

        Raises:
            UsageError: the file is not ours (ZB423).
        """
        path = self._folder / _FILE
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            return {name: Profile(name=name, **facts) for name, facts in told.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise UsageError(f"The file {str(path)!r} can't be read.", code="ZB423") from error

    def get(self, name: str) -> Profile:
        """Return one profile. Raises AuthError (ZB424) when nobody signed in under *name*."""
        known = self.all()
        if name in known:
            return known[name]
        names = ", ".join(known) or "none"
        raise AuthError(f"Nobody has signed in as {name!r}; known: {names}.", code="ZB424")

    def keep(self, profile: Profile, secrets: Secrets) -> bool:
        """Keep a profile; tell whether its secrets are in the system's keyring.

        Raises:
            ResultError: the file can't be written.
        """
        facts = {**self.all(), profile.name: profile}
        kept = {name: _public(each) for name, each in facts.items()}
        is_in_keyring = _put(profile.name, secrets)
        if not is_in_keyring:
            write_secret(self._secret_path(profile.name), _text(secrets))
        write_secret(self._folder / _FILE, json.dumps(kept, indent=2))
        return is_in_keyring

    def secrets(self, name: str) -> Secrets:
        """Return the secrets of a profile. Raises AuthError (ZB424) when they are gone."""
        text = _got(name)
        if text is None:
            with suppress(OSError):
                text = self._secret_path(name).read_text(encoding="utf-8")
        with suppress(ValueError, KeyError, TypeError):
            told = json.loads(text or "")
            return Secrets(told["client_secret"], told["refresh_token"])
        raise AuthError(f"The secrets of {name!r} are not there any more.", code="ZB424")

    def forget(self, name: str) -> None:
        """Drop a profile, its secrets and its access token.

        Raises:
            ResultError: the file can't be written.
        """
        _dropped(name)
        for path in (self._secret_path(name), self.token_path(name)):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        kept = {each.name: _public(each) for each in self.all().values() if each.name != name}
        write_secret(self._folder / _FILE, json.dumps(kept, indent=2))

    def token_path(self, name: str) -> Path:
        """Return the file that keeps the access token of a profile."""
        return self._folder / f"token-{name}.json"

    def _secret_path(self, name: str) -> Path:
        return self._folder / f"secrets-{name}.json"


def checked_name(name: str) -> str:
    """Return *name* if a file may be called so. Raises UsageError."""
    if name and all(each.isalnum() or each in "-_." for each in name) and name[0] != ".":
        return name
    raise UsageError(
        f"A profile can't be called {name!r}.", fix="Use letters, digits, `-`, `_` and `.`."
    )


def _public(profile: Profile) -> Mapping[str, str]:
    facts = asdict(profile)
    del facts["name"]
    return facts


def _text(secrets: Secrets) -> str:
    return json.dumps(
        {"client_secret": secrets.client_secret, "refresh_token": secrets.refresh_token}
    )


def _put(name: str, secrets: Secrets) -> bool:
    import keyring  # noqa: PLC0415 - heavy: only who signs in pays
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        keyring.set_password(SERVICE, name, _text(secrets))
    except (KeyringError, RuntimeError):
        return False
    return True


def _got(name: str) -> str | None:
    import keyring  # noqa: PLC0415 - heavy: only who signs in pays
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return keyring.get_password(SERVICE, name)
    except (KeyringError, RuntimeError):
        return None


def _dropped(name: str) -> None:
    import keyring  # noqa: PLC0415 - heavy: only who signs in pays
    from keyring.errors import KeyringError  # noqa: PLC0415

    with suppress(KeyringError, RuntimeError):
        keyring.delete_password(SERVICE, name)
