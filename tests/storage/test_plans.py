"""What runs every few seconds, or under the write lock, never reads all mentions."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import (
    checks,
    corrections,
    digests,
    graves,
    pages,
    periods,
    reads,
    rising,
    scores,
    sources,
    topics,
    tunings,
)
from storage.corrections import UnknownMentionError
from storage.records import Engagement, Kind, Label, Match, Mention, Score, Stance, StanceReading, Tuning
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
READING = scores.Reading(
    1, "de", Score(p_negative=0, p_neutral=0, p_positive=1), StanceReading(stance=Stance.INDIFFERENT), key="k"
)


def correct_known(store: Store) -> None:
    with suppress(UnknownMentionError):
        corrections.correct(store, [1], Label.NEUTRAL, now=NOW)


def carry_a_tuning_out(store: Store) -> None:
    tuning = Tuning(exponent=1.0, factors=(1.0, 1.0, 1.0))
    tunings.accept(store, "m", tuning, basis="stream", report={}, now=NOW)
    tunings.carry_out(store)


def pages_that_bring_the_same_otherwise(store: Store) -> None:
    mention = Mention(platform="reddit", platform_id="1", kind=Kind.POST, published_at=NOW, text="Acme")
    found = (Match(brand="Acme", term="acme"),)
    liked = replace(mention, engagement=Engagement(likes=1))
    for one, matches in (mention, found), (liked, found), (replace(mention, text="Apex"), ()):
        page = [pages.Matched(one, matches)]
        pages.add_page(store, 1, page, brands=["Acme"], now=NOW)


@pytest.mark.parametrize(
    "work",
    [
        pages_that_bring_the_same_otherwise,
        lambda store: checks.due(store, 1, NOW, 100),
        lambda store: checks.postpone(store, 1, NOW),
        lambda store: in_transaction(store, graves.expire_old, "reddit", NOW, now=NOW, limit=9),
        lambda store: in_transaction(store, graves.expire_unconfirmed, "reddit", NOW, limit=9),
        lambda store: in_transaction(store, graves.delete_unwanted, before=NOW, limit=9),
        lambda store: in_transaction(store, graves.bury, "reddit", ["1"], reason="gone", now=NOW),
        lambda store: sources.due(store, NOW),
        lambda store: corrections.undo(store, [1]),
        correct_known,
        carry_a_tuning_out,
        lambda store: topics.begin(store, "m", 9, NOW),
        lambda store: reads.topic_days(store, "b", "2026-11-01", "2026-11-20"),
        lambda store: reads.topic_totals(store, "b", "2026-11-01", "2026-11-20"),
        lambda store: list(rising.texts(store, "b", "2026-11-01", "2026-11-20")),
        lambda store: reads.rising_terms(store, "b", "2026-11-20"),
        lambda store: reads.trend(store, "b", "day", 30),
        periods.extend_history,
        lambda store: scores.begin(store, 9, NOW),
        lambda store: scores.known(store, "m", ["k"]),
        lambda store: scores.add(store, "m", [READING], NOW),
        scores.retry_failed,
        lambda store: digests.is_incomplete(store, "b", "2026-11-20"),
    ],
)
def test_no_statement_scans_the_mentions(tmp_path: Path, work: Callable[[Store], Any]) -> None:
    with Store(tmp_path / "listener.db") as store:
        sources.sync_brands(store, [sources.Brand(name="Acme", query="acme", timezone="Europe/Berlin")])
        sources.sync_sources(store, [sources.Source(name="r", connector="reddit", watch={})], NOW)
        said: list[str] = []
        store._conn.set_trace_callback(said.append)  # noqa: SLF001 - what SQLite is asked, as it is asked
        work(store)
        store._conn.set_trace_callback(None)  # noqa: SLF001 - see above
        statements = [
            one for one in said if one.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
        ]
        assert statements
        for statement in statements:
            plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {statement}")]
            assert not [line for line in plan if re.match(r"SCAN (m|mb|mentions|mention_brands)\b", line)], (
                statement
            )


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM brand_trend WHERE brand = 'b' AND period = 'day' AND starts >= '2026-10-22'",
        "SELECT * FROM weekly_brand_metrics WHERE brand = 'b' AND first_day >= '2026-10-19'",
        "SELECT * FROM monthly_brand_metrics WHERE brand = 'b' AND first_day >= '2026-10-01'",
        "SELECT * FROM coverage_changes WHERE brand = 'b' AND day >= '2026-10-22'",
        "SELECT * FROM uncovered_days WHERE brand = 'b' AND day >= '2026-10-22'",
    ],
)
def test_a_brands_trend_is_read_from_that_brands_rows(tmp_path: Path, question: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {question}")]
    assert [line for line in plan if line.startswith("SEARCH b ") and "(name=?)" in line]
    assert not [line for line in plan if re.match(r"SCAN (?!CONSTANT|p VIRTUAL|[fnq]$)", line)]


def in_transaction(store: Store, work: Callable[..., int], *arguments: Any, **named: Any) -> int:
    with store.transaction():
        return work(store, *arguments, **named)
