"""Reddit through PRAW: over the sandbox, and over recorded answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Allowance, Page, Watch
from connectors.errors import AuthError, RetryLater
from connectors.reddit import INDEXED_WITHIN, Reddit, RedditSettings, parse
from listener.sandbox.platforms import reddit as face
from listener.sandbox.server import Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention
from tests.connectors import recorded
from tests.connectors.contract import ContractSuite

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCH = Watch(since=NOW - 72 * HOUR, now=NOW, queries=("Brotwerk",))
SECRETS = {"client_id": "app", "client_secret": "s3cret"}
LOGIN = {"username": "brotwerk", "password": "pw"}


class TestReddit(ContractSuite):
    connector = Reddit
    face = face.Reddit
    channel = "baking"
    listing = "/search"
    late = timedelta(seconds=INDEXED_WITHIN)
    deep = 1000  # where every listing of Reddit ends
    recordings = ("reddit/*.json",)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "client_id": "app", "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        del body["data"]["children"][0]["data"]["created_utc"]
        return body

    def test_redirect_into_a_private_network(self) -> None:
        """PRAW follows no redirect at all."""
        with self.stage(self.hourly(3)) as stage:
            stage.weather(Weather(status=302, headers={"Location": "http://10.1.2.3/x"}, only=self.listing))
            assert "Redirect" in str(self.failure(stage, RetryLater))
            assert stage.asked() == 1

    def patience(self) -> dict[str, str]:
        return {"x-ratelimit-remaining": "0.0", "x-ratelimit-used": "600", "x-ratelimit-reset": "7"}


def post(number: int, **changes: Any) -> Post:
    given = Post(
        id=number,
        platform="reddit",
        kind=Kind.POST,
        published_at=NOW - HOUR * (40 - number),
        author=f"author{number}",
        title=f"Brotwerk {number}",
        text="bakes",
        channel="baking",
        likes=number,
        comments=3,
    )
    return replace(given, **changes)


@contextmanager
def sandbox(*posts: Post) -> Iterator[tuple[World, Sandbox]]:
    world = World(posts, NOW)
    with Sandbox(world, [face.Reddit(world)]) as running:
        yield world, running


def reddit(running: Sandbox, **changes: Any) -> Reddit:
    return Reddit(RedditSettings(base_url=running.url("reddit"), **{**SECRETS, **changes}))


def all_of(connector: Reddit, watch: Watch = WATCH) -> dict[str, Mention]:
    return {mention.platform_id: mention for page in connector.poll(watch, None) for mention in page.mentions}


def test_comments_of_the_named_subreddits_come_with_their_thread() -> None:
    question = post(1)
    answer = post(2, kind=Kind.COMMENT, parent=1, title=None, text="no brand named here")
    reply = post(3, kind=Kind.COMMENT, parent=2, title=None, edited_at=NOW)
    elsewhere = [post(4, channel="cars"), post(5, channel="cars", kind=Kind.COMMENT)]
    with sandbox(question, answer, reply, *elsewhere) as (_, running):
        found = all_of(reddit(running, subreddits=["baking", "bread"]))
    assert set(found) == {"t3_1", "t1_2", "t1_3"}
    assert [found[name].thread_id for name in ("t3_1", "t1_2", "t1_3")] == ["t3_1"] * 3
    assert [found[name].parent_id for name in ("t3_1", "t1_2", "t1_3")] == [None, "t3_1", "t1_2"]
    assert found["t1_3"].edited_at == NOW
    assert found["t1_3"].engagement.comments is None
    assert found["t1_3"].url == "https://www.reddit.com/r/baking/comments/1/title/3/"


def test_without_a_query_the_subreddits_are_listed() -> None:
    with sandbox(post(1), post(2, title="something else")) as (_, running):
        found = all_of(reddit(running, subreddits=["baking"]), replace(WATCH, queries=()))
    assert set(found) == {"t3_1", "t3_2"}


def test_mentions_of_the_logged_in_user_are_read() -> None:
    call = post(1, kind=Kind.COMMENT, title=None, text="ask u/brotwerk")
    with sandbox(call) as (_, running):
        assert set(all_of(reddit(running, **LOGIN))) == {"t1_1"}
        assert not all_of(reddit(running)), "without a login there is no inbox to ask for"


@pytest.mark.parametrize("wrong", [{"client_secret": face.WRONG}, {**LOGIN, "password": face.WRONG}])
def test_a_refused_login_needs_somebody_to_act(wrong: dict[str, str]) -> None:
    with sandbox() as (_, running), pytest.raises(AuthError):
        all_of(reddit(running, **wrong))


def test_late_and_tied_posts_are_found_below_the_first_page() -> None:
    newest = post(40, published_at=NOW - HOUR)
    with sandbox(newest, post(1)) as (world, running):
        first = list(reddit(running, page_size=1).poll(WATCH, None))[-1]
        late = [post(number, published_at=newest.published_at - HOUR / 4) for number in (2, 3)]
        tied = [post(number, published_at=newest.published_at) for number in (38, 39)]
        world.add(*late, *tied)
        pages = list(reddit(running, page_size=1).poll(WATCH, first.cursor))
    found = {mention.author.handle for page in pages for mention in page.mentions if mention.author}
    assert found >= {one.author for one in (*late, *tied)}


def test_starts_over_when_the_entry_to_go_on_after_is_gone() -> None:
    with sandbox(*(post(number) for number in range(1, 21))) as (world, running):
        connector = reddit(running, page_size=5)
        [first] = islice(connector.poll(WATCH, None), 1)
        world.delete(16)
        rest = list(connector.poll(WATCH, first.cursor))
    found = {mention.platform_id for page in rest for mention in page.mentions}
    assert {f"t3_{face.base36(number)}" for number in range(1, 16)} <= found
    assert rest[-1].cursor is not None
    assert rest[-1].cursor["sweeps"]["r/all/search/ Brotwerk"]["at"] is None


def test_a_rate_limit_used_up_ends_the_poll_after_the_page() -> None:
    with sandbox(*(post(number) for number in range(1, 21))) as (_, running):
        running.weather("reddit", Weather(headers={"x-ratelimit-remaining": "0.0"}, only="/search"))
        pages = reddit(running, page_size=5).poll(WATCH, None)
        assert next(pages).mentions
        with pytest.raises(RetryLater) as caught:
            next(pages)
        asked = sum("/search" in request.target for request in running.requests("reddit"))
    assert caught.value.after == timedelta(seconds=300)
    assert asked == 1


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("refresh_token", "username", "password", "site"):
        monkeypatch.setenv(f"praw_{name}", "from_the_environment")
    with sandbox(post(1)) as (_, running):
        assert all_of(reddit(running))
        assert b"grant_type=client_credentials" in running.requests("reddit")[0].body


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"author": None}, {"author": None}),
        ({"hide_score": True}, {"likes": None}),
        ({"score": -4}, {"likes": -4}),
        ({"num_comments": None}, {"comments": None}),
        ({"edited": False}, {"edited_at": None}),
    ],
)
def test_what_reddit_withholds_is_unknown(change: dict[str, Any], expected: dict[str, Any]) -> None:
    mention = parse(submission(change))
    assert mention is not None
    [(name, value)] = expected.items()
    assert getattr(mention.engagement if name in {"likes", "comments"} else mention, name) == value


@pytest.mark.parametrize(
    "change",
    [
        {"selftext": "[removed]"},
        {"title": "[deleted]"},
        {"selftext": "[ Removed by Reddit ]"},
        {"author": "[deleted]"},
        {"removed_by_category": "moderator"},
        {"promoted": True},
    ],
)
def test_what_was_removed_is_no_mention(change: dict[str, Any]) -> None:
    assert parse(submission({})) is not None
    assert parse(submission(change)) is None


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        ({"selftext": "[removed]"}, ["t3_2"]),
        ({"author": "[deleted]"}, ["t3_2"]),
        ({"removed_by_category": "deleted"}, ["t3_2"]),
        ({"created_utc": None}, []),
        ({"name": None}, []),
    ],
)
def test_what_is_gone_when_known_posts_are_read_again(change: dict[str, Any], gone: list[str]) -> None:
    def spoil(body: Any) -> Any:
        body["data"]["children"][0]["data"].update(change)
        return body

    with sandbox(post(1), post(2)) as (_, running):
        running.weather("reddit", Weather(change=spoil, only="/api/info"))
        [page] = reddit(running).refresh(["t3_1", "t3_2"], Allowance())
        asked = [request.target for request in running.requests("reddit")]
    assert page.gone == gone
    assert [mention.platform_id for mention in page.mentions] == ["t3_1"]
    assert len(asked) == 2, "one for a token, one for all posts"


def test_an_empty_answer_counts_only_while_reddit_shows_posts_at_all() -> None:
    def hide(body: Any) -> Any:
        body["data"]["children"] = []
        return body

    with sandbox(post(1)) as (world, running):
        running.weather("reddit", Weather(change=hide, only="/r/all/new"), times=9)
        world.delete(1)
        with pytest.raises(RetryLater, match="no posts at all"):
            list(reddit(running).refresh(["t3_1"], Allowance()))
    with sandbox(post(1), post(2)) as (world, running):
        world.delete(1)
        [page] = reddit(running).refresh(["t3_1"], Allowance())
    assert page.gone == ["t3_1"]


def test_a_hundred_posts_are_read_again_at_once() -> None:
    ids = [f"t3_{face.base36(number)}" for number in range(1, 101)]
    with sandbox(*(post(number) for number in range(1, 101))) as (_, running):
        [page] = reddit(running).refresh(ids, Allowance())
    assert {mention.platform_id for mention in page.mentions} == set(ids)


def submission(change: dict[str, Any]) -> dict[str, Any]:
    """One entry of the sandbox's listing, changed."""
    thing: dict[str, Any] = answer_of(World([post(1)], NOW), "/r/baking/new")["data"]["children"][0]
    return {**thing, "data": {**thing["data"], **change}}


