"""What the dashboard shows: rows of the public views, added up over a period and the one before it.

Everything but the quotes comes from roll-ups, so that it costs the same however many mentions there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from storage.browsing import Browser, browsing

Record = dict[str, Any]

LONGEST = 28
"""Days that a moving figure looks back."""

QUOTES = 3
"""Mentions of each sort."""

READ_FOR_QUOTES = 10_000
"""The mentions of so many are read at most to find the most engaged ones."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a period, inclusive."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=one) for one in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> "Window":
        """As many days before it."""
        length = timedelta(days=len(self.days))
        return Window(self.first - length, self.last - length)


@dataclass(frozen=True, slots=True)
class Reading:
    """All rows of one moment. ``now`` in a row tells the period (1) from the one before it (0)."""

    brand: Record
    window: Window
    days: list[Record]
    """Of both periods and the ``LONGEST`` days before each day; days without mentions have no row."""
    coverage: list[Record]
    uncovered: list[Record]
    voices: list[Record]
    platforms: list[Record]
    topics: list[Record]
    hours: list[Record]
    reviews: list[Record]
    languages: list[Record]
    rising: list[Record]
    quotes: list[Record]
    quoted_since: date
    """Of the period's mentions those since this day were looked at for quotes."""


def read(
    path: Path, brand: str | None, days: int, *, addresses: bool = False
) -> tuple[list[Record], Reading | None]:
    """All brands, the own ones first, and the last ``days`` whole days of one of them.

    Args:
        brand: None is the first one that has data.
        addresses: of the quoted mentions, too; most hold their author's handle.

    The second value is None where the brand is not there, or has no day yet. Raises ``StoreError`` where the
    database cannot be read.
    """
    with browsing(path) as browser, browser.snapshot():
        brands = _records(browser, _BRANDS)
        wanted = next((one for one in brands if one["last_day"] and brand in {one["name"], None}), None)
        return brands, None if wanted is None else _read(browser, wanted, days, addresses=addresses)


# The last day still runs: figures would be compared with those of whole days.
_BRANDS = """
SELECT q.name, q.competitor, q.active, q.timezone, q.first_day,
  max(q.first_day, date(q.running, '-1 day')) AS last_day
FROM (
  SELECT b.*, (SELECT min(day) FROM brand_days WHERE brand_id = b.id) AS first_day,
    (SELECT max(day) FROM brand_days WHERE brand_id = b.id) AS running
  FROM brands b
) q
ORDER BY q.active DESC, q.competitor, q.id"""


def _read(browser: Browser, brand: Record, days: int, *, addresses: bool) -> Reading:
    last = date.fromisoformat(brand["last_day"])
    window = Window(last - timedelta(days=days - 1), last)
    since = min(window.before.first, window.first - timedelta(days=LONGEST))
    values = {
        "brand": brand["name"],
        "since": str(since),
        "before": str(window.before.first),
        "first": str(window.first),
        "last": str(window.last),
        "addresses": addresses,
    }
    by_day = _records(browser, _DAYS, values)
    quoted_since = _affordable(by_day, window)
    return Reading(
        brand=brand,
        window=window,
        days=by_day,
        quoted_since=quoted_since,
        quotes=[
            row
            for label, contrary in (("positive", "detracting"), ("negative", "promoting"))
            for row in _records(
                browser,
                _QUOTES,
                values | {"first": str(quoted_since), "label": label, "contrary": contrary, "limit": QUOTES},
            )
        ],
        **{name: _records(browser, sql, values) for name, sql in _PARTS.items()},
    )


def _affordable(days: Sequence[Record], window: Window) -> date:
    """The first day from which on the mentions are few enough to be read one by one; the last day in any case."""
    first, seen = window.last, 0
    for row in reversed(days):
        seen += row["mentions"] + row["copies"]
        if seen > READ_FOR_QUOTES or row["day"] < str(window.first):
            return first
        first = date.fromisoformat(row["day"])
    return window.first


