"""When what is listened to changed, as every brand saw it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage import periods, sources
from storage.migrations import migrations
from storage.store import Store

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # the 21st in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BRANDS = [
    sources.Brand(name="Acme", query="acme", timezone="Europe/Berlin"),
    sources.Brand(name="Zeta", query="zeta", timezone="UTC"),
]


def source(name: str = "r", *brands: str, place: str = "") -> sources.Source:
    return sources.Source(name=name, connector="reddit", watch={"brands": brands or ("Acme",)}, place=place)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "listener.db") as opened:
        sources.sync_brands(opened, BRANDS)
        sources.sync_sources(opened, [source()], NOW)
        yield opened


def fail(store: Store, at: datetime, *, pause: bool = False) -> None:
    sources.failed(store, 1, "it is down", now=at, next_poll_at=at + HOUR, pause=pause)


def succeed(store: Store, at: datetime) -> None:
    sources.succeeded(store, 1, now=at, next_poll_at=at + HOUR)


def events(store: Store) -> list[str]:
    return [row["event"] for row in store.rows("SELECT event FROM source_events ORDER BY source_id, at")]


def changes(store: Store, brand: str = "Acme") -> list[tuple[str, ...]]:
    found = store.rows(
        "SELECT source, event, first_day, last_day FROM coverage_changes WHERE brand = ? ORDER BY since, source",
        [brand],
    )
    return [tuple(row) for row in found]


ADDED = ("r", "added", "2026-11-21", "2026-11-21")


def test_an_addition_lies_on_the_brands_own_day(store: Store) -> None:
    assert changes(store) == [ADDED]
    assert changes(store, "Zeta") == []
    sources.sync_sources(store, [source("r", "Acme", "Zeta")], NOW)
    assert changes(store) == [ADDED]
    assert changes(store, "Zeta") == [("r", "added", "2026-11-20", "2026-11-20")]
    sources.sync_sources(store, [source("r", "Zeta")], NOW + DAY)
    assert changes(store)[1:] == [("r", "removed", "2026-11-22", "2026-11-22")]


def test_only_the_first_failure_in_a_row_and_the_end_of_a_long_spell_are_noted(store: Store) -> None:
    for hour in (1, 2, 9):
        fail(store, NOW + hour * HOUR)
    assert changes(store) == [ADDED, ("r", "failing", "2026-11-21", None)]
    fail(store, NOW + 30 * HOUR, pause=True)
    fail(store, NOW + 31 * HOUR, pause=True)
    assert changes(store) == [ADDED, ("r", "paused", "2026-11-21", None)]
    succeed(store, NOW + 50 * HOUR)
    assert changes(store) == [ADDED, ("r", "paused", "2026-11-21", "2026-11-23")]
    assert events(store) == ["added", "failing", "paused", "recovered"]


def test_a_short_spell_leaves_no_trace(store: Store) -> None:
    fail(store, NOW)
    fail(store, NOW + 5 * HOUR)
    assert changes(store) == [ADDED]  # it may be over at the next poll
    succeed(store, NOW + 6 * HOUR - timedelta(seconds=1))
    assert changes(store) == [ADDED]
    assert events(store) == ["added"]


def test_a_program_that_did_not_run_is_a_gap(store: Store) -> None:
    succeed(store, NOW)
    succeed(store, NOW + 25 * HOUR)  # it runs once a day
    assert events(store) == ["added"]
    succeed(store, NOW + 3 * DAY)
    assert changes(store) == [ADDED, ("r", "paused", "2026-11-22", "2026-11-24")]
    assert store.value("SELECT detail FROM coverage_changes WHERE event = 'paused'").startswith(
        "nothing polled it"
    )


def test_a_removed_source_is_no_longer_silent_and_may_fail_again_when_it_is_back(store: Store) -> None:
    fail(store, NOW)
    sources.sync_sources(store, [], NOW + DAY)
    sources.sync_sources(store, [source()], NOW + 5 * DAY)
    fail(store, NOW + 5 * DAY, pause=True)
    assert changes(store)[1:] == [
        ("r", "failing", "2026-11-21", "2026-11-22"),
        ("r", "removed", "2026-11-22", "2026-11-22"),
        ("r", "added", "2026-11-26", "2026-11-26"),
        ("r", "paused", "2026-11-26", None),
    ]


def test_a_new_name_is_no_new_source(store: Store) -> None:
    fail(store, NOW)
    fail(store, NOW + DAY, pause=True)
    sources.sync_sources(store, [source("renamed")], NOW + 2 * DAY)
    assert [one[:3] for one in changes(store)] == [
        ("renamed", "added", "2026-11-21"),
        ("renamed", "paused", "2026-11-21"),
    ]


def test_an_import_is_an_addition_once(store: Store) -> None:
    for _ in range(2):
        sources.add_import(store, "old tool", NOW)
    assert changes(store, "Zeta") == [("old tool", "added", "2026-11-20", "2026-11-20")]


def test_another_time_zone_moves_the_days(store: Store) -> None:
    fail(store, NOW + HOUR)
    succeed(store, NOW + DAY)
    sources.sync_brands(store, [sources.Brand(name="Acme", query="acme", timezone="America/New_York")])
    assert [one[2:] for one in changes(store)] == [("2026-11-20", "2026-11-20"), ("2026-11-20", "2026-11-21")]


def test_every_day_of_a_spell_is_uncovered(store: Store) -> None:
    with store.transaction():
        store.executemany(
            "INSERT INTO brand_days SELECT id, ? FROM brands WHERE name = 'Acme'",
            [[f"2026-11-{day}"] for day in range(19, 26)],
        )
    fail(store, NOW)
    succeed(store, NOW + 2 * DAY)
    found = store.rows("SELECT day, source, reason FROM uncovered_days WHERE brand = 'Acme'")
    assert [tuple(row) for row in found] == [(f"2026-11-{day}", "r", "failing") for day in (21, 22, 23)]


def test_a_silent_day_belongs_to_the_history_and_a_future_one_does_not(store: Store) -> None:
    columns = [row["name"] for row in store.rows("PRAGMA table_info(daily_metrics)")]
    row = {"brand_id": 1, "platform": "reddit", "version": 1, "mixes": 1, "mentions": 1}
    with store.transaction():
        for day in ("2026-11-18", "2027-03-01"):
            values = [{**row, "day": day}.get(column, 0) for column in columns]
            store.execute(f"INSERT INTO daily_metrics VALUES ({','.join('?' * len(columns))})", values)  # noqa: S608
    succeed(store, NOW)
    for _ in range(2):
        periods.extend_history(store)
    days = [one["day"] for one in store.rows("SELECT day FROM brand_days")]
    assert days == ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"]
    assert lengths(store) == {("week", "2026-11-16"): 4, ("month", "2026-11-01"): 4}
    with store.transaction():
        store.execute("DELETE FROM daily_metrics WHERE day > '2027'")
        store.execute("UPDATE brands SET active = 0")
    periods.extend_history(store)
    assert [one["day"] for one in store.rows("SELECT day FROM brand_days")] == ["2026-11-18"]
    assert lengths(store) == {("week", "2026-11-16"): 1, ("month", "2026-11-01"): 1}


def lengths(store: Store) -> dict[tuple[str, str], int]:
    """How many days of the history lie in each week and month."""
    found = store.rows(
        "SELECT period, first_day, count(*) FROM period_days WHERE period <> 'day' GROUP BY brand_id, period, first_day"
    )
    return {(row[0], row[1]): row[2] for row in found}


def test_an_older_database_gets_what_it_still_knows(tmp_path: Path) -> None:
    path = tmp_path / "older.db"
    old = Database(path)
    migrations.apply(old, stop_before="v0011_coverage")
    old.execute(
        "INSERT INTO brands (name, query, timezone) VALUES ('Acme', 'a', 'UTC'), ('Zeta', 'z', 'UTC')"
    )
    watch = '{"brands": ["Acme"]}'
    polled, never = ("2026-11-18T08:00:00Z", "2026-11-19T08:00:00Z"), (None, None)
    for name, active, failures, (ok_at, polled_at) in (
        ("fine", 1, 0, polled), ("failing", 1, 3, polled), ("off", 0, 0, polled), ("new", 1, 0, never)
    ):  # fmt: skip
        old.execute(
            "INSERT INTO sources (name, connector, watch, active, failures, last_ok_at, last_polled_at, next_poll_at)"
            " VALUES (?, 'reddit', ?, ?, ?, ?, ?, '2026-11-20T08:00:00Z')",
            [name, watch, active, failures, ok_at, polled_at],
        )
    old.execute(
        "INSERT INTO mentions (platform, platform_id, kind, text, published_at, fetched_at, counted_at)"
        " VALUES ('reddit', '1', 'post', 'Acme', '2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', '')"
    )
    old.execute(
        "INSERT INTO mention_brands (mention_id, brand_id, source_id, term, day) VALUES (1, 1, 1, '', '')"
    )
    old.conn.commit()
    old.close()
    with Store(path) as store:
        assert {one[:3] for one in changes(store)} == {
            ("fine", "added", "2026-11-02"),
            ("failing", "added", "2026-11-18"),
            ("failing", "failing", "2026-11-18"),
            ("off", "added", "2026-11-18"),
            ("off", "removed", "2026-11-19"),
            ("new", "added", "2026-11-20"),
        }
        assert changes(store, "Zeta") == []
