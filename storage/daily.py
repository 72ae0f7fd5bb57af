"""Daily figures per brand, platform and local day: only the days that something touched are computed anew."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage import advocates, facts
from storage.facts import COLUMNS, COUNTED, DIMENSIONS, METRICS, SLICED, SLICES, BrandDay
from storage.store import Store

# From one day to the next through the index, past all mentions of a day.
_MARK_ALL_STORED = """
WITH RECURSIVE stored (brand_id, day) AS (
  SELECT id, (SELECT min(day) FROM mention_brands WHERE brand_id = brands.id) FROM brands
  UNION ALL
  SELECT brand_id, (SELECT min(mb.day) FROM mention_brands mb WHERE mb.brand_id = s.brand_id AND mb.day > s.day)
  FROM stored s WHERE s.day IS NOT NULL
)
INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, 'all' FROM stored WHERE day IS NOT NULL"""

# Day by day: with a list of days SQLite would search no deeper than the brand.
_DELETE = (
    *(
        f"DELETE FROM {table} WHERE brand_id = ? AND day = ?"  # noqa: S608 - from here
        for table in ("daily_metrics", "daily_advocacy", "author_days", "dirty_days")
    ),
    *(
        f"DELETE FROM daily_slices WHERE brand_id = ? AND dimension = '{dimension}' AND day = ?"  # noqa: S608 - see above
        for dimension in DIMENSIONS
    ),
)

_ADD_METRICS = f"""
INSERT INTO daily_metrics (brand_id, day, platform, version, mixes, {COLUMNS})
SELECT t.brand_id, t.day, platform, min(version), platform NOT IN (SELECT value FROM json_each(:apart)),
  {", ".join(f"sum({one})" for one in METRICS)}
FROM (
  SELECT :version AS version, * FROM ({COUNTED})
  UNION ALL
  SELECT version, t.id, platform, {COLUMNS} FROM these_days t CROSS JOIN settled_metrics USING (brand_id, day)
)
JOIN these_days t ON t.id = day_id
GROUP BY day_id, platform"""  # noqa: S608 - from above

_ADD_AUTHORS = """
INSERT INTO author_days (brand_id, day, author_id, mentions, promoting, detracting, engagement, followers)
SELECT t.brand_id, t.day, author_id, mentions, promoting, detracting, engagement, followers
FROM (
  SELECT day_id, author_id, count(*) AS mentions, coalesce(sum(promoting), 0) AS promoting,
    coalesce(sum(detracting), 0) AS detracting, sum(engagement) AS engagement, max(followers) AS followers
  FROM facts WHERE author_id > 0 GROUP BY day_id, platform, author_id
) CROSS JOIN these_days t ON t.id = day_id"""

_ADD_SLICES = f"""
INSERT INTO daily_slices (brand_id, dimension, day, value, {", ".join(SLICED)})
SELECT t.brand_id, dimension, t.day, value, {", ".join(f"sum({one})" for one in SLICED)} FROM (
  {SLICES}
  UNION ALL
  SELECT t.id, s.dimension, s.value, {", ".join(SLICED)}
  FROM these_days t CROSS JOIN json_each(:dimensions) d
  CROSS JOIN settled_slices s ON s.brand_id = t.brand_id AND s.dimension = d.value AND s.day = t.day
)
JOIN these_days t ON t.id = day_id
GROUP BY day_id, dimension, value"""  # noqa: S608 - from above

_SETTLE_METRICS = f"""
INSERT INTO settled_metrics (brand_id, day, platform, version, {COLUMNS})
SELECT t.brand_id, t.day, platform, :version, {COLUMNS} FROM ({COUNTED}) JOIN these_days t ON t.id = day_id WHERE true
ON CONFLICT (brand_id, day, platform) DO UPDATE SET
  version = min(version, excluded.version),
  {", ".join(f"{one} = coalesce({one} + excluded.{one}, {one}, excluded.{one})" for one in METRICS)}"""  # noqa: S608 - from above

_SETTLE_SLICES = f"""
INSERT INTO settled_slices (brand_id, dimension, day, value, {", ".join(SLICED)})
SELECT t.brand_id, dimension, t.day, value, {", ".join(SLICED)} FROM ({SLICES}) JOIN these_days t ON t.id = day_id
WHERE true
ON CONFLICT (brand_id, dimension, day, value) DO UPDATE SET
  {", ".join(f"{one} = {one} + excluded.{one}" for one in SLICED)}"""  # noqa: S608 - from above


@dataclass(frozen=True, slots=True)
class Stances:
    """How many mentions of a brand's day promote, detract, do neither."""

    promoting: int
    detracting: int
    indifferent: int


