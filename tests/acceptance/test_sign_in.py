"""Sign-in by each road against the sandbox's own accounts server, and what the user sees."""

import contextlib
import json
import os
import pty
import re
import socket
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import keyring
import pytest
from accounts import (
    ForgetfulKeyring,
    LockedKeyring,
    MemoryKeyring,
    client_file,
    places,
    sheet,
    token_requests,
    visit,
    visit_later,
)

from zbbulk.errors import AuthError
from zbbulk.jobs.redirect import RedirectListener
from zbbulk.sandbox import Sandbox

SEND = ("import", "shop.csv", "-m", "m.yml", "--yes")


@pytest.fixture
def use_keyring():
    before = keyring.get_keyring()

    def use(ring):
        keyring.set_keyring(ring)
        return ring

    yield use
    keyring.set_keyring(before)


@pytest.fixture
def ring(use_keyring):
    return use_keyring(MemoryKeyring())


@pytest.fixture
def sandbox():
    with Sandbox(None, has_examples=True) as running:
        yield running


@pytest.fixture
def config():
    return Path(os.environ["ZBBULK_CONFIG"])


@pytest.fixture
def login(run, sandbox, tmp_path):
    """Sign in with the console's file: ``login("--profile", "a", scopes=...)``."""

    def go(*words, **more):
        file = client_file(sandbox, tmp_path, **more)
        return run("auth", "login", "--client-file", file, *places(sandbox), *words)

    return go


def test_the_consoles_file_signs_in_and_an_import_follows(run, login, sandbox, tmp_path, ring):
    sheet(tmp_path)
    done = login()
    assert done.code == 0, done
    assert f"signed in as profile default, data centre {sandbox.accounts_url}" in done.out
    assert "secrets  in the keyring of this system" in done.out
    assert f"organization  {sandbox.organization_id} Sandbox Trading" in done.out
    assert "it holds the client's secret" in done.out
    sent = run(*SEND)
    assert "outcome  2 rows: 2 created" in sent.out, sent
    assert f"organization {sandbox.organization_id} (Sandbox Trading, profile default)" in sent.out
    assert len(token_requests(sandbox)) == 1, "the token of the sign-in is good for the import"


