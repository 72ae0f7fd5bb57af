"""Digests as they were built, and the outbox of what is still to be sent.

A digest and its letters are recorded in one transaction before anything is sent; a letter is sent until
it is confirmed, always under the same Message-ID.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storage.records import Language
from storage.store import Store, moment, stamp

_SINCE = "digests wait since"


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest as recorded: the data that every rendering is made of."""

    id: int
    brand: str
    day: str
    language: Language
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one recipient that is not confirmed yet."""

    id: int
    digest_id: int
    recipient: str
    message_id: str
    attempts: int


def find(store: Store, brand: str, day: str) -> Digest | None:
    """The digest of a brand's day, if it was built."""
    return _digest(
        store.row(
            "SELECT d.id, b.name, d.day, d.language, d.data FROM digests d JOIN brands b ON b.id = d.brand_id"
            " WHERE b.name = ? AND d.day = ?",
            [brand, day],
        )
    )


def is_incomplete(store: Store, brand: str, day: str) -> bool:
    """Whether mentions of the day still wait to be scored or searched for topics, or figures to be computed anew."""
    return bool(
        store.value(
            "SELECT EXISTS (SELECT 1 FROM score_queue q CROSS JOIN mention_brands mb ON mb.mention_id = q.mention_id"
            "  WHERE mb.brand_id = b.id AND mb.day = :day)"
            " OR EXISTS (SELECT 1 FROM topic_queue q CROSS JOIN mention_brands mb ON mb.mention_id = q.mention_id"
            "  WHERE mb.brand_id = b.id AND mb.day = :day"
            "  AND q.mention_id NOT IN (SELECT mention_id FROM score_failures))"
            " OR EXISTS (SELECT 1 FROM dirty_days d WHERE d.brand_id = b.id AND d.day = :day)"
            " FROM brands b WHERE b.name = :brand",
            {"brand": brand, "day": day},
        )
    )


def may_wait(store: Store, *, waiting: bool, patience: timedelta, now: datetime) -> bool:
    """Whether digests that are due may wait for what is missing from them; notes since when they do."""
    since = store.meta(_SINCE)
    if waiting and since is None:
        since = stamp(now)
        with store.transaction():
            store.set_meta(_SINCE, since)
    elif not waiting and since is not None:
        with store.transaction():
            store.execute("DELETE FROM meta WHERE key = ?", [_SINCE])
    return waiting and since is not None and now < moment(since) + patience


def get(store: Store, digest_id: int) -> Digest:
    """The digest that a letter carries; raises ``LookupError`` for a wrong id."""
    found = _digest(
        store.row(
            "SELECT d.id, b.name, d.day, d.language, d.data FROM digests d JOIN brands b ON b.id = d.brand_id"
            " WHERE d.id = ?",
            [digest_id],
        )
    )
    if found is None:
        raise LookupError(f"there is no digest {digest_id}")
    return found


def redacted(store: Store) -> list[Digest]:
    """Digests whose data lost something since their files were written."""
    ids = store.rows("SELECT id FROM digests WHERE redacted = 1 ORDER BY id")
    return [get(store, row["id"]) for row in ids]


def rewritten(store: Store, digest_id: int) -> None:
    """The digest's files say again what its data says."""
    with store.transaction():
        store.execute("UPDATE digests SET redacted = 0 WHERE id = ?", [digest_id])


def _digest(row: Any) -> Digest | None:
    return None if row is None else Digest(row[0], row[1], row[2], row[3], json.loads(row[4]))


def add(
    store: Store,
    *,
    brand: str,
    day: str,
    language: str,
    data: Mapping[str, Any],
    letters: Mapping[str, str],
    now: datetime,
) -> bool:
    """Record a digest with its letters (recipient to Message-ID), once per brand and day.

    Returns False, changing nothing, where that day's digest is there already.
    """
    with store.transaction():
        added = store.execute(
            "INSERT OR IGNORE INTO digests (brand_id, day, language, data, created_at)"
            " SELECT id, ?, ?, ?, ? FROM brands WHERE name = ?",
            [day, language, json.dumps(data, ensure_ascii=False), stamp(now), brand],
        )
        if added:
            digest_id = store.value("SELECT last_insert_rowid()")
            store.executemany(
                "INSERT INTO outbox (digest_id, recipient, message_id, next_try_at) VALUES (?, ?, ?, ?)",
                ((digest_id, to, message_id, stamp(now)) for to, message_id in letters.items()),
            )
    return bool(added)


def unsent(store: Store, now: datetime) -> list[Letter]:
    """Letters to send now, the oldest first."""
    found = store.rows(
        "SELECT id, digest_id, recipient, message_id, attempts FROM outbox"
        " WHERE sent_at IS NULL AND digest_id IS NOT NULL AND next_try_at <= ? ORDER BY id",
        [stamp(now)],
    )
    return [Letter(*row) for row in found]


def sent(store: Store, letter_id: int, now: datetime) -> None:
    """The server has taken the letter."""
    with store.transaction():
        store.execute(
            "UPDATE outbox SET sent_at = ?, attempts = attempts + 1, last_error = NULL WHERE id = ?",
            [stamp(now), letter_id],
        )


def not_sent(store: Store, letter_id: int, error: str, next_try_at: datetime) -> None:
    """The server has not taken it; try again later."""
    with store.transaction():
        store.execute(
            "UPDATE outbox SET attempts = attempts + 1, last_error = ?, next_try_at = ? WHERE id = ?",
            [error, stamp(next_try_at), letter_id],
        )


def last_day(store: Store, brand: str) -> str | None:
    """The latest day that has a digest."""
    day: str | None = store.value(
        "SELECT max(d.day) FROM digests d JOIN brands b ON b.id = d.brand_id WHERE b.name = ?", [brand]
    )
    return day
