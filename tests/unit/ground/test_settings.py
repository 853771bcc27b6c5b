import pytest
from hypothesis import given
from hypothesis import strategies as st

from zbbulk.errors import AuthError, ExitCode, UsageError
from zbbulk.settings import REGIONS, Settings, checked_api_root, settings_from

ACCOUNT = {"ZBBULK_ACCESS_TOKEN": "1000.abc", "ZBBULK_ORGANIZATION_ID": "10234"}


def test_the_account_comes_from_the_environment():
    settings = settings_from(ACCOUNT)
    assert settings.organization_id == "10234"
    assert settings.access_token == "1000.abc"
    assert settings.api_root == REGIONS["us"]


def test_a_flag_wins_over_the_environment():
    environment = ACCOUNT | {"ZBBULK_REGION": "eu", "ZBBULK_API_ROOT": "https://env.example/v3"}
    assert settings_from(environment, region="in").api_root == REGIONS["in"]
    assert settings_from(environment).api_root == "https://env.example/v3"
    given_root = settings_from(environment, api_root="https://flag.example/v3/")
    assert given_root.api_root == "https://flag.example/v3"
    assert settings_from(environment, organization_id="7").organization_id == "7"


@pytest.mark.parametrize("missing", ACCOUNT)
def test_a_missing_account_names_the_variable(missing):
    environment = {name: value for name, value in ACCOUNT.items() if name != missing}
    with pytest.raises(AuthError) as caught:
        settings_from(environment)
    assert caught.value.code == "ZB415"
    assert missing in caught.value.message
    assert caught.value.exit_code is ExitCode.CREDENTIALS


def test_an_unknown_region_lists_the_known_ones():
    with pytest.raises(UsageError) as caught:
        settings_from(ACCOUNT, region="uk")
    assert "us, eu, in" in caught.value.fix


@pytest.mark.parametrize(
    "root", ["http://127.0.0.1:8080/books/v3", "http://localhost:1/x", "http://[::1]:9/x"]
)
def test_plain_http_is_fine_on_this_machine(root):
    assert checked_api_root(root) == root


@pytest.mark.parametrize(
    "root",
    [
        *("http://www.zohoapis.com/books/v3", "ftp://127.0.0.1/", "http://127.0.0.1.evil.example/"),
        *(
            "x",
            "https://",
            "https://me:s3cret@zoho.example/v3",
            "https://zoho.example/v3?key=s3cret",
        ),
        "https://zoho.example/v3#s3cret",
    ],
)
def test_a_token_is_never_sent_in_clear_over_a_network(root):
    with pytest.raises(UsageError) as caught:
        checked_api_root(root)
    assert caught.value.code == "ZB004"
    assert "s3cret" not in str(caught.value)


@given(token=st.text(alphabet="abcdef0123456789.", min_size=12))
def test_the_token_is_in_no_repr(token):
    settings = Settings(api_root="https://x.example", organization_id="1", access_token=token)
    assert token not in repr(settings)
    assert token not in str(settings)
