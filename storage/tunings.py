"""Tunings: which adjustment of a model's probabilities is in force, and carrying it over to what was scored.

A score keeps the probabilities as the model gave them; its label and value are what the tuning in force makes
of them. So a tuning reaches the past without running the model, and can be taken back.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.daily import mark_dirty
from storage.records import RULES, Score, Tuning, weights
from storage.store import Row, Store, stamp

BATCH = 1000
"""Scores adjusted in one transaction."""

_OF_WEIGHTS = f"substr(model || '{RULES}', 1, length(:weights || '{RULES}')) = :weights || '{RULES}'"
"""Scores of the same weights, whatever the phrase rules were."""

_OUTDATED = f"{_OF_WEIGHTS} AND tuning_id IS NOT :tuning AND p_neutral IS NOT NULL"

_COUNT = f"SELECT count(*) FROM sentiment_scores WHERE {_OUTDATED}"  # noqa: S608 - the conditions above

_NEXT = f"""
SELECT mention_id, model, label, is_current, p_negative, p_neutral, p_positive FROM sentiment_scores
WHERE mention_id >= :last AND {_OUTDATED} ORDER BY mention_id LIMIT :limit"""  # noqa: S608 - see above

_GIVEN = f"""
SELECT p_negative, p_neutral, p_positive FROM sentiment_scores
WHERE {_OF_WEIGHTS} AND p_neutral IS NOT NULL
AND (is_current = 1 OR mention_id IN (SELECT mention_id FROM corrections))"""  # noqa: S608 - see above


@dataclass(frozen=True, slots=True)
class InForce:
    """The tuning that new scores of a model get."""

    id: int
    tuning: Tuning
    basis: str
    created_at: str


def in_force(store: Store, model: str) -> InForce | None:
    """The tuning made for this model's weights, if one was accepted."""
    row = store.row("SELECT * FROM tunings WHERE model = ? AND active = 1", [weights(model)])
    if row is None:
        return None
    factors = (row["factor_negative"], row["factor_neutral"], row["factor_positive"])
    tuning = Tuning(exponent=row["exponent"], factors=factors)
    return InForce(row["id"], tuning, row["basis"], row["created_at"])


def accept(
    store: Store, model: str, tuning: Tuning, *, basis: str, report: Mapping[str, Any], now: datetime
) -> None:
    """Put a tuning in force, in place of an earlier one; call ``carry_out`` then.

    Args:
        basis: what it was estimated from, ``corrections`` or ``stream``.
        report: the figures that it was accepted for.
    """
    with store.transaction():
        store.execute("UPDATE tunings SET active = 0 WHERE model = ?", [weights(model)])
        store.execute(
            "INSERT INTO tunings (model, basis, exponent, factor_negative, factor_neutral, factor_positive,"
            " report, created_at, active, carried_out) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0)",
            [
                weights(model),
                basis,
                tuning.exponent,
                *tuning.factors,
                json.dumps(report, ensure_ascii=False),
                stamp(now),
            ],
        )


def withdraw(store: Store, model: str) -> bool:
    """Take the tuning in force back; False where there is none. Call ``carry_out`` then."""
    with store.transaction():
        changed = store.execute(
            "UPDATE tunings SET active = 0, carried_out = 0 WHERE model = ? AND active = 1", [weights(model)]
        )
    return bool(changed)


def carry_out(store: Store, *, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make what was scored before agree with the tunings in force, as far as it does not yet.

    One transaction a batch; what a kill interrupts, the next call goes on with. The days of mentions with
    another label are computed anew. Returns how many scores were changed.
    """
    changed = 0
    for row in store.rows("SELECT DISTINCT model FROM tunings WHERE carried_out = 0"):
        changed += _carry_out(store, row["model"], progress)
    return changed


def _carry_out(store: Store, model: str, progress: Callable[[int, int], None]) -> int:
    done, last = 0, 0
    now = in_force(store, model)
    key = {"weights": model, "tuning": now and now.id}
    total = store.value(_COUNT, key)
    while True:
        with store.transaction():
            if in_force(store, model) != now:  # another process has changed it meanwhile, and does the rest
                return done
            batch = _outdated(store, key, last)
            if not batch:
                store.execute("UPDATE tunings SET carried_out = 1 WHERE model = ?", [model])
                return done
            _adjust(store, batch, now)
        done, last = done + len(batch), batch[-1]["mention_id"]
        progress(done, max(done, total))


def _outdated(store: Store, key: Mapping[str, Any], last: int) -> list[Row]:
    """The next scores. A mention may have several of these weights, so the last one comes once more."""
    return store.rows(_NEXT, {**key, "last": last, "limit": BATCH})


def _adjust(store: Store, batch: list[Row], now: InForce | None) -> None:
    scores = [
        Score(p_negative=row["p_negative"], p_neutral=row["p_neutral"], p_positive=row["p_positive"])
        for row in batch
    ]
    adjusted = [now.tuning.apply(one) for one in scores] if now else scores
    store.executemany(
        "UPDATE sentiment_scores SET label = ?, score = ?, tuning_id = ? WHERE mention_id = ? AND model = ?",
        (
            (str(score.label), score.value, now and now.id, row["mention_id"], row["model"])
            for row, score in zip(batch, adjusted, strict=True)
        ),
    )
    mark_dirty(
        store,
        [
            row["mention_id"]
            for row, score in zip(batch, adjusted, strict=True)
            if row["is_current"] and row["label"] != score.label
        ],
    )


def of_other_models(store: Store, model: str) -> list[str]:
    """Models that have a tuning in force which this one does not get."""
    found = store.rows("SELECT model FROM tunings WHERE active = 1 AND model <> ?", [weights(model)])
    return [row["model"] for row in found]


def probabilities(store: Store, model: str) -> list[Score]:
    """What a model's weights gave, untuned, one for each of their readings of a mention that counts or that a
    person has corrected.
    """
    found = store.rows(_GIVEN, {"weights": weights(model)})
    return [Score(p_negative=row[0], p_neutral=row[1], p_positive=row[2]) for row in found]
