"""Hacker News: the contract, and what is special about its search."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from connectors.base import Allowance, Watch, parse_each
from connectors.hackernews import HackerNews, HackerNewsSettings, parse_item
from connectors.text import plain
from listener.sandbox.platforms.hackernews import HackerNews as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled


class TestContract(ContractSuite):
    connector = HackerNews
    face = Face
    late = timedelta(hours=1)
    recordings = ("hackernews/*.json",)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "items_url": url, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 1000}

    def spoil(self, body: Any) -> Any:
        del body["hits"][0]["created_at_i"]
        return body


def entry(number: int, at: datetime, **changes: Any) -> Post:
    values: dict[str, Any] = {
        "id": number,
        "platform": "hackernews",
        "kind": Kind.POST,
        "published_at": at,
        "author": "ada",
        "text": f"Brotwerk entry {number}",
        "likes": 7,
        "comments": 3,
    }
    return Post(**{**values, **changes})


def poll(posts: list[Post], *queries: str, page_size: int = 200) -> list[Mention]:
    with Sandbox(World(posts, NOW), [Face(World(posts, NOW))]) as sandbox:
        settings = HackerNewsSettings(base_url=sandbox.url("hackernews"), page_size=page_size)
        pages = HackerNews(settings).poll(Watch(since=SINCE, now=NOW, queries=queries), None)
        return Polled().take(pages).mentions


def test_a_comment_knows_its_conversation_and_no_points() -> None:
    story = entry(1, NOW - 3 * HOUR, title="Brotwerk opens", link="https://brotwerk.example/")
    answer = entry(
        2, NOW - 2 * HOUR, kind=Kind.COMMENT, parent=1, text="Brotwerk is <good> & cheap\n\nReally"
    )
    reply = entry(3, NOW - HOUR, kind=Kind.COMMENT, parent=2, text="Brotwerk? No")
    third, second, first = poll([story, answer, reply], "brotwerk")
    assert (first.kind, first.title, first.text) == (Kind.POST, "Brotwerk opens", "Brotwerk opens")
    assert (first.parent_id, first.thread_id, first.url) == (
        None,
        "1",
        "https://news.ycombinator.com/item?id=1",
    )
    assert (first.engagement.likes, first.engagement.comments) == (7, 3)
    assert (second.kind, second.parent_id, second.thread_id) == (Kind.COMMENT, "1", "1")
    assert second.text == "Brotwerk is <good> & cheap\nReally"
    assert second.title is None
    assert (second.engagement.likes, second.engagement.comments) == (None, None)
    assert (third.parent_id, third.thread_id) == ("2", "1")


def test_more_hits_than_one_query_can_reach() -> None:
    posts = [entry(number, NOW - timedelta(seconds=number)) for number in range(1, 1200)]
    assert {mention.platform_id for mention in poll(posts, "brotwerk", page_size=1000)} == {
        str(post.id) for post in posts
    }


def test_more_hits_in_one_second_than_a_query_can_reach_hide_nothing_older() -> None:
    crowd = [entry(number, NOW - HOUR) for number in range(1, 1102)]
    older = entry(2000, NOW - 2 * HOUR)
    found = {mention.platform_id for mention in poll([*crowd, older], "brotwerk", page_size=500)}
    assert "2000" in found
    assert len(found) == 1001, "what the search does not show cannot be found"


@pytest.mark.parametrize("moment", [10**17, 10**30, -(10**17)])
def test_an_absurd_time_is_a_reject(moment: int) -> None:
    item = {"id": 1, "type": "story", "title": "Brotwerk", "by": "ada", "time": moment}
    mentions, rejects = parse_each([item], parse_item)
    assert (len(mentions), len(rejects)) == (0, 1)


def test_phrases_are_searched_as_such() -> None:
    posts = [entry(1, NOW - HOUR, text="bread and rolls"), entry(2, NOW - HOUR, text="rolls and bread")]
    assert [mention.platform_id for mention in poll(posts, '"bread and rolls"')] == ["1"]


def test_words_are_meant_as_written() -> None:
    """The search would otherwise forgive a letter."""
    posts = [entry(1, NOW - HOUR, text="Brotwerk"), entry(2, NOW - HOUR, text="Brotwerg")]
    assert [mention.platform_id for mention in poll(posts, "brotwerk")] == ["1"]


def test_every_query_gets_its_turn_when_each_poll_is_cut_off() -> None:
    posts = [entry(number, NOW - number * HOUR, text=("rye", "spelt")[number % 2]) for number in range(1, 31)]
    world = World(posts, NOW)
    watch = Watch(since=SINCE, now=NOW, queries=("rye", "spelt"))
    with Sandbox(world, [Face(world)]) as sandbox:
        settings = HackerNewsSettings(base_url=sandbox.url("hackernews"), page_size=4)
        polled = Polled()
        for _ in range(14):
            polled.take(islice(HackerNews(settings).poll(watch, polled.cursor), 1))
    assert {mention.platform_id for mention in polled.mentions} == {str(post.id) for post in posts}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"numericFilters": "points>2"}, "numericAttributesForFiltering"),
        ({"numericFilters": "created_at_i=>2"}, "Invalid syntax"),
        ({"hitsPerPage": "many"}, "hitsPerPage"),
    ],
)
def test_the_sandbox_refuses_what_the_search_refuses(parameters: dict[str, str], message: str) -> None:
    world = World([entry(1, NOW)], NOW)
    with Sandbox(world, [Face(world)]) as sandbox:
        url = sandbox.url("hackernews") + "/api/v1/search_by_date"
        answer = requests.get(url, params=parameters, timeout=5)
    assert answer.status_code == 400
    assert message in answer.json()["message"]


def test_the_sandbox_has_the_limit_of_the_search() -> None:
    world = World([entry(number, NOW) for number in range(1100)], NOW)
    with Sandbox(world, [Face(world)]) as sandbox:
        url = sandbox.url("hackernews") + "/api/v1/search_by_date"
        first = requests.get(url, params={"hitsPerPage": "5000"}, timeout=5).json()
        second = requests.get(url, params={"hitsPerPage": "1000", "page": "1"}, timeout=5).json()
    assert (len(first["hits"]), first["nbHits"], first["nbPages"]) == (1000, 1100, 1)
    assert (second["hits"], second["nbHits"]) == ([], 0)
    assert "only fetch the 1000 hits" in second["message"]


@responses.activate
def test_recorded_search_is_read_whole(recordings: Path) -> None:
    raw = (recordings / "hackernews" / "sampleNewsOutput.json").read_bytes()
    hits = json.loads(raw)["hits"]
    responses.get("https://hn.algolia.com/api/v1/search_by_date", body=raw)
    watch = Watch(since=datetime(2007, 1, 1, tzinfo=UTC), now=NOW, queries=("any",))
    polled = Polled().take(HackerNews(HackerNewsSettings()).poll(watch, None))
    assert len(polled.mentions) == len(hits) == 4
    assert not polled.rejects
    for mention, hit in zip(polled.mentions, hits, strict=True):
        assert mention.platform_id == hit["objectID"]
        assert mention.title == hit["title"]
        assert int(mention.published_at.timestamp()) == hit["created_at_i"]
        assert mention.engagement.likes == hit["points"]
        assert mention.engagement.comments == hit["num_comments"]
        assert mention.author is not None
        assert mention.author.handle == hit["author"]


def test_recorded_comments_become_plain_text(recordings: Path) -> None:
    tree = json.loads((recordings / "hackernews" / "sampleCommentsOutput.json").read_bytes())
    texts = [text for text in _texts(tree) if text]
    assert len(texts) > 50
    for text in texts:
        words = plain(text)
        assert words
        assert not any(left in words for left in ("<p>", "</a>", "<i>", "&#x", "&quot;", "&gt;"))
        assert words.count("\n") + 1 >= text.count("<p>")


def _texts(item: Any) -> Iterator[str]:
    yield item.get("text") or ""
    for child in item["children"]:
        yield from _texts(child)


# ---- reading known items again


def refresh(*items: Any, ids: tuple[str, ...] = ("1",), posts: tuple[Post, ...] = ()) -> Polled:
    """What a refresh of the ids gives, with the first answers replaced by the items, if any."""
    world = World(posts or (entry(1, NOW - HOUR),), NOW)
    with Sandbox(world, [Face(world)]) as sandbox:
        for item in items:
            sandbox.weather("hackernews", Weather(change=partial(replaced, item)))
        url = sandbox.url("hackernews")
        connector = HackerNews(HackerNewsSettings(base_url=url, items_url=url, pause=0))
        return Polled().take(connector.refresh(ids, Allowance()))


def replaced(item: Any, body: Any) -> Any:
    return {**body, **item} if isinstance(item, dict) else item


def test_items_read_again_say_what_the_search_said() -> None:
    story = entry(1, NOW - 3 * HOUR, title="Brotwerk & Söhne", link="https://brotwerk.example/")
    answer = entry(2, NOW - 2 * HOUR, kind=Kind.COMMENT, parent=1, text="Brotwerk is <good>\n\nReally")
    found = poll([story, answer], "brotwerk")
    again = refresh(posts=(story, answer), ids=("2", "1")).mentions
    assert found == [replace(again[0], thread_id="1"), again[1]]
    assert again[0].thread_id is None, "the site's own API does not tell a comment's story"


@pytest.mark.parametrize(
    ("item", "gone"), [({"deleted": True}, ["1"]), ({"dead": True}, ["1"]), (None, []), (["junk"], [])]
)
def test_only_what_is_said_to_be_deleted_is_gone(item: Any, gone: list[str]) -> None:
    polled = refresh(item)
    assert (polled.gone, polled.mentions) == (gone, [])
    assert len(polled.rejects) == (item == ["junk"])


def test_titles_are_read_as_html() -> None:
    assert refresh({"title": "Bread &amp; rolls"}).mentions[0].title == "Bread & rolls"
