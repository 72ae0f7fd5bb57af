"""Hacker News: the contract, and what is special about its search."""

from datetime import timedelta
from typing import Any

from connectors.hackernews import HackerNews
from listener.sandbox.platforms.hackernews import HackerNews as Face
from tests.connectors.contract import ContractSuite


class TestContract(ContractSuite):
    connector = HackerNews
    face = Face
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def spoil(self, body: Any) -> Any:
        del body["hits"][0]["created_at_i"]
        return body
