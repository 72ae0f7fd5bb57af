"""The exported model: a tiny one made by tests/sentiment/tiny/make.py, run without torch."""

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sentiment.base import ModelError, Scorer, load
from storage.records import Label, Score

TINY = Path(__file__).parent / "tiny" / "model"
LONGEST = 32


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return load(f"onnx:{TINY}")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Das Brot ist lecker und toll.", Label.POSITIVE),
        ("The bread is awful, never!", Label.NEGATIVE),
        ("Wir und der Laden heute", Label.NEUTRAL),
    ],
)
def test_it_reads_what_it_was_taught(scorer: Scorer, text: str, label: Label) -> None:
    (score,) = scorer.score([text])

    assert score is not None
    assert score.label is label
    assert sum(_values(score)) == pytest.approx(1)


def test_neither_torch_nor_transformers_is_imported() -> None:
    program = (
        "import sys; from sentiment.base import load\n"
        f"scores = load('onnx:{TINY.as_posix()}').score(['Das Brot ist toll'], ['de'])\n"
        "print(scores[0].label, {'torch', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert done.stdout.split() == ["positive", "set()"]


def test_a_score_depends_on_its_text_alone(scorer: Scorer) -> None:
    choose = random.Random(1)
    texts = [
        " ".join(choose.choices(["das", "brot", "gut", "mies", "ü"], k=n)) for n in (1, 80, 3, 20, 200, 7)
    ]

    alone = [scorer.score([text])[0] for text in texts]

    assert scorer.score(texts * 3) == alone * 3
    assert load(f"onnx:{TINY}", threads=1).score(texts[::-1]) == alone[::-1]


def test_texts_without_words_have_no_score(scorer: Scorer) -> None:
    assert scorer.score(["", " \n\t"]) == [None, None]
    assert scorer.score([]) == []


def test_hostile_texts_are_read(scorer: Scorer) -> None:
    texts = [
        "\ud83d",
        "\ud83d\ude0d gut",
        "\0",
        "a" * 5000,
        "👨‍👩‍👧‍👦" * 300,
        "z" + "\u0301" * 400,
        "[MASK] [PAD] [SEP]",
    ]

    assert None not in scorer.score(texts)


def test_the_end_of_a_long_text_counts(scorer: Scorer) -> None:
    dull = "Das ist der Laden und das ist heute. " * 20
    (nothing, angry) = scorer.score([dull, dull + "Awful, rude, mies und schlecht, never! " * 20])

    assert nothing is not None
    assert angry is not None
    assert nothing.label is Label.NEUTRAL
    assert angry.label is Label.NEGATIVE


def test_pieces_are_weighted_by_their_tokens(scorer: Scorer) -> None:
    kind = "gut " * (LONGEST - 2)
    unkind = "mies " * 10
    whole, first, second = scorer.score([kind + unkind, kind, unkind])

    expected = [
        ((LONGEST - 2) * one + 10 * other) / (LONGEST - 2 + 10)
        for one, other in zip(_values(first), _values(second), strict=True)
    ]
    assert _values(whole) == pytest.approx(expected)


def test_only_the_languages_of_the_model_get_a_score() -> None:
    scorer = load(f"onnx:{TINY}", languages=["de", "en"])
    texts = ["Das Brot ist gut"] * 3

    scores = scorer.score(texts, ["de", "fr", "und"])

    assert [score is None for score in scores] == [False, True, False]
    assert scorer.score(["Wir waren heute Morgen im Laden und haben frisches Brot gekauft."])[0] is not None
    assert scorer.score(["Nous avons acheté du pain frais ce matin dans la boulangerie."]) == [None]


def test_handles_and_addresses_are_read_as_it_was_taught(scorer: Scorer) -> None:
    texts = ["@mies_awful das Brot http://awful.example/never", "@user das Brot http"]

    first, second = scorer.score(texts)
    assert first == second
    first, second = load(f"onnx:{TINY}", placeholders=False).score(texts)
    assert first != second


def test_the_name_changes_with_the_weights(tmp_path: Path, scorer: Scorer) -> None:
    copy = shutil.copytree(TINY, tmp_path / "model")
    assert load(f"onnx:{copy}").name == scorer.name
    assert scorer.name.startswith("onnx:model@")

    weights = copy / "model.onnx.data"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert load(f"onnx:{copy}").name != scorer.name


def test_stated_labels_are_used(scorer: Scorer) -> None:
    turned = load(
        f"onnx:{TINY}", labels={"negative": "positive", "neutral": "neutral", "positive": "negative"}
    )
    straight, other = scorer.score(["toll"])[0], turned.score(["toll"])[0]

    assert _values(other) == _values(straight)[::-1]


def test_a_folder_without_a_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="listener models export"):
        load(f"onnx:{tmp_path}")


def test_a_damaged_model_is_one_line(tmp_path: Path) -> None:
    copy = shutil.copytree(TINY, tmp_path / "model")
    (copy / "model.onnx").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot load") as error:
        load(f"onnx:{copy}")
    assert "\n" not in str(error.value)

    (copy / "export.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be read"):
        load(f"onnx:{copy}")


def _values(score: Score | None) -> tuple[float, float, float]:
    assert score is not None
    return (score.p_negative, score.p_neutral, score.p_positive)
