"""The views say what ``listener.metrics`` defines, and computing only the touched days loses nothing."""

import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks import plain_sql
from listener import metrics
from listener.stages.aggregate import aggregate
from storage import daily, graves, pages, scores, sources
from storage.pages import Matched
from storage.records import Author, Engagement, Exclusion, Kind, Match, Mention, Score, Stance, StanceReading
from storage.scores import Reading
from storage.store import Row, Store, moment

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRANDS = ("Sonnenkorn", "Krustenhof")
ANSWERS: list[dict[str, Any]] = [
    {},
    {"answered": False},
    {"answered": True},
    {"answered": True, "answered_at": NOW},
    {"answered": True, "answered_at": NOW - timedelta(days=3)},
]
FIGURES = "SELECT * FROM daily_metrics ORDER BY brand_id, day, platform"
ADVOCACY = "SELECT * FROM daily_advocacy ORDER BY brand_id, day"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "listener.db") as opened:
        sources.sync_brands(
            opened,
            [
                sources.Brand(
                    name=name, query=name, timezone="Europe/Berlin", competitor=name == "Krustenhof"
                )
                for name in BRANDS
            ],
        )
        sources.sync_sources(opened, [sources.Source(name="s", connector="reddit", watch={})], NOW)
        yield opened


def fill(store: Store, seed: int, count: int = 120) -> None:
    """Random mentions of two brands over five days: unknown counts, readers of nobody, stars, own posts, copies."""
    chance = random.Random(seed)
    mentions = [
        Mention(
            platform=chance.choice(["reddit", "x"]),
            platform_id=f"{seed}-{number}",
            kind=Kind.POST,
            published_at=NOW - timedelta(hours=chance.randrange(120)),
            text=f"text {number}",
            rating=chance.choice([None, None, 1.0, 4.5, 5.0]),
            **ANSWERS[number % len(ANSWERS)],
            author=chance.choice(
                [
                    None,
                    Author(
                        platform_id=(number_of := str(chance.randrange(9))),
                        handle=number_of,
                        followers=chance.choice([None, 0, 10, 99]),
                    ),
                ]
            ),
            engagement=Engagement(
                likes=chance.choice([None, 0, 3, 7]),
                shares=chance.choice([None, 2]),
                comments=chance.choice([None, 0, 1]),
                views=chance.choice([None, 0, 100, 250]),
            ),
        )
        for number in range(count)
    ]
    matched = [
        Matched(
            one,
            [Match(brand=name, term=name) for name in chance.sample(BRANDS, chance.choice([1, 2]))],
            own=dict.fromkeys(chance.sample(BRANDS, chance.choice([0, 0, 0, 1])), Exclusion.OWN_ACCOUNT),
        )
        for one in mentions
    ]
    pages.add_page(store, 1, matched, brands=BRANDS, now=NOW)
    with store.transaction():
        copies = "mentions SET duplicate_of = (SELECT min(id) FROM mentions) WHERE id % 9 = 5"
        store.execute(f"UPDATE {copies}")
    for batch in iter(lambda: scores.begin(store, 50, NOW), []):
        scores.add(store, "model", [_reading(one.id, chance) for one in batch], NOW)


def _reading(mention_id: int, chance: random.Random) -> Reading:
    share = chance.random()
    score = Score(p_negative=share, p_neutral=0.2 * (1 - share), p_positive=0.8 * (1 - share))
    stance = StanceReading(stance=chance.choice(list(Stance)))
    return Reading(mention_id, "de", chance.choice([score, None]), stance)


def counted(store: Store, brand: str, day: str, *, copies: bool = False) -> list[dict[str, Any]]:
    found = store.rows(
        "SELECT * FROM mention_overview WHERE brand = ? AND day = ? AND own_account = 0"
        " AND (duplicate_of IS NOT NULL) = ?",
        [brand, day, copies],
    )
    return [dict(row) for row in found]


