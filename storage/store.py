"""The database file: opening it, bringing it up to date, transactions. The modules beside it do the rest.

Connections are bound to their thread: every thread opens a ``Store`` of its own.
"""

import re
import secrets
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from sqlite_utils import Database

from storage.migrations import known, migrations, statements

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for another one."""

CACHE = 65_536
"""KiB of the file that a connection keeps in memory at most; SQLite's own 2,000 are for small devices."""

CHECKPOINT = 4_000
"""Pages of 4 KiB in the write-ahead log before they are moved into the file, so that most are moved but once."""

OLDEST_SQLITE = (3, 38)
"""STRICT tables, and what the views use."""

Row = sqlite3.Row


class StoreError(Exception):
    """The database cannot be used; the message says what to do."""


class Store:
    """A connection to the database, up to date and ready for writing."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise StoreError(
                f"SQLite {sqlite3.sqlite_version} is too old: {'.'.join(map(str, OLDEST_SQLITE))} or newer is needed"
            )
        try:
            self._conn = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT)
            self._conn.row_factory = sqlite3.Row
            self._prepare()
        except sqlite3.OperationalError as error:
            raise StoreError(f"cannot open the database {self.path}: {error}") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self.path} is not a usable SQLite database: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._conn.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Takes the write lock at once, so that it waits its turn instead of failing."""
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._conn.rollback()
            raise
        self._conn.commit()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever another process writes meanwhile."""
        self._conn.execute("BEGIN")
        try:
            yield
        finally:
            self._conn.rollback()

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        return self._conn.execute(sql, values).rowcount

    def executemany(self, sql: str, rows: Iterable[Sequence[Any] | dict[str, Any]]) -> None:
        self._conn.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Row]:
        with closing(self._conn.execute(sql, values)) as cursor:
            return cursor.fetchall()

    def each(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows one by one, for answers that may be long."""
        with closing(self._conn.execute(sql, values)) as cursor:
            yield from map(dict, cursor)

    def row(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        with closing(self._conn.execute(sql, values)) as cursor:
            first: Row | None = cursor.fetchone()
        return first

    def value(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """The first column of the first row; None where there is no row."""
        row = self.row(sql, values)
        return None if row is None else row[0]

    def meta(self, key: str) -> str | None:
        value: str | None = self.value("SELECT value FROM meta WHERE key = ?", [key])
        return value

    def set_meta(self, key: str, value: str) -> None:
        self.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )

    def is_due(self, task: str, *, every: timedelta, now: datetime) -> bool:
        """Whether a task was not done for so long; ``done`` notes that it was."""
        last = self.meta(f"last {task}")
        return last is None or moment(last) <= now - every

    def done(self, task: str, now: datetime) -> None:
        with self.transaction():
            self.set_meta(f"last {task}", stamp(now))

    @property
    def instance(self) -> str:
        """A random name of this database, made with it; part of every Message-ID."""
        return self.meta("instance") or ""

    def _prepare(self) -> None:
        """Set the connection up; closes it where that fails."""
        try:
            self._use_wal()
            self._conn.execute("PRAGMA synchronous = normal")
            self._conn.execute("PRAGMA foreign_keys = on")
            self._conn.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
            self._conn.execute(f"PRAGMA cache_size = -{CACHE}")
            self._update()
        except sqlite3.Error:
            self._conn.close()
            raise

    def _use_wal(self) -> None:
        """Let readers and a writer work side by side. SQLite does not wait where another process is about to do
        the same to a new file, so this does.
        """
        deadline = time.monotonic() + BUSY_TIMEOUT
        while True:
            try:
                self._conn.execute("PRAGMA journal_mode = wal")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return

    def _update(self) -> None:
        """Apply the migrations and views that this database does not have yet."""
        script, version = _views()
        db = Database(self._conn)
        if self._applied(db) == known() and self.meta("views") == version:
            return
        with self.transaction():  # the lock keeps a second process from doing the same
            ours = set(re.findall(r"^CREATE VIEW (\w+)", script, flags=re.MULTILINE))
            before = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
            for view in before:  # a column cannot be dropped while any view stands over its table
                self.execute(f'DROP VIEW "{view["name"]}"')
            former = set((self.meta("view_names") or "").split()) if before else set()
            migrations.apply(db)
            people_made = [view["sql"] for view in before if view["name"] not in ours | former]
            for statement in [*statements(script), *people_made]:
                self.execute(statement)
            self.set_meta("views", version)
            self.set_meta("view_names", " ".join(sorted(ours)))
            self.execute("INSERT OR IGNORE INTO meta VALUES ('instance', ?)", [secrets.token_hex(8)])

    def _applied(self, db: Database) -> set[str]:
        """The migrations that it has; raises ``StoreError`` where a newer version or another program has written it."""
        tables = db.table_names()  # asked first: another process may be making them just now
        applied = {one.name for one in migrations.applied(db)}
        if newer := sorted(applied - known()):
            raise StoreError(
                f"{self.path} was written by a newer version of this program ({newer[-1]}): update this one"
            )
        if tables and not applied:
            raise StoreError(f"{self.path} is the database of another program; set `database` to a new file")
        return applied


def check_exists(path: Path) -> None:
    """Raises ``StoreError`` where there is no database to read."""
    if not path.exists():
        raise StoreError(f"there is no database at {path} yet; run `listener run` or `listener poll` first")


@cache
def _views() -> tuple[str, str]:
    """The views' script and its hash; databases are opened every few seconds."""
    script = files("storage").joinpath("views.sql").read_text("utf-8")
    return script, blake2b(script.encode(), digest_size=8).hexdigest()


def stamp(moment: datetime) -> str:
    """A time as the database writes it: UTC, whole seconds, sortable as text."""
    return moment.astimezone(UTC).isoformat()[:19] + "Z"


def moment(text: str) -> datetime:
    """The reverse of ``stamp``."""
    return datetime.fromisoformat(text)