def answer_of(world: World, path: str) -> Any:
    platform = face.Reddit(world)
    basic = {"Authorization": "Basic YXBwOnNlY3JldA=="}
    body = b"grant_type=client_credentials"
    token = platform.answer(Request("POST", "/api/v1/access_token", basic, body)).body["access_token"]
    return platform.answer(Request("GET", path, {"Authorization": f"bearer {token}"})).body


# ---- recorded answers

NEWER = {"author_fullname", "permalink", "removed_by_category"}
"""What Reddit says today, and did not say of each kind when the recordings were made."""


def test_the_sandbox_says_what_reddit_says(recordings: Path) -> None:
    """Every key that the sandbox's listings have stands in recorded ones, with a value of such a type."""
    known: dict[tuple[str, str], set[type]] = {}
    for cassette in (recordings / "reddit").glob("*.json"):
        for _, body in recorded.answers(cassette, "/"):
            for place, value in values_of(body):
                known.setdefault(place, set()).add(type(value))
    world = World([post(1, edited_at=NOW), post(2, kind=Kind.COMMENT, parent=1)], NOW)
    seen = 0
    for path in ("/r/baking/new", "/r/baking/comments/"):
        for (kind, key), value in values_of(answer_of(world, path)):
            assert (kind, key) in known or key in NEWER, f"Reddit has no {key} in {kind}"
            assert type(value) in known.get((kind, key), {type(value)}), f"{key} of {kind} has another type"
            seen += 1
    assert seen > 40