@pytest.mark.parametrize("seed", range(3))
def test_the_views_agree_with_the_definitions(store: Store, seed: int) -> None:
    fill(store, seed)
    aggregate(store)
    days = store.rows("SELECT * FROM daily_brand_metrics")
    assert len(days) >= 10
    for row in days:
        mentions = counted(store, row["brand"], row["day"])
        engaged = [
            metrics.engagement(Engagement(likes=m["likes"], shares=m["shares"], comments=m["comments"]))
            for m in mentions
        ]
        by_views = metrics.mean_rate(
            metrics.engagement_rate(one, m["views"]) for one, m in zip(engaged, mentions, strict=True)
        )
        by_followers = metrics.mean_rate(
            metrics.engagement_rate(one, m["author_followers"])
            for one, m in zip(engaged, mentions, strict=True)
        )
        labels = [m["sentiment_label"] for m in mentions]
        stances = [m["stance"] for m in mentions]
        advocacy = metrics.advocacy(stances.count("promoting"), stances.count("detracting"))
        ratings = [m["rating"] for m in mentions if m["rating"] is not None]
        total = metrics.reach(engaged)  # sums what is known
        assert row["mentions"] == len(mentions)
        assert row["engagement"] == total
        assert row["engagement_rate_by_views"] == pytest.approx(by_views.value)
        assert row["engagement_rate_by_views_n"] == by_views.n
        assert row["engagement_rate_by_followers"] == pytest.approx(by_followers.value)
        assert row["engagement_rate_by_followers_n"] == by_followers.n
        net = metrics.net_sentiment(labels.count("positive"), labels.count("negative"))
        assert row["net_sentiment"] == pytest.approx(net)
        assert (row["advocacy"], row["advocacy_n"]) == (pytest.approx(advocacy.value), advocacy.n)
        assert (row["advocacy_low"], row["advocacy_high"]) == (advocacy.low, advocacy.high)
        assert row["average_rating"] == pytest.approx(sum(ratings) / len(ratings) if ratings else None)
        assert row["version"] == metrics.VERSION


@pytest.mark.parametrize("seed", range(3))
def test_review_figures_agree_with_the_definitions(store: Store, seed: int) -> None:
    fill(store, seed)
    aggregate(store)
    rows = store.rows("SELECT * FROM review_metrics")
    assert len(rows) >= 15
    for row in rows:
        mentions = [m for m in counted(store, row["brand"], row["day"]) if m["platform"] == row["platform"]]
        ratings = [m["rating"] for m in mentions]
        average = metrics.average_rating(ratings)
        assert (row["average_rating"], row["reviews"]) == (pytest.approx(average.value), average.n)
        assert metrics.star_distribution(ratings) == {n: row[f"stars_{n}"] for n in range(1, 6)}
        assert (row["answerable"], row["answered"], row["response_rate"]) == answered(store, mentions)
        hours = metrics.mean_rate(
            metrics.response_time(moment(m["published_at"]), m["answered_at"] and moment(m["answered_at"]))
            for m in answers(store, mentions)
        )
        assert row["response_hours"] == pytest.approx(hours.value)
        assert row["response_hours_n"] == (hours.n if row["answerable"] else None)
    assert any(row["response_hours"] for row in rows)


def answers(store: Store, mentions: list[dict[str, Any]]) -> list[Row]:
    ids = json.dumps([m["mention_id"] for m in mentions])
    return store.rows("SELECT * FROM mentions WHERE id IN (SELECT value FROM json_each(?))", [ids])


def answered(store: Store, mentions: list[dict[str, Any]]) -> tuple[int | None, int | None, float | None]:
    """How many could be answered and were, and the rate; all unknown where the platform shows none."""
    known = [m["answered"] for m in answers(store, mentions) if m["answered"] is not None]
    if not known:
        return None, None, metrics.response_rate(0, 0)
    return len(known), sum(known), metrics.response_rate(sum(known), len(known))


def test_velocity_is_new_reviews_per_day(store: Store) -> None:
    for back, count in ((0, 3), (2, 4), (6, 7), (7, 28), (28, 50)):
        written = [
            Mention(
                platform=platform,
                platform_id=f"{back}-{number}",
                kind=Kind.REVIEW,
                published_at=NOW - timedelta(days=back),
                text="gut",
                rating=4.0,
            )
            for number in range(count)
            for platform in ("trustpilot", "appstore")
        ]
        matched = [Matched(one, [Match(brand="Sonnenkorn", term="x")]) for one in written]
        pages.add_page(store, 1, matched, brands=BRANDS, now=NOW)
    aggregate(store)
    row = store.rows("SELECT * FROM review_metrics ORDER BY day DESC")[0]
    assert (row["day"], row["reviews"]) == ("2026-11-20", 3)
    assert row["reviews_7_days"] == metrics.velocity(3 + 4 + 7, 7)
    assert row["reviews_28_days"] == metrics.velocity(3 + 4 + 7 + 28, 28)
    assert (row["answerable"], row["answered"], row["response_rate"]) == (None, None, None)
    assert (row["response_hours"], row["response_hours_n"]) == (None, None)


