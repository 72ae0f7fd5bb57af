"""What readers of the web pages may not see, whatever they ask, in SQL, too."""

import re
import sqlite3

PEOPLE = frozenset(
    {
        ("authors", "platform_id"),
        ("authors", "handle"),
        ("authors", "name"),
        ("authors", "url"),
        # most addresses of posts hold their author's handle; the ids of some platforms (Bluesky's) the author's id
        ("mentions", "url"),
        ("mentions", "platform_id"),
        ("mentions", "parent_id"),
        ("mentions", "thread_id"),
        ("tombstones", "platform_id"),
        ("digests", "data"),
        ("rejects", "raw"),
    }
)
"""Columns that say who people are."""
OPERATOR = frozenset(
    {
        ("outbox", "recipient"),
        ("outbox", "last_error"),
        ("sources", "watch"),
        ("sources", "cursor"),
        ("meta", "value"),
    }
)
"""Columns that are nobody's business but the operator's."""
_UNSEEN = re.compile(r"natural|using(?! fts%)", re.IGNORECASE)
"""Joins whose columns SQLite makes itself: it asks nobody whether they may be read. Wherever the words stand, since
telling a text from a join is more than a pattern can be trusted with. Datasette looks for '...USING FTS%' itself; no
join goes on like that.
"""
_ELSEWHERE = frozenset({sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})


def hide(connection: sqlite3.Connection, *, people: bool) -> None:
    """Have these columns read as NULL on this connection, in views and every other way; no other file is opened.

    It holds for statements that ``check`` lets pass.

    Args:
        people: the authors, too, not only the operator's own affairs.
    """
    hidden = OPERATOR | PEOPLE if people else OPERATOR

    def authorize(action: int, table: str | None, column: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and (table, column) in hidden:
            return sqlite3.SQLITE_IGNORE
        return sqlite3.SQLITE_DENY if action in _ELSEWHERE else sqlite3.SQLITE_OK

    connection.set_authorizer(authorize)


def check(sql: str) -> None:
    """Raises ``sqlite3.OperationalError`` for a statement that ``hide`` might not hold for."""
    if word := _UNSEEN.search(sql):
        raise sqlite3.OperationalError(
            f"{word[0].upper()} is not possible here, within a text neither: join with ON, and ask for a text"
            " with a parameter, like :text"
        )
