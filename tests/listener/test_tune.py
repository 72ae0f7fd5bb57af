"""Tuning on the command line: what is shown, what is refused, what acceptance changes, taking it back."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from listener.stages.score import score
from storage import corrections, tunings
from storage.records import Label, Score, Tuning
from tests.listener.bakery import NOW
from tests.listener.judging import Desk, desk

NEGATIVE, NEUTRAL, POSITIVE = Label


class Timid:
    """A scorer that reads neutral texts as opinions: its probabilities stand in the text."""

    name = "timid:1"

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:  # noqa: ARG002 - needs none
        found = ([float(word) for word in text.split()[-3:]] for text in texts)
        return [Score(p_negative=p[0], p_neutral=p[1], p_positive=p[2]) for p in found]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr("listener.stages.score.load_scorer", lambda config: Timid())
    with desk(tmp_path) as found:
        yield found


def fill(at: Desk, count: int) -> list[Label]:
    """Scored mentions and what they really say: mostly nothing, though the model reads an opinion in them."""
    chance = random.Random(1)
    truth = chance.choices(list(Label), [2, 3, 2], k=count)
    for label in truth:
        lead = chance.choice([NEGATIVE, POSITIVE]) if label is NEUTRAL else label
        neutral = chance.uniform(0.28, 0.42) if label is NEUTRAL else chance.uniform(0.1, 0.33)
        rest = 1 - neutral
        values = dict.fromkeys((NEGATIVE, POSITIVE), 0.3 * rest) | {lead: 0.7 * rest, NEUTRAL: neutral}
        at.place.mention("Brot " + " ".join(f"{values[one]:.4f}" for one in Label), label=None)
    score(at.store, Timid())
    return truth


def correct(at: Desk, truth: Sequence[Label]) -> None:
    for label in Label:
        ids = [number for number, one in enumerate(truth, start=1) if one is label]
        corrections.correct(at.store, ids, label, now=NOW)


def test_too_few_corrections_are_counted(at: Desk) -> None:
    correct(at, fill(at, 3))
    done = at.say("tune", "--yes")
    assert done.exit_code == 2
    assert "there are 3 corrections, 197 too few" in done.stderr


def test_the_gain_is_shown_and_nothing_changes_until_it_is_accepted(at: Desk) -> None:
    correct(at, fill(at, 240))
    at.place.mention("Brot 0.1 0.42 0.48", label=None)
    score(at.store, Timid())
    refused = at.say("tune", answers="n\n")
    assert refused.exit_code == 0, refused.output
    assert "240 corrections" in refused.output
    assert "ten-fold cross-validation" in refused.output
    assert at.labels()[241] == "positive"
    report = at.told("tune")
    assert report["certain_gain"]
    assert (
        report["after"]["accuracy"] > report["before"]["accuracy"] + 2 * report["standard_error"]["accuracy"]
    )
    assert at.labels()[241] == "positive"

    accepted = at.say("tune", answers="y\n")
    assert "Accepted. 241 scores adapted" in accepted.output
    assert at.labels()[241] == "neutral"
    at.place.mention("Brot 0.1 0.42 0.48", label=None)
    score(at.store, Timid())
    assert at.labels()[242] == "neutral"
    (told,) = at.told("status")["sentiment"]
    assert (told["model"], told["corrections"]) == ("timid:1", 240)
    assert told["tuned to"].startswith("corrections, ")

    undone = at.say("tune", "--undo")
    assert "242 scores are again as the model gave them" in undone.output
    assert (at.labels()[241], at.labels()[242]) == ("positive", "positive")
    again = at.say("tune", "--undo")
    assert (again.exit_code, again.stderr) == (2, "no tuning of the model in use is in force\n")


def test_no_gain_is_said_and_not_accepted(at: Desk) -> None:
    fill(at, 210)
    read = [at.labels()[number] for number in range(1, 211)]
    chance = random.Random(2)
    correct(at, [chance.choice(list(Label)) if chance.random() < 0.2 else Label(one) for one in read])
    done = at.say("tune", "--yes")
    assert done.exit_code == 0, done.output
    assert "No certain gain, so nothing is changed" in done.stderr
    assert at.store.value("SELECT count(*) FROM tunings") == 0


def test_corrected_mistakes_alone_are_refused(at: Desk) -> None:
    fill(at, 200)
    correct(at, [POSITIVE if at.labels()[number] == "negative" else NEGATIVE for number in range(1, 201)])
    done = at.say("tune", "--yes")
    assert done.exit_code == 2
    assert "Judge random mentions, too: `listener correct --sample 50`" in done.stderr


def test_a_streams_prior_needs_no_corrections(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(at, 60)
    few = at.say("tune", "--prior")
    assert few.exit_code == 2
    assert "there are 60 mentions scored by the model in use; at least 1000" in few.stderr
    monkeypatch.setattr("listener.commands.proposals.FEWEST_SCORES", 60)
    report = at.told("tune", "--prior")
    assert sum(report["before"].values()) == sum(report["after"].values()) == 60
    assert at.store.value("SELECT count(*) FROM tunings") == 0
    done = at.say("tune", "--prior", "--yes")
    assert "only corrections can tell" in done.output
    assert "Accepted. 60 scores adapted" in done.output
    assert at.store.value("SELECT basis FROM tunings WHERE active = 1") == "stream"


def test_the_score_stage_ends_what_a_kill_left_undone(at: Desk) -> None:
    at.place.mention("Brot 0.1 0.42 0.48", label=None)
    score(at.store, Timid())
    to_neutral = Tuning(exponent=1.0, factors=(1.0, 2.0, 1.0))
    tunings.accept(at.store, "timid:1", to_neutral, basis="corrections", report={}, now=NOW)
    assert at.labels() == {1: "positive"}
    score(at.store, Timid())
    assert at.labels() == {1: "neutral"}


def test_undo_stands_alone(at: Desk) -> None:
    assert at.say("tune", "--undo", "--prior").exit_code == 2
