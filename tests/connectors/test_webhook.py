"""What is posted to us: from the right sender only, whole, once, and whatever is wrong with it."""

import base64
import hashlib
import hmac
import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from connectors.base import Page, Receiving, Watch
from connectors.errors import AuthError, BadRecord
from connectors.webhook import CONNECTOR, Webhook, WebhookSettings
from storage.records import Kind
from tests.connectors.contract.fuzz import mutations

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MARKER = "sEcReTmArKeR0123456789abcdef"
BEARER = {"authorization": f"Bearer {MARKER}"}


def webhook(**keys: Any) -> Webhook:
    guard = {} if "secret" in keys or "token" in keys else {"token": MARKER}
    return Webhook(WebhookSettings(**{"origin": "reviews", **guard, **keys}))


def received(body: Any, **keys: Any) -> Page:
    return webhook(**keys).receive(json.dumps(body).encode(), BEARER, NOW)


def digest(body: bytes) -> bytes:
    return hmac.new(MARKER.encode(), body, hashlib.sha256).digest()


def test_it_is_a_connector_that_is_told() -> None:
    assert CONNECTOR is Webhook
    assert isinstance(webhook(), Receiving)
    assert list(webhook().poll(Watch(since=NOW - timedelta(days=3), now=NOW), None)) == []


@pytest.mark.parametrize(
    ("body", "keys", "texts"),
    [
        ({"text": "one"}, {}, ["one"]),
        ([{"text": "one"}, {"text": "two"}], {}, ["one", "two"]),
        ({"events": [{"text": "one"}, {"text": "two"}]}, {"records": "events"}, ["one", "two"]),
        ({"data": {"review": {"text": "one"}}}, {"records": "data.review"}, ["one"]),
        ({"events": []}, {"records": "events"}, []),
    ],
)
def test_bodies(body: Any, keys: dict[str, Any], texts: list[str]) -> None:
    page = received(body, **keys)
    assert [mention.text for mention in page.mentions] == texts
    assert not page.rejects


def test_a_review_service_with_nested_events() -> None:
    event = {
        "eventName": "service-review-created",
        "eventData": {
            "id": "abc",
            "title": "Gern wieder",
            "text": "Frisch und freundlich.",
            "stars": 9,
            "createdAt": "2026-11-19T09:34:44.000Z",
            "consumer": {"id": "c7", "name": "Anna"},
        },
    }
    gone = {"eventName": "service-review-deleted", "eventData": {"id": "xyz"}}
    nameless = {"eventName": "service-review-deleted", "eventData": {}}
    page = received(
        {"events": [event, gone, nameless]},
        records="events",
        fields={
            "id": "eventData.id",
            "title": "eventData.title",
            "text": "eventData.text",
            "rating": "eventData.stars",
            "published_at": "eventData.createdAt",
            "author": "eventData.consumer.name",
            "author_id": "eventData.consumer.id",
        },
        rating_scale=[1, 9],
        deleted={"path": "eventName", "equals": "service-review-deleted"},
    )
    (mention,) = page.mentions
    assert (mention.platform_id, mention.kind, mention.rating) == ("reviews/abc", Kind.REVIEW, 5)
    assert mention.published_at == datetime(2026, 11, 19, 9, 34, 44, tzinfo=UTC)
    assert mention.author is not None
    assert (mention.author.platform_id, mention.author.name) == ("reviews/c7", "Anna")
    assert page.gone == ["reviews/xyz"]
    assert [one.reason for one in page.rejects] == [
        "ValueError: says that something was deleted, but not the id of what"
    ]


def test_backlog_of_ten_thousand() -> None:
    page = received([{"id": number, "text": f"entry {number}"} for number in range(10_000)])
    assert len({mention.platform_id for mention in page.mentions}) == 10_000


def test_twice_is_once() -> None:
    body = [{"text": "no id"}, {"id": 5, "text": "with one"}]
    ids = [mention.platform_id for mention in received(body).mentions]
    assert [mention.platform_id for mention in received(body).mentions] == ids
    assert len(set(ids)) == 2


def test_malformed_record_among_good_ones() -> None:
    page = received([{"text": "one"}, 7, {"text": "two", "rating": "five"}, {"text": "three"}])
    assert [mention.text for mention in page.mentions] == ["one", "three"]
    assert [one.reason for one in page.rejects] == [
        "ValueError: a record must be an object with fields, not a number",
        "ValueError: rating is no number: 'five'",
    ]
    assert json.loads(page.rejects[1].raw) == {"text": "two", "rating": "five"}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"\xff\xfe\x00", b'{"text": "cut', b"[" * 100_000, b"17", b'"text"', b"null", b"9" * 5000],
)  # fmt: skip
def test_garbage(body: bytes) -> None:
    with pytest.raises(BadRecord):
        webhook().receive(body, BEARER, NOW)


@pytest.mark.parametrize("depth", [*range(900, 1000, 5), 5000])
def test_nested_to_the_limit(depth: int) -> None:
    """Deep enough, and reading works where writing it out again does not."""
    body = b'{"text": "x", "a": ' + b"[" * depth + b"]" * depth + b"}"
    try:
        page = webhook().receive(body, BEARER, NOW)
    except BadRecord as error:
        assert str(error) == "the body is nested too deeply"  # noqa: PT017 - it may also be read
    else:
        assert len(page.mentions) == 1


