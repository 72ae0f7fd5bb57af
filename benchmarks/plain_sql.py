"""The daily figures in plain SQL: one statement per table over everything, as an analyst would write it.

It is what the aggregator is measured against, and computes the same rows (without what retention has deleted). The
tables are temporary, so that the ones of the program stand beside them.
"""

import sqlite3

_MENTIONS = """
FROM mention_brands mb
JOIN mentions m ON m.id = mb.mention_id
LEFT JOIN sentiment_scores s ON s.mention_id = m.id AND s.is_current = 1"""

_COUNTED = "mb.own = 0 AND m.hidden_at IS NULL"
_ORIGINAL = "m.duplicate_of IS NULL"


def _each(names: tuple[str, ...], formula: str) -> str:
    return ",\n  ".join(f"{formula.format(name=name)} FILTER (WHERE {_ORIGINAL})" for name in names)


_BY_PLATFORM = f"""
INSERT INTO plain_metrics
SELECT mb.brand_id, mb.day, m.platform,
  count(*) FILTER (WHERE {_ORIGINAL}),
  count(DISTINCT m.author_id) FILTER (WHERE {_ORIGINAL}),
  count(m.duplicate_of),
  sum(m.engagement) FILTER (WHERE m.duplicate_of IS NOT NULL),
  {_each(("likes", "shares", "comments", "views", "engagement"), "sum(m.{name})")},
  {_each(("likes", "shares", "comments", "views", "engagement"), "count(m.{name})")},
  sum(m.author_followers) FILTER (WHERE {_ORIGINAL}),
  count(m.author_followers) FILTER (WHERE {_ORIGINAL}),
  sum(m.engagement) FILTER (WHERE {_ORIGINAL} AND m.author_followers IS NOT NULL),
  {_each(("views", "author_followers"), "total(1.0 * m.engagement / nullif(m.{name}, 0))")},
  {_each(("views", "author_followers"), "count(1.0 * m.engagement / nullif(m.{name}, 0))")},
  {_each(("positive", "neutral", "negative"), "sum(coalesce(s.label = '{name}', 0))")},
  {_each(("promoting", "detracting", "indifferent"), "sum(coalesce(m.stance = '{name}', 0))")},
  total(m.rating) FILTER (WHERE {_ORIGINAL}),
  count(m.rating) FILTER (WHERE {_ORIGINAL}),
  {_each(("1", "2", "3", "4", "5"), "sum(coalesce(round(m.rating) = {name}, 0))")},
  count(m.answered) FILTER (WHERE {_ORIGINAL}),
  coalesce(sum(m.answered) FILTER (WHERE {_ORIGINAL}), 0),
  total((julianday(m.answered_at) - julianday(m.published_at)) * 24)
    FILTER (WHERE {_ORIGINAL} AND m.answered_at >= m.published_at),
  count(m.answered_at) FILTER (WHERE {_ORIGINAL} AND m.answered_at >= m.published_at)
{_MENTIONS}
WHERE {_COUNTED}
GROUP BY mb.brand_id, mb.day, m.platform"""

_BY_AUTHOR = f"""
INSERT INTO plain_authors
SELECT mb.brand_id, mb.day, m.author_id, m.platform, count(*), sum(coalesce(m.stance = 'promoting', 0)),
  sum(coalesce(m.stance = 'detracting', 0)), sum(m.engagement), max(m.author_followers)
FROM mention_brands mb
JOIN mentions m ON m.id = mb.mention_id
WHERE {_COUNTED} AND {_ORIGINAL} AND m.author_id IS NOT NULL
GROUP BY mb.brand_id, mb.day, m.author_id"""  # noqa: S608 - from above

_UNIQUE_REACH = """
INSERT INTO plain_reach
SELECT brand_id, day, platform, sum(followers) FROM plain_authors GROUP BY brand_id, day, platform"""


def _slice(dimension: str, value: str, label: str = "s.label", joined: str = "") -> str:
    return f"""
INSERT INTO plain_slices
SELECT mb.brand_id, '{dimension}', mb.day, {value}, count(*), {
        ", ".join(f"sum(coalesce({label} = '{one}', 0))" for one in ("positive", "neutral", "negative"))
    },
  sum(coalesce(m.stance = 'promoting', 0)), sum(coalesce(m.stance = 'detracting', 0))
{_MENTIONS}{joined}
WHERE {_COUNTED} AND {_ORIGINAL} AND {value} IS NOT NULL
GROUP BY mb.brand_id, mb.day, {value}"""


_STATEMENTS = (
    _BY_PLATFORM,
    _BY_AUTHOR,
    _UNIQUE_REACH,
    _slice("language", "m.lang"),
    _slice("hour", "mb.hour"),
    _slice(
        "topic",
        "t.name",
        "a.label",
        "\nJOIN aspects a ON a.mention_id = m.id\nJOIN topics t ON t.id = a.topic_id",
    ),
)

METRICS = (
    *("brand_id", "day", "platform", "mentions", "authors", "copies", "copies_engagement", "likes", "shares"),
    *("comments", "views", "engagement", "likes_n", "shares_n", "comments_n", "views_n", "engagement_n"),
    *(
        "reach",
        "reach_n",
        "reach_engagement",
        "rate_by_views_sum",
        "rate_by_followers_sum",
        "rate_by_views_n",
    ),
    *("rate_by_followers_n", "positive", "neutral", "negative", "promoting", "detracting", "indifferent"),
    *("rating_sum", "rating_n", "stars_1", "stars_2", "stars_3", "stars_4", "stars_5"),
    *("answerable", "answered", "answer_hours_sum", "answer_hours_n"),
)
"""The columns of ``plain_metrics``, named like those of ``daily_metrics``; ``plain_reach`` has the missing one."""

_TABLES = {
    "plain_metrics": METRICS,
    "plain_authors": (
        *("brand_id", "day", "author_id", "platform", "mentions", "promoting", "detracting", "engagement"),
        "followers",
    ),
    "plain_reach": ("brand_id", "day", "platform", "unique_reach"),
    "plain_slices": (
        *("brand_id", "dimension", "day", "value", "mentions", "positive", "neutral", "negative"),
        *("promoting", "detracting"),
    ),
}


def everything(conn: sqlite3.Connection) -> None:
    """Compute all daily figures of a database into temporary tables, from nothing."""
    for table, columns in _TABLES.items():
        conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
        conn.execute(f"CREATE TEMP TABLE {table} ({', '.join(columns)})")
    for statement in _STATEMENTS:
        conn.execute(statement)
