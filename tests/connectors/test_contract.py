"""The contract, held against an honest connector, and each of its cases against one that is wrong."""

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
import requests
from pydantic import SecretStr

from connectors import base
from connectors.base import Page, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import Session, get_json, library_errors
from connectors.sweep import Sweep, Sweeps
from listener.sandbox.server import Answer, Request
from listener.sandbox.world import Post, World
from storage.records import Author, Engagement, Kind, Mention
from tests.connectors.contract import ContractSuite


class Board:
    """A platform with pages of posts and a key in the address."""

    name = "board"

    def __init__(self, world: World) -> None:
        self._world = world

    def answer(self, request: Request) -> Answer:
        if ids := request.arg("ids"):
            posts = [post for one in ids.split(",") if (post := self._world.get(int(one)))]
            return Answer(body={"posts": [record(post) for post in posts]})
        size, page = int(request.arg("size")), int(request.arg("page"))
        posts = self._world.posts(self.name)
        shown = posts[page * size : (page + 1) * size]
        return Answer(
            body={"posts": [record(post) for post in shown], "more": len(posts) > (page + 1) * size}
        )


def record(post: Post) -> dict[str, Any]:
    return {
        "id": post.id,
        "at": int(post.published_at.timestamp()),
        "by": post.author,
        "text": post.text,
        "likes": post.likes,
        "answered": post.answered_at and post.answered_at.isoformat(),
    }


class BoardSettings(base.Settings):
    base_url: str
    key: SecretStr
    page_size: int = 5


class Honest:
    """Keeps the contract; the wrong ones below change one thing each."""

    name = "board"
    about = base.About(sees="", needs="", costs="", limits="", terms="")
    Settings = BoardSettings
    gives = frozenset({"answers", "likes"})
    syntax = None
    match = "query"
    upkeep = base.Upkeep(batch=5)
    overlap = 3600

    def __init__(self, settings: BoardSettings) -> None:
        self.settings = settings
        self.session: requests.Session = Session(settings)

    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        sweeps = Sweeps(cursor, ["all"])
        sweep, now = sweeps["all"], int(watch.now.timestamp())
        floor = sweep.floor(int(watch.since.timestamp()), self.overlap)
        while True:
            number = int(sweep.at or 0)
            found = self.fetch(number)
            with self.shape():
                mentions, rejects = self.read(found["posts"])
                more = bool(found["more"])
            marks = [int(mention.published_at.timestamp()) for mention in mentions]
            ended = not more or self.reached(marks, floor)
            sweep = self.advance(sweep, marks, now, None if ended else number + 1)
            yield Page(mentions=mentions, rejects=rejects, cursor=sweeps.commit("all", sweep))
            if ended:
                return

    def refresh(self, ids: Sequence[str], allowance: base.Allowance) -> Iterator[Page]:  # noqa: ARG002 - costs no money
        found = self.again(ids)
        with self.shape():
            mentions, rejects = self.read(found["posts"])
        missing = set(ids) - {mention.platform_id for mention in mentions}
        yield Page(mentions=mentions, rejects=rejects, gone=sorted(missing))

    def again(self, ids: Sequence[str]) -> Any:
        return get_json(self.session, self.settings.base_url, "posts", params={"ids": ",".join(ids)})

    def shape(self) -> AbstractContextManager[None]:
        return library_errors("board", KeyError, TypeError)

    def fetch(self, number: int) -> Any:
        return get_json(self.session, self.settings.base_url, "posts", params=self.parameters(number))

    def parameters(self, number: int) -> dict[str, Any]:
        return {"size": self.settings.page_size, "page": number}

    def read(self, records: list[Any]) -> Any:
        return parse_each(records, self.parse)

    def reached(self, marks: list[int], floor: int) -> bool:
        return bool(marks) and max(marks) < floor

    def advance(self, sweep: Sweep, marks: list[int], now: int, at: int | None) -> Sweep:
        return sweep.advance(marks, now=now, at=at)

    def parse(self, record: Any) -> Mention:
        return Mention(
            platform=self.name,
            platform_id=str(record["id"]),
            kind=Kind.POST,
            published_at=datetime.fromtimestamp(record["at"], UTC),
            text=record["text"],
            url=f"https://board.example/{record['id']}",
            author=Author(platform_id=record["by"]),
            engagement=self.counts(record),
            **self.answer(record["answered"]),
        )

    def answer(self, at: str | None) -> dict[str, Any]:
        return {"answered": at is not None, "answered_at": datetime.fromisoformat(at) if at else None}

    def counts(self, record: Any) -> Engagement:
        return Engagement(likes=record["likes"])


