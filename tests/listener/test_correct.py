"""Correcting on the command line: by id, by address, by query, from a sample; taking it back; the list."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import corrections
from storage.records import Label
from tests.listener.judging import Desk, desk

NEGATIVE, NEUTRAL, POSITIVE = Label


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as found:
        add = found.place.mention
        add("Sonnenkorn spielt War Zone", label=NEGATIVE, url="https://social.example/1")
        add("Das Brot von Sonnenkorn", label=NEUTRAL, back=3)
        add("War Zone bei der Mühle", label=NEGATIVE, brand="Mühle")
        add("War Zone im Zelt von Sonnenkorn", label=NEGATIVE, back=5)
        found.place.settle()
        yield found


def test_by_id_and_by_address(at: Desk) -> None:
    done = at.say("correct", "https://social.example/1", 2, "--sentiment", "POSITIVE", "--note", "ironie")
    assert (done.exit_code, done.output.partition(";")[0]) == (0, "2 mentions corrected to positive")
    assert at.labels() == {1: "positive", 2: "positive", 3: "negative", 4: "negative"}
    assert [one["note"] for one in at.told("corrections")] == ["ironie", "ironie"]
    assert at.store.value("SELECT count(*) FROM dirty_days") == 2


def test_by_query_after_a_look_and_a_question(at: Desk) -> None:
    words = ("correct", "--query", '"war zone" OR brot', "--brand", "Sonnenkorn", "--sentiment", "neutral")
    refused = at.say(*words, answers="n\n")
    assert refused.exit_code == 1
    assert "make neutral: 3 mentions?" in refused.output
    assert "War Zone im Zelt" in refused.output
    assert at.told("corrections") == []
    done = at.say(*words, answers="y\n")
    assert done.exit_code == 0, done.output
    assert at.labels() == {1: "neutral", 2: "neutral", 3: "negative", 4: "neutral"}


def test_by_query_within_days(at: Desk) -> None:
    words = ("correct", "--query", "zone", "--sentiment", "neutral", "--yes")
    assert at.say(*words, "--since", "2026-11-17", "--until", "2026-11-20").output.startswith("0 mentions")
    assert at.say(*words, "--since", "2026-11-16", "--until", "2026-11-20").exit_code == 0
    assert [one["mention_id"] for one in at.told("corrections")] == [4]


def test_a_query_leaves_single_corrections_alone_and_takes_back_only_what_there_is(at: Desk) -> None:
    at.say("correct", 1, "--sentiment", "positive")
    done = at.say("correct", "--query", "zone", "--sentiment", "neutral", "--yes")
    assert "1 mention corrected before: left as they are" in done.output
    assert at.labels() == {1: "positive", 2: "neutral", 3: "neutral", 4: "neutral"}
    undone = at.say("correct", "--query", "zone OR brot", "--undo", "--yes")
    assert "3 corrections taken back\n" in undone.output
    assert at.labels() == {1: "negative", 2: "neutral", 3: "negative", 4: "negative"}


def test_taken_back_by_id(at: Desk) -> None:
    at.say("correct", 1, "--sentiment", "positive")
    assert at.say("correct", 1, 2, "--undo").output == "1 correction taken back; 1 had none\n"
    assert at.labels()[1] == "negative"


def test_from_a_sample_every_answer_is_kept_at_once(at: Desk) -> None:
    done = at.say("correct", "--sample", 9, "--brand", "Sonnenkorn", "--note", "probe", answers="p\ns\nq\n")
    assert done.exit_code == 0, done.output
    assert "1 of 3: Sonnenkorn, mastodon" in done.output
    assert "1 judged; 1 corrections in all" in done.output
    assert [(one["label"], one["note"]) for one in at.told("corrections")] == [("positive", "probe")]
    assert "negative\n" not in done.output, "the model's reading would sway the person"


def test_what_is_deleted_while_a_sample_is_shown_is_said(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def deleted(*_: object, **__: object) -> None:
        raise corrections.UnknownMentionError([1])

    monkeypatch.setattr(corrections, "correct", deleted)
    done = at.say("correct", "--sample", 1, answers="p\n")
    assert (done.exit_code, "it was deleted meanwhile" in done.output) == (0, True)
    assert "0 judged" in done.output


def test_a_sample_needs_something_to_show(at: Desk) -> None:
    at.say("correct", 3, "--sentiment", "neutral")
    done = at.say("correct", "--sample", 3, "--brand", "Mühle")
    assert (done.exit_code, done.stderr.count("`listener score`")) == (2, 1)


def test_the_list_says_how_often_the_model_agrees(at: Desk) -> None:
    at.say("correct", 1, 2, "--sentiment", "neutral")
    done = at.say("corrections", "--brand", "Sonnenkorn")
    assert "2 corrections; in 1 the model says the same" in done.output
    assert at.say("corrections", "--brand", "Mühle").output.startswith("0 corrections")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ((), "name mentions"),
        ((1, "--query", "brot", "--sentiment", "neutral"), "name mentions"),
        ((1,), "either --sentiment or --undo"),
        ((1, "--undo", "--sentiment", "neutral"), "either --sentiment or --undo"),
        ((1, "--brand", "Mühle", "--undo"), "go with --query"),
        (("--sample", 3, "--undo"), "do not go with it"),
        ((1, 77, "--sentiment", "neutral"), "there is no mention 77; nothing was corrected"),
        (("nowhere", "--undo"), "neither a mention_id nor the address"),
        (("--query", "brot", "--brand", "Sonnenkron", "--undo"), "there are: Sonnenkorn, Mühle"),
        (("--query", "brot OR", "--undo"), "brot OR"),
        (("--query", "NOT brot", "--undo"), "NOT"),
    ],
)
def test_what_cannot_be_meant_is_refused(at: Desk, words: tuple[object, ...], problem: str) -> None:
    done = at.say("correct", *words)
    assert done.exit_code == 2
    assert problem in done.stderr
    assert "Traceback" not in done.output
    assert at.told("corrections") == []
