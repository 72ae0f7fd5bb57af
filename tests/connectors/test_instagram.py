"""Instagram: the contract, over tags and over comments, and what is special to it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import pytest
import responses

from connectors.base import Allowance, Count, Watch
from connectors.errors import AuthError, RetryLater
from connectors.instagram import Instagram, InstagramSettings
from listener.sandbox.platforms.instagram import ACCOUNT
from listener.sandbox.platforms.instagram import Instagram as Face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors import own_page
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled

API = "https://graph.facebook.com/v26.0"
NO_LIMIT = Allowance()


class Shared(ContractSuite):
    face = Face
    queries = ()
    late = HOUR
    listings: ClassVar[tuple[str, ...]] = ()

    def settings(self, url: str) -> dict[str, Any]:
        values = {"base_url": url, "account_id": ACCOUNT, "page_size": self.page_size}
        return {**values, "listings": self.listings}

    def large(self) -> dict[str, Any]:
        return {"page_size": 50}

    def spoil(self, body: Any) -> Any:
        del body["data"][0]["timestamp"]
        return body


class TestTags(Shared):
    connector = Instagram
    listings = ("tags",)
    listing = "/tags"


class OfComments(Instagram):
    gives: ClassVar[frozenset[Count]] = frozenset({"likes"})


class TestComments(Shared):
    connector = OfComments
    kind = Kind.COMMENT
    listings = ("comments",)
    listing = "/comments?"


entry = partial(own_page.entry, "instagram")


@contextmanager
def serving(*posts: Post, **settings: Any) -> Iterator[tuple[World, Sandbox, Instagram]]:
    world = World(posts, NOW)
    with Sandbox(world, [Face(world)]) as sandbox:
        values = {"access_token": "t0ken", "account_id": ACCOUNT, "pause": 0, **settings}
        yield world, sandbox, Instagram(InstagramSettings(base_url=sandbox.url("instagram"), **values))


def watch(now: datetime = NOW) -> Watch:
    return Watch(since=SINCE, now=now)


def test_a_comment_knows_its_post_and_what_it_answers() -> None:
    question = entry(2, kind=Kind.COMMENT, parent=1, text="Open on Sunday?")
    answers = [
        entry(3, kind=Kind.COMMENT, parent=2, author="sonnenkorn", text="Yes"),
        entry(4, kind=Kind.COMMENT, parent=2, author="bob", text="Great"),
    ]
    with serving(entry(1, author="sonnenkorn"), question, *answers) as (_, _, instagram):
        polled = Polled().take(instagram.poll(watch(), None))
        again = Polled().take(instagram.refresh([one.platform_id for one in polled.mentions], NO_LIMIT))
    asked, reply = polled.mentions
    assert asked.thread_id == asked.parent_id == asked.platform_id.partition("/")[0]
    assert (reply.thread_id, reply.parent_id) == (asked.thread_id, asked.platform_id)
    assert asked.url == reply.url == "https://www.instagram.com/p/1/"
    assert [one.author.handle for one in polled.mentions if one.author] == ["ada", "bob"]
    assert again.mentions == polled.mentions


def test_an_unchanged_post_is_not_asked_for_its_comments_again() -> None:
    with serving(entry(2, kind=Kind.COMMENT)) as (world, sandbox, instagram):
        polled = Polled().take(instagram.poll(watch(), None))
        before = len(sandbox.requests("instagram"))
        assert not Polled().take(instagram.poll(watch(), polled.cursor)).mentions
        assert len(sandbox.requests("instagram")) - before == 2  # the tags, and the account's posts
        world.delete(2)
        world.add(entry(3, kind=Kind.COMMENT))
        found = Polled().take(instagram.poll(watch(), polled.cursor)).mentions
    assert [one.text for one in found] == ["entry 3"]


@pytest.mark.parametrize(("answered", "later"), [(3, 0), (2, 6)])
def test_a_late_reply_to_an_earlier_comment_is_found(answered: int, later: int) -> None:
    """At once where the comment is of the last hour, else some hours later, even if nothing changes until then."""
    hours = {2: 60, 3: 1, 5: 50, 6: 40}
    comments = [entry(one, NOW - ago * HOUR, kind=Kind.COMMENT) for one, ago in hours.items()]
    with serving(*comments, page_size=1) as (world, _, instagram):
        polled = Polled().take(instagram.poll(watch(), None))
        world.add(entry(4, NOW, kind=Kind.COMMENT, parent=answered))
        polled.take(instagram.poll(watch(), polled.cursor))
        found = Polled().take(instagram.poll(watch(NOW + later * HOUR), polled.cursor)).mentions
    assert "entry 4" in [one.text for one in (found if later else polled.mentions)]


def test_a_lively_week_is_not_read_again_at_every_comment() -> None:
    comments = [entry(2 + one, NOW - one * HOUR, kind=Kind.COMMENT) for one in range(60)]
    with serving(*comments, page_size=2, listings=("comments",)) as (world, sandbox, instagram):
        polled = Polled().take(instagram.poll(watch(), None))
        asked = []
        for hour in range(1, 13):
            world.add(entry(100 + hour, NOW, kind=Kind.COMMENT))
            before = len(sandbox.requests("instagram"))
            polled.take(instagram.poll(watch(NOW + hour * HOUR), polled.cursor))
            asked.append(len(sandbox.requests("instagram")) - before)
    assert [hour for hour, requests in enumerate(asked, start=1) if requests > 12] == [6, 12]
    assert polled.numbers >= {100 + hour for hour in range(1, 13)}


def test_a_sweep_of_several_polls_is_not_begun_again_without_need() -> None:
    comments = [entry(2 + one, NOW - one * HOUR, kind=Kind.COMMENT) for one in range(12)]
    with serving(*comments, page_size=2, listings=("comments",)) as (world, _, instagram):
        polled = Polled().take(islice(instagram.poll(watch(), None), 2))
        polled.take(instagram.poll(watch(), polled.cursor))
        assert len(polled.mentions) == 12
        assert list(instagram.poll(watch(), polled.cursor)) == []
        assert len(list(instagram.poll(watch(NOW + 7 * HOUR), polled.cursor))) == 0

        polled = Polled().take(islice(instagram.poll(watch(), None), 2))
        world.add(entry(100, kind=Kind.COMMENT))  # above where the running sweep is
        polled.take(instagram.poll(watch(), polled.cursor))
        polled.take(instagram.poll(watch(), polled.cursor))
    assert 100 in polled.numbers


def test_a_post_deleted_just_now_pauses_nothing() -> None:
    own = [entry(one, author="sonnenkorn") for one in (1, 2)]
    comments = [entry(one + 2, kind=Kind.COMMENT, parent=one) for one in (1, 2)]
    error = {"error": {"message": "Object does not exist", "code": 100, "error_subcode": 33}}
    with serving(*own, *comments, listings=("comments",)) as (_, sandbox, instagram):
        sandbox.weather("instagram", Weather(status=400, body=error, only="/comments?"))
        polled = Polled()
        with pytest.raises(RetryLater, match="comments 179000"):
            polled.take(instagram.poll(watch(), None))
        polled.take(instagram.poll(watch(), polled.cursor))
    assert sorted(one.text for one in polled.mentions) == ["entry 3", "entry 4"]


def test_more_replies_than_a_page_shows() -> None:
    replies = [entry(number, kind=Kind.COMMENT, parent=2) for number in range(10, 190)]
    with serving(entry(2, kind=Kind.COMMENT), *replies) as (_, _, instagram):
        found = Polled().take(instagram.poll(watch(), None)).mentions
    assert len({one.platform_id for one in found}) == 181


def test_hashtags_bring_posts_of_the_last_day_but_not_our_own() -> None:
    mine = entry(1, author="sonnenkorn", tags=("brotwerk",))
    theirs = entry(2, channel="hashtag", tags=("brotwerk",))
    old = entry(3, NOW - 30 * HOUR, channel="hashtag", tags=("brotwerk",))
    settings = {"hashtags": ("#brotwerk", "nobody"), "listings": ("tags",)}
    with serving(mine, theirs, old, **settings) as (world, _, instagram):
        polled = Polled().take(instagram.poll(watch(), None))
        world.add(entry(4))
        again = Polled().take(instagram.refresh([one.platform_id for one in polled.mentions], NO_LIMIT))
    assert [(one.text, one.author) for one in polled.mentions] == [("entry 2", None)]
    assert not again.gone, "that a post is not among the tags says nothing about one with a hashtag"


def test_more_than_thirty_hashtags_are_refused() -> None:
    with pytest.raises(ValueError, match="30"):
        InstagramSettings(access_token="t0ken", account_id="1", hashtags=tuple(f"tag{n}" for n in range(31)))


def test_hidden_likes_are_unknown_and_pictures_without_words_left_out() -> None:
    with serving(entry(1, likes=-1), entry(2, text="")) as (_, _, instagram):
        polled = Polled().take(instagram.poll(watch(), None))
    assert [one.engagement.likes for one in polled.mentions] == [None]
    assert not polled.rejects


def test_nothing_is_gone_when_nothing_can_be_read() -> None:
    """As with the token of another account."""
    with serving(entry(1), entry(2, kind=Kind.COMMENT)) as (world, _, instagram):
        ids = [one.platform_id for one in Polled().take(instagram.poll(watch(), None)).mentions]
        world.delete(1)
        strangers = [ids[0], "17999999999999999/18999999999999999"]
        assert not Polled().take(instagram.refresh(strangers, NO_LIMIT)).gone
        world.delete(2)
        assert Polled().take(instagram.refresh(ids, NO_LIMIT)).gone == [ids[1]]


@pytest.mark.parametrize("wrong", [[], None, {"id": "1"}, 7])
def test_an_entry_with_a_wrong_id_breaks_no_refresh(wrong: Any) -> None:
    with serving(entry(1), entry(2)) as (_, sandbox, instagram):
        ids = [one.platform_id for one in Polled().take(instagram.poll(watch(), None)).mentions]
        spoilt = Weather(change=lambda body: {"data": [{**body["data"][0], "id": wrong}, *body["data"][1:]]})
        sandbox.weather("instagram", spoilt)
        again = Polled().take(instagram.refresh([ids[1]], NO_LIMIT))
    assert [one.platform_id for one in again.mentions] == [ids[1]]


def test_a_listing_that_never_ends() -> None:
    with serving(entry(1)) as (_, sandbox, instagram):
        circle = {"data": [{"id": "1"}], "paging": {"cursors": {"after": "again"}}}
        sandbox.weather("instagram", Weather(status=200, body=circle), times=9)
        with pytest.raises(RetryLater, match="circle"):
            list(instagram.refresh(["17900000000000001"], NO_LIMIT))


def test_a_stored_cursor_whose_entry_was_deleted() -> None:
    posts = [entry(number, NOW - number * HOUR) for number in range(1, 13)]
    with serving(*posts, page_size=5) as (world, _, instagram):
        polled = Polled().take(islice(instagram.poll(watch(), None), 1))
        world.delete(5)
        polled.take(instagram.poll(watch(), polled.cursor))
    assert {one.text for one in polled.mentions} == {f"entry {number}" for number in range(1, 13)}


@pytest.mark.parametrize(
    "given", ["sonnenkorn", "@SonnenKorn", "https://www.instagram.com/sonnenkorn/?hl=de"]
)
def test_a_name_is_looked_up(given: str) -> None:
    with serving(account_id=given) as (_, _, instagram):
        with pytest.raises(AuthError, match="listener check"):
            list(instagram.poll(watch(), None))
        assert instagram.resolve() == {"account_id": ACCOUNT}


def test_a_name_that_the_token_does_not_manage() -> None:
    with serving(account_id="@krustenhof") as (_, _, instagram), pytest.raises(AuthError, match="sonnenkorn"):
        instagram.resolve()


def test_a_number_needs_no_look_up() -> None:
    with serving() as (_, sandbox, instagram):
        assert instagram.resolve() == {}
        assert not sandbox.requests("instagram")


@responses.activate
def test_an_old_post_tagged_only_now_does_not_end_the_sweep() -> None:
    def page(*hours: int) -> dict[str, Any]:
        posts = [
            {"id": str(one), "caption": f"entry {one}", "timestamp": (NOW - one * HOUR).isoformat()}
            for one in hours
        ]
        return {"data": posts, "paging": {"cursors": {"after": "next"}}}

    responses.get(f"{API}/{ACCOUNT}/tags", json=page(1, 9000, 2))
    responses.get(f"{API}/{ACCOUNT}/tags", json=page(3, 4))
    responses.get(f"{API}/{ACCOUNT}/tags", json=page(9001, 9002))
    settings = InstagramSettings(access_token="t0ken", account_id=ACCOUNT, listings=("tags",), pause=0)
    polled = Polled().take(Instagram(settings).poll(watch(), None))
    assert polled.numbers == {1, 9000, 2, 3, 4, 9001, 9002}
    assert len(responses.calls) == 3


@responses.activate
def test_recorded_tags_are_read_whole(recordings: Path) -> None:
    raw = (recordings / "instagram" / "tagged_medias.json").read_bytes()
    records = json.loads(raw)["data"]
    responses.get(f"{API}/{ACCOUNT}/tags", body=raw)
    settings = InstagramSettings(access_token="t0ken", account_id=ACCOUNT, listings=("tags",), pause=0)
    since = datetime(2015, 1, 1, tzinfo=UTC)
    polled = Polled().take(Instagram(settings).poll(Watch(since=since, now=NOW), None))
    with_words = [one for one in records if one.get("caption")]
    assert len(polled.mentions) == len(with_words) > 3
    assert not polled.rejects
    for mention, record in zip(polled.mentions, with_words, strict=True):
        assert mention.platform_id == record["id"]
        assert mention.text == record["caption"]
        assert mention.url == record["permalink"]
        assert mention.published_at == datetime.fromisoformat(record["timestamp"])
        assert mention.engagement.likes == record["like_count"]
        assert mention.engagement.comments == record["comments_count"]


@responses.activate
def test_recorded_comments_are_read_whole(recordings: Path) -> None:
    comments = json.loads((recordings / "instagram" / "comments_p1.json").read_bytes())
    mentioned = json.loads((recordings / "instagram" / "mentioned_comment.json").read_bytes())
    own = json.loads((recordings / "instagram" / "medias_p1.json").read_bytes())["business_discovery"][
        "media"
    ]
    last = {"data": [mentioned["mentioned_comment"]]}
    responses.get(f"{API}/{ACCOUNT}/media", json=own)
    for post in own["data"]:
        responses.get(f"{API}/{post['id']}/comments", json=comments)
        responses.get(f"{API}/{post['id']}/comments", json=last)
    settings = InstagramSettings(access_token="t0ken", account_id=ACCOUNT, listings=("comments",), pause=0)
    since = datetime(2015, 1, 1, tzinfo=UTC)
    polled = Polled().take(Instagram(settings).poll(Watch(since=since, now=NOW), None))
    records = [*comments["data"], *last["data"]]
    assert [one.text for one in polled.mentions] == 2 * [record["text"] for record in records]
    assert not polled.rejects
    assert "SCRUBBED" not in "".join(str(call.request.url) for call in responses.calls)


@responses.activate
def test_recorded_hashtags_are_read_whole(recordings: Path) -> None:
    """They were recorded without times: each is read once it has one."""
    found = (recordings / "instagram" / "hashtag_search.json").read_bytes()
    posts = json.loads((recordings / "instagram" / "hashtag_top_medias_p1.json").read_bytes())
    for number, post in enumerate(posts["data"]):
        post["timestamp"] = (NOW - timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    del posts["paging"]["next"]
    responses.get(f"{API}/{ACCOUNT}/media", json={"data": []})
    responses.get(f"{API}/ig_hashtag_search", body=found)
    responses.get(f"{API}/{json.loads(found)['data'][0]['id']}/recent_media", json=posts)
    settings = InstagramSettings(
        access_token="t0ken", account_id=ACCOUNT, listings=(), hashtags=("developers",), pause=0
    )
    polled = Polled().take(Instagram(settings).poll(watch(), None))
    assert [one.text for one in polled.mentions] == [one["caption"] for one in posts["data"]]
    assert [one.engagement.likes for one in polled.mentions] == [
        one.get("like_count") for one in posts["data"]
    ]