class TestHonest(ContractSuite):
    connector = Honest
    face = Board
    late = timedelta(hours=1)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 500}

    def spoil(self, body: Any) -> Any:
        del body["posts"][0]["at"]
        return body


class ReadsOnePage(Honest):
    def reached(self, marks: list[int], floor: int) -> bool:  # noqa: ARG002 - as its base has it
        return True


class WalksAllHistory(Honest):
    def reached(self, marks: list[int], floor: int) -> bool:  # noqa: ARG002 - as its base has it
        return False


class TakesLocalTimeForUtc(Honest):
    def parse(self, record: Any) -> Mention:
        return super().parse({**record, "at": record["at"] + 3600})


class SaysZeroForUnknown(Honest):
    def counts(self, record: Any) -> Engagement:
        return Engagement(likes=record["likes"], shares=0, comments=0, views=0)


class TakesAnyTimeForTheAnswers(Honest):
    def parse(self, record: Any) -> Mention:
        mention = super().parse(record)
        return replace(mention, answered_at=mention.published_at if mention.answered else None)


class LooksForAnswersOnce(Honest):
    def again(self, ids: Sequence[str]) -> Any:
        return {"posts": [{**one, "answered": None} for one in super().again(ids)["posts"]]}


class NeedsSomethingToRead(Honest):
    def advance(self, sweep: Sweep, marks: list[int], now: int, at: int | None) -> Sweep:
        return super().advance(sweep, [max(marks)], now, at)


class InventsIds(Honest):
    def parse(self, record: Any) -> Mention:
        return super().parse({**record, "id": uuid.uuid4().hex})


class PassesWhatIsNotStored(Honest):
    """Its cursor says from the first page on that all below the newest post is done."""

    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        for page in super().poll(watch, cursor):
            sweep = page.cursor["sweeps"]["all"]  # type: ignore[index]  # its base always gives one
            sweep.update(done=sweep["done"] or sweep["top"], top=None, at=None)
            yield page


class SkipsAPageOnResume(Honest):
    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        for page in super().poll(watch, cursor):
            sweep = page.cursor["sweeps"]["all"]  # type: ignore[index]  # its base always gives one
            if sweep["at"] is not None:
                sweep["at"] += 1
            yield page


class TrustsItsClock(Honest):
    """Takes the time of the poll, not of the newest post, for what is done."""

    overlap = 0

    def advance(self, sweep: Sweep, marks: list[int], now: int, at: int | None) -> Sweep:
        return super().advance(sweep, [*marks, now], now, at)


class PollsOnlyOnce(Honest):
    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        if cursor is None:
            yield from super().poll(watch, cursor)


class StartsOver(Honest):
    """Gives a cursor only at the end of a sweep."""

    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        for page in super().poll(watch, cursor):
            running = page.cursor["sweeps"]["all"]["at"] is not None  # type: ignore[index]  # its base always gives one
            yield Page(mentions=page.mentions, cursor=None if running else page.cursor)


class TellsPostsByTime(Honest):
    def read(self, records: list[Any]) -> Any:
        return super().read(list({record["at"]: record for record in records}.values()))


class WantsStrictlyNewer(Honest):
    overlap = 0

    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        done = Sweeps(cursor, ["all"])["all"].done or 0
        for page in super().poll(watch, cursor):
            newer = [mention for mention in page.mentions if mention.published_at.timestamp() > done]
            yield Page(mentions=newer, cursor=page.cursor)


class FollowsTheFuture(Honest):
    def advance(self, sweep: Sweep, marks: list[int], now: int, at: int | None) -> Sweep:  # noqa: ARG002 - as its base has it
        return sweep.advance(marks, now=10**12, at=at)


class CallsARefusalPatience(Honest):
    def fetch(self, number: int) -> Any:
        try:
            return super().fetch(number)
        except AuthError as error:
            raise RetryLater(str(error)) from error


class ForgetsHowLong(Honest):
    def fetch(self, number: int) -> Any:
        try:
            return super().fetch(number)
        except RetryLater as error:
            raise RetryLater(str(error)) from error


class TriesAgainAtOnce(Honest):
    def fetch(self, number: int) -> Any:
        for _ in range(5):
            try:
                return super().fetch(number)
            except RetryLater:
                pass
        return super().fetch(number)


