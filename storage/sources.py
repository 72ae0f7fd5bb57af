"""What is watched, and how the last polls went. The table of sources is the poll stage's queue."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from storage import coverage
from storage.daily import mark_dirty
from storage.store import Store, moment, stamp

BATCH = 10_000
"""Mentions moved to their days in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """A brand as configured."""

    name: str
    query: str
    timezone: str
    competitor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source as configured; ``watch`` says what it looks for."""

    name: str
    connector: str
    watch: Mapping[str, Any]
    place: str = ""
    """Where it listens; a cursor of another place is worth nothing here."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """Where a source stands."""

    id: int
    name: str
    connector: str
    cursor: dict[str, Any] | None
    failures: int
    paused: bool
    next_poll_at: datetime


def sync_brands(store: Store, brands: Sequence[Brand]) -> None:
    """Make the table of brands say what the config says; a brand that is no longer there stays, inactive.

    A new time zone moves the brand's mentions to their new local days and hours; so it is with those stored
    before there was an hour. A sync that is cut off is gone on with by the next.
    """
    with store.transaction():
        store.execute("UPDATE brands SET active = 0")
        for brand in brands:
            old = store.row("SELECT id, timezone FROM brands WHERE name = ?", [brand.name])
            store.execute(
                "INSERT INTO brands (name, query, timezone, competitor) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET query = excluded.query, timezone = excluded.timezone,"
                " competitor = excluded.competitor, active = 1",
                [brand.name, brand.query, brand.timezone, brand.competitor],
            )
            if old is not None and old["timezone"] != brand.timezone:
                store.execute("UPDATE mention_brands SET hour = NULL WHERE brand_id = ?", [old["id"]])
                coverage.move_days(store, old["id"])
    for row in store.rows("SELECT id, timezone FROM brands"):
        _place(store, row["id"], ZoneInfo(row["timezone"]))


def sync_sources(store: Store, sources: Sequence[Source], now: datetime) -> None:
    """Make the table of sources say what the config says.

    New sources are due at once. Another connector or place forgets the cursor; any change makes the source
    due at once and lifts a pause. Sources no longer configured stay, inactive; one that listens to the same
    takes their mentions over. What changes for a brand is noted in ``source_events``.
    """
    with store.transaction():
        before = coverage.watched(store)
        store.execute("UPDATE sources SET active = 0 WHERE connector <> 'import'")
        for source in sources:
            store.execute(
                "INSERT INTO sources (name, connector, watch, next_poll_at) VALUES (:name, :connector, :watch, :now)"
                " ON CONFLICT (name) DO UPDATE SET active = 1, connector = excluded.connector, watch = excluded.watch,"
                " cursor = CASE WHEN connector = excluded.connector"
                " AND watch ->> '$.place' = excluded.watch ->> '$.place' THEN cursor END,"
                " next_poll_at = CASE WHEN watch = excluded.watch THEN next_poll_at ELSE excluded.next_poll_at END,"
                " paused_at = CASE WHEN watch = excluded.watch THEN paused_at END",
                {
                    "name": source.name,
                    "connector": source.connector,
                    "watch": json.dumps(
                        {**source.watch, "place": source.place}, sort_keys=True, ensure_ascii=False
                    ),
                    "now": stamp(now),
                },
            )
        after = coverage.watched(store)
        added = after.keys() - before.keys()
        renamed = set()
        for lost in before.keys() - after.keys():
            heir = _hand_over(store, lost)
            if heir in added:
                coverage.rename(store, lost, heir)
                renamed.add(heir)
            else:
                coverage.removed(store, lost, now)
        for back in added:
            _read_again(store, back, now)
            if back not in renamed:
                coverage.added(store, back, now)
        for kept in before.keys() & after.keys():
            coverage.rebranded(store, kept, before[kept], after[kept], now)


def _hand_over(store: Store, source_id: int) -> int | None:
    """Give a source's mentions to an active one that listens to the same (it was renamed, then), whose id is
    returned; else nobody reads them again.
    """
    heir: int | None = store.value(
        "SELECT h.id FROM sources s JOIN sources h ON h.connector = s.connector AND h.active = 1"
        " AND h.watch ->> '$.place' IS s.watch ->> '$.place' AND h.watch ->> '$.match' IS s.watch ->> '$.match'"
        " AND h.watch -> '$.brands' IS s.watch -> '$.brands' WHERE s.id = ? LIMIT 1",
        [source_id],
    )
    if heir is not None:
        store.execute("UPDATE mention_brands SET source_id = ? WHERE source_id = ?", [heir, source_id])
        return heir
    store.execute(
        "UPDATE mentions SET check_at = NULL WHERE check_at IS NOT NULL"
        " AND id IN (SELECT mention_id FROM mention_brands WHERE source_id = ?)",
        [source_id],
    )
    return None


def _read_again(store: Store, source_id: int, now: datetime) -> None:
    """Nobody has looked at a source's mentions while it was switched off; a pause ends with that."""
    store.execute("UPDATE sources SET paused_at = NULL WHERE id = ?", [source_id])
    store.execute(
        "UPDATE mentions SET check_at = ? WHERE id IN (SELECT mention_id FROM mention_brands WHERE source_id = ?)",
        [stamp(now), source_id],
    )


