"""What every connector must do, as one test class that runs over the sandbox through real HTTP.

    class TestHackerNews(ContractSuite):
        connector = HackerNews
        face = faces.HackerNews

        def settings(self, url):
            return {"base_url": url, "page_size": self.page_size}

        def spoil(self, body):
            del body["hits"][0]["created_at_i"]
            return body

Cases take no fixtures, so that ``test_contract.py`` can call each on a connector that is wrong on purpose.
Posts are told apart by the number in their text, whatever id their platform gives them.
"""

import json
import logging
import re
import socket
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, ClassVar, TypeVar

import pytest

from connectors.base import Connector, Cursor, Page, Watch
from connectors.errors import AuthError, ConnectorError, RetryLater
from listener.sandbox.server import Platform, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention, Reject

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
HOUR = timedelta(hours=1)
TERM = "Brotwerk"
ALWAYS = 100
"""Times of weather: more than any connector may ask."""

E = TypeVar("E", bound=ConnectorError)


@dataclass
class Polled:
    """What one poll gave, and the last cursor that may be committed."""

    mentions: list[Mention] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    cursor: Cursor | None = None
    pages: int = 0

    def take(self, pages: Iterable[Page]) -> "Polled":
        for page in pages:
            self.mentions += page.mentions
            self.rejects += page.rejects
            self.pages += 1
            if page.cursor is not None:
                self.cursor = json.loads(json.dumps(page.cursor))
        return self

    @property
    def numbers(self) -> set[int]:
        return {number_of(mention) for mention in self.mentions}


def number_of(mention: Mention) -> int:
    """The number of the world's post that this mention shows."""
    found = re.search(r"entry (\d+)", f"{mention.title} {mention.text}")
    assert found, f"the post's own words are not in {mention!r}"
    return int(found[1])


@dataclass
class Stage:
    """A world, the sandbox that serves it, and a connector's settings for it."""

    suite: "ContractSuite"
    world: World
    sandbox: Sandbox

    def connector(self, **changes: Any) -> Connector:
        name = self.suite.connector.name
        return self.suite.make({"pause": 0, **self.suite.settings(self.sandbox.url(name)), **changes})

    def pages(self, cursor: Cursor | None = None, **changes: Any) -> Iterator[Page]:
        """One poll; fails where it does not end."""
        pages = self.connector(**changes).poll(self.suite.watch(self.world.now), cursor)
        yield from islice(pages, 100)
        assert next(pages, None) is None, "a poll must end"

    def poll(self, cursor: Cursor | None = None, **changes: Any) -> Polled:
        return Polled(cursor=cursor).take(self.pages(cursor, **changes))

    def weather(self, weather: Weather) -> None:
        self.sandbox.weather(self.suite.connector.name, weather, times=ALWAYS)

    def clear(self) -> None:
        self.sandbox.clear(self.suite.connector.name)

    def asked(self) -> int:
        """Requests so far, without those that only fetch a token."""
        seen = self.sandbox.requests(self.suite.connector.name)
        return sum(self.suite.listing in request.target for request in seen)


