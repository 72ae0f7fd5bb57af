"""The queue of mentions whose counts are to be read again: ``mentions.check_at``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storage.store import Store, moment, stamp


@dataclass(frozen=True, slots=True)
class Check:
    """A mention to look at again."""

    platform_id: str
    published_at: datetime


def due(store: Store, source_id: int, now: datetime, limit: int) -> list[Check]:
    """A source's mentions to read again now, the longest waiting first."""
    found = store.rows(
        "SELECT m.platform_id, m.published_at FROM sources s CROSS JOIN mentions m ON m.platform = s.connector"
        " WHERE s.id = :source AND m.check_at <= :now AND EXISTS ("
        "  SELECT 1 FROM mention_brands mb WHERE mb.mention_id = m.id AND mb.source_id = s.id)"
        " ORDER BY m.check_at LIMIT :limit",
        {"source": source_id, "now": stamp(now), "limit": limit},
    )
    return [Check(row["platform_id"], moment(row["published_at"])) for row in found]


def reschedule(store: Store, source_id: int, times: Mapping[str, datetime | None]) -> None:
    """Set when mentions are read again next, whether or not something was learnt of them this time."""
    with store.transaction():
        store.executemany(
            "UPDATE mentions SET check_at = ? WHERE platform = (SELECT connector FROM sources WHERE id = ?)"
            " AND platform_id = ?",
            ((time and stamp(time), source_id, platform_id) for platform_id, time in times.items()),
        )


def postpone(store: Store, source_id: int, until: datetime) -> None:
    """Let all of a source's due mentions wait."""
    with store.transaction():
        store.execute(
            "UPDATE mentions SET check_at = :until WHERE platform = (SELECT connector FROM sources WHERE id = :source)"
            " AND check_at < :until AND EXISTS ("
            "  SELECT 1 FROM mention_brands mb WHERE mb.mention_id = mentions.id AND mb.source_id = :source)",
            {"source": source_id, "until": stamp(until)},
        )


def forget(store: Store, source_id: int) -> None:
    """Read none of a source's mentions again."""
    with store.transaction():
        store.execute(
            "UPDATE mentions SET check_at = NULL WHERE platform = (SELECT connector FROM sources WHERE id = :source)"
            " AND check_at IS NOT NULL AND EXISTS ("
            "  SELECT 1 FROM mention_brands mb WHERE mb.mention_id = mentions.id AND mb.source_id = :source)",
            {"source": source_id},
        )
