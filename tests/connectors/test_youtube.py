"""YouTube: the contract for videos and for comments, the quotas, and recorded answers."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import pytest
import responses
from pydantic import ValidationError

from connectors.base import Allowance, Count, Cursor, Page, Watch
from connectors.errors import AuthError, RetryLater
from connectors.meter import metered
from connectors.sweep import Sweeps
from connectors.youtube import State, YouTube, YouTubeSettings
from listener.sandbox.platforms import youtube as face
from listener.sandbox.server import Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled
from tests.connectors.contract.suite import number_of

CHANNEL = "UC" + "b" * 22


class TestVideos(ContractSuite):
    connector = YouTube
    face = face.YouTube
    late = timedelta(hours=24)
    recordings = ("youtube/*.json",)

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "base_url": f"{url}/youtube/v3",
            "page_size": self.page_size,
            "search_every": 0,
            "watched_videos": 0,
        }

    def large(self) -> dict[str, Any]:
        return {"page_size": 50}

    def spoil(self, body: Any) -> Any:
        if body["kind"] == "youtube#videoListResponse":
            del body["items"][0]["snippet"]["publishedAt"]
        return body


class CommentsAlone(YouTube):
    """Comments know no other count."""

    gives: ClassVar[frozenset[Count]] = frozenset({"likes"})


class TestComments(ContractSuite):
    connector = CommentsAlone
    face = face.YouTube
    kind = Kind.COMMENT
    channel = CHANNEL
    queries = ()
    late = timedelta(hours=24)
    recordings = ("youtube/*.json",)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": f"{url}/youtube/v3", "page_size": self.page_size, "channels": [CHANNEL]}

    def large(self) -> dict[str, Any]:
        return {"page_size": 50}

    def spoil(self, body: Any) -> Any:
        del body["items"][0]["snippet"]["topLevelComment"]["snippet"]["publishedAt"]
        return body


# ---- a small world: a video, comments below it, answers to them


def video(number: int, **changes: Any) -> Post:
    return replace(TestVideos().post(number, NOW - 10 * HOUR), **changes)


def comment(number: int, parent: int, **changes: Any) -> Post:
    given = TestVideos().post(number, NOW - 9 * HOUR + timedelta(minutes=number), kind=Kind.COMMENT)
    return replace(given, parent=parent, **changes)


@contextmanager
def sandbox(*posts: Post, closed: frozenset[int] = frozenset()) -> Iterator[tuple[World, Sandbox]]:
    world = World(posts, NOW)
    with Sandbox(world, [face.YouTube(world, closed=closed)]) as running:
        yield world, running


def youtube(running: Sandbox, **changes: Any) -> YouTube:
    base_url = f"{running.url('youtube')}/youtube/v3"
    return YouTube(YouTubeSettings(**{"base_url": base_url, "api_key": "k3y", "pause": 0, **changes}))


def poll(running: Sandbox, cursor: Cursor | None = None, *, at: datetime = NOW, **changes: Any) -> Polled:
    watch = Watch(since=SINCE, now=at, queries=("Brotwerk",))
    return Polled(cursor=cursor).take(youtube(running, **changes).poll(watch, cursor))


def asked(running: Sandbox, part: str) -> list[Request]:
    return [request for request in running.requests("youtube") if part in request.path]


def error_body(reason: str) -> dict[str, Any]:
    return {"error": {"code": 403, "errors": [{"domain": "youtube.quota", "reason": reason}]}}


def test_comments_of_found_videos_and_the_answers_to_them() -> None:
    answers = [comment(number, 2) for number in range(3, 15)]
    with sandbox(video(1), comment(2, 1), *answers) as (_, running):
        polled = poll(running, page_size=5)
    assert polled.numbers == set(range(1, 15))
    by_number = {number_of(one): one for one in polled.mentions}
    assert (by_number[1].kind, by_number[1].parent_id, by_number[1].thread_id) == (
        Kind.POST,
        None,
        "v0000000001",
    )
    top, answer = by_number[2], by_number[3]
    assert top.platform_id == f"v0000000001/Ug{2:024d}"
    assert (top.kind, top.parent_id, top.thread_id) == (Kind.COMMENT, "v0000000001", "v0000000001")
    assert (answer.parent_id, answer.thread_id) == (top.platform_id, "v0000000001")
    assert top.url == f"https://www.youtube.com/watch?v=v0000000001&lc=Ug{2:024d}"
    assert (top.engagement.likes, top.engagement.comments, top.engagement.views) == (202, None, None)


def test_comments_are_listed_again_only_where_their_number_changed() -> None:
    answers = [comment(number, 2) for number in range(3, 11)]
    with sandbox(video(1, comments=9), comment(2, 1), *answers) as (world, running):
        first = poll(running)
        lists = len(asked(running, "commentThreads")), len(asked(running, "comments"))
        quiet = poll(running, first.cursor)
        assert (len(asked(running, "commentThreads")), len(asked(running, "comments"))) == lists
        assert quiet.numbers == {1}, "the video's own counts are read"
        world.add(comment(20, 1))
        world.edit(1, comments=10)
        second = poll(running, quiet.cursor)
        assert 20 in second.numbers
        assert len(asked(running, "comments")) == lists[1], "known answers are fetched again"
        world.add(comment(21, 2))
        world.edit(1, comments=11)
        assert 21 in poll(running, second.cursor).numbers


def test_since_is_the_first_moment_of_interest() -> None:
    """Listings cannot be asked for "since", so that a page may hold what is older."""
    old = SINCE - HOUR
    answers = [comment(number, 3, published_at=old) for number in range(4, 14)]
    with sandbox(video(1, published_at=SINCE), comment(2, 1), comment(3, 1, published_at=old), *answers) as (
        _,
        running,
    ):
        assert poll(running).numbers == {1, 2}
        assert asked(running, "comments") == [], "answers that nobody wants"


def test_cut_off_amid_the_answers() -> None:
    answers = [comment(number, 2) for number in range(3, 40)]
    with sandbox(video(1), comment(2, 1), *answers) as (_, running):
        polled = Polled()
        for _ in range(20):
            watch = Watch(since=SINCE, now=NOW, queries=("Brotwerk",))
            # two pages each time: the first is that of the watched videos' counts
            polled.take(islice(youtube(running, page_size=5).poll(watch, polled.cursor), 2))
    assert polled.numbers == set(range(1, 40))


def test_a_query_is_searched_every_few_hours() -> None:
    with sandbox(video(1)) as (_, running):
        first = poll(running)
        for hours, searches in ((1, 1), (5.9, 1), (6, 2)):
            poll(running, first.cursor, at=NOW + hours * HOUR)
            assert len(asked(running, "search")) == searches


def test_without_searches_left_the_comments_go_on() -> None:
    with sandbox(video(1, comments=1), video(2), comment(5, 1)) as (world, running):
        first = poll(running, search_every=0)
        world.add(video(3), comment(6, 1))
        world.edit(1, comments=2)
        searches = len(asked(running, "search"))
        with metered(Allowance(quotas={"search": 0, "units": 100})) as meter:
            second = poll(running, first.cursor, search_every=0)
            assert meter.take() == (2, 0, {"units": 2})
        assert len(asked(running, "search")) == searches
        assert second.numbers == {1, 2, 5, 6}
        running.weather(
            "youtube", Weather(status=403, body=error_body("quotaExceeded"), only="/search"), times=9
        )
        world.edit(1, comments=3)
        third = poll(running, second.cursor, search_every=0)
        assert third.numbers == {1, 2, 5, 6}, "another program may have used the same key"
        running.clear("youtube")
        with metered(Allowance(quotas={"search": 5})) as meter:
            assert 3 in poll(running, third.cursor, search_every=0).numbers
            assert meter.take()[2]["search"] == 1


def test_units_used_up_is_for_later() -> None:
    none_left = metered(Allowance(quotas={"search": 5, "units": 0}))
    with sandbox(video(1)) as (_, running), none_left, pytest.raises(RetryLater, match="units"):
        poll(running)


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "quotaExceeded", RetryLater),
        (403, "rateLimitExceeded", RetryLater),
        (403, "accessNotConfigured", AuthError),
        (400, "keyInvalid", AuthError),
        (400, "badRequest", RetryLater),
        (404, "channelNotFound", RetryLater),
    ],
)
def test_the_reason_decides(status: int, reason: str, kind: type[Exception]) -> None:
    with sandbox(video(1)) as (_, running):
        running.weather("youtube", Weather(status=status, body=error_body(reason)), times=9)
        with pytest.raises(kind) as caught:
            poll(running, channels=[CHANNEL], watched_videos=0)
        assert reason in str(caught.value) or CHANNEL in str(caught.value)


def test_the_key_is_refused_and_never_in_an_address() -> None:
    with sandbox(video(1)) as (_, running):
        with pytest.raises(AuthError, match="api_key"):
            poll(running, api_key=face.WRONG)
        assert face.WRONG not in running.requests("youtube")[0].target
        assert running.requests("youtube")[0].headers["X-Goog-Api-Key"] == face.WRONG


def test_comments_switched_off_are_no_outage() -> None:
    with sandbox(video(1), video(2), comment(5, 2), closed=frozenset({1})) as (_, running):
        polled = poll(running)
        assert polled.numbers == {1, 2, 5}
        assert {number_of(one): one.engagement.comments for one in polled.mentions}[1] is None
    with sandbox(video(1), video(2), comment(5, 2)) as (_, running):
        off = Weather(status=403, body=error_body("commentsDisabled"), only="videoId=v0000000001")
        running.weather("youtube", off, times=9)
        first = poll(running)
        assert first.numbers == {1, 2, 5}
        poll(running, first.cursor)
        assert sum("v0000000001" in request.target for request in asked(running, "Threads")) == 1


def test_a_video_that_goes_away_is_left_out() -> None:
    with sandbox(video(1), *(comment(number, 1) for number in range(2, 20))) as (world, running):
        away = Weather(status=404, body=error_body("videoNotFound"), only="pageToken")
        running.weather("youtube", away, times=9)
        first = poll(running, page_size=5)
        assert len(asked(running, "Threads")) == 2
        second = poll(running, first.cursor, page_size=5)
        assert len(asked(running, "Threads")) == 2
        world.delete(1)
        third = poll(running, second.cursor, page_size=5)
        assert third.gone == ["v0000000001"]
        assert poll(running, third.cursor, page_size=5).gone == [], "it is looked at no longer"


def test_one_channel_that_is_missing_keeps_no_other_back() -> None:
    other = "UC" + "c" * 22
    with sandbox(TestComments().post(1, NOW - HOUR, kind=Kind.COMMENT, channel=other)) as (_, running):
        missing = Weather(status=404, body=error_body("channelNotFound"), only=CHANNEL)
        running.weather("youtube", missing, times=9)
        watch, polled = Watch(since=SINCE, now=NOW), Polled()
        with pytest.raises(RetryLater, match=CHANNEL):
            polled.take(youtube(running, channels=[CHANNEL, other]).poll(watch, None))
        assert polled.numbers == {1}


def test_a_page_token_that_has_expired_loses_nothing() -> None:
    posts = [TestComments().post(n, NOW - n * HOUR, kind=Kind.COMMENT, channel=CHANNEL) for n in range(1, 30)]
    with sandbox(*posts) as (_, running):
        connector = youtube(running, channels=[CHANNEL], page_size=5)
        watch = Watch(since=SINCE, now=NOW)
        polled = Polled().take(islice(connector.poll(watch, None), 2))
        stale = Weather(status=400, body=error_body("processingFailure"), only="pageToken")
        running.weather("youtube", stale)
        polled.take(connector.poll(watch, polled.cursor))
        assert polled.numbers == set(range(1, 30))


def test_page_tokens_that_never_hold_end_the_poll() -> None:
    answers = [comment(number, 2) for number in range(3, 30)]
    ties = [video(number) for number in range(40, 60)]
    for part, kept in (("search?", "videos"), ("commentThreads?", "channels"), ("comments?", "channels")):
        with sandbox(video(1, channel=CHANNEL), comment(2, 1), comment(30, 1), *answers, *ties) as (
            _,
            running,
        ):
            stale = Weather(status=400, body=error_body("invalidPageToken"), only="pageToken")
            running.weather("youtube", stale, times=99)
            changes = {"watched_videos": 0} | ({"channels": [CHANNEL]} if kept == "channels" else {})
            watch = Watch(since=SINCE, now=NOW, queries=("Brotwerk",) if kept == "videos" else ())
            size = 20 if part == "comments?" else 1
            with pytest.raises(RetryLater, match="invalidPageToken"):
                list(youtube(running, page_size=size, **changes).poll(watch, None))
            assert 2 < len(running.requests("youtube")) < 10
            assert part in running.requests("youtube")[-1].target


def test_old_and_surplus_videos_are_watched_no_longer() -> None:
    posts = [video(number, published_at=NOW - number * HOUR) for number in range(1, 6)]
    with sandbox(*posts) as (_, running):
        first = poll(running, watched_videos=3)
        assert first.cursor is not None
        assert list(first.cursor["videos"]) == ["v0000000001", "v0000000002", "v0000000003"]
        later = poll(running, first.cursor, at=NOW + timedelta(days=14) - 2 * HOUR, search_every=9999)
        assert later.cursor is not None
        assert poll(running, first.cursor, at=NOW + timedelta(days=15), search_every=9999).mentions == []


# ---- known posts


def test_refresh_of_videos_and_comments() -> None:
    with sandbox(video(1), video(2), comment(5, 1), comment(6, 5), comment(7, 1)) as (world, running):
        before = {one.platform_id: one for one in poll(running).mentions}
        world.edit(5, text="Brotwerk entry 5 says otherwise", likes=999, edited_at=NOW)
        world.delete(2)
        world.delete(7)
        again = Polled().take(youtube(running).refresh(list(before), Allowance()))
    assert set(again.gone) == {"v0000000002", f"v0000000001/Ug{7:024d}"}
    assert len(running.requests("youtube")) > 0
    edited = next(one for one in again.mentions if number_of(one) == 5)
    assert (edited.engagement.likes, edited.edited_at) == (999, NOW)
    for one in again.mentions:
        known = before[one.platform_id]
        assert (one.url, one.parent_id, one.thread_id) == (known.url, known.parent_id, known.thread_id)


def test_refresh_finds_the_missing_one_behind_a_404() -> None:
    with sandbox(video(1), *(comment(number, 1) for number in range(2, 9))) as (_, running):
        ids = sorted(one.platform_id for one in poll(running).mentions if one.kind is Kind.COMMENT)
        missing = Weather(status=404, body=error_body("commentNotFound"), only=ids[4].rpartition("/")[2])
        running.weather("youtube", missing, times=99)
        again = Polled().take(youtube(running).refresh(ids, Allowance()))
    assert again.gone == [ids[4]]
    assert {one.platform_id for one in again.mentions} == {*ids} - {ids[4]}


def hidden(part: str, domain: str = "youtube.comment") -> Weather:
    body = {"error": {"code": 403, "errors": [{"domain": domain, "reason": "forbidden"}]}}
    return Weather(status=403, body=body, only=part)


def test_a_private_comment_is_neither_gone_nor_in_the_way() -> None:
    with sandbox(video(1), *(comment(number, 1) for number in range(2, 9))) as (_, running):
        ids = sorted(one.platform_id for one in poll(running).mentions if one.kind is Kind.COMMENT)
        running.weather("youtube", hidden(ids[4].rpartition("/")[2]), times=99)
        again = Polled().take(youtube(running).refresh(ids, Allowance()))
    assert not again.gone
    assert {one.platform_id for one in again.mentions} == {*ids} - {ids[4]}


def test_a_private_video_does_not_pause_the_source_but_a_refused_key_does() -> None:
    with sandbox(video(1), video(2), comment(5, 2)) as (_, running):
        running.weather("youtube", hidden("videoId=v0000000001", "youtube.commentThread"), times=9)
        assert poll(running).numbers == {1, 2, 5}
        running.weather("youtube", hidden("videoId=", "global"), times=9)
        with pytest.raises(AuthError):
            poll(running)


def test_a_damaged_answer_deletes_nothing() -> None:
    with sandbox(video(1), video(2)) as (_, running):
        running.weather("youtube", Weather(change=lambda body: {**body, "items": [{"id": None}]}))
        again = Polled().take(youtube(running).refresh(["v0000000001", "v0000000002"], Allowance()))
    assert (again.gone, len(again.rejects)) == ([], 1)


# ---- names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (CHANNEL, CHANNEL),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", CHANNEL),
        ("@brotwerk", "@brotwerk"),
        ("https://youtube.com/@b%C3%A4cker?si=x", "@bäcker"),
        ("https://www.youtube.com/user/brotwerk", "user/brotwerk"),
    ],
)
def test_channels_by_address(given: str, kept: str) -> None:
    assert YouTubeSettings(api_key="k", channels=[given]).channels == (kept,)


@pytest.mark.parametrize("given", ["brotwerk", "https://www.youtube.com/c/brotwerk", "UCshort"])
def test_what_is_no_channel(given: str) -> None:
    with pytest.raises(ValidationError):
        YouTubeSettings(api_key="k", channels=[given])


def test_names_are_looked_up() -> None:
    with sandbox(video(1, author="brotwerk")) as (_, running):
        connector = youtube(running, channels=["@Brotwerk", CHANNEL])
        with pytest.raises(AuthError, match="listener check"):
            list(connector.poll(Watch(since=SINCE, now=NOW), None))
        assert running.requests("youtube") == []
        assert connector.resolve() == {"channels": (face.channel_id(video(1, author="brotwerk")), CHANNEL)}
        assert youtube(running, channels=[CHANNEL]).resolve() == {}
        with pytest.raises(AuthError, match="@nobody"):
            youtube(running, channels=["@nobody"]).resolve()


# ---- the API's own description


@pytest.fixture(scope="module")
def discovery(schemas: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((schemas / "youtube.v3.discovery.json").read_text())
    return found


@pytest.mark.parametrize("method", sorted(face.PARAMETERS))
def test_the_sandbox_takes_only_what_the_api_takes(discovery: dict[str, Any], method: str) -> None:
    listed = discovery["resources"][method]["methods"]["list"]
    assert listed["path"] == f"youtube/v3/{method}"
    assert face.PARAMETERS[method] <= set(listed["parameters"])
    assert listed["parameterOrder"] == ["part"]
    assert face.FILTERS.get(method, set()) <= set(listed["parameters"])
    assert int(listed["parameters"]["maxResults"]["maximum"]) == face.LARGEST[method]


def test_every_request_is_one_the_api_describes(discovery: dict[str, Any]) -> None:
    """Names, and values where the description lists them."""
    posts = [video(1), comment(2, 1), *(comment(number, 2) for number in range(3, 30))]
    with sandbox(*posts) as (_, running):
        known = [one.platform_id for one in poll(running, page_size=5, channels=[CHANNEL]).mentions]
        list(youtube(running).refresh(known, Allowance()))
        with pytest.raises(AuthError):
            youtube(running, channels=["@nobody"]).resolve()
        seen = running.requests("youtube")
    assert {request.path.rpartition("/")[2] for request in seen} == set(face.PARAMETERS)
    for request in seen:
        method = request.path.removeprefix("/youtube/v3/")
        described = discovery["resources"][method]["methods"]["list"]["parameters"]
        assert set(request.query) <= set(described)
        for name, [value] in request.query.items():
            assert value in described[name].get("enum", [value])


@pytest.mark.parametrize("target", ["videos?part=snippet&id=v0000000001&colour=red", "videos?id=v0000000001"])
def test_the_sandbox_refuses_what_the_api_refuses(target: str) -> None:
    request = Request("GET", f"/youtube/v3/{target}", {"X-Goog-Api-Key": "k"})
    assert face.YouTube(World([video(1)], NOW)).answer(request).status == 400


@pytest.mark.parametrize(
    ("target", "schema"),
    [
        ("search?part=snippet&type=video&order=date&q=Brotwerk", "SearchListResponse"),
        ("videos?part=snippet,statistics&id=v0000000001", "VideoListResponse"),
        ("commentThreads?part=snippet,replies&videoId=v0000000001", "CommentThreadListResponse"),
        (f"comments?part=snippet&parentId=Ug{2:024d}", "CommentListResponse"),
        ("channels?part=id&forHandle=@author1", "ChannelListResponse"),
    ],
)
def test_the_sandbox_answers_as_described(discovery: dict[str, Any], target: str, schema: str) -> None:
    platform = face.YouTube(World([video(1), comment(2, 1), comment(3, 2, edited_at=NOW)], NOW))
    body = platform.answer(Request("GET", f"/youtube/v3/{target}", {"X-Goog-Api-Key": "k"})).body
    assert body["items"]
    assert list(strangers(body, {"$ref": schema}, discovery["schemas"])) == []
    assert list(strangers({**body, "items": [7], "colour": "red"}, {"$ref": schema}, discovery["schemas"]))


def strangers(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[str]:
    """What of the value the discovery document's schema does not describe."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if not isinstance(value, kinds[schema["type"]]):
        yield f"{value!r} is no {schema['type']}"
    elif isinstance(value, list):
        for one in value:
            yield from strangers(one, schema["items"], schemas)
    elif isinstance(value, dict):
        for name, one in value.items():
            if described := schema["properties"].get(name):
                yield from strangers(one, described, schemas)
            else:
                yield name


