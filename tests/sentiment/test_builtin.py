"""The model that comes with the program: the file itself, and how well it reads."""

from pathlib import Path

import pytest

from sentiment.base import ModelError, Scorer, load
from sentiment.builtin import MODEL, BuiltinScorer
from sentiment.training import figures
from storage.records import Label, Score

MEASURED = {
    "sb10k": 0.660,
    "potts": 0.643,
    "xlmt_german": 0.689,
    "germeval2017": 0.405,
    "de_hotel_sentences": 0.628,
    "de_filmstarts": 0.695,
    "tweeteval": 0.677,
    "xlmt_english": 0.706,
    "goemotions": 0.710,
    "airline": 0.697,
    "en_alexa": 0.575,
    "en_uci_sentences": 0.622,
    "xlmt_french": 0.547,
    "xlmt_italian": 0.542,
    "xlmt_spanish": 0.503,
    "xlmt_portuguese": 0.593,
    "xlmt_arabic": 0.562,
    "xlmt_hindi": 0.349,
}
"""Macro-recall of the shipped file, as docs/sentiment.md has it."""
MARGIN = 0.01


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return load("builtin")


def test_the_file_is_small_and_names_the_scores(scorer: Scorer) -> None:
    assert MODEL.stat().st_size < 10_000_000
    assert scorer.name.startswith("builtin:")
    assert len(scorer.name) == len("builtin:") + 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Das Brot ist fantastisch und die Leute sind so freundlich!", Label.POSITIVE),
        ("Super lecker, vielen Dank 😍", Label.POSITIVE),
        ("Schrecklich. Nie wieder, das Brötchen war verschimmelt und der Verkäufer frech.", Label.NEGATIVE),
        ("Ich bin so enttäuscht, schon wieder 40 Minuten gewartet :(", Label.NEGATIVE),
        ("Die Filiale am Markt öffnet am Montag um 8 Uhr.", Label.NEUTRAL),
        ("I love this bakery, best croissants in town!", Label.POSITIVE),
        ("Thank you so much for the wonderful service", Label.POSITIVE),
        ("Terrible service, rude staff and stale bread. Disgusting.", Label.NEGATIVE),
        ("This is the worst app ever, it crashes all the time", Label.NEGATIVE),
        ("Acme opens a new store in Berlin on Monday", Label.NEUTRAL),
    ],
)
def test_plain_sentences_are_read_right(scorer: Scorer, text: str, expected: Label) -> None:
    (score,) = scorer.score([text])

    assert score is not None
    assert score.label is expected
    assert score.p_negative + score.p_neutral + score.p_positive == pytest.approx(1)


def test_order_is_kept_and_empty_texts_have_no_score(scorer: Scorer) -> None:
    texts = ["I love it", "", "I hate it", " \n"]
    love, nothing, hate, blank = scorer.score(texts)

    assert nothing is None
    assert blank is None
    assert _value(love) > _value(hate)
    assert scorer.score(texts[::-1]) == [blank, hate, nothing, love]


def test_another_load_gives_the_very_same_numbers(scorer: Scorer) -> None:
    texts = ["Größe passt leider nicht", "so good!!", "Montag"]

    assert BuiltinScorer().score(texts) == scorer.score(texts) == scorer.score(texts)


def test_umlauts_may_be_written_out(scorer: Scorer) -> None:
    umlauts, plain = scorer.score(
        [
            "Schöne Brötchen, süße Verkäuferin, große Klasse",
            "Schoene Broetchen, suesse Verkaeuferin, grosse Klasse",
        ]
    )

    assert umlauts == plain


def test_negation_turns_praise(scorer: Scorer) -> None:
    good, not_good = scorer.score(["Das Brot schmeckt gut", "Das Brot schmeckt nicht gut"])

    assert _value(not_good) < _value(good)


def test_a_very_long_text_is_read(scorer: Scorer) -> None:
    (score,) = scorer.score(["Das Brot ist gut. " * 5000])

    assert _value(score) > 0


def test_other_features_than_the_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sentiment.features._SCOPE", 5)

    with pytest.raises(ModelError, match="other features"):
        BuiltinScorer()


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make model"):
        BuiltinScorer(tmp_path / "none.npz")


def test_figures_on_the_dev_sets_hold(scorer: Scorer, labelled: Path) -> None:
    measured = {name: one.macro_recall for name, (_, one) in figures(scorer, labelled).items()}
    fallen = {name: value for name, value in measured.items() if value < MEASURED.get(name, 0) - MARGIN}

    assert MEASURED.keys() <= measured.keys()
    assert not fallen


def _value(score: Score | None) -> float:
    assert score is not None
    return score.value
