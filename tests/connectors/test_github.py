"""GitHub: the contract over both of its APIs, and what is special to it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
import requests

from connectors.base import Allowance, Page, Watch
from connectors.errors import AuthError, RetryLater
from connectors.github import GitHub, GitHubSettings
from listener.sandbox.platforms.github import WRONG
from listener.sandbox.platforms.github import GitHub as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled

WATCH = Watch(since=SINCE, now=NOW, queries=("brotwerk",))
ANYTIME = Allowance()


class TestIssues(ContractSuite):
    connector = GitHub
    face = Face
    listing = "/search"
    late = timedelta(minutes=10)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size, "kinds": ("issue",)}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        del body["items"][0]["created_at"]
        return body


class TestDiscussions(ContractSuite):
    connector = GitHub
    face = Face
    channel = "brotwerk/oven/discussions"
    late = timedelta(minutes=10)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size, "kinds": ("discussion",), "comments": False}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        del body["data"]["search"]["nodes"][0]["createdAt"]
        return body


def entry(number: int, **changes: Any) -> Post:
    values: dict[str, Any] = {
        "id": number,
        "platform": "github",
        "kind": Kind.POST,
        "published_at": NOW - number * HOUR,
        "author": "ada",
        "title": "It smokes",
        "text": f"Brotwerk entry {number}",
        "likes": 4,
        "comments": 2,
        "channel": "brotwerk/oven",
    }
    return Post(**{**values, **changes})


class Scene:
    """A few posts, the face that shows them, and a connector that asks it."""

    def __init__(self, world: World, sandbox: Sandbox, face: Face) -> None:
        self.world, self.sandbox, self.face = world, sandbox, face

    def connector(self, **settings: Any) -> GitHub:
        values = {"base_url": self.sandbox.url("github"), "pause": 0, "token": "t0ken", **settings}
        return GitHub(GitHubSettings(**values))

    def poll(self, cursor: Any = None, **settings: Any) -> Polled:
        return Polled(cursor=cursor).take(self.connector(**settings).poll(WATCH, cursor))

    def paths(self) -> list[str]:
        return [request.path for request in self.sandbox.requests("github")]


@contextmanager
def scene(*posts: Post) -> Iterator[Scene]:
    world = World(posts, NOW)
    face = Face(world)
    with Sandbox(world, [face]) as sandbox:
        yield Scene(world, sandbox, face)


def threads() -> list[Post]:
    return [
        entry(1),
        entry(2, channel="brotwerk/oven/pull"),
        entry(3, channel="brotwerk/oven/discussions", likes=9),
    ]


def test_issues_pull_requests_and_discussions() -> None:
    with scene(*threads()) as stage:
        found = {one.platform_id: one for one in stage.poll().mentions}
    assert set(found) == {"I_1", "PR_2", "D_3"}
    assert found["I_1"].url == "https://github.com/brotwerk/oven/issues/1"
    assert found["PR_2"].url == "https://github.com/brotwerk/oven/pull/2"
    assert found["D_3"].url == "https://github.com/brotwerk/oven/discussions/3"
    for one in found.values():
        assert (one.kind, one.title, one.thread_id) == (Kind.POST, "It smokes", one.platform_id)
        assert one.author is not None
        assert (one.author.handle, one.author.platform_id) == ("ada", "294")
    assert [found[name].engagement.likes for name in ("I_1", "PR_2", "D_3")] == [4, 4, 9]
    assert {one.engagement.comments for one in found.values()} == {2}


def test_without_a_token_there_are_issues_and_pull_requests_alone() -> None:
    with scene(*threads()) as stage:
        polled = stage.poll(token=None)
        assert {one.platform_id for one in polled.mentions} == {"I_1", "PR_2"}
        assert set(stage.paths()) == {"/search/issues"}
        before = len(stage.paths())
        assert list(stage.connector(token=None).refresh(["I_1"], ANYTIME)) == []
        assert len(stage.paths()) == before


def test_comments_are_read_with_the_thread_that_they_move_up() -> None:
    old = {"published_at": NOW - 90 * HOUR}
    posts = [
        entry(5, text="An oven", **old),
        entry(6, kind=Kind.COMMENT, parent=5, text="Brotwerk entry 6, before", **old),
        entry(7, text="A discussion", channel="brotwerk/oven/discussions", **old),
    ]
    with scene(*posts) as stage:
        polled = stage.poll()
        assert not polled.mentions
        stage.world.add(
            entry(1, kind=Kind.COMMENT, parent=5, text="Brotwerk entry 1 bakes better"),
            entry(2, kind=Kind.COMMENT, parent=7, text="Brotwerk entry 2, says a discussion", likes=6),
        )
        polled = stage.poll(polled.cursor)
        comments = {one.platform_id: one for one in polled.mentions if one.kind is Kind.COMMENT}
        assert set(comments) == {"I_5/IC_1", "D_7/IC_2"}
        first = comments["I_5/IC_1"]
        assert (first.parent_id, first.thread_id, first.title) == ("I_5", "I_5", None)
        assert first.url is not None
        assert first.url.endswith("#issuecomment-1")
        stage.world.add(entry(0, kind=Kind.COMMENT, parent=5, text="Brotwerk entry 0"))
        polled = stage.poll(polled.cursor)
        later = stage.poll(polled.cursor, kinds=("issue",)).mentions
        assert [one.platform_id for one in later] == ["I_5", "I_5/IC_0"], "older ones are stored already"
        assert comments["D_7/IC_2"].engagement.likes == 6
        stage.world.edit(1, text="Brotwerk entry 1 burns", edited_at=NOW)
        stage.world.delete(2)
        again = Polled().take(stage.connector().refresh(list(comments), ANYTIME))
        assert [(one.platform_id, one.text) for one in again.mentions] == [
            ("I_5/IC_1", "Brotwerk entry 1 burns")
        ]
        assert (again.mentions[0].parent_id, again.mentions[0].edited_at) == ("I_5", NOW)
        assert again.gone == ["D_7/IC_2"]
        assert all(one.kind is Kind.POST for one in stage.poll(comments=False).mentions)


def test_an_edited_thread_is_found_by_the_next_poll() -> None:
    with scene(entry(30)) as stage:
        polled = stage.poll(token=None)
        stage.world.edit(30, text="Brotwerk entry 30 burns", edited_at=NOW - HOUR)
        assert [one.text for one in stage.poll(polled.cursor, token=None).mentions] == [
            "Brotwerk entry 30 burns"
        ]


def test_discussions_beyond_one_page() -> None:
    place = "brotwerk/oven/discussions"
    posts = [entry(number, channel=place, title=f"{number % 7} rolls") for number in range(1, 40)]
    with scene(*posts) as stage:
        polled = stage.poll(page_size=4)
    assert polled.numbers == set(range(1, 40))


def test_owners_to_skip() -> None:
    posts = [*threads(), entry(4, channel="somebody/else"), entry(5, channel="some/one/discussions")]
    with scene(*posts) as stage:
        found = {one.platform_id for one in stage.poll(skip_owners=("brotwerk", "other")).mentions}
    assert found == {"I_4", "D_5"}


def test_a_search_that_ran_out_of_time_moves_no_mark() -> None:
    with scene(*(entry(number) for number in range(1, 9))) as stage:
        stage.face.incomplete = True
        polled = Polled()
        with pytest.raises(RetryLater, match="before it was finished"):
            polled.take(stage.connector(page_size=5, kinds=("issue",)).poll(WATCH, None))
        assert polled.numbers == {1, 2, 3, 4, 5}
        stage.face.incomplete = False
        assert stage.poll(polled.cursor, page_size=5).numbers == set(range(1, 9))


def test_more_than_one_search_can_show() -> None:
    posts = [entry(number, published_at=NOW - timedelta(seconds=number)) for number in range(1, 1150)]
    with scene(*posts) as stage:
        polled = stage.poll(kinds=("issue",), comments=False)
    assert polled.numbers == {post.id for post in posts}


def test_more_of_one_second_than_can_be_shown_does_not_stop_the_sweep() -> None:
    posts = [entry(number, published_at=NOW - HOUR) for number in range(1, 1102)]
    with scene(*posts, entry(2000, published_at=NOW - 2 * HOUR)) as stage:
        numbers = stage.poll(kinds=("issue",), comments=False).numbers
    assert 2000 in numbers
    assert len(numbers) == 1001


def raised_by(weather: Weather, only: tuple[str, ...]) -> Exception:
    with scene(*threads()) as stage:
        stage.sandbox.weather("github", weather)
        with pytest.raises((AuthError, RetryLater)) as caught:
            stage.poll(kinds=only)
    return caught.value


def soon(after: timedelta | None, seconds: int) -> bool:
    return after is not None and timedelta(seconds=seconds - 3) <= after <= timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("kind", ["issue", "discussion"])
def test_a_rate_limit_is_no_refusal(status: int, kind: str) -> None:
    told = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
    reset = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 90)}
    by_reset = raised_by(Weather(status=status, headers=reset), (kind,))
    by_header = raised_by(Weather(status=status, headers={"Retry-After": "40"}), (kind,))
    assert isinstance(by_reset, RetryLater)
    assert soon(by_reset.after, 90)
    assert isinstance(by_header, RetryLater)
    assert soon(by_header.after, 40)
    if status == 403:
        by_word = raised_by(Weather(status=status, body=told), (kind,))
        assert isinstance(by_word, RetryLater)
        assert soon(by_word.after, 60)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("RATE_LIMITED", RetryLater),
        ("FORBIDDEN", AuthError),
        ("INSUFFICIENT_SCOPES", AuthError),
        (None, RetryLater),
    ],
)
def test_errors_of_graphql_come_with_a_good_status(kind: str | None, expected: type[Exception]) -> None:
    body = {"data": None, "errors": [{"type": kind, "message": "no\nluck"}]}
    raised = raised_by(Weather(body=body), ("discussion",))
    assert type(raised) is expected
    assert str(raised) == ("GitHub's rate limit is used up" if kind == "RATE_LIMITED" else "GitHub: no luck")


def test_what_a_token_may_not_see_is_not_taken_for_gone() -> None:
    hidden = {"type": "FORBIDDEN", "path": ["nodes", 0], "message": "protected by its organization"}

    def hide(body: Any) -> Any:
        body["data"]["nodes"][0] = None
        return {**body, "errors": [hidden]}

    with scene(*threads()) as stage:
        stage.sandbox.weather("github", Weather(change=hide))
        again = Polled().take(stage.connector().refresh(["I_1", "PR_2"], ANYTIME))
    assert [one.platform_id for one in again.mentions] == ["PR_2"]
    assert not again.gone


def test_one_discussion_that_a_token_may_not_see_hides_no_other() -> None:
    hidden = {"type": "FORBIDDEN", "path": ["search", "nodes", 0], "message": "protected by its organization"}

    def hide(body: Any) -> Any:
        body["data"]["search"]["nodes"][0] = None
        return {**body, "errors": [hidden]}

    place = "brotwerk/oven/discussions"
    with scene(entry(1, channel=place), entry(2, channel=place)) as stage:
        stage.sandbox.weather("github", Weather(change=hide))
        found = stage.poll(kinds=("discussion",), comments=False)
    assert found.numbers == {2}
    assert not found.rejects


def test_a_wrong_token_and_a_search_too_long_are_told() -> None:
    with scene(*threads()) as stage:
        with pytest.raises(AuthError):
            stage.poll(token=WRONG)
        watch = Watch(since=SINCE, now=NOW, queries=("brotwerk " * 40,))
        with pytest.raises(RetryLater, match=r"too long.*256"):
            Polled().take(stage.connector().poll(watch, None))


def test_every_search_gets_its_turn_when_one_fails() -> None:
    with scene(*threads()) as stage:
        watch = Watch(since=SINCE, now=NOW, queries=("brotwerk", "entry"))
        stage.face.incomplete = True
        polled = Polled()
        for _ in range(2):
            pages: Iterator[Page] = stage.connector(kinds=("issue",)).poll(watch, polled.cursor)
            with pytest.raises(RetryLater):
                polled.take(islice(pages, 5))
        asked = [
            request.arg("q").split()[0]
            for request in stage.sandbox.requests("github")
            if "q=" in request.target
        ]
    assert asked == ["brotwerk", "entry"] * 2


@pytest.mark.parametrize(
    ("path", "parameters", "message"),
    [
        ("search/issues", {"q": "rye updated:2026-01-01..2026-02-01"}, "must include"),
        ("search/issues", {"q": "rye is:issue", "page": "11", "per_page": "100"}, "first 1000"),
    ],
)
def test_the_sandbox_refuses_what_the_search_refuses(
    path: str, parameters: dict[str, str], message: str
) -> None:
    with scene() as stage:
        parameters = {"sort": "updated", "order": "desc", **parameters}
        answer = requests.get(f"{stage.sandbox.url('github')}/{path}", params=parameters, timeout=5)
    assert answer.status_code == 422
    assert message in json.dumps(answer.json())


def test_the_sandbox_knows_no_other_fields() -> None:
    with scene() as stage:
        url, headers = f"{stage.sandbox.url('github')}/graphql", {"Authorization": "Bearer t"}
        asked = {"query": "query($ids: [ID!]!) { nodes(ids: $ids) { likes } }", "variables": {"ids": []}}
        answer = requests.post(url, json=asked, headers=headers, timeout=5)
    assert "likes" in answer.json()["errors"][0]["message"]
