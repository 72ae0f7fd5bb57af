"""The daemon: all stages in turn, again and again, until it is told to stop.

What is due stands in the database, so a tick is the same as ``listener run --once``, and a daemon that was
away simply finds more to do.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import schedule
import structlog
from filelock import FileLock, Timeout

from listener.config import Config
from listener.endpoint import serving
from listener.stages.aggregate import aggregate
from listener.stages.compose import compose
from listener.stages.deliver import deliver
from listener.stages.poll import poll, sync
from listener.stages.prune import prune
from listener.stages.refresh import refresh
from listener.stages.score import load_scorer, score
from listener.stages.topics import topics
from listener.workers import Outcome
from sentiment.base import Scorer
from storage import sources
from storage.store import Store, StoreError

TICK = 5
"""Seconds between two looks at what is due."""
PRUNE_EVERY = timedelta(hours=1)
LONGEST_PRUNE = 20.0
"""Seconds, after which it goes on in the next round."""

log = structlog.get_logger()


@dataclass
class Cycle:
    """What one round of all stages did."""

    outcomes: list[Outcome] = field(default_factory=list)
    scored: int = 0
    days: int = 0
    digests: int = 0
    pruned: int = 0
    sent: int = 0
    not_sent: int = 0
    bugs: list[str] = field(default_factory=list)
    """Stages that ended in an error of ours."""

    @property
    def problems(self) -> list[str]:
        """One line for everything that did not work."""
        failed = [f"{one.source}: {one.error}" for one in self.outcomes if one.is_failure]
        letters = [f"{self.not_sent} letters could not be sent"] if self.not_sent else []
        return failed + letters + self.bugs

    @property
    def abandoned(self) -> bool:
        """Whether a thread still waits for a platform that does not answer."""
        return any(one.status == "abandoned" for one in self.outcomes)


@dataclass
class _Round:
    """The stages, in their order; each leaves what it did in ``result``."""

    config: Config
    scorer: Scorer
    stop: threading.Event
    store: Store
    result: Cycle = field(default_factory=Cycle)

    def poll(self) -> None:
        self.result.outcomes += poll(self.config, synced=True, stop=self.stop)

    def refresh(self) -> None:
        self.result.outcomes += refresh(self.config, stop=self.stop)

    def prune(self) -> None:
        if not self.store.is_due("prune", every=PRUNE_EVERY, now=datetime.now(UTC)):
            return
        done = prune(self.store, self.config, stop=self.stop, longest=LONGEST_PRUNE)
        self.result.pruned = done.total
        if done.complete:
            self.store.done("prune", datetime.now(UTC))

    def score(self) -> None:
        self.result.scored = score(self.store, self.scorer, stop=self.stop)

    def topics(self) -> None:
        topics(self.store, self.config, self.scorer, stop=self.stop)

    def aggregate(self) -> None:
        self.result.days = aggregate(self.store, stop=self.stop)

    def compose(self) -> None:
        self.result.digests = compose(self.store, self.config)

    def deliver(self) -> None:
        self.result.sent, self.result.not_sent = deliver(self.store, self.config, stop=self.stop)


STAGES = (
    _Round.poll,
    _Round.refresh,
    _Round.score,
    _Round.topics,
    _Round.prune,
    _Round.aggregate,
    _Round.compose,
    _Round.deliver,
)


def cycle(config: Config, scorer: Scorer, stop: threading.Event) -> Cycle:
    """One round of all stages. An error in one leaves the others alone; after a stop no further one begins."""
    with Store(config.database) as store:
        one = _Round(config, scorer, stop, store)
        for stage in STAGES:
            if stop.is_set():
                break
            try:
                stage(one)
            except Exception as error:
                # the daemon outlives our bugs: each is logged with its traceback and counted
                log.exception("stage failed", stage=stage.__name__)
                one.result.bugs.append(f"{stage.__name__}: {type(error).__name__}: {error}")
    return one.result


def run(config: Config, *, once: bool = False) -> Cycle:
    """Run all stages, once or until SIGTERM or SIGINT; returns the last round.

    Raises:
        StoreError: another daemon runs on this database.
        EndpointError: the address for webhooks cannot be listened at.
        ModelError: the configured model cannot be loaded.
    """
    with one_per_database(config.database), _stop_signal() as stop:
        scorer = load_scorer(config)
        result = Cycle()

        def tick() -> None:
            nonlocal result
            result = cycle(config, scorer, stop)

        with Store(config.database) as store:
            sync(store, config, datetime.now(UTC))
            sources.resume_paused(store)
        log.info("started", database=str(config.database), sources=len(config.sources), pid=os.getpid())
        with nullcontext() if once or config.file.webhook is None else serving(config, config.file.webhook):
            tick()
            ticks = schedule.Scheduler()
            ticks.every(TICK).seconds.do(tick)
            while not once and not stop.wait(1):
                ticks.run_pending()
        log.info("stopped" if stop.is_set() else "finished")
    return result


@contextmanager
def one_per_database(database: Path) -> Iterator[None]:
    """Hold the database's lock; raises ``StoreError`` where another daemon holds it."""
    lock = FileLock(f"{database}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreError(
            f"another daemon is running on {database}; stop it first, or use `listener poll` beside it"
        ) from None
    except OSError as error:
        raise StoreError(f"cannot lock {database}: {error}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _stop_signal() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; the former handlers come back at the end."""
    stop = threading.Event()

    def on_signal(_: int, __: FrameType | None) -> None:
        stop.set()  # and nothing else: what it interrupts may hold the lock of the log

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
