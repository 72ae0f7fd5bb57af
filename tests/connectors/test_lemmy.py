"""Lemmy: the contract in both versions of its API, and what is special about federated posts."""

from typing import Any

import pytest
import responses

from connectors.base import Allowance, Watch
from connectors.errors import AuthError
from connectors.lemmy import FEDERATED_WITHIN, Lemmy, LemmySettings, parse
from listener.query.parser import parse as parse_query
from listener.query.render import render
from listener.sandbox.platforms.lemmy import HOST, WRONG
from listener.sandbox.platforms.lemmy import Lemmy as Face
from listener.sandbox.server import Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled


class TestContract(ContractSuite):
    connector = Lemmy
    face = Face
    late = HOUR * (FEDERATED_WITHIN / 3600)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 50}

    def spoil(self, body: Any) -> Any:
        for view in body["posts"][:1]:
            del view["post"]["published"]
        return body


class TestContractOfVersion4(TestContract):
    deep = 1000

    def settings(self, url: str) -> dict[str, Any]:
        return {**super().settings(url), "api": "v4"}

    def spoil(self, body: Any) -> Any:
        for view in body["items"][:1]:
            del view["post"]["published_at"]
        return body


def entry(number: int, **changes: Any) -> Post:
    return TestContract().post(number, NOW - HOUR * number, **changes)


def stage(*posts: Post, private: bool = False) -> Sandbox:
    face = Face(World(posts, NOW))
    face.private = private
    return Sandbox(World(posts, NOW), [face])


def poll(sandbox: Sandbox, *queries: str, **settings: Any) -> list[Mention]:
    settings = {"base_url": sandbox.url("lemmy"), "pause": 0, **settings}
    watch = Watch(since=SINCE, now=NOW, queries=queries)
    return Polled().take(Lemmy(LemmySettings(**settings)).poll(watch, None)).mentions


@pytest.mark.parametrize("api", ["v3", "v4"])
def test_a_post_and_a_comment(api: str) -> None:
    first = entry(3, title="Brotwerk opens", text="Brotwerk with a text", edited_at=NOW - HOUR)
    answer = entry(2, kind=Kind.COMMENT, parent=3)
    with stage(first, answer, entry(1, title=None, text="Brotwerk, only a link")) as sandbox:
        link, post, comment = poll(sandbox, "brotwerk", api=api)
    assert (post.title, post.text, post.kind) == ("Brotwerk opens", "Brotwerk with a text", Kind.POST)
    assert post.edited_at == NOW - HOUR
    assert post.platform_id == post.url == post.thread_id == f"{HOST}/post/3"
    assert (link.title, link.text) == ("Brotwerk, only a link", "Brotwerk, only a link")
    assert (comment.kind, comment.title, comment.edited_at) == (Kind.COMMENT, None, None)
    assert (comment.thread_id, comment.parent_id) == (post.platform_id, post.platform_id)
    assert (comment.engagement.likes, comment.engagement.comments) == (202, 402)
    assert comment.author is not None
    assert comment.author.handle == "author2@lemmy.example"


def test_an_answer_to_a_comment_has_no_known_parent() -> None:
    view = Face(World([entry(1)], NOW))._view(entry(2, kind=Kind.COMMENT), "v3")  # noqa: SLF001 - one view
    view["comment"]["path"] = "0.7.2"
    mention = parse(view)
    assert mention is not None
    assert mention.parent_id is None
    assert mention.thread_id


@pytest.mark.parametrize("flag", ["deleted", "removed"])
def test_what_was_taken_down_is_no_mention_and_when_read_again_gone(flag: str) -> None:
    def take_down(body: Any) -> Any:
        view = body["posts"][:1] if "posts" in body else [body["post"]]
        for one in view:
            one["post"][flag] = True
        return body

    with stage(entry(1)) as sandbox:
        sandbox.weather("lemmy", Weather(change=take_down), times=9)
        assert poll(sandbox, "brotwerk") == []
        lemmy = Lemmy(LemmySettings(base_url=sandbox.url("lemmy"), pause=0))
        assert Polled().take(lemmy.refresh([f"{HOST}/post/1"], Allowance())).gone == [f"{HOST}/post/1"]