@dataclass(frozen=True, slots=True)
class DailyAdvocacy:
    """A row of ``daily_advocacy``: the stances and what ``listener.metrics`` makes of them."""

    on: BrandDay
    stances: Stances
    advocacy: float | None
    low: float | None
    high: float | None


def dirty(store: Store, limit: int) -> list[BrandDay]:
    """Days to compute anew, the latest first."""
    found = store.rows(
        "SELECT DISTINCT brand_id, day FROM dirty_days ORDER BY day DESC, brand_id LIMIT ?", [limit]
    )
    return [BrandDay(*row) for row in found]


def dirty_count(store: Store) -> int:
    return int(store.value("SELECT count(*) FROM (SELECT DISTINCT brand_id, day FROM dirty_days)"))


def mark_dirty(store: Store, mention_ids: Iterable[int]) -> None:
    """Have the days of these mentions computed anew, within the caller's transaction."""
    store.execute(
        "INSERT OR IGNORE INTO dirty_days SELECT mb.brand_id, mb.day, m.platform"
        " FROM json_each(?) d CROSS JOIN mention_brands mb ON mb.mention_id = d.value"
        " CROSS JOIN mentions m ON m.id = mb.mention_id",
        [json.dumps(list(mention_ids))],
    )


def mark_all_dirty(store: Store) -> None:
    """Have everything computed anew, days that have no mentions any more included."""
    with store.transaction():
        store.execute("INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, platform FROM daily_metrics")
        store.execute(_MARK_ALL_STORED)


def use_version(store: Store, version: int) -> None:
    """Make this the version of the definitions by which figures are made; another one has the days that still
    have mentions computed anew, once.
    """
    if store.meta("figures") == str(version):
        return
    with store.transaction():
        store.execute(
            "INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, platform FROM daily_metrics d"
            " WHERE version <> ? AND EXISTS"
            " (SELECT 1 FROM mention_brands mb WHERE mb.brand_id = d.brand_id AND mb.day = d.day)",
            [version],
        )
        store.set_meta("figures", str(version))


def settle_doomed(store: Store) -> None:
    """Keep what the mentions in the temporary table ``doomed`` count for, before they are deleted."""
    facts.of_doomed(store)
    store.execute(_SETTLE_METRICS, {"version": store.meta("figures") or 1})
    store.execute(_SETTLE_SLICES)


def forget_topics(store: Store, names: Iterable[str]) -> None:
    """Drop the figures of topics, those of deleted mentions too, within the caller's transaction."""
    for table in ("daily_slices", "settled_slices"):
        store.executemany(
            f"DELETE FROM {table} WHERE dimension = 'topic' AND value = ?",  # noqa: S608 - from above
            ((name,) for name in names),
        )


def keep_apart(store: Store, platforms: Mapping[str, bool]) -> None:
    """Say for each of these platforms whether its counts stay out of sums over several platforms.

    What was said of others before still holds. A change has their days computed anew.
    """
    before = set(json.loads(store.meta("apart") or "[]"))
    after = before - platforms.keys() | {name for name, apart in platforms.items() if apart}
    if after == before:
        return
    with store.transaction():
        store.set_meta("apart", json.dumps(sorted(after)))
        store.execute(
            "INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, platform FROM daily_metrics"
            " WHERE platform IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(before ^ after))],
        )


def recompute(store: Store, days: Sequence[BrandDay], version: int) -> dict[BrandDay, Stances]:
    """Replace the figures of these days by what the mentions say now; returns their stances.

    What retention has deleted of them still counts.

    Call it inside a transaction, together with ``add_advocacy``.
    """
    facts.of_days(store, days)
    advocates.subtract(store)
    for delete in _DELETE:
        store.executemany(delete, ((one.brand_id, one.day) for one in days))
    store.execute(_ADD_METRICS, {"version": version, "apart": store.meta("apart") or "[]"})
    store.execute(_ADD_AUTHORS)
    advocates.add(store)
    store.execute(_ADD_SLICES, {"dimensions": json.dumps(DIMENSIONS)})
    found = store.rows(
        "SELECT t.brand_id, t.day, sum(promoting), sum(detracting), sum(indifferent) FROM these_days t"
        " CROSS JOIN daily_metrics d ON d.brand_id = t.brand_id AND d.day = t.day GROUP BY t.brand_id, t.day"
    )
    return {BrandDay(row[0], row[1]): Stances(*row[2:]) for row in found}


def add_advocacy(store: Store, rows: Sequence[DailyAdvocacy], version: int) -> None:
    """Write the advocacy of these days."""
    store.executemany(
        "INSERT OR REPLACE INTO daily_advocacy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row.on.brand_id,
                row.on.day,
                version,
                row.stances.promoting,
                row.stances.detracting,
                row.stances.indifferent,
                row.advocacy,
                row.low,
                row.high,
            )
            for row in rows
        ),
    )
