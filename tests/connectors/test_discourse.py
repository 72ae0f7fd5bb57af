"""Discourse: the contract, and what is special about forums."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import responses
from jsonschema import Draft202012Validator

from connectors import robots
from connectors.base import Allowance, Watch
from connectors.discourse import Discourse, DiscourseSettings, parse
from connectors.errors import AuthError, RetryLater
from connectors.text import plain
from listener.sandbox.platforms.discourse import WRONG
from listener.sandbox.platforms.discourse import Discourse as Forum
from listener.sandbox.server import Request, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled, Stage

WATCH = Watch(since=SINCE, now=NOW)
BASE = "https://93.184.215.14/forum"


class SmallForum(Forum):
    page_size = 5


class TestContract(ContractSuite):
    connector = Discourse
    face = SmallForum
    queries = ()
    listing = "posts.json"
    recordings = ("discourse/posts_*.json",)

    def spoil(self, body: Any) -> Any:
        for post in body["latest_posts"][:1]:
            del post["created_at"]
        return body

    def secrets(self) -> list[str]:
        return []

    def test_deep_backlog_over_several_polls(self) -> None:
        ContractSuite.test_deep_backlog_over_several_polls(WithLargePages())

    def test_no_secret_is_told(self) -> None:
        ContractSuite.test_no_secret_is_told(WithAKey())


class WithLargePages(TestContract):
    face = Forum


class WithAKey(TestContract):
    def secrets(self) -> list[str]:
        return ContractSuite.secrets(self)


@pytest.fixture(autouse=True)
def unknown_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.discourse.ROBOTS", robots.Robots())


def entry(**changes: Any) -> dict[str, Any]:
    given = {
        "id": 14,
        "name": "",
        "username": "ada",
        "user_id": 3,
        "created_at": "2026-11-19T10:00:00.123Z",
        "updated_at": "2026-11-19T11:00:00.000Z",
        "cooked": "<p>Brot</p>",
        "post_number": 2,
        "post_type": 1,
        "topic_id": 11,
        "topic_slug": "backen",
        "topic_title": "Backen & mehr",
        "reply_count": 4,
        "reads": 9,
        "version": 1,
        "actions_summary": [{"id": 2, "count": 5}, {"id": 3, "can_act": True}],
    }
    return {**given, **changes}


def test_a_reply_and_a_first_post() -> None:
    reply, first = parse(entry(), BASE), parse(entry(post_number=1, version=2), BASE)
    assert reply is not None
    assert first is not None
    assert (reply.kind, reply.title, reply.thread_id, reply.edited_at) == (Kind.COMMENT, None, None, None)
    assert reply.platform_id == "93.184.215.14/forum/14"
    assert reply.url == f"{BASE}/t/backen/11/2"
    assert (reply.engagement.likes, reply.engagement.comments, reply.engagement.views) == (5, 4, 9)
    assert (first.kind, first.title, first.thread_id) == (Kind.POST, "Backen & mehr", first.platform_id)
    assert first.edited_at is not None
    assert first.edited_at.hour == 11


@pytest.mark.parametrize(
    ("summary", "likes"),
    [
        ([], 0),
        ([{"id": 2}], 0),
        ([{"id": 2, "count": None}], None),
        (None, None),
        ([{"id": 3, "count": 9}], 0),
    ],
)
def test_likes(summary: Any, likes: int | None) -> None:
    mention = parse(entry(actions_summary=summary), BASE)
    assert mention is not None
    assert mention.engagement.likes == likes


def test_only_words_of_their_own() -> None:
    quote = '<aside class="quote no-group" data-post="1"><blockquote><p>Brotwerk?</p></blockquote></aside>'
    mention = parse(entry(cooked=f"{quote}<p>Nie gehört.</p>{quote}"), BASE)
    assert mention is not None
    assert mention.text == "Nie gehört."
    assert parse(entry(cooked=quote), BASE) is None


@pytest.mark.parametrize(
    "change", [{"hidden": True}, {"user_deleted": True}, {"deleted_at": "x"}, {"post_type": 3}]
)
def test_what_the_forum_does_not_show_is_no_mention(change: dict[str, Any]) -> None:
    assert parse(entry(**change), BASE) is None


# ---- paging


def polled(*answers: list[dict[str, Any]], cursor: Any = None) -> tuple[Polled, list[str]]:
    """What a poll makes of these answers, and the ids below which it asked."""
    with responses.RequestsMock() as mock:
        for posts in answers:
            mock.get(f"{BASE}/posts.json", json={"latest_posts": posts})
        forum = Discourse(DiscourseSettings(base_url=BASE, pause=0, respect_robots=False))
        found = Polled().take(forum.poll(WATCH, cursor))
        asked = [call.request.params.get("before", "") for call in mock.calls]
    return found, asked


def test_a_window_without_public_posts_does_not_end_the_sweep() -> None:
    first, _ = polled([entry(id=100)], [])
    found, asked = polled([entry(id=300)], [], [entry(id=220)], [entry(id=100)], cursor=first.cursor)
    assert asked == ["", "300", "250", "220"]
    assert {mention.platform_id.rpartition("/")[2] for mention in found.mentions} == {"300", "220", "100"}


def test_a_window_without_public_posts_does_not_end_the_first_sweep() -> None:
    found, asked = polled([entry(id=300)], [], [], [entry(id=180)], [])
    assert asked == ["", "300", "250", "200", "180", "130", "80", "30"]
    assert {mention.platform_id.rpartition("/")[2] for mention in found.mentions} == {"300", "180"}


def test_versions_that_show_the_named_post_again_come_to_an_end() -> None:
    _, asked = polled([entry(id=9), entry(id=8)], [entry(id=8), entry(id=7)], [entry(id=7)])
    assert asked == ["", "8", "7"]


def test_a_restored_forum_is_read_on() -> None:
    first, _ = polled([entry(id=900)], [])
    second, _ = polled([entry(id=50)], cursor=first.cursor)
    third, asked = polled([entry(id=53)], [entry(id=52), entry(id=50)], cursor=second.cursor)
    assert len(third.mentions) == 3
    assert asked == ["", "53"]


@pytest.mark.parametrize("posts", ["abc", {"id": 1}, None, [{"id": "1"}], [None]])
def test_an_answer_that_does_not_tell_where_it_stands(posts: Any) -> None:
    with pytest.raises(RetryLater, match="Discourse: "):
        polled(posts)


# ---- reading again


def again(stage: Stage, ids: list[str], **changes: Any) -> Polled:
    forum = stage.connector(**changes)
    assert isinstance(forum, Discourse)
    return Polled().take(forum.refresh(ids, Allowance()))


def test_neighbours_are_read_in_one_request() -> None:
    suite = WithLargePages()
    with suite.stage(suite.hourly(20)) as stage:
        ids = [mention.platform_id for mention in stage.poll().mentions]
        before = stage.asked()
        assert len(again(stage, [*ids, "other.example/4"]).mentions) == 20
        assert stage.asked() == before + 1


def test_a_post_that_was_hidden_is_gone() -> None:
    def hide(body: Any) -> Any:
        body["latest_posts"][1]["hidden"] = True
        return body

    suite = TestContract()
    with suite.stage(suite.hourly(4)) as stage:
        ids = {number: stage.poll().id_of(number) for number in range(1, 5)}
        stage.weather(Weather(change=hide, only="posts.json"))
        assert again(stage, list(ids.values())).gone == [ids[3]]


@pytest.mark.parametrize("damage", [lambda posts: [], lambda posts: [{**posts[0], "id": None}, *posts[1:]]])
def test_a_damaged_answer_takes_nothing_for_gone(damage: Any) -> None:
    suite = TestContract()
    with suite.stage(suite.hourly(4)) as stage:
        ids = [mention.platform_id for mention in stage.poll().mentions]
        stage.weather(
            Weather(change=lambda body: {"latest_posts": damage(body["latest_posts"])}, only="posts.json")
        )
        assert again(stage, ids).gone == []


# ---- who may read


def test_a_wrong_key() -> None:
    with TestContract().stage([]) as stage, pytest.raises(AuthError, match="not allowed with this key"):
        stage.poll(api_key=WRONG)


@pytest.mark.parametrize(
    "weather",
    [
        Weather(status=403, body={"errors": ["log in"], "error_type": "not_logged_in"}, only="posts.json"),
        Weather(status=302, headers={"Location": "/login"}, only="posts.json"),
    ],
)
def test_a_forum_for_members_only(weather: Weather) -> None:
    with TestContract().stage([]) as stage:
        stage.weather(weather)
        with pytest.raises(AuthError, match="members only"):
            stage.poll()


def test_robots_txt_binds_who_has_no_key() -> None:
    with TestContract().stage(TestContract().hourly(2)) as stage:
        stage.weather(Weather(status=200, body="User-agent: *\nDisallow: /\n", only="robots.txt"))
        with pytest.raises(AuthError, match=r"robots\.txt"):
            stage.poll()
        assert stage.asked() == 0
        assert stage.poll(respect_robots=False).numbers == {1, 2}
        assert stage.poll(api_key="ours").numbers == {1, 2}


def test_patience_asked_for_in_the_body() -> None:
    limited = {"errors": ["slow down"], "error_type": "rate_limit", "extras": {"wait_seconds": 23}}
    with TestContract().stage([]) as stage:
        stage.weather(Weather(status=429, body=limited, only="posts.json"))
        with pytest.raises(RetryLater) as caught:
            stage.poll()
    assert caught.value.after == timedelta(seconds=23)


def test_the_key_stays_with_the_forum() -> None:
    settings = DiscourseSettings(base_url=BASE, api_key="hush", api_username="ada")
    with responses.RequestsMock() as mock:
        mock.get(f"{BASE}/posts.json", status=302, headers={"Location": "https://93.184.215.15/posts.json"})
        mock.get("https://93.184.215.15/posts.json", json={"latest_posts": []})
        Polled().take(Discourse(settings).poll(WATCH, None))
        ours, theirs = (call.request.headers for call in mock.calls)
    assert (ours["Api-Key"], ours["Api-Username"]) == ("hush", "ada")
    assert "Api-Key" not in theirs


# ---- recorded answers, and the description of the API


@pytest.mark.parametrize("name", ["posts_latest", "posts_before"])
def test_recorded_posts(recordings: Path, name: str) -> None:
    posts = json.loads((recordings / "discourse" / f"{name}.json").read_text())["latest_posts"]
    for post in posts:
        mention = parse(post, BASE)
        assert mention is not None
        assert mention.platform_id.endswith(f"/{post['id']}")
        assert mention.text.split()[:5] == post["raw"].split()[:5]
        assert mention.engagement.views == post["reads"]
        assert (mention.title is None) == (post["post_number"] != 1)


def test_recorded_posts_of_a_topic(recordings: Path) -> None:
    topic = json.loads((recordings / "discourse" / "topic.json").read_text())
    for post in topic["post_stream"]["posts"]:
        mention = parse({**post, "topic_title": topic["title"]}, BASE)
        if post["post_type"] != 1 or not plain(post["cooked"]):  # written by the forum, or only a picture
            assert mention is None
            continue
        assert mention is not None
        liked = next(one["count"] for one in post["actions_summary"] if one["id"] == 2)
        assert mention.engagement.likes == liked
        assert mention.edited_at is None or post["version"] > 1


def test_the_sandbox_fits_the_description_of_the_api(schemas: Path) -> None:
    paths = json.loads((schemas / "discourse.openapi.json").read_text())["paths"]

    def schema(path: str) -> Any:
        return paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]

    listing = Draft202012Validator(schema("/posts.json"))
    # the listing's sample had no likes; the schema of a single post knows them
    action = Draft202012Validator(schema("/posts/{id}.json")["properties"]["actions_summary"])
    posts = [post(1, likes=0), post(2, likes=7, edited_at=NOW)]
    forum = Forum(World(posts, NOW))
    body = forum.answer(Request("GET", "/posts.json", {})).body
    assert [action.is_valid(shown["actions_summary"]) for shown in body["latest_posts"]] == [True, True]
    body["latest_posts"][0]["actions_summary"] = []
    assert [error.message for error in listing.iter_errors(body)] == []
    del body["latest_posts"][0]["cooked"]
    assert not listing.is_valid(body)


def post(number: int, **changes: Any) -> Post:
    return TestContract().post(number, NOW - HOUR / number, **changes)
