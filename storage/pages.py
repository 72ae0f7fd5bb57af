"""Storing one page of a poll: mentions, authors, matches, counts, rejects, cost and cursor, in one transaction.

The page goes into a temporary table first; then each table is brought up to date with one statement, which
keeps the number of statements independent of the page's size (the reason stands in docs/design.md).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from storage.graves import bury
from storage.ledger import add_cost
from storage.records import Match, Mention, Reject, Spent
from storage.store import Store, stamp

COUNTS = ("likes", "shares", "comments", "views")

_INCOMING = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
  platform TEXT, platform_id TEXT, kind TEXT, parent_id TEXT, thread_id TEXT, url TEXT, title TEXT, text TEXT,
  lang TEXT, published_at TEXT, edited_at TEXT, rating REAL, likes INTEGER, shares INTEGER, comments INTEGER,
  views INTEGER, author TEXT, handle TEXT, name TEXT, author_url TEXT, followers INTEGER, matched INTEGER,
  check_at TEXT,
  id INTEGER, is_new INTEGER DEFAULT 0, reworded INTEGER DEFAULT 0, recounted INTEGER DEFAULT 0,
  touched INTEGER DEFAULT 0,
  PRIMARY KEY (platform, platform_id)
)"""

_FILL = """
INSERT OR REPLACE INTO incoming VALUES (
  :platform, :platform_id, :kind, :parent_id, :thread_id, :url, :title, :text, :lang, :published_at, :edited_at,
  :rating, :likes, :shares, :comments, :views, :author, :handle, :name, :author_url, :followers, :matched,
  :check_at, NULL, 0, 0, 0, 0
)"""

_DROP_UNWANTED = """
DELETE FROM incoming WHERE
  EXISTS (SELECT 1 FROM tombstones t WHERE (t.platform, t.platform_id) = (incoming.platform, incoming.platform_id))
  OR NOT matched AND NOT EXISTS (
    SELECT 1 FROM mentions m WHERE (m.platform, m.platform_id) = (incoming.platform, incoming.platform_id))"""

_AUTHORS = """
INSERT INTO authors (platform, platform_id, handle, name, url, followers)
SELECT platform, author, max(handle), max(name), max(author_url), max(followers) FROM incoming
WHERE author IS NOT NULL GROUP BY platform, author
ON CONFLICT (platform, platform_id) DO UPDATE SET
  handle = coalesce(excluded.handle, handle), name = coalesce(excluded.name, name),
  url = coalesce(excluded.url, url), followers = coalesce(excluded.followers, followers)"""

# A count that the platform leaves out this time keeps its last known value.
_COMPARE = """
UPDATE incoming SET
  id = m.id,
  reworded = incoming.title IS NOT m.title OR incoming.text IS NOT m.text,
  recounted =
    coalesce(incoming.likes, m.likes) IS NOT m.likes OR coalesce(incoming.shares, m.shares) IS NOT m.shares
    OR coalesce(incoming.comments, m.comments) IS NOT m.comments
    OR coalesce(incoming.views, m.views) IS NOT m.views,
  touched = coalesce(incoming.rating, m.rating) IS NOT m.rating
    OR coalesce(incoming.followers, m.author_followers) IS NOT m.author_followers
FROM mentions m WHERE (m.platform, m.platform_id) = (incoming.platform, incoming.platform_id)"""

_INSERT = """
INSERT INTO mentions (
  platform, platform_id, kind, parent_id, thread_id, url, author_id, author_followers, title, text, lang,
  published_at, edited_at, fetched_at, rating, likes, shares, comments, views, counted_at, seen_at, check_at)
SELECT i.platform, i.platform_id, i.kind, i.parent_id, i.thread_id, i.url, a.id, i.followers, i.title, i.text, i.lang,
  i.published_at, i.edited_at, :now, i.rating, i.likes, i.shares, i.comments, i.views, :now, :now, i.check_at
FROM incoming i LEFT JOIN authors a ON (a.platform, a.platform_id) = (i.platform, i.author)
WHERE i.id IS NULL ORDER BY i.published_at, i.platform_id"""

_FIND_NEW = """
UPDATE incoming SET id = m.id, is_new = 1 FROM mentions m
WHERE incoming.id IS NULL AND (m.platform, m.platform_id) = (incoming.platform, incoming.platform_id)"""

