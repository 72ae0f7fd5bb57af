"""Daily figures per brand, platform and local day: only the days that something touched are computed anew."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.store import Store

_COUNTED = """
SELECT
  mb.brand_id, mb.day, m.platform,
  count(*) AS mentions, count(DISTINCT m.author_id) AS authors,
  sum(m.likes) AS likes, sum(m.shares) AS shares, sum(m.comments) AS comments, sum(m.views) AS views,
  sum(m.engagement) AS engagement,
  total(CAST(m.engagement AS REAL) / nullif(m.views, 0)) AS rate_by_views_sum,
  count(CAST(m.engagement AS REAL) / nullif(m.views, 0)) AS rate_by_views_n,
  total(CAST(m.engagement AS REAL) / nullif(m.author_followers, 0)) AS rate_by_followers_sum,
  count(CAST(m.engagement AS REAL) / nullif(m.author_followers, 0)) AS rate_by_followers_n,
  count(*) FILTER (WHERE s.label = 'positive') AS positive,
  count(*) FILTER (WHERE s.label = 'neutral') AS neutral,
  count(*) FILTER (WHERE s.label = 'negative') AS negative,
  count(*) FILTER (WHERE m.stance = 'promoting') AS promoting,
  count(*) FILTER (WHERE m.stance = 'detracting') AS detracting,
  count(*) FILTER (WHERE m.stance = 'indifferent') AS indifferent,
  total(m.rating) AS rating_sum, count(m.rating) AS rating_n
FROM mention_brands mb
JOIN mentions m ON m.id = mb.mention_id
LEFT JOIN sentiment_scores s ON s.mention_id = m.id AND s.is_current = 1
WHERE mb.own = 0 AND m.hidden_at IS NULL AND {condition}
GROUP BY mb.brand_id, mb.day, m.platform"""

SUMS = (
    "mentions", "authors", "likes", "shares", "comments", "views", "engagement",
    "rate_by_views_sum", "rate_by_views_n", "rate_by_followers_sum", "rate_by_followers_n",
    "positive", "neutral", "negative", "promoting", "detracting", "indifferent", "rating_sum", "rating_n",
)  # fmt: skip
"""Columns that add up, over live mentions and those that retention has deleted."""

_RECOMPUTE = f"""
INSERT INTO daily_metrics (brand_id, day, platform, version, {", ".join(SUMS)}, mixes)
SELECT brand_id, day, platform, :version, {", ".join(f"sum({one})" for one in SUMS)},
  platform NOT IN (SELECT value FROM json_each(:apart))
FROM (
  {_COUNTED.format(condition="mb.brand_id = :brand AND mb.day = :day")}
  UNION ALL
  SELECT * FROM settled_metrics WHERE brand_id = :brand AND day = :day
)
GROUP BY platform"""  # noqa: S608 - the column names above

_SETTLE = f"""
INSERT INTO settled_metrics
{_COUNTED.format(condition="m.id IN (SELECT id FROM doomed)")}
ON CONFLICT (brand_id, day, platform) DO UPDATE SET
  {", ".join(f"{one} = coalesce({one} + excluded.{one}, {one}, excluded.{one})" for one in SUMS)}"""  # noqa: S608 - see above


@dataclass(frozen=True, slots=True)
class BrandDay:
    """One local day of one brand."""

    brand_id: int
    day: str


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
        store.execute(
            "INSERT OR IGNORE INTO dirty_days SELECT DISTINCT mb.brand_id, mb.day, m.platform"
            " FROM mention_brands mb JOIN mentions m ON m.id = mb.mention_id"
        )


def settle_doomed(store: Store) -> None:
    """Keep what the mentions in the temporary table ``doomed`` count for, before they are deleted."""
    store.execute(_SETTLE)


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


def recompute(store: Store, days: Iterable[BrandDay], version: int) -> dict[BrandDay, Stances]:
    """Replace the figures of these days by what the mentions say now; returns their stances.

    What retention has deleted of them still counts.

    Call it inside a transaction, together with ``add_advocacy``.
    """
    stances, apart = {}, store.meta("apart") or "[]"
    for day in days:
        key = {"brand": day.brand_id, "day": day.day}
        store.execute("DELETE FROM daily_metrics WHERE brand_id = :brand AND day = :day", key)
        store.execute(_RECOMPUTE, {**key, "version": version, "apart": apart})
        store.execute("DELETE FROM dirty_days WHERE brand_id = :brand AND day = :day", key)
        row = store.row(
            "SELECT sum(promoting), sum(detracting), sum(indifferent) FROM daily_metrics"
            " WHERE brand_id = :brand AND day = :day",
            key,
        )
        if row is not None and row[0] is not None:
            stances[day] = Stances(*row)
        else:
            store.execute("DELETE FROM daily_advocacy WHERE brand_id = :brand AND day = :day", key)
    return stances


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
