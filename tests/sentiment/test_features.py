"""What the built-in model reads in a text."""

import pytest

from sentiment.features import BITS, indices, tokens, units
from sentiment.lexicon import polarity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Schön &amp; GUT!!!!", ["schoen", "&", "gut", "!!"]),
        ("@Acme schau: https://acme.example/a?b=c #Brötchen", ["@user", "schau", ":", "http", "#broetchen"]),
        ("sooooo lecker :-) 👍\ufe0f", ["soo", "lecker", ":-)", "👍"]),
        ("don\u2019t", ["don't"]),
        ("अच्छी रोटी", ["अच्छी", "रोटी"]),
        (" \n\t", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_umlauts_read_alike_however_they_are_written() -> None:
    assert tokens("Größe") == tokens("Groesse") == tokens("Gro\u0308ße")


def test_a_negation_reaches_four_words_unless_something_ends_it() -> None:
    words = [unit for unit in units("nicht so gut wie das Brot") if " " not in unit]
    ended = [unit for unit in units("nicht teuer, gut") if " " not in unit]

    assert words == ["nicht", "¬so", "¬gut", "¬wie", "¬das", "brot"]
    assert ended == ["nicht", "¬teuer", ",", "gut"]


def test_neighbours_are_paired() -> None:
    assert "gar nicht" in units("gar nicht")


def test_features_are_the_same_everywhere_and_below_the_table_size() -> None:
    assert indices("brot x") == [738856]
    assert 0 <= min(indices("¬unfreundlich")) <= max(indices("¬unfreundlich")) < 1 << BITS


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("gut", "+"),
        ("unfreundliche", "-"),
        ("delicious", "+"),
        ("💔", "-"),
        ("brot", None),
    ],
)
def test_lexicon(word: str, expected: str | None) -> None:
    assert polarity(word) == expected


@pytest.mark.parametrize("word", ["die", "war", "fast", "kind", "pain", "winter", "england", "todo", "faire"])
def test_words_that_mean_something_else_next_door_are_not_in_the_lexicon(word: str) -> None:
    assert polarity(word) is None
