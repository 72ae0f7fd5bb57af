"""What polling costs: calls and money per connector and month, and uses of a platform's daily quotas."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from storage.records import Spent
from storage.store import Store, stamp


def used(store: Store, connector: str, now: datetime) -> Spent:
    """What a connector has spent in the month (UTC) of ``now``."""
    row = store.row(
        "SELECT calls, micro_usd FROM usage WHERE connector = ? AND month = ?", [connector, stamp(now)[:7]]
    )
    return Spent(calls=row["calls"], micro_usd=row["micro_usd"]) if row else Spent()


def quotas_used(store: Store, connector: str, days: Mapping[str, str]) -> dict[str, int]:
    """Uses of each quota on its day; ``days`` says which (2026-11-22), since a platform's day is its own."""
    return {
        name: store.value(
            "SELECT used FROM quotas WHERE connector = ? AND quota = ? AND day = ?", [connector, name, day]
        )
        or 0
        for name, day in days.items()
    }


def spend(store: Store, connector: str, spent: Spent, now: datetime) -> None:
    """Note a cost outside of a page."""
    with store.transaction():
        add_cost(store, connector, spent, now)


def add_cost(store: Store, connector: str, spent: Spent, now: datetime) -> None:
    """Add to the ledger, within the caller's transaction."""
    store.execute(
        "INSERT INTO usage VALUES (?, ?, ?, ?) ON CONFLICT (connector, month) DO UPDATE SET"
        " calls = calls + excluded.calls, micro_usd = micro_usd + excluded.micro_usd",
        [connector, stamp(now)[:7], spent.calls, spent.micro_usd],
    )
    _add_quotas(store, connector, ((name, day, count) for (name, day), count in spent.quotas.items()))


def _add_quotas(store: Store, connector: str, uses: Iterable[tuple[str, str, int]]) -> None:
    store.executemany(
        "INSERT INTO quotas VALUES (?, ?, ?, ?) ON CONFLICT (connector, quota, day) DO UPDATE SET"
        " used = used + excluded.used",
        ((connector, *use) for use in uses),
    )
