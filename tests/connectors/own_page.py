"""What stands on a page of one's own, for the tests of the platforms that have such."""

from datetime import datetime
from typing import Any

from listener.sandbox.world import Post
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW


def entry(platform: str, number: int, at: datetime = NOW - HOUR, **changes: Any) -> Post:
    """A post of a person, with seven likes and three comments."""
    values: dict[str, Any] = {
        "id": number,
        "platform": platform,
        "kind": Kind.POST,
        "published_at": at,
        "author": "ada",
        "text": f"entry {number}",
        "likes": 7,
        "comments": 3,
    }
    return Post(**{**values, **changes})
