"""The queue of what is to be read again, and the ledger of what that costs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Upkeep
from listener.config import SourceConfig
from listener.config.sections import SourceSection
from listener.watching import next_check
from storage import checks, ledger, pages, sources
from storage.pages import Matched
from storage.records import Kind, Match, Mention, Spent
from storage.store import Store
from tests.connectors.test_contract import Honest

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POST = Mention(
    platform="reddit", platform_id="1", kind=Kind.POST, published_at=NOW - HOUR / 2, text="Acme backt"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "listener.db") as opened:
        sources.sync_brands(opened, [sources.Brand(name="Acme", query="acme", timezone="UTC")])
        two = [sources.Source(name=name, connector="reddit", watch={}) for name in ("r", "s")]
        sources.sync_sources(opened, two, NOW)
        yield opened


def add(
    store: Store, mention: Mention, check_at: datetime | None, *, source: int = 1, now: datetime = NOW
) -> None:
    matched = Matched(mention, [Match(brand="Acme", term="acme")], check_at=check_at)
    pages.add_page(store, source, [matched], brands=["Acme"], now=now)


def due(store: Store, now: datetime, source: int = 1) -> list[str]:
    return [one.platform_id for one in checks.due(store, source, now, 10)]


def test_the_longest_waiting_comes_first_and_each_source_has_its_own(store: Store) -> None:
    add(store, POST, NOW + 2 * HOUR)
    add(store, replace(POST, platform_id="2"), NOW + HOUR)
    add(store, replace(POST, platform_id="3"), None)
    add(store, replace(POST, platform_id="4"), NOW + HOUR, source=2)
    assert due(store, NOW + 3 * HOUR) == ["2", "1"]
    assert due(store, NOW + HOUR) == ["2"]
    assert due(store, NOW + HOUR, source=2) == ["4"]


def test_rescheduled_and_postponed(store: Store) -> None:
    add(store, POST, NOW)
    add(store, replace(POST, platform_id="2"), NOW)
    checks.reschedule(store, 1, {"1": NOW + DAY, "2": None})
    assert due(store, NOW + DAY) == ["1"]
    checks.postpone(store, 1, NOW + 2 * DAY)
    assert due(store, NOW + DAY) == []
    assert due(store, NOW + 2 * DAY) == ["1"]


def test_a_poll_that_shows_the_post_again_counts_as_the_check(store: Store) -> None:
    add(store, POST, NOW + HOUR)
    add(store, POST, NOW + 6 * HOUR, now=NOW + HOUR)
    assert due(store, NOW + 2 * HOUR) == []
    assert due(store, NOW + 6 * HOUR) == ["1"]


def test_seen_again_is_noted_once_a_day(store: Store) -> None:
    add(store, POST, None)
    add(store, POST, None, now=NOW + HOUR)
    assert store.value("SELECT seen_at FROM mentions") == "2026-11-20T12:00:00Z"
    add(store, POST, None, now=NOW + 25 * HOUR)
    assert store.value("SELECT seen_at FROM mentions") == "2026-11-21T13:00:00Z"


AGES = (HOUR, 6 * HOUR, DAY)


@pytest.mark.parametrize(
    ("age", "recheck", "after"),
    [
        (timedelta(0), None, HOUR),
        (HOUR, None, 5 * HOUR),
        (2 * HOUR, None, 4 * HOUR),
        (DAY, None, None),
        (30 * DAY, None, None),
        (30 * DAY, 2 * DAY, 2 * DAY),
        (timedelta(days=-400_000), None, HOUR + timedelta(days=400_000)),
    ],
)
def test_next_check(age: timedelta, recheck: timedelta | None, after: timedelta | None) -> None:
    class Kept(Honest):
        upkeep = Upkeep(batch=1, ages=AGES, recheck=recheck)

    source = SourceConfig(SourceSection(connector="board"), "board", Kept, None, (), (), "query")
    assert next_check(source, NOW - age, NOW) == (None if after is None else NOW + after)


def test_the_ledger_keeps_months_and_quotas_apart(store: Store) -> None:
    ledger.spend(store, "reddit", Spent(calls=2, quotas={("search", "2026-11-19"): 1}), NOW)
    ledger.spend(store, "reddit", Spent(calls=3, micro_usd=7, quotas={("search", "2026-11-20"): 4}), NOW)
    ledger.spend(store, "reddit", Spent(calls=9), NOW + 30 * DAY)
    assert ledger.used(store, "reddit", NOW) == Spent(calls=5, micro_usd=7)
    assert ledger.quotas_used(store, "reddit", {"search": "2026-11-20"}) == {"search": 4}
    assert ledger.quotas_used(store, "reddit", {"search": "2026-11-21"}) == {"search": 0}


def configured(*names: str, place: str = "") -> list[sources.Source]:
    return [
        sources.Source(name=name, connector="reddit", watch={"match": "query"}, place=place) for name in names
    ]


def test_a_renamed_source_keeps_its_mentions(store: Store) -> None:
    sources.sync_sources(store, configured("old"), NOW)
    source = store.value("SELECT id FROM sources WHERE name = 'old'")
    add(store, POST, NOW, source=source)
    sources.sync_sources(store, configured("new"), NOW)
    renamed = store.value("SELECT id FROM sources WHERE name = 'new'")
    assert due(store, NOW, renamed) == ["1"]


def test_a_source_that_is_switched_off_asks_nobody_and_on_again_asks_at_once(store: Store) -> None:
    sources.sync_sources(store, configured("one"), NOW)
    source = store.value("SELECT id FROM sources WHERE name = 'one'")
    add(store, POST, NOW + DAY, source=source)
    sources.sync_sources(store, configured("other", place="elsewhere"), NOW)
    assert store.value("SELECT check_at FROM mentions") is None
    sources.sync_sources(store, configured("one"), NOW)
    assert due(store, NOW, source) == ["1"]
