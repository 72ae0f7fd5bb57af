"""Mastodon through Mastodon.py: over the sandbox, and over recorded answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.mastodon import Mastodon
from listener.sandbox.platforms import mastodon as face
from tests.connectors.contract import ContractSuite


class TestMastodon(ContractSuite):
    connector = Mastodon
    face = face.Mastodon
    queries = ()
    tags = ("brotwerk",)
    listing = "/timelines/"
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def spoil(self, body: Any) -> Any:
        if body:  # below the last page stands an empty one
            del body[0]["created_at"]
        return body

    def patience(self) -> dict[str, str]:
        reset = datetime.now(UTC) + timedelta(seconds=7)
        return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset.isoformat().replace("+00:00", "Z")}