@pytest.mark.parametrize("seed", range(3))
def test_copies_reach_and_counts_per_mention_agree_with_the_definitions(store: Store, seed: int) -> None:
    fill(store, seed)
    aggregate(store)
    days = store.rows("SELECT * FROM daily_brand_metrics")
    assert sum(row["copies"] for row in days) > 5
    for row in days:
        mentions = counted(store, row["brand"], row["day"])
        copies = counted(store, row["brand"], row["day"], copies=True)
        audiences = [((m["platform"], m["author"]), m["author_followers"]) for m in mentions]
        reach = metrics.reach(followers for _, followers in audiences)
        reached = metrics.reach(m["engagement"] for m in mentions if m["author_followers"] is not None)
        assert (row["copies"], row["copies_engagement"]) == (
            len(copies),
            metrics.reach(m["engagement"] for m in copies),
        )
        assert row["reach"] == reach
        assert row["unique_reach"] == metrics.unique_reach(audiences)
        assert row["engagement_rate_by_reach"] == metrics.engagement_rate(reached, reach)
        for figure, count, definition in (
            ("amplification", "shares", metrics.amplification),
            ("conversation", "comments", metrics.conversation),
            ("applause", "likes", metrics.applause),
        ):
            mean = definition(m[count] for m in mentions)
            assert (row[figure], row[f"{count}_n"]) == (pytest.approx(mean.value), mean.n)
        rates = metrics.mean_rate(metrics.engagement_rate(m["engagement"], m["views"]) for m in mentions)
        assert row["engagement_rate_by_views_coverage"] == rates.coverage


def test_platforms_languages_hours_and_voices_add_up_to_the_brands_day(store: Store) -> None:
    fill(store, 4)
    aggregate(store)
    days = {
        (row["brand"], row["day"]): row["mentions"] for row in store.rows("SELECT * FROM daily_brand_metrics")
    }
    assert len(days) >= 10
    for view in ("engagement_by_platform", "language_metrics", "hourly_metrics"):
        found = store.rows(f"SELECT brand, day, sum(mentions) FROM {view} GROUP BY brand, day")  # noqa: S608 - from here
        assert {(row[0], row[1]): row[2] for row in found} == days, view
    voices = store.rows("SELECT voice, day, mentions, share, panel_mentions, own_brand FROM brand_comparison")
    assert {(row[0], row[1]): row[2] for row in voices} == days
    for voice, day, mentions, share, panel, own in voices:
        assert share == mentions / panel
        assert panel == sum(days.get((brand, day), 0) for brand in BRANDS)
        assert own == (voice == "Sonnenkorn")
    heat = store.rows("SELECT weekday, hour, mentions FROM hour_of_week WHERE brand = 'Krustenhof'")
    assert sum(row["mentions"] for row in heat) == sum(
        n for (brand, _), n in days.items() if brand == "Krustenhof"
    )
    sunday = store.value("SELECT weekday FROM hourly_metrics WHERE day = '2026-11-15'")
    assert (sunday, {row["hour"] for row in heat} <= set(range(24))) == (7, True)


def test_people_are_counted_by_their_days(store: Store) -> None:
    fill(store, 5)
    aggregate(store)
    mentions = [
        one
        for row in store.rows("SELECT brand, day FROM daily_brand_metrics WHERE brand = 'Sonnenkorn'")
        for one in counted(store, *row)
        if one["author"]
    ]
    for view, stance in (("top_advocates", "promoting"), ("top_detractors", "detracting")):
        found = store.rows(f"SELECT * FROM {view} WHERE brand = 'Sonnenkorn'")  # noqa: S608 - from here
        taken = [one for one in mentions if one["stance"] == stance]
        assert len(found) == len({(one["platform"], one["author"]) for one in taken}) > 5
        for row in found:
            theirs = [
                one for one in taken if (one["platform"], one["author"]) == (row["platform"], row["author"])
            ]
            assert row[f"{stance}_mentions"] == len(theirs)
            assert row["days"] == len({one["day"] for one in theirs})
            assert row["last_at"] == max(one["day"] for one in theirs)
    activity = store.value("SELECT sum(mentions) FROM author_activity WHERE brand = 'Sonnenkorn'")
    assert activity == len(mentions)


def test_stances_of_authors_stay_in_step_with_their_days(store: Store) -> None:
    fill(store, 4)
    aggregate(store)
    before = stances_of_authors(store)
    with store.transaction():  # one author says nothing any more, the others now and then something else
        store.execute("UPDATE mentions SET stance = NULL WHERE author_id = 1")
        store.execute(
            "UPDATE mentions SET stance = 'detracting' WHERE stance = 'promoting' AND author_id <> 1 AND id % 3 = 0"
        )
        daily.mark_dirty(store, range(1, 121))
    aggregate(store)
    after = stances_of_authors(store)
    assert {row[:3] for row in before} - {row[:3] for row in after}
    assert {row[:3] for row in after} - {row[:3] for row in before}


