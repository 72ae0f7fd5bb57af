"""Weeks, months and trends in the database are what the definitions say."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from listener import metrics
from listener.cli import main
from listener.metrics import Period
from listener.stages.aggregate import aggregate
from storage import daily, pages, reads, scores, sources
from storage.pages import Matched
from storage.records import Author, Engagement, Kind, Match, Mention, Score, Stance, StanceReading
from storage.scores import Reading
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRANDS = ["Sonnenkorn", "Krustenhof"]
CONFIG = """
[listener]
database = "listener.db"
[[brands]]
name = "Sonnenkorn"
query = "sonnenkorn"
[[brands]]
name = "Krustenhof"
query = "krustenhof"
[[brands]]
name = "Neuland"
query = "neuland"
[[sources]]
connector = "rss"
name = "Feeds"
feeds = ["https://example.org/feed"]
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """80 days of two brands, most of them silent; the last mention is two days before the last poll."""
    path = tmp_path_factory.mktemp("trends") / "listener.db"
    with Store(path) as store:
        sources.sync_brands(
            store, [sources.Brand(name=name, query=name, timezone="Europe/Berlin") for name in BRANDS]
        )
        sources.sync_sources(
            store,
            [sources.Source(name=name, connector=name, watch={"brands": BRANDS}) for name in ("Reddit", "X")],
            NOW - timedelta(days=80),
        )
        _fill(store, random.Random(7))
        daily.keep_apart(store, {"x": True})
        down = NOW - timedelta(days=30)
        for error_at in (down, down + timedelta(days=2)):
            sources.failed(store, 1, "down", now=error_at, next_poll_at=error_at, pause=False)
        for source in (1, 2):
            sources.succeeded(store, source, now=down + timedelta(days=3), next_poll_at=NOW)
        sources.succeeded(store, 2, now=NOW, next_poll_at=NOW)
        aggregate(store)
    return path


def _fill(store: Store, chance: random.Random) -> None:
    mentions = [
        Mention(
            platform=chance.choice(["reddit", "reddit", "x"]),
            platform_id=str(number),
            kind=Kind.POST,
            published_at=NOW - timedelta(days=2 + chance.choice([0, 9, 30]) + chance.randrange(40)),
            text=f"text {number}",
            rating=chance.choice([None, 2.0, 5.0]),
            author=chance.choice(
                [None, Author(platform_id=str(chance.randrange(5)), followers=chance.choice([None, 10, 99]))]
            ),
            engagement=Engagement(likes=chance.choice([None, 3]), views=chance.choice([None, 100])),
        )
        for number in range(90)
    ]
    matched = [Matched(one, [Match(brand=chance.choice(BRANDS), term="t")]) for one in mentions]
    pages.add_page(store, 1, matched, brands=BRANDS, now=NOW)
    for batch in iter(lambda: scores.begin(store, 50, NOW), []):
        scores.add(store, "model", [_reading(one.id, chance) for one in batch], NOW)


def _reading(mention_id: int, chance: random.Random) -> Reading:
    positive = chance.random()
    score = Score(p_negative=1 - positive, p_neutral=0, p_positive=positive)
    return Reading(mention_id, "de", score, StanceReading(stance=chance.choice(list(Stance))))


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


def _counted(store: Store, brand: str, first: str, last: str) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in store.rows(
            "SELECT * FROM mention_overview WHERE brand = ? AND day BETWEEN ? AND ?", [brand, first, last]
        )
    ]


