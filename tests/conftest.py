"""What every test may ask for, and what none may do."""

import os
import socket
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from zbbulk.cli.main import main

# A busy machine makes no law untrue; CI tries the same examples each time, people new ones.
settings.register_profile(
    "zbbulk",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("zbbulk")


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew; review the diff"
    )


@pytest.fixture
def update_golden(request):
    return request.config.getoption("--update-golden")


@pytest.fixture(autouse=True)
def no_account_of_the_developer(monkeypatch):
    for name in [name for name in os.environ if name.startswith("ZBBULK_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_state_of_the_developer(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("ZBBULK_STATE", str(tmp_path_factory.mktemp("state")))


@pytest.fixture(autouse=True)
def no_sign_in_of_the_developer(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("ZBBULK_CONFIG", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch):
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run the command line in an empty folder: ``run("check", "a.csv", "-m", "items")``."""
    monkeypatch.chdir(tmp_path)

    def run_zbbulk(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        told = capsys.readouterr()
        return Ran(ended.value.code, told.out, told.err)

    return run_zbbulk