def add_import(store: Store, name: str, now: datetime) -> int:
    """The id of the source under which files of one origin are kept; it is never polled."""
    with store.transaction():
        is_new = store.execute(
            "INSERT OR IGNORE INTO sources (name, connector, watch, active, next_poll_at)"
            " VALUES (?, 'import', '{}', 0, ?)",
            [name, stamp(now)],
        )
        source_id = int(store.value("SELECT id FROM sources WHERE name = ?", [name]))
        if is_new:
            coverage.added(store, source_id, now)
        return source_id


def active(store: Store) -> list[SourceState]:
    """Every configured source, paused ones too, the longest waiting first."""
    found = store.rows("SELECT * FROM sources WHERE active = 1 ORDER BY next_poll_at, id")
    return [
        SourceState(
            id=row["id"],
            name=row["name"],
            connector=row["connector"],
            cursor=json.loads(row["cursor"]) if row["cursor"] else None,
            failures=row["failures"],
            paused=row["paused_at"] is not None,
            next_poll_at=moment(row["next_poll_at"]),
        )
        for row in found
    ]


def due(store: Store, now: datetime) -> list[SourceState]:
    """The sources to poll now, the longest waiting first; paused ones wait for a person."""
    return [source for source in active(store) if not source.paused and source.next_poll_at <= now]


def resume_paused(store: Store) -> None:
    """Make every paused source due again (a person may have mended its key)."""
    with store.transaction():
        store.execute(
            "UPDATE sources SET paused_at = NULL, next_poll_at = coalesce(last_polled_at, next_poll_at)"
            " WHERE paused_at IS NOT NULL"
        )


def succeeded(store: Store, source_id: int, *, now: datetime, next_poll_at: datetime) -> None:
    """Note that a poll ended well."""
    with store.transaction():
        coverage.heard(store, source_id, now)
        store.execute(
            "UPDATE sources SET failures = 0, paused_at = NULL, last_error = NULL, last_polled_at = :now,"
            " last_ok_at = :now, next_poll_at = :next WHERE id = :id",
            {"id": source_id, "now": stamp(now), "next": stamp(next_poll_at)},
        )


def failed(
    store: Store, source_id: int, error: str, *, now: datetime, next_poll_at: datetime, pause: bool
) -> None:
    """Note that a poll did not end well, and when to try again; a pause lasts until a person acts."""
    with store.transaction():
        coverage.silent(store, source_id, error, now, pause=pause)
        store.execute(
            "UPDATE sources SET failures = failures + 1, last_error = :error, last_polled_at = :now,"
            " next_poll_at = :next, paused_at = CASE WHEN :pause THEN :now END WHERE id = :id",
            {
                "id": source_id,
                "error": error,
                "now": stamp(now),
                "next": stamp(next_poll_at),
                "pause": pause,
            },
        )


def any_succeeded(store: Store) -> bool:
    """Whether some source has answered at least once."""
    return bool(store.value("SELECT count(*) FROM sources WHERE last_ok_at IS NOT NULL"))


def _place(store: Store, brand_id: int, zone: ZoneInfo) -> None:
    """Put a brand's mentions that have no local hour on their days and hours, a batch in a transaction."""
    while found := store.rows(
        "SELECT mb.mention_id, m.published_at FROM mention_brands mb CROSS JOIN mentions m ON m.id = mb.mention_id"
        " WHERE mb.brand_id = ? AND mb.hour IS NULL LIMIT ?",
        [brand_id, BATCH],
    ):
        ids = [row["mention_id"] for row in found]
        local = [moment(row["published_at"]).astimezone(zone) for row in found]
        with store.transaction():
            mark_dirty(store, ids)
            store.executemany(
                "UPDATE mention_brands SET day = ?, hour = ? WHERE mention_id = ? AND brand_id = ?",
                ((at.date().isoformat(), at.hour, one, brand_id) for one, at in zip(ids, local, strict=True)),
            )
            mark_dirty(store, ids)
