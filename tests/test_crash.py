"""kill -9 at any moment loses nothing and doubles nothing.

A process that runs all stages against the sandbox is killed at random moments of every stage and started
again, until a round comes through. Its database must then say what that of an undisturbed run says.
"""

import os
import random
import shutil
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from listener.sandbox.demo import SECRETS, demo_sandbox, write_config
from listener.sandbox.server import Sandbox
from storage.store import Store
from tests.postbox import free_port, mail_server

KILLS = 16
STAGES = ("poll", "poll", "group", "score", "score", "aggregate", "compose", "deliver")
"""Where to kill, in turn: the longer stages more often. "score" is all that the model's process does, topics too."""
SAME = (
    """SELECT platform, platform_id, kind, title, text, lang, published_at, rating, likes, shares, comments, views,
       stance, stance_evidence FROM mentions""",
    """SELECT brand, platform, platform_id, day, matched_term, own_account, sentiment_label, sentiment_score
       FROM mention_overview""",
    """SELECT platform, platform_id, model, is_current FROM sentiment_scores JOIN mentions m ON m.id = mention_id""",
    """SELECT platform, platform_id, t.name, term, excerpt, model, label, score
       FROM aspects JOIN mentions m ON m.id = mention_id JOIN topics t ON t.id = topic_id""",
    "SELECT brand, day, rank, term, documents, baseline_documents, z, mention_url FROM rising_terms",
    """SELECT platform, platform_id, e.likes, e.shares, e.comments, e.views
       FROM engagement_snapshots e JOIN mentions m ON m.id = e.mention_id""",
    "SELECT platform, platform_id, handle, followers FROM authors",
    """SELECT m.platform, m.platform_id, o.platform, o.platform_id
       FROM mentions m JOIN mentions o ON o.id = m.duplicate_of""",
    "SELECT b.name, d.* FROM daily_metrics d JOIN brands b ON b.id = d.brand_id",
    "SELECT b.name, v.* FROM daily_advocacy v JOIN brands b ON b.id = v.brand_id",
    """SELECT b.name, day, platform, platform_id, mentions, promoting, detracting, engagement
       FROM author_days d JOIN brands b ON b.id = d.brand_id JOIN authors a ON a.id = d.author_id""",
    """SELECT b.name, dimension, day, value, mentions, positive, neutral, negative, promoting, detracting
       FROM daily_slices s JOIN brands b ON b.id = s.brand_id""",
    "SELECT reason, raw FROM rejects",
    "SELECT b.name, day, language, json_extract(data, '$.brand') FROM digests d JOIN brands b ON b.id = d.brand_id",
    "SELECT recipient, sent_at IS NOT NULL FROM outbox",
    "SELECT platform, platform_id, reason FROM tombstones",
)
"""What must be the same, however often the process was killed: everything but ids and times of our own."""


def configured(folder: Path, sandbox: Sandbox, port: int) -> Path:
    """The demo's configuration with mail; its digests were due a minute ago, so that no other is for a day."""
    folder.mkdir()
    path = write_config(folder, sandbox)
    due = datetime.now(ZoneInfo("Europe/Berlin")) - timedelta(minutes=1)
    text = path.read_text("utf-8").replace(
        "recipients = []", f'recipients = ["a@example.org"]\nsend_at = "{due:%H:%M}"'
    )
    smtp = f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "bot@example.org"\n'
    path.write_text(text + smtp, "utf-8")
    return path


def start(config: Path) -> subprocess.Popen[str]:
    with (config.parent / "stderr").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.crash_child", str(config)],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**os.environ, **SECRETS, "LOITER": "0.05"},
        )


def run_and_kill(config: Path, stage: str, delay: float) -> bool:
    """Start, kill ``delay`` seconds into the stage; whether the kill came before the end.

    The model's process, if it still works, finishes its batch beside the next one's.
    """
    with start(config) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == stage:
                break
        killer = threading.Timer(delay, process.kill)
        killer.start()
        said = process.stdout.read()
        killer.cancel()
    return "done" not in said


def run_to_the_end(config: Path) -> None:
    with start(config) as process:
        said, _ = process.communicate(timeout=120)
    assert said.splitlines()[-1:] == ["done"], (config.parent / "stderr").read_text()


def contents(config: Path) -> list[Counter[tuple[object, ...]]]:
    with Store(config.parent / "listener.db") as store:
        return [
            Counter(
                tuple(round(value, 9) if isinstance(value, float) else value for value in tuple(row))
                for row in store.rows(sql)
            )
            for sql in SAME
        ]


@pytest.mark.parametrize("seed", [1])
def test_killed_at_any_moment_it_ends_like_an_undisturbed_run(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with demo_sandbox(datetime.now(UTC)) as sandbox, mail_server(port := free_port()) as postbox:
        calm = configured(tmp_path / "calm", sandbox, port)
        run_to_the_end(calm)
        expected = contents(calm)
        assert sum(expected[0].values()) >= 300
        postbox.taken.clear()
        kills, rounds = 0, 0
        while kills < KILLS:
            config = configured(tmp_path / f"stormy{rounds}", sandbox, port)
            for stage in STAGES:
                kills += run_and_kill(config, stage, chance.uniform(0, 0.6))
            run_to_the_end(config)
            for sql, one, other in zip(SAME, contents(config), expected, strict=True):
                assert one - other == other - one == Counter(), sql
            rounds += 1
        letters = {message["Message-ID"] for message in postbox.taken}
        assert len(letters) == 2 * rounds, "one digest for each of two brands, whatever was killed"


def test_killed_while_it_looks_again_it_deletes_what_is_gone_and_nothing_else(tmp_path: Path) -> None:
    """A day later: a tenth of the posts is gone, another tenth has more likes, and all are to be read again."""
    chance = random.Random(2)
    with demo_sandbox(datetime.now(UTC)) as sandbox, mail_server(port := free_port()):
        config = configured(tmp_path / "calm", sandbox, port)
        run_to_the_end(config)
        with Store(config.parent / "listener.db") as store, store.transaction():
            store.execute("UPDATE mentions SET check_at = published_at WHERE check_at IS NOT NULL OR id % 2")
            known = store.value("SELECT count(*) FROM mentions")
        stormy = [tmp_path / f"stormy{number}" for number in range(3)]
        for folder in stormy:
            shutil.copytree(config.parent, folder)
        for platform in ("reddit", "mastodon", "hackernews"):
            posts = sandbox.world.posts(platform)
            for post in posts[::10]:
                sandbox.world.delete(post.id)
            for post in posts[1::10]:
                sandbox.world.edit(post.id, likes=post.likes + 5)
        run_to_the_end(config)
        expected = contents(config)
        gone = sum(expected[-1].values())
        assert 10 < gone < known / 4
        assert sum(expected[0].values()) == known - gone
        kills = 0
        for folder in stormy:
            for stage in ("refresh", "refresh", "refresh", "prune", "aggregate"):
                kills += run_and_kill(folder / "config.toml", stage, chance.uniform(0, 0.8))
            run_to_the_end(folder / "config.toml")
            for sql, one, other in zip(SAME, contents(folder / "config.toml"), expected, strict=True):
                assert one - other == other - one == Counter(), sql
        assert kills >= 8
