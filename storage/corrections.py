"""People's corrections: the human label is one more score, current as long as it stands."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.daily import mark_dirty
from storage.records import Label
from storage.scores import HUMAN
from storage.store import Store, stamp

_VALUE = {Label.NEGATIVE: -1.0, Label.NEUTRAL: 0.0, Label.POSITIVE: 1.0}

# The newest reading of a machine counts again; of two as new, the one of the model in use.
_REINSTATE = """
UPDATE sentiment_scores SET is_current = 1 WHERE mention_id = :id AND model = (
  SELECT model FROM sentiment_scores WHERE mention_id = :id
  ORDER BY scored_at DESC, model = (SELECT value FROM meta WHERE key = 'model') DESC LIMIT 1
)"""

_QUEUE_UNREAD = """
INSERT OR IGNORE INTO score_queue (mention_id)
SELECT :id WHERE NOT EXISTS (SELECT 1 FROM sentiment_scores WHERE mention_id = :id)"""

_LISTED = """
SELECT
  c.mention_id, m.platform, m.url, m.title, m.text, c.label,
  (SELECT s.label FROM sentiment_scores s WHERE s.mention_id = m.id AND s.model <> :human
   ORDER BY s.scored_at DESC LIMIT 1) AS model_label,
  c.note, c.created_at
FROM corrections c
JOIN mentions m ON m.id = c.mention_id
WHERE :brand IS NULL OR EXISTS (
  SELECT 1 FROM mention_brands mb JOIN brands b ON b.id = mb.brand_id WHERE mb.mention_id = m.id AND b.name = :brand
)
ORDER BY c.created_at DESC, c.id DESC"""


class UnknownMentionError(Exception):
    """There is no such mention; ``ids`` are those that there are not."""

    def __init__(self, ids: Collection[int]) -> None:
        self.ids = sorted(ids)
        super().__init__(f"there is no mention {', '.join(map(str, self.ids))}")


@dataclass(frozen=True, slots=True)
class Judged:
    """A mention's words and what a person says of them."""

    title: str | None
    text: str
    lang: str | None
    label: Label


def correct(
    store: Store, mention_ids: Collection[int], label: Label, *, note: str | None = None, now: datetime
) -> None:
    """Make this label the one that counts for these mentions, in place of any earlier correction.

    Their days are computed anew. Raises ``UnknownMentionError`` where one does not exist; then none is changed.
    """
    rows = [
        {
            "id": one,
            "label": str(label),
            "value": _VALUE[label],
            "note": note,
            "now": stamp(now),
            "human": HUMAN,
        }
        for one in mention_ids
    ]
    with store.transaction():
        if unknown := set(mention_ids) - _existing(store, mention_ids):
            raise UnknownMentionError(unknown)
        store.executemany(
            "INSERT INTO corrections (mention_id, label, note, created_at) VALUES (:id, :label, :note, :now)"
            " ON CONFLICT (mention_id) DO UPDATE"
            " SET label = excluded.label, note = excluded.note, created_at = excluded.created_at",
            rows,
        )
        store.executemany("UPDATE sentiment_scores SET is_current = 0 WHERE mention_id = :id", rows)
        store.executemany(
            "INSERT OR REPLACE INTO sentiment_scores (mention_id, model, label, score, scored_at, is_current)"
            " VALUES (:id, :human, :label, :value, :now, 1)",
            rows,
        )
        mark_dirty(store, mention_ids)


def undo(store: Store, mention_ids: Collection[int]) -> int:
    """Take corrections back: the newest reading of a model counts again; where there is none, the mention waits
    for the model. Returns how many there were; mentions without a correction stay as they are.
    """
    with store.transaction():
        taken = corrected(store, mention_ids)
        keys = [{"id": one, "human": HUMAN} for one in taken]
        store.executemany("DELETE FROM corrections WHERE mention_id = :id", keys)
        store.executemany("DELETE FROM sentiment_scores WHERE mention_id = :id AND model = :human", keys)
        store.executemany(_REINSTATE, keys)
        store.executemany(_QUEUE_UNREAD, keys)
        mark_dirty(store, taken)
    return len(taken)


def corrected(store: Store, mention_ids: Collection[int]) -> set[int]:
    """Which of these mentions have a correction."""
    found = store.rows(
        "SELECT mention_id FROM corrections WHERE mention_id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(mention_ids))],
    )
    return {row[0] for row in found}


def ids_of_url(store: Store, url: str) -> list[int]:
    """The mentions that stand at an address."""
    return [row[0] for row in store.rows("SELECT id FROM mentions WHERE url = ? ORDER BY id", [url])]


def listed(store: Store, brand: str | None = None) -> list[dict[str, Any]]:
    """Every correction beside what the model last read, the newest first."""
    return [dict(row) for row in store.rows(_LISTED, {"brand": brand, "human": HUMAN})]


def judged(store: Store) -> list[Judged]:
    """What the corrected mentions say and what they were corrected to."""
    found = store.rows(
        "SELECT m.title, m.text, m.lang, c.label FROM corrections c JOIN mentions m ON m.id = c.mention_id"
        " ORDER BY c.mention_id"
    )
    return [Judged(row["title"], row["text"], row["lang"], Label(row["label"])) for row in found]


def count(store: Store) -> int:
    return int(store.value("SELECT count(*) FROM corrections"))


def _existing(store: Store, mention_ids: Collection[int]) -> set[int]:
    found = store.rows(
        "SELECT id FROM mentions WHERE id IN (SELECT value FROM json_each(?))",
        [json.dumps(list(mention_ids))],
    )
    return {row[0] for row in found}
