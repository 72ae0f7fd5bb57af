"""The platform's word first, the letters second, "und" rather than a guess."""

import re

import pytest

from sentiment.language import detect, guess, in_script


@pytest.mark.parametrize(
    ("stated", "expected"), [("de", "de"), ("DE", "de"), ("de-AT", "de"), ("pt_BR", "pt"), ("zh-Hans", "zh")]
)
def test_what_the_platform_states_is_believed(stated: str, expected: str) -> None:
    assert detect("This is plainly written in English, is it not?", stated) == expected


@pytest.mark.parametrize("stated", [None, "", "und", "zxx", "qme", "qht", "mul", "?", "english"])
def test_without_a_statement_the_text_is_read(stated: str | None) -> None:
    assert detect("Das Brot war gestern leider schon wieder ausverkauft", stated) == "de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I have never had such good bread in my life", "en"),
        ("Le pain est excellent et le service très aimable", "fr"),
        ("Hleb je odličan, preporučujem svima", "sr|hr|sl"),
        ("パンがとても美味しかったです", "ja"),
        ("@acme_bread https://example.org/the/best/bread/in/town Das Brot ist wirklich sehr gut", "de"),
    ],
)
def test_languages_are_told_apart(text: str, expected: str) -> None:
    assert detect(text) in expected.split("|")


@pytest.mark.parametrize(
    "text", ["", "ok", "👍👍👍", "Super", "https://example.org/das-ist-ein-brot", "@brot #brot", "12,50 !"]
)
def test_unsure_is_said(text: str) -> None:
    assert detect(text) == "und"


def test_a_guess_says_how_likely_it_is() -> None:
    language, confidence = guess("I have never had such good bread in my life")

    assert language == "en"
    assert 0.9 < confidence <= 1
    assert guess("12,50 👍") == ("und", 0.0)


@pytest.mark.parametrize(
    ("text", "latin"),
    [("Brötchen", True), ("パンがおいしい Acme", False), ("👍 12", True), ("@парк okay", True)],
)
def test_the_script_of_most_letters_counts(text: str, latin: bool) -> None:
    assert in_script(text, re.compile(r"(?![a-zö])[^\W\d_]", re.IGNORECASE)) is latin
