"""The process that runs the model: ``python -m listener.scoring_child CONFIG [--verbose]``.

It works off the queues in the database and looks again every second. On standard input it is told to
``finish`` (end when nothing is left); where that input ends, the parent is gone or wants it to end after the
batch in hand. On standard output it says, a JSON object a line, that it is ``ready``, what it has ``done``
at which ``stage``, and the ``error`` that ends it: every error does, the parent starts it again.
"""

import faulthandler
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog

from listener import config as config_
from listener import log as log_
from listener.config import Config
from listener.stages.score import load_scorer, score
from listener.stages.topics import topics
from sentiment.base import ModelError, Scorer
from storage.store import Store

IDLE = 1.0
"""Seconds between two looks at empty queues."""
NICENESS = 10
"""What polls, and what else runs on the machine, goes first."""

Say = Callable[..., None]
log = structlog.get_logger()


def _score(store: Store, _: Config, scorer: Scorer, **named: Any) -> int:
    return score(store, scorer, **named)


STAGES: tuple[tuple[str, Callable[..., int]], ...] = (("score", _score), ("topics", topics))
"""What needs the model, in this order: ``stage(store, config, scorer, stop=..., progress=...)`` works off its
queue and returns how much that was."""


class Orders:
    """What the parent wants, heard in a thread."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.finish = threading.Event()
        self.news = threading.Event()

    def listen(self) -> None:
        while said := os.read(0, 1024):  # not sys.stdin, whose lock would be held when the interpreter ends
            if b"finish" in said:
                self.finish.set()
                self.news.set()
        self.end()

    def end(self, *_: object) -> None:
        self.stop.set()
        self.news.set()


def main() -> None:
    """Run until told to end; exit code 1 after an error."""
    faulthandler.enable()
    say, orders = _own_voice(), Orders()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, too, and tells
    signal.signal(signal.SIGTERM, orders.end)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threading.Thread(target=orders.listen, daemon=True).start()
    try:
        config = config_.load(Path(sys.argv[1]))
        log_.set_up(config.secrets(), level=logging.INFO if "--verbose" in sys.argv else logging.ERROR)
        scorer = load_scorer(config)
        say(ready=scorer.name)
        with Store(config.database) as store:
            _work(store, config, scorer, orders, say)
    except (ModelError, config_.ConfigError) as error:
        say(error=str(error))
        sys.exit(1)
    except Exception as error:
        log.exception("an error in the model's process")
        say(error=f"score: {type(error).__name__}: {error}")
        sys.exit(1)


def _work(store: Store, config: Config, scorer: Scorer, orders: Orders, say: Say) -> None:
    """All stages in turn, again and again; when told to finish, until none of them finds anything."""
    while not orders.stop.is_set():
        last = orders.finish.is_set()
        if done := _round(store, config, scorer, orders, say):
            log.info("scored", mentions=done)
        elif last:
            break
        else:
            orders.news.wait(IDLE)


def _round(store: Store, config: Config, scorer: Scorer, orders: Orders, say: Say) -> int:
    """Every stage once; returns how many mentions they worked on."""
    total = 0
    for name, stage in STAGES:
        said = 0

        def progress(done: int, _: int, name: str = name) -> None:
            nonlocal said
            say(stage=name, done=done - said)
            said = done

        total += stage(store, config, scorer, stop=orders.stop, progress=progress)
        if orders.stop.is_set():
            break
    return total


def _own_voice() -> Say:
    """Keep standard output for the parent; what libraries print goes where the log goes."""
    parent = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**message: object) -> None:
        print(json.dumps(message), file=parent, flush=True)

    return say


if __name__ == "__main__":
    main()
