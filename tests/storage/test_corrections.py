"""Corrections: a person's label counts, survives every model, can be taken back, goes with its mention."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage import corrections, graves, scores, topics
from storage.corrections import UnknownMentionError, correct, undo
from storage.records import Label, Score, Stance, StanceReading
from storage.scores import Reading
from storage.store import Store
from tests.listener.bakery import NOW, Bakery, bakery

NEGATIVE, NEUTRAL, POSITIVE = Label
GOOD = Score(p_negative=0.0, p_neutral=0.2, p_positive=0.8)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as found:
        for _ in range(3):
            found.mention(label=NEUTRAL)
        found.settle()
        yield found


def shown(store: Store, mention: int) -> tuple[str, float, str]:
    row = store.row(
        "SELECT sentiment_label, sentiment_score, sentiment_model FROM mention_overview WHERE mention_id = ?",
        [mention],
    )
    assert row is not None
    return tuple(row)


def rescore(store: Store, model: str, mention: int, *, later: int = 1) -> None:
    scores.use_model(store, model)
    ticket = store.value("SELECT ticket FROM score_queue WHERE mention_id = ?", [mention])
    reading = Reading(mention, "de", GOOD, StanceReading(stance=Stance.INDIFFERENT), ticket=ticket)
    scores.add(store, model, [reading], NOW + timedelta(hours=later))


def test_the_persons_label_is_what_the_view_shows(place: Bakery) -> None:
    correct(place.store, [1, 2], NEGATIVE, note="irony", now=NOW)
    assert shown(place.store, 1) == shown(place.store, 2) == ("negative", -1.0, "human")
    assert shown(place.store, 3) == ("neutral", 0.0, "test")
    assert [row["note"] for row in corrections.listed(place.store)] == ["irony", "irony"]


def test_it_survives_scoring_by_another_model(place: Bakery) -> None:
    correct(place.store, [1], NEGATIVE, now=NOW)
    rescore(place.store, "m2", 1)
    assert shown(place.store, 1)[0] == "negative"
    undo(place.store, [1])
    assert shown(place.store, 1) == ("positive", 0.8, "m2")


def test_it_touches_the_days_when_made_and_when_taken_back(place: Bakery) -> None:
    correct(place.store, [1], NEGATIVE, now=NOW)
    assert place.store.value("SELECT count(*) FROM dirty_days") == 1
    place.settle()
    assert place.store.value("SELECT negative FROM daily_brand_metrics") == 1
    undo(place.store, [1])
    place.settle()
    assert place.store.value("SELECT negative FROM daily_brand_metrics") == 0


def test_correcting_again_replaces_the_first_word(place: Bakery) -> None:
    correct(place.store, [1], NEGATIVE, note="first", now=NOW)
    correct(place.store, [1], POSITIVE, now=NOW)
    assert shown(place.store, 1) == ("positive", 1.0, "human")
    assert [(row["label"], row["note"]) for row in corrections.listed(place.store)] == [("positive", None)]


def test_an_unknown_mention_changes_nothing(place: Bakery) -> None:
    with pytest.raises(UnknownMentionError, match="no mention 98, 99"):
        correct(place.store, [1, 99, 98], NEGATIVE, now=NOW)
    assert corrections.count(place.store) == 0
    assert shown(place.store, 1)[2] == "test"


def test_taking_back_leaves_mentions_without_a_correction_alone(place: Bakery) -> None:
    correct(place.store, [1], NEGATIVE, now=NOW)
    assert undo(place.store, [1, 2, 99]) == 1
    assert shown(place.store, 1) == shown(place.store, 2) == ("neutral", 0.0, "test")
    assert undo(place.store, [1]) == 0


def test_a_mention_that_no_model_has_read_waits_again_when_taken_back(place: Bakery) -> None:
    place.mention(label=None)
    correct(place.store, [4], NEGATIVE, now=NOW)
    assert shown(place.store, 4)[0] == "negative"
    with place.store.transaction():
        place.store.execute("DELETE FROM score_queue")
    undo(place.store, [4])
    assert place.store.value("SELECT mention_id FROM score_queue") == 4


def test_what_is_deleted_takes_its_correction_along(place: Bakery) -> None:
    correct(place.store, [1, 2], NEGATIVE, note="she is my neighbour", now=NOW)
    with place.store.transaction():
        graves.bury(place.store, "mastodon", ["1"], reason="gone", now=NOW)
    with place.store.transaction():
        place.store.execute("DELETE FROM duplicate_queue")
        graves.expire_old(place.store, "mastodon", NOW + timedelta(days=1), now=NOW, limit=9)
    assert place.store.value("SELECT count(*) FROM corrections") == 0
    assert place.store.value("SELECT count(*) FROM sentiment_scores") == 0


def test_listed_by_brand_beside_what_the_model_says(place: Bakery) -> None:
    place.mention(brand="Mühle", label=POSITIVE)
    correct(place.store, [1, 4], NEGATIVE, now=NOW)
    assert [row["mention_id"] for row in corrections.listed(place.store)] == [4, 1]
    (row,) = corrections.listed(place.store, "Mühle")
    assert (row["mention_id"], row["model_label"], row["label"]) == (4, "positive", "negative")


def test_other_phrase_rules_leave_the_past_as_it_is_until_asked(place: Bakery) -> None:
    rescore(place.store, "m2", 1)
    with place.store.transaction():
        place.store.execute("DELETE FROM score_queue")
    assert scores.use_model(place.store, "m2+rules:ab") == 0
    assert scores.use_model(place.store, "m2+rules:cd") == 0
    assert scores.requeue(place.store, brand="Mühle") == 0
    assert scores.requeue(place.store, first="2026-11-22") == 0
    assert scores.requeue(place.store, brand="Sonnenkorn", first="2026-11-21", last="2026-11-21") == 3
    rescore(place.store, "m2+rules:cd", 1, later=2)
    assert shown(place.store, 1)[2] == "m2+rules:cd"
    assert scores.use_model(place.store, "m3") == 3


def test_what_is_asked_for_again_while_it_is_read_is_read_again(place: Bakery) -> None:
    scores.requeue_these(place.store, [1])
    (waiting,) = scores.begin(place.store, 9, NOW)
    scores.requeue_these(place.store, [1])
    scores.add(
        place.store,
        "test",
        [Reading(1, "de", GOOD, StanceReading(stance=Stance.INDIFFERENT), ticket=waiting.ticket)],
        NOW,
    )
    assert shown(place.store, 1)[0] == "neutral"
    assert len(scores.begin(place.store, 9, NOW)) == 1


def test_what_a_mention_says_about_topics_is_read_again_with_it_and_not_before(place: Bakery) -> None:
    topic = topics.Topic(name="Brot", query="brot", brands=("Sonnenkorn",))
    topics.sync(place.store, [topic], "m2")
    with place.store.transaction():
        place.store.execute("DELETE FROM topic_queue")
        place.store.execute("INSERT INTO aspects VALUES (1, 1, 'brot', 'Brot', 'm2', 'neutral', 0)")
    assert topics.sync(place.store, [topic], "m2+rules:ab") == 0
    scores.requeue_these(place.store, [1, 2])
    assert topics.sync(place.store, [topic], "m2+rules:ab") == 1
    assert topics.sync(place.store, [topic], "m3") == 1
