"""How fast the daily figures are computed.

Run: python -m benchmarks.aggregation all|plain|two FILE

``all`` has the aggregator compute every day, ``two`` the last two days of all brands, ``plain`` computes every day with
one SQL statement a table. Each is to run in a process of its own, for its peak of memory.
"""

import json
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks import plain_sql
from benchmarks.measuring import Took, peak_bytes, timed
from listener.stages.aggregate import aggregate
from storage import daily
from storage.store import Store

RUNS = 5
"""Of the two days."""


def everything(path: Path) -> dict[str, float]:
    with Store(path) as store:
        daily.mark_all_dirty(store)
        days = daily.dirty_count(store)
        return {"days": days, **_told(timed(partial(aggregate, store, progress=_say)))}


def two_days(path: Path) -> dict[str, float]:
    """As after any poll: a whole day and the one before it, of each brand. The last one in the file is not whole."""
    with Store(path) as store:
        last = [
            row["day"]
            for row in store.rows("SELECT DISTINCT day FROM daily_metrics ORDER BY day DESC LIMIT 2 OFFSET 1")
        ]
        days, times = 0, []
        for _ in range(RUNS):
            with store.transaction():
                store.execute(
                    "INSERT INTO dirty_days SELECT brand_id, day, platform FROM daily_metrics WHERE day IN (?, ?)",
                    last,
                )
            days = daily.dirty_count(store)
            times.append(timed(partial(aggregate, store)))
        return {"days": days, **_told(sorted(times)[RUNS // 2])}


def plain(path: Path) -> dict[str, float]:
    with closing(sqlite3.connect(path)) as conn:
        return _told(timed(partial(plain_sql.everything, conn)))


def _told(took: Took) -> dict[str, float]:
    return {"seconds": took.clock, "cpu": took.cpu}


def _say(done: int, total: int) -> None:
    print(
        f"\r\033[K{done:,} of {total:,} days", end="\n" if done == total else "", file=sys.stderr, flush=True
    )


if __name__ == "__main__":
    what = {"all": everything, "two": two_days, "plain": plain}[sys.argv[1]]
    print(json.dumps({**what(Path(sys.argv[2])), "peak": peak_bytes()}))
