"""Records of other programs as mentions: every way to write a number or a date, and what is none."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import parse_each
from connectors.mapping import Field, Mapper, at, moment
from storage.records import Author, Engagement, Kind, Mention

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MAPPER = Mapper(platform="webhook", origin="survey")


def mapped(record: Any, **changes: Any) -> Mention:
    return Mapper(**{"platform": "webhook", "origin": "survey", **changes}).mention(record, NOW)


def test_a_record_under_our_own_names_is_whole() -> None:
    record = {
        "id": 17,
        "text": " Das Brot war gut. ",
        "title": "Lob",
        "author": "Anna",
        "author_id": "a-1",
        "url": "https://example.org/17",
        "published_at": "2026-11-19T08:00:00+01:00",
        "rating": "4,5",
        "lang": "de-AT",
        "kind": "Comment",
        "thread_id": "t9",
        "likes": 3,
        "shares": "1.234",
        "comments": 0,
        "views": "12.0",
        "followers": 50.0,
    }
    assert set(record) == set(get_args(Field))
    assert mapped(record) == Mention(
        platform="webhook",
        platform_id="survey/17",
        kind=Kind.COMMENT,
        published_at=datetime(2026, 11, 19, 7, tzinfo=UTC),
        text="Das Brot war gut.",
        title="Lob",
        url="https://example.org/17",
        author=Author(platform_id="survey/a-1", handle="Anna", name="Anna", followers=50),
        lang="de",
        rating=4.5,
        thread_id="survey/t9",
        engagement=Engagement(likes=3, shares=1234, comments=0, views=12),
    )


def test_fields_stand_where_the_mapping_says() -> None:
    record = {"data": {"review.body": "x", "who": [{"name": "Anna"}], "n": 5}, "Datum": "22.11.2026"}
    mention = mapped(
        record,
        fields={"text": "data.n", "author": "data.who.0.name", "published_at": "Datum", "title": "data.none"},
        zone=BERLIN,
    )
    assert (mention.text, mention.title) == ("5", None)
    assert mention.author == Author(platform_id="survey/Anna", handle="Anna", name="Anna")
    assert mention.published_at == datetime(2026, 11, 21, 23, tzinfo=UTC)
    assert at(record["data"], "review.body") == "x"
    assert at(record, "data.who.1.name") is None


def test_what_is_not_there_is_unknown_not_zero() -> None:
    for nothing in ({}, dict.fromkeys(get_args(Field)), dict.fromkeys(get_args(Field), " ")):
        mention = mapped({**nothing, "text": "Brot", "likes": float("nan")})
        assert mention.engagement == Engagement()
        assert (mention.rating, mention.author, mention.title, mention.url, mention.lang) == (None,) * 5
        assert mention.published_at == NOW


def test_without_an_id_the_content_is_the_id() -> None:
    first = mapped({"text": "Brot", "stars": [1, {"b": 2, "a": "ü"}]})
    again = mapped({"stars": [1, {"a": "ü", "b": 2}], "text": "Brot"})
    assert first == again
    assert first.platform_id.startswith("survey/")
    assert mapped({"text": "Brot!"}).platform_id != first.platform_id
    assert mapped({"text": "Brot"}, origin="shop").platform_id != mapped({"text": "Brot"}).platform_id


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-22T13:05:00.000Z", datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        ("2026-11-22T13:05:00+02:00", datetime(2026, 11, 22, 11, 5, tzinfo=UTC)),
        ("2026-11-22 13:05", datetime(2026, 11, 22, 12, 5, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("20261122", datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("22.11.2026", datetime(2026, 11, 21, 23, tzinfo=UTC)),
        ("2.7.2026 13:05", datetime(2026, 7, 2, 11, 5, tzinfo=UTC)),
        ("22.11.2026, 13:05:30", datetime(2026, 11, 22, 12, 5, 30, tzinfo=UTC)),
        (1795352700, datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        ("1795352700", datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        (1795352700000, datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        ("1795352700000", datetime(2026, 11, 22, 13, 5, tzinfo=UTC)),
        (1795352700.5, datetime(2026, 11, 22, 13, 5, 0, 500000, tzinfo=UTC)),
        (date(2026, 11, 22), datetime(2026, 11, 21, 23, tzinfo=UTC)),
        (datetime(2026, 11, 22, 13, 5, tzinfo=timezone(timedelta(hours=5))), datetime(2026, 11, 22, 8, 5, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates(written: Any, meant: datetime) -> None:
    assert moment(written, BERLIN) == meant


@pytest.mark.parametrize(
    ("rating", "scale", "stars"),
    [
        (10, (1, 10), 5),
        (1, (1, 10), 1),
        ("5,5", (1, 10), 3),
        (0, (0, 100), 1),
        (75, (0, 100), 4),
        (1, (6, 1), 5),
        (6, (6, 1), 1),
        ("3", (1, 5), 3),
        ("4,1", (1, 5), 4.1),
        (Decimal("4.5"), (1, 5), 4.5),
    ],
)
def test_ratings_are_mapped_onto_five_stars(rating: Any, scale: tuple[float, float], stars: float) -> None:
    assert mapped({"text": "x", "rating": rating}, scale=scale).rating == stars


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ([], "a record must be an object with fields, not a list"),
        ("Brot", "a record must be an object with fields, not a text"),
        (None, "a record must be an object with fields, not nothing"),
        ({"id": 1}, "a mention needs a text or a title"),
        ({"text": ["Brot"]}, "text is no text but a list"),
        ({"text": "x", "id": True}, "id is no text but true or false"),
        ({"text": "x", "id": {}}, "id is no text but an object"),
        ({"text": "x", "likes": "many"}, "likes is no number: 'many'"),
        ({"text": "x", "likes": 1.5}, "likes is no whole number: 1.5"),
        ({"text": "x", "likes": True}, "likes is no number: 'True'"),
        ({"text": "x", "likes": 10**30}, "likes is no count"),
        ({"text": "x", "rating": "5 stars"}, "rating is no number: '5 stars'"),
        ({"text": "x", "rating": 7}, "rating 7.0 is not within 1 to 5 stars"),
        ({"text": "x", "published_at": "gestern"}, "published_at is no date: 'gestern'"),
        ({"text": "x", "published_at": "11/22/2026"}, "published_at is no date"),
        ({"text": "x", "published_at": "31.02.2026"}, "published_at is no date"),
        ({"text": "x", "published_at": [2026]}, "published_at is no date but a list"),
        ({"text": "x", "published_at": False}, "published_at is no date but true or false"),
        ({"text": "x", "kind": "letter"}, "'letter' is not a valid Kind"),
    ],
)
def test_what_cannot_be_mapped_is_named(record: Any, named: str) -> None:
    with pytest.raises(ValueError, match="^" + named.replace("(", r"\(")):
        mapped(record)


def test_only_addresses_of_the_web_are_kept() -> None:
    assert mapped({"text": "x", "url": "javascript:alert(1)"}).url is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(get_args(Field), JSON)) | JSON, max_size=4))
def test_whatever_comes_is_a_mention_or_a_reject(records: list[Any]) -> None:
    mentions, rejects = parse_each(records, lambda record: MAPPER.mention(record, NOW))
    assert len(mentions) + len(rejects) == len(records)
