"""What runs every few seconds, or under the write lock, never reads all mentions."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storage import checks, corrections, digests, graves, reads, rising, scores, sources, topics, tunings
from storage.corrections import UnknownMentionError
from storage.records import Label, Score, Stance, StanceReading, Tuning
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
READING = scores.Reading(
    1, "de", Score(p_negative=0, p_neutral=0, p_positive=1), StanceReading(stance=Stance.INDIFFERENT), key="k"
)


def correct_known(store: Store) -> None:
    with suppress(UnknownMentionError):
        corrections.correct(store, [1], Label.NEUTRAL, now=NOW)


def carry_a_tuning_out(store: Store) -> None:
    tuning = Tuning(exponent=1.0, factors=(1.0, 1.0, 1.0))
    tunings.accept(store, "m", tuning, basis="stream", report={}, now=NOW)
    tunings.carry_out(store)


@pytest.mark.parametrize(
    "work",
    [
        lambda store: checks.due(store, 1, NOW, 100),
        lambda store: checks.postpone(store, 1, NOW),
        lambda store: in_transaction(store, graves.expire_old, "reddit", NOW, now=NOW, limit=9),
        lambda store: in_transaction(store, graves.expire_unconfirmed, "reddit", NOW, limit=9),
        lambda store: in_transaction(store, graves.delete_unwanted, before=NOW, limit=9),
        lambda store: in_transaction(store, graves.bury, "reddit", ["1"], reason="gone", now=NOW),
        lambda store: sources.due(store, NOW),
        lambda store: corrections.undo(store, [1]),
        correct_known,
        carry_a_tuning_out,
        lambda store: topics.begin(store, "m", 9, NOW),
        lambda store: reads.topic_days(store, "b", "2026-11-01", "2026-11-20"),
        lambda store: reads.topic_totals(store, "b", "2026-11-01", "2026-11-20"),
        lambda store: list(rising.texts(store, "b", "2026-11-01", "2026-11-20")),
        lambda store: reads.rising_terms(store, "b", "2026-11-20"),
        lambda store: scores.begin(store, 9, NOW),
        lambda store: scores.known(store, "m", ["k"]),
        lambda store: scores.add(store, "m", [READING], NOW),
        scores.retry_failed,
        lambda store: digests.is_incomplete(store, "b", "2026-11-20"),
    ],
)
def test_no_statement_scans_the_mentions(tmp_path: Path, work: Callable[[Store], Any]) -> None:
    with Store(tmp_path / "listener.db") as store:
        said: list[str] = []
        store._conn.set_trace_callback(said.append)  # noqa: SLF001 - what SQLite is asked, as it is asked
        work(store)
        store._conn.set_trace_callback(None)  # noqa: SLF001 - see above
        statements = [
            one for one in said if one.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))
        ]
        assert statements
        for statement in statements:
            plan = [row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {statement}")]
            assert not [line for line in plan if re.match(r"SCAN (m|mb|mentions|mention_brands)\b", line)], (
                statement
            )


def in_transaction(store: Store, work: Callable[..., int], *arguments: Any, **named: Any) -> int:
    with store.transaction():
        return work(store, *arguments, **named)
