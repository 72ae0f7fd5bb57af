"""Prune: delete what may stay no longer, by the operator's wish or by the platform's terms."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from connectors.base import upkeep_of
from listener import registry
from listener.config import Config
from storage import graves
from storage.store import Store

BATCH = 500
"""Mentions deleted in one transaction, so that nobody waits long for the lock."""
REJECTS_KEPT = timedelta(days=30)
UNWANTED_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many mentions were deleted, and why."""

    unconfirmed: int = 0
    """Not shown by the platform for longer than its terms let them stay."""
    old: int = 0
    """Older than ``[retention]`` keeps them; what they count for in the figures of their days stays."""
    unwanted: int = 0
    """About no brand for a week."""
    rejects: int = 0
    complete: bool = True
    """Whether nothing is left to delete."""

    @property
    def total(self) -> int:
        return self.unconfirmed + self.old + self.unwanted


def prune(
    store: Store,
    config: Config,
    *,
    now: datetime | None = None,
    stop: threading.Event | None = None,
    longest: float | None = None,
) -> Pruned:
    """Delete what is due.

    Args:
        stop: when set, it ends after the batch in hand.
        longest: seconds after which it ends, too; None: none.
    """
    now = now or datetime.now(UTC)
    work = _Work(store, stop or threading.Event(), None if longest is None else time.monotonic() + longest)
    unconfirmed = old = 0
    for platform in graves.platforms(store):
        if limit := unconfirmed_limit(platform):
            unconfirmed += work.through(
                partial(graves.expire_unconfirmed, store, platform, now - limit, limit=BATCH)
            )
        if kept := config.file.retention.platforms.get(platform, config.file.retention.keep):
            old += work.through(partial(graves.expire_old, store, platform, now - kept, now=now, limit=BATCH))
    return Pruned(
        unconfirmed=unconfirmed,
        old=old,
        unwanted=work.through(
            partial(graves.delete_unwanted, store, before=now - UNWANTED_KEPT, limit=BATCH)
        ),
        rejects=work.through(partial(graves.delete_rejects, store, before=now - REJECTS_KEPT, limit=BATCH)),
        complete=work.complete,
    )


@dataclass
class _Work:
    """Deletes in batches, until all is done or the time is over."""

    store: Store
    stop: threading.Event
    deadline: float | None
    complete: bool = True

    def through(self, batch: Callable[[], int]) -> int:
        """Repeat the batch until it finds less than it may delete; returns the sum."""
        total, count = 0, BATCH
        while count == BATCH:
            if self.stop.is_set() or (self.deadline is not None and time.monotonic() > self.deadline):
                self.complete = False
                break
            with self.store.transaction():
                count = batch()
            total += count
        return total


def unconfirmed_limit(platform: str) -> timedelta | None:
    """How long the platform's terms let content stay that it has not shown again; None: they do not say."""
    if platform not in registry.names():
        return None  # imported, or of a connector that is no longer installed
    upkeep = upkeep_of(registry.load(platform))
    return upkeep.unconfirmed if upkeep else None
