"""A database filled table by table has the rows that polls, scoring and topics would have left."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest

from benchmarks import filling, readings, tables
from benchmarks.generator import Post, brand_names, mention, rows
from storage import scores
from storage.pages import Matched, add_page
from storage.records import Exclusion, Match
from storage.scores import Reading
from storage.store import Store

COUNT = 100


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """The filled database, and as ``polled`` one that polls filled with the same posts."""
    folder = tmp_path_factory.mktemp("filling")
    posts = list(rows(COUNT, seed=5, days=2))
    filling.fill(folder / "filled.db", posts)
    poll(folder / "polled.db", posts)
    with closing(sqlite3.connect(folder / "filled.db")) as conn:
        conn.execute("ATTACH ? AS polled", [str(folder / "polled.db")])
        yield conn


def poll(path: Path, posts: list[Post]) -> None:
    names = brand_names()
    filling.set_up(path, len(names))
    with Store(path) as store:
        for (now, platform), page in groupby(posts, key=lambda post: (tables.fetched(post), post.platform)):
            when, seen = datetime.fromtimestamp(now, UTC), list(page)
            source = tables.SOURCES.index(platform) + 1
            add_page(store, source, [matched(post, names) for post in seen], brands=names, now=when)
            scores.add(store, readings.MODEL, [read(post) for post in seen], when)


def matched(post: Post, names: list[str]) -> Matched:
    own = {names[brand]: Exclusion.OWN_ACCOUNT for brand in tables.own(post)}
    return Matched(
        mention(post), [Match(brand=names[brand], term=names[brand]) for brand in post.brands], own
    )


def read(post: Post) -> Reading:
    return Reading(
        tables.mention_id(post.serial),
        post.language,
        readings.score(post),
        readings.stance(post),
        key=readings.key(post),
    )


def test_the_mentions_are_the_same(both: sqlite3.Connection) -> None:
    """But for what a later stage finds: copies."""
    later = {"id", "author_id", "duplicate_of"}
    columns = ", ".join(
        f"m.{row[1]}" for row in both.execute("PRAGMA table_info(mentions)") if row[1] not in later
    )
    question = (
        f"SELECT {columns}, a.platform_id, a.handle, a.name, a.url, a.followers FROM {{db}}.mentions m"  # noqa: S608 - from above
        " LEFT JOIN {db}.authors a ON a.id = m.author_id ORDER BY m.platform, m.platform_id"
    )
    filled, polled = answers(both, question)
    assert len(filled) == COUNT
    assert filled == polled


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("mention_brands", "brand_id, source_id, term, day, hour, own, excluded_as"),
        (
            "sentiment_scores",
            "model, label, score, p_negative, p_neutral, p_positive, is_current, tuning_id, scored_at",
        ),
        ("engagement_snapshots", "taken_at, x.likes, x.shares, x.comments, x.views"),
    ],
)
def test_what_hangs_on_the_mentions_is_the_same(both: sqlite3.Connection, table: str, columns: str) -> None:
    filled, polled = answers(
        both,
        f"SELECT m.platform_id, {columns} FROM {{db}}.{table} x JOIN {{db}}.mentions m ON m.id = x.mention_id"  # noqa: S608 - from above
        " ORDER BY 1, 2, 3",
    )
    assert filled
    assert filled == polled


def test_the_same_days_wait_to_be_computed(both: sqlite3.Connection) -> None:
    filled, polled = answers(both, "SELECT * FROM {db}.dirty_days ORDER BY 1, 2, 3")
    assert filled
    assert filled == polled


def test_all_of_the_schema_is_there_again(both: sqlite3.Connection) -> None:
    filled, polled = answers(both, "SELECT type, name, sql FROM {db}.sqlite_master ORDER BY 1, 2")
    assert filled == polled


def test_texts_are_found(both: sqlite3.Connection) -> None:
    both.execute("INSERT INTO mentions_fts (mentions_fts, rank) VALUES ('integrity-check', 1)")
    filled, polled = answers(both, "SELECT count(*) FROM {db}.mentions_fts('nordwerk')")
    assert filled[0][0] > 10
    assert filled == polled


def answers(both: sqlite3.Connection, question: str) -> tuple[list[object], list[object]]:
    filled, polled = (both.execute(question.format(db=db)).fetchall() for db in ("main", "polled"))
    return filled, polled
