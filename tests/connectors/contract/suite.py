"""The stage on which the cases play: a world, the sandbox that serves it, and what a subclass must say."""

import json
import logging
import os
import re
import socket
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, ClassVar, Literal, TypeVar

import pytest

from connectors.base import Allowance, Connector, Cursor, Page, Refreshing, Watch
from connectors.errors import ConnectorError
from listener.sandbox.server import Platform, Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention, Reject

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
HOUR = timedelta(hours=1)
TERM = "Brotwerk"
ALWAYS = 100
"""Times of weather: more than any connector may ask."""
NO_LIMIT = Allowance()

E = TypeVar("E", bound=ConnectorError)


@dataclass
class Polled:
    """What one poll gave, and the last cursor that may be committed."""

    mentions: list[Mention] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    cursor: Cursor | None = None
    pages: int = 0

    def take(self, pages: Iterable[Page]) -> "Polled":
        for page in pages:
            self.mentions += page.mentions
            self.rejects += page.rejects
            self.gone += page.gone
            self.pages += 1
            if page.cursor is not None:
                self.cursor = json.loads(json.dumps(page.cursor))
        return self

    @property
    def numbers(self) -> set[int]:
        return {number_of(mention) for mention in self.mentions}

    def id_of(self, number: int) -> str:
        """The platform's id of the world's post."""
        return next(one.platform_id for one in self.mentions if number_of(one) == number)


def batched(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """As in itertools of Python 3.12."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def number_of(mention: Mention) -> int:
    """The number of the world's post that this mention shows."""
    found = re.search(r"entry (\d+)", f"{mention.title} {mention.text}")
    assert found, f"the post's own words are not in {mention!r}"
    return int(found[1])


@dataclass
class Stage:
    """A world, the sandbox that serves it, and a connector's settings for it."""

    suite: "Suite"
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

    def refresh(self, ids: Sequence[str], allowance: Allowance = NO_LIMIT, **changes: Any) -> Polled:
        """Read posts again, in batches as the connector takes them."""
        connector = self.connector(**changes)
        assert isinstance(connector, Refreshing)
        polled = Polled()
        for batch in batched(ids, connector.upkeep.batch):
            polled.take(connector.refresh(batch, allowance))
        return polled

    def requests(self) -> list[Request]:
        """All requests so far, those for tokens among them."""
        return self.sandbox.requests(self.suite.connector.name)

    def weather(self, weather: Weather) -> None:
        self.sandbox.weather(self.suite.connector.name, weather, times=ALWAYS)

    def clear(self) -> None:
        self.sandbox.clear(self.suite.connector.name)

    def asked(self) -> int:
        """Requests so far, without those that only fetch a token."""
        seen = self.sandbox.requests(self.suite.connector.name)
        return sum(self.suite.listing in request.target for request in seen)


class Suite:
    """What a connector's own suite says, and the tools of the cases."""

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
    deep: ClassVar[int] = int(os.environ.get("BACKLOG", "3000"))
    """Posts of a backlog, more than twenty pages hold; fewer only where the platform shows no more of them."""
    edits: ClassVar[Literal["refresh", "poll", "never"] | None] = None
    """How an edit of a known post is found; None: by refresh where the connector has it, else by poll."""
    markup: ClassVar[bool] = True
    """Whether null bytes can stand in the platform's answers at all (in XML they cannot)."""
    recordings: ClassVar[tuple[str, ...]] = ()
    """Patterns of files below the folder of recorded answers, for fuzzing where they exist."""
    garbage: ClassVar[Any] = "<html><body><h1>Down for maintenance</h1>\n</body></html>"

    def settings(self, url: str) -> dict[str, Any]:
        """The connector's settings, without its secrets."""
        return {"base_url": url}

    def large(self) -> dict[str, Any]:
        """Settings that ask for the largest page there is, for a deep backlog."""
        return {}

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
        return {**{name: getattr(post, name) for name in names}, "answers": post.answered_at is not None}

    # ---- the tools of the cases

    def make(self, values: Mapping[str, Any]) -> Connector:
        kind = self.connector.Settings
        return self.connector(kind(**{**dict.fromkeys(self.secrets(), MARKER), **values}))

    def secrets(self) -> list[str]:
        fields = self.connector.Settings.model_fields
        return [name for name, field in fields.items() if "SecretStr" in repr(field.annotation)]

    def watch(self, now: datetime, allowance: Allowance = NO_LIMIT) -> Watch:
        return Watch(since=SINCE, now=now, queries=self.queries, tags=self.tags, allowance=allowance)

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


MARKER = "sEcReTmArKeR0123456789abcdef"
"""Stands in every secret setting, to be looked for where it must not be."""


def counts(mention: Mention) -> dict[str, float | None]:
    given = mention.engagement
    return {
        "likes": given.likes,
        "shares": given.shares,
        "comments": given.comments,
        "views": given.views,
        "followers": mention.author.followers if mention.author else None,
        "rating": mention.rating,
        "answers": mention.answered,
    }


def identity(mention: Mention) -> tuple[str, str, datetime, str]:
    return (mention.platform, mention.platform_id, mention.published_at, mention.text)


def error_of(stage: Stage, **changes: Any) -> str:
    """All that a poll's error and its causes say, local variables included in neither."""
    try:
        stage.poll(**changes)
    except ConnectorError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    return ""


def closed_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def everything_logged() -> Iterator[list[str]]:
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
