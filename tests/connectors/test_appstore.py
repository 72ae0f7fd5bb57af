"""App Store: the contract, and the traps of its feed."""

from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
import requests
from pydantic import ValidationError

from connectors.appstore import AppStore, AppStoreSettings
from connectors.errors import AuthError, RetryLater
from listener.sandbox.platforms.appstore import AppStore as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, ContractSuite, Polled, Stage


class SmallPages(Face):
    def __init__(self, world: World) -> None:
        super().__init__(world, page_size=ContractSuite.page_size)


class TestContract(ContractSuite):
    connector = AppStore
    face = SmallPages
    kind = Kind.REVIEW
    channel = "de"
    queries = ()
    late = timedelta(hours=24)
    deep = 10 * ContractSuite.page_size  # the feed shows ten pages

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "app_id": Face.app_id}

    def spoil(self, body: Any) -> Any:
        if "entry" in body["feed"]:
            del body["feed"]["entry"][0]["updated"]
        return body


def two_stores(count: int) -> list[Post]:
    suite = TestContract()
    return [
        suite.post(number, NOW - number * HOUR, channel=("de", "at")[number % 2])
        for number in range(1, count + 1)
    ]


def without_links(body: Any) -> Any:
    return {"feed": {name: value for name, value in body["feed"].items() if name not in {"link", "entry"}}}


def without_entries(body: Any) -> Any:
    return {"feed": {name: value for name, value in body["feed"].items() if name != "entry"}}


def with_the_app_itself(body: Any) -> Any:
    body["feed"]["entry"] = [{"im:name": {"label": "Brotwerk"}}, body["feed"]["entry"]]
    return body


def stage_of(posts: list[Post]) -> Any:
    return TestContract().stage(posts)


def test_a_single_review_is_read_with_all_it_says() -> None:
    with stage_of([TestContract().post(7, NOW - HOUR, likes=12, rating=2)]) as stage:
        polled = stage.poll()
    (review,) = polled.mentions
    assert (review.kind, review.rating, review.engagement.likes) == (Kind.REVIEW, 2.0, 12)
    assert (review.platform_id, review.lang, review.engagement.comments) == ("7", None, None)
    assert review.author.name == "author7"
    assert review.author.platform_id.isdigit()


def test_the_app_itself_is_no_review() -> None:
    with stage_of([TestContract().post(1, NOW - HOUR)]) as stage:
        stage.sandbox.weather("appstore", Weather(change=with_the_app_itself, only="page=1/"))
        polled = stage.poll()
    assert (len(polled.mentions), polled.rejects) == (1, [])


def test_an_unknown_app_is_told_after_the_other_stores_were_read() -> None:
    with stage_of(two_stores(4)) as stage:
        stage.sandbox.weather("appstore", Weather(change=without_links, only="/at/"), times=9)
        polled = Polled()
        with pytest.raises(RetryLater, match=r"store of at: check app_id"):
            polled.take(stage.pages(countries=("at", "de")))
    assert polled.numbers == {2, 4}


def test_an_empty_page_is_not_yet_the_end() -> None:
    with stage_of(TestContract().hourly(12)) as stage:
        stage.sandbox.weather("appstore", Weather(change=without_entries, only="page=2/"), times=2)
        polled = stage.poll()
    assert polled.numbers == set(range(1, 13))


def test_every_store_gets_its_turn_when_each_poll_is_cut_off() -> None:
    with stage_of(two_stores(30)) as stage:
        polled = Polled()
        for _ in range(10):
            polled.take(islice(stage.pages(polled.cursor, countries=("de", "at")), 1))
    assert polled.numbers == set(range(1, 31))


def test_the_feed_ends_after_ten_pages() -> None:
    with stage_of(TestContract().hourly(60)) as stage:
        polled = stage.poll()
        assert polled.numbers == set(range(11, 61))
        assert _asked(stage)[-1].endswith(f"page=10/id={Face.app_id}/sortby=mostrecent/json")


def test_the_sandbox_refuses_what_the_feed_refuses() -> None:
    world = World([], NOW)
    with Sandbox(world, [Face(world)]) as sandbox:
        feed = f"{sandbox.url('appstore')}/de/rss/customerreviews"
        deep = requests.get(f"{feed}/page=11/id={Face.app_id}/sortby=mostrecent/json", timeout=5)
        unknown = requests.get(f"{feed}/page=1/id=5/sortby=mostrecent/json", timeout=5)
    assert (deep.status_code, deep.text) == (400, "CustomerReviews RSS page depth is limited to 10")
    assert unknown.status_code == 200
    assert [link["attributes"]["rel"] for link in unknown.json()["feed"]["link"]] == ["alternate"]


@pytest.mark.parametrize(
    "settings",
    [{"app_id": ""}, {"app_id": "https://apps.apple.com/de/"}, {"app_id": 5, "countries": ["Germany"]}],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AppStoreSettings(**settings)


@pytest.mark.parametrize(
    "given",
    [
        640199958,
        "640199958",
        "https://apps.apple.com/de/app/brotbote-brot-2/id640199958?l=en&platform=iphone",
        "https://itunes.apple.com/app/id640199958",
    ],
)
def test_an_app_is_known_by_number_or_address(given: Any) -> None:
    settings = AppStoreSettings.model_validate({"app_id": given, "base_url": "http://127.0.0.1:9"})
    assert settings.app_id == "640199958"
    assert AppStore(settings).resolve() == {}, "and no request is made for it"


@pytest.mark.parametrize(
    ("name", "found"), [("krustenhof", "1000000003"), ("brotbote brötchen", "1000000001")]
)
def test_a_name_is_looked_up(name: str, found: str) -> None:
    with stage_of([TestContract().post(1, NOW - HOUR)]) as stage:
        with pytest.raises(AuthError, match="`listener check` looks it up"):
            stage.poll(app_id=name)
        assert not _asked(stage)
        resolved = stage.connector(app_id=name, countries=("at", "de")).resolve()
        assert resolved == {"app_id": found}
        assert "country=at" in _asked(stage)[0]


@pytest.mark.parametrize(
    ("name", "told"),
    [("Brotbote", r"\(1000000001\), Brotbote Partner \(1000000002\)$"), ("Kuchen", "closest: none$")],
)
def test_a_name_of_several_apps_or_none_lists_what_comes_close(name: str, told: str) -> None:
    with stage_of([]) as stage, pytest.raises(AuthError, match=told):
        stage.connector(app_id=name).resolve()


def test_a_lookup_in_bad_weather() -> None:
    with stage_of([]) as stage:
        stage.sandbox.weather("appstore", Weather(change=lambda _: {"results": [None]}))
        with pytest.raises(RetryLater):
            stage.connector(app_id="Krustenhof").resolve()


def _asked(stage: Stage) -> list[str]:
    return [request.target for request in stage.sandbox.requests("appstore")]