def test_the_file_may_come_by_the_input(sandbox, tmp_path):
    file = client_file(sandbox, tmp_path)
    command = [sys.executable, "-m", "zbbulk", "auth", "login", "--client-file", "-"]
    ran = subprocess.run(
        [*command, *places(sandbox)],
        input=file.read_text(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran
    assert "signed in as profile default" in ran.stdout


OWN_TERMINAL = (
    "import os, sys; os.open(os.ttyname(0), os.O_RDWR); os.execv(sys.executable, sys.argv[1:])"
)


def test_what_is_typed_is_not_shown(sandbox, tmp_path):
    """Client, secret and code are typed on a terminal, as after `zbbulk auth login`."""
    answers = [sandbox.client_id, sandbox.client_secret, sandbox.grant_code()]
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "zbbulk", "auth", "login", *places(sandbox)]
    process = subprocess.Popen(
        [sys.executable, "-c", OWN_TERMINAL, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    for prompt, answer in zip((b"Client ID:", b"Client secret", b"Code ("), answers, strict=True):
        while prompt not in shown or not shown.rstrip().endswith(b":"):
            shown += os.read(ours, 1000)
        os.write(ours, f"{answer}\n".encode())
    with contextlib.suppress(OSError):  # the end of a terminal
        while piece := os.read(ours, 1000):
            shown += piece
    os.close(ours)
    assert process.wait(timeout=30) == 0, shown
    assert b"Generate Code" in shown
    assert answers[0].encode() in shown
    assert not any(answer.encode() in shown for answer in answers[1:])


def test_secrets_may_come_from_the_environment_of_a_script(run, sandbox, monkeypatch):
    monkeypatch.setenv("ZBBULK_CLIENT_ID", sandbox.client_id)
    monkeypatch.setenv("ZBBULK_CLIENT_SECRET", sandbox.client_secret)
    monkeypatch.setenv("ZBBULK_GRANT_CODE", sandbox.grant_code())
    assert run("auth", "login", *places(sandbox)).code == 0


@pytest.mark.parametrize("words", [[], ["--client-id", "1000.X"], ["--browser"]])
def test_where_nobody_can_be_asked_the_ways_are_told(run, words):
    ran = run("auth", "login", *words)
    assert ran.code == 2
    assert "nobody is there to be asked" in ran.err
    assert "--client-file" in ran.err


def test_a_code_that_was_used_is_told_in_zohos_words(run, login, sandbox, tmp_path):
    assert login().code == 0
    again = run("auth", "login", "--client-file", "self_client.json", *places(sandbox))
    assert again.code == 3
    assert again.err.startswith("ZB426 Zoho's sign-in gave no token: invalid_code.")
    assert "Make a new code" in again.err


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("client_id", "ZB412", "invalid_client"),
        ("client_secret", "ZB412", "Copy the client secret anew"),
        ("code", "ZB426", "invalid_code"),
    ],
)
def test_what_zoho_does_not_take_is_told_with_what_to_do(run, sandbox, tmp_path, name, code, words):
    file = client_file(sandbox, tmp_path)
    told = json.loads(file.read_text())
    file.write_text(json.dumps({**told, name: "1000.something-else-0123"}))
    ran = run("auth", "login", "--client-file", file, *places(sandbox))
    assert (ran.code, ran.err[:5]) == (3, code)
    assert words in ran.err
    assert "something-else" not in ran.out + ran.err
    assert run("auth", "status").out == "Nobody has signed in. Type `zbbulk auth login`.\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"client_id": "1"}', "\xff\xfe"])
def test_a_file_that_is_none_of_the_consoles_is_told(run, tmp_path, text):
    (tmp_path / "f.json").write_bytes(text.encode("latin-1"))
    ran = run("auth", "login", "--client-file", "f.json")
    assert (ran.code, ran.err[:5]) == (2, "ZB423")
    assert "f.json" in ran.err


def test_a_sign_in_over_plain_http_is_refused_before_anything_is_asked(run):
    ran = run("auth", "login", "--accounts-url", "http://accounts.example.com", "--client-id", "x")
    assert (ran.code, ran.err[:5]) == (2, "ZB004")


def test_the_browser_comes_back_to_this_machine(run, sandbox, monkeypatch):
    seen = []

    def browser(url):
        seen.append(url)
        visit_later(url)

    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setenv("ZBBULK_CLIENT_SECRET", sandbox.client_secret)
    words = ("--client-id", sandbox.client_id, "--port", "0", "--scopes", "ZohoBooks.settings.ALL")
    done = run("auth", "login", "--browser", *words, "--timeout", "20", *places(sandbox))
    assert done.code == 0, done
    asked = {name: values[0] for name, values in parse_qs(urlsplit(seen[0]).query).items()}
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", asked["redirect_uri"])
    assert asked["scope"] == "ZohoBooks.settings.ALL"
    assert (asked["access_type"], asked["prompt"]) == ("offline", "consent")
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 24
    assert "scopes        ZohoBooks.settings.ALL" in run("auth", "status").out


def test_another_program_can_not_use_the_code_of_the_browser(sandbox):
    """Without the verifier (PKCE), or for another address, the code is worth nothing."""
    about = {"client_id": sandbox.client_id, "client_secret": sandbox.client_secret}
    asked = {
        **about,
        "response_type": "code",
        "scope": "ZohoBooks.settings.ALL",
        "redirect_uri": "http://127.0.0.1:1/callback",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    }
    wrong = [
        {"redirect_uri": asked["redirect_uri"], "code_verifier": "another"},
        {
            "redirect_uri": "http://127.0.0.1:2/callback",
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        },
    ]
    errors = []
    for more in wrong:
        code = parse_qs(urlsplit(_location(sandbox, asked)).query)["code"][0]
        form = {**about, "grant_type": "authorization_code", "code": code, **more}
        errors.append(_post(sandbox, form)["error"])
    assert errors == ["invalid_code", "invalid_redirect_uri"]


def _location(sandbox, query):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    url = f"{sandbox.accounts_url}/oauth/v2/auth?{urllib.parse.urlencode(query)}"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.build_opener(Stay).open(url)
    caught.value.close()
    return caught.value.headers["Location"]


def _post(sandbox, form):
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{sandbox.accounts_url}/oauth/v2/token", data=body) as answer:
        return json.load(answer)


def brought(redirect, *paths, seconds=20):
    """Wait for the browser, which visits *paths* one after the other."""

    def come():
        for path in paths:
            visit(redirect.uri.replace("/callback", path))

    thread = threading.Thread(target=come)
    thread.start()
    try:
        return redirect.wait(seconds=seconds)
    finally:
        thread.join()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("code=1000.secret-code&state=other", "does not belong to this sign-in"),
        ("code=1000.secret-code", "does not belong to this sign-in"),
        ("error=access_denied&state=STATE", "Zoho says: access_denied"),
        ("state=STATE", "no code came back"),
    ],
)
def test_what_was_not_asked_for_is_refused(query, words):
    with RedirectListener(0) as redirect, pytest.raises(AuthError) as caught:
        brought(redirect, f"/callback?{query.replace('STATE', redirect.state)}")
    assert caught.value.code == "ZB425"
    assert words in caught.value.message
    assert "secret-code" not in str(caught.value)