class SwallowsErrors(Honest):
    def fetch(self, number: int) -> Any:
        try:
            return super().fetch(number)
        except RetryLater:
            return {"posts": [], "more": False}


class UsesBareRequests(Honest):
    def fetch(self, number: int) -> Any:
        with requests.Session() as session:
            return session.get(f"{self.settings.base_url}/posts", params=self.parameters(number)).json()


class TrustsTheShape(Honest):
    def shape(self) -> AbstractContextManager[None]:
        return nullcontext()


class GivesUpAtABadRecord(Honest):
    def read(self, records: list[Any]) -> Any:
        try:
            return [self.parse(record) for record in records], []
        except KeyError:
            return [], []


class ReadsAllBeforeItYields(Honest):
    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        yield from list(super().poll(watch, cursor))


class PutsTheKeyIntoTheAddress(Honest):
    """Which the HTTP library then logs."""

    def parameters(self, number: int) -> dict[str, Any]:
        return {**super().parameters(number), "key": self.settings.key.get_secret_value()}


class PutsTheKeyIntoTheError(Honest):
    def fetch(self, number: int) -> Any:
        try:
            return super().fetch(number)
        except RetryLater as error:
            raise RetryLater(f"{error} for {self.settings.key.get_secret_value()}") from error


class WalksTheSamePageAgain(Honest):
    """Comes to the end of a short backlog, and never to that of a long one."""

    def advance(self, sweep: Sweep, marks: list[int], now: int, at: int | None) -> Sweep:
        return super().advance(sweep, marks, now, at if at is None else min(at, 15))


class NamesPostsByTheirPage(Honest):
    """One id on the way down, another in the next search."""

    def poll(self, watch: base.Watch, cursor: base.Cursor | None) -> Iterator[Page]:
        for query in watch.queries:
            for page in super().poll(watch, cursor):
                yield replace(
                    page,
                    mentions=[
                        replace(one, platform_id=f"{query} {one.platform_id}") for one in page.mentions
                    ],
                )


class RemembersWhatItSaw(Honest):
    """Shows a known post as it was."""

    seen: ClassVar[dict[str, Mention]] = {}

    def parse(self, record: Any) -> Mention:
        mention = super().parse(record)
        return self.seen.setdefault(f"{self.settings.base_url} {mention.platform_id}", mention)


class TakesTextForMarkup(Honest):
    def parse(self, record: Any) -> Mention:
        return super().parse({**record, "text": re.sub("[&<>].*", "", record["text"])})


class FindsAllGone(Honest):
    def again(self, ids: Sequence[str]) -> Any:
        try:
            return super().again(ids)
        except (AuthError, RetryLater):
            return {"posts": []}


class NeverNoticesDeletions(Honest):
    def refresh(self, ids: Sequence[str], allowance: base.Allowance) -> Iterator[Page]:
        for page in super().refresh(ids, allowance):
            yield replace(page, gone=())


class RefreshesHalfAPost(Honest):
    def refresh(self, ids: Sequence[str], allowance: base.Allowance) -> Iterator[Page]:
        for page in super().refresh(ids, allowance):
            yield replace(page, mentions=[replace(one, url=None) for one in page.mentions])


class PassesTheDoor(Honest):
    """Its requests are not seen by the meter, and it says no name."""

    def fetch(self, number: int) -> Any:
        answer = requests.get(f"{self.settings.base_url}/posts", params=self.parameters(number), timeout=5)
        return answer.json()


class BelievesAnyWait(Honest):
    """Takes the platform's word for how long, whatever it is."""

    def fetch(self, number: int) -> Any:
        answer = requests.get(f"{self.settings.base_url}/posts", params=self.parameters(number), timeout=5)
        if wait := answer.headers.get("Retry-After"):
            raise RetryLater("wait", after=timedelta(seconds=float(wait)))
        return answer.json()


