"""Trustpilot: the contract, names, and what its documentation says of a review."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.base import Allowance, Watch
from connectors.errors import AuthError, RetryLater
from connectors.trustpilot import Trustpilot, TrustpilotSettings, parse
from listener.sandbox.platforms import trustpilot as face
from listener.sandbox.server import Request, Sandbox
from listener.sandbox.world import World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled


class TestTrustpilot(ContractSuite):
    connector = Trustpilot
    face = face.Trustpilot
    kind = Kind.REVIEW
    queries = ()
    late = timedelta(hours=24)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": f"{url}/v1", "business_unit": face.UNIT, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        if body["reviews"]:  # below the last page stands an empty one
            del body["reviews"][0]["createdAt"]
        return body


@contextmanager
def sandbox(count: int = 1) -> Iterator[tuple[World, Sandbox]]:
    world = World(TestTrustpilot().hourly(count), NOW)
    with Sandbox(world, [face.Trustpilot(world)]) as running:
        yield world, running


def trustpilot(running: Sandbox, **changes: Any) -> Trustpilot:
    base_url = f"{running.url('trustpilot')}/v1"
    given = {"base_url": base_url, "api_key": "k3y", "business_unit": face.UNIT, "pause": 0}
    return Trustpilot(TrustpilotSettings(**{**given, **changes}))


def documented(**changes: Any) -> dict[str, Any]:
    """A review as the sandbox shows it, changed."""
    platform = face.Trustpilot(World(TestTrustpilot().hourly(1), NOW))
    answer = platform.answer(Request("GET", f"/v1/reviews/{1:024x}", {"apikey": "k"}))
    return {**answer.body, **changes}


def test_a_review_with_all_it_says() -> None:
    review = parse(documented(stars=2, language="da", updatedAt="2026-11-20T11:30:00Z"))
    assert (review.kind, review.rating, review.lang) == (Kind.REVIEW, 2.0, "da")
    assert (review.title, review.engagement.likes) == ("Brotwerk title", 201)
    assert review.url == f"https://www.trustpilot.com/reviews/{1:024x}"
    assert review.edited_at == NOW - HOUR / 2
    assert review.author is not None
    assert review.author.name == "author1"


def test_what_may_be_missing() -> None:
    bare = documented(title=None, updatedAt=None)
    del bare["numberOfLikes"], bare["language"]
    review = parse(bare)
    assert (review.title, review.lang, review.edited_at, review.engagement.likes) == (None, None, None, None)


def test_times_without_a_zone_are_utc() -> None:
    assert parse(documented(createdAt="2026-11-20T12:00:00")).published_at == NOW


def test_the_key_is_in_no_address_and_the_private_listing_is_left_alone() -> None:
    with sandbox(12) as (_, running):
        watch = Watch(since=SINCE, now=NOW)
        polled = Polled().take(trustpilot(running, page_size=5).poll(watch, None))
        list(trustpilot(running).refresh([polled.id_of(1)], Allowance()))
        with pytest.raises(AuthError):
            list(trustpilot(running, api_key=face.WRONG).poll(watch, None))
        seen = running.requests("trustpilot")
    assert len(seen) == 6
    assert not any("k3y" in request.target or "private" in request.target for request in seen)


def test_a_wrong_address_deletes_nothing() -> None:
    with sandbox() as (_, running):
        lost = trustpilot(running, base_url=running.url("trustpilot"))
        with pytest.raises(RetryLater, match="check the address"):
            list(lost.refresh([f"{1:024x}"], Allowance()))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (face.UNIT, face.UNIT),
        ("Brotwerk.example", "Brotwerk.example"),
        ("https://de.trustpilot.com/review/www.brotwerk.example?languages=all", "www.brotwerk.example"),
        ("https://www.trustpilot.com/review/Brotwerk.example", "brotwerk.example"),
        ("https://brotwerk.example/about", "brotwerk.example"),
    ],
)
def test_a_business_by_address(given: str, kept: str) -> None:
    settings = TrustpilotSettings(api_key="k", business_unit=given)
    assert settings.business_unit == kept


@pytest.mark.parametrize("given", ["", "Brotwerk", "brotwerk.example/../../private"])
def test_what_is_no_business(given: str) -> None:
    with pytest.raises(ValidationError):
        TrustpilotSettings(api_key="k", business_unit=given)


def test_a_domain_is_looked_up() -> None:
    with sandbox() as (_, running):
        named = trustpilot(running, business_unit=face.DOMAIN)
        with pytest.raises(AuthError, match="listener check"):
            list(named.poll(Watch(since=SINCE, now=NOW), None))
        assert running.requests("trustpilot") == []
        assert named.resolve() == {"business_unit": face.UNIT}
        assert trustpilot(running).resolve() == {}


def test_what_comes_close_to_a_domain_nobody_has() -> None:
    with sandbox() as (_, running):
        with pytest.raises(AuthError, match=f"close to it: {face.DOMAIN}"):
            trustpilot(running, business_unit="www.brotwerk.test").resolve()
        with pytest.raises(AuthError, match=r"domain nobody\.test$"):
            trustpilot(running, business_unit="nobody.test").resolve()


@pytest.mark.parametrize("query", ["perPage=101", "page=0", "orderBy=newest", "colour=red"])
def test_the_sandbox_refuses_what_is_not_documented(query: str) -> None:
    request = Request("GET", f"/v1/business-units/{face.UNIT}/reviews?{query}", {"apikey": "k"})
    assert face.Trustpilot(World([], NOW)).answer(request).status == 400
