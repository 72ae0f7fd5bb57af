"""Sentences of posts: nothing is lost, and no dot of an abbreviation or a date is taken for an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentiment.clauses import clauses
from sentiment.sentences import sentences

PIECES = [
    "Das Brot",
    "gut",
    ".",
    "!",
    "?",
    "…",
    "...",
    "“",
    ")",
    " ",
    "\n",
    "- ",
    "z.B.",
    "3.",
    "😍",
    ":)",
    ", aber ",
    "。",
    "€",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=30).map("".join))
def test_in_a_row_they_are_the_text_again(text: str) -> None:
    found = sentences(text)
    assert "".join(found) == text
    assert all(found)
    assert "".join(clauses(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        # a bar stands where one sentence ends and the next begins
        "Das Brot kostet z.B. 3,50 €. |Die Bedienung war nett.",
        "Am 21. November war ich da, am 3.5. auch. |Seit 2025. |Danach nie.",
        "Der 2. Versuch bei Dr. Müller in der Lindenstr. 5 klappte. |Danke!",
        "Brezel, Brot, Kuchen usw. waren aus. |Sie backen Brot etc. |Gut so.",
        "Mr. Smith left at 5 p.m. |He came back, e.g. on Monday. |I love it. |This is the best. |Bye",
        "In den U.S.A. heißt das anders, i. d. R. jedenfalls. |Ich mag es. |Sehr.",
        "super brot! |die bedienung nicht. |nie wieder",
        "naja... vielleicht… |Ja!!! |Nein?! |Doch",
        "„Wie bitte?“ fragte er. |„Nein.“ |Er ging (leider!). |Schade.",
        "Toll! 😍 |Die Brezel auch 🥨 |Danke :) |Gerne wieder",
        "Ich ❤️ brot und brezeln",
        "- Brot gut\n|- bedienung schlecht\n|1. eins\n|2. zwei\n|✅ drei",
        "Eine Zeile\n|Noch eine\n\n|klein nach einer leeren Zeile",
        "eine lange zeile, die\numbrochen ist",
        "Die App 3.11 auf brotbote.de/app?x=1 läuft. |Gut",
        "東京はいい。|大阪も\uff01|はい",
        "Ende ohne Punkt",
    ],
)
def test_where_they_end(text: str) -> None:
    assert sentences(text.replace("|", "")) == text.split("|")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "."])
def test_texts_without_words(text: str) -> None:
    assert sentences(text) == [text] * bool(text)


@pytest.mark.parametrize(
    "text",
    [
        "Das Brot ist super, |aber die Bedienung war unfreundlich",
        "Das Brot ist super |aber die Bedienung war unfreundlich",
        "Das Brot ist super, |die Bedienung jedoch unfreundlich.",
        "Brot lecker, |dafür Preise zu hoch",
        "Während das Brot super ist, |war die Bedienung mies",
        "Tolle App; |leider ist die Lieferung langsam",
        "Das Brot ist lecker - |nur die Preise sind frech",
        "The bread is great, |but the service is awful.",
        "Great bread |but awful service",
        "While the bread is great, |the service is awful.",
        "The app is slow; |however, the support is great",
        "Bread is fine, |the service though is bad",
        "I like the rolls, |whereas the prices are a joke",
        # and these do not turn
        "Nicht nur das Brot, sondern auch die Bedienung ist gut",
        "Das Brot ist gut, aber auch die Bedienung",
        "Not only the bread but also the service",
        "The bread is nothing but air",
        "Das Brot ist doch super, die Bedienung auch",
        "Die Brezel ist aber lecker und die Bedienung nett",
        "Das Brot, die Brezeln und die Bedienung waren aber super",
        "Aber die Bedienung war gut",
    ],
)
def test_where_a_sentence_turns(text: str) -> None:
    assert clauses(text.replace("|", "")) == text.split("|")


@pytest.mark.parametrize(
    "piece", ["!", " ", "😍", "! 😍 ", ":)", ". ", "(", '"', "8", "aber die ", ", a b c d e", "while a b c "]
)
def test_hostile_repetition_is_read_in_no_time(piece: str) -> None:
    text = piece * 50_000 + "x"
    assert "".join(sentences(text)) == text
    assert "".join(clauses(text)) == text
