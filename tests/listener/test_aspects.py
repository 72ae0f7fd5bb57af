"""Passages: the words around a topic, and nothing of what is said about another."""

import pytest

from listener.aspects import Finder
from listener.query import parse

FINDER = Finder(
    {
        "bread": parse("brot OR brötchen OR bread OR rolls"),
        "service": parse("bedienung OR verkäufer* OR service OR staff"),
        "price": parse("preis* OR teuer OR price* OR (cheap NOT service)"),
    }
)


def passages(text: str, title: str | None = None) -> dict[str, str]:
    return {one.topic: one.excerpt for one in FINDER.find(title, text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Das Brot ist super, aber die Bedienung war unfreundlich.",
            {"bread": "Das Brot ist super,", "service": "aber die Bedienung war unfreundlich."},
        ),
        (
            "Das Brot ist super aber die Bedienung war unfreundlich",
            {"bread": "Das Brot ist super", "service": "aber die Bedienung war unfreundlich"},
        ),
        (
            "Brötchen lecker, dafür Preise zu hoch!",
            {"bread": "Brötchen lecker,", "price": "dafür Preise zu hoch!"},
        ),
        (
            "Die Verkäuferin ist nett, das Brot jedoch trocken.",
            {"service": "Die Verkäuferin ist nett,", "bread": "das Brot jedoch trocken."},
        ),
        (
            "Während das Brot gut ist, ist der Preis frech.",
            {"bread": "Während das Brot gut ist,", "price": "ist der Preis frech."},
        ),
        (
            "Tolle Bedienung - leider ist das Brot alt.",
            {"service": "Tolle Bedienung -", "bread": "leider ist das Brot alt."},
        ),
        (
            "The bread is great, but the service is awful.",
            {"bread": "The bread is great,", "service": "but the service is awful."},
        ),
        (
            "Great bread but rude staff",
            {"bread": "Great bread", "service": "but rude staff"},
        ),
        (
            "While the staff is lovely, the prices are a joke.",
            {"service": "While the staff is lovely,", "price": "the prices are a joke."},
        ),
        (
            "Rolls are fine; however, the staff is slow.",
            {"bread": "Rolls are fine;", "service": "however, the staff is slow."},
        ),
        (
            "The price is fair, whereas the bread is stale",
            {"price": "The price is fair,", "bread": "whereas the bread is stale"},
        ),
        (
            "Brot gut, Preis auch, aber die Bedienung nicht.",
            {
                "bread": "Brot gut, Preis auch,",
                "price": "Brot gut, Preis auch,",
                "service": "aber die Bedienung nicht.",
            },
        ),
        # the same topic on both sides, or another on neither: the sentence stays whole
        (
            "Das Brot ist gut, aber auch teuer.",
            dict.fromkeys(("bread", "price"), "Das Brot ist gut, aber auch teuer."),
        ),
        (
            "Das Brot ist gut, aber ich war enttäuscht.",
            {"bread": "Das Brot ist gut, aber ich war enttäuscht."},
        ),
        (
            "Das Brot ist gut, aber das Brot mit Nüssen nicht.",
            {"bread": "Das Brot ist gut, aber das Brot mit Nüssen nicht."},
        ),
    ],
)
def test_a_sentence_that_turns_is_shared_out(text: str, expected: dict[str, str]) -> None:
    assert passages(text) == expected


def test_of_several_sentences_those_that_name_the_topic_are_read_together() -> None:
    text = "Gestern war ich da. Das Brot war alt. Die Bedienung nett. Nie wieder dieses Brot!"
    assert passages(text) == {
        "bread": "Das Brot war alt. Nie wieder dieses Brot!",
        "service": "Die Bedienung nett.",
    }


def test_the_title_is_a_sentence_of_its_own() -> None:
    assert passages("es war trocken", title="Altes Brot") == {"bread": "Altes Brot"}


def test_excluded_words_mark_no_sentence() -> None:
    assert passages("It was cheap. It was good.") == {"price": "It was cheap."}
    assert passages("It was cheap. Service was good.") == {"service": "Service was good."}


def test_a_phrase_over_two_sentences_takes_the_whole_text() -> None:
    finder = Finder({"slogan": parse('"gut genug"')})
    (found,) = finder.find(None, "Das ist gut. Genug davon!")
    assert (found.excerpt, found.is_whole) == ("Das ist gut. Genug davon!", True)


def test_a_single_sentence_is_the_whole_text() -> None:
    assert [one.is_whole for one in FINDER.find(None, "Brot und Bedienung super")] == [True, True]
    assert [one.is_whole for one in FINDER.find("Ja", "Brot super")] == [False]


def test_nothing_named_nothing_found() -> None:
    assert FINDER.find("Kuchen", "Der Kuchen war gut.") == []