@pytest.mark.parametrize("brand", BRANDS)
@pytest.mark.parametrize("period", Period)
def test_the_trend_agrees_with_the_definitions(store: Store, brand: str, period: Period) -> None:
    counts: dict[date, int] = {}
    for one in _counted(store, brand, "2000", "3000"):
        day = date.fromisoformat(one["day"])
        counts[day] = counts.get(day, 0) + 1
    since, heard = min(counts), NOW.date()
    rows = store.rows(
        "SELECT * FROM brand_trend WHERE brand = ? AND period = ? ORDER BY starts", [brand, period]
    )
    days = [since + timedelta(days=one) for one in range((heard - since).days + 1)]
    assert [row["starts"] for row in rows] == sorted({str(metrics.period_of(day, period)[0]) for day in days})
    for row in rows:
        first, last = metrics.period_of(date.fromisoformat(row["starts"]), period)
        inside = [day for day in days if first <= day <= last]
        mentions = sum(counts.get(day, 0) for day in inside)
        previous = metrics.previous(counts, first, len(inside), period, since)
        assert row["label"] == metrics.period_label(first, period)
        assert (row["days"], row["mentions"]) == (len(inside), mentions)
        assert row["complete"] == (len(inside) == (last - first).days + 1 and last < heard)
        assert row["previous"] == pytest.approx(previous)
        assert row["change"] == pytest.approx(metrics.Change(mentions, previous).relative)
        for length in (7, 28):
            mean = metrics.moving_mean(counts, inside[-1], length, since)
            assert row[f"mean_{length}_days"] == pytest.approx(mean)
    if period is Period.DAY:  # silent days are days
        assert any(row["mentions"] == 0 for row in rows)


@pytest.mark.parametrize("period", [Period.WEEK, Period.MONTH])
def test_weeks_and_months_agree_with_the_definitions(store: Store, period: Period) -> None:
    rows = store.rows(f"SELECT * FROM {period}ly_brand_metrics")  # noqa: S608 - ours
    assert len(rows) >= 6
    for row in rows:
        found = _counted(store, row["brand"], row["first_day"], row["last_day"])
        mixed = [one for one in found if one["platform"] != "x"]
        stances = [one["stance"] for one in found]
        labels = [one["sentiment_label"] for one in found]
        advocacy = metrics.advocacy(stances.count("promoting"), stances.count("detracting"))
        rate = metrics.mean_rate(one["engagement_rate"] for one in mixed)
        net = metrics.net_sentiment(labels.count("positive"), labels.count("negative"))
        followers: dict[str, list[int]] = {}
        for one in mixed:
            if one["author_followers"] is not None:
                followers.setdefault(one["platform"] + str(_author(store, one)), []).append(
                    one["author_followers"]
                )
        stars = [one["rating"] for one in found if one["rating"] is not None]
        assert row[period] == metrics.period_label(date.fromisoformat(row["first_day"]), period)
        assert row["mentions"] == len(found)
        assert row["authors"] == len({_author(store, one) for one in found} - {None})
        assert row["engagement"] == (sum(one["engagement"] or 0 for one in mixed) or None)
        assert row["engagement_rate_by_views"] == pytest.approx(rate.value)
        assert row["engagement_rate_by_views_n"] == rate.n
        assert row["net_sentiment"] == pytest.approx(net)
        assert (row["advocacy"], row["advocacy_n"]) == (pytest.approx(advocacy.value), advocacy.n)
        assert (row["advocacy_low"], row["advocacy_high"]) == (advocacy.low, advocacy.high)
        assert row["average_rating"] == pytest.approx(sum(stars) / len(stars) if stars else None)
        assert row["unique_reach"] == (sum(map(max, followers.values())) if followers else None)
        assert row["version"] == (metrics.VERSION if found else None)


def _author(store: Store, mention: dict[str, Any]) -> int | None:
    found: int | None = store.value("SELECT author_id FROM mentions WHERE id = ?", [mention["mention_id"]])
    return found


def test_a_note_says_what_the_comparison_must_not_be_read_without(store: Store) -> None:
    notes = {
        row["starts"]: row["coverage_note"]
        for row in store.rows("SELECT * FROM brand_trend WHERE brand = 'Sonnenkorn' AND period = 'day'")
    }
    gap = "Reddit failing 2026-10-21 to 2026-10-24"
    assert {day for day, note in notes.items() if note == gap} == {
        str(date(2026, 10, 21) + timedelta(days=one)) for one in range(11)
    }
    assert notes["2026-10-20"] is None
    assert (
        store.value("SELECT coverage_note FROM brand_trend WHERE starts = '2026-11-01' AND period = 'month'")
        == gap
    )


