"""Feeds: the contract, and what feeds do to those who read them."""

import re
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import responses
from pydantic import ValidationError

from connectors.base import Watch
from connectors.errors import AuthError, RetryLater
from connectors.rss import Rss, RssSettings
from listener.sandbox.platforms.rss import Rss as Face
from listener.sandbox.server import Weather
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled


class TestContract(ContractSuite):
    connector = Rss
    face = Face
    kind = Kind.ARTICLE
    channel = "news"
    queries = ()
    many_pages = False

    def settings(self, url: str) -> dict[str, Any]:
        return {"feeds": (f"{url}/news.xml",)}

    def spoil(self, body: Any) -> Any:
        return re.sub("<pubDate>.*?</pubDate>", "", body, count=1)
