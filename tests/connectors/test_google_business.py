"""Google Business Profile: the contract, whole sweeps, translations, and names of places."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.base import Connector
from connectors.errors import AuthError, RetryLater
from connectors.google_business import GoogleBusiness, GoogleBusinessSettings, original, parse
from listener.sandbox.platforms.google_business import GoogleBusiness as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import World
from storage.records import Kind, Mention
from tests.connectors import keys
from tests.connectors.contract import HOUR, NOW, ContractSuite, Polled, Stage

PLACE = f"{Face.accounts[0]}/{Face.location}"


class TestContract(ContractSuite):
    connector = GoogleBusiness
    face = Face
    kind = Kind.REVIEW
    queries = ()
    listing = "reviews"
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "base_url": url,
            "token_url": f"{url}/token",
            "accounts_url": url,
            "locations_url": url,
            "location": PLACE,
            "page_size": self.page_size,
        }

    def make(self, values: Mapping[str, Any]) -> Connector:
        return super().make({"credentials": keys.user(), **values})

    def large(self) -> dict[str, Any]:
        return {"page_size": 50}

    def spoil(self, body: Any) -> Any:
        del body["reviews"][0]["createTime"]
        return body


SUITE = TestContract()


def business(stage: Stage, **changes: Any) -> GoogleBusiness:
    connector = stage.connector(**changes)
    assert isinstance(connector, GoogleBusiness)
    return connector


def read(**changes: Any) -> Mention:
    review = {
        "name": "accounts/1/locations/2/reviews/AbF_-x=",
        "reviewer": {"displayName": "Ada"},
        "starRating": "FOUR",
        "comment": "Gut",
        "createTime": "2026-11-01T08:00:00.123456789Z",
        "updateTime": "2026-11-01T08:00:00.123456789Z",
    }
    return parse({**review, **changes})


def test_a_service_account_may_sign_in_too() -> None:
    world = World(SUITE.hourly(3), NOW)
    with Sandbox(world, [Face(world, public_key=keys.rsa_pair()[1])]) as sandbox:
        polled = Stage(SUITE, world, sandbox).poll(credentials=keys.service_account())
    assert polled.numbers == {1, 2, 3}


# ---- what a review says


def test_the_id_is_the_same_whichever_account_shows_it() -> None:
    other = read(name="accounts/9/locations/2/reviews/AbF_-x=")
    assert other.platform_id == read().platform_id == "locations/2/reviews/AbF_-x="


def test_an_edit_has_its_own_time() -> None:
    assert read().edited_at is None
    edited = read(updateTime="2026-11-02T08:00:00Z")
    assert edited.edited_at is not None
    assert (edited.edited_at.day, edited.published_at.day) == (2, 1)


@pytest.mark.parametrize(
    ("stars", "rating"), [("ONE", 1), ("FIVE", 5), ("STAR_RATING_UNSPECIFIED", None), ("SIX", None)]
)
def test_stars_are_words(stars: str, rating: int | None) -> None:
    assert read(starRating=stars).rating == rating


def test_a_rating_without_text_is_shown_as_its_stars() -> None:
    assert read(comment=None).text == "★★★★☆"
    with pytest.raises(ValueError, match="needs a text"):
        read(comment=None, starRating="STAR_RATING_UNSPECIFIED")


@pytest.mark.parametrize(
    ("state", "answered"), [({}, True), ("APPROVED", True), ("PENDING", False), ("REJECTED", False)], ids=str
)
def test_an_answer_counts_once_everybody_sees_it(state: Any, answered: bool) -> None:
    reply = {"comment": "Danke", "updateTime": "2026-11-03T08:00:00Z"}
    if state:
        reply["reviewReplyState"] = state
    review = read(reviewReply=reply)
    assert (review.answered, review.answered_at is not None) == (answered, answered)
    assert read().answered is False


def test_an_anonymous_reviewer_is_nobody() -> None:
    assert read(reviewer={"displayName": "A Google user", "isAnonymous": True}).author is None


@pytest.mark.parametrize(
    ("comment", "own_words"),
    [
        ("(Translated by Google) Very good\n\n(Original)\nSehr gut", "Sehr gut"),
        ("Sehr gut\n\n(Translated by Google)\nVery good", "Sehr gut"),
        ("Sehr gut", "Sehr gut"),
        ("It was (Original) and good", "It was (Original) and good"),
    ],
)
def test_googles_translation_is_left_out(comment: str, own_words: str) -> None:
    assert original(comment) == own_words


# ---- whole sweeps


def test_a_review_missing_from_a_later_page_is_found_within_a_day() -> None:
    world = World(SUITE.hourly(20, step=3 * HOUR), NOW)
    face = Face(world)
    face.missing = {3}
    with Sandbox(world, [face]) as sandbox:
        stage = Stage(SUITE, world, sandbox)
        polled = stage.poll()
        face.missing.clear()
        for _ in range(3):
            world.now += 7 * HOUR
            polled.take(stage.pages(polled.cursor))
        assert polled.numbers == set(range(1, 21)) - {3}
        world.now += 7 * HOUR
        polled.take(stage.pages(polled.cursor))
    assert 3 in polled.numbers


def test_a_whole_sweep_cut_off_goes_on_and_the_newest_have_their_turn() -> None:
    with SUITE.stage(SUITE.hourly(40)) as stage:
        polled = stage.poll()
        stage.world.now += 25 * HOUR
        stage.world.add(SUITE.post(41, stage.world.now - HOUR))
        again = Polled(cursor=polled.cursor)
        while not (again.numbers >= set(range(1, 42))):
            assert again.pages < 20, "neither the whole listing nor its newest page were read"
            again.take(islice(stage.pages(again.cursor), 1))
        again.take(stage.pages(again.cursor))
        finished = Polled(cursor=again.cursor).take(stage.pages(again.cursor))
    assert finished.pages < 5, "the whole listing was walked twice in a day"


def test_an_edit_is_found_at_the_next_poll() -> None:
    with SUITE.stage(SUITE.hourly(30)) as stage:
        first = stage.poll()
        stage.world.edit(2, text="Brotwerk entry 2 was better", edited_at=NOW + HOUR / 2)
        stage.world.now += HOUR
        again = stage.poll(first.cursor)
    assert [one.text for one in again.mentions if one.platform_id == first.id_of(2)] == [
        "Brotwerk entry 2 was better"
    ]


def test_a_stale_token_begins_the_walk_again() -> None:
    with SUITE.stage(SUITE.hourly(30)) as stage:
        cursor = next(stage.pages()).cursor
        stage.sandbox.weather("google_business", Weather(status=400, only="pageToken="))
        assert stage.poll(cursor).numbers == set(range(1, 31))


def test_a_refused_request_is_no_stale_token() -> None:
    with SUITE.stage(SUITE.hourly(30)) as stage:
        cursor = next(stage.pages()).cursor
        stage.weather(Weather(status=400, only="reviews"))
        with pytest.raises(RetryLater, match="400"):
            stage.poll(cursor)


def test_nothing_is_gone_when_the_place_itself_is() -> None:
    with SUITE.stage(SUITE.hourly(3)) as stage:
        ids = [one.platform_id for one in stage.poll().mentions]
        stage.weather(Weather(status=404, only="reviews"))
        with pytest.raises(RetryLater):
            stage.refresh(ids)


# ---- names of places


@pytest.mark.parametrize("name", ["sonnenkorn café", "Sonnenkorn Café, Am Ufer 1, Musterstadt"])
def test_a_name_is_looked_up(name: str) -> None:
    with SUITE.stage([]) as stage:
        assert business(stage, location=name).resolve() == {"location": "accounts/1001/locations/2002"}
        assert business(stage).resolve() == {}


def test_a_name_that_nothing_has() -> None:
    with SUITE.stage([]) as stage, pytest.raises(AuthError, match="Sonnenkorn, Marktgasse 5, Musterstadt"):
        business(stage, location="Bäckerei").resolve()


def test_a_name_that_two_places_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Face, "places", tuple({**place, "title": "Sonnenkorn"} for place in Face.places))
    with SUITE.stage([]) as stage, pytest.raises(AuthError, match="accounts/1001/locations/2002"):
        business(stage, location="Sonnenkorn").resolve()


def test_a_name_must_be_looked_up_before_the_first_poll() -> None:
    with SUITE.stage([]) as stage:
        SUITE.failure(stage, AuthError, location="Sonnenkorn")
        assert stage.requests() == []


@pytest.mark.parametrize("location", ["https://maps.app.goo.gl/abc", ""])
def test_what_cannot_be_a_place_is_refused(location: str) -> None:
    with pytest.raises(ValidationError, match="location"):
        GoogleBusinessSettings.model_validate({"credentials": "{}", "location": location})
