"""Signing in to Google's APIs with the operator's key: a service account's, or an authorised user's.

google-auth signs the request for a token and reads the answer; the request itself leaves by our own door, so
that it is counted, and neither retried nor slept over.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import google.auth.transport.requests
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import credentials, service_account
from pydantic import SecretStr
from requests.auth import AuthBase

from connectors import base
from connectors.errors import AuthError, RetryLater
from connectors.http import CheckedSession, Session, retry_after

KINDS: dict[str, Callable[..., Any]] = {
    "service_account": service_account.Credentials.from_service_account_info,
    "authorized_user": credentials.Credentials.from_authorized_user_info,
}
USED_UP = re.compile(rb'"reason":\s*"(?:rateLimit|userRateLimit|quota|dailyLimit)Exceeded"')
"""In an answer that is otherwise a plain refusal."""
TOKEN = re.compile(r"[!-~]+")
"""What a header may hold."""
HINTS = {
    "invalid_grant": ": the key was revoked, or this machine's clock is wrong",
    "invalid_scope": ": whoever made the key did not allow it to be used for this",
}


class GoogleSettings(base.Settings):
    credentials: SecretStr
    """The JSON of a key: a service account's, or an authorised user's (as `gcloud auth` writes it)."""
    token_url: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    """Where access tokens are fetched."""


class GoogleSession(Session):
    """A signed-in session. A quota that is used up raises ``RetryLater``, where Google calls it forbidden."""

    def __init__(self, settings: GoogleSettings, scope: str, *, trust: tuple[str, ...] = ()) -> None:
        super().__init__(settings, trust=trust)
        self.auth = _Login(settings, scope)

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().request(method, url, *args, **kwargs)
        if response.status_code == 403 and USED_UP.search(response.content):
            raise RetryLater("Google's quota is used up", after=retry_after(response.headers))
        return response


class _Login(AuthBase):
    """Puts an access token into each request; fetches one when there is none, or it is about to expire."""

    def __init__(self, settings: GoogleSettings, scope: str) -> None:
        self._settings = settings
        self._scope = scope
        self._request = google.auth.transport.requests.Request(
            _TokenSession(settings, trust=(settings.token_url,))
        )
        self._credentials: Any = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        self._credentials = self._credentials or _read(self._settings, self._scope)
        if not self._credentials.valid:
            self._refresh()
        self._credentials.apply(request.headers)
        return request

    def _refresh(self) -> None:
        try:
            self._credentials.refresh(self._request)
            usable = TOKEN.fullmatch(self._credentials.token) is not None
        except (GoogleAuthError, AttributeError, KeyError, OverflowError, TypeError, ValueError):
            usable = False
        if not usable:  # said outside of the except: the cause may quote the answer, which may hold a token
            self._credentials = None
            raise RetryLater("Google's token endpoint answered with no token that can be used")


class _TokenSession(CheckedSession):
    def check(self, response: requests.Response) -> None:
        """Also raises ``AuthError`` on 400, with which Google answers a key that it does not take."""
        if response.status_code in {400, 401}:
            found = re.search(rb'"error":\s*"([a-z_]{1,40})"', response.content)
            code = found[1].decode() if found else str(response.status_code)
            raise AuthError(f"Google refuses the login ({code}){HINTS.get(code, '')}")
        super().check(response)


def _read(settings: GoogleSettings, scope: str) -> Any:
    """The credentials in the settings. Raises ``AuthError`` where there are none, without a word of them."""
    try:
        info = json.loads(settings.credentials.get_secret_value())
    except ValueError:
        raise AuthError(
            "credentials is no JSON: it must be the content of a key's file; for the file's path, put _FILE"
            " behind the variable's name"
        ) from None
    try:
        made = KINDS[info["type"]](info, scopes=[scope])
        return made.with_token_uri(settings.token_url)
    except (AttributeError, GoogleAuthError, KeyError, TypeError, UnsupportedAlgorithm, ValueError):
        # from None: the cause may quote the key
        raise AuthError(
            "credentials is no key that can be used: it must be the whole JSON of a service account's key, or"
            " of an authorised user"
        ) from None
