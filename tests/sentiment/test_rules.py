"""Phrase rules: what they find, what they put in its place, and what the model then reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.builtin import BuiltinScorer
from sentiment.rules import NAME, PhraseRules, Reworded
from storage.records import weights

RULES = PhraseRules(
    {
        "War Zone": "",
        "killer app": "great app",
        "killer": "murderer",
        "Bäckerei Krieg": "",
        "1&1": "",
        "C++": "",
    }
)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Playing War Zone tonight", f"Playing {NAME} tonight"),
        ("#WarZone war-zone WAR  ZONE warzone's", f"{NAME} {NAME} {NAME} {NAME}'s"),
        ("An award zone, the war zones", "An award zone, the war zones"),
        ("war\nzone", "war\nzone"),
        ("a killer app, a Killer", "a great app, a murderer"),
        ("die BAECKEREI KRIEG und Ba\u0308ckerei Krieg", f"die {NAME} und {NAME}"),
        ("Bäckerei Kriegs", "Bäckerei Kriegs"),
        ("Wa\u00adr Zone", NAME),
        ("1&1, C++ und C+", f"{NAME}, {NAME} und C+"),
        ("", ""),
    ],
)
def test_phrases_are_found_as_words_in_any_spelling(text: str, read_as: str) -> None:
    assert RULES.apply(text) == read_as


def test_what_was_put_in_place_is_not_searched_again() -> None:
    assert PhraseRules({"a": "b", "b": "a"}).apply("a b") == "b a"


def test_umlauts_around_a_phrase_stay_as_they_were_written() -> None:
    assert PhraseRules({"schön": "nett"}).apply("Größe Schoen, schön über Öl") == "Größe nett, nett über Öl"


@given(st.text())
def test_a_text_without_a_phrase_stays_the_same_object(text: str) -> None:
    rules = PhraseRules({"zzqqxx": ""})
    assert rules.apply(text) is text or "zzqqxx" in text.casefold()


@given(st.text(), st.text())
def test_a_phrase_is_found_between_any_two_words(before: str, after: str) -> None:
    assert PhraseRules({"War Zone": "\ue000"}).apply(f"{before} War Zone {after}").count("\ue000") >= 1


def test_the_same_rules_have_the_same_version_and_others_another() -> None:
    assert PhraseRules({"War Zone": "", "x": "y"}).version == PhraseRules({"x": "y", "WAR ZONE": ""}).version
    assert PhraseRules({"x": "y"}).version != PhraseRules({"x": "z"}).version


@pytest.mark.parametrize(
    ("rules", "problem"),
    [({"!!": ""}, "no letters or digits"), ({"Öl": "", "oel": "x"}, "stands there twice")],
)
def test_rules_that_cannot_be_meant_are_refused(rules: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        PhraseRules(rules)


def test_the_model_reads_what_the_rules_say() -> None:
    plain = BuiltinScorer()
    scorer = Reworded(plain, PhraseRules({"Terrible Disaster": "", "krass": "sehr gut"}))
    texts = ["The new terrible disaster is out", "Das Brot ist krass"]
    assert scorer.score(texts, ["en", "de"]) == plain.score(
        [f"The new {NAME} is out", "Das Brot ist sehr gut"], ["en", "de"]
    )
    assert weights(scorer.name) == plain.name != scorer.name
