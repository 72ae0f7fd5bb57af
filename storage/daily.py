"""Daily figures per brand, platform and local day: only the days that something touched are computed anew."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.records import Label, Stance
from storage.store import Store

_THESE_DAYS = (
    "CREATE TEMP TABLE IF NOT EXISTS these_days (brand_id INTEGER, day TEXT, PRIMARY KEY (brand_id, day))"
)

_FACTS = """
CREATE TEMP TABLE IF NOT EXISTS facts (
  brand_id INTEGER, day TEXT, platform TEXT, mention_id INTEGER, copy INTEGER, copy_engagement INTEGER,
  original INTEGER, hour INTEGER, lang TEXT, author_id INTEGER, likes INTEGER, shares INTEGER, comments INTEGER,
  views INTEGER, engagement INTEGER, followers INTEGER, label TEXT, stance TEXT, rating REAL, answered INTEGER,
  answer_hours REAL
)"""
"""What figures are made of: the mentions that count. Of a copy all is NULL but that it is one, and its engagement."""

_OF_ORIGINALS = (
    "1", "mb.hour", "m.lang", "m.author_id", "m.likes", "m.shares", "m.comments", "m.views", "m.engagement",
    "m.author_followers", "s.label", "m.stance", "m.rating", "m.answered",
    "iif(m.answered_at >= m.published_at, (julianday(m.answered_at) - julianday(m.published_at)) * 24, NULL)",
)  # fmt: skip

_COLLECT = f"""
INSERT INTO facts
SELECT
  mb.brand_id, mb.day, m.platform, m.id, iif(m.duplicate_of IS NULL, NULL, 1),
  iif(m.duplicate_of IS NULL, NULL, m.engagement),
  {", ".join(f"iif(m.duplicate_of IS NULL, {one}, NULL)" for one in _OF_ORIGINALS)}
FROM {{these}} t
CROSS JOIN mention_brands mb ON {{condition}}
CROSS JOIN mentions m ON m.id = mb.mention_id
LEFT JOIN sentiment_scores s ON s.mention_id = m.id AND s.is_current = 1
WHERE mb.own = 0 AND m.hidden_at IS NULL"""  # noqa: S608 - from above

_OF_DAYS = _COLLECT.format(these="these_days", condition="mb.brand_id = t.brand_id AND mb.day = t.day")
_OF_DOOMED = _COLLECT.format(these="doomed", condition="mb.mention_id = t.id")

_METRICS = {
    "mentions": "count(original)",
    "authors": "count(DISTINCT author_id)",
    "copies": "count(copy)",
    "copies_engagement": "sum(copy_engagement)",
    **{name: f"sum({name})" for name in ("likes", "shares", "comments", "views", "engagement")},
    **{f"{name}_n": f"count({name})" for name in ("likes", "shares", "comments", "views", "engagement")},
    "reach": "sum(followers)",
    "reach_n": "count(followers)",
    "reach_engagement": "sum(engagement) FILTER (WHERE followers IS NOT NULL)",
    "rate_by_views_sum": "total(CAST(engagement AS REAL) / nullif(views, 0))",
    "rate_by_views_n": "count(CAST(engagement AS REAL) / nullif(views, 0))",
    "rate_by_followers_sum": "total(CAST(engagement AS REAL) / nullif(followers, 0))",
    "rate_by_followers_n": "count(CAST(engagement AS REAL) / nullif(followers, 0))",
    **{label: f"count(*) FILTER (WHERE label = '{label}')" for label in Label},
    **{stance: f"count(*) FILTER (WHERE stance = '{stance}')" for stance in Stance},
    "rating_sum": "total(rating)",
    "rating_n": "count(rating)",
    **{f"stars_{stars}": f"count(*) FILTER (WHERE round(rating) = {stars})" for stars in range(1, 6)},
    "answerable": "count(answered)",
    "answered": "coalesce(sum(answered), 0)",
    "answer_hours_sum": "total(answer_hours)",
    "answer_hours_n": "count(answer_hours)",
}
"""Columns of daily_metrics that add up, over live mentions and those that retention has deleted."""

_COLUMNS = ", ".join(_METRICS)
_COUNTED = f"""
SELECT brand_id, day, platform, {", ".join(f"{formula} AS {name}" for name, formula in _METRICS.items())}
FROM facts GROUP BY brand_id, day, platform"""  # noqa: S608 - from above

_ADD_METRICS = f"""
INSERT INTO daily_metrics (brand_id, day, platform, version, mixes, unique_reach, {_COLUMNS})
SELECT brand_id, day, platform, :version, platform NOT IN (SELECT value FROM json_each(:apart)), NULL,
  {", ".join(f"sum({one})" for one in _METRICS)}
