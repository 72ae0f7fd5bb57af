"""The daemon: one per database, leaves when told to, outlives its own bugs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from listener import daemon
from listener.config import Config
from listener.sandbox.server import Sandbox, Weather
from storage.store import Store, StoreError

Configure = Callable[..., Config]
ROOT = Path(__file__).parents[2]


def started(config: Config) -> subprocess.Popen[str]:
    """A daemon of its own process; returns once it has begun to poll."""
    process = subprocess.Popen(
        [sys.executable, "-m", "listener", "run", "-c", str(config.path)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "started" in line:
            break
    return process


def test_a_second_daemon_on_the_same_database_is_refused(configure: Configure) -> None:
    config = configure()
    with (
        daemon.one_per_database(config.database),
        pytest.raises(StoreError, match="another daemon is running"),
    ):
        daemon.run(config, once=True)
    assert daemon.run(config, once=True).problems == []


def test_sigterm_leaves_within_ten_seconds_although_a_platform_hangs(
    configure: Configure, sandbox: Sandbox
) -> None:
    config = configure(('connector = "mastodon"', 'connector = "mastodon"\ntimeout = 60'))
    sandbox.weather("mastodon", Weather(delay=25), times=1)
    with started(config) as process:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not _polled(config, "Reddit"):
            time.sleep(0.2)
        told = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        assert time.monotonic() - told < 10
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert not _polled(config, "Mastodon")
    sandbox.clear("mastodon")
    assert daemon.run(config, once=True).problems == []
    assert _polled(config, "Mastodon")


def _polled(config: Config, source: str) -> bool:
    with Store(config.database) as store:
        return bool(store.value("SELECT last_ok_at FROM sources WHERE name = ?", [source]))


def test_a_bug_in_one_stage_leaves_the_others_alone(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(daemon, "prune", broken)
    done = daemon.run(configure(), once=True)
    assert done.problems == ["prune: ZeroDivisionError: oops"]
    assert done.scored > 0
    assert done.days > 0


def test_what_is_not_due_is_not_done_again(configure: Configure) -> None:
    config = configure()
    first = daemon.run(config, once=True)
    assert first.scored >= 300
    second = daemon.run(config, once=True)
    assert (second.outcomes, second.scored, second.days, second.digests) == ([], 0, 0, 0)
