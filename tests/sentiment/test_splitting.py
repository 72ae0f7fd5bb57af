"""Long texts are cut between sentences, words, characters, in this order; nothing gets lost."""

from collections.abc import Sequence

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from sentiment.splitting import split

TEXTS = st.text(st.sampled_from("ab .!?\n\"'1。é👍🏽👨‍👩‍👧‍👦🇩🇪e\u0301\u200d\ufe0f")) | st.text()


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def letters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def crooked(texts: Sequence[str]) -> list[int]:
    """Tokens of parts that do not add up to those of the whole."""
    return [len(text) + (len(text) > 3) * 2 for text in texts]


@given(TEXTS, st.integers(1, 40), st.sampled_from([words, letters, crooked]))
def test_the_pieces_are_the_whole_text_and_fit(text: str, limit: int, count: object) -> None:
    assert callable(count)
    pieces = split(text, count, limit)

    assert "".join(pieces) == text
    assert all(count([piece])[0] <= limit or len(piece) == 1 for piece in pieces)


@given(TEXTS, st.integers(12, 40))
def test_no_character_is_torn(text: str, limit: int) -> None:
    characters = regex.findall(r"\X", text)
    if all(len(one) <= limit for one in characters):
        pieces = split(text, letters, limit)
        assert [one for piece in pieces for one in regex.findall(r"\X", piece)] == characters


def test_it_is_cut_between_sentences() -> None:
    text = "Das ist gut. Sehr gut sogar! Oder etwa nicht? Doch."

    assert split(text, words, 6) == ["Das ist gut. Sehr gut sogar! ", "Oder etwa nicht? Doch."]


@pytest.mark.parametrize("sentence", ["Am 3. Mai.", "Wer z. B. Brot mag.", "It is 3.5 now."])
def test_a_point_that_ends_no_sentence_is_no_border(sentence: str) -> None:
    first = "Oh ja. "

    assert split(first + sentence, words, 1 + len(sentence.split())) == [first, sentence]


def test_quotes_stay_with_their_sentence() -> None:
    assert split('Er sagte "nie wieder!" Dann ging er.', words, 4) == [
        'Er sagte "nie wieder!" ',
        "Dann ging er.",
    ]


def test_lines_and_full_width_stops_are_borders() -> None:
    assert split("one two\n\nthree four", words, 3) == ["one two\n\n", "three four"]
    assert split("很好吃。再来。", letters, 5) == ["很好吃。", "再来。"]


def test_a_monstrous_sentence_is_cut_between_words_then_inside() -> None:
    assert split("a b c d e", words, 2) == ["a b ", "c d ", "e"]
    assert split("abcdefg", letters, 3) == ["abc", "def", "g"]
    assert split("👍🏽👍🏽👍🏽", letters, 4) == ["👍🏽👍🏽", "👍🏽"]


def test_many_sentences_take_linear_time() -> None:
    counted = 0

    def count(texts: Sequence[str]) -> list[int]:
        nonlocal counted
        counted += sum(map(len, texts))
        return words(texts)

    text = "Noch ein Satz. " * 20_000
    split(text, count, 100)
    assert counted < 5 * len(text)
