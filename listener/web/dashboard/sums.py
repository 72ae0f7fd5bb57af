"""Daily rows of ``daily_brand_metrics`` added up. Pure."""

from collections.abc import Mapping
from datetime import date

from listener import metrics
from storage.dashboard import Record, Window

Days = Mapping[date, Record]
"""Days without mentions are left out."""


def total(days: Days, window: Window, key: str) -> int | None:
    """Over the days that know it; None where none does."""
    rows = filter(None, map(days.get, window.days))
    known = [row[key] for row in rows if row[key] is not None]
    return sum(known) if known else None


def totals(days: Days, window: Window, *keys: str) -> tuple[int, ...]:
    return tuple(total(days, window, key) or 0 for key in keys)


def advocacy(days: Days, window: Window) -> metrics.Advocacy:
    return metrics.advocacy(*totals(days, window, "promoting", "detracting"))


def net_sentiment(days: Days, window: Window) -> float | None:
    return metrics.net_sentiment(*totals(days, window, "positive", "negative"))
