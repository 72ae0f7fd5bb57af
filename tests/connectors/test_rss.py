"""Feeds: the contract, and what feeds do to those who read them."""

import re
from typing import Any

from connectors.rss import Rss
from listener.sandbox.platforms.rss import Rss as Face
from storage.records import Kind
from tests.connectors.contract import ContractSuite


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
