"""The score stage: resumable, idempotent per model, old scores visible until the new model has spoken."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener.cli import main
from listener.config import Config
from listener.stages.poll import poll
from listener.stages.score import BATCH, score
from storage.records import Score
from storage.store import Store

Configure = Callable[..., Config]
COUNT = "SELECT count(*) FROM sentiment_scores WHERE model = ? AND is_current = 1"


@dataclass
class Judge:
    """A scorer with one opinion, which it counts."""

    name: str
    opinion: Score | None
    read: int = 0

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:  # noqa: ARG002 - one opinion
        self.read += len(texts)
        return [self.opinion] * len(texts)


GOOD = Score(p_negative=0.0, p_neutral=0.0, p_positive=1.0)
BAD = Score(p_negative=1.0, p_neutral=0.0, p_positive=0.0)


@pytest.fixture
def store(configure: Configure) -> Iterator[Store]:
    config = configure()
    poll(config, only=["Reddit", "Mastodon"])
    with Store(config.database) as opened:
        yield opened


def test_a_stopped_run_goes_on_where_it_was(store: Store) -> None:
    total = store.value("SELECT count(*) FROM mentions")
    assert total > BATCH
    judge, stop, seen = Judge("m1", GOOD), threading.Event(), []
    stop.set()
    assert score(store, judge, stop=stop, progress=lambda *now: seen.append(now)) == BATCH
    assert seen == [(BATCH, total)]
    assert score(store, judge) == total - BATCH
    assert judge.read == total
    assert score(store, judge) == 0
    assert store.value(COUNT, ["m1"]) == total


def test_the_newest_are_read_first(store: Store) -> None:
    stop = threading.Event()
    stop.set()
    score(store, Judge("m1", GOOD), stop=stop)
    oldest_read = store.value("SELECT min(published_at) FROM mentions WHERE stance IS NOT NULL")
    assert store.value("SELECT max(published_at) FROM mentions WHERE stance IS NULL") <= oldest_read


def test_another_model_takes_over_batch_by_batch_and_both_are_kept(store: Store) -> None:
    total = score(store, Judge("m1", GOOD))
    stop = threading.Event()
    stop.set()
    score(store, Judge("m2", BAD), stop=stop)
    assert (store.value(COUNT, ["m1"]), store.value(COUNT, ["m2"])) == (total - BATCH, BATCH)
    score(store, Judge("m2", BAD))
    assert store.value(COUNT, ["m2"]) == total
    assert store.value("SELECT count(*) FROM sentiment_scores") == 2 * total


def test_a_text_the_model_cannot_read_is_not_asked_about_again(store: Store) -> None:
    judge = Judge("m1", None)
    total = score(store, judge)
    assert score(store, judge) == 0
    assert judge.read == total
    assert store.value("SELECT count(*) FROM sentiment_scores") == 0


def test_language_and_stance_are_read_along(store: Store) -> None:
    score(store, Judge("m1", GOOD))
    languages = {row[0] for row in store.rows("SELECT DISTINCT lang FROM mentions WHERE platform = 'reddit'")}
    assert {"de", "en"} <= languages
    phrases = store.rows("SELECT text, title, stance_evidence FROM mentions WHERE stance = 'promoting'")
    assert phrases
    assert all(row["stance_evidence"] in f"{row['title']}\n{row['text']}" for row in phrases)


def test_a_model_that_needs_more_says_what_to_install(configure: Configure, tmp_path: Path) -> None:
    config = configure(('model = "builtin"', f'model = "transformers:{tmp_path / "none"}"'))
    done = CliRunner().invoke(main, ["score", "-c", str(config.path)])
    assert done.exit_code == 2
    assert "[sentiment] model: " in done.stderr
    assert "Traceback" not in done.stderr
