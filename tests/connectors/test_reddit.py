"""Reddit through PRAW: over the sandbox, and over recorded answers."""

from typing import Any

from connectors.reddit import Reddit
from listener.sandbox.platforms import reddit as face
from tests.connectors.contract import ContractSuite


class TestReddit(ContractSuite):
    connector = Reddit
    face = face.Reddit
    channel = "baking"
    listing = "/search"
    late = Reddit.late if hasattr(Reddit, "late") else None

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "client_id": "app", "page_size": self.page_size}

    def spoil(self, body: Any) -> Any:
        del body["data"]["children"][0]["data"]["created_utc"]
        return body

    def patience(self) -> dict[str, str]:
        return {"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "600", "x-ratelimit-reset": "7"}
