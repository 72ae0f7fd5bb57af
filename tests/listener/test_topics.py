"""The topics stage: what mentions say about the configured topics, now and in the past, read once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from listener import config
from listener.cli import main
from listener.config import Config, ConfigError
from listener.stages import topics as stage
from listener.stages.score import score
from listener.stages.topics import topics
from storage import graves, pages, reads, scores
from storage.pages import Matched
from storage.records import Kind, Label, Match, Mention, Score
from storage.store import Store
from storage.tries import TRIES
from tests.listener.bakery import DAY, NOW, Bakery, bakery

BREAD = '[[topics]]\nname = "Brot"\nkeywords = ["brot*", "frische Brezel"]\n'
SERVICE = "[[topics]]\nname = \"Bedienung\"\nquery = 'bedienung NOT selbstbedienung'\n"
SHOWN = "SELECT topic, excerpt, sentiment_label FROM mention_topics ORDER BY mention_id, topic"


@dataclass
class Reader:
    """Likes what is called good, and remembers what it was asked."""

    name: str = "m1"
    asked: list[str] = field(default_factory=list)

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        assert langs is not None
        assert len(langs) == len(texts)
        self.asked += texts
        return [self._one(text) for text in texts]

    @staticmethod
    def _one(text: str) -> Score | None:
        if "??" in text:
            return None
        good = "gut" in text
        return Score(p_negative=0.8 * (not good), p_neutral=0.2, p_positive=0.8 * good)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as opened:
        yield opened


@pytest.fixture
def configure(tmp_path: Path) -> Callable[[str], Config]:
    def load(tables: str) -> Config:
        path = tmp_path / "config.toml"
        brands = "".join(
            f'[[brands]]\nname = "{name}"\nquery = "{name}"\n' for name in ("Sonnenkorn", "Mühle")
        )
        path.write_text(brands + tables, "utf-8")
        return config.load(path)

    return load


Configure = Callable[[str], Config]


def shown(place: Bakery) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in place.store.rows(SHOWN)]


def test_what_is_said_of_a_topic_is_scored_not_the_whole_mention(place: Bakery, configure: Configure) -> None:
    place.mention("Das Brot ist gut, aber die Bedienung schlecht. Gruß")
    place.mention("Kuchen")
    reader = Reader()
    assert topics(place.store, configure(BREAD + SERVICE), reader) == 2
    assert shown(place) == [
        ("Bedienung", "aber die Bedienung schlecht.", "negative"),
        ("Brot", "Das Brot ist gut,", "positive"),
    ]
    place.settle()
    (row,) = place.store.rows("SELECT * FROM topic_sentiment WHERE topic = 'Brot'")
    assert (row["brand"], row["day"], row["mentions"], row["positive"], row["net_sentiment"]) == (
        "Sonnenkorn", str(DAY), 1, 1, 1.0,
    )  # fmt: skip
    assert topics(place.store, configure(BREAD + SERVICE), reader) == 0


def test_what_the_score_stage_has_read_is_not_read_again(place: Bakery, configure: Configure) -> None:
    place.mention("Das Brot ist gut", label=None)
    reader = Reader()
    score(place.store, reader)
    topics(place.store, configure(BREAD), reader)
    assert reader.asked == ["Das Brot ist gut"]
    assert shown(place) == [("Brot", "Das Brot ist gut", "positive")]


def test_an_excerpt_that_the_model_cannot_read_has_no_label(place: Bakery, configure: Configure) -> None:
    place.mention("Brot ??")
    topics(place.store, configure(BREAD), Reader())
    assert shown(place) == [("Brot", "Brot ??", None)]
    place.settle()
    row = place.store.row(
        "SELECT mentions, positive + neutral + negative, net_sentiment FROM topic_sentiment"
    )
    assert row is not None
    assert tuple(row) == (1, 0, None)


def test_what_the_model_said_of_the_whole_counts_not_what_a_tuning_made_of_it(
    place: Bakery, configure: Configure
) -> None:
    place.mention("Das Brot ist gut.", label=Label.POSITIVE)
    with place.store.transaction():
        place.store.execute(
            "UPDATE sentiment_scores"
            " SET label = 'neutral', score = 0, p_negative = 0, p_neutral = 0.1, p_positive = 0.9"
        )
        model = place.store.value("SELECT model FROM sentiment_scores")
    topics(place.store, configure(BREAD), Reader(name=model))
    assert [label for _, _, label in shown(place)] == ["positive"]


def test_what_the_model_failed_at_is_left_in_peace(place: Bakery, configure: Configure) -> None:
    place.mention("Die Bedienung war gut.")
    with place.store.transaction():
        place.store.execute("INSERT INTO score_failures SELECT id, 1, 'crashed', '' FROM mentions")
    reader = Reader()
    topics(place.store, configure(SERVICE), reader)
    assert reader.asked == []
    with place.store.transaction():
        place.store.execute("DELETE FROM score_failures")
    topics(place.store, configure(SERVICE), reader)
    assert reader.asked == ["Die Bedienung war gut."]


def test_an_excerpt_that_the_model_fails_at_is_put_aside_and_the_others_are_read(
    place: Bakery, configure: Configure
) -> None:
    class Fragile(Reader):
        def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
            if any("Gift" in text for text in texts):
                raise ZeroDivisionError("oops")
            return super().score(texts, langs)

    place.mention("Die Bedienung war Gift. Das Wetter war schön.")
    for number in range(20):
        place.mention(f"Die Bedienung war gut, Nummer {number}. Ja.")
    failures = 0
    while place.store.value("SELECT count(*) FROM topic_queue") or not failures:
        try:
            topics(place.store, configure(SERVICE), Fragile())
        except ZeroDivisionError:
            failures += 1
    assert failures == TRIES
    assert len(shown(place)) == 20
    assert [tuple(row) for row in place.store.rows("SELECT mention_id, reason FROM topic_failures")] == [
        (place.store.value("SELECT id FROM mentions WHERE text LIKE '%Gift%'"), "ZeroDivisionError: oops")
    ]
    assert topics(place.store, configure(SERVICE), Fragile()) == 0
    assert reads.totals(place.store)["put_aside"] == 1
    assert scores.retry_failed(place.store) == 1
    assert topics(place.store, configure(SERVICE), Reader()) == 1
    assert len(shown(place)) == 21
    assert reads.totals(place.store)["put_aside"] == 0


def test_a_changed_topic_holds_for_the_past_and_costs_only_what_is_new(
    place: Bakery, configure: Configure
) -> None:
    place.mention("Brot gut. Bedienung schlecht. Ja.")
    reader = Reader()
    topics(place.store, configure(BREAD), reader)
    assert topics(place.store, configure(BREAD + SERVICE), reader) == 1
    assert reader.asked == ["Brot gut.", "Bedienung schlecht."]
    assert topics(place.store, configure(SERVICE + BREAD.replace("brot*", "kuchen")), reader) == 1
    assert [row[0] for row in shown(place)] == ["Bedienung"]
    assert topics(place.store, configure(""), reader) == 0
    assert place.store.value("SELECT count(*) FROM aspects") == 0
    place.mention("Noch ein Brot")
    assert place.store.value("SELECT count(*) FROM topic_queue") == 0


def test_another_model_reads_anew_what_was_found(place: Bakery, configure: Configure) -> None:
    place.mention("Brot gut. Ja.")
    place.mention("Kuchen")
    topics(place.store, configure(BREAD), Reader())
    other = Reader("m2")
    assert topics(place.store, configure(BREAD), other) == 1
    assert other.asked == ["Brot gut."]
    assert place.store.value("SELECT model FROM aspects") == "m2"


def test_a_stopped_run_goes_on_where_it_was(
    place: Bakery, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "BATCH", 2)
    for number in range(5):
        place.mention(f"Brot {number} gut. Ja.")
    stop, seen = threading.Event(), []
    stop.set()
    loaded, reader = configure(BREAD), Reader()
    assert topics(place.store, loaded, reader, stop=stop, progress=lambda *now: seen.append(now)) == 2
    assert seen == [(2, 5)]
    assert reader.asked == ["Brot 4 gut.", "Brot 3 gut."]
    assert topics(place.store, loaded, reader) == 3
    assert len(reader.asked) == len(shown(place)) == 5


def reworded(place: Bakery, text: str) -> None:
    mention = Mention(platform="mastodon", platform_id="1", kind=Kind.POST, published_at=NOW, text=text)
    matched = Matched(mention, [Match(brand="Sonnenkorn", term="x")])
    pages.add_page(place.store, 1, [matched], brands=["Sonnenkorn"], now=NOW)


def test_an_edited_mention_is_read_again_even_while_it_is_read(place: Bakery, configure: Configure) -> None:
    place.mention("Brot gut. Ja.")
    loaded = configure(BREAD + SERVICE)
    topics(place.store, loaded, Reader())
    reworded(place, "Bedienung gut. Ja.")
    assert shown(place) == []

    class Slow(Reader):
        def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
            if not self.asked:
                reworded(place, "Bedienung schlecht. Ja.")
            return super().score(texts, langs)

    slow = Slow()
    topics(place.store, loaded, slow)
    assert slow.asked == ["Bedienung gut.", "Bedienung schlecht."]
    assert shown(place) == [("Bedienung", "Bedienung schlecht.", "negative")]


def test_a_deleted_mention_takes_its_topics_along(place: Bakery, configure: Configure) -> None:
    place.mention("Brot gut. Ja.")
    topics(place.store, configure(BREAD), Reader())
    with place.store.transaction():
        graves.bury(place.store, "mastodon", ["1"], reason="gone", now=NOW)
    assert place.store.value("SELECT count(*) FROM aspects") == 0


def test_a_topic_of_some_brands_is_shown_in_those_only(place: Bakery, configure: Configure) -> None:
    place.mention("Brot gut.")
    place.mention("Brot gut.", brand="Mühle")
    reader = Reader()
    brands = "SELECT brand FROM topic_sentiment ORDER BY brand"
    topics(place.store, configure(BREAD), reader)
    place.settle()
    assert [row[0] for row in place.store.rows(brands)] == ["Mühle", "Sonnenkorn"]
    assert topics(place.store, configure(BREAD + 'brands = ["Mühle"]\n'), reader) == 0
    assert [row[0] for row in place.store.rows(brands)] == ["Mühle"]


def test_the_figures_follow_what_is_read_and_forget_a_topic_that_goes(
    place: Bakery, configure: Configure
) -> None:
    place.mention("Brot gut.")
    place.settle()
    topics(place.store, configure(BREAD), Reader())
    place.settle()  # the reading has touched the day
    assert place.store.value("SELECT mentions FROM topic_sentiment") == 1
    topics(place.store, configure(SERVICE), Reader())
    topics(place.store, configure(BREAD.replace("brot*", "torte")), Reader())
    assert place.store.value("SELECT count(*) FROM topic_sentiment") == 0
    assert place.store.value("SELECT count(*) FROM daily_slices WHERE dimension = 'topic'") == 0


def test_own_accounts_are_listed_but_not_counted(place: Bakery, configure: Configure) -> None:
    place.mention("Brot gut.", own=True)
    topics(place.store, configure(BREAD), Reader())
    place.settle()
    assert len(shown(place)) == 1
    assert place.store.value("SELECT count(*) FROM topic_sentiment") == 0


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ('[[topics]]\nname = "A"\n', r"\[\[topics\]\] A: write either keywords"),
        ('[[topics]]\nname = "A"\nquery = "a"\nkeywords = ["b"]\n', "write either keywords"),
        ('[[topics]]\nname = "A"\nquery = "a AND"\n', r"\[\[topics\]\] A: query:\na AND\n"),
        ('[[topics]]\nname = "A"\nkeywords = ["a", "(b"]\n', r"\[\[topics\]\] A: query:\na OR \(b\n"),
        ('[[topics]]\nname = "A"\nkeywords = ["a", ""]\n', "A: "),
        ('[[topics]]\nname = "A"\nquery = "NOT a"\n', "only says what to leave out"),
        (BREAD + BREAD, "there are two topics of this name"),
        (BREAD + 'brands = ["Nobody"]\n', r"\[\[topics\]\] Brot: brands: 'Nobody' is no brand"),
        (BREAD + "colour = 1\n", "there is no such key"),
    ],
)
def test_a_topic_that_cannot_be_used_is_told(configure: Configure, tables: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        configure(tables)


def test_the_commands_show_topics_and_rising_terms(place: Bakery, configure: Configure) -> None:
    for number in range(12):
        place.mention(f"Kuchen gut. {number}", back=1 + number % 6)
    for number in range(6):
        place.mention(f"Brot gut. Metallteile! {number}")
    path = str(configure(BREAD).path)
    topics(place.store, configure(BREAD), Reader())
    place.settle()
    run = CliRunner().invoke
    done = run(main, ["topics", "-c", path, "--until", str(DAY), "--brand", "Sonnenkorn", "--json"])
    assert done.exit_code == 0, done.output
    assert '"mentions": 6' in done.output
    assert '"net_sentiment": 1.0' in done.output
    done = run(main, ["rising", "-c", path, "--date", str(DAY), "--brand", "Sonnenkorn"])
    assert done.exit_code == 0, done.output
    assert "Metallteile" in done.output
    assert place.store.value("SELECT mention_id FROM rising_terms WHERE term = 'Metallteile'") is not None
    done = run(main, ["rising", "-c", path, "--date", "2026-11-01"])
    assert "no term rose" in done.output
    assert run(main, ["topics", "-c", path, "--brand", "Nobody"]).exit_code == 2
    assert "[[topics]]" in run(main, ["topics", "-c", str(configure("").path)]).stderr


def test_a_round_without_a_change_needs_no_write_lock(place: Bakery, configure: Configure) -> None:
    place.mention("Brot gut.")
    loaded = configure(BREAD + 'brands = ["Sonnenkorn", "Sonnenkorn"]\n')
    topics(place.store, loaded, Reader())
    with Store(place.store.path) as other, other.transaction():
        assert topics(place.store, loaded, Reader()) == 0