WRONG: list[tuple[type[Honest], str, tuple[Any, ...]]] = [
    (ReadsOnePage, "test_first_poll_finds_every_post_since", ()),
    (WalksAllHistory, "test_first_poll_finds_every_post_since", ()),
    (TakesLocalTimeForUtc, "test_mentions_are_whole", ()),
    (SaysZeroForUnknown, "test_counts_are_true_or_unknown", ()),
    (NeedsSomethingToRead, "test_empty_listing", ()),
    (InventsIds, "test_polling_again_yields_nothing_new", ()),
    (PassesWhatIsNotStored, "test_cut_off_after_every_page", ()),
    (SkipsAPageOnResume, "test_cut_off_after_every_page", ()),
    (TrustsItsClock, "test_posts_arriving_between_pages", ()),
    (PollsOnlyOnce, "test_posts_arriving_between_polls", ()),
    (StartsOver, "test_backlog_of_many_pages_after_downtime", ()),
    (TellsPostsByTime, "test_equal_times_over_more_than_a_page", ()),
    (WantsStrictlyNewer, "test_tie_with_the_last_one_seen", ()),
    (WantsStrictlyNewer, "test_late_indexed_posts_are_found", ()),
    (FollowsTheFuture, "test_absurd_dates_break_nothing", ()),
    (CallsARefusalPatience, "test_refused", (403,)),
    (ForgetsHowLong, "test_asked_for_patience", ()),
    (TriesAgainAtOnce, "test_asked_for_patience_without_saying_how_long", ()),
    (SwallowsErrors, "test_broken_platform", (500,)),
    (UsesBareRequests, "test_timeout", ()),
    (UsesBareRequests, "test_connection_cut_midway", ()),
    (UsesBareRequests, "test_garbage", ()),
    (TrustsTheShape, "test_json_of_another_shape", ()),
    (UsesBareRequests, "test_nobody_listens", ()),
    (GivesUpAtABadRecord, "test_malformed_record_among_good_ones", ()),
    (ReadsAllBeforeItYields, "test_page_before_an_error_stays_valid", ()),
    (WalksTheSamePageAgain, "test_deep_backlog_over_several_polls", ()),
    (NamesPostsByTheirPage, "test_through_two_queries_it_is_one_post", ()),
    (InventsIds, "test_stored_once_through_two_sources_and_brands", ()),
    (RemembersWhatItSaw, "test_an_edit_is_found", ()),
    (TakesTextForMarkup, "test_hostile_texts_arrive_as_text", ()),
    (TakesAnyTimeForTheAnswers, "test_answers_are_told_with_their_time", ()),
    (LooksForAnswersOnce, "test_an_answer_is_found", ()),
    (RemembersWhatItSaw, "test_refresh_reads_the_counts_of_now", ()),
    (RefreshesHalfAPost, "test_refresh_keeps_the_rest_as_it_was", ()),
    (NeverNoticesDeletions, "test_refresh_names_what_is_gone", ()),
    (FindsAllGone, "test_refresh_in_bad_weather_takes_nothing_for_gone", (500,)),
    (PassesTheDoor, "test_every_request_is_counted", ()),
    (PassesTheDoor, "test_stops_before_the_month_is_used_up", ()),
    (PassesTheDoor, "test_introduces_itself", ()),
    (SwallowsErrors, "test_nothing_at_the_address", (404,)),
    (BelievesAnyWait, "test_asked_for_absurd_patience", ("-5",)),
    (ForgetsHowLong, "test_asked_to_wait_until_a_date", ()),
    (UsesBareRequests, "test_far_too_much", ()),
    (UsesBareRequests, "test_redirects_in_a_circle", ()),
    (SwallowsErrors, "test_redirect_into_a_private_network", ()),
    (UsesBareRequests, "test_truncated", ()),
    (TrustsTheShape, "test_mutated_answers", ()),
    (PutsTheKeyIntoTheAddress, "test_no_secret_is_told", ()),
    (PutsTheKeyIntoTheError, "test_no_secret_is_told", ()),
]


@pytest.mark.parametrize(("wrong", "case", "arguments"), WRONG)
def test_wrong_connector_fails(wrong: type[Honest], case: str, arguments: tuple[Any, ...]) -> None:
    suite = type("Suite", (TestHonest,), {"connector": wrong, "deep": 10_000})()
    expected = (
        AssertionError,
        AttributeError,
        KeyError,
        TypeError,
        pytest.fail.Exception,
        requests.RequestException,
        RetryLater,
        ValueError,
    )
    with pytest.raises(expected):
        getattr(suite, case)(*arguments)


def test_every_case_has_been_seen_to_fail() -> None:
    cases = {name for name in dir(ContractSuite) if name.startswith("test_")}
    cases.discard("test_mutated_recordings")  # the same case as test_mutated_answers, with other bodies
    assert cases == {case for _, case, _ in WRONG}
