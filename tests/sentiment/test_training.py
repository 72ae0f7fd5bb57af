"""Training the built-in model, on a slice of labelled texts small enough for a test."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest

from sentiment import corpus
from sentiment.builtin import BuiltinScorer
from sentiment.features import BITS, own_index, units, word_indices
from sentiment.training import examples, linear
from sentiment.training.model import train
from sentiment.training.report import figures, table
from storage.records import Label

pytest.importorskip("sklearn", reason="training needs the dependency group model")
pytest.importorskip("torch", reason="training needs torch")

THINGS = ["brot", "bread", "kuchen", "service", "laden", "app", "cake", "tea"]
ROWS = [
    row
    for thing in THINGS
    for row in (
        (f"{thing} ist herrlich", "positive"),
        (f"{thing} ist kaputt", "negative"),
        (f"{thing} ist heute da", "neutral"),
    )
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A train set, its dev set, and a set of another domain."""
    monkeypatch.setattr(corpus, "OWN", tmp_path)
    monkeypatch.setattr("sentiment.training.network.EPOCHS", 30)
    _write(tmp_path / "train" / "posts.train.tsv.gz", ROWS)
    _write(
        tmp_path / "train" / "posts.dev.tsv.gz", [("alles herrlich", "positive"), ("nur kaputt", "negative")]
    )
    _write(tmp_path / "eval" / "reviews.dev.tsv.gz", [("@other tea ist KAPUTT http://x.example", "negative")])
    return tmp_path


def test_the_same_texts_give_the_same_bytes(folder: Path) -> None:
    files = [folder / "first.npz", folder / "second.npz"]
    for file in files:
        train(folder, file)

    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_model_learns_and_its_name_follows_its_weights(folder: Path) -> None:
    train(folder, folder / "first.npz")
    _write(folder / "train" / "more.train.tsv.gz", [("das ist neu", "neutral"), ("das ist blau", "positive")])
    train(folder, folder / "second.npz")
    first, second = BuiltinScorer(folder / "first.npz"), BuiltinScorer(folder / "second.npz")

    assert [score and score.label for score in first.score(["herrlich", "kaputt"])] == [
        "positive",
        "negative",
    ]
    assert first.name != second.name


def test_texts_of_dev_sets_are_not_trained_on_whatever_the_corpus_put_for_names(folder: Path) -> None:
    trained = [text for text, _ in corpus.train_sets(folder)["posts"]]

    assert len(trained) == len(ROWS) - 1
    assert "tea ist kaputt" not in trained


def test_classes_weigh_alike_within_a_set() -> None:
    sets: corpus.Sets = {"a": [("x", Label.POSITIVE)] * 6 + [("y", Label.NEGATIVE)] * 3}
    weights = list(examples.row_weights(sets))

    assert sum(weights[:6]) == pytest.approx(sum(weights[6:]))


def test_no_class_weighs_more_than_the_cap() -> None:
    sets: corpus.Sets = {"a": [("x", Label.POSITIVE)] * 99 + [("y", Label.NEGATIVE)]}

    assert list(examples.row_weights(sets))[-1] == examples.MOST_WEIGHT * examples.SMALL


def test_every_dev_set_is_measured(folder: Path) -> None:
    train(folder, folder / "model.npz")
    lines = list(table(figures(BuiltinScorer(folder / "model.npz"), folder)))

    assert [line.split()[0] for line in lines[1:]] == ["posts", "reviews"]


def test_training_and_scoring_see_the_same_numbers() -> None:
    text = "Le magasin n'est PAS beau 👍"
    row = linear.matrix([text, text], ["fr", "de"])
    numbers = {number for word in units(text)[0] for number in word_indices(word)}
    french, german = set(row[0].indices), set(row[1].indices)

    assert numbers <= german < french
    assert {(1 << BITS) + own_index(number, "fr") for number in numbers} <= french
    assert max(german) < 1 << BITS


def test_texts_of_our_own_are_trained_on() -> None:
    sets = corpus.own_sets()

    assert sets.keys() <= examples.LANGUAGES.keys()
    assert {label for rows in sets.values() for _, label in rows} == set(Label)


def test_sets_without_two_classes_and_noise_are_left_out() -> None:
    rows = [("x", Label.POSITIVE), ("y", Label.NEGATIVE)]
    used = examples.examples({"one": rows[:1], "xlmt_hindi": rows, "sb10k": rows})

    assert used.texts == ["x", "y"]
    assert used.languages == ["de", "de"]


def _write(path: Path, rows: Iterable[tuple[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(f"{text}\t{label}\n" for text, label in rows)