def test_times_without_a_zone_are_utc() -> None:
    view = Face(World([], NOW))._view(entry(1), "v3")  # noqa: SLF001 - one view
    view["post"]["published"] = "2023-06-01T12:00:00.123456"
    mention = parse(view)
    assert mention is not None
    assert mention.published_at.isoformat() == "2023-06-01T12:00:00.123456+00:00"


# ---- searching


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("brotwerk AND brot", ["brotwerk"]),
        ('brot AND "frisches brot"', ["frisches brot"]),
        ("brotwerk OR backstube", ["brotwerk", "backstube"]),
        ("brotwerk NOT museum", ["brotwerk"]),
    ],
)
def test_words_in_any_order_are_found_by_one_of_them(query: str, sent: list[str]) -> None:
    rendered = render([parse_query(query)], Lemmy.syntax)
    with stage() as sandbox:
        poll(sandbox, *rendered)
        asked = [request.arg("q").lower() for request in sandbox.requests("lemmy")]
    assert set(sent) <= set(asked)
    assert not [term for term in asked if " and " in term or "\n" in term or '"' in term]


def test_pinned_posts_on_top_do_not_end_the_sweep() -> None:
    def pin(body: Any) -> Any:
        views = body["posts"]
        old = (
            {**views[0], "post": {**views[0]["post"], "published": "2020-01-01T00:00:00Z"}} if views else None
        )
        return {**body, "posts": [old, *views[1:]] if old else []}

    posts = [entry(number) for number in range(1, 12)]
    with stage(*posts) as sandbox:
        sandbox.weather("lemmy", Weather(change=pin, only="page=1"))
        assert len(poll(sandbox, "brotwerk", page_size=5)) == 10


def test_a_page_that_begins_at_a_deleted_post_begins_again() -> None:
    suite = TestContractOfVersion4()
    with suite.stage(suite.hourly(12)) as play:
        pages = play.pages()
        polled = Polled().take([next(pages)])
        play.world.delete(8)  # the last one of the first page
        polled.take(play.pages(polled.cursor))
        assert polled.numbers == set(range(1, 13))


def test_version_1_is_noticed_by_its_search_of_version_3() -> None:
    def both(body: Any) -> Any:
        return {**body, "comments": body["posts"]}

    with stage(entry(1)) as sandbox:
        sandbox.weather("lemmy", Weather(change=both))
        with pytest.raises(AuthError, match='api = "v4"'):
            poll(sandbox, "brotwerk")


# ---- who may read


def test_a_private_instance() -> None:
    with stage(entry(1), private=True) as sandbox:
        with pytest.raises(AuthError, match="instance_is_private"):
            poll(sandbox, "brotwerk")
        with pytest.raises(AuthError, match="incorrect_login"):
            poll(sandbox, "brotwerk", jwt=WRONG)
        assert len(poll(sandbox, "brotwerk", jwt="ours")) == 1


def test_the_token_stays_with_the_instance() -> None:
    with responses.RequestsMock() as mock:
        for host in ("93.184.215.14", "93.184.215.15"):
            mock.get(f"https://{host}/api/v3/search", json={"posts": [], "comments": []})
        mock.replace(
            responses.GET,
            "https://93.184.215.14/api/v3/search",
            status=302,
            headers={"Location": "https://93.184.215.15/api/v3/search"},
        )
        lemmy = Lemmy(LemmySettings(base_url="https://93.184.215.14", jwt="hush", pause=0))
        Polled().take(lemmy.poll(Watch(since=SINCE, now=NOW, queries=("brot",)), None))
        ours, theirs = (call.request.headers for call in list(mock.calls)[:2])
    assert ours["Authorization"] == "Bearer hush"
    assert "Authorization" not in theirs


@pytest.mark.parametrize(
    "target",
    [
        "search?q=a&sort=New&limit=51",
        "search?q=a&sort=New&page=0",
        "search?q=a&sort=Newest",
        "search?sort=New",
    ],
)
def test_the_sandbox_refuses_what_lemmy_refuses(target: str) -> None:
    answer = Face(World([], NOW)).answer(Request("GET", f"/api/v3/{target}", {}))
    assert answer.status == 400
    assert answer.body["error"]
