"""A mention that the database could not keep whole is refused where it is made, so it becomes a reject."""

from datetime import UTC, datetime
from typing import Any

import pytest

from storage.records import Author, Engagement, Kind, Label, Mention, Score

WHOLE: dict[str, Any] = {
    "platform": "reddit",
    "platform_id": "t3_1",
    "kind": Kind.POST,
    "published_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
    "text": "x",
}


@pytest.mark.parametrize(
    "change",
    [
        {"platform_id": ""},
        {"platform_id": 7},
        {"text": ""},
        {"text": {"de": "x"}},
        {"url": ["x"]},
        {"rating": 0},
        {"answered": 1},
        {"answered_at": datetime(2026, 11, 20, tzinfo=UTC)},
        {"answered": False, "answered_at": datetime(2026, 11, 20, tzinfo=UTC)},
        {"answered_at": datetime(2026, 11, 20), "answered": True},  # noqa: DTZ001 - the lack of a zone is the point
        {"published_at": None},
        {"published_at": datetime(2026, 11, 20)},  # noqa: DTZ001 - the lack of a zone is the point
        {"published_at": datetime(1, 1, 1, tzinfo=UTC)},
        {"published_at": datetime.max.replace(tzinfo=UTC)},
    ],
    ids=str,
)
def test_half_a_mention_is_refused(change: dict[str, Any]) -> None:
    assert Mention(**WHOLE).text == "x"
    with pytest.raises(ValueError, match=next(iter(change)).partition("_")[0]):
        Mention(**{**WHOLE, **change})


@pytest.mark.parametrize("count", ["3", 2.5, True, 2**62])
def test_what_is_no_count_is_refused(count: Any) -> None:
    with pytest.raises(ValueError, match="is no count"):
        Engagement(likes=count)
    with pytest.raises(ValueError, match="is no count"):
        Author(platform_id="1", followers=count)
    assert Engagement(likes=-4).likes == -4


def test_the_most_probable_class_is_the_label_and_neutral_wins_a_tie() -> None:
    assert Score(p_negative=0.6, p_neutral=0.3, p_positive=0.1).label is Label.NEGATIVE
    assert Score(p_negative=0.4, p_neutral=0.4, p_positive=0.2).label is Label.NEUTRAL
    assert Score(p_negative=0.25, p_neutral=0.0, p_positive=0.75).value == 0.5


@pytest.mark.parametrize("nobody", [None, ""])
def test_an_author_without_an_id_is_nobody(nobody: Any) -> None:
    with pytest.raises(ValueError, match="an author needs a platform_id"):
        Author(platform_id=nobody, name="Anna")
