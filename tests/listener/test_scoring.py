"""The model's process: a crash of it costs nothing, a text that it cannot bear stops nothing but itself."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener import scoring as scoring_
from listener.cli import main
from listener.config import Config
from listener.scoring import ScoringProcess, scoring
from listener.stages.poll import poll
from sentiment.base import ModelError
from storage.store import Store

Configure = Callable[..., Config]
EACH_ONCE = (
    "SELECT count(*) FROM mentions m WHERE m.stance IS NOT NULL AND"
    " (SELECT count(*) FROM sentiment_scores s WHERE s.mention_id = m.id AND s.is_current = 1) <= 1"
)


@pytest.fixture(autouse=True)
def fragile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process of ``tests.scoring_child``, which works in small batches and can be made to crash."""
    monkeypatch.setattr(scoring_, "COMMAND", (sys.executable, "-m", "tests.scoring_child"))


@pytest.fixture
def config(configure: Configure) -> Config:
    configured = configure()
    poll(configured, only=["Reddit", "Mastodon"])
    return configured


def finished(config: Config) -> tuple[int, list[str]]:
    with scoring(config, threading.Event(), verbose=False) as process:
        process.finish(threading.Event())
        return process.take()


def count(config: Config, sql: str) -> int:
    with Store(config.database) as store:
        return int(store.value(sql))


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def reworded(config: Config, word: str) -> int:
    """Put a word into the text of one mention in the middle of the queue; returns its id."""
    with Store(config.database) as store, store.transaction():
        middle = int(store.value("SELECT id FROM mentions ORDER BY published_at LIMIT 1 OFFSET 30"))
        store.execute("UPDATE mentions SET text = text || ? WHERE id = ?", [f" {word}", middle])
    return middle


def test_killed_again_and_again_while_it_works_every_mention_has_one_score(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOITER", "0.1")
    total = count(config, "SELECT count(*) FROM mentions")
    with scoring(config, threading.Event(), verbose=False) as process:
        for _ in range(3):
            before = count(config, EACH_ONCE)
            wait_for(lambda before=before: count(config, EACH_ONCE) > before)  # type: ignore[misc]
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            wait_for(lambda: process.check() or process.pid is None)  # type: ignore[func-returns-value]
            wait_for(lambda: process.check() or process.pid is not None)  # type: ignore[func-returns-value]
        assert 0 < count(config, EACH_ONCE) < total
        process.finish(threading.Event())
        scored, problems = process.take()
    assert count(config, EACH_ONCE) == total
    assert count(config, "SELECT count(*) FROM score_failures") == 0
    assert total - 3 * 20 <= scored <= total
    assert len(problems) == 3
    assert "SIGKILL" in problems[0]


@pytest.mark.parametrize(
    ("word", "reason"), [("segfault", "the process that ran"), ("zerodivision", "ZeroDivisionError: oops")]
)
def test_a_text_that_it_cannot_bear_is_put_aside(config: Config, word: str, reason: str) -> None:
    culprit = reworded(config, word)
    total = count(config, "SELECT count(*) FROM mentions")
    scored, problems = finished(config)
    assert scored == total - 1 == count(config, EACH_ONCE)
    assert len(problems) == 3
    with Store(config.database) as store:
        assert [row["mention_id"] for row in store.rows("SELECT * FROM score_failures")] == [culprit]
        assert store.value("SELECT reason FROM score_failures").startswith(reason)
    said = CliRunner().invoke(main, ["status", "--json", "-c", str(config.path)]).output
    assert reason in said
    assert finished(config) == (0, [])


def test_a_model_that_cannot_be_loaded_is_an_error_at_the_start(configure: Configure, tmp_path: Path) -> None:
    config = configure(('model = "builtin"', f'model = "transformers:{tmp_path / "none"}"'))
    with (
        pytest.raises(ModelError, match=r"torch|neither a folder"),
        scoring(config, threading.Event(), verbose=False),
    ):
        pass
    done = CliRunner().invoke(main, ["run", "--once", "-c", str(config.path)])
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_it_ends_with_its_parent(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOITER", "0.1")
    program = (
        "import sys, threading, time; from pathlib import Path; from listener import config, scoring\n"
        "scoring.COMMAND = (sys.executable, '-m', 'tests.scoring_child')\n"
        "loaded = config.load(Path(sys.argv[1]))\n"
        "with scoring.scoring(loaded, threading.Event(), verbose=False) as process:\n"
        "    print(process.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(config.path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    wait_for(lambda: not runs(child))
    assert count(config, EACH_ONCE) < count(config, "SELECT count(*) FROM mentions")


def runs(pid: int) -> bool:
    """Whether there is such a process, one that nobody has buried aside."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_is_killed_when_a_batch_takes_too_long(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOITER", "60")
    monkeypatch.setattr(scoring_, "GRACE", 0.2)
    process = ScoringProcess(config, verbose=False)
    process.start()
    process.wait_until_ready(threading.Event())
    pid = process.pid
    process.close()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()
    assert process.pid is None
