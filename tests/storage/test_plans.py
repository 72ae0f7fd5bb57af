"""What runs every few seconds, or under the write lock, never reads all mentions."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import (
    checks,
    corrections,
    daily,
    digests,
    duplicates,
    exclusions,
    graves,
    pages,
    periods,
    reads,
    rising,
    scores,
    search,
    sources,
    topics,
    tunings,
)
from storage.corrections import UnknownMentionError
from storage.facts import BrandDay
from storage.records import (
    Engagement,
    Exclusion,
    Kind,
    Label,
    Match,
    Mention,
    Score,
    Stance,
    StanceReading,
    Tuning,
)
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRAND = sources.Brand(name="b", query="b", timezone="Europe/Berlin")
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


def exclude_an_author(store: Store) -> None:
    brand = sources.Brand(name="b", query="b", timezone="UTC")
    sources.sync_brands(store, [brand])
    with store.transaction():
        store.execute("INSERT INTO authors (platform, platform_id, handle) VALUES ('x', '1', 'anna')")
    reasons = {"b": Exclusion.EMPLOYEE}
    exclusions.sync(store, lambda *author: reasons, brands=["b"], fingerprint="new")


def file_and_settle(store: Store) -> int:
    keys = [duplicates.Keys(1, 0, [], [2])]
    duplicates.file(store, keys)
    duplicates.refile(store, keys, copies=True)
    duplicates.settle(store, [1], {1: None})
    return 0


def recompute(store: Store) -> int:
    return len(daily.recompute(store, [BrandDay(1, "2026-11-20")], 2))


def search_windows(store: Store) -> None:
    """What a search asks where it finds something."""
    store.rows(search._CHOSEN, {**asdict(search.EVERYWHERE), "ids": "[1]"})  # noqa: SLF001 - an empty store asks less
    store.rows(search._ROW, [1, "b"])  # noqa: SLF001 - see above


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
        daily.mark_all_dirty,
        lambda store: daily.use_version(store, 9),
        lambda store: in_transaction(store, recompute),
        lambda store: sources.sync_brands(store, [BRAND]),
        lambda store: digests.is_incomplete(store, "b", "2026-11-20"),
        exclude_an_author,
        lambda store: list(search.search(store, "brot", search.Within(brand="b", first="2026-11-01"))),
        search_windows,
        lambda store: duplicates.use_rules(store, "1"),
        lambda store: duplicates.pending(store, 9),
        lambda store: duplicates.get(store, [1]),
        lambda store: duplicates.copies(store, [1]),
        lambda store: in_transaction(store, file_and_settle),
        lambda store: duplicates.forget_bands(store, before=0),
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


def test_review_metrics_of_a_brands_month_reads_no_more(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        plan = store.rows(
            "EXPLAIN QUERY PLAN SELECT * FROM review_metrics"
            " WHERE brand = 'b' AND day BETWEEN '2026-11-01' AND '2026-11-30'"
        )
    details = [row["detail"] for row in plan]
    assert not [line for line in details if line.startswith("SCAN")], details
    assert [line for line in details if "SEARCH d USING PRIMARY KEY (brand_id=? AND day>? AND day<?)" in line]
    window = (
        "SEARCH w USING COVERING INDEX daily_metrics_reviews (brand_id=? AND platform=? AND day>? AND day<?)"
    )
    assert details.count(window) == 2, details


DAYS = "brand = 'b' AND day BETWEEN '2026-10-24' AND '2026-11-22'"
RANGE = re.compile(
    r"(PRIMARY KEY|mention_brands_by_day) \(brand_id=\?( AND dimension=\?)? AND day>\? AND day<\?\)"
)
BIG = re.compile(r"SCAN (m|mb|d|v|w|mentions|mention_brands|daily_metrics|author_days|daily_slices)\b")


SMALL = {"coverage_changes", "uncovered_days"}
"""Made of what happened to the sources: a handful of rows a brand."""


def plan(store: Store, question: str) -> list[str]:
    return [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {question}")]


@pytest.mark.parametrize("columns", ["*", "count(*)"])
def test_every_view_reads_a_brands_days_alone(tmp_path: Path, columns: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        views = store.rows("SELECT name FROM sqlite_master WHERE type = 'view'")
        having = "SELECT count(*) FROM pragma_table_xinfo(?) WHERE name IN ('brand', 'day')"
        daily = [row["name"] for row in views if store.value(having, [row["name"]]) == 2]
        daily = [view for view in daily if view not in SMALL]
        assert len(daily) >= 12
        for view in daily:
            found = plan(store, f"SELECT {columns} FROM {view} WHERE {DAYS}")  # noqa: S608 - from here
            assert [line for line in found if RANGE.search(line)], (view, found)
            assert not [line for line in found if BIG.match(line)], (view, found)


@pytest.mark.parametrize("view", ["top_advocates", "top_detractors", "hour_of_week"])
def test_views_without_a_day_read_one_brand_alone(tmp_path: Path, view: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        found = plan(store, f"SELECT * FROM {view} WHERE brand = 'b'")  # noqa: S608 - from here
        assert [line for line in found if re.search(r"SEARCH d .*\(brand_id=\?", line)], found
        assert not [line for line in found if BIG.match(line) and line != "SCAN v"], found


@pytest.mark.parametrize(
    ("view", "mentions"), [("top_advocates", "promoting_mentions"), ("top_detractors", "detracting_mentions")]
)
def test_the_top_authors_of_a_brand_are_read_in_their_order(tmp_path: Path, view: str, mentions: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        found = plan(store, f"SELECT * FROM {view} WHERE brand = 'b' ORDER BY {mentions} DESC LIMIT 20")  # noqa: S608 - from here
    assert "SEARCH d USING COVERING INDEX author_stances_most (brand_id=? AND stance=?)" in found, found
    assert not [line for line in found if "TEMP B-TREE" in line], found


def test_the_latest_mentions_of_a_brand_are_not_sorted_out_of_all(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        latest = (
            "SELECT * FROM mention_overview WHERE brand = 'b' ORDER BY day DESC, published_at DESC LIMIT 100"
        )
        found = plan(store, latest)
        assert "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY" in found  # within a day
        assert "USE TEMP B-TREE FOR ORDER BY" not in found


def test_mentions_without_an_hour_are_found_by_their_own_index(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        found = plan(
            store, "SELECT mention_id FROM mention_brands WHERE brand_id = 1 AND hour IS NULL LIMIT 9"
        )
        assert any("mention_brands_without_hour" in line for line in found), found


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM brand_trend WHERE brand = 'b' AND period = 'day' AND starts >= '2026-10-22'",
        "SELECT * FROM weekly_brand_metrics WHERE brand = 'b' AND first_day >= '2026-10-19'",
        "SELECT * FROM monthly_brand_metrics WHERE brand = 'b' AND first_day >= '2026-10-01'",
        "SELECT * FROM coverage_changes WHERE brand = 'b' AND first_day >= '2026-10-22'",
        "SELECT * FROM uncovered_days WHERE brand = 'b' AND day >= '2026-10-22'",
    ],
)
def test_a_brands_trend_is_read_from_that_brands_rows(tmp_path: Path, question: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {question}")]
    assert [line for line in plan if line.startswith("SEARCH b ") and "(name=?)" in line]
    assert not [line for line in plan if re.match(r"SCAN (?!CONSTANT|p VIRTUAL|[fnq]$)", line)]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT * FROM brand_trend WHERE brand = 'b' AND starts BETWEEN '2026-10-22' AND '2026-11-20'",
        "SELECT * FROM brand_trend WHERE brand = 'b' AND period = 'day' AND starts BETWEEN '2026-11' AND '2026-12'",
        "SELECT * FROM period_brand_metrics WHERE brand = 'b' AND first_day BETWEEN '2026-10-22' AND '2026-11-20'",
        "SELECT * FROM weekly_brand_metrics WHERE brand = 'b' AND first_day BETWEEN '2026-10-22' AND '2026-11-20'",
        "SELECT * FROM monthly_brand_metrics WHERE brand = 'b' AND first_day BETWEEN '2026-10-22' AND '2026-11-20'",
    ],
)
def test_the_trend_of_some_time_does_not_read_the_history(tmp_path: Path, question: str) -> None:
    with Store(tmp_path / "listener.db") as store:
        found = plan(store, question)
    reach = "SEARCH h USING PRIMARY KEY (brand_id=? AND period=? AND first_day>? AND first_day<?)"
    assert reach in found, found


def in_transaction(store: Store, work: Callable[..., int], *arguments: Any, **named: Any) -> int:
    with store.transaction():
        return work(store, *arguments, **named)