def test_an_icon_and_a_silent_connection_are_not_the_answer(monkeypatch):
    monkeypatch.setattr("zbbulk.jobs.redirect._Handler.timeout", 0.05)
    with RedirectListener(0) as redirect, socket.socket() as silent:
        silent.connect(("127.0.0.1", urlsplit(redirect.uri).port))
        found = brought(
            redirect, "/favicon.ico", f"/callback?code=1000.c&state={redirect.state}", seconds=30
        )
    assert found.code == "1000.c"
    assert "1000.c" not in repr(found)


def test_nobody_comes_back():
    with RedirectListener(0) as redirect, pytest.raises(AuthError) as caught:
        redirect.wait(seconds=0.05)
    assert (caught.value.code, caught.value.exit_code) == ("ZB425", 3)


def test_a_port_that_is_taken_is_told(run, sandbox, monkeypatch):
    monkeypatch.setenv("ZBBULK_CLIENT_SECRET", sandbox.client_secret)
    with RedirectListener(0) as redirect:
        port = urlsplit(redirect.uri).port
        words = ("--browser", "--client-id", "1000.X", "--port", port, *places(sandbox))
        ran = run("auth", "login", *words)
    assert (ran.code, ran.err[:5]) == (2, "ZB425")
    assert "--port" in ran.err


def test_a_secret_goes_to_no_sign_in_that_the_browser_names(run, sandbox, monkeypatch):
    with Sandbox(None) as other:

        def browser(url):
            asked = parse_qs(urlsplit(url).query)
            back, state = asked["redirect_uri"][0], asked["state"][0]
            there = urllib.parse.quote(other.accounts_url)
            url = f"{back}?code=1000.c&state={state}&accounts-server={there}"
            visit_later(url)

        monkeypatch.setattr("webbrowser.open", browser)
        monkeypatch.setenv("ZBBULK_CLIENT_SECRET", sandbox.client_secret)
        words = ("--browser", "--client-id", sandbox.client_id, "--port", "0", *places(sandbox))
        ran = run("auth", "login", *words)
        assert (ran.code, ran.err[-400:].count("ZB425")) == (3, 2)
        assert token_requests(other) == []


