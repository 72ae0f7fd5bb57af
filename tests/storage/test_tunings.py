"""Tunings: what new scores get, what the past gets, taking them back, going on after a kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import corrections, scores, tunings
from storage.records import Label, Score, Stance, StanceReading, Tuning
from storage.scores import Reading
from storage.store import Store
from tests.listener.bakery import NOW, Bakery, bakery

UNSURE = Score(p_negative=0.2, p_neutral=0.35, p_positive=0.45)
TO_NEUTRAL = Tuning(exponent=1.0, factors=(1.0, 2.0, 1.0))
TO_NEGATIVE = Tuning(exponent=1.0, factors=(9.0, 1.0, 1.0))
MODEL = "m:1"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as found:
        for number in range(3):
            found.mention(label=None)
            read(found.store, number + 1)
        found.settle()
        yield found


def read(store: Store, mention: int, model: str = MODEL, score: Score = UNSURE) -> None:
    reading = Reading(mention, "de", score, StanceReading(stance=Stance.INDIFFERENT))
    scores.add(store, model, [reading], NOW)


def accept(store: Store, tuning: Tuning, model: str = MODEL) -> None:
    tunings.accept(store, model, tuning, basis="corrections", report={"texts": 200}, now=NOW)


def labels(store: Store) -> list[str]:
    return [row[0] for row in store.rows("SELECT sentiment_label FROM mention_overview ORDER BY mention_id")]


def test_the_past_and_what_comes_are_tuned_and_keep_the_models_own_probabilities(place: Bakery) -> None:
    accept(place.store, TO_NEUTRAL)
    assert labels(place.store) == ["positive"] * 3
    assert tunings.carry_out(place.store) == 3
    place.mention(label=None)
    read(place.store, 4, "m:1+rules:ab")
    assert labels(place.store) == ["neutral"] * 4
    stored = {tuple(row) for row in place.store.rows("SELECT p_positive, score FROM sentiment_scores")}
    assert stored == {(0.45, TO_NEUTRAL.apply(UNSURE).value)}
    assert tunings.carry_out(place.store) == 0


def test_scores_by_other_phrase_rules_are_of_the_same_model_but_longer_names_are_not(place: Bakery) -> None:
    scores.requeue_these(place.store, [1, 2])
    read(place.store, 1, "m:1+rules:ab")
    read(place.store, 2, "m:11")
    accept(place.store, TO_NEUTRAL, "m:1+rules:cd")
    tunings.carry_out(place.store)
    assert labels(place.store) == ["neutral", "positive", "neutral"]


def test_days_are_computed_anew_where_a_label_has_changed(place: Bakery) -> None:
    accept(place.store, Tuning(exponent=2.0, factors=(1.0, 1.0, 1.0)))
    tunings.carry_out(place.store)
    assert place.store.value("SELECT count(*) FROM dirty_days") == 0
    accept(place.store, TO_NEUTRAL)
    tunings.carry_out(place.store)
    place.settle()
    assert place.store.value("SELECT neutral FROM daily_brand_metrics") == 3


def test_taken_back_everything_is_as_the_model_gave_it(place: Bakery) -> None:
    before = place.store.rows("SELECT * FROM sentiment_scores")
    accept(place.store, TO_NEUTRAL)
    tunings.carry_out(place.store)
    assert tunings.withdraw(place.store, "m:1+rules:cd")
    assert tunings.carry_out(place.store) == 3
    assert place.store.rows("SELECT * FROM sentiment_scores") == before
    assert not tunings.withdraw(place.store, MODEL)


def test_a_later_tuning_takes_the_place_of_the_first(place: Bakery) -> None:
    accept(place.store, TO_NEUTRAL)
    tunings.carry_out(place.store)
    accept(place.store, TO_NEGATIVE)
    assert tunings.carry_out(place.store) == 3
    assert labels(place.store) == ["negative"] * 3


def test_another_models_scores_are_left_alone(place: Bakery) -> None:
    accept(place.store, TO_NEUTRAL, "m:10")
    assert tunings.carry_out(place.store) == 0
    assert labels(place.store) == ["positive"] * 3
    assert tunings.of_other_models(place.store, MODEL) == ["m:10"]


def test_a_correction_stays_and_what_lies_under_it_is_tuned(place: Bakery) -> None:
    corrections.correct(place.store, [1], Label.POSITIVE, now=NOW)
    accept(place.store, TO_NEUTRAL)
    tunings.carry_out(place.store)
    assert labels(place.store) == ["positive", "neutral", "neutral"]
    corrections.undo(place.store, [1])
    assert labels(place.store) == ["neutral"] * 3


class KilledError(Exception):
    """What a kill is to a test."""


def test_what_was_cut_off_is_gone_on_with(place: Bakery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tunings, "BATCH", 1)
    accept(place.store, TO_NEUTRAL)

    def kill(done: int, total: int) -> None:
        assert (done, total) == (1, 3)
        raise KilledError

    with pytest.raises(KilledError):
        tunings.carry_out(place.store, progress=kill)
    assert sorted(labels(place.store)) == ["neutral", "positive", "positive"]
    assert tunings.carry_out(place.store) == 2
    assert labels(place.store) == ["neutral"] * 3


def test_probabilities_are_the_models_own_once_for_each_mention(place: Bakery) -> None:
    accept(place.store, TO_NEUTRAL)
    tunings.carry_out(place.store)
    corrections.correct(place.store, [1], Label.POSITIVE, now=NOW)
    scores.requeue_these(place.store, [2])
    read(place.store, 2, "other")
    assert tunings.probabilities(place.store, MODEL) == [UNSURE] * 2
