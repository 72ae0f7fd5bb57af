"""Walks over a listing of tokens, on lists instead of a platform."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from connectors.base import Watch
from connectors.errors import RetryLater
from connectors.listing import Listing, StaleTokenError
from storage.records import Kind, Mention

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SIZE = 4


def listing(hours: list[float], **changes: Any) -> tuple[Listing, list[str | None]]:
    """Records that many hours old, in pages of four; and the tokens as they are asked for."""
    asked: list[str | None] = []

    def fetch(token: str | None) -> tuple[list[float], str | None]:
        asked.append(token)
        start = int(token or 0)
        return hours[start : start + SIZE], str(start + SIZE) if start + SIZE < len(hours) else None

    values = {"name": "Board", "fetch": fetch, "parse": parse, "overlap": 0, **changes}
    return Listing(**values), asked


def parse(age: float) -> Mention:
    at = NOW - age * HOUR
    return Mention(platform="board", platform_id=str(age), kind=Kind.REVIEW, published_at=at, text="entry")


def watch(later: timedelta = timedelta(0)) -> Watch:
    return Watch(since=NOW - 48 * HOUR, now=NOW + later)


def test_one_absurd_date_does_not_end_a_walk() -> None:
    board, asked = listing([1, 2, 9000, 3, 4, 5, 6, 7])
    assert sum(len(page.mentions) for page in board.poll(watch(), None)) == 8
    assert asked == [None, "4"]


def test_records_stand_where_they_were_changed_last() -> None:
    """A page full of old records that were edited just now is not the end."""

    def edited(age: float) -> Mention:
        if age < 50:
            return parse(age)
        return replace(parse(age), edited_at=NOW - HOUR)

    board, _ = listing([100, 101, 102, 103, 2, 3], parse=edited)
    assert sum(len(page.mentions) for page in board.poll(watch(), None)) == 6


def test_the_whole_listing_is_walked_when_that_is_due_and_not_before() -> None:
    board, asked = listing([float(age) for age in range(12)], again=timedelta(hours=6))
    cursor = list(board.poll(watch(), None))[-1].cursor
    for later, pages in ((1, 1), (5, 1), (7, 4), (8, 1), (14, 4)):
        asked.clear()
        cursor = list(board.poll(watch(later * HOUR), cursor))[-1].cursor
        assert len(asked) <= pages + 1, later
        assert (len(asked) >= 4) == (pages == 4), later


def test_without_a_reason_it_is_never_walked_again() -> None:
    board, asked = listing([float(age) for age in range(12)])
    cursor = list(board.poll(watch(), None))[-1].cursor
    asked.clear()
    list(board.poll(watch(400 * HOUR), cursor))
    assert len(asked) <= 2


def test_a_stale_token_begins_its_walk_again_once() -> None:
    board, _ = listing([float(age) for age in range(12)])
    (first,) = islice(board.poll(watch(), None), 1)

    def refuse(_token: str | None) -> Any:
        raise StaleTokenError

    with pytest.raises(RetryLater, match="Board refuses"):
        list(listing([], fetch=refuse)[0].poll(watch(), first.cursor))


@pytest.mark.parametrize("after", [5, True, ["next"], {"next": 1}])
def test_what_is_no_token_is_not_stored(after: Any) -> None:
    board, _ = listing([], fetch=lambda token: ([1.0], after))
    with pytest.raises(RetryLater, match="no token"):
        list(board.poll(watch(), None))


def test_a_page_that_follows_itself_ends_the_poll() -> None:
    board, _ = listing([], fetch=lambda token: ([1.0], "same"))
    with pytest.raises(RetryLater, match="this page"):
        list(islice(board.poll(watch(), None), 5))


def test_what_is_missing_is_gone_only_while_the_listing_stands() -> None:
    board, _ = listing([1.0])
    assert [page.gone for page in board.reread(["1.0", "x"], {"1.0": 1.0}.get)] == [(), ["x"]]

    def away(_token: str | None) -> Any:
        raise RetryLater("404")

    pages = listing([], fetch=away)[0].reread(["x"], lambda one: None)
    with pytest.raises(RetryLater):
        list(pages)


def test_a_listing_of_another_shape_proves_nothing() -> None:
    pages = listing([], fetch=lambda token: [].gone)[0].reread(["x"], lambda one: None)  # type: ignore[attr-defined]  # on purpose
    with pytest.raises(RetryLater, match="Board"):
        list(pages)
