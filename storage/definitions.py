"""The definitions of the figures, kept in the file that has the figures."""

from collections.abc import Iterable
from datetime import datetime

from storage.records import Definition
from storage.store import Store, stamp


def keep(store: Store, rows: Iterable[Definition], now: datetime) -> None:
    """Add the definitions that are not there yet; what was in force once stays.

    A definition's wording may be mended, its version is what tells that the figure is another one.
    """
    wanted = {(one.metric, one.version): one for one in rows}
    there = {
        (row["metric"], row["version"]): Definition(*row)
        for row in store.rows("SELECT metric, version, formula, unit, source FROM definitions")
    }
    if wanted.items() <= there.items():
        return
    with store.transaction():
        store.executemany(
            "INSERT INTO definitions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (metric, version) DO UPDATE SET"
            " formula = excluded.formula, unit = excluded.unit, source = excluded.source",
            (
                (one.metric, one.version, one.formula, one.unit, one.source, stamp(now))
                for one in wanted.values()
            ),
        )
