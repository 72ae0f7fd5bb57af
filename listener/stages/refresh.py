"""Refresh: read known posts again, soon after their publication often, then ever more seldom.

Their counts become history, their edits are taken over, and what the platform no longer shows is deleted.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import structlog

from connectors.base import Refreshing, upkeep_of
from connectors.errors import AuthError, RetryLater
from listener import watching
from listener.config import Config
from listener.workers import Outcome, Task, explained, side_by_side, tasks
from storage import checks, sources
from storage.store import Store

LATER = timedelta(minutes=30)
"""How long a source's posts wait after an error, unless the platform says how long."""
AFTER_REFUSAL = timedelta(hours=6)
LONGEST = 30.0
"""Seconds after which the other stages go on; the next round takes up where it was."""

log = structlog.get_logger()


def refresh(
    config: Config,
    *,
    only: Iterable[str] = (),
    stop: threading.Event | None = None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Read again what is due of each source that can; sources with nothing due have no outcome.

    Args:
        only: the sources' names; none: all.
        stop: when set, every source finishes the batch in hand.
        done: called with each source's outcome as it comes.
    """
    stop = stop or threading.Event()
    now = datetime.now(UTC)
    configured = {one.name: one for one in config.sources if upkeep_of(one.connector)}
    wanted = set(only) or configured.keys()
    with Store(config.database) as store:
        due = [
            state
            for state in sources.active(store)
            if state.name in configured.keys() & wanted
            and not state.paused
            and checks.due(store, state.id, now, 1)
        ]
        for state in [one for one in due if not (configured[one.name].ages or configured[one.name].recheck)]:
            checks.forget(store, state.id)  # they were to be read before the configuration changed
            due.remove(state)
    return side_by_side(_refresh_source, tasks(config, due, stop), stop, done)


def _refresh_source(task: Task) -> Outcome:
    """Read one source's due posts again, batch by batch."""
    with Store(task.config.database) as store:
        outcome, error = _batches(store, task)
        if error is not None:
            outcome = replace(outcome, status="failed", error=explained(error, task.config))
            asked = error.after if isinstance(error, RetryLater) else None
            wait = AFTER_REFUSAL if isinstance(error, AuthError) else LATER
            checks.postpone(store, task.state.id, datetime.now(UTC) + (asked or wait))
        log.log(
            30 if outcome.is_failure else 20,
            "refreshed",
            status=outcome.status,
            updated=outcome.result.updated,
            gone=outcome.result.gone,
            **({"error": outcome.error} if outcome.error else {}),
        )
    return outcome


def _batches(store: Store, task: Task) -> tuple[Outcome, Exception | None]:
    outcome = Outcome(source=task.state.name, status="ok")
    deadline = time.monotonic() + LONGEST
    try:
        connector = cast("Refreshing", task.source.connect())  # which its upkeep says it is
        filing = watching.Filing(store, task.config, task.source, task.state.id)
        allowance = watching.allowance(store, task.config, task.source)
        with filing.metered(allowance):
            while batch := checks.due(store, task.state.id, datetime.now(UTC), connector.upkeep.batch):
                if task.stop.is_set() or time.monotonic() > deadline:
                    return replace(outcome, status="stopped" if task.stop.is_set() else "more"), None
                ids = [one.platform_id for one in batch]
                with closing(
                    connector.refresh(ids, watching.allowance(store, task.config, task.source))
                ) as pages:  # type: ignore[type-var] # a generator, though the contract asks for an iterator
                    for page in pages:
                        outcome = replace(
                            outcome, result=outcome.result + filing.add(page), pages=outcome.pages + 1
                        )
                _reschedule(store, task, batch)
    except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the other sources; see explained
        return outcome, error
    return outcome, None


def _reschedule(store: Store, task: Task, batch: Iterable[checks.Check]) -> None:
    """Set the next time for every post that was asked for, whatever came of it."""
    now = datetime.now(UTC)
    times = {one.platform_id: watching.next_check(task.source, one.published_at, now) for one in batch}
    checks.reschedule(store, task.state.id, times)