# ---- recorded answers


def recorded(folder: Path, name: str) -> Any:
    return json.loads((folder / "youtube" / f"{name}.json").read_text())


def replayed(body: Any, path: str, pages: Callable[[YouTube], Iterator[Page]]) -> Polled:
    """What the connector makes of a recorded answer; all that it asks behind it is refused."""
    url = "https://www.googleapis.com/youtube/v3"
    connector, polled = YouTube(YouTubeSettings(api_key="k3y", pause=0)), Polled()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as network:
        network.get(f"{url}/{path}", json=body)
        network.get(re.compile(url), status=500)
        with suppress(RetryLater):
            polled.take(pages(connector))
    return polled


@pytest.mark.parametrize("name", ["stats_video_api_response", "videos_chart_paged_1"])
def test_recorded_videos(recordings: Path, name: str) -> None:
    body = recorded(recordings, name)
    ids = [item["id"] for item in body["items"]]
    polled = replayed(body, "videos", lambda connector: connector.refresh(ids, Allowance()))
    assert [one.platform_id for one in polled.mentions] == ids
    assert (polled.rejects, polled.gone) == ([], [])
    for mention, item in zip(polled.mentions, body["items"], strict=True):
        snippet, counts = item["snippet"], item.get("statistics", {})
        assert (mention.title, mention.text) == (snippet["title"], snippet["description"])
        assert mention.published_at == datetime.fromisoformat(snippet["publishedAt"])
        assert mention.author is not None
        assert mention.author.name == snippet["channelTitle"]
        for name_, field in (("views", "viewCount"), ("likes", "likeCount"), ("comments", "commentCount")):
            known = getattr(mention.engagement, name_)
            assert known == (int(counts[field]) if field in counts else None)


