"""Sign-in by each road against the sandbox's own accounts server, and what the user sees."""

import json
import stat
import subprocess
import sys
import threading
import urllib.request
from urllib.parse import parse_qs, urlsplit

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from zbbulk.cli import auth_cmd
from zbbulk.errors import AuthError
from zbbulk.jobs.profiles import Profile, Profiles, Secrets
from zbbulk.jobs.redirect import listening
from zbbulk.jobs.sign_in_job import (
    FULL_ACCESS,
    lacking,
    sign_in_by_browser,
    sign_in_by_code,
    sign_out,
    token_of,
)
from zbbulk.sandbox import Sandbox
from zbbulk.zoho.clock import RealClock

ITEMS = "zbbulk: 1\nresource: items\nfields: {name: Item, rate: Price}\n"


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
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def ring():
    before, ours = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)


@pytest.fixture
def no_ring():
    keyring.set_keyring(NoKeyring())


@pytest.fixture
def sandbox():
    with Sandbox(None, speed=1) as running:
        yield running


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ZBBULK_CONFIG", str(tmp_path / "config"))
    return tmp_path / "config"


def profile(sandbox, **more):
    facts = {
        "name": "client-a",
        "accounts_url": sandbox.accounts_url,
        "api_root": sandbox.api_root,
        "client_id": sandbox.client_id,
        "organization_id": sandbox.organization_id,
        **more,
    }
    return Profile(**facts)


def signed_in(sandbox, folder, **more):
    code = sandbox.grant_code(**more)
    return sign_in_by_code(
        profile(sandbox),
        client_secret=sandbox.client_secret,
        code=code,
        profiles=Profiles(folder),
    )


def token_requests(sandbox):
    return [each for each in sandbox.requests() if each.path.endswith("/oauth/v2/token")]


def sheet(tmp_path):
    (tmp_path / "m.yml").write_text(ITEMS)
    (tmp_path / "shop.csv").write_text("Item,Price\nPen,1\nInk,2\n")


def test_a_code_of_the_console_signs_in_and_an_import_follows(run, sandbox, folder, tmp_path):
    sheet(tmp_path)
    client = {
        "client_id": sandbox.client_id,
        "client_secret": sandbox.client_secret,
        "code": sandbox.grant_code(),
        "scope": [FULL_ACCESS],
    }
    (tmp_path / "self_client.json").write_text(json.dumps(client))
    where = ("--accounts-url", sandbox.accounts_url, "--api-root", sandbox.api_root)
    login = run("auth", "login", "--client-file", "self_client.json", *where)
    assert login.code == 0, login
    assert "profile  default: http://127.0.0.1:" in login.out
    orgs = run("orgs")
    assert sandbox.organization_id in orgs.out
    sent = run(
        "import", "shop.csv", "-m", "m.yml", "--organization", sandbox.organization_id, "--yes"
    )
    assert "outcome  2 rows: 2 created" in sent.out
    assert len(token_requests(sandbox)) == 2


def test_the_browser_comes_back_to_this_machine(sandbox, folder):
    seen = []

    def browser(url):
        seen.append(url)
        threading.Thread(target=urllib.request.urlopen, args=(url,), daemon=True).start()

    done = sign_in_by_browser(
        profile(sandbox),
        client_secret=sandbox.client_secret,
        profiles=Profiles(folder),
        show=browser,
        within_s=10,
    )
    asked = parse_qs(urlsplit(seen[0]).query)
    assert asked["redirect_uri"][0].startswith("http://127.0.0.1:")
    assert asked["code_challenge_method"] == ["S256"]
    assert done.is_in_keyring
    source = token_of(done.profile, Profiles(folder), clock=RealClock())
    assert source.token().startswith("1000.")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("code=1&state=other", "an answer that was not asked for"),
        ("error=access_denied&state=mine", "access_denied"),
    ],
)
def test_what_was_not_asked_for_is_refused(query, words):
    with listening(0, state="mine") as redirect:
        url = f"{redirect.url}?{query}"

        def come():
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(url)

        thread = threading.Thread(target=come)
        thread.start()
        with pytest.raises(AuthError) as caught:
            redirect.code(within_s=10)
        thread.join()
    assert caught.value.code == "ZB425"
    assert words in caught.value.message


