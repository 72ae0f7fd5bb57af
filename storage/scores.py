"""The score stage's queue, and what the models said. A person's label is one more model, and wins."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import tries
from storage.daily import mark_dirty
from storage.records import Score, StanceReading, weights
from storage.store import Store, stamp
from storage.tunings import in_force

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
    key: str | None = None
    """The same for texts that say the same; None: it is never the same as another."""


def use_model(store: Store, model: str) -> int:
    """Make this the model whose scores count; a new one finds every mention in its queue again.

    Other phrase rules are for what comes; the past keeps its scores until ``requeue``. Returns how many
    mentions wait.
    """
    before = store.meta("model")
    if before != model:
        with store.transaction():
            if before is None or weights(before) != weights(model):
                _requeue_unread(store, model)
            store.set_meta("model", model)
    return waiting(store)


def _requeue_unread(store: Store, model: str) -> None:
    store.execute(
        "INSERT OR IGNORE INTO score_queue (mention_id) SELECT m.id FROM mentions m"
        " WHERE NOT EXISTS (SELECT 1 FROM sentiment_scores s"
        " WHERE s.mention_id = m.id AND s.model = ? AND s.is_current = 1)",
        [model],
    )
    store.execute("UPDATE score_queue SET tries = 0, error = NULL")
    store.execute("DELETE FROM score_failures")


def waiting(store: Store) -> int:
    """How many mentions wait for the model."""
    return int(store.value("SELECT count(*) FROM score_queue"))


def begin(store: Store, limit: int, now: datetime) -> list[Unscored]:
    """What to read next, the newest mentions first; noted as begun, so that a crash is known of afterwards."""
    ids = tries.SCORES.begin(store, limit, now)
    found = store.rows(
        "SELECT m.id, m.title, m.text, m.lang, m.rating, q.ticket FROM json_each(?) d"
        " CROSS JOIN mentions m ON m.id = d.value CROSS JOIN score_queue q ON q.mention_id = m.id ORDER BY d.key",
        [json.dumps(ids)],
    )
    return [Unscored(*row) for row in found]


def failed(store: Store, batch: Sequence[Unscored], error: str) -> None:
    """Note why the model could not read these."""
    tries.SCORES.failed(store, [one.id for one in batch], error)


def retry_failed(store: Store) -> int:
    """Have what was put aside, as a whole or by its topics, read again; returns how many texts that are."""
    with store.transaction():
        return tries.SCORES.retry(store) + tries.TOPICS.retry(store)


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
            " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1, tries = 0, error = NULL",
            {"brand": brand, "first": first, "last": last},
        )
        store.execute(_REQUEUE_ASPECTS)
    return count


def requeue_these(store: Store, mention_ids: Iterable[int]) -> None:
    """Have these mentions scored again."""
    with store.transaction():
        store.executemany(
            "INSERT INTO score_queue (mention_id) VALUES (?)"
            " ON CONFLICT (mention_id) DO UPDATE SET ticket = ticket + 1, tries = 0, error = NULL",
            ((one,) for one in mention_ids),
        )
        store.execute(_REQUEUE_ASPECTS)


def known(store: Store, model: str, keys: Collection[str]) -> dict[str, Score]:
    """What this model said to texts with these keys, by key. People's corrections are about one mention each,
    and what waits is to be read anew.
    """
    found = store.rows(
        "SELECT k.value, s.p_negative, s.p_neutral, s.p_positive"
        " FROM json_each(:keys) k CROSS JOIN sentiment_scores s ON s.mention_id ="
        "  (SELECT m.id FROM mentions m CROSS JOIN sentiment_scores o ON o.mention_id = m.id AND o.model = :model"
        "   WHERE m.text_key = k.value"
        "   AND NOT EXISTS (SELECT 1 FROM score_queue q WHERE q.mention_id = m.id) LIMIT 1)"
        " AND s.model = :model",
        {"keys": json.dumps(list(keys)), "model": model},
    )
    return {
        key: Score(p_negative=negative, p_neutral=neutral, p_positive=positive)
        for key, negative, neutral, positive in found
    }


def add(store: Store, model: str, readings: Sequence[Reading], now: datetime) -> None:
    """Store a batch of readings, take it off the queue and mark the days it touches.

    A reading of words that were edited meanwhile is dropped; the mention waits with its new ones.
    """
    ids = json.dumps([one.mention_id for one in readings])
    with store.transaction():
        tickets = {
            row["mention_id"]: row["ticket"]
            for row in store.rows(
                "SELECT d.value AS mention_id, coalesce(q.ticket, f.ticket) AS ticket FROM json_each(?) d"
                " LEFT JOIN score_queue q ON q.mention_id = d.value"
                " LEFT JOIN score_failures f ON f.mention_id = d.value",  # another process may have given up on it
                [ids],
            )
        }
        batch = [one for one in readings if tickets.get(one.mention_id) == one.ticket]
        store.executemany(
            "UPDATE mentions SET lang = coalesce(nullif(lang, 'und'), ?), stance = ?, stance_evidence = ?, text_key = ?"
            " WHERE id = ?",
            (
                (one.lang, str(one.stance.stance), one.stance.evidence, one.key, one.mention_id)
                for one in batch
            ),
        )
        done = json.dumps([one.mention_id for one in batch])
        store.execute(  # also where this model has nothing to say: another one's word must not stand for it
            "UPDATE sentiment_scores SET is_current = 0"
            " WHERE mention_id IN (SELECT value FROM json_each(?)) AND model <> ?",
            [done, HUMAN],
        )
        scored = [(one.mention_id, one.score) for one in batch if one.score is not None]
        _add_scores(store, model, scored, stamp(now))
        store.execute("DELETE FROM score_queue WHERE mention_id IN (SELECT value FROM json_each(?))", [done])
        store.execute(
            "DELETE FROM score_failures WHERE mention_id IN (SELECT value FROM json_each(?))", [done]
        )
        mark_dirty(store, [one.mention_id for one in batch])


def _add_scores(store: Store, model: str, scored: Sequence[tuple[int, Score]], now: str) -> None:
    """The newest machine score is the current one, unless a person has spoken.

    Probabilities are kept as the model gave them, label and value as the tuning in force makes them.
    """
    tuning = in_force(store, model)
    told = [
        (mention_id, score, tuning.tuning.apply(score) if tuning else score) for mention_id, score in scored
    ]
    ids = json.dumps([mention_id for mention_id, _ in scored])
    corrected = {
        row[0]
        for row in store.rows(
            "SELECT mention_id FROM sentiment_scores"
            " WHERE mention_id IN (SELECT value FROM json_each(?)) AND model = ?",
            [ids, HUMAN],
        )
    }
    store.executemany(
        "INSERT OR REPLACE INTO sentiment_scores (mention_id, model, label, score, p_negative, p_neutral,"
        " p_positive, scored_at, is_current, tuning_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                mention_id,
                model,
                str(read.label),
                read.value,
                score.p_negative,
                score.p_neutral,
                score.p_positive,
                now,
                int(mention_id not in corrected),
                tuning and tuning.id,
            )
            for mention_id, score, read in told
        ),
    )
