"""Stack Exchange: the contract, and its own ways of asking for patience."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
import responses

from connectors.base import Allowance, Watch
from connectors.errors import AuthError, RetryLater
from connectors.stackexchange import StackExchange, StackExchangeSettings, host
from listener.sandbox.platforms.stackexchange import WRONG, error
from listener.sandbox.platforms.stackexchange import StackExchange as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled

WATCH = Watch(since=SINCE, now=NOW, queries=("brotwerk",))
ANYTIME = Allowance()


class TestContract(ContractSuite):
    connector = StackExchange
    face = Face
    listing = "/2.3/"
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        """A whole post without its date; what the search says stays as it is."""
        if "body" in body["items"][0]:
            del body["items"][0]["creation_date"]
        return body


def entry(number: int, **changes: Any) -> Post:
    values: dict[str, Any] = {
        "id": number,
        "platform": "stackexchange",
        "kind": Kind.POST,
        "published_at": NOW - number * HOUR,
        "author": "ada",
        "title": "Is it open?",
        "text": f"Brotwerk entry {number}",
        "likes": -3,
        "comments": 2,
        "views": 90,
    }
    return Post(**{**values, **changes})


class Scene:
    """A few posts, the face that shows them, and a connector that asks it."""

    def __init__(self, sandbox: Sandbox, face: Face) -> None:
        self.sandbox, self.face = sandbox, face

    def connector(self, **settings: Any) -> StackExchange:
        values = {"base_url": self.sandbox.url("stackexchange"), "pause": 0, **settings}
        return StackExchange(StackExchangeSettings(**values))

    def paths(self) -> list[str]:
        return [request.path for request in self.sandbox.requests("stackexchange")]


@contextmanager
def scene(*posts: Post) -> Iterator[Scene]:
    world = World(posts, NOW)
    face = Face(world)
    with Sandbox(world, [face]) as sandbox:
        yield Scene(sandbox, face)


def test_a_question_and_its_answer() -> None:
    question = entry(2, title="Is &amp; <b>open?", text="Brotwerk is <good> & cheap\n\nReally")
    answer = entry(1, kind=Kind.COMMENT, parent=2, likes=-3, edited_at=NOW - HOUR / 2)
    with scene(question, answer) as stage:
        first, second = sorted(
            Polled().take(stage.connector().poll(WATCH, None)).mentions, key=lambda one: one.platform_id
        )
    assert (first.platform_id, first.kind, first.title) == ("stackoverflow/a/1", Kind.COMMENT, None)
    assert (first.parent_id, first.thread_id) == ("stackoverflow/q/2", "stackoverflow/q/2")
    assert first.url == "https://stackoverflow.com/a/1"
    assert first.edited_at == NOW - HOUR / 2
    assert (first.engagement.likes, first.engagement.comments, first.engagement.views) == (-3, None, None)
    assert (second.platform_id, second.kind) == ("stackoverflow/q/2", Kind.POST)
    assert (second.title, second.text) == ("Is &amp; <b>open?", "Brotwerk is <good> & cheap\n\nReally")
    assert (second.parent_id, second.thread_id) == (None, "stackoverflow/q/2")
    assert (second.engagement.likes, second.engagement.comments, second.engagement.views) == (-3, 2, 90)
    assert second.author is not None
    assert (second.author.name, second.author.platform_id) == ("ada", "stackoverflow/294")


def test_every_site_is_searched() -> None:
    with scene(entry(1), entry(2, channel="cooking"), entry(3, channel="superuser")) as stage:
        connector = stage.connector(sites=("stackoverflow", "cooking"))
        polled = Polled().take(connector.poll(WATCH, None))
        again = Polled().take(connector.refresh(["cooking/q/2", "stackoverflow/q/1"], ANYTIME))
    ids = {"stackoverflow/q/1", "cooking/q/2"}
    assert {one.platform_id for one in polled.mentions} == ids == {one.platform_id for one in again.mentions}


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("stackoverflow", "stackoverflow.com"),
        ("de.stackoverflow", "de.stackoverflow.com"),
        ("cooking.meta", "cooking.meta.stackexchange.com"),
        ("mathoverflow.net", "mathoverflow.net"),
    ],
)
def test_where_a_site_is(site: str, expected: str) -> None:
    assert host(site) == expected


def test_a_search_that_always_fails_keeps_no_other_back() -> None:
    watch = Watch(since=SINCE, now=NOW, queries=("entry", "unlucky", "brotwerk"))
    polled = Polled()
    with scene(entry(1)) as stage:
        stage.sandbox.weather("stackexchange", Weather(status=504, only="unlucky"), times=9)
        for _ in range(2):
            with pytest.raises(RetryLater):
                polled.take(stage.connector().poll(watch, polled.cursor))
        asked = [one.target for one in stage.sandbox.requests("stackexchange")]
    assert [sum(f"q={query}&" in one for one in asked) for query in watch.queries] == [2, 2, 2]


def test_nothing_new_costs_one_request() -> None:
    with scene(entry(5)) as stage:
        polled = Polled().take(stage.connector().poll(WATCH, None))
        before = len(stage.paths())
        assert before == 2
        Polled().take(stage.connector().poll(WATCH, polled.cursor))
        # the last one seen is within the overlap
        assert stage.paths()[before:] == ["/2.3/search/excerpts", "/2.3/questions/5"]
        Polled().take(stage.connector().poll(Watch(since=SINCE, now=NOW, queries=("rye",)), None))
        assert stage.paths()[before + 2 :] == ["/2.3/search/excerpts"]


def test_backoff_ends_the_poll_before_the_same_method_is_asked_again() -> None:
    with scene(*(entry(number) for number in range(1, 8))) as stage:
        stage.face.backoff = {"search/excerpts": 10}
        connector, polled = stage.connector(page_size=3), Polled()
        with pytest.raises(RetryLater) as caught:
            polled.take(connector.poll(WATCH, None))
        assert caught.value.after is not None
        assert timedelta(seconds=8) < caught.value.after <= timedelta(seconds=10)
        assert stage.paths() == ["/2.3/search/excerpts", "/2.3/questions/1;2;3"]
        assert polled.numbers == {1, 2, 3}
        with pytest.raises(RetryLater):
            next(iter(connector.poll(WATCH, polled.cursor)))
        assert len(stage.paths()) == 2
        stage.face.backoff = {}
        polled.take(stage.connector(page_size=3).poll(WATCH, polled.cursor))
    assert polled.numbers == set(range(1, 8))


def test_backoff_of_the_last_page_is_no_error() -> None:
    with scene(entry(1)) as stage:
        stage.face.backoff = {"search/excerpts": 10, "questions": 10}
        assert Polled().take(stage.connector().poll(WATCH, None)).numbers == {1}


def test_backoff_holds_for_posts_read_again_on_the_next_site() -> None:
    with scene(entry(1), entry(2, channel="cooking")) as stage:
        stage.face.backoff = {"questions": 10}
        pages = stage.connector().refresh(["stackoverflow/q/1", "cooking/q/2"], ANYTIME)
        assert [one.platform_id for one in next(pages).mentions] == ["stackoverflow/q/1"]
        with pytest.raises(RetryLater):
            next(pages)
        assert len(stage.paths()) == 1


def test_the_last_request_of_the_day() -> None:
    with scene(*(entry(number) for number in range(1, 8))) as stage:
        stage.face.quota = 0
        with pytest.raises(RetryLater) as caught:
            Polled().take(stage.connector().poll(WATCH, None))
        assert caught.value.after is not None
        assert timedelta(0) < caught.value.after <= timedelta(days=1)
        assert len(stage.paths()) == 1


def problem(stage: Scene, weather: Weather) -> Exception:
    stage.sandbox.weather("stackexchange", weather)
    with pytest.raises((AuthError, RetryLater)) as caught:
        Polled().take(stage.connector(key="sEcReT").poll(WATCH, None))
    return caught.value


@pytest.mark.parametrize(
    ("seconds", "after"),
    [("46472", timedelta(seconds=46472)), ("999999999", timedelta(days=1)), ("many", None)],
)
def test_throttled(seconds: str, after: timedelta | None) -> None:
    message = f"too many requests from this IP, more requests available in {seconds} seconds"
    told = error(502, "throttle_violation", message)
    with scene(entry(1)) as stage:
        raised = problem(stage, Weather(status=told.status, body=told.body))
    assert isinstance(raised, RetryLater)
    assert raised.after == after


@pytest.mark.parametrize(
    ("number", "message", "kind"),
    [
        (400, "`key` sEcReT doesn't match a known application", AuthError),
        (403, "access denied", AuthError),
        (400, "No site found for name `x`", RetryLater),
        (500, "internal error", RetryLater),
        (503, "temporarily unavailable", RetryLater),
    ],
)
def test_errors_are_known_by_their_own_numbers(number: int, message: str, kind: type[Exception]) -> None:
    told = error(number, "name", message)
    with scene(entry(1)) as stage:
        raised = problem(stage, Weather(status=told.status, body=told.body))
    assert type(raised) is kind
    assert message.replace("sEcReT", "***") in str(raised)


def test_a_wrong_key_and_an_unknown_site_are_told() -> None:
    with scene(entry(1)) as stage:
        with pytest.raises(AuthError, match="known application"):
            Polled().take(stage.connector(key=WRONG).poll(WATCH, None))
        with pytest.raises(RetryLater, match="No site found"):
            Polled().take(stage.connector(sites=("nowhere",)).poll(WATCH, None))


def test_what_cannot_be_read_is_not_taken_for_gone() -> None:
    def spoiled(body: Any) -> Any:
        body["items"][0]["question_id"] = None
        return body

    with scene(entry(1), entry(2)) as stage:
        stage.sandbox.weather("stackexchange", Weather(change=spoiled))
        again = Polled().take(
            stage.connector().refresh(
                ["stackoverflow/q/1", "stackoverflow/q/2", "stackoverflow/q/9"], ANYTIME
            )
        )
    assert not again.gone
    assert len(again.rejects) == 1
    assert [one.platform_id for one in again.mentions] == ["stackoverflow/q/2"]


def test_the_sandbox_refuses_deep_pages_without_a_key() -> None:
    """Time slices keep page numbers low: only as many as there are posts of one second."""
    posts = [entry(number, published_at=NOW - timedelta(minutes=number)) for number in range(1, 80)]
    with scene(*posts) as stage:
        polled = Polled().take(islice(stage.connector(page_size=2).poll(WATCH, None), 100))
    assert polled.numbers == {post.id for post in posts}


@responses.activate
def test_answers_are_always_compressed() -> None:
    body = gzip.compress(json.dumps({"items": [], "has_more": False, "quota_remaining": 299}).encode())
    responses.get(
        "https://api.stackexchange.com/2.3/search/excerpts", body=body, headers={"Content-Encoding": "gzip"}
    )
    assert not Polled().take(StackExchange(StackExchangeSettings(pause=0)).poll(WATCH, None)).mentions
    assert "gzip" in responses.calls[0].request.headers["Accept-Encoding"]
    assert "key=" not in str(responses.calls[0].request.url)
