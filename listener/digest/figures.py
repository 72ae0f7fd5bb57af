"""The headline figures and what they are compared with. Pure: rows of the views in, figures out.

A day that the database covers (from the brand's first day on) and that has no row had no mentions: its
counts are zero, its rates unknown. A day before the first is unknown altogether, and a mean over seven
days needs all seven covered.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from listener import metrics
from listener.digest.data import Figure, Measure

Row = Mapping[str, Any]
"""A row of the view ``daily_brand_metrics``."""

COUNTS = frozenset({Measure.MENTIONS, Measure.AUTHORS, Measure.ENGAGEMENT})


@dataclass(frozen=True, slots=True)
class History:
    """What the database knows of a brand and its panel, by day."""

    brand: str
    days: Mapping[date, Row]
    voices: Mapping[date, Mapping[str, int]]
    """Mentions by name of the brand and its competitors."""
    first_days: Mapping[str, date | None]
    """Of the brand and its competitors; None: never mentioned."""

    @property
    def competitors(self) -> list[str]:
        return [name for name in self.first_days if name != self.brand]

    def covers(self, day: date) -> bool:
        """Whether the brand's first day has come."""
        first = self.first_days[self.brand]
        return first is not None and first <= day

    def covers_panel(self, day: date) -> bool:
        """Whether every voice that is ever heard was watched already: a new competitor shifts every share."""
        return self.covers(day) and all(first <= day for first in self.first_days.values() if first)


def figures(history: History, day: date) -> tuple[Figure, ...]:
    """The day's figures; share of voice only where there are competitors."""
    week = [day - timedelta(days=back) for back in range(1, 8)]
    measures = [one for one in Measure if one != Measure.SHARE_OF_VOICE or history.competitors]
    return tuple(
        Figure(
            measure=measure,
            value=value(history, measure, day),
            day_before=_earlier(history, measure, week[:1]),
            week_before=_earlier(history, measure, week),
            **_basis(history, measure, day),
        )
        for measure in measures
    )


def value(history: History, measure: Measure, day: date) -> float | None:
    """A measure of one covered day."""
    if measure == Measure.SHARE_OF_VOICE:
        return _share(history, day)
    row = history.days.get(day)
    if row is None:
        return 0 if measure in COUNTS else None
    return _OF_ROW[measure](row)


def _earlier(history: History, measure: Measure, days: Iterable[date]) -> float | None:
    """The mean of the known values of earlier days; None where one of the days is not covered."""
    covers = history.covers_panel if measure == Measure.SHARE_OF_VOICE else history.covers
    wanted = list(days)
    if not all(map(covers, wanted)):
        return None
    return metrics.mean_rate(value(history, measure, day) for day in wanted).value


def _share(history: History, day: date) -> float | None:
    voices = history.voices.get(day, {})
    others = sum(voices.get(name, 0) for name in history.competitors)
    return metrics.share_of_voice(voices.get(history.brand, 0), others)


def _authors(row: Row) -> float | None:
    """Mentions without any known author have an unknown number of authors, not none."""
    return row["authors"] or None


_OF_ROW: Mapping[Measure, Callable[[Row], float | None]] = {
    Measure.MENTIONS: lambda row: row["mentions"],
    Measure.AUTHORS: _authors,
    Measure.ENGAGEMENT: lambda row: row["engagement"],
    Measure.RATE_BY_VIEWS: lambda row: row["engagement_rate_by_views"],
    Measure.RATE_BY_FOLLOWERS: lambda row: row["engagement_rate_by_followers"],
    Measure.NET_SENTIMENT: lambda row: metrics.net_sentiment(row["positive"], row["negative"]),
    Measure.ADVOCACY: lambda row: metrics.advocacy(row["promoting"], row["detracting"]).value,
    Measure.STARS: lambda row: row["average_rating"],
}


def _basis(history: History, measure: Measure, day: date) -> dict[str, Any]:
    """How many mentions a rate rests on, of how many, and its interval."""
    row = history.days.get(day)
    if measure in COUNTS or measure == Measure.SHARE_OF_VOICE:
        return {}
    if row is None:
        return {"n": 0, "total": 0}
    advocacy = metrics.advocacy(row["promoting"], row["detracting"])
    known = {
        Measure.RATE_BY_VIEWS: row["engagement_rate_by_views_n"],
        Measure.RATE_BY_FOLLOWERS: row["engagement_rate_by_followers_n"],
        Measure.NET_SENTIMENT: row["positive"] + row["negative"],
        Measure.ADVOCACY: advocacy.n,
        Measure.STARS: row["ratings"],
    }
    interval = {"low": advocacy.low, "high": advocacy.high} if measure == Measure.ADVOCACY else {}
    return {"n": known[measure], "total": row["mentions"], **interval}