_DAYS = """
SELECT day, mentions, copies, positive, neutral, negative, promoting, detracting, engagement, reach
FROM daily_brand_metrics WHERE brand = :brand AND day BETWEEN :since AND :last ORDER BY day"""

# Who recommends in so many words is no negative voice, whatever the model says, and who warns no positive one.
_QUOTES = """
SELECT platform, day, title, text, iif(:addresses, url, NULL) AS url, engagement, rating, sentiment_label
FROM mention_overview
WHERE brand = :brand AND day BETWEEN :first AND :last AND own_account = 0 AND duplicate_of IS NULL
  AND sentiment_label = :label AND stance IS NOT :contrary AND engagement > 0
ORDER BY engagement DESC, mention_id LIMIT :limit"""

_PARTS = {
    "coverage": """
SELECT event, first_day, last_day, source
FROM coverage_changes
WHERE brand = :brand AND first_day <= :last AND coalesce(last_day, '9999') >= :before
ORDER BY first_day, event, source""",
    "uncovered": """
SELECT DISTINCT day, source
FROM uncovered_days WHERE brand = :brand AND day BETWEEN :first AND :last ORDER BY day, source""",
    "voices": """
SELECT v.voice, v.own_brand, v.now, v.mentions,
  coalesce((SELECT min(h.day) FROM brand_days h JOIN brands b ON b.id = h.brand_id WHERE b.name = v.voice), '9999')
    AS first_day
FROM (
  SELECT voice, own_brand, day >= :first AS now, sum(mentions) AS mentions
  FROM brand_comparison WHERE brand = :brand AND day BETWEEN :before AND :last GROUP BY voice, now
) v
ORDER BY v.now DESC, v.own_brand DESC, v.mentions DESC, v.voice""",
    "platforms": """
SELECT platform, sum(mentions) AS mentions, sum(engagement) AS engagement, sum(reach) AS reach,
  sum(positive) AS positive, sum(neutral) AS neutral, sum(negative) AS negative
FROM engagement_by_platform WHERE brand = :brand AND day BETWEEN :first AND :last
GROUP BY platform ORDER BY mentions DESC, platform""",
    "topics": """
SELECT topic, sum(mentions) AS mentions, sum(positive) AS positive, sum(neutral) AS neutral,
  sum(negative) AS negative
FROM topic_sentiment WHERE brand = :brand AND day BETWEEN :first AND :last
GROUP BY topic ORDER BY mentions DESC, topic LIMIT 12""",
    "hours": """
SELECT weekday, hour, sum(mentions) AS mentions
FROM hourly_metrics WHERE brand = :brand AND day BETWEEN :first AND :last GROUP BY weekday, hour""",
    "reviews": """
SELECT day >= :first AS now, sum(reviews) AS reviews, sum(average_rating * reviews) AS stars,
  sum(stars_1) AS stars_1, sum(stars_2) AS stars_2, sum(stars_3) AS stars_3, sum(stars_4) AS stars_4,
  sum(stars_5) AS stars_5, sum(answerable) AS answerable, sum(answered) AS answered,
  sum(response_hours * response_hours_n) AS hours, sum(response_hours_n) AS hours_n
FROM review_metrics WHERE brand = :brand AND day BETWEEN :before AND :last GROUP BY now""",
    "languages": """
SELECT lang, sum(mentions) AS mentions, sum(positive) AS positive, sum(neutral) AS neutral,
  sum(negative) AS negative
FROM language_metrics WHERE brand = :brand AND day BETWEEN :first AND :last
GROUP BY lang ORDER BY mentions DESC, lang LIMIT 8""",
    "rising": """
SELECT day, term, documents, total, baseline_documents, baseline_total
FROM rising_terms WHERE brand = :brand AND day = (
  SELECT max(day) FROM rising_terms WHERE brand = :brand AND day BETWEEN :first AND :last
) ORDER BY rank""",
}


def _records(browser: Browser, sql: str, values: Record | None = None) -> list[Record]:
    answer = browser.ask(sql, values or {})
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