def test_nobody_comes_back(sandbox):
    with listening(0, state="mine") as redirect, pytest.raises(AuthError) as caught:
        redirect.code(within_s=0.05)
    assert caught.value.code == "ZB425"


def test_a_code_that_was_used_is_told_in_zohos_words(sandbox, folder):
    code = sandbox.grant_code()
    more = {"client_secret": sandbox.client_secret, "code": code, "profiles": Profiles(folder)}
    sign_in_by_code(profile(sandbox), **more)
    with pytest.raises(AuthError) as caught:
        sign_in_by_code(profile(sandbox), **more)
    assert caught.value.code == "ZB412"
    assert "invalid_code" in caught.value.message


def test_a_scope_that_is_missing_is_told_before_and_after(run, sandbox, folder, tmp_path):
    sheet(tmp_path)
    signed_in(sandbox, folder, scopes="ZohoBooks.contacts.CREATE")
    kept = Profiles(folder).get("client-a")
    Profiles(folder).keep(
        Profile(**{**vars_of(kept), "scopes": "ZohoBooks.contacts.CREATE"}),
        Profiles(folder).secrets("client-a"),
    )
    status = run("auth", "status", "-m", "m.yml")
    assert status.code == 3
    assert "lacks         ZohoBooks.settings.CREATE" in status.out
    sent = run("import", "shop.csv", "-m", "m.yml", "--profile", "client-a", "--yes")
    assert sent.code == 3
    assert "ZB402" in sent.err
    assert "(code 57)" in sent.err


def vars_of(kept):
    return {name: getattr(kept, name) for name in Profile.__dataclass_fields__}


def test_another_organization_is_told(run, sandbox, folder, tmp_path):
    sheet(tmp_path)
    signed_in(sandbox, folder)
    words = ("import", "shop.csv", "-m", "m.yml", "--profile", "client-a", "--yes")
    sent = run(*words, "--organization", "1234567")
    assert sent.code == 3
    assert "ZB403" in sent.err
    assert "zbbulk orgs" in sent.err


def test_a_revoked_token_is_told_and_a_new_sign_in_helps(run, sandbox, folder, tmp_path):
    sheet(tmp_path)
    signed_in(sandbox, folder)
    out = run("auth", "logout", "--profile", "client-a")
    assert out.out == "profile  client-a: signed out\n"
    again = run("import", "shop.csv", "-m", "m.yml", "--profile", "client-a", "--yes")
    assert again.code == 3
    assert "ZB424 Nobody has signed in as 'client-a'" in again.err


def test_a_token_that_zoho_took_back_is_told(run, sandbox, folder, tmp_path):
    sheet(tmp_path)
    done = signed_in(sandbox, folder)
    kept = Profiles(folder).secrets(done.profile.name)
    sign_out("client-a", Profiles(folder))
    Profiles(folder).keep(done.profile, kept)
    sent = run("import", "shop.csv", "-m", "m.yml", "--profile", "client-a", "--yes")
    assert sent.code == 3
    assert "ZB412" in sent.err
    assert "invalid_code" in sent.err


MAKER = """
import sys
from pathlib import Path
import keyring
from keyring.backends.fail import Keyring
keyring.set_keyring(Keyring())
from zbbulk.jobs.profiles import Profiles
from zbbulk.jobs.sign_in_job import token_of
from zbbulk.zoho.clock import RealClock
profiles = Profiles(Path(sys.argv[1]))
source = token_of(profiles.get("client-a"), profiles, clock=RealClock())
sys.stdin.readline()
print(len(source.token()))
"""


