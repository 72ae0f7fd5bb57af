"""How long the documented views take to answer.

Run: python -m benchmarks.views FILE

Each is asked as an analyst would: one brand and 30 days, all rows where it has one for a day or a period, the
latest 100 where it has one for a mention. Every question opens the file anew; the operating system's cache of
files is as it is.
"""

import json
import random
import sqlite3
import statistics
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measuring import spread, timed

RUNS = 24
DAYS = 30

WHEN = ("day", "first_day", "starts")
"""The columns that say which time a row is about."""

_RANGE = "brand = :brand AND {when} BETWEEN :first AND :last"
_OF_DAYS = _RANGE.format(when="day")
_LATEST = (
    f"{_OF_DAYS} ORDER BY day DESC, published_at DESC LIMIT 100",
    f"{_OF_DAYS} ORDER BY published_at DESC LIMIT 100",
)
LISTED = {
    "author_activity": (f"{_OF_DAYS} ORDER BY mentions DESC LIMIT 100",),
    "hour_of_week": ("brand = :brand",),
    "mention_overview": _LATEST,
    "mention_topics": _LATEST,
    "metric_definitions": ("1",),
    "top_advocates": ("brand = :brand ORDER BY promoting_mentions DESC LIMIT 20",),
    "top_detractors": ("brand = :brand ORDER BY detracting_mentions DESC LIMIT 20",),
    "source_health": ("1",),
}
"""How a view is asked that is not asked for all rows of a brand and some days. The latest mentions of a brand are the
same by day and time as by time alone, but SQLite need not sort all days for them."""


def main(path: Path) -> list[dict[str, Any]]:
    with closing(_opened(path)) as conn:
        views = [
            row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")
        ]
        asked = [(view, sql) for view in views for sql in questions(conn, view)]
        months = _months(conn)
    return [measured(path, view, sql, months) for view, sql in asked]


def questions(conn: sqlite3.Connection, view: str) -> list[str]:
    """The SQL that asks a view for a brand and some days. Raises ``SystemExit`` for one that nobody said how to ask."""
    columns = {row[1] for row in conn.execute(f"PRAGMA table_info({view})")}
    when = next((column for column in WHEN if column in columns), None)
    if view not in LISTED and (when is None or "brand" not in columns):
        raise SystemExit(f"benchmarks/views.py does not say how the view {view} is asked: add it to LISTED")
    asked = LISTED[view] if view in LISTED else (_RANGE.format(when=when),)
    return [f"SELECT * FROM {view} WHERE {one}" for one in asked]  # noqa: S608 - names of the schema


def measured(path: Path, view: str, sql: str, months: list[dict[str, str]]) -> dict[str, Any]:
    print(f"\r\033[K{view}", end="", file=sys.stderr, flush=True)
    times, rows, answers = [], [], list[list[Any]]()
    for month in months:
        with closing(_opened(path)) as conn:
            times.append(timed(lambda: answers.append(conn.execute(sql, month).fetchall())))  # noqa: B023 - called at once
        rows.append(len(answers.pop()))
    with closing(_opened(path)) as conn:
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}", months[0])]
    return {"view": view, "sql": sql, "rows": statistics.median(rows), **spread(times), "plan": plan}


def _months(conn: sqlite3.Connection) -> list[dict[str, str]]:
    """Brands and months by chance, the same for all views. The brands are not competitors, which have no panel."""
    chance = random.Random(0)
    brands = [row[0] for row in conn.execute("SELECT name FROM brands WHERE competitor = 0 ORDER BY id")]
    first, last = (
        date.fromisoformat(day)
        for day in conn.execute("SELECT min(day), max(day) FROM daily_metrics").fetchone()
    )
    found = []
    for run in range(RUNS):
        start = first + timedelta(days=chance.randint(0, max(0, (last - first).days - DAYS)))
        end = start + timedelta(days=DAYS - 1)
        found.append(
            {"brand": brands[run % len(brands)], "first": start.isoformat(), "last": end.isoformat()}
        )
    return found


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