def test_without_a_keyring_secrets_are_in_a_file_of_the_owner_alone(login, config):
    done = login()
    assert "ZB428 warning: The secrets lie in a file" in done.err
    files = [path for path in config.iterdir() if path.is_file()]
    assert {path.name for path in files} >= {"profiles.json", "secrets.json"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.parametrize("kind", [ForgetfulKeyring, LockedKeyring])
def test_a_keyring_that_keeps_nothing_is_not_trusted(run, login, use_keyring, config, kind):
    use_keyring(kind())
    assert "ZB428" in login().err
    assert len(json.loads((config / "secrets.json").read_text())) == 1
    assert run("auth", "status").code == 0


def test_with_a_keyring_no_secret_is_in_a_file_but_the_token_of_an_hour(
    login, sandbox, ring, config
):
    login()
    (kept,) = ring.kept.values()
    written = {path.name: path.read_text() for path in config.iterdir()}
    for name in ("client_secret", "refresh_token"):
        secret = json.loads(kept)[name]
        assert [file for file, text in written.items() if secret in text] == []
    assert sandbox.client_secret in kept


def test_a_second_sign_in_takes_the_place_of_the_first_everywhere(
    run, login, sandbox, ring, config
):
    login(scopes="ZohoBooks.settings.READ")
    login("--no-keyring", scopes="ZohoBooks.fullaccess.all")
    assert ring.kept == {}, "the secrets of the first are dropped"
    assert len(json.loads((config / "secrets.json").read_text())) == 1
    sheet(Path.cwd())
    assert run(*SEND).code == 0, "the token of the first, which may not send, is not used"


def test_two_folders_of_accounts_do_not_know_each_other(run, login, ring, monkeypatch, tmp_path):
    login()
    monkeypatch.setenv("ZBBULK_CONFIG", str(tmp_path / "other"))
    login()
    assert run("auth", "logout").code == 0
    monkeypatch.undo()
    assert len(ring.kept) == 1


def test_profiles_are_listed_and_each_is_told_apart(run, login, ring):
    login("--profile", "client-a")
    login("--profile", "client-b", scopes="ZohoBooks.contacts.READ,ZohoBooks.settings.READ")
    status = run("auth", "status")
    assert re.findall(r"^profile (.+)$", status.out, re.MULTILINE) == ["client-a", "client-b"]
    assert "works         yes; access token until " in status.out
    one = json.loads(run("auth", "status", "--profile", "client-b", "--format", "json").out)
    assert one["accounts"][0]["scopes"] == "ZohoBooks.contacts.READ,ZohoBooks.settings.READ"


def test_which_of_several_accounts_is_meant_is_not_guessed(run, login, tmp_path):
    sheet(tmp_path)
    login("--profile", "client-a")
    login("--profile", "client-b")
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB422")
    assert "client-a, client-b" in ran.err
    assert run(*SEND, "--profile", "client-b").code == 0


def test_a_misspelt_profile_is_told_with_the_nearest(run, login, tmp_path):
    sheet(tmp_path)
    login("--profile", "client-a")
    ran = run(*SEND, "--profile", "client-q")
    assert (ran.code, ran.err[:5]) == (3, "ZB424")
    assert "Did you mean 'client-a'?" in ran.err


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "..", "a b", "x" * 65, "-x"])
def test_a_profile_has_a_name_that_can_be_typed(run, sandbox, tmp_path, name):
    file = client_file(sandbox, tmp_path)
    ran = run("auth", "login", "--client-file", file, f"--profile={name}", *places(sandbox))
    assert ran.code == 2
    assert token_requests(sandbox) == []


def test_the_variable_names_a_profile_and_the_option_wins(run, login, monkeypatch, tmp_path):
    sheet(tmp_path)
    login("--profile", "client-a")
    login("--profile", "client-b")
    monkeypatch.setenv("ZBBULK_PROFILE", "client-a")
    assert "profile client-a)" in run(*SEND).out
    assert "profile client-b)" in run(*SEND, "--profile", "client-b", "--again").out


def test_settings_that_name_two_accounts_are_refused(run, login, sandbox, monkeypatch, tmp_path):
    sheet(tmp_path)
    login()
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", "10234")
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (2, "ZB422")
    assert "10234" in ran.err
    assert sandbox.organization_id in ran.err
    for words in (["--region", "eu"], ["--api-root", "https://www.zohoapis.eu/books/v3"]):
        ran = run(*SEND, "--organization", sandbox.organization_id, *words)
        assert (ran.code, ran.err[:5]) == (2, "ZB422"), ran
    assert sandbox.records("items") != []
    assert all(each.path != "/books/v3/items" for each in sandbox.requests())


