"""Facebook: the contract, over tagging posts, visitors' posts and comments, and what is special to it."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests
import responses

from connectors.base import Allowance, Count, Watch
from connectors.errors import AuthError, ConnectorError, RetryLater
from connectors.facebook import Facebook, FacebookSettings
from listener.sandbox.platforms.facebook import PAGE
from listener.sandbox.platforms.facebook import Facebook as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors import own_page
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled

API = "https://graph.facebook.com/v26.0"
NO_LIMIT = Allowance()


class Shared(ContractSuite):
    connector = Facebook
    face = Face
    queries = ()
    late = HOUR
    listings: ClassVar[tuple[str, ...]] = ()

    def settings(self, url: str) -> dict[str, Any]:
        values = {"base_url": url, "page_id": PAGE, "page_size": self.page_size}
        return {**values, "listings": self.listings}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def post(self, number: int, at: datetime, **changes: Any) -> Post:
        """By another page: the API does not tell which people wrote posts."""
        return super().post(number, at, **{"author": f"author{number}page", **changes})

    def spoil(self, body: Any) -> Any:
        del body["data"][0]["created_time"]
        return body


class TestTagged(Shared):
    listings = ("tagged",)
    listing = "/tagged"


class TestVisitors(Shared):
    listings = ("visitors",)
    listing = "/feed"
    channel = "visitor"


class OfComments(Facebook):
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})


class TestComments(Shared):
    connector = OfComments
    kind = Kind.COMMENT
    listings = ("comments",)
    listing = "/comments?"


entry = partial(own_page.entry, "facebook")


@contextmanager
def serving(*posts: Post, **settings: Any) -> Iterator[tuple[World, Sandbox, Facebook]]:
    world = World(posts, NOW)
    with Sandbox(world, [Face(world)]) as sandbox:
        values = {"access_token": "t0ken", "page_id": PAGE, "pause": 0, **settings}
        yield world, sandbox, Facebook(FacebookSettings(base_url=sandbox.url("facebook"), **values))


def poll(facebook: Facebook, cursor: Any = None) -> Polled:
    return Polled(cursor=cursor).take(facebook.poll(Watch(since=SINCE, now=NOW), cursor))


def test_what_the_page_itself_says_is_no_mention() -> None:
    mine = entry(1, author="sonnenkorn")
    with serving(mine, entry(2), entry(3, kind=Kind.COMMENT, parent=1, author="sonnenkorn")) as (
        _,
        _,
        facebook,
    ):
        polled = poll(facebook)
    assert {one.text for one in polled.mentions} == {"entry 2"}
    assert not polled.rejects


def test_people_are_withheld_and_no_shares_are_unknown() -> None:
    with serving(entry(2), entry(3, author="a page")) as (_, _, facebook):
        by_text = {one.text: one for one in poll(facebook).mentions}
    assert by_text["entry 2"].author is None
    assert by_text["entry 2"].engagement.shares is None
    assert by_text["entry 2"].engagement.likes == 7
    author = by_text["entry 3"].author
    assert author is not None
    assert author.name == "a page"


def test_a_reply_to_an_old_comment_is_in_the_stream() -> None:
    old = entry(2, NOW - 500 * HOUR, kind=Kind.COMMENT, parent=1)
    reply = entry(3, kind=Kind.COMMENT, parent=2)
    with serving(entry(1, author="sonnenkorn"), old, reply, page_size=1) as (_, _, facebook):
        polled = poll(facebook)
        again = Polled().take(facebook.refresh([polled.id_of(3)], NO_LIMIT))
    (found,) = [one for one in polled.mentions if one.text == "entry 3"]
    assert found.thread_id == found.platform_id.partition("/")[0] == f"{PAGE}_10000000001"
    assert (found.parent_id or "").startswith(f"{found.thread_id}/")
    assert again.mentions == [found]


def test_all_listings_together_name_each_post_once() -> None:
    posts = [entry(1), entry(2, channel="visitor"), entry(3, kind=Kind.COMMENT)]
    with serving(*posts) as (_, sandbox, facebook):
        polled = poll(facebook)
        assert len({one.platform_id for one in polled.mentions}) == 3
        before = len(sandbox.requests("facebook"))
        poll(facebook, polled.cursor)
        assert len(sandbox.requests("facebook")) - before == 3


def test_a_comment_removed_while_another_came() -> None:
    with serving(entry(1, kind=Kind.COMMENT)) as (world, _, facebook):
        polled = poll(facebook)
        world.delete(1)
        world.add(entry(2, kind=Kind.COMMENT))
        assert [one.text for one in poll(facebook, polled.cursor).mentions] == ["entry 2"]


def test_nothing_is_gone_when_nothing_can_be_read() -> None:
    with serving(entry(1), entry(2), entry(3, kind=Kind.COMMENT)) as (world, _, facebook):
        polled = poll(facebook)
        ids = {number: polled.id_of(number) for number in (1, 2, 3)}
        world.delete(1)
        world.delete(3)
        assert not Polled().take(facebook.refresh([ids[1]], NO_LIMIT)).gone, "it may only be hidden from us"
        assert Polled().take(facebook.refresh([ids[1], ids[2]], NO_LIMIT)).gone == [ids[1]]
        assert Polled().take(facebook.refresh([ids[3]], NO_LIMIT)).gone == [ids[3]], "its post can be read"
        assert not Polled().take(facebook.refresh(["1_2/1_3"], NO_LIMIT)).gone


def test_a_stored_cursor_whose_entry_was_deleted() -> None:
    posts = [entry(number, NOW - number * HOUR) for number in range(1, 13)]
    with serving(*posts, page_size=5, listings=("tagged",)) as (world, _, facebook):
        polled = Polled().take(islice(facebook.poll(Watch(since=SINCE, now=NOW), None), 1))
        world.delete(5)
        polled.take(facebook.poll(Watch(since=SINCE, now=NOW), polled.cursor))
    assert polled.numbers == set(range(1, 13))


def refusal(code: int, subcode: int | None = None, message: str = "Said\nso") -> dict[str, Any]:
    return {"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}}


@pytest.mark.parametrize(
    ("status", "code", "subcode", "kind"),
    [
        (400, 190, 463, AuthError),
        (400, 10, None, AuthError),
        (403, 200, None, AuthError),
        (400, 100, 33, AuthError),
        (400, 2635, None, AuthError),
        (401, 9999, None, AuthError),
        (400, 4, None, RetryLater),
        (403, 17, None, RetryLater),
        (400, 80001, None, RetryLater),
        (500, 1, None, RetryLater),
        (200, 2, None, RetryLater),
        (400, 9999, None, RetryLater),
    ],
)
def test_errors_by_their_code(
    status: int, code: int, subcode: int | None, kind: type[ConnectorError]
) -> None:
    with serving(entry(1)) as (_, sandbox, facebook):
        sandbox.weather("facebook", Weather(status=status, body=refusal(code, subcode)))
        with pytest.raises(kind) as caught:
            poll(facebook)
    assert str(code) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("usage", "after"),
    [
        ('{"1": [{"estimated_time_to_regain_access": 7}, {"estimated_time_to_regain_access": 19}]}', 19),
        ('{"1": [{"estimated_time_to_regain_access": 0}]}', None),
        ('{"1": [{"estimated_time_to_regain_access": 1e300}]}', None),
        ('{"1": [{"estimated_time_to_regain_access": "soon"}]}', None),
        ("[]", None),
        ("{", None),
    ],
)
def test_waits_as_long_as_the_usage_says(usage: str, after: int | None) -> None:
    with serving(entry(1)) as (_, sandbox, facebook):
        headers = {"X-Business-Use-Case-Usage": usage}
        sandbox.weather("facebook", Weather(status=400, headers=headers, body=refusal(32)))
        with pytest.raises(RetryLater) as caught:
            poll(facebook)
    assert caught.value.after == (None if after is None else timedelta(minutes=after))


def test_an_error_that_quotes_the_token_does_not_pass_it_on() -> None:
    with serving(entry(1), access_token="wrong") as (_, _, facebook):
        with pytest.raises(AuthError, match="access token") as caught:
            poll(facebook)
        assert "Malformed" not in str(caught.value)
    with serving(entry(1), access_token="S3CRET") as (_, sandbox, facebook):
        sandbox.weather("facebook", Weather(status=400, body=refusal(100, message="no S3CRET here")))
        with pytest.raises(AuthError) as caught:
            poll(facebook)
        assert "S3CRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        ({"code": 400, "body": json.dumps(refusal(190))}, AuthError),
        ({"code": 400, "body": json.dumps(refusal(4))}, RetryLater),
        ({"code": 200, "body": "<html>"}, RetryLater),
        ({"code": 400, "body": "[]"}, RetryLater),
        ({"code": 400, "body": json.dumps(refusal([]))}, RetryLater),  # type: ignore[arg-type]  # that is the case
        ("?", RetryLater),
    ],
)
def test_errors_inside_a_batch(inner: Any, kind: type[ConnectorError]) -> None:
    with serving() as (_, sandbox, facebook):
        sandbox.weather("facebook", Weather(body=[inner]))
        with pytest.raises(kind):
            list(facebook.refresh([f"{PAGE}_1"], NO_LIMIT))


def test_a_call_of_a_batch_that_took_too_long_says_nothing() -> None:
    with serving() as (_, sandbox, facebook):
        sandbox.weather("facebook", Weather(body=[None]))
        polled = Polled().take(facebook.refresh([f"{PAGE}_1"], NO_LIMIT))
    assert not polled.mentions
    assert not polled.gone


def test_the_token_stands_in_no_address_and_is_proved() -> None:
    with serving(entry(1), app_secret="app") as (_, sandbox, facebook):
        polled = poll(facebook)
        list(facebook.refresh([polled.id_of(1)], NO_LIMIT))
        seen = sandbox.requests("facebook")
    proof = hmac.new(b"app", b"t0ken", hashlib.sha256).hexdigest()
    assert {request.method for request in seen} == {"GET", "POST"}
    for request in seen:
        assert "t0ken" not in request.target
        assert request.arg("appsecret_proof") == proof
        assert request.headers["Authorization"] == "Bearer t0ken"


@pytest.mark.parametrize(
    "given",
    [
        "123456789",
        123456789,
        "https://www.facebook.com/profile.php?id=123456789",
        "https://www.facebook.com/people/Sonnenkorn/123456789/",
        "https://www.facebook.com/Sonnenkorn-123456789",
    ],
)
def test_an_address_with_the_number_needs_no_look_up(given: Any) -> None:
    assert FacebookSettings(access_token="t0ken", page_id=given).page_id == "123456789"


@pytest.mark.parametrize("given", ["sonnenkorn", "@sonnenkorn", "https://www.facebook.com/sonnenkorn?ref=x"])
def test_a_name_is_looked_up(given: str) -> None:
    with serving(page_id=given) as (_, _, facebook):
        with pytest.raises(AuthError, match="listener check"):
            poll(facebook)
        assert facebook.resolve() == {"page_id": PAGE}
    with serving(page_id="nobody") as (_, _, facebook), pytest.raises(AuthError, match="nobody"):
        facebook.resolve()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/v26.0/{PAGE}/ratings", 12),
        ("/v26.0/?ids=1,2", 12),
        (f"/v2.0/{PAGE}/feed", 2635),
        (f"/v26.0/{PAGE}/feed?fields=stars", 100),
        (f"/v26.0/{PAGE}/feed?after=MQ==", 100),
        (f"/v26.0/{PAGE}_1", 100),
        ("/v26.0/nobody", 803),
    ],
)
def test_the_sandbox_refuses_what_the_api_refuses(path: str, code: int) -> None:
    with serving(entry(2)) as (_, sandbox, _):
        url = sandbox.url("facebook") + path
        answer = requests.get(url, headers={"Authorization": "Bearer t"}, timeout=5)
        assert requests.get(url, timeout=5).json()["error"]["code"] == 104
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


def recorded(listing: str) -> Polled:
    settings = FacebookSettings(access_token="t0ken", page_id="19292868552", listings=(listing,), pause=0)  # type: ignore[arg-type]  # pydantic checks it
    watch = Watch(since=datetime(2021, 8, 1, tzinfo=UTC), now=NOW)
    return Polled().take(Facebook(settings).poll(watch, None))


@responses.activate
def test_recorded_posts_are_read_whole(recordings: Path) -> None:
    raw = (recordings / "facebook" / "feeds_default_fields_p1.json").read_bytes()
    records = json.loads(raw)["data"]
    responses.get(f"{API}/19292868552/feed", body=raw)
    polled = recorded("visitors")
    assert len(polled.mentions) == len(records) == 5
    assert not polled.rejects
    for mention, record in zip(polled.mentions, records, strict=True):
        assert mention.platform_id == record["id"]
        assert mention.text == record["message"]
        assert mention.published_at == datetime.fromisoformat(record["created_time"])
        assert mention.engagement.likes == record["reactions"]["summary"]["total_count"]
        assert mention.engagement.comments == record["comments"]["summary"]["total_count"]
        assert mention.engagement.shares == record["shares"]["count"]


@responses.activate
def test_recorded_comments_are_read_whole_once_they_have_ids(recordings: Path) -> None:
    """Recorded by a stranger, who is not told their ids."""
    answer = json.loads((recordings / "facebook" / "comments_p1.json").read_bytes())
    del answer["paging"]["next"]
    responses.get(f"{API}/19292868552/published_posts", json={"data": [{"id": "19292868552_1"}]})
    responses.get(f"{API}/19292868552_1/comments", json=answer)
    assert len(recorded("comments").rejects) == len(answer["data"]) == 10
    for number, comment in enumerate(answer["data"]):
        comment["id"] = f"1_{number}"
    responses.replace("GET", f"{API}/19292868552_1/comments", json=answer)
    polled = recorded("comments")
    assert [one.text for one in polled.mentions] == [one["message"] for one in answer["data"]]
    assert [one.engagement.likes for one in polled.mentions] == [one["like_count"] for one in answer["data"]]
    assert [one.engagement.comments for one in polled.mentions] == [
        one["comment_count"] for one in answer["data"]
    ]
    assert [one.url for one in polled.mentions] == [one["permalink_url"] for one in answer["data"]]


@responses.activate
def test_recorded_error_pauses_the_source(recordings: Path) -> None:
    raw = (recordings / "facebook" / "error_data.json").read_bytes()
    responses.get(f"{API}/19292868552/feed", body=raw, status=400)
    with pytest.raises(AuthError, match="pages_read_engagement"):
        recorded("visitors")