def stances_of_authors(store: Store) -> set[tuple[Any, ...]]:
    """Of all authors, which are those that their days add up to."""
    kept = store.rows("SELECT brand_id, author_id, stance, mentions FROM author_stances")
    summed = [
        row
        for stance in ("promoting", "detracting")
        for row in store.rows(
            f"SELECT brand_id, author_id, '{stance}', sum({stance}) FROM author_days WHERE {stance} > 0"  # noqa: S608 - from above
            " GROUP BY brand_id, author_id"
        )
    ]
    assert sorted(map(tuple, kept)) == sorted(map(tuple, summed))
    return set(map(tuple, kept))


def test_hour_of_week_looks_at_the_last_28_days_that_have_mentions(store: Store) -> None:
    with store.transaction():
        for number in range(30):
            day = f"2026-{10 + number // 15}-{number % 15 + 1:02}"
            store.execute("INSERT INTO daily_advocacy VALUES (1, ?, 2, 0, 0, 0, NULL, NULL, NULL)", [day])
            store.execute("INSERT INTO daily_slices VALUES (1, 'hour', ?, '9', 1, 0, 0, 0, 0, 0)", [day])
            if number < 29:  # the last one has not come yet
                store.execute("INSERT INTO brand_days VALUES (1, ?)", [day])
    found = store.row("SELECT sum(mentions), min(first_day), max(last_day) FROM hour_of_week")
    assert found is not None
    assert tuple(found) == (28, "2026-10-02", "2026-11-14")


def test_plain_sql_finds_the_same_figures(store: Store) -> None:
    fill(store, 6)
    aggregate(store)
    plain_sql.everything(store._conn)  # noqa: SLF001 - it stands for an analyst's connection
    for plain, table, columns in (
        ("plain_metrics", "daily_metrics", plain_sql.METRICS),
        ("plain_reach", "daily_metrics", ("brand_id", "day", "platform", "unique_reach")),
        (
            "plain_authors",
            "author_days",
            ("brand_id", "day", "author_id", "mentions", "engagement", "followers"),
        ),
        (
            "plain_slices",
            "daily_slices",
            ("brand_id", "dimension", "day", "CAST(value AS TEXT)", "mentions", "positive"),
        ),
    ):
        query = f"SELECT {', '.join(columns)} FROM {{}} ORDER BY 1, 2, 3, 4"  # noqa: S608 - from above
        ours, theirs = rounded(store.rows(query.format(table))), rounded(store.rows(query.format(plain)))
        assert len(ours) >= 10
        if plain == "plain_reach":  # it has no rows where nobody has a name
            ours = [row for row in ours if row[3] is not None]
            theirs = [row for row in theirs if row[3] is not None]
        assert theirs == ours, table


def rounded(rows: Iterable[Row]) -> list[tuple[Any, ...]]:
    return [tuple(round(one, 9) if isinstance(one, float) else one for one in row) for row in rows]


def test_another_version_of_the_definitions_computes_once_what_still_has_mentions(store: Store) -> None:
    fill(store, 7)
    aggregate(store)
    with store.transaction():
        store.execute("UPDATE daily_metrics SET version = 1")
        store.execute("DELETE FROM mention_brands WHERE day = '2026-11-18'")
        store.set_meta("figures", "1")
    days = {row[0] for row in store.rows("SELECT DISTINCT day FROM daily_metrics")}
    aggregate(store)
    versions = {(row[0], row[1]) for row in store.rows("SELECT day, version FROM daily_brand_metrics")}
    assert versions == {(day, 1 if day == "2026-11-18" else metrics.VERSION) for day in days}
    assert aggregate(store) == 0


def test_deleted_mentions_keep_the_version_by_which_they_were_counted(store: Store) -> None:
    fill(store, 8, count=40)
    aggregate(store)
    with store.transaction():
        store.set_meta("figures", "1")
        store.execute("DELETE FROM duplicate_queue")
        graves.expire_old(store, "x", NOW + timedelta(days=1), now=NOW, limit=1000)
    daily.use_version(store, metrics.VERSION)
    aggregate(store)
    found = {tuple(row) for row in store.rows("SELECT DISTINCT platform, version FROM daily_metrics")}
    assert found == {("x", 1), ("reddit", metrics.VERSION)}


def test_share_of_voice_counts_a_brand_and_its_competitors(store: Store) -> None:
    fill(store, 1)
    aggregate(store)
    rows = store.rows("SELECT * FROM share_of_voice WHERE voice = 'Sonnenkorn'")
    assert len(rows) >= 5
    for row in rows:
        rival = len(counted(store, "Krustenhof", row["day"]))
        assert row["brand"] == "Sonnenkorn"  # a competitor has no panel of its own
        assert row["share"] == metrics.share_of_voice(row["mentions"], rival)


