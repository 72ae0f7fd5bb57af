"""Deleting for good: the mention, its author where nothing else is theirs, scores, counts, excerpts in digests.

A tombstone, an id without content, keeps it from coming back.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from storage.daily import mark_dirty, settle_doomed
from storage.store import Store, moment, stamp

_DOOMED = """
CREATE TEMP TABLE IF NOT EXISTS doomed (id INTEGER PRIMARY KEY, platform TEXT, platform_id TEXT, author_id INTEGER)
"""

_MARK_DIRTY = """
INSERT OR IGNORE INTO dirty_days
SELECT mb.brand_id, mb.day, d.platform FROM doomed d CROSS JOIN mention_brands mb ON mb.mention_id = d.id"""

_TOMBSTONES = """
INSERT OR IGNORE INTO tombstones (platform, platform_id, deleted_at, reason)
SELECT platform, platform_id, :now, :reason FROM doomed"""

# The eldest copy of each original that goes. One that repeats itself stands for an original that still counts.
_HEIRS = """
INSERT OR REPLACE INTO heirs
SELECT m.duplicate_of, m.id, :counts OR o.duplicate_of IS NOT NULL
FROM doomed d CROSS JOIN mentions o ON o.id = d.id CROSS JOIN mentions m ON m.duplicate_of = d.id
WHERE m.id NOT IN (SELECT id FROM doomed) ORDER BY m.published_at DESC, m.id DESC"""

_INHERIT = """
UPDATE mentions SET duplicate_of = iif(mentions.id = h.id AND NOT h.counts, NULL, h.id)
FROM heirs h WHERE mentions.duplicate_of = h.lost"""

_COMPARE_ANEW = """
INSERT OR IGNORE INTO duplicate_queue (mention_id)
SELECT m.id FROM heirs h CROSS JOIN mentions m ON m.duplicate_of = h.id OR m.id = h.id"""

_ORPHANS = """
DELETE FROM authors WHERE id IN (SELECT author_id FROM doomed)
AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.author_id = authors.id)"""


def bury(store: Store, platform: str, ids: Iterable[str], *, reason: str, now: datetime) -> int:
    """Delete mentions by their platform's ids, within the caller's transaction; returns how many were known.

    Their days are computed anew. Ids that were never stored are not even noted.
    """
    _doom(
        store,
        "SELECT id, platform, platform_id, author_id FROM mentions"
        " WHERE platform = ? AND platform_id IN (SELECT value FROM json_each(?))",
        [platform, json.dumps(list(ids))],
    )
    store.execute(_MARK_DIRTY)
    _bury_doomed(store, reason, now)
    return _delete(store)


def expire_unconfirmed(store: Store, platform: str, before: datetime, *, limit: int) -> int:
    """Delete what the platform has not shown since ``before``; its days are computed anew.

    Without a tombstone: what the platform shows again may come back. Imported mentions stay, nobody reads them
    again.
    """
    _doom(
        store,
        "SELECT id, platform, platform_id, author_id FROM mentions m"
        " WHERE platform = ? AND published_at < ? AND seen_at < ? AND EXISTS ("
        "  SELECT 1 FROM mention_brands mb JOIN sources s ON s.id = mb.source_id"
        "  WHERE mb.mention_id = m.id AND s.connector = m.platform) LIMIT ?",
        [platform, stamp(before), stamp(before), limit],
    )
    store.execute(_MARK_DIRTY)
    return _delete(store)


def expire_old(store: Store, platform: str, before: datetime, *, now: datetime, limit: int) -> int:
    """Delete what was published before; what it counts for in the figures of its day stays, for good.

    What still waits for the model, for its topics or to be compared with others is left for the next time.
    """
    _doom(
        store,
        "SELECT id, platform, platform_id, author_id FROM mentions m WHERE platform = ? AND published_at < ?"
        " AND NOT EXISTS (SELECT 1 FROM score_queue q WHERE q.mention_id = m.id)"
        " AND NOT EXISTS (SELECT 1 FROM duplicate_queue q WHERE q.mention_id = m.id)"
        " AND NOT EXISTS (SELECT 1 FROM topic_queue q WHERE q.mention_id = m.id"
        "  AND q.mention_id NOT IN (SELECT mention_id FROM score_failures))"  # these never get any topics
        " ORDER BY published_at LIMIT ?",
        [platform, stamp(before), limit],
    )
    settle_doomed(store)
    store.execute(_MARK_DIRTY)
    _bury_doomed(store, "older than the retention", now)
    return _delete(store, counts=True)


def delete_unwanted(store: Store, *, before: datetime, limit: int) -> int:
    """Delete mentions that are about no brand since ``before`` (after an edit or with a changed query)."""
    _doom(
        store,
        "SELECT id, platform, platform_id, author_id FROM mentions WHERE unmatched_at < ? LIMIT ?",
        [stamp(before), limit],
    )
    return _delete(store)


def _doom(store: Store, sql: str, values: Sequence[Any]) -> None:
    store.execute(_DOOMED)
    store.execute("DELETE FROM doomed")
    store.execute(f"INSERT INTO doomed {sql}", values)


def _bury_doomed(store: Store, reason: str, now: datetime) -> None:
    store.execute(_TOMBSTONES, {"now": stamp(now), "reason": reason})


def _delete(store: Store, *, counts: bool = False) -> int:
    """Delete the doomed, and what digests show of them; returns how many there were.

    Args:
        counts: what they count for stays, so that their copies stay copies.
    """
    count = int(store.value("SELECT count(*) FROM doomed"))
    if count:
        _redact(store)
        _inherit(store, counts=counts)
        store.execute("DELETE FROM mentions WHERE id IN (SELECT id FROM doomed)")
        store.execute(_ORPHANS)
    return count


def _inherit(store: Store, *, counts: bool) -> None:
    """Put the eldest copy in the place of each original that goes, and have the copies compared anew."""
    store.execute(
        "CREATE TEMP TABLE IF NOT EXISTS heirs (lost INTEGER PRIMARY KEY, id INTEGER, counts INTEGER)"
    )
    store.execute("DELETE FROM heirs")
    store.execute(_HEIRS, {"counts": counts})
    store.execute(_INHERIT)
    store.execute(_COMPARE_ANEW)
    mark_dirty(store, [row["id"] for row in store.rows("SELECT id FROM heirs WHERE NOT counts")])


def _redact(store: Store) -> None:
    """Take the doomed out of the digests that may show them: those of the days around, whatever the brand
    (they may be about none any more); their files are to be written again.
    """
    shown: dict[int, set[tuple[str, datetime]]] = {}
    for digest, platform, published_at in store.rows(
        "SELECT g.id, m.platform, m.published_at FROM doomed d CROSS JOIN mentions m ON m.id = d.id"
        " JOIN digests g ON g.day BETWEEN date(m.published_at, '-1 day') AND date(m.published_at, '+1 day')"
    ):
        shown.setdefault(digest, set()).add((platform, moment(published_at)))
    for digest, gone in shown.items():
        data = json.loads(store.value("SELECT data FROM digests WHERE id = ?", [digest]))
        if (rest := _without(data, gone)) != data:
            text = json.dumps(rest, ensure_ascii=False)
            store.execute("UPDATE digests SET data = ?, redacted = 1 WHERE id = ?", [text, digest])


def _without(data: Any, gone: set[tuple[str, datetime]]) -> Any:
    """The same without the list entries that show, or hold, a mention that is gone."""
    if isinstance(data, dict):
        return {key: _without(value, gone) for key, value in data.items()}
    if isinstance(data, list):
        return [_without(one, gone) for one in data if not _shows(one, gone)]
    return data


def _shows(entry: Any, gone: set[tuple[str, datetime]]) -> bool:
    if not isinstance(entry, dict):
        return False
    mention = entry.get("mention", entry)
    if not isinstance(mention.get("published_at"), str):
        return False
    return (mention.get("platform"), moment(mention["published_at"]).replace(microsecond=0)) in gone


def delete_rejects(store: Store, *, before: datetime, limit: int) -> int:
    """Delete unreadable answers that were last seen before; they may hold people's words, too."""
    return store.execute(
        "DELETE FROM rejects WHERE id IN (SELECT id FROM rejects WHERE last_seen_at < ? LIMIT ?)",
        [stamp(before), limit],
    )


def platforms(store: Store) -> list[str]:
    """Every platform that has mentions here."""
    return [row[0] for row in store.rows("SELECT DISTINCT platform FROM mentions")]
