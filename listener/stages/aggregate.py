"""Aggregate: compute the daily figures of the days that something touched."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

from listener import metrics
from listener.definitions import DEFINITIONS
from storage import daily, definitions
from storage.daily import DailyAdvocacy, Stances
from storage.facts import BrandDay
from storage.store import Store

BATCH = 100
"""Days of a brand in one transaction."""


def aggregate(
    store: Store,
    *,
    stop: threading.Event | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Compute every dirty day anew; returns how many days of a brand that were.

    A new version of the definitions finds every day dirty whose mentions are still there.
    """
    definitions.keep(store, DEFINITIONS, datetime.now(UTC))
    daily.use_version(store, metrics.VERSION)
    total, done = daily.dirty_count(store), 0
    while days := daily.dirty(store, BATCH):
        with store.transaction():
            stances = daily.recompute(store, days, metrics.VERSION)
            daily.add_advocacy(store, [_advocacy(day, one) for day, one in stances.items()], metrics.VERSION)
        done += len(days)
        progress(done, max(total, done))
        if stop is not None and stop.is_set():
            break
    return done


def _advocacy(day: BrandDay, stances: Stances) -> DailyAdvocacy:
    found = metrics.advocacy(stances.promoting, stances.detracting)
    return DailyAdvocacy(day, stances, found.value, found.low, found.high)
