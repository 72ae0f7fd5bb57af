"""Which mentions are worth an answer, and which first."""

from typing import Any

import pytest

from listener.digest.answers import asks, reasons, worth_answering
from listener.digest.data import Reason

ROW: dict[str, Any] = {
    "platform": "mastodon", "platform_id": "1", "kind": "post", "duplicate_of": None, "title": None,
    "text": "Brot", "stance": "indifferent", "sentiment_label": "neutral", "rating": None, "views": None,
    "author_followers": None, "engagement": None, "published_at": "2026-11-21T09:00:00Z",
}  # fmt: skip
LOUD, COMPLAINT, QUESTION = Reason


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ()),
        ({"sentiment_label": "positive"}, ()),
        ({"sentiment_label": None, "stance": None}, ()),
        ({"sentiment_label": "negative"}, (COMPLAINT,)),
        ({"sentiment_label": "negative", "stance": "promoting"}, ()),
        ({"stance": "detracting"}, (COMPLAINT,)),
        ({"stance": "detracting", "author_followers": 999, "views": 999}, (COMPLAINT,)),
        ({"stance": "detracting", "author_followers": 1000}, (LOUD,)),
        ({"stance": "detracting", "views": 1000}, (LOUD,)),
        ({"sentiment_label": "negative", "author_followers": 1000}, (COMPLAINT,)),
        ({"rating": 2.0}, (COMPLAINT,)),
        ({"rating": 2.5}, ()),
        ({"text": "Habt ihr offen?"}, (QUESTION,)),
        ({"title": "Habt ihr offen?"}, (QUESTION,)),
        ({"text": "Habt ihr offen?", "rating": 1.0}, (COMPLAINT, QUESTION)),
        ({"text": "Habt ihr offen?", "stance": "detracting", "views": 5000}, (LOUD, QUESTION)),
        ({"text": "Habt ihr offen?", "kind": "article"}, ()),
        ({"text": "Habt ihr offen?", "duplicate_of": 7}, ()),
    ],
)
def test_reasons(fields: dict[str, Any], expected: tuple[Reason, ...]) -> None:
    assert reasons(ROW | fields) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Offen?",
        "Was soll „das“ ?",
        "weiß jemand, wann die öffnen",
        "does anyone know a bakery",
        "開いてますか\uff1f",
    ],
)
def test_questions(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["Brot.", "https://a.example/?q=brot", "www.a.example/s?x", "???", "Das weiß ich."]
)
def test_no_questions(text: str) -> None:
    assert not asks(text)


def test_the_most_urgent_first() -> None:
    rows = [
        ROW | {"platform_id": "question", "text": "Offen?", "views": 90_000},
        ROW | {"platform_id": "late", "rating": 1.0, "published_at": "2026-11-21T10:00:00Z"},
        ROW | {"platform_id": "early", "rating": 1.0},
        ROW
        | {"platform_id": "engaged", "rating": 1.0, "engagement": 3, "published_at": "2026-11-21T11:00:00Z"},
        ROW | {"platform_id": "seen", "rating": 1.0, "views": 10},
        ROW | {"platform_id": "loud", "stance": "detracting", "views": 2000},
        ROW | {"platform_id": "louder", "stance": "detracting", "author_followers": 3000},
    ]
    found = [row["platform_id"] for row, _ in worth_answering(rows)]
    assert found == ["louder", "loud", "seen", "engaged", "early", "late", "question"]
