"""The digest's data says what the database says, and nothing more."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from listener.digest.build import build
from listener.digest.data import DigestData, Measure, Reason, Trouble
from storage import pages, sources
from storage.records import Label, Reject, Stance
from tests.listener.bakery import ANNA, DAY, NOW, Bakery, bakery, fill


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as opened:
        yield opened


def digest(place: Bakery, day: date = DAY, top_n: int = 5) -> DigestData:
    place.settle()
    return build(place.store, "Sonnenkorn", day, top_n=top_n)


def test_figures_stand_beside_the_day_and_the_week_before(place: Bakery) -> None:
    fill(place)
    data = digest(place)
    shown = {
        one.measure: (one.value, one.day_before, one.week_before, one.n, one.total) for one in data.figures
    }
    assert shown == {
        Measure.MENTIONS: (4, 1, 1, None, None),
        Measure.AUTHORS: (2, 1, 1, None, None),
        Measure.ENGAGEMENT: (56, 2, 2, None, None),
        Measure.RATE_BY_VIEWS: (0.1, None, None, 1, 4),
        Measure.RATE_BY_FOLLOWERS: (pytest.approx((10 / 200 + 45 / 5000 + 1 / 200) / 3), 0.01, 0.01, 3, 4),
        Measure.NET_SENTIMENT: (0, None, None, 2, 4),
        Measure.ADVOCACY: (0, None, None, 2, 4),
        Measure.STARS: (None, None, None, 0, 4),
        Measure.SHARE_OF_VOICE: (0.8, 1, 1, None, None),
    }


def test_the_same_database_gives_the_same_digest_and_json_gives_it_back(place: Bakery) -> None:
    fill(place)
    data = digest(place)
    assert digest(place) == data
    assert DigestData.model_validate_json(data.model_dump_json()) == data


def test_a_day_without_mentions_counts_as_zero_and_has_no_rates(place: Bakery) -> None:
    for back in (0, 8):
        place.mention(back=back, label=Label.POSITIVE, counts=(7, None, None, None), author=ANNA)
    data = digest(place)
    mentions, net = data.figure(Measure.MENTIONS), data.figure(Measure.NET_SENTIMENT)
    assert (mentions.day_before, mentions.week_before) == (0, 0)
    assert (net.value, net.day_before, net.week_before) == (1, None, None)
    assert data.volume[-2].positive == 0


@pytest.mark.parametrize(
    ("first", "day_before", "week_before"), [(0, None, None), (1, 1, None), (6, 0, None), (7, 0, 1 / 7)]
)
def test_before_the_first_day_nothing_is_compared(
    place: Bakery, first: int, day_before: float | None, week_before: float | None
) -> None:
    place.mention()
    if first:
        place.mention(back=first)
    data = digest(place)
    mentions = data.figure(Measure.MENTIONS)
    assert (mentions.day_before, mentions.week_before) == (day_before, week_before)
    assert [day.neutral is None for day in data.volume] == [True] * (27 - first) + [False] * (first + 1)


def test_a_new_competitor_makes_earlier_shares_incomparable(place: Bakery) -> None:
    for back in range(9):
        place.mention(back=back)
    place.mention(brand="Mühle")
    share = digest(place).figure(Measure.SHARE_OF_VOICE)
    assert (share.value, share.day_before, share.week_before) == (0.5, None, None)


def test_without_competitors_there_is_no_share_of_voice(tmp_path: Path) -> None:
    with bakery(tmp_path, competitors=()) as place:
        place.mention()
        data = digest(place)
    assert data.voices == ()
    assert Measure.SHARE_OF_VOICE not in {one.measure for one in data.figures}


def test_unknown_counts_stay_unknown(place: Bakery) -> None:
    place.mention()
    data = digest(place)
    assert data.figure(Measure.ENGAGEMENT).value is None
    assert data.figure(Measure.AUTHORS).value is None
    assert (data.platforms[0].mentions, data.platforms[0].likes, data.platforms[0].views) == (1, None, None)


def test_advocacy_of_the_day_and_of_28_days(place: Bakery) -> None:
    place.mention(stance=Stance.PROMOTING)
    for back in (1, 27, 28):
        place.mention(stance=Stance.DETRACTING, back=back)
    data = digest(place)
    assert (data.advocacy.value, data.advocacy.promoting, data.advocacy.days) == (1, 1, 1)
    longer = data.advocacy_28_days
    assert (longer.promoting, longer.detracting, longer.days) == (1, 2, 28)
    assert longer.value == pytest.approx(-1 / 3)


def test_the_most_engaged_come_first_without_own_and_duplicates(place: Bakery) -> None:
    for likes in (1, 9, 5):
        place.mention(f"{likes}", label=Label.POSITIVE, counts=(likes, None, None, None))
    place.mention("own", label=Label.POSITIVE, counts=(99, None, None, None), own=True)
    place.mention("copy", label=Label.POSITIVE, counts=(98, None, None, None))
    with place.store.transaction():
        place.store.execute("UPDATE mentions SET duplicate_of = 1 WHERE text = 'copy'")
    assert [one.excerpt for one in digest(place, top_n=2).positive] == ["9", "5"]


def test_a_recommendation_is_no_negative_voice_and_a_warning_no_positive_one(place: Bakery) -> None:
    place.mention("recommends", label=Label.NEGATIVE, stance=Stance.PROMOTING)
    place.mention("warns", label=Label.POSITIVE, stance=Stance.DETRACTING)
    place.mention("complains", label=Label.NEGATIVE)
    data = digest(place)
    assert [one.excerpt for one in data.negative] == ["complains"]
    assert data.positive == ()


def test_at_most_twice_top_n_are_worth_an_answer_and_the_rest_is_counted(place: Bakery) -> None:
    for number in range(5):
        place.mention(f"Wann kommt Brot {number}?")
    data = digest(place, top_n=2)
    assert ([one.reasons for one in data.answers], data.answers_total) == ([(Reason.QUESTION,)] * 4, 5)


def test_sources_that_need_a_look(place: Bakery) -> None:
    names = ("failing", "paused", "unpolled", "silent")
    sources.sync_sources(
        place.store,
        [sources.Source(name=name, connector="rss", watch={}) for name in ("mastodon-1", *names, "never")],
        NOW,
    )
    state = {one.name: one.id for one in sources.active(place.store)}
    place.mention()
    for name in names:
        at = NOW - timedelta(days=2) if name == "unpolled" else NOW
        sources.succeeded(place.store, state[name], now=at, next_poll_at=at)
    sources.failed(place.store, state["failing"], "503", now=NOW, next_poll_at=NOW, pause=False)
    sources.failed(place.store, state["paused"], "401", now=NOW, next_poll_at=NOW, pause=True)
    data = digest(place)
    assert data.sources_total == 6
    assert [(one.name, one.trouble, one.error) for one in data.sources] == [
        ("failing", Trouble.FAILING, "503"),
        ("never", Trouble.UNPOLLED, None),
        ("paused", Trouble.PAUSED, "401"),
        ("silent", Trouble.SILENT, None),
        ("unpolled", Trouble.UNPOLLED, None),
    ]


def test_notes_say_what_is_missing(place: Bakery) -> None:
    place.mention(label=None)
    place.mention(label=None, back=1)
    for hour, raw in ((0, "before"), (12, "within")):
        at = datetime(2026, 11, 20, 22, tzinfo=UTC) + timedelta(hours=hour)
        pages.add_page(place.store, 1, [], brands=[], now=at, rejects=[Reject(raw=raw, reason="no id")])
    notes = build(place.store, "Sonnenkorn", DAY).notes
    assert (notes.unscored, notes.outdated_days, notes.rejects) == (1, 2, 1)
    assert digest(place).notes.outdated_days == 0


def test_an_empty_day_and_an_unknown_brand(place: Bakery) -> None:
    assert digest(place).is_empty
    with pytest.raises(LookupError, match="Nobody"):
        build(place.store, "Nobody", DAY)


def test_reading_leaves_no_transaction_open(place: Bakery) -> None:
    digest(place)
    place.mention()
    assert not digest(place).is_empty
