"""Work on several sources side by side, each in a thread; what happens to one touches no other."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import structlog

from connectors.base import quotas_of
from connectors.errors import ConnectorError
from listener.config import Config, SourceConfig
from listener.log import one_line, without
from storage.pages import PageResult
from storage.sources import SourceState

WORKERS = 4
GRACE = 5.0
"""Seconds that pages in hand have to be finished after a request to stop."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the work on one source went."""

    source: str
    status: str
    """``ok``, ``more`` (a backlog is left), ``stopped``, ``failed``, ``paused`` or ``abandoned``."""
    result: PageResult = field(default_factory=PageResult)
    pages: int = 0
    error: str | None = None

    @property
    def is_failure(self) -> bool:
        return self.error is not None


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that a source's thread needs."""

    config: Config
    source: SourceConfig
    state: SourceState
    stop: threading.Event
    turn: threading.Lock
    """Shared by the sources that spend from one budget, so that each sees what the one before has spent."""


def tasks(config: Config, states: Iterable[SourceState], stop: threading.Event) -> list[Task]:
    """One task for each source."""
    configured = {one.name: one for one in config.sources}
    turns: dict[str, threading.Lock] = defaultdict(threading.Lock)
    return [
        Task(config, configured[state.name], state, stop, turns[_purse(config, configured[state.name])])
        for state in states
    ]


def _purse(config: Config, source: SourceConfig) -> str:
    """What a source spends from: its connector's budget, else nothing that another source could."""
    limited = source.connector.name in config.file.budget or quotas_of(source.connector)
    return source.connector.name if limited else f"source {source.name}"


def side_by_side(
    work: Callable[[Task], Outcome],
    tasks: Iterable[Task],
    stop: threading.Event,
    done: Callable[[Outcome], None],
) -> list[Outcome]:
    """Run the tasks in a few threads; after a stop wait no longer than the grace for a hanging platform."""
    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="source")
    running = {pool.submit(_alone, work, task): task.state.name for task in tasks}
    outcomes: list[Outcome] = []
    deadline = None
    try:
        while running and (deadline is None or time.monotonic() < deadline):
            wait(running, timeout=0.2)
            for future in [one for one in running if one.done()]:  # wait() does not count a cancelled one
                outcomes.append(_ended(future, running))
                done(outcomes[-1])
            if stop.is_set() and deadline is None:
                deadline = time.monotonic() + GRACE
                pool.shutdown(wait=False, cancel_futures=True)
    except BaseException:  # Ctrl-C by hand
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=False)
    return outcomes + [Outcome(source=name, status="abandoned") for name in running.values()]


def _alone(work: Callable[[Task], Outcome], task: Task) -> Outcome:
    with task.turn, structlog.contextvars.bound_contextvars(source=task.state.name):
        return work(task)


def _ended(future: Future[Outcome], running: dict[Future[Outcome], str]) -> Outcome:
    """What became of a source's thread; an error of ours outside of the connector is logged and counted."""
    source = running.pop(future)
    if future.cancelled():
        return Outcome(source=source, status="stopped")
    if error := future.exception():
        log.error("the work on a source could not be noted", source=source, exc_info=error)
        return Outcome(
            source=source, status="failed", error=f"internal error: {type(error).__name__}: {error}"
        )
    return future.result()


def explained(error: Exception, config: Config) -> str:
    """An error as one harmless line for the operator; one of ours is logged with its traceback."""
    if isinstance(error, ConnectorError):
        return one_line(without(config.secrets(), str(error)))
    log.error("a bug in the connector or in our code", exc_info=error)
    return one_line(without(config.secrets(), f"internal error: {type(error).__name__}: {error}"))