class ContractSuite:
    """Subclass it as ``Test...`` with the attributes of one connector."""

    connector: ClassVar[type[Connector]]
    face: ClassVar[Callable[[World], Platform]]
    kind: ClassVar[Kind] = Kind.POST
    channel: ClassVar[str] = ""
    queries: ClassVar[tuple[str, ...]] = (TERM,)
    tags: ClassVar[tuple[str, ...]] = ()
    page_size: ClassVar[int] = 5
    """Records on one page, if the suite's ``settings`` or ``face`` say so."""
    many_pages: ClassVar[bool] = True
    """Whether the platform pages at all."""
    listing: ClassVar[str] = ""
    """Part of the address of a listing, to tell it from a request for a token."""
    late: ClassVar[timedelta | None] = None
    """How long after its date a post may appear in the listing and must still be found."""
    garbage: ClassVar[Any] = "<html><body><h1>Down for maintenance</h1>\n</body></html>"

    def settings(self, url: str) -> dict[str, Any]:
        """The connector's settings, without its secrets."""
        return {"base_url": url}

    def spoil(self, body: Any) -> Any:
        """A true answer's body with one of its records damaged, in a way the platform might."""
        raise NotImplementedError

    def patience(self) -> Mapping[str, str]:
        """Headers with which the platform asks to wait for 7 seconds."""
        return {"Retry-After": "7"}

    def post(self, number: int, at: datetime, **changes: Any) -> Post:
        """One post of the world, with counts that are all different and none of them zero."""
        values: dict[str, Any] = {
            "id": number,
            "platform": self.connector.name,
            "kind": self.kind,
            "published_at": at,
            "author": f"author{number}",
            "title": f"{TERM} title",
            "text": f"{TERM} #{TERM.lower()} entry {number} bakes",
            "followers": number + 100,
            "likes": number + 200,
            "shares": number + 300,
            "comments": number + 400,
            "views": number + 500,
            "rating": number % 5 + 1,
            "channel": self.channel,
            "tags": (TERM.lower(),),
        }
        return Post(**{**values, **changes})

    def counts(self, post: Post) -> dict[str, int | None]:
        """What the connector must report of a post, where it reports the count at all."""
        names = ("likes", "shares", "comments", "views", "followers", "rating")
        return {name: getattr(post, name) for name in names}

    # ---- the tools of the cases

    def make(self, values: Mapping[str, Any]) -> Connector:
        kind = self.connector.Settings
        return self.connector(kind(**{**dict.fromkeys(self.secrets(), MARKER), **values}))

    def secrets(self) -> list[str]:
        fields = self.connector.Settings.model_fields
        return [name for name, field in fields.items() if "SecretStr" in repr(field.annotation)]

    def watch(self, now: datetime) -> Watch:
        return Watch(since=SINCE, now=now, queries=self.queries, tags=self.tags)

    def hourly(self, count: int, step: timedelta = HOUR) -> list[Post]:
        """Posts 1 to ``count``, one every hour (or ``step``), the last of them one step old."""
        return [self.post(number, NOW - step * (count + 1 - number)) for number in range(1, count + 1)]

    @contextmanager
    def stage(self, posts: Iterable[Post]) -> Iterator[Stage]:
        world = World(posts, NOW)
        with Sandbox(world, [type(self).face(world)]) as sandbox:
            yield Stage(self, world, sandbox)

    def failure(self, stage: Stage, kind: type[E], **changes: Any) -> E:
        """The error of a poll that must fail, soon, with a message of one line."""
        began = time.monotonic()
        with pytest.raises(kind) as caught:
            stage.poll(**changes)
        assert time.monotonic() - began < 4, "an error must be told, not waited for"
        assert str(caught.value).strip()
        assert "\n" not in str(caught.value)
        return caught.value

    # ---- promise: what is there is found, whole

    def test_first_poll_finds_every_post_since(self) -> None:
        old = [self.post(number, SINCE - HOUR * (2000 - number)) for number in range(900, 960)]
        with self.stage(self.hourly(30) + old) as stage:
            polled = stage.poll()
            assert polled.numbers >= set(range(1, 31))
            assert not polled.rejects
            if self.many_pages:
                needed = 30 // self.page_size
                assert needed <= polled.pages <= needed + 3, "history beyond `since` must not be walked"

    def test_mentions_are_whole(self) -> None:
        with self.stage(self.hourly(12)) as stage:
            for mention in stage.poll().mentions:
                post = stage.world.get(number_of(mention))
                assert post is not None
                assert mention.platform == self.connector.name
                assert mention.published_at == post.published_at
                assert mention.published_at.tzinfo is UTC
                assert (mention.url or "").startswith("http")
                assert mention.author is not None
                assert mention.author.platform_id

    def test_counts_are_true_or_unknown(self) -> None:
        with self.stage(self.hourly(12)) as stage:
            known = set()
            for mention in stage.poll().mentions:
                expected = self.counts(stage.world.get(number_of(mention)))  # type: ignore[arg-type]  # it was found
                for name, value in _counts(mention).items():
                    if value is not None:
                        known.add(name)
                        assert value == expected[name], name
            assert known == self.connector.gives

    def test_empty_listing(self) -> None:
        with self.stage([]) as stage:
            first = stage.poll()
            assert not first.mentions
            stage.world.add(self.post(1, NOW - HOUR))
            assert stage.poll(first.cursor).numbers == {1}

    # ---- promise: cursors lose nothing, and end

    def test_polling_again_yields_nothing_new(self) -> None:
        with self.stage(self.hourly(12, step=5 * HOUR)) as stage:
            first = stage.poll()
            again = stage.poll(first.cursor)
            assert {_identity(mention) for mention in again.mentions} <= {
                _identity(mention) for mention in first.mentions
            }
            if self.many_pages:
                assert again.pages < first.pages, "a finished sweep must not be walked again"

    def test_cut_off_after_every_page(self) -> None:
        """Stopped after each page, with new posts arriving meanwhile."""
        with self.stage(self.hourly(30)) as stage:
            polled = Polled()
            for turn in range(40):
                polled.take(islice(stage.pages(polled.cursor), 1))
                if turn < 3:
                    stage.world.now += HOUR
                    stage.world.add(self.post(31 + turn, stage.world.now - HOUR / 2))
            polled.take(stage.pages(polled.cursor))
            assert polled.numbers == set(range(1, 34))

    def test_posts_arriving_between_pages(self) -> None:
        """Three pages of them, younger than all that were there."""
        with self.stage(self.hourly(30)) as stage:
            polled, numbers = Polled(), iter(range(31, 31 + 3 * self.page_size))
            for page in stage.pages():
                polled.take([page])
                for number in islice(numbers, self.page_size):
                    stage.world.add(self.post(number, NOW - timedelta(minutes=90 - number)))
            arrived = {post.id for post in stage.world.posts(self.connector.name)}
            assert len(arrived) > 30
            polled.take(stage.pages(polled.cursor))
            assert polled.numbers == arrived

    def test_posts_arriving_between_polls(self) -> None:
        with self.stage(self.hourly(12)) as stage:
            polled = stage.poll()
            for number in range(13, 16):
                stage.world.now += HOUR
                stage.world.add(self.post(number, stage.world.now - HOUR / 2))
                polled.take(stage.pages(polled.cursor))
                assert number in polled.numbers

    def test_backlog_of_many_pages_after_downtime(self) -> None:
        with self.stage(self.hourly(5)) as stage:
            polled = stage.poll()
            stage.world.now += 30 * HOUR
            stage.world.add(*(self.post(number, NOW + HOUR * (number - 6)) for number in range(6, 36)))
            while len(polled.numbers) < 35:
                before = polled.cursor
                polled.take(islice(stage.pages(polled.cursor), 1))
                assert polled.cursor != before, f"stands still with {sorted(polled.numbers)}"
            assert polled.numbers == set(range(1, 36))

    def test_equal_times_over_more_than_a_page(self) -> None:
        ties = [self.post(number, NOW - 5 * HOUR) for number in range(50, 52 + 2 * self.page_size)]
        posts = [*self.hourly(4), *ties]
        with self.stage(posts) as stage:
            whole = stage.poll()
            assert whole.numbers == {post.id for post in posts}
            polled = Polled()
            for _ in range(20):
                polled.take(islice(stage.pages(polled.cursor), 1))
            assert polled.numbers == whole.numbers

    def test_tie_with_the_last_one_seen(self) -> None:
        with self.stage([self.post(1, NOW - HOUR)]) as stage:
            polled = stage.poll()
            stage.world.add(self.post(2, NOW - HOUR))
            assert 2 in stage.poll(polled.cursor).numbers

    def test_late_indexed_posts_are_found(self) -> None:
        if self.late is None:
            pytest.skip("the platform lists by arrival, not by date")
        with self.stage(self.hourly(12)) as stage:
            polled = stage.poll()
            stage.world.add(self.post(99, NOW - HOUR - self.late / 2))
            stage.world.now += HOUR / 6
            assert 99 in stage.poll(polled.cursor).numbers

    def test_absurd_dates_break_nothing(self) -> None:
        future = self.post(98, datetime(2099, 1, 1, tzinfo=UTC))
        past = self.post(99, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
        for others in ([], self.hourly(12)):
            with self.stage([*others, future, past]) as stage:
                polled = stage.poll()
                stage.world.now += HOUR
                later = range(100, 100 + 3 * self.page_size)
                stage.world.add(*(self.post(number, NOW + timedelta(seconds=number)) for number in later))
                polled.take(stage.pages(polled.cursor))
                assert polled.numbers >= {post.id for post in others} | set(later)

    # ---- promise: errors say what to do

    @pytest.mark.parametrize("status", [401, 402, 403])
    def test_refused(self, status: int) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=status, only=self.listing))
            self.failure(stage, AuthError)

    def test_asked_for_patience(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=429, headers=self.patience(), only=self.listing))
            after = self.failure(stage, RetryLater).after
            assert after is not None
            assert timedelta(seconds=5) <= after <= timedelta(seconds=8)
            assert stage.asked() <= 2, "a retry storm"

    def test_asked_for_patience_without_saying_how_long(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=429, only=self.listing))
            self.failure(stage, RetryLater)
            assert stage.asked() <= 2, "a retry storm"

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_broken_platform(self, status: int) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=status, body="<html>\n<h1>Oops</h1>\n</html>", only=self.listing))
            self.failure(stage, RetryLater)

    def test_timeout(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(delay=1.5, only=self.listing))
            self.failure(stage, RetryLater, timeout=0.3)

    def test_connection_cut_midway(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(cut=20, only=self.listing))
            self.failure(stage, RetryLater)

    def test_garbage(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(body=self.garbage, only=self.listing))
            self.failure(stage, RetryLater)

    def test_json_of_another_shape(self) -> None:
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(body={"unexpected": [1, None]}, only=self.listing))
            with suppress(RetryLater):
                assert stage.poll().mentions == []

    def test_nobody_listens(self) -> None:
        with self.stage([]) as stage:
            self.failure(stage, RetryLater, **self.settings(_closed_port()))

    def test_malformed_record_among_good_ones(self) -> None:
        with self.stage(self.hourly(4)) as stage:
            stage.weather(Weather(change=self.spoil, only=self.listing))
            polled = stage.poll()
            assert len(polled.numbers) == 3
            assert len(polled.rejects) == 1
            assert polled.rejects[0].reason
            assert polled.rejects[0].raw

    def test_page_before_an_error_stays_valid(self) -> None:
        if not self.many_pages:
            pytest.skip("the platform does not page")
        with self.stage(self.hourly(20)) as stage:
            pages, polled = stage.pages(), Polled()
            polled.take([next(pages)])
            stage.weather(Weather(status=503, only=self.listing))
            with pytest.raises(RetryLater):
                polled.take(pages)
            assert 0 < len(polled.numbers) < 20
            stage.clear()
            polled.take(stage.pages(polled.cursor))
            assert polled.numbers == set(range(1, 21))

    # ---- promise: secrets stay secret

    def test_no_secret_is_told(self) -> None:
        if not self.secrets():
            pytest.skip("no secrets to keep")
        closed = self.settings(_closed_port())
        told = [repr(self.connector.Settings(**closed, **dict.fromkeys(self.secrets(), MARKER)))]
        with self.stage(self.hourly(3)) as stage, _everything_logged() as log:
            told.append(repr(stage.connector()))
            stage.poll()
            told.append(_error_of(stage, **closed))
            for weather in (Weather(status=401), Weather(status=429), Weather(status=500), Weather(cut=9)):
                stage.clear()
                stage.weather(weather)
                told.append(_error_of(stage))
        assert MARKER not in "\n".join(told + log)


MARKER = "sEcReTmArKeR0123456789abcdef"
"""Stands in every secret setting, to be looked for where it must not be."""


def _counts(mention: Mention) -> dict[str, float | None]:
    given = mention.engagement
    return {
        "likes": given.likes,
        "shares": given.shares,
        "comments": given.comments,
        "views": given.views,
        "followers": mention.author.followers if mention.author else None,
        "rating": mention.rating,
    }


def _identity(mention: Mention) -> tuple[str, str, datetime, str]:
    return (mention.platform, mention.platform_id, mention.published_at, mention.text)


def _error_of(stage: Stage, **changes: Any) -> str:
    """All that a poll's error and its causes say, local variables included in neither."""
    try:
        stage.poll(**changes)
    except ConnectorError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    return ""


def _closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def _everything_logged() -> Iterator[list[str]]:
    """The text of all log records, those of the libraries among them."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(handler.format(record))  # type: ignore[method-assign]  # shorter than a class
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
