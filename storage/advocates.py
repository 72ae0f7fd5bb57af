"""How often each author promotes or detracts a brand over its whole history, kept in step with ``author_days``.

A change of some days is taken as a difference, so that it costs the same however long the history is.
"""

from storage.records import Stance
from storage.store import Store

_STANCES = (Stance.PROMOTING, Stance.DETRACTING)

_CHANGES = """
CREATE TEMP TABLE IF NOT EXISTS stance_changes (brand_id INTEGER, author_id INTEGER, stance TEXT, mentions INTEGER)"""

_COUNT = """
INSERT INTO stance_changes SELECT d.brand_id, d.author_id, '{stance}', :sign * d.{stance}
FROM these_days t CROSS JOIN author_days d ON d.brand_id = t.brand_id AND d.day = t.day
WHERE d.{stance} > 0"""

_ADD = """
INSERT INTO author_stances (brand_id, author_id, stance, mentions)
SELECT brand_id, author_id, stance, sum(mentions) FROM stance_changes WHERE true
GROUP BY brand_id, author_id, stance HAVING sum(mentions) <> 0
ON CONFLICT (brand_id, author_id, stance) DO UPDATE SET mentions = mentions + excluded.mentions"""

_DELETE = f"""
DELETE FROM author_stances
WHERE brand_id IN (SELECT brand_id FROM these_days) AND stance IN ('{"', '".join(_STANCES)}') AND mentions = 0"""  # noqa: S608 - from above


def subtract(store: Store) -> None:
    """Take away what ``author_days`` says of the days in ``these_days``: call it before they are deleted."""
    store.execute(_CHANGES)
    _count(store, -1)


def add(store: Store) -> None:
    """Add what it says of them now, once they are written."""
    _count(store, 1)
    store.execute(_ADD)
    store.execute(_DELETE)
    store.execute("DELETE FROM stance_changes")


def _count(store: Store, sign: int) -> None:
    for stance in _STANCES:
        store.execute(_COUNT.format(stance=stance), {"sign": sign})
