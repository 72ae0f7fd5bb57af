"""A brand's time zone decides on which local day, at which hour, a mention stands."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import daily, pages, sources
from storage.pages import Matched
from storage.records import Kind, Match, Mention
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOURS = "SELECT day, hour FROM mention_overview ORDER BY mention_id"


def brand(timezone: str) -> sources.Brand:
    return sources.Brand(name="b", query="b", timezone=timezone)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "listener.db")
    sources.sync_brands(opened, [brand("Europe/Berlin")])
    sources.sync_sources(opened, [sources.Source(name="s", connector="reddit", watch={})], NOW)
    matched = [
        Matched(
            Mention(
                platform="reddit",
                platform_id=str(hour),
                kind=Kind.POST,
                published_at=datetime(2026, 11, 19, hour, 30, tzinfo=UTC),
                text="b",
            ),
            [Match(brand="b", term="b")],
        )
        for hour in (3, 12, 22, 23)
    ]
    pages.add_page(opened, 1, matched, brands=["b"], now=NOW)
    with opened.transaction():
        daily.recompute(opened, daily.dirty(opened, 9), 2)
    yield opened
    opened.close()


def places(store: Store) -> list[tuple[str, int]]:
    return [(row["day"], row["hour"]) for row in store.rows(HOURS)]


IN_BERLIN = [("2026-11-19", 4), ("2026-11-19", 13), ("2026-11-19", 23), ("2026-11-20", 0)]


def test_mentions_without_an_hour_get_one_and_touch_their_days(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "BATCH", 2)
    assert places(store) == IN_BERLIN
    with store.transaction():
        store.execute("UPDATE mention_brands SET hour = NULL WHERE mention_id > 1")
    sources.sync_brands(store, [brand("Europe/Berlin")])
    assert places(store) == IN_BERLIN
    assert {one.day for one in daily.dirty(store, 9)} == {"2026-11-19", "2026-11-20"}


def test_another_time_zone_moves_mentions_and_touches_the_days_on_both_sides(store: Store) -> None:
    sources.sync_brands(store, [brand("America/Los_Angeles")])
    assert places(store) == [("2026-11-18", 19), ("2026-11-19", 4), ("2026-11-19", 14), ("2026-11-19", 15)]
    assert {one.day for one in daily.dirty(store, 9)} == {"2026-11-18", "2026-11-19", "2026-11-20"}


def test_a_sync_that_changes_nothing_touches_no_day(store: Store) -> None:
    sources.sync_brands(store, [brand("Europe/Berlin")])
    assert daily.dirty(store, 9) == []