@pytest.mark.parametrize("name", ["comment_threads_all_to_me", "comment_threads_by_video_paged_1"])
def test_recorded_threads(recordings: Path, name: str) -> None:
    body = recorded(recordings, name)
    watch = Watch(since=datetime(2015, 1, 1, tzinfo=UTC), now=NOW)

    def pages(connector: YouTube) -> Iterator[Page]:
        listing = f"channel {CHANNEL}"
        return connector._threads(listing, Sweeps(None, [listing]), watch, State())  # noqa: SLF001 - without a search

    polled = replayed(body, "commentThreads", pages)
    flat = [
        (item["snippet"].get("videoId", ""), one)
        for item in body["items"]
        for one in (item["snippet"]["topLevelComment"], *item.get("replies", {}).get("comments", []))
    ]
    assert polled.rejects == []
    assert {one.platform_id for one in polled.mentions} == {f"{where}/{one['id']}" for where, one in flat}
    by_id = {one.platform_id: one for one in polled.mentions}
    for where, one in flat:
        mention, snippet = by_id[f"{where}/{one['id']}"], one["snippet"]
        assert mention.text == snippet["textDisplay"]
        assert mention.engagement.likes == snippet["likeCount"]
        assert mention.author is not None
        assert mention.author.platform_id == snippet["authorChannelId"]["value"]
        assert (mention.parent_id == (where or None)) is ("parentId" not in snippet)


