"""Rising terms, against figures worked out by hand."""

from collections.abc import Sequence
from itertools import count
from math import log, sqrt
from typing import Any

import pytest

from listener import metrics
from listener.query import parse
from listener.rising import Rising, Vocabulary, rising
from listener.rising.compounds import stems
from listener.rising.terms import Text

NUMBERS = count(1)


def said(
    text: str, day: int = 0, author: int | None = None, lang: str | None = "de", title: str | None = None
) -> Text:
    """A text ``day`` days before."""
    number = next(NUMBERS)
    return {
        "mention_id": number,
        "day": f"2026-11-{21 - day:02}",
        "author_id": number if author is None else author,
        "lang": lang,
        "title": title,
        "text": text,
    }


BEFORE = [said(text, day) for day in range(1, 11) for text in ("Gutes Brot heute", "Nette Bedienung hier")]


def found(today: Sequence[Text], before: Sequence[Text] = BEFORE, **options: Any) -> dict[str, Rising]:
    vocabulary = Vocabulary(["Sonnenkorn"], parse('sonnenkorn OR "bäckerei sonne" OR korn* OR @sonne'))
    return {one.term: one for one in rising(today, before, vocabulary, limit=options.get("limit", 9))}


def test_the_z_score_of_a_worked_example() -> None:
    # Prior of 70 documents, 20 of 290 have the term: 70 * 20 / 290 = 4.8276 of them.
    # Day: (6 + 4.8276) / (10 + 70 - 10.8276) = 10.8276 / 69.1724 = 0.15653
    # Before: (14 + 4.8276) / (280 + 70 - 18.8276) = 18.8276 / 331.1724 = 0.05685
    # log(0.15653 / 0.05685) = 1.0128; variance 1 / 10.8276 + 1 / 18.8276 = 0.14547, its root 0.38141
    assert metrics.log_odds(6, 10, 14, 280, prior=70) == pytest.approx(1.0128 / 0.38141, abs=1e-3)
    assert metrics.log_odds(6, 10, 14, 280, prior=70) == pytest.approx(2.6555, abs=1e-3)


def test_a_term_as_frequent_as_before_has_no_z_and_a_rarer_one_a_negative() -> None:
    assert metrics.log_odds(1, 10, 28, 280, prior=70) == pytest.approx(0)
    assert metrics.log_odds(0, 10, 140, 280, prior=70) < -1
    assert metrics.log_odds(0, 10, 0, 280, prior=70) == 0
    assert metrics.log_odds(10, 10, 280, 280, prior=70) == 0


def test_what_rose_is_found_with_its_counts() -> None:
    today = [said(f"Metallteile im Brot, Nummer {word}") for word in ("eins", "zwei", "drei", "vier")]
    one = found([*today, said("Gutes Brot heute"), said("Nette Bedienung hier")])["Metallteile"]
    assert (one.documents, one.total, one.baseline_documents, one.baseline_total) == (4, 6, 0, 20)
    assert one.mention_id == today[0]["mention_id"]
    prior = 7 * (6 + 20) / 11
    share = prior * 4 / 26
    odds = (4 + share) / (6 + prior - 4 - share) / (share / (20 + prior - share))
    assert one.z == pytest.approx(log(odds) / sqrt(1 / (4 + share) + 1 / share))


def test_what_is_said_every_day_does_not_rise() -> None:
    assert found([said("Gutes Brot heute"), said("Gutes Brot immer"), said("Gutes Brot bald")]) == {}


def test_one_author_makes_no_trend() -> None:
    assert found([said("Metallteile gefunden", author=7) for _ in range(20)]) == {}
    assert found([said("Metallteile gefunden") for _ in range(4)]).keys() == {"Metallteile gefunden"}


def test_an_article_that_many_carry_is_one_document() -> None:
    article = "Metallteile in Brezeln gefunden: Betrieb ruft am Montag verkaufte Ware zurück"
    assert found([said(f"{article} https://paper{number}.example") for number in range(20)]) == {}
    others = [said(article.replace("Betrieb", name)) for name in ("Bäcker", "Laden", "Chef", "Boss")]
    assert "Metallteile" in " ".join(found(others))