def test_a_revoked_sign_in_is_told_and_a_new_one_helps(run, login, sandbox, ring, tmp_path):
    sheet(tmp_path)
    login()
    secret = json.loads(next(iter(ring.kept.values())))["refresh_token"]
    sandbox._parts.tokens.revoke(secret)
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (3, "ZB412")
    assert "invalid_code" in ran.err
    assert "zbbulk auth login" in ran.err
    status = run("auth", "status")
    assert status.code == 3
    assert "works         no:" in status.out
    login()
    assert run(*SEND).code == 0


def test_signing_out_takes_the_access_back_and_leaves_nothing(
    run, login, sandbox, ring, config, tmp_path
):
    sheet(tmp_path)
    login("--profile", "client-a")
    secret = json.loads(next(iter(ring.kept.values())))["refresh_token"]
    out = run("auth", "logout", "--profile", "client-a")
    assert (out.code, out.out) == (0, "profile  client-a: signed out\n")
    assert sandbox._parts.tokens.revoke(secret) is False
    assert ring.kept == {}
    assert not list(config.glob("token-*.json"))
    again = run(*SEND, "--profile", "client-a")
    assert (again.code, again.err[:5]) == (3, "ZB424")


def test_signing_out_without_a_connection_keeps_the_account_unless_told(run, login, sandbox):
    login()
    sandbox._server.stop()
    out = run("auth", "logout")
    assert (out.code, out.err[:5]) == (4, "ZB404")
    assert "profile default" in run("auth", "status", "--offline").out
    assert "at Zoho it is still good" in run("auth", "logout", "--here-only").out
    assert "Nobody has signed in" in run("auth", "status").out


def test_secrets_that_are_gone_are_told(run, login, ring, tmp_path):
    sheet(tmp_path)
    login()
    ring.kept.clear()
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (3, "ZB424")
    assert "keyring" in ran.err


@pytest.mark.parametrize("text", ["[]", "{", '{"default": 1}', '{"default": {"x": "y"}}'])
def test_a_broken_file_of_profiles_is_told(run, config, text):
    (config / "profiles.json").write_text(text)
    ran = run("auth", "status")
    assert (ran.code, ran.err[:5]) == (2, "ZB423")
    assert "profiles.json" in ran.err


def test_a_scope_that_is_missing_is_told_before_anything_is_sent(run, login, sandbox, tmp_path):
    sheet(tmp_path)
    login(scopes="ZohoBooks.contacts.CREATE,ZohoBooks.settings.READ")
    status = run("auth", "status", "-m", "m.yml")
    assert status.code == 3
    assert "lacks         ZohoBooks.settings.CREATE (to create items)" in status.out
    login("-m", "m.yml", scopes="ZohoBooks.settings.CREATE,ZohoBooks.settings.READ")
    status = run("auth", "status", "-m", "m.yml")
    assert (status.code, "lacks         nothing for this mapping" in status.out) == (0, True)


def test_environment_variables_sign_a_script_in(run, sandbox, tmp_path, monkeypatch):
    sheet(tmp_path)
    monkeypatch.setenv("ZBBULK_REFRESH_TOKEN", sandbox.refresh_token)
    monkeypatch.setenv("ZBBULK_ACCOUNTS_URL", sandbox.accounts_url)
    monkeypatch.setenv("ZBBULK_ORGANIZATION_ID", sandbox.organization_id)
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (3, "ZB415")
    assert "ZBBULK_CLIENT_ID and ZBBULK_CLIENT_SECRET not set" in ran.err
    monkeypatch.setenv("ZBBULK_CLIENT_ID", sandbox.client_id)
    monkeypatch.setenv("ZBBULK_CLIENT_SECRET", sandbox.client_secret)
    sent = run(*SEND)
    assert "2 created" in sent.out, sent
    assert f"at {sandbox.api_root}" in sent.out, "the sign-in told where the API is"
    run(*SEND, "--again")
    assert len(token_requests(sandbox)) == 1, "the second process takes the first one's token"
    monkeypatch.setenv("ZBBULK_ACCOUNTS_URL", "http://accounts.example.com")
    assert run(*SEND).err.startswith("ZB004 ")