def test_recorded_answers(recordings: Path) -> None:
    body = recorded(recordings, "comments_by_parent_paged_1")
    parent = body["items"][0]["snippet"]["parentId"]
    state = State(owed={f"dQw4w9WgXcQ/{parent}": None})
    polled = replayed(body, "comments", lambda connector: islice(connector._answers(state), 1))  # noqa: SLF001 - as above
    assert len(polled.mentions) == len(body["items"])
    assert {one.parent_id for one in polled.mentions} == {f"dQw4w9WgXcQ/{parent}"}
    assert state.owed == {f"dQw4w9WgXcQ/{parent}": body["nextPageToken"]}


def test_recorded_search(recordings: Path) -> None:
    body = recorded(recordings, "search_by_keywords_p1")
    connector = YouTube(YouTubeSettings(api_key="k3y", pause=0))
    with responses.RequestsMock() as network:
        network.get("https://www.googleapis.com/youtube/v3/search", json=body)
        ids, following = connector._found("surfing", 0, 1, None)  # noqa: SLF001 - the answer alone
    assert ids == [item["id"]["videoId"] for item in body["items"]]
    assert following == body["nextPageToken"]


def test_recorded_channel(recordings: Path) -> None:
    channel = recorded(recordings, "stats_channel_info")
    connector = YouTube(YouTubeSettings(api_key="k3y", pause=0, channels=["@GoogleDevelopers"]))
    with responses.RequestsMock() as network:
        network.get("https://www.googleapis.com/youtube/v3/channels", json={"items": [channel]})
        assert connector.resolve() == {"channels": (channel["id"],)}
