"""The score stage's queue, and what the models said. A person's label is one more model, and wins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from storage.daily import mark_dirty
from storage.records import Score, StanceReading, weights
from storage.store import Store, stamp
from storage.tunings import InForce, in_force

HUMAN = "human"
"""The model name of people's corrections."""

_REQUEUE_ASPECTS = """
INSERT INTO topic_queue (mention_id)
SELECT mention_id FROM score_queue WHERE mention_id IN (SELECT mention_id FROM aspects)
ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1"""
"""What is scored again says again what it says about topics."""


@dataclass(frozen=True, slots=True)
class Unscored:
    """A mention that waits for the model."""

    id: int
    title: str | None
    text: str
    lang: str | None
    rating: float | None
    ticket: int = 1
    """Its place in the queue; another one once the text has changed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one mention's text; ``score`` is None where the model has nothing to say."""

    mention_id: int
    lang: str
    score: Score | None
    stance: StanceReading
    ticket: int = 1
    """Of the text that was read."""


def use_model(store: Store, model: str) -> int:
    """Make this the model whose scores count; a new one finds every mention in its queue again.

    Other phrase rules are for what comes; the past keeps its scores until ``requeue``. Returns how many
    mentions wait.
    """
    with store.transaction():
        before = store.meta("model")
        if before is None or weights(before) != weights(model):
            store.execute(
                "INSERT OR IGNORE INTO score_queue (mention_id) SELECT m.id FROM mentions m"
                " WHERE NOT EXISTS (SELECT 1 FROM sentiment_scores s"
                " WHERE s.mention_id = m.id AND s.model = ? AND s.is_current = 1)",
                [model],
            )
        if before != model:
            store.set_meta("model", model)
        return int(store.value("SELECT count(*) FROM score_queue"))


def requeue(
    store: Store, *, brand: str | None = None, first: str | None = None, last: str | None = None
) -> int:
    """Have mentions scored again; returns how many. Without arguments all of them.

    Args:
        brand: only of this brand.
        first: the first day of the brand (2026-11-22); ``last`` the last one.
    """
    with store.transaction():
        count = store.execute(
            "INSERT INTO score_queue (mention_id) SELECT DISTINCT mb.mention_id FROM mention_brands mb"
            " JOIN brands b ON b.id = mb.brand_id WHERE (:brand IS NULL OR b.name = :brand)"
            " AND mb.day >= coalesce(:first, mb.day) AND mb.day <= coalesce(:last, mb.day)"
            " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1",
            {"brand": brand, "first": first, "last": last},
        )
        store.execute(_REQUEUE_ASPECTS)
    return count


def requeue_these(store: Store, mention_ids: Iterable[int]) -> None:
    """Have these mentions scored again."""
    with store.transaction():
        store.executemany(
            "INSERT INTO score_queue (mention_id) VALUES (?)"
            " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1",
            ((one,) for one in mention_ids),
        )
        store.execute(_REQUEUE_ASPECTS)


def pending(store: Store, limit: int) -> list[Unscored]:
    """What waits, the newest mentions first."""
    found = store.rows(
        "SELECT m.id, m.title, m.text, m.lang, m.rating, q.ticket"
        " FROM score_queue q JOIN mentions m ON m.id = q.mention_id"
        " ORDER BY m.published_at DESC, m.id DESC LIMIT ?",
        [limit],
    )
    return [Unscored(*row) for row in found]


def add(store: Store, model: str, readings: Iterable[Reading], now: datetime) -> None:
    """Store a batch of readings, take it off the queue and mark the days it touches.

    A reading of words that were edited meanwhile is dropped; the mention waits with its new ones.
    """
    with store.transaction():
        batch = [one for one in readings if _still_waits(store, one)]
        store.executemany(
            "UPDATE mentions SET lang = coalesce(lang, ?), stance = ?, stance_evidence = ? WHERE id = ?",
            ((one.lang, str(one.stance.stance), one.stance.evidence, one.mention_id) for one in batch),
        )
        tuning = in_force(store, model)
        for one in batch:
            if one.score is not None:
                _add_score(store, model, one.mention_id, one.score, tuning, stamp(now))
        store.executemany(
            "DELETE FROM score_queue WHERE mention_id = ?", ((one.mention_id,) for one in batch)
        )
        mark_dirty(store, (one.mention_id for one in batch))


def _still_waits(store: Store, reading: Reading) -> bool:
    ticket = store.value("SELECT ticket FROM score_queue WHERE mention_id = ?", [reading.mention_id])
    return bool(ticket == reading.ticket)


def _add_score(
    store: Store, model: str, mention_id: int, score: Score, tuning: InForce | None, now: str
) -> None:
    """The newest machine score is the current one, unless a person has spoken.

    Probabilities are kept as the model gave them, label and value as the tuning in force makes them.
    """
    store.execute(
        "UPDATE sentiment_scores SET is_current = 0 WHERE mention_id = ? AND model <> ?", [mention_id, HUMAN]
    )
    corrected = store.value(
        "SELECT count(*) FROM sentiment_scores WHERE mention_id = ? AND model = ?", [mention_id, HUMAN]
    )
    told = tuning.tuning.apply(score) if tuning else score
    store.execute(
        "INSERT OR REPLACE INTO sentiment_scores (mention_id, model, label, score, p_negative, p_neutral,"
        " p_positive, scored_at, is_current, tuning_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            mention_id,
            model,
            str(told.label),
            told.value,
            score.p_negative,
            score.p_neutral,
            score.p_positive,
            now,
            int(not corrected),
            tuning and tuning.id,
        ],
    )
