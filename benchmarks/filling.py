"""A database of many made-up mentions, filled table by table instead of page by page.

The rows are those that polling every quarter of an hour, scoring and topics would have left (a test compares them);
the daily figures are still to be computed. It is kept in ``.made`` and built once.
Run: python -m benchmarks.filling [MENTIONS]
"""

import gc
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from benchmarks import readings
from benchmarks.generator import Post, brand_names, invented, rows
from benchmarks.tables import COLUMNS, SOURCES, ZONE, Tables
from storage.sources import Brand, Source, sync_brands, sync_sources
from storage.store import Store

MADE = Path(__file__).parent / ".made"
BRANDS = 10
OWN_BRANDS = 2
"""The others are competitors."""
A_DAY = 5_000_000 / 1095
"""Mentions of a day, on average: a larger file goes further back, its days are the same."""
BATCH = 20_000
BEGIN = datetime(2023, 1, 1, tzinfo=UTC)

_RISING = "INSERT INTO rising VALUES (?, ?, ?, ?, 30, ?, 40, ?, ?, ?, 1)"


def made(count: int, *, seed: int = 0) -> Path:
    """The file with so many mentions, built if it is not there yet; an older one is migrated as any database is."""
    path = MADE / f"mentions-{count}-seed{seed}.db"
    if not path.exists():
        MADE.mkdir(exist_ok=True)
        for leftover in MADE.glob(f"{path.stem}.part*"):
            leftover.unlink()
        days = max(30, round(count / A_DAY))
        fill(path.with_suffix(".part"), rows(count, seed=seed, brands=BRANDS, days=days), total=count)
        path.with_suffix(".part").rename(path)
    with Store(path):
        return path


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of tuples without a cycle: looking for one would take half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@_no_collector()
def fill(path: Path, posts: Iterable[Post], *, brands: int = BRANDS, total: int | None = None) -> None:
    """Make a database of these posts, which come in order of time."""
    set_up(path, brands)
    said = _Progress(total)
    tables, posts = Tables(brands), iter(posts)
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        _hurry(conn)
        later = _put_off(conn)
        conn.execute("BEGIN")
        while batch := list(islice(posts, BATCH)):
            for table, found in tables.rows(batch).items():
                _insert(conn, table, found)
            said.step(len(batch))
        said.now("what follows from them")
        _add_rising(conn)
        conn.execute(
            "INSERT INTO dirty_days SELECT DISTINCT mb.brand_id, mb.day, m.platform"
            " FROM mention_brands mb JOIN mentions m ON m.id = mb.mention_id"
        )
        for name, sql in later:
            said.now(name)
            conn.execute(sql)
        said.now("full-text index")
        conn.execute("INSERT INTO mentions_fts (mentions_fts) VALUES ('rebuild')")
        conn.execute("COMMIT")
        conn.execute("PRAGMA locking_mode = normal")
        conn.execute("PRAGMA journal_mode = wal")
    said.now("done\n")


def set_up(path: Path, brands: int) -> None:
    """Brands, sources and topics as the configuration would have made them."""
    ours = [
        Brand(name=name, query=name, timezone=ZONE, competitor=number >= OWN_BRANDS)
        for number, name in enumerate(brand_names(brands))
    ]
    with Store(path) as store:
        sync_brands(store, ours)
        sync_sources(store, [Source(name=name, connector=name, watch={}) for name in SOURCES], BEGIN)
        with store.transaction():
            store.set_meta("model", readings.MODEL)
            topics = ((name, name) for name in readings.TOPICS)
            store.executemany("INSERT INTO topics (name, query) VALUES (?, ?)", topics)
            store.execute("INSERT INTO topic_brands SELECT t.id, b.id FROM topics t, brands b")


def _hurry(conn: sqlite3.Connection) -> None:
    """A file that is not finished is made anew, so nothing needs to be safe."""
    for pragma in (
        "locking_mode = exclusive",
        "journal_mode = off",
        "synchronous = off",
        "cache_size = -400000",
        "temp_store = memory",
    ):
        conn.execute(f"PRAGMA {pragma}")


def _put_off(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """Drop indexes and triggers; returns name and SQL of each, to be made when the rows are there."""
    found = conn.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ('index', 'trigger')"
    ).fetchall()
    for kind, name, _ in found:
        conn.execute(f'DROP {kind} "{name}"')
    return [(name, sql) for _, name, sql in found]


def _insert(conn: sqlite3.Connection, table: str, found: list[tuple[object, ...]]) -> None:
    names = COLUMNS[table]
    marks = ", ".join("?" * (names.count(",") + 1))
    conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", found)  # noqa: S608 - from above


def _add_rising(conn: sqlite3.Connection) -> None:
    """Ten rising terms for each brand's day, as many as there are at most."""
    days = conn.execute(
        "SELECT brand_id, day, count(*), max(mention_id) FROM mention_brands GROUP BY brand_id, day"
    ).fetchall()
    names = invented(1000, seed=2)
    conn.executemany(
        _RISING,
        (
            (brand, day, rank, names[(last + rank) % 1000], total, 28 * total, 12.0 - rank, last)
            for brand, day, total, last in days
            for rank in range(1, 11)
        ),
    )


class _Progress:
    """What is done, on the standard error."""

    def __init__(self, total: int | None) -> None:
        self._total, self._done, self._started = total, 0, time.monotonic()

    def step(self, count: int) -> None:
        self._done += count
        self.now(f"{self._done:,} of {self._total or self._done:,} mentions")

    def now(self, what: str) -> None:
        print(
            f"\r\033[K{time.monotonic() - self._started:6.0f} s  {what}", end="", file=sys.stderr, flush=True
        )


if __name__ == "__main__":
    print(made(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000))
