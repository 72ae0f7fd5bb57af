"""What daily figures are made of: the mentions of some days in a temporary table, and what is counted in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records import Label, Stance
from storage.store import Store


@dataclass(frozen=True, slots=True)
class BrandDay:
    """One local day of one brand."""

    brand_id: int
    day: str


_THESE_DAYS = """
CREATE TEMP TABLE IF NOT EXISTS these_days (
  id INTEGER PRIMARY KEY, brand_id INTEGER NOT NULL, day TEXT NOT NULL, UNIQUE (brand_id, day)
)"""

# Its key is the order in which it is read three times: what is in order need not be sorted.
_FACTS = """
CREATE TEMP TABLE IF NOT EXISTS facts (
  day_id INTEGER, platform TEXT, author_id INTEGER, mention_id INTEGER, copy INTEGER, copy_engagement INTEGER,
  original INTEGER, hour TEXT, lang TEXT, likes INTEGER, shares INTEGER, comments INTEGER, views INTEGER,
  engagement INTEGER, followers INTEGER, positive INTEGER, neutral INTEGER, negative INTEGER, promoting INTEGER,
  detracting INTEGER, indifferent INTEGER, rate_by_views REAL, rate_by_followers REAL, rating REAL, stars INTEGER,
  answered INTEGER, answer_hours REAL,
  PRIMARY KEY (day_id, platform, author_id, mention_id)
) WITHOUT ROWID"""
"""What figures are made of: the mentions that count; author 0 is nobody. Of a copy all is NULL but that it is one,
and its engagement.
"""

# An answer older than its review is one to what stood there before: it has no time.
_OF_ORIGINALS = (
    *(
        "1",
        "mb.hour",
        "m.lang",
        "m.likes",
        "m.shares",
        "m.comments",
        "m.views",
        "m.engagement",
        "m.author_followers",
    ),
    *(f"s.label = '{label}'" for label in (Label.POSITIVE, Label.NEUTRAL, Label.NEGATIVE)),
    *(f"m.stance = '{stance}'" for stance in (Stance.PROMOTING, Stance.DETRACTING, Stance.INDIFFERENT)),
    *(
        "CAST(m.engagement AS REAL) / nullif(m.views, 0)",
        "CAST(m.engagement AS REAL) / nullif(m.author_followers, 0)",
    ),
    *("m.rating", "CAST(round(m.rating) AS INTEGER)", "m.answered"),
    "CASE WHEN m.answered_at >= m.published_at THEN (julianday(m.answered_at) - julianday(m.published_at)) * 24 END",
)

# The plus keeps SQLite from the index of current scores: a mention has one or two, and they stand in the table itself.
_COLLECT = f"""
INSERT INTO facts
SELECT
  t.id, m.platform, iif(m.duplicate_of IS NULL, coalesce(m.author_id, 0), 0), m.id,
  iif(m.duplicate_of IS NULL, NULL, 1), iif(m.duplicate_of IS NULL, NULL, m.engagement),
  {", ".join(f"iif(m.duplicate_of IS NULL, {one}, NULL)" for one in _OF_ORIGINALS)}
