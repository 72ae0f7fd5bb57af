"""Queues of mentions that wait for the model, and the texts that bring it down.

One that does is found by trying again with fewer texts at once, then put aside.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.store import Store, stamp

TRIES = 3
"""So often a text is begun to be read: among the others, among a few, alone. Then it is put aside."""
A_FEW = 16

_CRASHED = "the process that ran the model ended while it read this text"


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's table, the table of what was put aside from it, and which of the waiting come first."""

    table: str
    failures: str
    order: str
    """Of ``q``, the queue, and ``m``, the mentions."""
    ready: str = "true"
    """What must hold for one to be begun."""

    def begin(self, store: Store, limit: int, now: datetime) -> list[int]:
        """What to read next, noted as begun, so that a crash is known of afterwards.

        Texts at which the model failed come last, fewer and fewer at once; after ``TRIES`` they are put aside.
        """
        with store.transaction():
            self._put_aside(store, stamp(now))
            tries = store.value(f"SELECT min(tries) FROM {self.table} q WHERE {self.ready}")
            size = limit if not tries else min(limit, A_FEW) if tries == 1 else 1
            found = store.rows(
                f"SELECT m.id FROM {self.table} q CROSS JOIN mentions m ON m.id = q.mention_id"
                f" WHERE q.tries = ? AND {self.ready} ORDER BY {self.order} LIMIT ?",
                [tries, size],
            )
            ids = [row[0] for row in found]
            store.execute(
                f"UPDATE {self.table} SET tries = tries + 1, error = NULL"
                " WHERE mention_id IN (SELECT value FROM json_each(?))",
                [json.dumps(ids)],
            )
        return ids

    def failed(self, store: Store, ids: Sequence[int], error: str) -> None:
        """Note why the model could not read these."""
        with store.transaction():
            store.execute(
                f"UPDATE {self.table} SET error = ? WHERE mention_id IN (SELECT value FROM json_each(?))",
                [error, json.dumps(ids)],
            )

    def _put_aside(self, store: Store, now: str) -> None:
        if store.value(f"SELECT EXISTS (SELECT 1 FROM {self.table} WHERE tries >= ?)", [TRIES]):
            store.execute(
                f"INSERT OR REPLACE INTO {self.failures} SELECT mention_id, ticket, coalesce(error, ?), ?"
                f" FROM {self.table} WHERE tries >= ?",
                [_CRASHED, now, TRIES],
            )
            store.execute(f"DELETE FROM {self.table} WHERE tries >= ?", [TRIES])

    def retry(self, store: Store) -> int:
        """Have what was put aside read again, within the caller's transaction; returns how many mentions."""
        store.execute(
            f"INSERT OR IGNORE INTO {self.table} (mention_id, ticket) SELECT mention_id, ticket FROM {self.failures}"
        )
        return store.execute(f"DELETE FROM {self.failures}")


SCORES = Queue("score_queue", "score_failures", order="m.published_at DESC, m.id DESC")
TOPICS = Queue(
    "topic_queue",
    "topic_failures",
    order="m.id DESC",
    ready="q.mention_id NOT IN (SELECT mention_id FROM score_failures)",
)
"""Without what the model failed at as a whole."""
