"""The bars of the charts over time. Pure: rows of the views in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from listener import metrics
from listener.digest.clean import one_line
from listener.web.dashboard.data import Moment
from listener.web.dashboard.sums import Days, advocacy, net_sentiment, totals
from storage.dashboard import LONGEST, Reading, Window


def step_of(days: int) -> int:
    """Bars that can be told apart, of whole weeks."""
    return 1 if days <= 92 else 7 if days <= 730 else 28


def moments(reading: Reading, days: Days, step: int) -> tuple[Moment, ...]:
    """Counted back from the last day, so that the last one is whole."""
    first_day = date.fromisoformat(reading.brand["first_day"])
    counts = {day: row["mentions"] for day, row in days.items()}
    silent: defaultdict[date, list[str]] = defaultdict(list)
    for row in reading.uncovered:
        silent[date.fromisoformat(row["day"])].append(one_line(row["source"], 60))
    ends = reading.window.days[::-1][::step]
    return tuple(
        _moment(
            days,
            Window(max(reading.window.first, end - timedelta(days=step - 1)), end),
            first_day,
            counts,
            silent,
        )
        for end in reversed(ends)
    )


def _moment(
    days: Days,
    window: Window,
    first_day: date,
    counts: Mapping[date, int],
    silent: Mapping[date, Sequence[str]],
) -> Moment:
    known = first_day <= window.last
    mentions, positive, neutral, negative = totals(
        days, window, "mentions", "positive", "neutral", "negative"
    )
    return Moment(
        first=window.first,
        last=window.last,
        positive=positive if known else None,
        neutral=neutral if known else None,
        negative=negative if known else None,
        unscored=mentions - positive - neutral - negative if known else None,
        mean=metrics.moving_mean(counts, window.last, 7, first_day),
        net_sentiment=net_sentiment(days, _window(window.last, 7)),
        advocacy=advocacy(days, _window(window.last, LONGEST)),
        silent=tuple(dict.fromkeys(source for day in window.days for source in silent.get(day, ()))),
    )


def _window(last: date, length: int) -> Window:
    return Window(last - timedelta(days=length - 1), last)