FROM {{mentions}}
CROSS JOIN mentions m ON m.id = mb.mention_id
LEFT JOIN sentiment_scores s ON s.mention_id = m.id AND +s.is_current = 1
WHERE mb.own = 0 AND m.hidden_at IS NULL
ORDER BY 1, 2, 3, 4"""  # noqa: S608 - from above

_OF_DAYS = _COLLECT.format(
    mentions="these_days t CROSS JOIN mention_brands mb ON mb.brand_id = t.brand_id AND mb.day = t.day"
)
_OF_DOOMED = _COLLECT.format(
    mentions="doomed d CROSS JOIN mention_brands mb ON mb.mention_id = d.id"
    " CROSS JOIN these_days t ON t.brand_id = mb.brand_id AND t.day = mb.day"
)

METRICS = {
    "mentions": "count(original)",
    "authors": "count(DISTINCT nullif(author_id, 0))",
    "copies": "count(copy)",
    "copies_engagement": "sum(copy_engagement)",
    **{name: f"sum({name})" for name in ("likes", "shares", "comments", "views", "engagement")},
    **{f"{name}_n": f"count({name})" for name in ("likes", "shares", "comments", "views", "engagement")},
    "reach": "sum(followers)",
    "reach_n": "count(followers)",
    "reach_engagement": "sum(engagement) FILTER (WHERE followers IS NOT NULL)",
    "unique_reach": (
        "(SELECT sum(most) FROM (SELECT max(v.followers) AS most FROM facts v"
        " WHERE v.day_id = facts.day_id AND v.platform = facts.platform AND v.author_id > 0 GROUP BY v.author_id))"
    ),
    **{f"{rate}_sum": f"total({rate})" for rate in ("rate_by_views", "rate_by_followers")},
    **{f"{rate}_n": f"count({rate})" for rate in ("rate_by_views", "rate_by_followers")},
    **{name: f"coalesce(sum({name}), 0)" for name in (*Label, *Stance)},
    "rating_sum": "total(rating)",
    "rating_n": "count(rating)",
    **{f"stars_{stars}": f"count(*) FILTER (WHERE stars = {stars})" for stars in range(1, 6)},
    "answerable": "count(answered)",
    "answered": "coalesce(sum(answered), 0)",
    "answer_hours_sum": "total(answer_hours)",
    "answer_hours_n": "count(answer_hours)",
}
"""Columns of daily_metrics that add up, over live mentions and those that retention has deleted."""

COLUMNS = ", ".join(METRICS)
COUNTED = f"""
SELECT day_id, platform, {", ".join(f"{formula} AS {name}" for name, formula in METRICS.items())}
FROM facts GROUP BY day_id, platform"""  # noqa: S608 - from above

DIMENSIONS = ("language", "hour", "topic")
SLICED = ("mentions", "positive", "neutral", "negative", "promoting", "detracting")
_SLICE = """
SELECT day_id, '{dimension}' AS dimension, {value} AS value, count(*) AS mentions,
  coalesce(sum({positive}), 0) AS positive, coalesce(sum({neutral}), 0) AS neutral,
  coalesce(sum({negative}), 0) AS negative, coalesce(sum(promoting), 0) AS promoting,
  coalesce(sum(detracting), 0) AS detracting
FROM {rows} WHERE original AND {value} IS NOT NULL GROUP BY day_id, {value}"""

_OF_ALL = {label: label for label in Label}
_OF_TOPIC = {label: f"p.label = '{label}'" for label in Label}
_TOPICS = "facts CROSS JOIN aspects p USING (mention_id) CROSS JOIN topics t ON t.id = p.topic_id"
"""Of every brand: the view leaves out where a topic is not shown, so showing it computes nothing."""
SLICES = " UNION ALL ".join(
    (
        _SLICE.format(dimension="language", value="lang", rows="facts", **_OF_ALL),
        _SLICE.format(dimension="hour", value="hour", rows="facts", **_OF_ALL),
        _SLICE.format(dimension="topic", value="t.name", rows=_TOPICS, **_OF_TOPIC),
    )
)


def of_days(store: Store, days: Sequence[BrandDay]) -> None:
    """Fill ``these_days`` and ``facts`` with these days and their mentions."""
    _empty(store)
    store.executemany(
        "INSERT INTO these_days (brand_id, day) VALUES (?, ?)", ((one.brand_id, one.day) for one in days)
    )
    store.execute(_OF_DAYS)


def of_doomed(store: Store) -> None:
    """Fill them with the mentions in the temporary table ``doomed`` alone, and their days."""
    _empty(store)
    store.execute(
        "INSERT OR IGNORE INTO these_days (brand_id, day) SELECT mb.brand_id, mb.day"
        " FROM doomed d CROSS JOIN mention_brands mb ON mb.mention_id = d.id"
    )
    store.execute(_OF_DOOMED)


def _empty(store: Store) -> None:
    for table, definition in (("these_days", _THESE_DAYS), ("facts", _FACTS)):
        store.execute(definition)
        store.execute(f"DELETE FROM {table}")  # noqa: S608 - from above
