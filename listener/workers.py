"""Work on several sources side by side, each in a thread; what happens to one touches no other."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from queue import SimpleQueue

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
    purse: str
    """What it spends from. Those with one purse take turns, so that each sees what the one before has spent."""


def tasks(config: Config, states: Iterable[SourceState], stop: threading.Event) -> list[Task]:
    """One task for each source."""
    configured = {one.name: one for one in config.sources}
    return [
        Task(config, configured[state.name], state, stop, _purse(config, configured[state.name]))
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
    purses: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        purses[task.purse].append(task)
    ended: SimpleQueue[Outcome] = SimpleQueue()

    def in_turn(several: list[Task]) -> None:
        for task in several:
            ended.put(_alone(work, task))

    pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="source")
    running = [pool.submit(in_turn, several) for several in purses.values()]
    outcomes: dict[str, Outcome] = {}
    deadline = None
    try:
        while not all(one.done() for one in running) and (deadline is None or time.monotonic() < deadline):
            wait(running, timeout=0.2)
            _collect(ended, outcomes, done)
            if stop.is_set() and deadline is None:
                deadline = time.monotonic() + GRACE
                pool.shutdown(wait=False, cancel_futures=True)
    except BaseException:  # Ctrl-C by hand
        stop.set()
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(wait=False)
    _collect(ended, outcomes, done)
    left = "stopped" if all(one.done() for one in running) else "abandoned"
    names = [task.state.name for several in purses.values() for task in several]
    return [outcomes.get(name) or Outcome(source=name, status=left) for name in names]


def _collect(
    ended: "SimpleQueue[Outcome]", outcomes: dict[str, Outcome], done: Callable[[Outcome], None]
) -> None:
    """Take over what has ended since."""
    while not ended.empty():
        outcome = ended.get()
        outcomes[outcome.source] = outcome
        done(outcome)


def _alone(work: Callable[[Task], Outcome], task: Task) -> Outcome:
    """One source's work; an error of ours outside of the connector is logged and counted."""
    if task.stop.is_set():
        return Outcome(source=task.state.name, status="stopped")
    with structlog.contextvars.bound_contextvars(source=task.state.name):
        try:
            return work(task)
        except Exception as error:
            log.exception("the work on a source could not be noted")
            text = f"internal error: {type(error).__name__}: {error}"
            return Outcome(source=task.state.name, status="failed", error=text)


def explained(error: Exception, config: Config) -> str:
    """An error as one harmless line for the operator; one of ours is logged with its traceback."""
    if isinstance(error, ConnectorError):
        return one_line(without(config.secrets(), str(error)))
    log.error("a bug in the connector or in our code", exc_info=error)
    return one_line(without(config.secrets(), f"internal error: {type(error).__name__}: {error}"))