@settings(max_examples=100, deadline=None)
@given(mutations())
def test_mutated_bodies(damage: Callable[[Any], Any]) -> None:
    """Whatever a body has become on its way, it ends in mentions, rejects or a refusal."""
    record = dict.fromkeys(("id", "text", "author", "url", "lang"), "x")
    record |= {"likes": 1, "rating": "4,5", "published_at": "22.11.2026", "kind": "post"}
    body = damage({"events": [record, {**record, "id": "y"}, {"type": "deleted", "id": "z"}]})
    hook = webhook(records="events", deleted={"path": "type", "equals": "deleted"})
    try:
        page = hook.receive(json.dumps(body).encode(), BEARER, NOW)
    except BadRecord:
        return
    assert len(page.mentions) + len(page.rejects) + len(page.gone) <= 4 * 3


def test_records_that_are_not_there_are_missed() -> None:
    with pytest.raises(BadRecord, match="no list of records under 'events'"):
        received({"data": []}, records="events")


@pytest.mark.parametrize("header", ["X-Signature", "X-Hub-Signature-256"])
def test_signatures(header: str) -> None:
    body = b'{"text": "signed"}'
    right = digest(body)
    hook = webhook(secret=MARKER, signature_header=header)
    for value in (
        right.hex(),
        right.hex().upper(),
        f"sha256={right.hex()}",
        base64.b64encode(right).decode(),
    ):
        assert len(hook.receive(body, {header.lower(): value}, NOW).mentions) == 1
    for wrong in ("", "sha256=", right.hex()[:-1], digest(body + b" ").hex(), "ü" * 64, MARKER, "\udcff"):
        with pytest.raises(AuthError):
            hook.receive(body, {header.lower(): wrong}, NOW)
    with pytest.raises(AuthError):
        hook.receive(body + b" ", {header.lower(): right.hex()}, NOW)
    with pytest.raises(AuthError):
        hook.receive(body, BEARER, NOW)


def test_a_recorded_request_cannot_be_sent_again_later() -> None:
    body, sent = b'{"text": "signed"}', str(int(NOW.timestamp()))
    headers = {"x-time": sent, "x-signature": digest(f"{sent}.".encode() + body).hex()}
    hook = webhook(secret=MARKER, timestamp_header="X-Time", tolerance=60)
    assert hook.receive(body, headers, NOW + timedelta(seconds=59)).mentions
    for wrong, now in [
        (headers, NOW + timedelta(seconds=61)),
        (headers, NOW - timedelta(seconds=61)),
        ({**headers, "x-time": str(int(sent) + 1)}, NOW),
        ({**headers, "x-time": "now"}, NOW),
        ({**headers, "x-time": "9" * 400}, NOW),
        ({"x-signature": digest(body).hex()}, NOW),
    ]:
        with pytest.raises(AuthError):
            hook.receive(body, wrong, now)


def test_tokens() -> None:
    body = b'{"text": "known"}'
    basic = base64.b64encode(f"anybody:{MARKER}".encode()).decode()
    for right in (f"Bearer {MARKER}", f"bearer {MARKER}", f"Basic {basic}"):
        assert webhook().receive(body, {"authorization": right}, NOW).mentions
    for wrong in (
        "",
        MARKER,
        f"Token {MARKER}",
        f"Bearer {MARKER}x",
        "Bearer",
        "Basic !",
        "Basic /w==",
        "Bearer ü",
    ):
        with pytest.raises(AuthError):
            webhook().receive(body, {"authorization": wrong}, NOW)
    with pytest.raises(AuthError):
        webhook().receive(body, {}, NOW)


def test_who_must_sign_and_show_a_token_must_do_both() -> None:
    body = b'{"text": "known"}'
    hook = webhook(secret=MARKER, token=MARKER)
    signed = {"x-signature": digest(body).hex()}
    assert hook.receive(body, {**signed, **BEARER}, NOW).mentions
    for half in (signed, BEARER):
        with pytest.raises(AuthError):
            hook.receive(body, half, NOW)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"origin": "a"}, "give it secret_env or token_env"),
        ({"origin": "a", "token": ""}, "at least 1"),
        ({"origin": "a", "token": "t", "rating_scale": [3, 3]}, "must differ"),
        ({"origin": "a", "token": "t", "timezone": "Mars/Olympus"}, "no time zone"),
        ({"origin": "a", "token": "t", "fields": {"stars": "x"}}, "rating"),
        ({"origin": "a/b", "token": "t"}, "pattern"),
    ],
)
def test_settings_that_make_no_sense(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        WebhookSettings.model_validate(keys)


def test_no_secret_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hook = webhook(secret=MARKER, token=MARKER)
    told = [repr(hook), repr(WebhookSettings(origin="a", secret=MARKER, token=MARKER))]  # type: ignore[arg-type]  # pydantic makes it a secret
    for headers in ({}, {"authorization": "Bearer x"}, {"x-signature": "x"}):
        try:
            hook.receive(b"{}", headers, NOW)
        except AuthError as error:
            told.append("".join(traceback.format_exception(error)) + repr(vars(error)))
    assert len(told) == 5
    assert MARKER not in "\n".join([*told, caplog.text])