def values_of(body: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """((kind, key), value) of a listing and of its entries."""
    for listing in body if isinstance(body, list) else [body]:
        for thing in (listing, *listing["data"]["children"]):
            yield from (((thing["kind"], key), value) for key, value in thing["data"].items())


@pytest.mark.parametrize(
    ("name", "part", "settings", "rows"),
    [
        ("TestSubreddit.test_search", "/search/", {}, 6),
        ("TestSubredditListings.test_new", "/new", {"subreddits": ["askreddit"]}, 100),
        ("TestInbox.test_mentions", "/mentions", LOGIN, 16),
    ],
)
def test_recorded(recordings: Path, name: str, part: str, settings: dict[str, Any], rows: int) -> None:
    cassette = recordings / "reddit" / f"{name}.json"
    [(_, body)] = recorded.answers(cassette, part)
    queries = ("any",) if part == "/search/" else ()
    watch = Watch(since=datetime(2010, 1, 1, tzinfo=UTC), now=NOW, queries=queries)
    with recorded.replay(cassette):
        page = next(Reddit(RedditSettings(**{**SECRETS, **settings})).poll(watch, None))
    assert len(page.mentions) == rows
    compare(page, body)


def test_recorded_comments(recordings: Path, tmp_path: Path) -> None:
    """Their listing comes after that of new submissions, which end before the comments begin."""
    tapes = [
        recordings / "reddit" / f"TestSubredditListings.test_{name}.json" for name in ("new", "comments")
    ]
    both = tmp_path / "both.json"
    merged = [one for tape in tapes for one in json.loads(tape.read_text())["interactions"]]
    both.write_text(json.dumps({"version": 1, "interactions": merged}))
    [(_, body)] = recorded.answers(both, "/comments/")
    watch = Watch(since=datetime(2016, 6, 1, tzinfo=UTC), now=NOW)
    with recorded.replay(both):
        connector = Reddit(RedditSettings(**SECRETS, subreddits=["askreddit"]))
        submissions, comments = islice(connector.poll(watch, None), 2)
    assert not submissions.mentions
    assert len(comments.mentions) == 100
    compare(comments, body)


def compare(page: Page, body: Any) -> None:
    """The page must say what the recording says."""
    things = [thing["data"] for thing in body["data"]["children"]]
    assert not page.rejects
    assert [mention.platform_id for mention in page.mentions] == [thing["name"] for thing in things]
    assert page.cursor is not None
    [sweep] = [one for one in page.cursor["sweeps"].values() if one["at"] or one["done"]][-1:]
    assert sweep["at"] == body["data"]["after"]
    assert (sweep["top"] or sweep["done"]) == max(int(thing["created_utc"]) for thing in things)
    for mention, thing in zip(page.mentions, things, strict=True):
        hidden = thing.get("hide_score") or thing.get("score_hidden")
        submission = thing["name"].startswith("t3_")
        assert mention.text == thing["selftext" if submission else "body"]
        assert mention.title == thing.get("title")
        assert mention.published_at.timestamp() == thing["created_utc"]
        assert mention.author is not None
        assert mention.author.handle == thing["author"]
        assert mention.engagement.likes == (None if hidden else thing["score"])
        assert mention.engagement.comments == (thing["num_comments"] if submission else None)
        assert mention.parent_id == thing.get("parent_id")
        assert mention.url is not None
        assert f"/comments/{(mention.thread_id or '')[3:]}/" in mention.url
