"""The daemon: all stages in turn, again and again, until it is told to stop; the model beside them.

What is due stands in the database, so a tick is the same as ``listener run --once``, and a daemon that was
away simply finds more to do.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import schedule
import structlog
from filelock import FileLock, Timeout

from listener.config import Config
from listener.endpoint import serving
from listener.scoring import ScoringProcess, scoring
from listener.signals import stop_signal
from listener.stages.aggregate import aggregate
from listener.stages.compose import compose
from listener.stages.deliver import deliver
from listener.stages.group import group
from listener.stages.poll import poll, sync
from listener.stages.prune import prune
from listener.stages.refresh import refresh
from listener.workers import Outcome
from storage import sources
from storage.store import Store, StoreError

TICK = 5
"""Seconds between two looks at what is due."""
PRUNE_EVERY = timedelta(hours=1)
LONGEST_PRUNE = 20.0
LONGEST_GROUP = 20.0
"""Seconds, after which they go on in the next round."""
PATIENCE = timedelta(hours=1)
"""How long a digest waits for the scores of its day."""

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
    model: ScoringProcess
    stop: threading.Event
    store: Store
    once: bool
    result: Cycle = field(default_factory=Cycle)

    def poll(self) -> None:
        self.result.outcomes += poll(self.config, synced=True, stop=self.stop)

    def refresh(self) -> None:
        self.result.outcomes += refresh(self.config, stop=self.stop)

    def group(self) -> None:
        group(
            self.store,
            now=datetime.now(UTC),
            stop=self.stop,
            longest=None if self.once else LONGEST_GROUP,
        )

    def prune(self) -> None:
        if not self.store.is_due("prune", every=PRUNE_EVERY, now=datetime.now(UTC)):
            return
        done = prune(self.store, self.config, stop=self.stop, longest=LONGEST_PRUNE)
        self.result.pruned = done.total
        if done.complete:
            self.store.done("prune", datetime.now(UTC))

    def score(self) -> None:
        if self.once:
            self.model.finish(self.stop)
        self.model.check()
        self.result.scored, problems = self.model.take()
        self.result.bugs += [f"model: {problem}" for problem in problems]

    def aggregate(self) -> None:
        self.result.days = aggregate(self.store, stop=self.stop)

    def compose(self) -> None:
        self.result.digests = compose(
            self.store, self.config, patience=timedelta() if self.once else PATIENCE
        )

    def deliver(self) -> None:
        self.result.sent, self.result.not_sent = deliver(self.store, self.config, stop=self.stop)


STAGES = (
    _Round.poll,
    _Round.refresh,
    _Round.group,
    _Round.score,
    _Round.prune,
    _Round.aggregate,
    _Round.compose,
    _Round.deliver,
)


def cycle(config: Config, model: ScoringProcess, stop: threading.Event, *, once: bool = False) -> Cycle:
    """One round of all stages. An error in one leaves the others alone; after a stop no further one begins.

    Args:
        once: wait for the model to have read everything.
    """
    with Store(config.database) as store:
        one = _Round(config, model, stop, store, once)
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
    with (
        one_per_database(config.database),
        stop_signal() as stop,
        scoring(config, stop, verbose=not once) as model,
    ):
        result = Cycle()

        def tick() -> None:
            nonlocal result
            result = cycle(config, model, stop, once=once)

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
