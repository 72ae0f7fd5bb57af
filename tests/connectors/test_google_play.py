"""Google Play: the contract, and what is special about its list of seven days."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.base import Connector
from connectors.google_play import GooglePlay, GooglePlaySettings, parse
from listener.sandbox.platforms.google_play import GooglePlay as Face
from listener.sandbox.server import Weather
from storage.records import Kind, Mention
from tests.connectors import keys
from tests.connectors.contract import HOUR, NOW, ContractSuite


class TestContract(ContractSuite):
    connector = GooglePlay
    face = Face
    kind = Kind.REVIEW
    queries = ()
    listing = "reviews"
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "base_url": url,
            "token_url": f"{url}/token",
            "package": Face.package,
            "page_size": self.page_size,
        }

    def make(self, values: Mapping[str, Any]) -> Connector:
        return super().make({"credentials": keys.user(), **values})

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        del body["reviews"][0]["comments"]
        return body


def read(**changes: Any) -> Mention:
    said = {"text": "Gut", "lastModified": {"seconds": "1443676826", "nanos": 713000000}, "starRating": 5}
    comments = [{"userComment": {**said, **changes}}]
    return parse({"reviewId": "r1", "authorName": "Ada", "comments": comments}, "org.example.app")


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("Gut", None, "Gut"),
        ("\tGut", None, "Gut"),
        ("Brot\tGut", "Brot", "Gut"),
        ("Brot\t", "Brot", ""),
        ("Brot\tGut\tund warm", "Brot", "Gut\tund warm"),
    ],
)
def test_a_tab_sets_off_the_title(text: str, title: str | None, body: str) -> None:
    review = read(text=text)
    assert (review.title, review.text) == (title, body)


def test_what_google_leaves_out_is_unknown_not_zero() -> None:
    review = read()
    assert (review.engagement.likes, review.lang, review.rating) == (None, None, 5)
    assert review.published_at.isoformat() == "2015-10-01T05:20:26.713000+00:00"
    assert review.url == "https://play.google.com/store/apps/details?id=org.example.app&reviewId=r1"


def test_an_answer_is_known_by_its_time_alone() -> None:
    said = {"userComment": {"text": "Gut", "lastModified": {"seconds": "1443676826"}}}
    answer = {"developerComment": {"text": "Danke", "lastModified": {"seconds": "1443680426"}}}
    review = parse({"reviewId": "r1", "comments": [said, answer]}, "org.example.app")
    assert review.answered_at is not None
    assert (review.answered, review.answered_at - review.published_at, review.text) == (True, HOUR, "Gut")


@pytest.mark.parametrize(("code", "lang"), [("de", "de"), ("pt_BR", "pt"), ("zh-Hant", "zh"), ("fil", None)])
def test_the_devices_language(code: str, lang: str | None) -> None:
    assert read(reviewerLanguage=code).lang == lang


def test_an_answered_review_keeps_its_own_words() -> None:
    with TestContract().stage([TestContract().post(1, NOW - HOUR, text="entry 1", title=None)]) as stage:
        (review,) = stage.poll().mentions
    assert (review.text, review.title) == ("entry 1", None)


def test_all_is_read_again_several_times_a_day() -> None:
    """A review whose thumbs grow does not move up, and is seen again all the same."""
    with TestContract().stage(TestContract().hourly(40)) as stage:
        first = stage.poll()
        stage.world.edit(1, likes=999)
        stage.world.now += HOUR
        soon = stage.poll(first.cursor)
        assert 1 not in soon.numbers
        stage.world.now += 6 * HOUR
        later = stage.poll(soon.cursor)
    assert [
        one.engagement.likes for one in later.mentions if one.text.startswith("Brotwerk #brotwerk entry 1 ")
    ] == [999]


def test_a_token_gone_stale_begins_the_walk_again() -> None:
    with TestContract().stage(TestContract().hourly(30)) as stage:
        pages = stage.pages()
        cursor = next(pages).cursor
        stage.sandbox.weather("google_play", Weather(status=400, only="token="))
        polled = stage.poll(cursor)
    assert polled.numbers == set(range(1, 31))


def test_the_package_may_be_the_stores_address() -> None:
    address = "https://play.google.com/store/apps/details?hl=de&id=org.example.app"
    given = {"credentials": "{}", "package": address}
    assert GooglePlaySettings.model_validate(given).package == "org.example.app"


@pytest.mark.parametrize("package", ["Bakery", "https://play.google.com/store/apps", "org.example/../x", ""])
def test_what_is_no_package_is_refused(package: str) -> None:
    with pytest.raises(ValidationError, match="package"):
        GooglePlaySettings.model_validate({"credentials": "{}", "package": package})
