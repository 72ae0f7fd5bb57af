"""App Store Connect: the contract, the signed token, and names of apps."""

import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.appstore_connect import AppStoreConnect, AppStoreConnectSettings, parse
from connectors.base import Connector
from connectors.errors import AuthError, RetryLater
from listener.sandbox.platforms.appstore_connect import AppStoreConnect as Face
from listener.sandbox.server import Weather
from listener.sandbox.world import World
from storage.records import Kind
from tests.connectors import keys
from tests.connectors.contract import ContractSuite, Stage
from tests.connectors.contract.suite import MARKER


class Signed(Face):
    """Holds the public key of the key that the tests sign with."""

    def __init__(self, world: World) -> None:
        super().__init__(world, public_key=keys.ec_pair()[1])


class TestContract(ContractSuite):
    connector = AppStoreConnect
    face = Signed
    kind = Kind.REVIEW
    queries = ()
    late = timedelta(hours=24)

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "base_url": url,
            "app_id": Face.app_id,
            "issuer_id": Face.issuer_id,
            "key_id": Face.key_id,
            "page_size": self.page_size,
        }

    def make(self, values: Mapping[str, Any]) -> Connector:
        return super().make({"private_key": keys.ec_pair()[0], **values})

    def large(self) -> dict[str, Any]:
        return {"page_size": 200}

    def spoil(self, body: Any) -> Any:
        del body["data"][0]["attributes"]["createdDate"]
        return body


SUITE = TestContract()
KEY = {"issuer_id": "i", "key_id": "k", "private_key": "p"}


def connector(stage: Stage, **changes: Any) -> AppStoreConnect:
    made = stage.connector(**changes)
    assert isinstance(made, AppStoreConnect)
    return made


def test_a_key_written_in_one_line_signs_as_well() -> None:
    with SUITE.stage(SUITE.hourly(2)) as stage:
        assert stage.poll(private_key=keys.ec_pair()[0].replace("\n", "\\n")).numbers == {1, 2}


@pytest.mark.parametrize("change", [{"key_id": "ANOTHER"}, {"issuer_id": "another"}])
def test_a_token_signed_for_others_is_refused(change: dict[str, str]) -> None:
    with SUITE.stage([]) as stage:
        SUITE.failure(stage, AuthError, **change)


@pytest.mark.parametrize("key", [MARKER, "", keys.ec_pair()[0][:90] + MARKER, keys.rsa_pair()[0]])
def test_a_broken_key_is_told_in_one_line_without_the_key(key: str) -> None:
    with SUITE.stage([]) as stage:
        told = SUITE.failure(stage, AuthError, private_key=key)
        assert "private_key" in str(told)
        whole = "".join(traceback.format_exception(told))
        assert MARKER not in whole
        assert not key[40:80] or key[40:80] not in whole
        assert stage.requests() == []


def test_the_next_page_is_asked_of_our_own_host() -> None:
    """Apple's links name Apple's host, which a test, or somebody's proxy, must not be sent to."""
    with SUITE.stage(SUITE.hourly(12)) as stage:
        assert stage.poll().numbers == set(range(1, 13))
        targets = [request.target for request in stage.requests()]
    assert len(targets) == 3
    assert all(
        target.startswith(f"/v1/apps/{Face.app_id}/customerReviews?sort=-createdDate") for target in targets
    )


def test_a_link_to_the_same_page_ends_the_poll() -> None:
    def turned(body: Any) -> Any:
        body["links"]["next"] = body["links"]["self"]
        return body

    with SUITE.stage(SUITE.hourly(12)) as stage:
        stage.weather(Weather(change=turned))
        SUITE.failure(stage, RetryLater)


def test_nothing_is_gone_when_the_app_itself_is() -> None:
    with SUITE.stage(SUITE.hourly(3)) as stage:
        ids = [one.platform_id for one in stage.poll().mentions]
        stage.weather(Weather(status=404))
        with pytest.raises(RetryLater):
            stage.refresh(ids)


def test_what_apple_leaves_out_is_unknown() -> None:
    said = {"rating": 4, "title": None, "body": "Gut", "createdDate": "2026-11-15T08:10:34-08:00"}
    review = parse({"id": "r", "attributes": said}, "https://apps.apple.com/app/id1")
    assert (review.author, review.title, review.rating, review.lang) == (None, None, 4, None)
    assert review.published_at.isoformat() == "2026-11-15T16:10:34+00:00"


@pytest.mark.parametrize(("state", "answered"), [("PUBLISHED", True), ("PENDING_PUBLISH", False)])
def test_a_response_counts_once_it_is_published(state: str, answered: bool) -> None:
    said = {"rating": 4, "body": "Gut", "createdDate": "2026-11-15T08:10:34-08:00"}
    response = {"state": state, "lastModifiedDate": "2026-11-16T08:10:34-08:00"}
    review = parse({"id": "r", "attributes": said, "response": response}, "https://apps.apple.com/app/id1")
    assert (review.answered, review.answered_at is not None) == (answered, answered)


@pytest.mark.parametrize("name", ["sonnenkorn pro", "example.pro"])
def test_a_name_is_looked_up(name: str) -> None:
    with SUITE.stage([]) as stage:
        assert connector(stage, app_id=name).resolve() == {"app_id": "1000000002"}
        assert connector(stage).resolve() == {}


def test_a_name_that_no_app_has() -> None:
    with SUITE.stage([]) as stage:
        with pytest.raises(AuthError, match="there are: Sonnenkorn"):
            connector(stage, app_id="Brotbote").resolve()
        SUITE.failure(stage, AuthError, app_id="Brotbote")


@pytest.mark.parametrize("given", [1234567, "1234567", "https://apps.apple.com/de/app/brot/id1234567?l=en"])
def test_an_app_id_may_be_its_pages_address(given: object) -> None:
    assert AppStoreConnectSettings.model_validate({"app_id": given, **KEY}).app_id == "1234567"


def test_an_address_without_a_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="app_id"):
        AppStoreConnectSettings.model_validate({"app_id": "https://apps.apple.com/de/genre", **KEY})
