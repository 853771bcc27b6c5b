"""What the tests of sign-in share: a keyring of their own, and what a user has at hand."""

import json
import threading
import urllib.error
import urllib.request

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

MAPPING = "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n"


class MemoryKeyring(KeyringBackend):
    """A keyring of the test's own."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def delete_password(self, service, username):
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


class ForgetfulKeyring(MemoryKeyring):
    """Takes a secret and keeps nothing, as the null backend does."""

    def set_password(self, *_):
        pass


class LockedKeyring(MemoryKeyring):
    """Raises what a backend of some system raises."""

    def set_password(self, *_):
        raise OSError("the collection is locked")

    get_password = delete_password = set_password


def places(sandbox):
    return ("--accounts-url", sandbox.accounts_url, "--api-root", sandbox.api_root)


def client_file(sandbox, folder, **more):
    """Write the file that the API console offers."""
    told = {
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "code": sandbox.grant_code(**more),
        "scope": [more.get("scopes", "ZohoBooks.fullaccess.all")],
        "expiry_time": 1764000000000,
        "grant_type": "authorization_code",
    }
    (folder / "self_client.json").write_text(json.dumps(told))
    return folder / "self_client.json"


def sheet(folder):
    (folder / "m.yml").write_text(MAPPING)
    (folder / "shop.csv").write_text("Item,Price\nPen,1\nInk,2\n")


def token_requests(sandbox):
    return [each for each in sandbox.requests() if each.path == "/oauth/v2/token"]


def visit(url):
    """Open *url* as a browser does."""
    try:
        urllib.request.urlopen(url, timeout=10).close()
    except urllib.error.HTTPError as error:
        error.close()


def visit_later(url):
    """Open *url* while somebody waits for it."""
    threading.Thread(target=visit, args=(url,), daemon=True).start()
