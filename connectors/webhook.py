"""Whatever can post JSON: review services, survey tools, contact forms, automation, own programs.

Nothing is fetched. The daemon's endpoint hands over what was posted to ``/webhook/<source name>``.
"""

import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from connectors import base, mapping
from connectors.base import About, Count, Cursor, Page, Syntax, Watch, parse_each
from connectors.errors import AuthError, BadRecord
from connectors.mapping import Mapper, at
from storage.records import Kind, Mention


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Berlin") from None
    return name


Key = Annotated[SecretStr, Field(min_length=1)]


class Deleted(BaseModel):
    """How a record says that it is about a deletion."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    equals: str


class WebhookSettings(base.Settings):
    base_url: str = ""
    """Not used: the sender comes to us."""
    origin: str = Field(
        pattern=r"^[\w.-]+$",
        description="who posts there, in one word; part of every mention's id, so that two senders' ids do not collide",
    )
    secret: Key | None = None
    """Key of the HMAC-SHA256 with which the sender signs the body."""
    signature_header: str = "X-Signature"
    """Where the signature stands, in hex (`sha256=` before it or not) or Base64."""
    timestamp_header: str | None = None
    """Where the Unix time of sending stands, if it is signed, too (as `timestamp.body`)."""
    tolerance: float = Field(default=300, gt=0)
    """Seconds that this time may differ from ours; a recorded request cannot be sent again later."""
    token: Key | None = None
    """What the sender must give as `Authorization: Bearer`, or as the password of a user in the address."""
    records: str = ""
    """Where the list of records stands in the body; else the body is one record, or a list of them."""
    fields: Mapping[mapping.Field, str] = {}
    """Where each of our fields stands in a record, with dots: `{text = "review.body"}`; else under its own name."""
    kind: Kind = Kind.REVIEW
    """What a record is that does not say: post, comment, review or article."""
    rating_scale: tuple[float, float] = (1, 5)
    """The worst and the best rating; mapped onto 1 to 5 stars."""
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Of dates that name none."""
    deleted: Deleted | None = None
    """How a record says that something was deleted: `{path = "type", equals = "review-deleted"}`."""

    @model_validator(mode="after")
    def _guarded(self) -> Self:
        if self.secret is None and self.token is None:
            raise ValueError("give it secret_env or token_env, or anybody could post there")
        if self.rating_scale[0] == self.rating_scale[1]:
            raise ValueError("rating_scale: the worst and the best rating must differ")
        return self


class Webhook:
    """Reads what is posted to it, from whoever can prove to be the sender."""

    name: ClassVar[str] = "webhook"
    about: ClassVar[About] = About(
        sees="whatever another program posts as JSON: reviews, survey answers, forms",
        needs="a secret or a token that the sender knows; `[webhook]` in the config; an address that it can reach",
        costs="nothing",
        limits="only what is sent while the daemon runs; a good sender tries again",
        terms="https://www.rfc-editor.org/rfc/rfc2104",
        caveats="A record without an id is known by its whole content: changed, it is another mention."
        " The endpoint speaks plain HTTP; put a proxy with TLS before it.",
    )
    Settings: ClassVar[type[base.Settings]] = WebhookSettings
    gives: ClassVar[frozenset[Count]] = frozenset(
        ("likes", "shares", "comments", "views", "followers", "rating")
    )
    syntax: ClassVar[Syntax | None] = None
    match: ClassVar[Literal["query", "all"]] = "all"

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._mapper = Mapper(
            platform=self.name,
            origin=settings.origin,
            fields=settings.fields,
            kind=settings.kind,
            scale=settings.rating_scale,
            zone=ZoneInfo(settings.timezone),
        )

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:  # noqa: ARG002 - there is nothing to ask
        """No pages: what there is was posted."""
        yield from ()

    def receive(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Page:
        """The records of one request.

        Raises:
            AuthError: a signature or token is missing, wrong or too old; not said which.
            BadRecord: the body is no JSON, or holds no records.
        """
        if not (self._signed(body, headers, now) and self._known(headers)):
            raise AuthError("the signature or token is missing or wrong")
        gone: list[str] = []

        def parse(record: Any) -> Mention | None:
            deleted = self._settings.deleted
            if deleted is None or str(at(record, deleted.path)) != deleted.equals:
                return self._mapper.mention(record, now)
            if not (known := self._mapper.platform_id(record)):
                raise ValueError("says that something was deleted, but not the id of what")
            gone.append(known)
            return None

        try:
            mentions, rejects = parse_each(_records(body, self._settings.records), parse)
        except RecursionError:
            raise BadRecord("the body is nested too deeply") from None
        return Page(mentions=mentions, rejects=rejects, gone=gone)

    def _signed(self, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
        """Whether the signature is right, where one is asked for."""
        settings = self._settings
        if settings.secret is None:
            return True
        if settings.timestamp_header:
            sent = headers.get(settings.timestamp_header.lower(), "")
            if not sent.isdecimal() or abs(now.timestamp() - float(sent)) > settings.tolerance:
                return False
            body = f"{sent}.".encode() + body
        digest = hmac.digest(settings.secret.get_secret_value().encode(), body, sha256)
        given = headers.get(settings.signature_header.lower(), "").strip().removeprefix("sha256=")
        # both are compared, whatever the first says: the time taken tells nothing
        return _same(given.lower(), digest.hex()) | _same(given, b64encode(digest).decode())

    def _known(self, headers: Mapping[str, str]) -> bool:
        """Whether the token is right, where one is asked for."""
        if self._settings.token is None:
            return True
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            given = _password(given)
        elif scheme.lower() != "bearer":
            return False
        return _same(given.strip(), self._settings.token.get_secret_value())


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _password(credentials: str) -> str:
    try:
        return b64decode(credentials).decode().partition(":")[2]
    except ValueError:
        return ""


def _records(body: bytes, path: str) -> list[Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise BadRecord(f"the body is no JSON: {error}") from error
    found = at(found, path) if path else found
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise BadRecord(
            f"there is no list of records under {path!r}" if path else "the body holds no records"
        )
    return found


CONNECTOR = Webhook
