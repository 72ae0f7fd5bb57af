"""Stored mentions by full-text search: the newest first, and only as many as are asked for.

Candidates are taken in windows, those stored last first, and put in order by publication inside a window. So what
is found in at most ``WINDOW`` mentions comes strictly newest first; of more, what was stored late may come early.
Each window is twice the one before: an answer that is near is found at once, one that is far not in many steps.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from storage.store import Store

WINDOW = 1000
_LAST = 2**63 - 1

# Of these a common word has many: what is of another brand or day is passed over before anything else is read.
_OF_BRAND_AND_DAYS = """
EXISTS (
  SELECT 1 FROM mention_brands mb JOIN brands b ON b.id = mb.brand_id
  WHERE mb.mention_id = {id} AND (:brand IS NULL OR b.name = :brand)
  AND (:first IS NULL OR mb.day >= :first) AND (:last IS NULL OR mb.day <= :last))"""

_INDEXED = f"""
SELECT rowid FROM mentions_fts WHERE mentions_fts MATCH :words AND rowid >= :least AND rowid < :below
AND {_OF_BRAND_AND_DAYS.format(id="mentions_fts.rowid")} ORDER BY rowid DESC LIMIT :window"""  # noqa: S608 - of constants

_STORED = f"""
SELECT m.id FROM mentions m WHERE m.id >= :least AND m.id < :below
AND {_OF_BRAND_AND_DAYS.format(id="m.id")} ORDER BY m.id DESC LIMIT :window"""  # noqa: S608 - of constants

_CHOSEN = """
SELECT o.mention_id, o.brand FROM json_each(:ids) one CROSS JOIN mention_overview o ON o.mention_id = one.value
WHERE (:brand IS NULL OR o.brand = :brand) AND (:platform IS NULL OR o.platform = :platform)
AND (:sentiment IS NULL OR o.sentiment_label = :sentiment) AND (:lang IS NULL OR o.lang = :lang)
AND o.day >= coalesce(:first, o.day) AND o.day <= coalesce(:last, o.day)
ORDER BY o.published_at DESC, o.mention_id DESC, o.brand"""

_ROW = "SELECT * FROM mention_overview WHERE mention_id = ? AND brand = ?"

# From one day to the next through the index, and to the ends of each, past all mentions of a day.
_REACH = """
WITH RECURSIVE stored (brand_id, day) AS (
  SELECT b.id, (SELECT min(mb.day) FROM mention_brands mb WHERE mb.brand_id = b.id AND mb.day >= coalesce(:first, ''))
  FROM brands b WHERE :brand IS NULL OR b.name = :brand
  UNION ALL
  SELECT brand_id, (SELECT min(mb.day) FROM mention_brands mb WHERE mb.brand_id = s.brand_id AND mb.day > s.day)
  FROM stored s WHERE s.day < coalesce(:last, '9999')
)
SELECT
  min((SELECT min(mb.mention_id) FROM mention_brands mb WHERE mb.brand_id = s.brand_id AND mb.day = s.day)),
  max((SELECT max(mb.mention_id) FROM mention_brands mb WHERE mb.brand_id = s.brand_id AND mb.day = s.day))
FROM stored s WHERE s.day <= coalesce(:last, '9999')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Which mentions to look at; None: whatever it is."""

    brand: str | None = None
    first: str | None = None
    """The brand's first day (2026-11-22); ``last`` the last one, included."""
    last: str | None = None
    platform: str | None = None
    sentiment: str | None = None
    """The label: negative, neutral, positive."""
    lang: str | None = None


EVERYWHERE = Within()


def search(store: Store, words: str | None, within: Within = EVERYWHERE) -> Iterator[dict[str, Any]]:
    """Rows of ``mention_overview``, as they are asked for; a mention's rows of several brands follow each other.

    Args:
        words: in FTS5's own syntax; None: every mention, which takes long.
    """
    wanted = asdict(within)
    for ids in _windows(store, words, within):
        for chosen in store.rows(_CHOSEN, {**wanted, "ids": json.dumps(ids)}):
            row = store.row(_ROW, tuple(chosen))
            if row is not None:  # not deleted meanwhile
                yield dict(row)


def _windows(store: Store, words: str | None, within: Within) -> Iterator[list[int]]:
    sql = _STORED if words is None else _INDEXED
    least, below = _reach(store, within)
    asked = {**asdict(within), "words": words, "least": least}
    window = WINDOW
    while ids := [row[0] for row in store.rows(sql, {**asked, "below": below, "window": window})]:
        yield ids
        below, window = ids[-1], 2 * window


def _reach(store: Store, within: Within) -> tuple[int, int]:
    """From which id on, and below which, the mentions of the days are."""
    if within.first is None and within.last is None:
        return 0, _LAST
    least, most = store.rows(_REACH, {"brand": within.brand, "first": within.first, "last": within.last})[0]
    return (0, 0) if least is None else (least, most + 1)
