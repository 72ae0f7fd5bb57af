"""The rows that a made-up post leaves in the tables: after the poll that saw it, its scoring and its topics."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import readings
from benchmarks.generator import Post, brand_names
from benchmarks.platforms import PLATFORMS
from storage.records import Exclusion, Score

ZONE = "Europe/Berlin"
POLLED = 900
"""Seconds between polls."""
SOURCES = list(dict.fromkeys(one.name for one in PLATFORMS))
"""One for each platform, of its name."""

Row = tuple[Any, ...]

COLUMNS = {
    "authors": "id, platform, platform_id, handle, followers",
    "mentions": (
        "id, platform, platform_id, kind, url, author_id, author_followers, title, text, lang, published_at,"
        " fetched_at, rating, likes, shares, comments, views, counted_at, seen_at, stance, stance_evidence,"
        " text_key, duplicate_of, answered, answered_at"
    ),
    "mention_brands": "mention_id, brand_id, source_id, term, day, hour, own, excluded_as",
    "sentiment_scores": (
        "mention_id, model, label, score, p_negative, p_neutral, p_positive, scored_at, is_current"
    ),
    "engagement_snapshots": "mention_id, taken_at, likes, shares, comments, views",
    "aspects": "mention_id, topic_id, term, excerpt, model, label, score",
}


_OWN = {True: (1, str(Exclusion.OWN_ACCOUNT)), False: (0, None)}
"""The columns own and excluded_as."""


def fetched(post: Post) -> int:
    """When the poll after its publication saw it, in seconds since 1970."""
    return (post.published // POLLED + 1) * POLLED


def own(post: Post) -> Collection[int]:
    """The brands whose own account wrote it."""
    if post.platform != "x":
        return ()
    return [brand for brand in post.brands if post.author == f"x{brand}"]


def mention_id(serial: int) -> int:
    return serial + 1


def stamped(seconds: int) -> str:
    """As ``storage.store.stamp`` writes a time."""
    hour, rest = divmod(seconds, 3600)
    return f"{_hour(hour)}:{rest // 60:02}:{rest % 60:02}Z"


@cache
def _hour(hour: int) -> str:
    return datetime.fromtimestamp(hour * 3600, UTC).strftime("%Y-%m-%dT%H")


@cache
def local(hour: int) -> tuple[str, int]:
    """Day and hour in the brands' time zone, of an hour since 1970."""
    moment = datetime.fromtimestamp(hour * 3600, ZoneInfo(ZONE))
    return moment.date().isoformat(), moment.hour


class Tables:
    """Collects rows; authors are known from one batch to the next."""

    def __init__(self, brands: int) -> None:
        self._names = brand_names(brands)
        self._sources = {name: number for number, name in enumerate(SOURCES, 1)}
        self._authors: dict[tuple[str, str], int] = {}

    def rows(self, posts: Iterable[Post]) -> dict[str, list[Row]]:
        """By table, in the order of ``COLUMNS``."""
        found: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        for post in posts:
            now = stamped(fetched(post))
            self._author(post, found["authors"])
            found["mentions"].append(self._mention(post, now))
            found["mention_brands"] += self._brands(post)
            found["sentiment_scores"].append(self._score(post, now))
            if not post.likes is post.shares is post.comments is post.views is None:
                counts = (post.likes, post.shares, post.comments, post.views)
                found["engagement_snapshots"].append((mention_id(post.serial), now, *counts))
            found["aspects"] += self._aspects(post)
        return found

    def _author(self, post: Post, rows: list[Row]) -> None:
        if post.author is not None and (post.platform, post.author) not in self._authors:
            number = len(self._authors) + 1
            self._authors[post.platform, post.author] = number
            rows.append((number, post.platform, post.author, post.author, post.followers))

    def _mention(self, post: Post, now: str) -> Row:
        stance = readings.stance(post)
        return (
            mention_id(post.serial),
            post.platform,
            post.platform_id,
            post.kind,
            post.url,
            None if post.author is None else self._authors[post.platform, post.author],
            post.followers,
            post.title,
            post.text,
            post.language,
            stamped(post.published),
            now,
            post.rating,
            post.likes,
            post.shares,
            post.comments,
            post.views,
            now,
            now,
            str(stance.stance),
            stance.evidence,
            readings.key(post),
            None if post.original is None else mention_id(post.original),
            post.answered,
            None if post.answered_after is None else stamped(post.published + post.answered_after),
        )

    def _brands(self, post: Post) -> list[Row]:
        day, hour = local(post.published // 3600)
        source, ours = self._sources[post.platform], own(post)
        return [
            (mention_id(post.serial), brand + 1, source, self._names[brand], day, hour, *_OWN[brand in ours])
            for brand in sorted(post.brands)
        ]

    def _score(self, post: Post, now: str) -> Row:
        return (mention_id(post.serial), readings.MODEL, *_told(readings.score(post)), now, 1)

    def _aspects(self, post: Post) -> list[Row]:
        label, value = _told(readings.score(post))[:2]
        return [
            (mention_id(post.serial), topic + 1, term, excerpt, readings.MODEL, label, value)
            for topic, term, excerpt in readings.aspects(post)
        ]


@cache
def _told(score: Score) -> tuple[str, float, float, float, float]:
    return str(score.label), score.value, score.p_negative, score.p_neutral, score.p_positive
