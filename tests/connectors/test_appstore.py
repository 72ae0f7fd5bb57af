"""App Store: the contract, and the traps of its feed."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.appstore import AppStore
from connectors.errors import RetryLater
from listener.sandbox.platforms.appstore import AppStore as Face
from listener.sandbox.server import Weather
from listener.sandbox.world import World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, ContractSuite, Polled


class SmallPages(Face):
    def __init__(self, world: World) -> None:
        super().__init__(world, page_size=TestContract.page_size)


class TestContract(ContractSuite):
    connector = AppStore
    face = SmallPages
    kind = Kind.REVIEW
    channel = "de"
    queries = ()
    late = timedelta(hours=12)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "app_id": Face.app_id}

    def spoil(self, body: Any) -> Any:
        if "entry" in body["feed"]:
            del body["feed"]["entry"][0]["updated"]
        return body
