"""The definitions, at their edges and against published values."""

from datetime import UTC, datetime, timedelta

import pytest

from listener import metrics
from storage.records import Engagement


def test_engagement_adds_what_is_known_and_is_unknown_without_any() -> None:
    assert metrics.engagement(Engagement(likes=2, comments=1, views=500)) == 3
    assert metrics.engagement(Engagement(views=500)) is None


@pytest.mark.parametrize(
    ("engaged", "reached", "rate"), [(5, 100, 0.05), (0, 100, 0.0), (5, 0, None), (None, 9, None)]
)
def test_a_rate_needs_both_sides(engaged: int | None, reached: int, rate: float | None) -> None:
    assert metrics.engagement_rate(engaged, reached) == rate


def test_a_mean_of_rates_weighs_mentions_not_audiences_and_says_over_how_many() -> None:
    mean = metrics.mean_rate([0.5, 0.1, None, None])
    assert (mean.value, mean.n, mean.total, mean.coverage) == (pytest.approx(0.3), 2, 4, 0.5)
    assert metrics.mean_rate([]).value is None


def test_net_sentiment_leaves_neutral_out() -> None:
    assert metrics.net_sentiment(255, 513) == pytest.approx(-0.336, abs=5e-4)  # Talkwalker's example
    assert metrics.net_sentiment(0, 0) is None


def test_wilson_agrees_with_published_intervals() -> None:
    assert metrics.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)  # Newcombe 1998, table I
    assert metrics.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_advocacy_lies_in_its_interval_and_ignores_the_indifferent() -> None:
    found = metrics.advocacy(6, 2)
    assert (found.value, found.n) == (0.5, 8)
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low < 0.5 < found.high <= 1
    assert metrics.advocacy(0, 0) == metrics.Advocacy(None, 0, None, None)


def test_stars_are_counted_with_halves_rounded_up() -> None:
    ratings = [1.0, 4.5, None, 4.4, 2.5, 5.0]
    assert metrics.star_distribution(ratings) == {1: 1, 2: 0, 3: 1, 4: 1, 5: 2}
    assert metrics.average_rating(ratings) == metrics.Mean(pytest.approx(3.48), 5, 6)
    assert metrics.velocity(14, 7) == 2


def test_answers_are_counted_among_those_that_could_be_seen() -> None:
    assert metrics.response_rate(3, 4) == 0.75
    assert metrics.response_rate(0, 0) is None
    written = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert metrics.response_time(written, written + timedelta(hours=36)) == 36
    assert metrics.response_time(written, written - timedelta(hours=1)) is None
    assert metrics.response_time(written, None) is None


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert metrics.Change(6, 4).relative == 0.5
    assert metrics.Change(6, 0).relative is None
    assert metrics.Change(6, None).absolute is None
