"""Storing one page of a poll: mentions, authors, matches, counts, rejects, cost and cursor, in one transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from storage.content import storable
from storage.graves import bury
from storage.incoming import Incoming, Matched
from storage.ledger import add_cost
from storage.records import Reject, Spent
from storage.store import Store, stamp

__all__ = ["COUNTS", "Matched", "PageResult", "add_page"]

COUNTS = ("likes", "shares", "comments", "views")


@dataclass(frozen=True, slots=True)
class PageResult:
    """What a page changed."""

    new: int = 0
    updated: int = 0
    rejected: int = 0
    gone: int = 0

    def __add__(self, other: "PageResult") -> "PageResult":
        return PageResult(
            self.new + other.new,
            self.updated + other.updated,
            self.rejected + other.rejected,
            self.gone + other.gone,
        )


def add_page(
    store: Store,
    source_id: int,
    matched: Iterable[Matched],
    *,
    brands: Sequence[str],
    now: datetime,
    rejects: Sequence[Reject] = (),
    cursor: Mapping[str, Any] | None = None,
    gone: Sequence[str] = (),
    spent: Spent | None = None,
) -> PageResult:
    """Store a page, all of it or nothing.

    Args:
        brands: those this source looks for; a known mention that no longer matches one of them loses it.
        cursor: None leaves the source's cursor as it is.
        gone: the platform's ids of mentions to be deleted.
    """
    page = list(matched)  # the matching needs no lock
    with store.transaction():
        new, updated = Incoming(store, source_id, brands, now).add(page)
        rejected = _reject(store, source_id, rejects, stamp(now)) if rejects else 0
        connector = store.value("SELECT connector FROM sources WHERE id = ?", [source_id])
        deleted = bury(store, connector, gone, reason="gone upstream", now=now) if gone else 0
        _advance(store, source_id, cursor=cursor, now=now, new=bool(new))
        add_cost(store, connector, spent or Spent(), now)
    return PageResult(new, updated, rejected, deleted)


def _reject(store: Store, source_id: int, rejects: Sequence[Reject], now: str) -> int:
    """Keep what could not be read, once however often it comes; returns how many are new."""
    before = store.value("SELECT count(*) FROM rejects WHERE source_id = ?", [source_id])
    store.executemany(
        "INSERT INTO rejects (source_id, fingerprint, reason, raw, first_seen_at, last_seen_at)"
        " VALUES (:source, :fingerprint, :reason, :raw, :now, :now)"
        " ON CONFLICT (source_id, fingerprint) DO UPDATE SET last_seen_at = excluded.last_seen_at",
        (
            {
                "source": source_id,
                "fingerprint": blake2b(storable(one.raw).encode(), digest_size=16).hexdigest(),
                "reason": storable(one.reason),
                "raw": storable(one.raw),
                "now": now,
            }
            for one in rejects
        ),
    )
    after = store.value("SELECT count(*) FROM rejects WHERE source_id = ?", [source_id])
    return int(after - before)


def _advance(
    store: Store, source_id: int, *, cursor: Mapping[str, Any] | None, now: datetime, new: bool
) -> None:
    """Move the source's cursor."""
    store.execute(
        "UPDATE sources SET cursor = coalesce(?, cursor), last_new_at = CASE WHEN ? THEN ? ELSE last_new_at END"
        " WHERE id = ?",
        [None if cursor is None else json.dumps(cursor), new, stamp(now), source_id],
    )