def test_a_window_of_28_days_adds_up_stances_not_rates(store: Store) -> None:
    fill(store, 2)
    aggregate(store)
    last = store.rows("SELECT * FROM advocacy_trend WHERE brand = 'Krustenhof' ORDER BY day DESC")[0]
    promoting, detracting = store.rows(
        "SELECT sum(promoting), sum(detracting) FROM daily_brand_metrics WHERE brand = 'Krustenhof'"
    )[0]
    assert last["advocacy_28_days"] == metrics.advocacy(promoting, detracting).value
    assert last["n_28_days"] == promoting + detracting


def test_touched_days_and_everything_give_the_same_rows(store: Store) -> None:
    for seed in range(3):  # each round touches some days again
        fill(store, seed, count=25)
        aggregate(store)
    step_by_step = [tuple(row) for table in (FIGURES, ADVOCACY) for row in store.rows(table)]
    daily.mark_all_dirty(store)
    assert aggregate(store) == store.value("SELECT count(*) FROM daily_advocacy")
    assert [tuple(row) for table in (FIGURES, ADVOCACY) for row in store.rows(table)] == step_by_step


def test_a_day_whose_mentions_are_gone_has_no_row(store: Store) -> None:
    fill(store, 0, count=5)
    aggregate(store)
    with store.transaction():
        store.execute("UPDATE mentions SET hidden_at = '2026-11-20T12:00:00Z'")
    daily.mark_all_dirty(store)
    aggregate(store)
    assert store.rows(FIGURES) == []
    assert store.rows(ADVOCACY) == []


def test_a_platform_that_must_not_be_mixed_stays_out_of_the_sums(store: Store) -> None:
    fill(store, seed=5)
    aggregate(store)
    summed = "SELECT brand, day, engagement, engagement_rate_by_views_n, mentions, positive FROM daily_brand_metrics"
    before = [tuple(row) for row in store.rows(summed)]
    daily.keep_apart(store, {"x": True})
    assert aggregate(store) > 0
    for brand, day, engagement, rates, mentions, positive in store.rows(summed):
        alone = store.rows(
            "SELECT engagement, engagement_rate_by_views_n FROM engagement_by_platform"
            " WHERE brand = ? AND day = ? AND platform = 'reddit'",
            [brand, day],
        )
        assert (engagement, rates) == (tuple(alone[0]) if alone else (None, 0))
        assert (mentions, positive) in {(row[4], row[5]) for row in before if row[:2] == (brand, day)}
    daily.keep_apart(store, {"x": False})
    aggregate(store)
    assert [tuple(row) for row in store.rows(summed)] == before


def test_what_version_1_did_not_count_is_unknown_not_zero(store: Store) -> None:
    """Mentions that retention deleted before: their likes were added up, but not how many had any, nor stars."""
    fill(store, 9)
    aggregate(store)
    with store.transaction():
        store.execute(
            "INSERT INTO settled_metrics (brand_id, day, platform, version, mentions, authors, likes,"
            " rate_by_views_sum, rate_by_views_n, rate_by_followers_sum, rate_by_followers_n, positive, neutral,"
            " negative, promoting, detracting, indifferent, rating_sum, rating_n)"
            " VALUES (1, '2026-11-18', 'reddit', 1, 100, 9, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 400, 100)"
        )
        store.execute("INSERT OR IGNORE INTO dirty_days VALUES (1, '2026-11-18', 'reddit')")
    aggregate(store)
    day = "WHERE brand = 'Sonnenkorn' AND day = '2026-11-18'"
    row = store.row(f"SELECT applause, likes, version FROM daily_brand_metrics {day}")  # noqa: S608 - from above
    assert row is not None
    assert (row["applause"], row["version"]) == (None, 1)
    assert row["likes"] > 1000
    week = store.row(
        "SELECT applause, version FROM weekly_brand_metrics WHERE brand = 'Sonnenkorn' AND week = '2026-W47'"
    )
    assert week is not None
    assert tuple(week) == (None, 1)
    stars = store.row(f"SELECT reviews, stars_4 FROM review_metrics {day} AND platform = 'reddit'")  # noqa: S608 - from above
    assert stars is not None
    assert (stars["reviews"] >= 100, stars["stars_4"]) == (True, None)
    others = store.value(
        "SELECT count(*) FROM daily_brand_metrics WHERE applause IS NOT NULL AND version = 2"
    )
    assert others > 5
