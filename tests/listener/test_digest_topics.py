"""The digest's topics and rising terms: what the database says, and how it is told."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from listener.digest import trends
from listener.digest.build import build
from listener.digest.data import DigestData
from listener.digest.html import render_html
from listener.digest.text import WIDTH, render_text
from listener.query import parse
from listener.stages.topics import Finder, read
from storage import graves, topics
from storage.records import Author, Score
from storage.topics import Topic
from tests.listener.bakery import DAY, NOW, Bakery, bakery

QUERIES = {"Bedienung": "bedienung", "Brot": "brot OR brötchen", "Preise": "preis* OR teuer"}


class Reader:
    """Knows two words."""

    name = "test"

    def score(self, texts: list[str], langs: list[str] | None = None) -> list[Score]:  # noqa: ARG002 - German
        return [
            Score(p_negative=0.9 * ("schlecht" in text), p_neutral=0.1, p_positive=0.8 * ("gut" in text))
            for text in texts
        ]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Bakery]:
    with bakery(tmp_path) as opened:
        yield opened


def digest(place: Bakery) -> DigestData:
    """What the stages do until the digest."""
    store = place.store
    configured = [Topic(name=name, query=query, brands=("Sonnenkorn",)) for name, query in QUERIES.items()]
    topics.sync(store, configured, "test")
    finder = Finder({name: parse(query) for name, query in QUERIES.items()})
    topics.add(store, "test", read(finder, Reader(), topics.begin(store, "test", 99, NOW)))
    place.settle()
    trends.update(store, "Sonnenkorn", DAY)
    return build(store, "Sonnenkorn", DAY)


def fill(place: Bakery) -> None:
    """Ten days of bread, then a day of metal."""
    for back in range(1, 11):
        place.mention(
            "Das Brot ist gut, die Preise auch.", back=back, author=Author(platform_id="9", handle="eva")
        )
        place.mention("Brot gut, aber die Bedienung schlecht.", back=back)
    for number in range(5):
        author = Author(platform_id=str(number), handle=f"gast{number}", followers=20 * number)
        place.mention(
            "Ja. Im Brot waren Metallteile.",
            author=author,
            counts=(number, 0, 0, None),
            url=f"https://social.example/{number}",
        )
    place.mention("Brot gut, aber die Bedienung schlecht.", author=Author(platform_id="8"))


def test_topics_stand_beside_their_weeks(place: Bakery) -> None:
    fill(place)
    shown = {
        one.name: (
            one.mentions,
            one.week_before,
            one.negative,
            one.neutral,
            one.positive,
            one.mentions_28_days,
        )
        for one in digest(place).topics
    }
    assert shown == {"Bedienung": (1, 1.0, 1, 0, 0, 11), "Brot": (6, 2.0, 0, 5, 1, 26)}


def test_a_rising_term_shows_the_sentence_of_its_most_engaged_mention(place: Bakery) -> None:
    fill(place)
    (one,) = digest(place).rising
    assert (one.term, one.documents, one.expected) == ("Metallteile", 5, 0)
    assert [shown.excerpt for shown in one.examples] == ["Im Brot waren Metallteile."]


def test_what_is_deleted_leaves_the_stored_digest_too(place: Bakery) -> None:
    fill(place)
    data = digest(place).model_dump(mode="json")
    mention = data["rising"][0]["examples"][0]
    gone = {(mention["platform"], digest(place).rising[0].examples[0].published_at)}
    rest = DigestData.model_validate(graves._without(data, gone))  # noqa: SLF001 - what the store does on deletion
    assert (rest.rising[0].term, rest.rising[0].examples) == ("Metallteile", ())
    for language in ("de", "en"):
        assert "Metallteile" in render_text(rest, language)
        assert "Metallteile" in render_html(rest, language).html


def test_the_example_goes_with_its_mention(place: Bakery) -> None:
    fill(place)
    digest(place)
    example = place.store.value("SELECT platform_id FROM mentions JOIN rising ON mention_id = mentions.id")
    with place.store.transaction():
        graves.bury(place.store, "mastodon", [example], reason="gone", now=NOW)
    (row,) = place.store.rows("SELECT term, mention_id, mention_url FROM rising_terms")
    assert tuple(row) == ("Metallteile", None, None)


def test_a_digest_of_an_earlier_version_can_be_read(place: Bakery) -> None:
    fill(place)
    data = digest(place).model_dump(mode="json")
    del data["topics"], data["rising"]
    assert DigestData.model_validate(data).topics == ()


def test_where_there_is_nothing_to_say_nothing_is_said(place: Bakery) -> None:
    place.mention("Kuchen")
    data = digest(place)
    assert (data.topics, data.rising) == ((), ())
    assert "Themen" not in render_text(data, "de")
    assert "Neu im Gespräch" not in render_html(data, "de").html


def test_hostile_names_and_terms_stay_text(place: Bakery) -> None:
    fill(place)
    data = digest(place).model_dump()
    data["topics"][0]["name"] = data["rising"][0]["term"] = "<b onclick=x>\u202e\n"
    html = render_html(DigestData.model_validate(data), "de").html
    assert "&lt;b onclick" in html
    assert not re.search(r"<b[ >]|\u202e", html)


def test_the_golden_texts(place: Bakery) -> None:
    fill(place)
    data = digest(place)
    golden = Path(__file__).with_name("digest_golden")
    for language in ("de", "en"):
        text = render_text(data, language)
        assert text == (golden / f"topics.{language}.txt").read_text("utf-8")
        assert max(map(len, text.splitlines())) <= WIDTH