def test_after_retention_nobody_knows_how_many_authors_there_were(store: Store) -> None:
    with store.transaction():
        week = store.rows("SELECT * FROM weekly_brand_metrics WHERE authors > 0")[0]
        columns = [row["name"] for row in store.rows("PRAGMA table_info(settled_metrics)")]
        row = {
            "brand_id": 1 + BRANDS.index(week["brand"]),
            "day": week["first_day"],
            "platform": "x",
            "authors": 1,
        }
        values = [row.get(column, 0) for column in columns]
        store.execute(f"INSERT INTO settled_metrics VALUES ({','.join('?' * len(columns))})", values)  # noqa: S608
        found = store.rows("SELECT * FROM weekly_brand_metrics WHERE first_day = ?", [week["first_day"]])
        assert {one["brand"]: one["authors"] is None for one in found}[week["brand"]]
        store.execute("DELETE FROM settled_metrics")


@pytest.mark.parametrize(("period", "rows"), [(Period.DAY, 14), (Period.WEEK, 8), (Period.MONTH, 3)])
def test_the_command_shows_the_last_rows_and_the_notes(path: Path, period: Period, rows: int) -> None:
    config = path.with_name("config.toml")
    config.write_text(CONFIG, "utf-8")
    words = ["trend", "Sonnenkorn", "--config", str(config), "--period", str(period)]
    shown = CliRunner().invoke(main, words, env={"COLUMNS": "80"})
    assert shown.exit_code == 0, shown.output
    assert "is not over yet" in shown.output
    assert ("! Reddit failing 2026-10-21 to 2026-10-24" in shown.output) == (period is not Period.DAY)
    assert "█" not in shown.output
    wide = CliRunner().invoke(main, words, env={"COLUMNS": "120"}).output
    assert "█" * 20 in wide
    data = json.loads(CliRunner().invoke(main, [*words, "--json"]).output)
    assert len(data) == rows
    assert data[-1]["mentions"] is not None
    assert json.loads(CliRunner().invoke(main, [*words, "--json", "--last", "2"]).output) == data[-2:]


def test_the_command_names_an_unknown_brand_and_says_where_nothing_is_counted(path: Path) -> None:
    config = path.with_name("config.toml")
    config.write_text(CONFIG, "utf-8")
    unknown = CliRunner().invoke(main, ["trend", "Nobody", "--config", str(config)])
    assert (unknown.exit_code, "there is no brand 'Nobody'" in unknown.output) == (2, True)
    empty = CliRunner().invoke(main, ["trend", "Neuland", "--config", str(config)])
    assert "no mentions were counted yet" in empty.output
    much = CliRunner().invoke(main, ["trend", "Sonnenkorn", "--config", str(config), "--last", "100000"])
    assert (much.exit_code, "10000" in much.output) == (2, True)


def test_means_are_shown_with_as_many_digits_as_they_have(path: Path) -> None:
    config = path.with_name("config.toml")
    config.write_text(CONFIG, "utf-8")
    words = ["trend", "Sonnenkorn", "--config", str(config), "--period", "week"]
    shown = CliRunner().invoke(main, words, env={"COLUMNS": "120"}).output
    means = [row["mean_28_days"] for row in json.loads(CliRunner().invoke(main, [*words, "--json"]).output)]
    assert f" {means[-1]:.1f} " in shown
    assert f" {means[-1]:.1f}0 " not in shown


def test_a_trend_without_a_brand_is_empty(store: Store) -> None:
    assert reads.trend(store, "Nobody", "day", 3) == []


def test_what_is_compared_with_what() -> None:
    friday = date(2026, 11, 20)
    assert metrics.previous_period(friday, 1, Period.DAY) == (date(2026, 11, 13), date(2026, 11, 13))
    assert metrics.previous_period(date(2026, 11, 16), 5, Period.WEEK) == (
        date(2026, 11, 9),
        date(2026, 11, 13),
    )
    assert metrics.previous_period(date(2027, 3, 1), 9, Period.MONTH) == (date(2027, 2, 1), date(2027, 2, 28))
    assert metrics.period_label(date(2027, 1, 1), Period.WEEK) == "2026-W53"
    counts = {date(2027, 2, 3): 56}
    assert metrics.previous(counts, date(2027, 3, 1), 9, Period.MONTH, date(2027, 2, 1)) == 18
    assert metrics.previous(counts, date(2027, 3, 1), 9, Period.MONTH, date(2027, 2, 2)) is None
    assert metrics.moving_mean(counts, date(2027, 2, 4), 7, date(2027, 2, 1)) == 14
    assert metrics.moving_mean(counts, date(2027, 2, 4), 7, date(2027, 2, 5)) is None
