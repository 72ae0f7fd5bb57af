"""The model in a process of its own: polling never waits for it, and a crash of it takes nothing along.

The process works on the same database (``listener.scoring_child``). It is told what to do on its standard
input, whose end also tells it that this process is gone; it says how it goes on its standard output, a JSON
object a line. Whenever it ends unasked it is started again.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import IO, Any, cast

import structlog

from listener.config import Config
from sentiment.base import ModelError

COMMAND = (sys.executable, "-P", "-m", "listener.scoring_child")
GRACE = 4.0
"""Seconds that the batch in hand has to be finished after a request to stop; then the process is killed."""
LONGEST_PAUSE = 300.0
GIVE_UP = 4
"""Ends in a row, without a mention read in between, after which ``finish`` waits no longer."""

log = structlog.get_logger()


@contextmanager
def scoring(config: Config, stop: threading.Event, *, verbose: bool) -> Iterator["ScoringProcess"]:
    """The process, with its model loaded (unless ``stop`` was set first); it ends with the context.

    Args:
        verbose: whether it logs what it does, or only what goes wrong.

    Raises:
        ModelError: the configured model cannot be loaded.
    """
    process = ScoringProcess(config, verbose=verbose)
    try:
        process.start()
        process.wait_until_ready(stop)
        yield process
    finally:
        process.close()


class ScoringProcess:
    """Starts the process, listens to it, and starts it again when it has crashed."""

    def __init__(self, config: Config, *, verbose: bool) -> None:
        self._command = [*COMMAND, str(config.path), *(["--verbose"] if verbose else [])]
        self._messages: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._process: subprocess.Popen[str] | None = None
        self._listener = threading.Thread()
        self._ready = self._finishing = self._finished = False
        self._error: str | None = None
        self._crashes = 0
        """In a row, without a mention read in between."""
        self._restart_at = 0.0
        self._scored = 0
        self._problems: list[str] = []

    def start(self) -> None:
        self._error = None
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        environment.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) - 1)))
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent, which then lets the batch be finished
        )
        self._stdin, stdout = cast("tuple[IO[str], IO[str]]", (self._process.stdin, self._process.stdout))
        self._listener = threading.Thread(target=self._listen, args=[stdout], daemon=True)
        self._listener.start()
        if self._finishing:
            self._tell_to_finish()

    def wait_until_ready(self, stop: threading.Event) -> None:
        """Until the model is loaded; raises ``ModelError`` where it cannot be."""
        while not self._ready and not stop.is_set():
            self._hear(timeout=0.2)
            if self._process is None:
                raise ModelError(self._problems[-1])

    def check(self) -> None:
        """Take in what the process has said; start it again when the pause after a crash is over."""
        while self._hear(timeout=0):
            pass
        if self._process is None and not self._finished and time.monotonic() >= self._restart_at:
            self.start()

    def finish(self, stop: threading.Event) -> None:
        """Wait until nothing is left to read, the process has crashed too often, or ``stop`` is set."""
        self._finishing = True
        self._tell_to_finish()
        while not self._finished and self._crashes < GIVE_UP and not stop.is_set():
            self._hear(timeout=0.2)
            self.check()

    def take(self) -> tuple[int, list[str]]:
        """How many mentions were scored, and what went wrong, since the last call."""
        taken = self._scored, self._problems
        self._scored, self._problems = 0, []
        return taken

    def close(self) -> None:
        """End the process; it finishes the batch in hand if that is soon done, and loses nothing if not."""
        if self._process is None:
            return
        with suppress(BrokenPipeError):
            self._stdin.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        self._process = None

    @property
    def pid(self) -> int | None:
        """None while there is no process."""
        return None if self._process is None else self._process.pid

    def _tell_to_finish(self) -> None:
        if self._process is not None:
            with suppress(BrokenPipeError):  # it has just crashed, and will be told again
                self._stdin.write("finish\n")
                self._stdin.flush()

    def _listen(self, lines: IO[str]) -> None:
        """In a thread: pass on what the process says, None when it has ended."""
        with lines:
            for line in lines:
                self._messages.put(json.loads(line))
        self._messages.put(None)

    def _hear(self, timeout: float) -> bool:
        """Take in one message; False where there was none in time."""
        try:
            message = self._messages.get(block=timeout > 0, timeout=timeout or None)
        except Empty:
            return False
        if message is None:
            self._ended()
            return True
        self._ready = self._ready or "ready" in message
        self._error = message.get("error", self._error)
        if message.get("done"):
            self._crashes = 0
            self._scored += message["done"] if message["stage"] == "score" else 0
        return True

    def _ended(self) -> None:
        """The process is gone: as asked, or else it is started again after a pause that grows."""
        if self._process is None:
            return
        status = self._process.wait()
        with suppress(BrokenPipeError):
            self._stdin.close()
        self._process = None
        if self._finishing and status == 0:
            self._finished = True
            return
        reason = self._error or f"its process ended: {_why(status)}"
        self._problems.append(reason)
        if self._ready:
            pause = min(2.0**self._crashes, LONGEST_PAUSE)
            log.error("the model's process ended", reason=reason, restart_in_seconds=pause)
            self._restart_at = time.monotonic() + pause
        self._crashes += 1


def _why(status: int) -> str:
    """A process's exit status in words."""
    if status >= 0:
        return f"exit code {status}"
    name = signal.Signals(-status).name
    return f"{name} (out of memory?)" if name == "SIGKILL" else name