def test_a_mention_without_an_author_is_a_document_of_its_own() -> None:
    texts = [{**said("Metallteile entdeckt"), "author_id": None} for _ in range(4)]
    assert found(texts)["Metallteile entdeckt"].documents == 4


def test_umlauts_are_one_word_shown_in_its_commonest_spelling() -> None:
    today = [said("Verspaetung"), said("VERSPÄTUNG"), said("Verspätung"), said("Verspätung")]
    assert {term: one.documents for term, one in found(today).items()} == {"Verspätung": 4}


def test_a_compound_counts_with_the_word_it_is_made_of() -> None:
    today = [said("Verspätung"), said("Lieferverspätung"), said("Lieferverspätung"), said("Verspätungsalarm")]
    assert {term: one.documents for term, one in found(today).items()} == {"Verspätung": 4}
    earlier = [*BEFORE, *(said("Lieferverspätung", day) for day in range(1, 11) for _ in range(2))]
    assert found(today, sorted(earlier, key=lambda text: text["day"])) == {}


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("lieferverspaetung", {"verspaetung"}, ["verspaetung"]),
        ("rueckrufaktion", {"rueckruf", "aktion"}, ["aktion", "rueckruf"]),
        ("kundenservice", {"kunden", "service"}, ["service", "kunden"]),
        ("lieferungsproblem", {"lieferung", "problem"}, ["problem", "lieferung"]),
        ("verbindung", {"bindung"}, []),
        ("nachfrage", {"frage"}, []),
        ("unfreundlich", {"freundlich"}, []),
        ("freundlich", {"freund"}, []),
        ("bestellungen", {"bestellung"}, []),
        ("brotbote", {"brot", "bote"}, []),
    ],
)
def test_what_a_compound_is_made_of(word: str, known: set[str], expected: list[str]) -> None:
    assert stems(word, known) == expected


def test_compounds_are_german() -> None:
    today = [
        said("understand", lang="en"),
        said("overstand", lang="en"),
        said("stand", lang="en"),
        said("stand", lang="en"),
    ]
    assert found(today, [said("good bread", day, lang="en") for day in range(1, 12)]) == {}


def test_stop_words_are_those_of_the_language() -> None:
    assert found([said("die war", lang="de") for _ in range(4)]) == {}
    assert found([said("die war", lang="en") for _ in range(4)]).keys() == {"die war"}
    assert found([said("die war", lang=None) for _ in range(4)]) == {}
    assert found([said("isn't it", lang="en") for _ in range(4)]) == {}


@pytest.mark.parametrize(
    "text", ["Sonnenkorn", "Sonnenkorns", "Bäckerei", "#bäckereisonne", "Kornblume", "https://a.example/neu",
             "@neuling", "neu@a.example", "2026", "www.neu.example", "ab"],
)  # fmt: skip
def test_the_brands_own_words_addresses_and_numbers_are_no_terms(text: str) -> None:
    assert found([said(text) for _ in range(4)]) == {}


def test_neighbours_make_a_term_unless_something_stands_between() -> None:
    assert found([said("Kalte Brezel") for _ in range(4)]).keys() == {"Kalte Brezel"}
    assert found([said("Kalte, Brezel") for _ in range(4)]).keys() == {"Brezel", "Kalte"}


def test_forms_of_one_word_are_shown_once() -> None:
    assert (
        len(
            found(
                [
                    said("Rückruf"),
                    said("Rückrufe"),
                    said("Rückruf"),
                    said("Rückrufe"),
                    said("Rückruf Rückrufe"),
                ]
            )
        )
        == 1
    )


def test_the_surest_come_first_and_no_more_than_asked_for() -> None:
    today = [said(text) for text in ("Alarm", "Alarm; Streik") for _ in range(4)]
    assert list(found(today)) == ["Alarm", "Streik"]
    assert list(found(today, limit=1)) == ["Alarm"]


def test_without_a_baseline_nothing_rises() -> None:
    assert found([said("Metallteile") for _ in range(9)], BEFORE[:9]) == {}
    assert found([], BEFORE) == {}
