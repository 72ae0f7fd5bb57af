"""Signing in to Google: keys that work, keys that do not, and what is said about them."""

import json
import traceback
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from connectors.errors import AuthError, ConnectorError, RetryLater
from connectors.google_login import GoogleSession, GoogleSettings
from listener.sandbox.platforms.google_play import SCOPE, GooglePlay
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import World
from tests.connectors import keys
from tests.connectors.contract import NOW
from tests.connectors.contract.suite import MARKER

PATH = f"/androidpublisher/v3/applications/{GooglePlay.package}/reviews"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    world = World([], NOW)
    with Sandbox(world, [GooglePlay(world, public_key=keys.rsa_pair()[1])]) as running:
        yield running


def ask(sandbox: Sandbox, credentials: str, *, scope: str = SCOPE, times: int = 1) -> list[int]:
    """The statuses of that many requests in one session."""
    url = sandbox.url("google_play")
    settings = GoogleSettings(
        base_url=url, token_url=f"{url}/token", credentials=SecretStr(credentials), pause=0
    )
    session = GoogleSession(settings, scope)
    return [session.get(url + PATH).status_code for _ in range(times)]


@pytest.mark.parametrize("credentials", [keys.service_account(), keys.user()])
def test_a_token_is_fetched_once_for_many_requests(sandbox: Sandbox, credentials: str) -> None:
    assert ask(sandbox, credentials, times=3) == [200, 200, 200]
    assert [request.path for request in sandbox.requests("google_play")] == ["/token", PATH, PATH, PATH]


def test_another_accounts_signature_is_refused(sandbox: Sandbox) -> None:
    another, _ = keys.rsa_pair.__wrapped__()
    with pytest.raises(AuthError, match=r"refuses the login \(invalid_grant\): the key was revoked"):
        ask(sandbox, keys.service_account(private_key=another))


def test_a_revoked_user_is_an_auth_error(sandbox: Sandbox) -> None:
    with pytest.raises(AuthError, match="invalid_grant"):
        ask(sandbox, keys.user(refresh_token="revoked"))


def test_a_token_for_something_else_is_not_enough(sandbox: Sandbox) -> None:
    assert ask(sandbox, keys.service_account(), scope="https://www.googleapis.com/auth/drive") == [403]


BROKEN = {
    "the path of a file": "/home/bakery/key.json",
    "no object": "[1]",
    "another kind of key": json.dumps({"installed": {"client_secret": MARKER}}),
    "an unknown kind": keys.user(type="external_account"),
    "a kind that is no text": keys.user(type=[MARKER]),
    "a user without its token": json.dumps(json.loads(keys.user()) | {"refresh_token": None}),
    "a cut key": keys.service_account(private_key=keys.rsa_pair()[0][:300] + MARKER),
    "a key of another curve": keys.service_account(private_key=keys.ec_pair()[0]),
    "a key that is no text": keys.service_account(private_key={MARKER: 1}),
    "no address": keys.service_account(client_email=None, private_key=MARKER),
}


@pytest.mark.parametrize("credentials", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_key_is_told_in_one_line_without_the_key(sandbox: Sandbox, credentials: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        ask(sandbox, credentials)
    assert "\n" not in str(caught.value)
    told = "".join(traceback.format_exception(caught.value))
    assert MARKER not in told
    assert keys.rsa_pair()[0][100:160] not in told
    assert sandbox.requests("google_play") == []


def test_a_busy_token_endpoint_is_asked_again_later_not_at_once(sandbox: Sandbox) -> None:
    sandbox.weather("google_play", Weather(status=503, headers={"Retry-After": "9"}), times=9)
    with pytest.raises(RetryLater) as caught:
        ask(sandbox, keys.service_account())
    assert caught.value.after is not None
    assert caught.value.after.total_seconds() == 9
    assert len(sandbox.requests("google_play")) == 1


STRANGE = [
    {"expires_in": 5, "id_token": MARKER},
    {"access_token": MARKER, "expires_in": [1]},
    {"access_token": MARKER, "expires_in": 10**30},
    {"access_token": f"{MARKER}\r\nX-Injected: 1", "expires_in": 5},
    {"access_token": [MARKER]},
    [1],
    7,
    None,
]


@pytest.mark.parametrize("credentials", [keys.service_account(), keys.user()])
@pytest.mark.parametrize("answer", STRANGE)
def test_a_strange_answer_instead_of_a_token(sandbox: Sandbox, credentials: str, answer: object) -> None:
    sandbox.weather("google_play", Weather(body=json.dumps(answer), only="/token"))
    with pytest.raises(RetryLater) as caught:
        ask(sandbox, credentials)
    assert MARKER not in "".join(traceback.format_exception(caught.value))


def test_a_strange_token_is_not_used_later_on(sandbox: Sandbox) -> None:
    url = sandbox.url("google_play")
    settings = GoogleSettings(
        base_url=url, token_url=f"{url}/token", credentials=SecretStr(keys.user()), pause=0
    )
    session = GoogleSession(settings, SCOPE)
    strange = {"access_token": "a b", "expires_in": 3600}
    sandbox.weather("google_play", Weather(body=strange, only="/token"))
    with pytest.raises(RetryLater):
        session.get(url + PATH)
    assert session.get(url + PATH).status_code == 200


def test_a_used_up_quota_is_no_wrong_key(sandbox: Sandbox) -> None:
    detail = {"message": "Quota exceeded", "domain": "usageLimits", "reason": "rateLimitExceeded"}
    body = {"error": {"code": 403, "errors": [detail], "status": "PERMISSION_DENIED"}}
    sandbox.weather("google_play", Weather(status=403, body=body, only="/reviews"))
    with pytest.raises(RetryLater, match="quota"):
        ask(sandbox, keys.service_account())
