"""Poll: ask every due source for its pages, match them locally, store each page with its cursor.

Sources are polled side by side, each in a thread with a database connection of its own; whatever happens
to one of them ends in a note on its row and touches no other.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import structlog

from connectors.base import own_rates, places_of
from connectors.errors import AuthError, RetryLater
from listener import watching
from listener.config import Config, SourceConfig
from listener.exclusion import Excluded
from listener.workers import Outcome, Task, explained, side_by_side, tasks
from storage import daily, exclusions, sources
from storage.store import Store

BACKLOG_PAUSE = timedelta(seconds=60)
"""How soon a source is polled again that had more pages than one poll may take."""
FIRST_RETRY = timedelta(minutes=5)
LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_POLL = 60.0
"""Seconds after which a slow source lets the other stages go on; the next poll takes up where it was."""

log = structlog.get_logger()


def sync(store: Store, config: Config, now: datetime) -> None:
    """Bring the tables of brands and sources in line with the configuration."""
    sources.sync_brands(
        store,
        [
            sources.Brand(
                name=brand.name,
                query=brand.query,
                timezone=str(config.zone(brand.name)),
                competitor=brand.competitor,
            )
            for brand in config.file.brands
        ],
    )
    sources.sync_sources(
        store,
        [
            sources.Source(
                name=one.name,
                connector=one.connector.name,
                watch={"brands": one.brands, "match": one.match, **(one.section.model_extra or {})},
                place=_place(one),
            )
            for one in config.sources
        ],
        now,
    )
    daily.keep_apart(store, _apart(config))
    excluded = Excluded(config)
    exclusions.sync(store, excluded.named, brands=excluded.brands, fingerprint=excluded.fingerprint)


def _apart(config: Config) -> dict[str, bool]:
    """For each platform whose terms keep its figures apart, whether that holds here."""
    apart: dict[str, bool] = {}
    for one in config.sources:
        if own_rates(one.connector):
            # as configured: the settings are not there where a key is missing
            accepted = (one.section.model_extra or {}).get("derived_metrics_accepted", False)
            apart[one.connector.name] = apart.get(one.connector.name, False) or not accepted
    return apart


def _place(source: SourceConfig) -> str:
    """The address and the thing listened to there."""
    keys = source.section.model_extra or {}
    return " ".join(str(keys[key]) for key in ("base_url", *places_of(source.connector)) if key in keys)


def poll(
    config: Config,
    *,
    now: datetime | None = None,
    only: Iterable[str] = (),
    synced: bool = False,
    stop: threading.Event | None = None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Poll the sources that are due, or those named, due or not.

    Args:
        synced: the tables of brands and sources say already what the configuration says.
        stop: when set, every source finishes the page in hand.
        done: called with each source's outcome as it comes.
    """
    now = now or datetime.now(UTC)
    stop = stop or threading.Event()
    with Store(config.database) as store:
        if not synced:
            sync(store, config, now)
        wanted = set(only)
        due = (
            [one for one in sources.active(store) if one.name in wanted]
            if wanted
            else sources.due(store, now)
        )
    return side_by_side(_poll_source, tasks(config, due, stop), stop, done)


def _poll_source(task: Task) -> Outcome:
    """Poll one source to its end, its page limit or a stop, and note how it went."""
    began = time.monotonic()
    with Store(task.config.database) as store:
        outcome = _note(store, task, _fetch(store, task))
        log.log(
            30 if outcome.is_failure else 20,
            "polled",
            status=outcome.status,
            new=outcome.result.new,
            updated=outcome.result.updated,
            rejected=outcome.result.rejected,
            pages=outcome.pages,
            seconds=round(time.monotonic() - began, 2),
            **({"error": outcome.error} if outcome.error else {}),
        )
    return outcome


def _fetch(store: Store, task: Task) -> tuple[Outcome, Exception | None]:
    """Store page after page; the error that ended it, if any, beside what was stored before it."""
    outcome = Outcome(source=task.state.name, status="ok")
    deadline = time.monotonic() + LONGEST_POLL
    try:
        connector = task.source.connect()
        watch = watching.watch(task.config, task.source, watching.allowance(store, task.config, task.source))
        limit = task.source.section.max_pages
        filing = watching.Filing(store, task.config, task.source, task.state.id)
        fetched = connector.poll(watch, task.state.cursor)
        with filing.metered(watch.allowance), closing(fetched):  # type: ignore[type-var] # a generator, though the contract asks for an iterator
            for page in islice(fetched, limit):
                stored = filing.add(page)
                outcome = replace(outcome, result=outcome.result + stored, pages=outcome.pages + 1)
                if task.stop.is_set():
                    return replace(outcome, status="stopped"), None
                if time.monotonic() > deadline:
                    return replace(outcome, status="more"), None
    except Exception as error:  # noqa: BLE001 - a connector's bug must not stop the other sources; see _note
        return outcome, error
    return replace(outcome, status="more" if outcome.pages >= limit else "ok"), None


def _note(store: Store, task: Task, ended: tuple[Outcome, Exception | None]) -> Outcome:
    """Write the end of a poll onto the source's row and decide when it is polled again."""
    outcome, error = ended
    now = datetime.now(UTC)
    every = task.source.section.every
    if error is None:
        wait_for = {"ok": every, "more": min(every, BACKLOG_PAUSE), "stopped": timedelta(0)}[outcome.status]
        sources.succeeded(store, task.state.id, now=now, next_poll_at=now + wait_for)
        return outcome
    pause = isinstance(error, AuthError)
    asked = error.after if isinstance(error, RetryLater) else None
    text = explained(error, task.config)
    sources.failed(
        store,
        task.state.id,
        text,
        now=now,
        next_poll_at=now + (asked or (every if outcome.pages else _backoff(every, task.state.failures))),
        pause=pause,
    )
    return replace(outcome, status="paused" if pause else "failed", error=text)


def _backoff(every: timedelta, failures: int) -> timedelta:
    """Soon at first, then twice as long after every failure in a row, up to six hours, spread by a tenth."""
    plain: timedelta = min(min(every, FIRST_RETRY) * 2 ** min(failures, 10), LONGEST_BACKOFF)
    return plain * random.uniform(0.9, 1.1)  # noqa: S311 - spreading requests needs no cryptography
