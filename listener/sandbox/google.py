"""What Google's APIs share: the endpoint for access tokens, their errors, and pages of a list."""

import base64
import binascii
import secrets
import time
from collections.abc import Sequence
from typing import TypeVar

import jwt

from listener.sandbox.server import Answer, Request

TOKEN_PATH = "/token"  # noqa: S105 - an address
AUDIENCE = "https://oauth2.googleapis.com/token"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600
REVOKED = "revoked"
"""A refresh token that is refused; any other is taken."""
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}

T = TypeVar("T")


class GoogleLogin:
    """Gives tokens to users, and to the service account whose public key it knows."""

    def __init__(self, public_key: str | None = None) -> None:
        self._public_key = public_key
        self._scopes: dict[str, str] = {}

    def token(self, request: Request) -> Answer:
        """POST /token: an assertion signed by a service account, or a user's refresh token."""
        form = {name: values[0] for name, values in request.form.items()}
        if form.get("grant_type") == ASSERTION:
            return self._for_assertion(form.get("assertion", ""))
        if form.get("grant_type") != "refresh_token":
            return _refusal("unsupported_grant_type", "Invalid grant_type")
        if not form.get("client_id") or not form.get("client_secret"):
            return _refusal("invalid_client", "The OAuth client was not found.", 401)
        if form.get("refresh_token", REVOKED) == REVOKED:
            return _refusal("invalid_grant", "Token has been expired or revoked.")
        return self._issue(form.get("scope", ""))

    def refusal(self, request: Request, scope: str) -> Answer | None:
        """The answer to a request without a token of ours for this scope; None if it has one."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        given = self._scopes.get(headers.get("authorization", "").removeprefix("Bearer "))
        if given is None:
            return error(401, "Request had invalid authentication credentials.")
        return None if scope in given.split() else error(403, "Insufficient authentication scopes.")

    def _for_assertion(self, assertion: str) -> Answer:
        try:
            claims = jwt.decode(assertion, self._public_key or "", algorithms=["RS256"], audience=AUDIENCE)
        except (jwt.PyJWTError, ValueError):
            return _refusal("invalid_grant", "Invalid JWT Signature.")
        if (
            not claims.get("iss")
            or claims["exp"] - claims["iat"] > LIFETIME
            or claims["iat"] > time.time() + 60
        ):
            return _refusal("invalid_grant", "Invalid JWT: it must be a short-lived token (60 minutes).")
        return (
            self._issue(claims.get("scope", ""))
            if claims.get("scope")
            else _refusal("invalid_scope", "Empty.")
        )

    def _issue(self, scope: str) -> Answer:
        token = f"ya29.{secrets.token_urlsafe(16)}"
        self._scopes[token] = scope
        return Answer(
            body={"access_token": token, "expires_in": LIFETIME - 1, "scope": scope, "token_type": "Bearer"}
        )


def error(status: int, message: str) -> Answer:
    return Answer(
        status=status, body={"error": {"code": status, "message": message, "status": STATUS[status]}}
    )


def page(things: Sequence[T], size: int, token: str) -> tuple[Sequence[T], str | None]:
    """One page and the token of the next; what arrives meanwhile shifts the later pages.

    Raises ``ValueError`` for a token that is none of ours.
    """
    start = 0
    if token:
        try:
            start = int(base64.urlsafe_b64decode(token).removeprefix(b"from:"))
        except binascii.Error as bad:
            raise ValueError(token) from bad
    end = start + size
    after = base64.urlsafe_b64encode(b"from:%d" % end).decode() if end < len(things) else None
    return things[start:end], after


def _refusal(code: str, description: str, status: int = 400) -> Answer:
    return Answer(status=status, body={"error": code, "error_description": description})
