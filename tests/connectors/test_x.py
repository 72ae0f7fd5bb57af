"""X through tweepy: over the sandbox, and over recorded answers."""

import time
from datetime import timedelta
from typing import Any

from connectors.x import X
from listener.sandbox.platforms import x as face
from tests.connectors.contract import ContractSuite


class TestX(ContractSuite):
    connector = X
    face = face.X
    page_size = 10
    late = timedelta(minutes=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def spoil(self, body: Any) -> Any:
        del body["data"][0]["text"]
        return body

    def patience(self) -> dict[str, str]:
        return {"x-rate-limit-reset": str(int(time.time()) + 7)}
