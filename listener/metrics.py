"""What the numbers mean: the one definition of every measure. Pure; ``docs/metrics.md`` explains each.

Unknown is not zero: a measure that cannot be computed is ``None``, and a mean says over how many.
"""

from calendar import monthrange
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import log, sqrt

from storage.records import Engagement

VERSION = 2
"""Of all definitions together; stored beside every figure, raised when one of them changes."""

Z_95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of per-mention rates, with how many had a rate, of how many."""

    value: float | None
    n: int
    total: int

    @property
    def coverage(self) -> float | None:
        """Share of the mentions that had a denominator, 0..1."""
        return self.n / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Advocacy:
    """Share of promoting minus share of detracting mentions, -1..1, with its 95 % interval."""

    value: float | None
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside an earlier one."""

    now: float | None
    before: float | None

    @property
    def absolute(self) -> float | None:
        return None if self.now is None or self.before is None else self.now - self.before

    @property
    def relative(self) -> float | None:
        """As a share of the earlier figure; None where that is zero or unknown."""
        return None if self.absolute is None or not self.before else self.absolute / abs(self.before)


def engagement(counts: Engagement) -> int | None:
    """Likes + shares + comments, of those the platform gives; None where it gives none of them."""
    known = [count for count in (counts.likes, counts.shares, counts.comments) if count is not None]
    return sum(known) if known else None


def engagement_rate(engaged: int | None, reached: int | None) -> float | None:
    """Engagement per view, or per follower, of one mention (engagement rate by impressions, by followers).

    By reach (Hootsuite): engagement of a day's mentions with known followers, per their ``reach``.
    None where either is unknown or nobody was reached.
    """
    return None if engaged is None or not reached else engaged / reached


def mean_rate(rates: Iterable[float | None]) -> Mean:
    """The mean of per-mention rates: every mention weighs the same, whatever its audience."""
    all_rates = list(rates)
    known = [rate for rate in all_rates if rate is not None]
    return Mean(sum(known) / len(known) if known else None, len(known), len(all_rates))


def reach(followers: Iterable[int | None]) -> int | None:
    """Total reach (Mentionlytics): the authors' followers, summed once for each mention.

    None where nobody's followers are known.
    """
    known = [one for one in followers if one is not None]
    return sum(known) if known else None


def unique_reach(audiences: Iterable[tuple[Hashable, int | None]]) -> int | None:
    """Unique reach (Mentionlytics): of (author, followers) of each mention, every author's followers once.

    The largest number counts where an author's changed. Followers that two authors share are counted twice:
    no platform says who follows whom.
    """
    largest: dict[Hashable, int] = {}
    for author, followers in audiences:
        if followers is not None:
            largest[author] = max(followers, largest.get(author, 0))
    return reach(largest.values())


def amplification(shares: Iterable[int | None]) -> Mean:
    """Shares per mention, of those with known shares (amplification rate, Kaushik 2011)."""
    return mean_rate(shares)


def conversation(comments: Iterable[int | None]) -> Mean:
    """Comments per mention, of those with known comments (conversation rate, Kaushik 2011)."""
    return mean_rate(comments)


def applause(likes: Iterable[int | None]) -> Mean:
    """Likes per mention, of those with known likes (applause rate, Kaushik 2011)."""
    return mean_rate(likes)


def net_sentiment(positive: int, negative: int) -> float | None:
    """(positive - negative) / (positive + negative), -1..1; neutral mentions do not count."""
    return ratio(positive - negative, positive + negative)


def advocacy(promoting: int, detracting: int) -> Advocacy:
    """(promoting - detracting) / (promoting + detracting), -1..1, over the mentions that take a stance.

    With p the share of promoting mentions this is 2p - 1, so the interval is Wilson's for p, stretched
    alike. It is no NPS, which is a survey's measure.
    """
    n = promoting + detracting
    if n == 0:
        return Advocacy(None, 0, None, None)
    low, high = wilson(promoting, n)
    return Advocacy((promoting - detracting) / n, n, 2 * low - 1, 2 * high - 1)