def test_ten_processes_refresh_once(sandbox, folder, no_ring):
    signed_in(sandbox, folder)
    before = len(token_requests(sandbox))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MAKER, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(10)
    ]
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = {process.communicate(timeout=60)[0] for process in processes}
    assert len(told) == 1
    assert len(token_requests(sandbox)) - before == 1


def test_a_401_refreshes_once_and_goes_on(run, sandbox, folder, tmp_path):
    sheet(tmp_path)
    signed_in(sandbox, folder)
    before = len(token_requests(sandbox))
    sandbox.add_fault("401:at=1:path=/items")
    sent = run("import", "shop.csv", "-m", "m.yml", "--profile", "client-a", "--yes")
    assert "2 created" in sent.out
    assert len(token_requests(sandbox)) - before == 2


def test_without_a_keyring_secrets_are_in_a_file_of_the_owner_alone(sandbox, folder, no_ring):
    done = signed_in(sandbox, folder)
    assert not done.is_in_keyring
    files = [path for path in folder.iterdir() if path.suffix == ".json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_with_a_keyring_no_secret_is_in_a_file(sandbox, folder, ring):
    signed_in(sandbox, folder)
    told = "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    assert sandbox.client_secret not in told
    assert json.loads(ring.kept["zbbulk", "client-a"])["refresh_token"] not in told


def test_no_secret_is_in_anything_that_a_run_writes_or_prints(
    run, sandbox, folder, tmp_path, no_ring
):
    sheet(tmp_path)
    done = signed_in(sandbox, folder)
    kept = Profiles(folder).secrets("client-a")
    sandbox.add_fault("401:at=1:path=/items")
    sandbox.add_fault("html-after:at=2:path=/items")
    words = ("import", "shop.csv", "-m", "m.yml", "--profile", "client-a", "--yes", "-v")
    ran = run(*words)
    status = run("auth", "status", "--format", "json")
    token = token_of(done.profile, Profiles(folder), clock=RealClock()).token()
    secrets = (kept.client_secret, kept.refresh_token, token)
    written = [
        path.read_bytes() for path in (tmp_path / "zbbulk-runs").rglob("*") if path.is_file()
    ]
    told = b"".join([*written, (ran.out + ran.err + status.out + status.err).encode()])
    assert len(written) >= 5
    for secret in secrets:
        assert secret.encode() not in told
        assert secret not in repr((kept, done, done.profile))


def test_environment_variables_sign_a_script_in(run, sandbox, tmp_path, monkeypatch, folder):
    sheet(tmp_path)
    monkeypatch.setenv("ZBBULK_REFRESH_TOKEN", sandbox.refresh_token)
    monkeypatch.setenv("ZBBULK_CLIENT_ID", sandbox.client_id)
    monkeypatch.setenv("ZBBULK_CLIENT_SECRET", sandbox.client_secret)
    monkeypatch.setenv("ZBBULK_ACCOUNTS_URL", sandbox.accounts_url)
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
    sent = run("import", "shop.csv", "-m", "m.yml", "--api-root", sandbox.api_root, "--yes")
    assert "2 created" in sent.out, sent


def test_a_sign_in_over_plain_http_is_refused(run, folder):
    ran = run("auth", "login", "--accounts-url", "http://accounts.example.com", "--client-id", "x")
    assert (ran.code, "ZB004" in ran.err) == (2, True)


def test_scopes_that_all_or_full_access_cover_are_not_lacking():
    needed = ["ZohoBooks.settings.CREATE", "ZohoBooks.contacts.READ"]
    assert lacking(FULL_ACCESS, needed) == []
    assert lacking("ZohoBooks.settings.ALL,ZohoBooks.contacts.READ", needed) == []
    assert lacking("ZohoBooks.settings.READ", needed) == needed


def test_a_broken_profiles_file_is_told(run, folder):
    folder.mkdir()
    (folder / "profiles.json").write_text("[]")
    ran = run("auth", "status")
    assert (ran.code, "ZB423" in ran.err) == (2, True)
    assert auth_cmd is not None
    assert Secrets("a-secret-thing", "another").__repr__() == "Secrets()"
