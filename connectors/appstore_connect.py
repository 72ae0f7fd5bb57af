"""App Store Connect: the customer reviews of an app of your own, of all countries at once.

Newest first, without the depth limit of the public feed. Every request carries a token of our own, signed with
the key from App Store Connect; Apple takes none that lives longer than 20 minutes.
"""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import parse_qsl, quote, urlsplit

import jwt
import requests
from cryptography.exceptions import UnsupportedAlgorithm
from pydantic import BeforeValidator, Field, SecretStr
from requests.auth import AuthBase

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch
from connectors.errors import AuthError
from connectors.http import Session, get_json, library_errors
from connectors.listing import REVIEWS, Listing, get_page, get_record
from connectors.naming import the_one, unresolved
from storage.records import Author, Kind, Mention

WHO = "App Store Connect"
OVERLAP = 24 * 3600
"""Seconds: reviews pass a moderation and appear after the time they carry."""
LIFETIME = 10 * 60
"""Seconds that a token is good for."""
SKEW = 60
"""Seconds that this machine's clock may be ahead of Apple's."""


def _app(value: Any) -> str:
    """The app's number, out of its page's address if it is one; else its name."""
    text = str(value).strip()
    if not text.startswith(("http:", "https:")):
        return text
    if (found := re.search(r"/id(\d+)", text)) is None:
        raise ValueError("the address of an app's page holds its number, as in .../id123456789")
    return found[1]


class AppStoreConnectSettings(base.Settings):
    base_url: str = "https://api.appstoreconnect.apple.com"
    app_id: Annotated[str, BeforeValidator(_app), Field(min_length=1)]
    """The app's number, the address of its page, or its name, which `listener check` looks up."""
    issuer_id: str
    """Stands above the list of keys in App Store Connect."""
    key_id: str
    """Of the key; it needs the role Customer Support or more."""
    private_key: SecretStr
    """The content of the key's .p8 file."""
    page_size: int = Field(default=200, ge=1, le=200)
    """Reviews asked for at once."""


class AppStoreConnect:
    """Lists the reviews of one app."""

    name: ClassVar[str] = "appstore_connect"
    about: ClassVar[About] = About(
        sees="all written reviews of your own app, in every country's store",
        needs="issuer_id, key_id and private_key of an API key with the role Customer Support",
        costs="nothing",
        limits="own apps only; an hourly limit of requests; reviews appear hours after they were written",
        terms="https://developer.apple.com/support/terms/apple-developer-program-license-agreement/",
        caveats=(
            "Written from Apple's documentation; no answer of the real API was at hand. Do not watch the same app"
            " with the connector appstore, too: each has ids of its own, so reviews would count twice. Apple does"
            " not tell when a review was edited; edits are found when it is read again, 1, 7 and 30 days after it"
            " was written and monthly from then on, and so are responses. Reviewers are known by their nickname only."
        ),
    )
    Settings: ClassVar[type[base.Settings]] = AppStoreConnectSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"answers", "rating"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("app_id",)
    match: ClassVar[Literal["query", "all"]] = "all"
    upkeep: ClassVar[Upkeep] = REVIEWS

    def __init__(self, settings: AppStoreConnectSettings) -> None:
        self._settings = settings
        self._session = Session(settings)
        self._session.auth = _Login(settings)
        page = f"https://apps.apple.com/app/id{settings.app_id}"
        self._listing = Listing(name=WHO, fetch=self._fetch, parse=partial(parse, page=page), overlap=OVERLAP)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        self._check()
        yield from self._listing.poll(watch, cursor)

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - requests count themselves
        self._check()
        yield from self._listing.reread(ids, self._read)

    def resolve(self) -> Mapping[str, Any]:
        if self._settings.app_id.isdecimal():
            return {}
        with library_errors(WHO, AttributeError, KeyError, TypeError, ValueError):
            return {"app_id": the_one(self._settings.app_id, self._apps(), "apps")}

    def _check(self) -> None:
        if not self._settings.app_id.isdecimal():
            raise unresolved(self._settings.app_id, "app_id")

    def _url(self, path: str) -> str:
        return f"{self._settings.base_url.rstrip('/')}/v1/{path}"

    def _fetch(self, token: str | None) -> tuple[Any, Any]:
        """A page; its token is the query of Apple's link to the next, so that only our own host is asked."""
        first = {"sort": "-createdDate", "include": "response", "limit": str(self._settings.page_size)}
        params = first | dict(parse_qsl(token or ""))
        url = self._url(f"apps/{self._settings.app_id}/customerReviews")
        answer = get_page(self._session, url, params, token=token)
        after = answer["links"].get("next")
        return _with_answers(answer["data"], answer), None if after is None else urlsplit(after).query

    def _read(self, one: str) -> Any:
        answer = get_record(
            self._session, self._url(f"customerReviews/{quote(one, safe='')}?include=response")
        )
        return None if answer is None else _with_answers([answer["data"]], answer)[0]

    def _apps(self) -> dict[str, tuple[str, str]]:
        """The name and the bundle id of each app of the account."""
        apps: dict[str, tuple[str, str]] = {}
        query: Any = "fields[apps]=name,bundleId&limit=200"
        while query:
            answer = get_json(self._session, self._url("apps"), params=dict(parse_qsl(query)))
            for app in answer["data"]:
                apps[app["id"]] = (app["attributes"]["name"], app["attributes"]["bundleId"])
            query = urlsplit(answer["links"].get("next") or "").query
        return apps


class _Login(AuthBase):
    """Signs a token for each request."""

    def __init__(self, settings: AppStoreConnectSettings) -> None:
        self._settings = settings

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token()}"
        return request

    def _token(self) -> str:
        issued = int(time.time()) - SKEW
        claims = {
            "iss": self._settings.issuer_id,
            "iat": issued,
            "exp": issued + LIFETIME,
            "aud": "appstoreconnect-v1",
        }
        key = self._settings.private_key.get_secret_value().replace(
            "\\n", "\n"
        )  # as some write it in one line
        try:
            return jwt.encode(claims, key, algorithm="ES256", headers={"kid": self._settings.key_id})
        except (jwt.PyJWTError, TypeError, UnsupportedAlgorithm, ValueError):
            # from None: the cause may quote the key
            raise AuthError(
                "private_key is no key that can be used: it must be the content of the .p8 file, with its first"
                " and last line"
            ) from None


def _with_answers(reviews: Sequence[Any], answer: Any) -> list[Any]:
    """The reviews, each with the developer's response that Apple sends along beside them."""
    responses = {one["id"]: one["attributes"] for one in answer.get("included", ())}
    return [{**one, "response": responses.get(_response_id(one))} for one in reviews]


def _response_id(review: Any) -> Any:
    related = (review.get("relationships") or {}).get("response") or {}
    return (related.get("data") or {}).get("id")


def parse(review: Any, page: str) -> Mention:
    """One review as a mention. A response that is still to be published is none yet."""
    said = review["attributes"]
    response = review.get("response")
    answered = response is not None and response["state"] == "PUBLISHED"
    name = said.get("reviewerNickname") or None
    return Mention(
        platform=AppStoreConnect.name,
        platform_id=review["id"],
        kind=Kind.REVIEW,
        published_at=datetime.fromisoformat(said["createdDate"]),
        title=said.get("title") or None,
        text=said.get("body") or "",
        url=page,
        author=Author(platform_id=name, name=name) if name else None,
        rating=said.get("rating"),
        answered=answered,
        answered_at=datetime.fromisoformat(response["lastModifiedDate"]) if answered else None,
    )


CONNECTOR = AppStoreConnect