_REWORD = """
UPDATE mentions SET title = i.title, text = i.text, edited_at = coalesce(i.edited_at, mentions.edited_at)
FROM incoming i WHERE i.id = mentions.id AND i.reworded"""

_RECOUNT = """
UPDATE mentions SET
  likes = coalesce(i.likes, mentions.likes), shares = coalesce(i.shares, mentions.shares),
  comments = coalesce(i.comments, mentions.comments), views = coalesce(i.views, mentions.views),
  rating = coalesce(i.rating, mentions.rating),
  author_followers = coalesce(i.followers, mentions.author_followers), counted_at = :now
FROM incoming i WHERE i.id = mentions.id AND (i.recounted OR i.touched)"""

# Within a day nothing is written for a post that only stands there still.
_SEE = """
UPDATE mentions SET seen_at = :now, check_at = i.check_at
FROM incoming i WHERE i.id = mentions.id AND (mentions.seen_at < :yesterday OR mentions.check_at <= :now)"""

_SNAPSHOT = """
INSERT OR REPLACE INTO engagement_snapshots
SELECT m.id, :now, m.likes, m.shares, m.comments, m.views FROM mentions m JOIN incoming i ON i.id = m.id
WHERE (i.is_new OR i.recounted) AND coalesce(m.likes, m.shares, m.comments, m.views) IS NOT NULL"""

_NOTE_UNMATCHED = """
UPDATE mentions SET unmatched_at = CASE
  WHEN EXISTS (SELECT 1 FROM mention_brands mb WHERE mb.mention_id = mentions.id) THEN NULL
  ELSE coalesce(mentions.unmatched_at, :now) END
FROM incoming i WHERE i.id = mentions.id AND NOT i.is_new
AND (mentions.unmatched_at IS NOT NULL
  OR NOT EXISTS (SELECT 1 FROM mention_brands mb WHERE mb.mention_id = mentions.id))"""

_MARK_DIRTY = """
INSERT OR IGNORE INTO dirty_days
SELECT mb.brand_id, mb.day, i.platform FROM incoming i JOIN mention_brands mb ON mb.mention_id = i.id
WHERE i.is_new OR i.reworded OR i.recounted OR i.touched"""


@dataclass(frozen=True, slots=True)
class Matched:
    """A mention with the brands it is about; without one it is stored only if it was known before."""

    mention: Mention
    matches: Sequence[Match]
    own: frozenset[str] = frozenset()
    """The brands among whose own accounts the author is: kept, but not counted."""
    check_at: datetime | None = None
    """When its counts are to be read again; None: no more."""


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
    incoming = [(_row(one), one) for one in matched]
    found = {(row["platform"], row["platform_id"]): one for row, one in incoming}
    with store.transaction():
        store.execute(_INCOMING)
        store.execute("DELETE FROM incoming")
        store.executemany(_FILL, (row for row, _ in incoming))
        store.execute(_DROP_UNWANTED)
        store.execute("ANALYZE temp.incoming")  # else the planner may take the page for the larger table
        when = {"now": stamp(now), "yesterday": stamp(now - timedelta(days=1))}
        store.execute(_AUTHORS)
        store.execute(_COMPARE)
        store.execute(_INSERT, when)
        store.execute(_FIND_NEW)
        store.execute(_REWORD)
        store.execute(_RECOUNT, when)
        store.execute(_SEE, when)
        store.execute(_SNAPSHOT, when)
        _match(store, source_id, found, brands)
        store.execute(_NOTE_UNMATCHED, when)
        store.execute(_MARK_DIRTY)
        _queue_for_scoring(store)
        _queue_for_topics(store)
        _queue_for_grouping(store)
        new, updated = store.rows("SELECT sum(is_new), sum(reworded OR recounted OR touched) FROM incoming")[
            0
        ]
        rejected = _reject(store, source_id, rejects, when["now"])
        connector = store.value("SELECT connector FROM sources WHERE id = ?", [source_id])
        deleted = bury(store, connector, gone, reason="gone upstream", now=now) if gone else 0
        _advance(store, source_id, cursor=cursor, now=now, new=bool(new))
        add_cost(store, connector, spent or Spent(), now)
    return PageResult(new or 0, updated or 0, rejected, deleted)


