"""The score stage: resumable, idempotent per model, old scores visible until the new model has spoken."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener.cli import main
from listener.config import Config
from listener.stages.poll import poll
from listener.stages.score import BATCH, key_of, score
from storage import scores
from storage.pages import Matched, add_page
from storage.records import Kind, Match, Mention, Score
from storage.store import Store
from storage.tries import TRIES

Configure = Callable[..., Config]
COUNT = "SELECT count(*) FROM sentiment_scores WHERE model = ? AND is_current = 1"


@dataclass
class Judge:
    """A scorer with one opinion, which it counts."""

    name: str
    opinion: Score | None
    fails_at: str | None = None
    read: list[str] = field(default_factory=list)

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:  # noqa: ARG002 - one opinion
        if self.fails_at and any(self.fails_at in text for text in texts):
            raise ZeroDivisionError("oops")
        self.read += texts
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
    assert 0 < len(judge.read) <= total
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
    before = len(judge.read)
    assert total > 0
    assert score(store, judge) == 0
    assert len(judge.read) == before
    assert store.value("SELECT count(*) FROM sentiment_scores") == 0


def test_where_the_new_model_says_nothing_the_old_ones_word_no_longer_counts(store: Store) -> None:
    score(store, Judge("m1", GOOD))
    score(store, Judge("m2", None))
    assert store.value("SELECT count(*) FROM sentiment_scores WHERE is_current = 1") == 0


def test_what_is_asked_for_again_is_read_again(store: Store) -> None:
    score(store, Judge("m1", GOOD))
    assert store.value(COUNT, ["m1"]) == scores.requeue(store)
    judge = Judge("m1", BAD)
    score(store, judge)
    assert judge.read
    assert store.value("SELECT count(*) FROM sentiment_scores WHERE label = 'positive'") == 0


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


NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """A database with one brand and one source."""
    with Store(tmp_path / "listener.db") as opened:
        with opened.transaction():
            opened.execute("INSERT INTO brands (name, query, timezone) VALUES ('b', 'x', 'Europe/Berlin')")
            opened.execute(
                "INSERT INTO sources (name, connector, watch, next_poll_at) VALUES ('s', 'x', '{}', '')"
            )
        yield opened


def put(store: Store, **texts: str) -> None:
    """Store posts by their ids, as a poll would."""
    posts = [
        Mention(platform="x", platform_id=one, kind=Kind.POST, published_at=NOW, text=text, lang="de")
        for one, text in texts.items()
    ]
    add_page(store, 1, [Matched(one, [Match(brand="b", term="x")]) for one in posts], brands=["b"], now=NOW)


def labels(store: Store) -> dict[str, str]:
    return dict(
        tuple(row)
        for row in store.rows(
            "SELECT m.platform_id, s.label FROM mentions m JOIN sentiment_scores s"
            " ON s.mention_id = m.id AND s.is_current = 1"
        )
    )


def test_a_text_is_read_once_however_often_it_is_posted(empty: Store) -> None:
    judge = Judge("m1", GOOD)
    put(
        empty,
        a="Tolles Brot! https://a.example/1",
        b="tolles  Brot!",
        c="RT @wer: Tolles Brot!",
        d="Kein Brot",
    )
    assert score(empty, judge) == 4
    assert len(judge.read) == 2
    put(empty, e="Tolles Brot! https://b.example/2?utm_source=x")
    assert score(empty, judge) == 1
    assert len(judge.read) == 2
    assert labels(empty) == dict.fromkeys("abcde", "positive")
    score(empty, other := Judge("m2", BAD))
    assert len(other.read) == 2, "another model reads for itself"


def test_an_edited_text_gets_a_score_of_its_own(empty: Store) -> None:
    put(empty, a="Tolles Brot!", b="Tolles Brot!")
    score(empty, Judge("m1", GOOD))
    put(empty, a="Schlechtes Brot!")
    judge = Judge("m1", BAD)
    score(empty, judge)
    assert judge.read == ["Schlechtes Brot!"]
    assert labels(empty) == {"a": "negative", "b": "positive"}


def test_a_persons_correction_of_one_mention_says_nothing_of_another(empty: Store) -> None:
    put(empty, a="Tolles Brot!")
    score(empty, Judge("m1", GOOD))
    with empty.transaction():
        empty.execute("UPDATE sentiment_scores SET is_current = 0")
        empty.execute(
            "INSERT INTO sentiment_scores (mention_id, model, label, score, scored_at, is_current)"
            " VALUES (1, 'human', 'negative', -1, '', 1)"
        )
    put(empty, b="Tolles Brot!")
    judge = Judge("m1", BAD)
    score(empty, judge)
    assert judge.read == []
    assert labels(empty) == {"a": "negative", "b": "positive"}


def test_what_texts_say() -> None:
    assert key_of("Gut!", "de") == key_of(" GUT!\n", "de") != key_of("Gut!", "en")
    assert key_of("Gut!", "de") != key_of("Gut?", "de")
    assert key_of("nicht RT @x: gut", "de") != key_of("nicht gut", "de")
    assert key_of("https://a.example", "und") is None


def test_a_text_that_the_model_fails_at_is_put_aside_and_the_others_are_scored(
    empty: Store,
) -> None:
    put(empty, **{f"p{number}": f"Brot Nummer {number}" for number in range(40)}, bad="Brot mit Gift")
    judge, failures = Judge("m1", GOOD, fails_at="Gift"), 0
    while scores.waiting(empty):
        try:
            score(empty, judge)
        except ZeroDivisionError:
            failures += 1
    assert failures == TRIES
    assert len(labels(empty)) == 40
    assert [tuple(row) for row in empty.rows("SELECT mention_id, reason FROM score_failures")] == [
        (empty.value("SELECT id FROM mentions WHERE platform_id = 'bad'"), "ZeroDivisionError: oops")
    ]
    assert score(empty, judge) == 0
    assert scores.retry_failed(empty) == 1
    assert score(empty, Judge("m1", GOOD)) == 1
    assert empty.value("SELECT count(*) FROM score_failures") == 0
    assert len(labels(empty)) == 41


def test_a_new_model_tries_what_the_old_one_failed_at(empty: Store) -> None:
    put(empty, bad="Brot mit Gift")
    for _ in range(TRIES):
        assert len(scores.begin(empty, 9, NOW)) == 1  # and the process is gone
    assert score(empty, Judge("m1", GOOD)) == 1
    put(empty, bad="Brot mit Gift, neu")
    for _ in range(TRIES):
        scores.begin(empty, 9, NOW)
    assert score(empty, Judge("m1", GOOD)) == 0
    assert "process" in empty.value("SELECT reason FROM score_failures")
    assert score(empty, Judge("m2", GOOD)) == 1
    assert empty.value("SELECT count(*) FROM score_failures") == 0


def test_what_another_process_gave_up_on_is_scored_all_the_same(empty: Store) -> None:
    put(empty, a="Brot")
    for _ in range(TRIES - 1):
        scores.begin(empty, 9, NOW)

    class Slow(Judge):
        def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
            scores.begin(empty, 9, NOW)
            return super().score(texts, langs)

    assert score(empty, Slow("m1", GOOD)) == 1
    assert labels(empty) == {"a": "positive"}
    assert empty.value("SELECT count(*) FROM score_failures") == 0


def test_by_hand_it_reads_again_what_failed_only_when_asked(configure: Configure) -> None:
    config = configure()
    poll(config, only=["Reddit"])
    by_hand = ["score", "-c", str(config.path)]
    first = CliRunner().invoke(main, by_hand).output.partition(" ")[0]
    with Store(config.database) as store, store.transaction():
        store.execute("INSERT INTO score_failures SELECT id, 1, 'x', '' FROM mentions")
    assert CliRunner().invoke(main, by_hand).output.partition(" ")[0] == "0"
    assert CliRunner().invoke(main, [*by_hand, "--retry"]).output.partition(" ")[0] == first != "0"
