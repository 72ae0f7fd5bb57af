"""Reading as an outsider does: on a connection that cannot write, answers row by row, however long they are."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from storage.store import BUSY_TIMEOUT, StoreError, check_exists

DAYS = ("from", "to")
"""Parameters of questions that are days."""
_STEPS = 50_000
"""Of SQLite's machine between two moments at which Ctrl-C is seen."""


class QuestionError(StoreError):
    """SQLite cannot answer the question; the message shows the place and says what there is."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names, and the rows as they are asked for."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


class Browser:
    """A read-only connection; use ``browsing`` to get one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._conn = connection

    def ask(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> Answer:
        """Answer one SQL statement.

        Raises:
            QuestionError: it is wrong, or would write; also while its rows are read.
            StoreError: a day is not written as one.
            KeyboardInterrupt: a person has lost patience.
        """
        if isinstance(values, Mapping):
            check_days(values)
        with _explained(self, sql):
            cursor = self._conn.execute(sql, values)
        return Answer(tuple(one[0] for one in cursor.description or ()), self._each(sql, cursor))

    def _each(self, sql: str, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        with _explained(self, sql):
            yield from map(tuple, cursor)  # a bare cursor would be closed late, after its connection

    def views(self) -> dict[str, tuple[str, ...]]:
        """The views and their columns, by name."""
        found: dict[str, tuple[str, ...]] = {}
        for view, column in self._conn.execute(
            "SELECT v.name, c.name FROM sqlite_master v, pragma_table_info(v.name) c WHERE v.type = 'view'"
            " ORDER BY v.name, c.cid"
        ):
            found[view] = (*found.get(view, ()), column)
        return found

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All questions inside see the database as it is now, whatever the daemon writes meanwhile."""
        self._conn.execute("BEGIN")
        try:
            yield
        finally:
            self._conn.rollback()

    def place(self, sql: str, message: str) -> int | None:
        """Where in a statement SQLite's complaint has its cause."""
        named = re.search(
            r'near "(.+)": syntax error|no such (?:table|column|function): (?:\w+\.)?(\S+)', message
        )
        if named is None:
            return None
        word = named[1] or named[2]
        pattern = rf"\b{re.escape(word)}\b" if word.isidentifier() else re.escape(word)
        places = [found.start() for found in re.finditer(pattern, sql, re.IGNORECASE)]
        if named[1]:  # the right one is the last before which all was in order
            places = [place for place in places if self._is_begun(sql[:place])]
        return places[-1] if named[1] and places else next(iter(places), None)

    def _is_begun(self, sql: str) -> bool:
        """Whether a statement may begin so."""
        try:
            self._conn.execute(f"EXPLAIN {sql}")
        except sqlite3.Error as error:
            return "syntax error" not in str(error)
        return True


def check_days(values: Mapping[str, Any]) -> None:
    """Raises ``StoreError`` where the questions' days are written otherwise than in the database: nothing would fit."""
    for name in DAYS:
        value = values.get(name) or ""
        if isinstance(value, str) and value and not value.isdecimal() and not _is_day(value):
            raise StoreError(f":{name} is a day and written like 2026-11-30, not {value}")


def _is_day(text: str) -> bool:
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


@contextmanager
def browsing(path: Path) -> Iterator[Browser]:
    """Open the database for reading alone; raises ``StoreError`` where that cannot be done."""
    check_exists(path)
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT, isolation_level=None
        )
    except sqlite3.Error as error:
        raise StoreError(f"cannot open the database {path}: {error}") from error
    try:
        _prepare(connection, path)
        yield Browser(connection)
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("PRAGMA query_only = on")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)  # ATTACH and VACUUM INTO would make a file
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{path} is not a usable SQLite database: {error}") from error
    # Python sees Ctrl-C between two of its own steps: this is one, in the midst of a long query.
    connection.set_progress_handler(lambda: 0, _STEPS)


@contextmanager
def _explained(browser: Browser, sql: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:  # a Warning: several statements, before Python 3.12
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        raise QuestionError("\n".join(_explanation(browser, sql, error))) from error


def _explanation(browser: Browser, sql: str, error: Exception) -> list[str]:
    """What went wrong, where, and what there is instead."""
    message = str(error)
    if "readonly" in message or "attached databases" in message:
        return [f"this would write, and questions only read (SQLite: {message})"]
    if "one statement at a time" in message:
        return ["ask one statement at a time"]
    lines = [f"SQLite says: {message}"]
    place = browser.place(sql, message)
    if place is not None:
        begin = sql.rfind("\n", 0, place) + 1
        lines += [sql[begin:].split("\n", 1)[0], " " * (place - begin) + "^"]
    return lines + _instead(browser, sql, message)


def _instead(browser: Browser, sql: str, message: str) -> list[str]:
    views = browser.views()
    if missing := re.search(r"no such table: (?:\w+\.)?(\S+)", message):
        close = get_close_matches(missing[1], views, n=1)
        return [*(f"did you mean {one}?" for one in close), f"the views are: {', '.join(views)}"]
    if "no such column" in message:
        used = [view for view in views if re.search(rf"\b{view}\b", sql, re.IGNORECASE)]
        return [f"{view} has: {', '.join(views[view])}" for view in used]
    return []
