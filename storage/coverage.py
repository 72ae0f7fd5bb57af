"""What is listened to, and when that changed: an outage must not be read as a trend.

``source_events`` is the log of the sources; ``coverage`` says the same for each brand that a source listened for
at that time, on the brand's local days. A source that does not answer is in a spell of silence until it answers
again or is removed.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.store import Row, Store, moment, stamp

SHORT = timedelta(hours=6)
"""A spell that ends sooner leaves no trace: the next poll takes up where the last one was. The longest pause
between two tries of a failing source is as long.
"""

IDLE = timedelta(hours=36)
"""A source that nothing polled for so long after it was due was not listened to; a program that runs once a day is no
outage.
"""

_BRANDS = """
SELECT b.id, b.timezone FROM brands b JOIN sources s ON s.id = :id
WHERE CASE WHEN :brands IS NOT NULL THEN b.name IN (SELECT value FROM json_each(:brands))
  WHEN s.watch -> '$.brands' IS NULL THEN b.active
  ELSE b.name IN (SELECT value FROM json_each(s.watch, '$.brands')) END"""

_OPEN = """
SELECT c.brand_id, c.since, c.event, b.timezone FROM coverage c JOIN brands b ON b.id = c.brand_id
WHERE c.source_id = ? AND c.until IS NULL ORDER BY c.since"""

# Nobody polled a source that was due: the program did not run.
_DUE = """
SELECT max(next_poll_at, coalesce((SELECT max(at) FROM source_events WHERE source_id = :id AND event = 'added'), ''))
FROM sources WHERE id = :id AND last_polled_at IS NOT NULL"""


def added(store: Store, source_id: int, now: datetime, brands: frozenset[str] | None = None) -> None:
    """A source is listened to from now on, for these brands or for all of its own."""
    _log(store, source_id, "added", now, _whom(brands))
    _note(store, source_id, "added", now, ends=now, brands=brands)


def removed(store: Store, source_id: int, now: datetime, brands: frozenset[str] | None = None) -> None:
    """A source is no longer listened to, for these brands or at all."""
    _log(store, source_id, "removed", now, _whom(brands))
    ids = {row["id"] for row in _brands(store, source_id, brands)}
    _close(store, source_id, [row for row in store.rows(_OPEN, [source_id]) if row["brand_id"] in ids], now)
    _note(store, source_id, "removed", now, ends=now, brands=brands)


def _whom(brands: frozenset[str] | None) -> str | None:
    return f"for {', '.join(sorted(brands))}" if brands else None


def heard(store: Store, source_id: int, now: datetime) -> None:
    """A source has answered: its spell of silence, if it was in one, is over.

    Call it before its row says so.
    """
    _note_idle(store, source_id, now)
    spell = store.rows(_OPEN, [source_id])
    if not spell:
        return
    if now - moment(spell[0]["since"]) >= SHORT:
        _log(store, source_id, "recovered", now)
        _close(store, source_id, spell, now)
        return
    store.execute("DELETE FROM coverage WHERE source_id = ? AND until IS NULL", [source_id])
    store.execute(
        "DELETE FROM source_events WHERE source_id = ? AND at >= ? AND event IN ('failing', 'paused')",
        [source_id, spell[0]["since"]],
    )


def silent(store: Store, source_id: int, error: str, now: datetime, *, pause: bool) -> None:
    """A source did not answer; only the beginning of its spell is noted, and that it now waits for a person.

    Call it before its row says so.
    """
    _note_idle(store, source_id, now)
    event = "paused" if pause else "failing"
    spell = store.rows(_OPEN, [source_id])
    if not spell:
        _log(store, source_id, event, now, error)
        _note(store, source_id, event, now, detail=error)
    elif pause and spell[0]["event"] == "failing":
        _log(store, source_id, event, now, error)
        store.execute(
            "UPDATE coverage SET event = 'paused', detail = ? WHERE source_id = ? AND until IS NULL",
            [error, source_id],
        )


def _note_idle(store: Store, source_id: int, now: datetime) -> None:
    """Note since when nothing polled a source that was due, if that is long."""
    text = store.value(_DUE, {"id": source_id})
    if text is None or now - moment(text) < IDLE or store.rows(_OPEN, [source_id]):
        return
    detail = "nothing polled it: the program did not run"
    _log(store, source_id, "paused", moment(text), detail)
    _note(store, source_id, "paused", moment(text), detail=detail)


def _log(store: Store, source_id: int, event: str, at: datetime, detail: str | None = None) -> None:
    store.execute(
        "INSERT OR IGNORE INTO source_events (source_id, at, event, detail) VALUES (?, ?, ?, ?)",
        [source_id, stamp(at), event, detail],
    )


def _note(
    store: Store,
    source_id: int,
    event: str,
    at: datetime,
    *,
    detail: str | None = None,
    ends: datetime | None = None,
    brands: Collection[str] | None = None,
) -> None:
    """A row for each brand; without an end it is open."""
    store.executemany(
        "INSERT OR IGNORE INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                one["id"], source_id, stamp(at), event, _day(at, one),
                ends and stamp(ends), ends and _day(ends, one), detail,
            )
            for one in _brands(store, source_id, brands)
        ),
    )  # fmt: skip


def _close(store: Store, source_id: int, spell: Collection[Row], now: datetime) -> None:
    store.executemany(
        "UPDATE coverage SET until = ?, last_day = ? WHERE brand_id = ? AND source_id = ? AND until IS NULL",
        ((stamp(now), _day(now, row), row["brand_id"], source_id) for row in spell),
    )


def _brands(store: Store, source_id: int, names: Collection[str] | None) -> list[Row]:
    """The brands of these names, or those that the source listens for."""
    known = None if names is None else json.dumps(sorted(names))
    return store.rows(_BRANDS, {"id": source_id, "brands": known})


def _day(at: datetime, brand: Row) -> str:
    return at.astimezone(ZoneInfo(brand["timezone"])).date().isoformat()


def watched(store: Store) -> dict[int, frozenset[str]]:
    """The brands that each configured source listens for; none are named where it is every one."""
    found = store.rows(
        "SELECT id, watch -> '$.brands' AS brands FROM sources WHERE active = 1 AND connector <> 'import'"
    )
    return {row["id"]: frozenset(json.loads(row["brands"] or "[]")) for row in found}


def rebranded(
    store: Store, source_id: int, before: frozenset[str], after: frozenset[str], now: datetime
) -> None:
    """A source that was configured before listens for other brands now."""
    if after - before:
        added(store, source_id, now, after - before)
    if before - after:
        removed(store, source_id, now, before - after)


def rename(store: Store, old: int, new: int) -> None:
    """A source listens on under another name; what happened to it goes with it."""
    for table in ("source_events", "coverage"):
        store.execute(f"UPDATE OR REPLACE {table} SET source_id = ? WHERE source_id = ?", [new, old])  # noqa: S608 - from above


def move_days(store: Store, brand_id: int) -> None:
    """Put a brand's rows on the days of its time zone, which has changed."""
    rows = store.rows(
        "SELECT c.source_id, c.since, c.event, c.until, b.timezone FROM coverage c JOIN brands b ON b.id = c.brand_id"
        " WHERE c.brand_id = ?",
        [brand_id],
    )
    store.executemany(
        "UPDATE coverage SET first_day = ?, last_day = ?"
        " WHERE brand_id = ? AND source_id = ? AND since = ? AND event = ?",
        (
            (
                _day(moment(row["since"]), row), row["until"] and _day(moment(row["until"]), row),
                brand_id, row["source_id"], row["since"], row["event"],
            )
            for row in rows
        ),
    )  # fmt: skip
