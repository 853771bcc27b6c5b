"""One access token for all processes: asked for once, within what Zoho allows."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from accounts import sheet, token_requests

from zbbulk.errors import AuthError, ResultError
from zbbulk.jobs.token_file import TokenFile
from zbbulk.sandbox import Sandbox
from zbbulk.settings import OAuthClient
from zbbulk.zoho.auth import IssuedToken, RefreshedToken, UnlessNew
from zbbulk.zoho.clock import RealClock

SEND = ("import", "shop.csv", "-m", "m.yml", "--yes", "--again")


@pytest.fixture
def sandbox(monkeypatch):
    """A sandbox whose sign-in stands in the environment, as a script has it."""
    with Sandbox(None, has_examples=True) as running:
        for name, value in (
            ("ZBBULK_REFRESH_TOKEN", running.refresh_token),
            ("ZBBULK_CLIENT_ID", running.client_id),
            ("ZBBULK_CLIENT_SECRET", running.client_secret),
            ("ZBBULK_ACCOUNTS_URL", running.accounts_url),
            ("ZBBULK_API_ROOT", running.api_root),
            ("ZBBULK_ORGANIZATION_ID", running.organization_id),
        ):
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def client(sandbox):
    return OAuthClient(
        sandbox.accounts_url, sandbox.client_id, sandbox.client_secret, sandbox.refresh_token
    )


@pytest.fixture
def opened(client):
    """Return what another process sees of the shared token."""
    folder = Path(os.environ["ZBBULK_CONFIG"])

    def source():
        return RefreshedToken(client, clock=RealClock(), cache=TokenFile(folder, client))

    return source


def kept():
    (path,) = Path(os.environ["ZBBULK_CONFIG"]).glob("token-*.json")
    return path


def change(**more):
    kept().write_text(json.dumps(json.loads(kept().read_text()) | more))


def test_ten_processes_refresh_once(sandbox, tmp_path):
    """They wait at the start line together; each then lists the organizations."""
    code = (
        "import sys; from zbbulk.cli.main import main\n"
        "print('ready', flush=True); sys.stdin.readline(); main(['orgs'])"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(10)
    ]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 10
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60)[0] for process in processes]
    assert [sandbox.organization_id in text for text in told] == [True] * 10, told
    assert len(token_requests(sandbox)) == 1
    assert stat.S_IMODE(kept().stat().st_mode) == 0o600


def test_a_401_refreshes_once_and_goes_on(run, sandbox, tmp_path):
    sheet(tmp_path)
    sandbox.add_fault("401:at=1:path=/items")
    sent = run(*SEND)
    assert "2 created" in sent.out, sent
    assert len(token_requests(sandbox)) == 2


def test_a_token_that_another_process_has_renewed_is_taken_over(sandbox, opened):
    mine, theirs = opened(), opened()
    old = mine.token()
    assert theirs.token() == old
    theirs.renew(old)
    mine.renew(old)
    assert mine.token() == theirs.token() != old
    assert len(token_requests(sandbox)) == 2


def test_a_token_is_renewed_a_minute_before_it_expires(sandbox, opened):
    first = opened().token()
    change(good_until=time.time() + 1)
    assert opened().token() == first
    change(good_until=time.time() - 1)
    assert opened().token() != first


def test_a_new_token_that_is_refused_lacks_a_scope_and_an_old_one_may_be_dead(sandbox, opened):
    first = opened().token()
    assert UnlessNew(opened()).renew(first) is False
    assert len(token_requests(sandbox)) == 1
    change(made=[time.time() - 301])
    source = UnlessNew(opened())
    assert source.renew(source.token()) is True
    assert source.token() != first


@pytest.mark.parametrize("text", ["", "[]", "{", '{"good_until": "soon"}', '{"made": 7}'])
def test_a_cache_that_is_broken_is_made_anew(sandbox, opened, text):
    opened().token()
    kept().write_text(text)
    assert opened().token().startswith("1000.")


def test_the_eleventh_token_in_ten_minutes_is_not_even_asked_for(sandbox, opened):
    source = opened()
    for _ in range(10):
        source.renew(source.token())
        change(good_until=0)
        source = opened()
        if len(token_requests(sandbox)) == 10:
            break
    with pytest.raises(AuthError) as caught:
        source.token()
    assert caught.value.code == "ZB413"
    assert "Wait 10 minutes" in caught.value.fix
    assert len(token_requests(sandbox)) == 10
    change(made=[time.time() - 601] * 10)
    sandbox.skip(601)
    assert opened().token().startswith("1000.")


def test_a_block_of_the_sign_in_is_not_made_longer(sandbox, opened, run):
    for _ in range(10):
        sandbox._parts.tokens.refresh(sandbox.refresh_token)
    for times in range(3):
        ran = run("orgs")
        assert (ran.code, ran.err[:5]) == (3, "ZB413"), ran
        assert ("Access Denied" in ran.err) == (times == 0)
    assert len(token_requests(sandbox)) == 1
    assert "Wait 15 minutes" in ran.err


def test_a_folder_that_can_not_be_written_is_told(client, tmp_path):
    (tmp_path / "file").write_text("")
    cache = TokenFile(tmp_path / "file", client)
    with pytest.raises(ResultError) as caught, cache.alone():
        pass
    assert caught.value.code == "ZB423"
    with pytest.raises(ResultError) as caught:
        cache.keep(IssuedToken(token="1000.secret-token"))
    assert (caught.value.code, "secret-token" in str(caught.value)) == ("ZB423", False)


def test_an_organization_of_the_environment_is_chosen_by_its_variable(
    run, sandbox, monkeypatch, tmp_path
):
    sheet(tmp_path)
    monkeypatch.delenv("ZBBULK_ORGANIZATION_ID")
    assert "next     export ZBBULK_ORGANIZATION_ID=ID" in run("orgs").out
    ran = run(*SEND)
    assert (ran.code, ran.err[:5]) == (3, "ZB415")
    assert "`zbbulk orgs` lists them" in ran.err
    refused = run("orgs", "--use", sandbox.organization_id)
    assert (refused.code, refused.err[:5]) == (2, "ZB422")
