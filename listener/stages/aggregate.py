"""Aggregate: compute the daily figures of the days that something touched."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

from listener import metrics
from listener.definitions import DEFINITIONS
from listener.metrics import Period
from storage import daily, definitions, periods
from storage.daily import DailyAdvocacy, Stances
from storage.facts import BrandDay
from storage.periods import BrandPeriod, Interval
from storage.store import Store

BATCH = 100
"""Days of a brand in one transaction."""


def aggregate(
    store: Store,
    *,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Compute every dirty day anew, with its week and month; returns how many days of a brand that were.

    A new version of the definitions finds every day dirty whose mentions are still there.
    """
    definitions.keep(store, DEFINITIONS, datetime.now(UTC))
    daily.use_version(store, metrics.VERSION)
    total, done = daily.dirty_count(store), 0
    while days := daily.dirty(store, BATCH):
        with store.transaction():
            stances = daily.recompute(store, days, metrics.VERSION)
            daily.add_advocacy(store, [_advocacy(day, one) for day, one in stances.items()], metrics.VERSION)
            _renew_intervals(store, days)
        done += len(days)
        progress(done, max(total, done))
        if stop is not None and stop.is_set():
            break
    periods.extend_history(store)
    return done


def _advocacy(day: BrandDay, stances: Stances) -> DailyAdvocacy:
    found = metrics.advocacy(stances.promoting, stances.detracting)
    return DailyAdvocacy(day, stances, found.value, found.low, found.high)


def _renew_intervals(store: Store, days: Sequence[BrandDay]) -> None:
    """Of the weeks and months that these days lie in."""
    touched = {_around(one, period) for one in days for period in (Period.WEEK, Period.MONTH)}
    found = periods.stances(store, touched)
    intervals = [_interval(one, stances) for one, stances in found.items()]
    periods.replace_intervals(store, touched, intervals)


def _around(one: BrandDay, period: Period) -> BrandPeriod:
    first, last = metrics.period_of(date.fromisoformat(one.day), period)
    return BrandPeriod(one.brand_id, period, str(first), str(last))


def _interval(of: BrandPeriod, stances: Stances) -> Interval:
    found = metrics.advocacy(stances.promoting, stances.detracting)
    return Interval(of, found.low, found.high)