def _row(one: Matched) -> dict[str, Any]:
    mention = one.mention
    author = mention.author
    row = {
        "platform": mention.platform,
        "platform_id": mention.platform_id,
        "kind": str(mention.kind),
        "parent_id": mention.parent_id,
        "thread_id": mention.thread_id,
        "url": mention.url,
        "title": mention.title,
        "text": mention.text,
        "lang": mention.lang,
        "published_at": stamp(mention.published_at),
        "edited_at": mention.edited_at and stamp(mention.edited_at),
        "rating": mention.rating,
        "author": author and author.platform_id,
        "handle": author and author.handle,
        "name": author and author.name,
        "author_url": author and author.url,
        "followers": author and author.followers,
        "matched": bool(one.matches),
        "check_at": one.check_at and stamp(one.check_at),
        **{count: getattr(mention.engagement, count) for count in COUNTS},
    }
    return {key: storable(value) if isinstance(value, str) else value for key, value in row.items()}


def storable(text: str) -> str:
    """Without what SQLite cannot keep as text: null bytes and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _match(
    store: Store, source_id: int, found: Mapping[tuple[str, str], Matched], brands: Sequence[str]
) -> None:
    """Write which brands the page's mentions are about; the first source to see a match keeps it."""
    known = {row["name"]: row for row in store.rows("SELECT id, name, timezone FROM brands")}
    for row in store.rows("SELECT id, platform, platform_id, is_new FROM incoming"):
        one = found[row["platform"], row["platform_id"]]
        terms = {match.brand: match.term for match in one.matches}
        if not row["is_new"]:
            for brand in set(brands) - set(terms):
                _unmatch(store, row["id"], known[brand]["id"], source_id)
        for brand, term in terms.items():
            local = one.mention.published_at.astimezone(ZoneInfo(known[brand]["timezone"]))
            added = store.execute(
                "INSERT OR IGNORE INTO mention_brands (mention_id, brand_id, source_id, term, day, hour, own)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    row["id"],
                    known[brand]["id"],
                    source_id,
                    term,
                    local.date().isoformat(),
                    local.hour,
                    brand in one.own,
                ],
            )
            if added and not row["is_new"]:
                store.execute("UPDATE incoming SET touched = 1 WHERE id = ?", [row["id"]])


def _unmatch(store: Store, mention_id: int, brand_id: int, source_id: int) -> None:
    """A known mention is no longer about a brand: after an edit, or with a changed query."""
    values = [mention_id, brand_id, source_id]
    store.execute(
        "INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, platform FROM mention_brands"
        " JOIN mentions ON id = mention_id WHERE mention_id = ? AND brand_id = ? AND source_id = ?",
        values,
    )
    if store.execute(
        "DELETE FROM mention_brands WHERE mention_id = ? AND brand_id = ? AND source_id = ?", values
    ):
        store.execute("INSERT OR IGNORE INTO duplicate_queue (mention_id) VALUES (?)", [mention_id])


def _queue_for_scoring(store: Store) -> None:
    """New and reworded texts wait for the model; a machine's reading of the old words goes."""
    store.execute(
        "DELETE FROM sentiment_scores WHERE model <> 'human'"
        " AND mention_id IN (SELECT id FROM incoming WHERE reworded)"
    )
    store.execute(
        "INSERT INTO score_queue (mention_id) SELECT id FROM incoming WHERE is_new OR reworded"
        " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1"
    )


def _queue_for_topics(store: Store) -> None:
    """New and reworded texts wait to be searched for topics, where there are any; what the old words said goes."""
    store.execute("DELETE FROM aspects WHERE mention_id IN (SELECT id FROM incoming WHERE reworded)")
    store.execute(
        "INSERT INTO topic_queue (mention_id) SELECT id FROM incoming"
        " WHERE (is_new OR reworded) AND EXISTS (SELECT 1 FROM topics)"
        " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1"
    )


def _queue_for_grouping(store: Store) -> None:
    """New texts, and those with other words, stars or brands, wait to be compared."""
    store.execute(
        "INSERT OR IGNORE INTO duplicate_queue (mention_id) SELECT id FROM incoming WHERE is_new OR reworded OR touched"
    )


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
