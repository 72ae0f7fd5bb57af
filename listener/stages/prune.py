"""Prune: delete what may stay no longer, by the operator's wish or by the platform's terms."""

import threading
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
    """Older than ``[retention]`` keeps them; the figures of their days stay."""
    unwanted: int = 0
    """About no brand any more."""
    rejects: int = 0

    @property
    def total(self) -> int:
        return self.unconfirmed + self.old + self.unwanted


def prune(
    store: Store, config: Config, *, now: datetime | None = None, stop: threading.Event | None = None
) -> Pruned:
    """Delete what is due; with ``stop`` set it ends after the batch in hand."""
    now = now or datetime.now(UTC)

    def all_of(batch: Callable[[], int]) -> int:
        total = 0
        while not (stop and stop.is_set()):
            with store.transaction():
                count = batch()
            total += count
            if count < BATCH:
                break
        return total

    unconfirmed = old = 0
    for platform in graves.platforms(store):
        if limit := unconfirmed_limit(platform):
            before = now - limit
            expire = partial(graves.expire_unconfirmed, store, platform, before, now=now, limit=BATCH)
            unconfirmed += all_of(expire)
        if kept := config.file.retention.platforms.get(platform, config.file.retention.keep):
            old += all_of(partial(graves.expire_old, store, platform, now - kept, now=now, limit=BATCH))
    unwanted = partial(graves.delete_unwanted, store, now=now, before=now - UNWANTED_KEPT, limit=BATCH)
    rejects = partial(graves.delete_rejects, store, before=now - REJECTS_KEPT, limit=BATCH)
    return Pruned(unconfirmed=unconfirmed, old=old, unwanted=all_of(unwanted), rejects=all_of(rejects))


def unconfirmed_limit(platform: str) -> timedelta | None:
    """How long the platform's terms let content stay that it has not shown again; None: they do not say."""
    if platform not in registry.names():
        return None  # imported, or of a connector that is no longer installed
    upkeep = upkeep_of(registry.load(platform))
    return upkeep.unconfirmed if upkeep else None