FROM (
  {_COUNTED}
  UNION ALL
  SELECT brand_id, day, platform, {_COLUMNS} FROM settled_metrics
  WHERE (brand_id, day) IN (SELECT brand_id, day FROM these_days)
)
GROUP BY brand_id, day, platform"""  # noqa: S608 - from above

_ADD_UNIQUE_REACH = """
UPDATE daily_metrics SET unique_reach = found.reach FROM (
  SELECT brand_id, day, platform, sum(followers) AS reach FROM (
    SELECT brand_id, day, platform, max(followers) AS followers FROM facts
    WHERE author_id IS NOT NULL GROUP BY brand_id, day, platform, author_id)
  GROUP BY brand_id, day, platform) found
WHERE daily_metrics.brand_id = found.brand_id AND daily_metrics.day = found.day
AND daily_metrics.platform = found.platform"""

_ADD_AUTHORS = """
INSERT INTO author_days (brand_id, day, author_id, mentions, promoting, detracting, engagement, followers)
SELECT brand_id, day, author_id, count(*), count(*) FILTER (WHERE stance = 'promoting'),
  count(*) FILTER (WHERE stance = 'detracting'), sum(engagement), max(followers)
FROM facts WHERE author_id IS NOT NULL GROUP BY brand_id, day, author_id"""

_SLICE = """
SELECT brand_id, '{dimension}' AS dimension, day, {value} AS value, count(*) AS mentions,
  count(*) FILTER (WHERE {label} = 'positive') AS positive, count(*) FILTER (WHERE {label} = 'neutral') AS neutral,
  count(*) FILTER (WHERE {label} = 'negative') AS negative,
  count(*) FILTER (WHERE stance = 'promoting') AS promoting,
  count(*) FILTER (WHERE stance = 'detracting') AS detracting
FROM {rows} WHERE original AND {value} IS NOT NULL GROUP BY brand_id, day, {value}"""

_TOPICS = "facts CROSS JOIN aspects p USING (mention_id) CROSS JOIN topics t ON t.id = p.topic_id"
"""Of every brand: the view leaves out where a topic is not shown, so showing it computes nothing."""
_SLICES = " UNION ALL ".join(
    _SLICE.format(dimension=dimension, value=value, label=label, rows=rows)
    for dimension, value, label, rows in (
        ("language", "lang", "label", "facts"),
        ("hour", "CAST(hour AS TEXT)", "label", "facts"),
        ("topic", "t.name", "p.label", _TOPICS),
    )
)
_SLICED = ("mentions", "positive", "neutral", "negative", "promoting", "detracting")

_ADD_SLICES = f"""
INSERT INTO daily_slices SELECT brand_id, dimension, day, value, {", ".join(f"sum({one})" for one in _SLICED)} FROM (
  {_SLICES} UNION ALL SELECT * FROM settled_slices WHERE (brand_id, day) IN (SELECT brand_id, day FROM these_days)
)
GROUP BY brand_id, dimension, day, value"""  # noqa: S608 - from above

_SETTLE_METRICS = f"""
INSERT INTO settled_metrics (brand_id, day, platform, {_COLUMNS})
{_COUNTED}
ON CONFLICT (brand_id, day, platform) DO UPDATE SET
  {", ".join(f"{one} = coalesce({one} + excluded.{one}, {one}, excluded.{one})" for one in _METRICS)}"""

_SETTLE_SLICES = f"""
INSERT INTO settled_slices SELECT * FROM ({_SLICES}) WHERE true
ON CONFLICT (brand_id, dimension, day, value) DO UPDATE SET
  {", ".join(f"{one} = {one} + excluded.{one}" for one in _SLICED)}"""  # noqa: S608 - from above


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
    _collect(store, _OF_DOOMED)
    store.execute(_SETTLE_METRICS)
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
    store.execute(_THESE_DAYS)
    store.execute("DELETE FROM these_days")
    store.executemany("INSERT INTO these_days VALUES (?, ?)", ((one.brand_id, one.day) for one in days))
    for table in ("daily_metrics", "daily_advocacy", "author_days", "dirty_days"):
        store.execute(
            f"DELETE FROM {table} WHERE (brand_id, day) IN (SELECT brand_id, day FROM these_days)"  # noqa: S608 - from above
        )
    store.execute(
        "DELETE FROM daily_slices WHERE (brand_id, dimension, day) IN"
        ' (SELECT brand_id, d.value, day FROM these_days, json_each(\'["language", "hour", "topic"]\') d)'
    )
    _collect(store, _OF_DAYS)
    store.execute(_ADD_METRICS, {"version": version, "apart": store.meta("apart") or "[]"})
    for statement in (_ADD_UNIQUE_REACH, _ADD_AUTHORS, _ADD_SLICES):
        store.execute(statement)
    found = store.rows(
        "SELECT t.brand_id, t.day, sum(promoting), sum(detracting), sum(indifferent) FROM these_days t"
        " CROSS JOIN daily_metrics d ON d.brand_id = t.brand_id AND d.day = t.day GROUP BY t.brand_id, t.day"
    )
    return {BrandDay(row[0], row[1]): Stances(*row[2:]) for row in found}


def _collect(store: Store, statement: str) -> None:
    store.execute(_FACTS)
    store.execute("DELETE FROM facts")
    store.execute(statement)


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