def wilson(successes: int, n: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval for a share (Wilson 1927), within 0..1. n must be positive."""
    p = successes / n
    denominator = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / denominator
    margin = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / denominator
    return max(0.0, centre - margin), min(1.0, centre + margin)


def share_of_voice(brand: int, competitors: int) -> float | None:
    """The brand's mentions among its own and its configured competitors', 0..1."""
    return ratio(brand, brand + competitors)


def average_rating(ratings: Iterable[float | None]) -> Mean:
    """The mean stars of reviews, 1..5."""
    return mean_rate(ratings)


def star_distribution(ratings: Iterable[float | None]) -> dict[int, int]:
    """How many reviews have 1, 2, 3, 4 and 5 stars; halves are rounded up."""
    stars = [int(one + 0.5) for one in ratings if one is not None]
    return {star: stars.count(star) for star in range(1, 6)}


def velocity(reviews: int, days: int) -> float | None:
    """New reviews per day, over so many days."""
    return ratio(reviews, days)


def response_rate(answered: int, answerable: int) -> float | None:
    """Answered reviews among those of which the platform shows whether they were answered, 0..1."""
    return ratio(answered, answerable)


def response_time(published_at: datetime, answered_at: datetime | None) -> float | None:
    """Hours from a review to the first answer.

    None without an answer, where its time is unknown, or where it is older than the review, which was then
    written anew since; the average is ``mean_rate`` of the known ones.
    """
    if answered_at is None or answered_at < published_at:
        return None
    return (answered_at - published_at) / timedelta(hours=1)


def ratio(part: float, whole: float) -> float | None:
    """Part / whole; None where there is no whole."""
    return part / whole if whole else None


def log_odds(count: int, total: int, baseline: int, baseline_total: int, prior: float) -> float:
    """How surely a term is more frequent than in its baseline: a z-score, 0 where it is as frequent as before.

    Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, "Fightin' Words",
    equations 16, 20, 22 and 23), over documents: ``count`` of ``total`` have the term, ``baseline`` of
    ``baseline_total`` had it. ``prior`` is the weight of the prior in documents; in it the term is as frequent
    as in both together. 0 for a term that all documents have, or none.
    """
    expected = prior * (count + baseline) / (total + baseline_total)
    if not 0 < expected < prior:
        return 0.0
    having, had = count + expected, baseline + expected
    ratio_now = having / (total + prior - having)
    ratio_before = had / (baseline_total + prior - had)
    return log(ratio_now / ratio_before) / sqrt(1 / having + 1 / had)


class Period(StrEnum):
    """What figures are summed over: a local day, an ISO week (Monday to Sunday), a calendar month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def period_of(day: date, period: Period) -> tuple[date, date]:
    """The first and last day of the period that a day lies in."""
    if period is Period.DAY:
        return day, day
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])


def period_label(day: date, period: Period) -> str:
    """How the period that a day lies in is written: 2026-11-22, 2026-W47 (ISO 8601), 2026-11."""
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    return f"{day:%Y-%m}" if period is Period.MONTH else str(day)


def previous_period(first: date, days: int, period: Period) -> tuple[date, date]:
    """The first and last day that the first ``days`` days of a period are compared with.

    For a day the same weekday a week before, for a week as many days of the week before, for a month the whole
    month before.
    """
    if period is Period.MONTH:
        return period_of(first - timedelta(days=1), Period.MONTH)
    before = first - timedelta(days=7)
    return before, before + timedelta(days=days - 1)


def previous(counts: Mapping[date, int], first: date, days: int, period: Period, since: date) -> float | None:
    """How many there would be if it had gone on as in the previous period: its mean per day, times ``days``.

    None where the history, which begins with ``since``, does not reach back so far. Days that ``counts`` lacks had
    none.
    """
    start, end = previous_period(first, days, period)
    if start < since:
        return None
    length = (end - start).days + 1
    return sum(counts.get(start + timedelta(days=one), 0) for one in range(length)) * days / length


def moving_mean(counts: Mapping[date, int], last: date, length: int, since: date) -> float | None:
    """The mean per day of the ``length`` days that end with ``last``; days before ``since`` are left out.

    Days that ``counts`` lacks had none. None where all of them are before ``since``.
    """
    window = [last - timedelta(days=back) for back in range(length)]
    known = [counts.get(day, 0) for day in window if day >= since]
    return sum(known) / len(known) if known else None
