"""A brand's history day by day, and what the aggregate stage keeps of its weeks and months."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage.daily import Stances
from storage.store import Row, Store, moment

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BrandPeriod:
    """A week or month of one brand; its days are inclusive."""

    brand_id: int
    period: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A row of ``advocacy_intervals``."""

    of: BrandPeriod
    low: float | None
    high: float | None


def extend_history(store: Store) -> None:
    """Give every day of every brand's history a row in ``brand_days``.

    It begins with the first day that has a mention. For a configured brand it ends with the day on which something
    was last heard, of whichever brand, so that days of silence count; for another with its last mention before then.
    """
    heard = store.value(
        "SELECT max(max(coalesce(last_ok_at, '')), max(coalesce(last_new_at, ''))) FROM sources"
    )
    for brand in store.rows("SELECT id, timezone, active FROM brands"):
        wanted = _history(store, brand, moment(heard) if heard else None)
        known = _ends(store, "brand_days", brand["id"])
        if wanted == known:
            continue
        with store.transaction():
            _cover(store, brand["id"], known, wanted)


def _history(store: Store, brand: Row, heard: datetime | None) -> tuple[date, date] | None:
    data = _ends(store, "daily_metrics", brand["id"])
    if data is None or heard is None:
        return data
    first, last = data
    today = heard.astimezone(ZoneInfo(brand["timezone"])).date()
    # a post dated in the future opens no future
    return (first, max(first, today if brand["active"] else min(last, today)))


def _ends(store: Store, table: str, brand_id: int) -> tuple[date, date] | None:
    """The first and last of a brand's days."""
    first, last = (
        store.value(f"SELECT {end}(day) FROM {table} WHERE brand_id = ?", [brand_id])  # noqa: S608 - from above
        for end in ("min", "max")
    )
    return None if first is None else (date.fromisoformat(first), date.fromisoformat(last))


def _cover(
    store: Store, brand_id: int, known: tuple[date, date] | None, wanted: tuple[date, date] | None
) -> None:
    """Make ``brand_days`` reach from the first to the last day that are wanted."""
    if wanted is None:
        store.execute("DELETE FROM brand_days WHERE brand_id = ?", [brand_id])
        return
    first, last = wanted
    store.execute(
        "DELETE FROM brand_days WHERE brand_id = ? AND NOT day BETWEEN ? AND ?",
        [brand_id, str(first), str(last)],
    )
    gaps = [wanted] if known is None else [(first, known[0] - DAY), (known[1] + DAY, last)]
    store.executemany(
        "INSERT OR IGNORE INTO brand_days VALUES (?, ?)",
        (
            (brand_id, str(day))
            for start, end in gaps
            for day in (
                max(start, first) + back * DAY
                for back in range((min(end, last) - max(start, first)).days + 1)
            )
        ),
    )


def stances(store: Store, periods: Iterable[BrandPeriod]) -> dict[BrandPeriod, Stances]:
    """The stances of these periods, all their days together; periods without mentions are left out."""
    found = {}
    for one in periods:
        row = store.row(
            "SELECT sum(promoting), sum(detracting), sum(indifferent) FROM daily_advocacy"
            " WHERE brand_id = ? AND day BETWEEN ? AND ?",
            [one.brand_id, one.first_day, one.last_day],
        )
        if row is not None and row[0] is not None:
            found[one] = Stances(*row)
    return found


def replace_intervals(store: Store, periods: Iterable[BrandPeriod], intervals: Sequence[Interval]) -> None:
    """Write these intervals in place of those of the periods, within the caller's transaction."""
    store.executemany(
        "DELETE FROM advocacy_intervals WHERE brand_id = ? AND period = ? AND first_day = ?",
        ((one.brand_id, one.period, one.first_day) for one in periods),
    )
    store.executemany(
        "INSERT INTO advocacy_intervals VALUES (?, ?, ?, ?, ?)",
        ((one.of.brand_id, one.of.period, one.of.first_day, one.low, one.high) for one in intervals),
    )
