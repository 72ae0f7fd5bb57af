"""Mastodon through Mastodon.py: over the sandbox, and over recorded answers."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import mastodon
import pytest
import yaml

from connectors.base import Allowance, Page, Watch
from connectors.errors import AuthError, RetryLater
from connectors.mastodon import Mastodon, MastodonSettings, parse
from connectors.text import plain
from listener.sandbox.platforms import mastodon as face
from listener.sandbox.server import Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention
from tests.connectors import recorded
from tests.connectors.contract import ContractSuite
from tests.connectors.schema import complaints

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCH = Watch(since=NOW - 72 * HOUR, now=NOW, tags=("brotwerk",))


class TestMastodon(ContractSuite):
    connector = Mastodon
    face = face.Mastodon
    queries = ()
    tags = ("brotwerk",)
    listing = "/timelines/"
    late = timedelta(hours=1)
    recordings = ("mastodon/*.yaml",)

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 40}

    def spoil(self, body: Any) -> Any:
        if body:  # below the last page stands an empty one
            del body[0]["created_at"]
        return body

    def patience(self) -> dict[str, str]:
        reset = datetime.now(UTC) + timedelta(seconds=7)
        return {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset.isoformat().replace("+00:00", "Z")}


def post(number: int, **changes: Any) -> Post:
    given = Post(
        id=number,
        platform="mastodon",
        kind=Kind.POST,
        published_at=NOW - HOUR * (60 - number),
        author=f"author{number}",
        text=f"Brotwerk & #brotwerk {number}",
        tags=("brotwerk",),
        likes=5,
        shares=9,
    )
    return replace(given, **changes)


@contextmanager
def sandbox(*posts: Post) -> Iterator[tuple[World, Sandbox]]:
    world = World(posts, NOW)
    with Sandbox(world, [face.Mastodon(world)]) as running:
        yield world, running


def social(running: Sandbox, **changes: Any) -> Mastodon:
    return Mastodon(MastodonSettings(base_url=running.url("mastodon"), **changes))


def mentions_of(pages: Iterator[Page]) -> list[Mention]:
    return [mention for page in pages for mention in page.mentions]


def status(**changes: Any) -> dict[str, Any]:
    """One status as the sandbox shows it, changed."""
    world = World([post(1)], NOW)
    [shown] = face.Mastodon(world).answer(Request("GET", "/api/v1/timelines/tag/brotwerk", {})).body
    return {**shown, "created_at": NOW, **changes}


def test_a_token_adds_search_and_mentions() -> None:
    tagged, untagged = post(1), post(2, tags=(), text="Brotwerk without a tag")
    call = post(3, tags=(), text="hello @brotwerk")
    watch = replace(WATCH, queries=("Brotwerk -rolls",))
    with sandbox(tagged, untagged, call, post(4, tags=(), text="Brotwerk rolls")) as (_, running):
        anonymous = {mention.text for mention in mentions_of(social(running).poll(watch, None))}
        known = {mention.text for mention in mentions_of(social(running, access_token="t").poll(watch, None))}
        seen = [request.target for request in running.requests("mastodon")]
    assert anonymous == {tagged.text}
    assert known == {tagged.text, untagged.text, call.text}
    assert not any("resolve" in target for target in seen), "the server must not look anything up for us"
    assert not any("instance" in target for target in seen), "no request but for what is wanted"


def test_late_and_tied_posts_are_found_below_the_first_page() -> None:
    newest = post(40, published_at=NOW - HOUR)
    with sandbox(newest, post(1)) as (world, running):
        first = list(social(running, page_size=1).poll(WATCH, None))[-1]
        late = [post(number, published_at=newest.published_at - HOUR / 4) for number in (2, 3)]
        tied = [post(number, published_at=newest.published_at) for number in (38, 39)]
        world.add(*late, *tied)
        pages = list(social(running, page_size=1).poll(WATCH, first.cursor))
    found = {mention.author.handle for page in pages for mention in page.mentions if mention.author}
    assert found >= {one.author for one in (*late, *tied)}


def test_a_page_of_old_posts_that_came_late_does_not_end_the_walk() -> None:
    """Other servers list by arrival: an old post may be the last one of a page."""
    posts = [post(number) for number in range(1, 41)]
    with sandbox(*posts) as (_, running):
        old = Weather(
            change=lambda body: [*body[:-1], {**body[-1], "created_at": "2020-01-01T00:00:00.000Z"}]
        )
        running.weather("mastodon", old)
        found = mentions_of(social(running, page_size=10).poll(WATCH, None))
    assert len(found) == 39, "the old one itself lies before the time of interest"


@pytest.mark.parametrize(
    "change",
    [
        {"reblog": {"id": "7"}},
        {"visibility": "private"},
        {"visibility": "direct"},
        {"account": {"note": "<p>baker, #<span>NoBot</span></p>"}},
        {"account": {"note": "<p>#NoArchive</p>"}},
        {"content": "", "spoiler_text": ""},
    ],
)
def test_what_is_no_mention(change: dict[str, Any]) -> None:
    assert parse(status()) is not None
    account = {**status()["account"], **change.pop("account", {})}
    assert parse(status(account=account, **change)) is None


@pytest.mark.parametrize(
    ("account", "wanted"),
    [({"indexable": False}, False), ({"noindex": True}, False), ({"noindex": False}, True), ({}, True)],
)
def test_who_declines_to_be_searched_is_still_found_by_hashtag(account: dict[str, Any], wanted: bool) -> None:
    shown = status(account={**status()["account"], **account})
    assert (parse(shown, searched=True) is not None) is wanted
    assert parse(shown) is not None


def test_a_search_leaves_out_who_declines() -> None:
    def decline(body: Any) -> Any:
        return json.loads(json.dumps(body).replace('"indexable": true', '"indexable": false', 1))

    watch = replace(WATCH, tags=(), queries=("Brotwerk",))
    with sandbox(post(1), post(2, tags=())) as (_, running):
        running.weather("mastodon", Weather(change=decline, only="/search"))
        found = mentions_of(social(running, access_token="t").poll(watch, None))
    assert [mention.text for mention in found] == ["Brotwerk & #brotwerk 1"]


@pytest.mark.parametrize("junk", ["text", None, {}, {"account": None, "visibility": "public", "id": "5"}])
def test_junk_is_set_aside(junk: Any) -> None:
    with sandbox(post(1)) as (_, running):
        running.weather("mastodon", Weather(change=lambda body: [*body, junk]))
        pages = list(social(running).poll(WATCH, None))
    assert (len(pages[0].mentions), len(pages[0].rejects)) == (1, 1)


def test_a_private_mention_of_us_is_for_us() -> None:
    private = status(visibility="direct")
    told = parse({"id": "9", "type": "mention", "created_at": NOW, "status": private})
    assert told == parse(status())


def test_words_counts_and_warnings() -> None:
    mention = parse(status(spoiler_text="hot bread", language="de-AT", quotes_count=None))
    assert mention is not None
    assert (mention.title, mention.text) == ("hot bread", "Brotwerk & #brotwerk 1")
    assert mention.lang == "de"
    assert mention.engagement.shares == 7, "two of the nine were quotes"
    unknown = parse(status(replies_count=None, favourites_count=None, reblogs_count=None))
    assert unknown is not None
    assert (unknown.engagement.likes, unknown.engagement.shares) == (None, None)


@pytest.mark.parametrize(
    ("settings", "weather"),
    [({"access_token": face.WRONG}, Weather(only="nothing")), ({}, Weather(status=422))],
)
def test_a_server_that_turns_us_away(settings: dict[str, Any], weather: Weather) -> None:
    with sandbox(post(1)) as (_, running):
        running.weather("mastodon", weather)
        with pytest.raises(AuthError):
            mentions_of(social(running, **settings).poll(WATCH, None))


# ---- reading known posts again


def known(running: Sandbox) -> list[str]:
    return [mention.platform_id for mention in mentions_of(social(running).poll(WATCH, None))]


def refresh(running: Sandbox, ids: list[str]) -> Page:
    [page] = social(running, pause=0).refresh(ids, Allowance())
    return page


def test_a_server_that_shows_posts_only_one_by_one() -> None:
    with sandbox(post(1), post(2), post(3)) as (world, running):
        ids = known(running)
        world.delete(2)
        asked = len(running.requests("mastodon"))
        running.weather("mastodon", Weather(status=404, only="/statuses?"))
        page = refresh(running, ids)
        assert len(running.requests("mastodon")) - asked == 1 + 3
    assert {mention.platform_id for mention in page.mentions} == {ids[0], ids[2]}
    assert page.gone == [ids[1]]


def test_nothing_is_gone_because_an_answer_left_it_out() -> None:
    with sandbox(post(1), post(2)) as (_, running):
        ids = known(running)
        running.weather("mastodon", Weather(change=lambda _: [], only="/statuses?"))
        page = refresh(running, ids)
    assert (len(page.mentions), page.gone) == (2, [])


def test_nothing_is_gone_because_a_proxy_finds_nothing() -> None:
    with sandbox(post(1)) as (_, running):
        ids = known(running)
        running.weather("mastodon", Weather(status=404, body="<h1>no such site</h1>"), times=9)
        with pytest.raises(RetryLater):
            refresh(running, ids)


def test_a_private_mention_of_us_stays_when_it_is_read_again() -> None:
    with sandbox(post(1)) as (_, running):
        ids = known(running)
        running.weather("mastodon", Weather(change=lambda body: [{**body[0], "visibility": "direct"}]))
        page = refresh(running, ids)
    assert (len(page.mentions), page.gone) == (1, [])


@pytest.mark.parametrize(
    ("target", "component"),
    [
        ("/api/v1/timelines/tag/brotwerk", "Status"),
        ("/api/v1/notifications", "Notification"),
        ("/api/v2/search?q=Brotwerk", "Search"),
        (f"/api/v1/statuses?id[]={face.status_id(post(1))}", "Status"),
    ],
)
def test_the_sandbox_fits_the_description_of_the_api(schemas: Path, target: str, component: str) -> None:
    reply = post(2, kind=Kind.COMMENT, parent=1, title="warm", text="@brotwerk Brotwerk", edited_at=NOW)
    platform = face.Mastodon(World([post(1, text="@brotwerk Brotwerk"), reply], NOW))
    body = platform.answer(Request("GET", target, {"Authorization": "Bearer t"})).body
    things = [body] if component == "Search" else body
    assert things
    for thing in things:
        assert complaints(schemas / "mastodon.openapi.json", component, thing) == []
    assert complaints(schemas / "mastodon.openapi.json", component, {}) != []


# ---- recorded answers


def test_recorded_hashtag_timeline(recordings: Path) -> None:
    cassette = recordings / "mastodon" / "test_hashtag_tl.yaml"
    [(path, body)] = recorded.answers(cassette, "/timelines/tag/")
    page = first_page(cassette, replace(WATCH, tags=(path.rpartition("/")[2],)))
    assert len(page.mentions) == len(body) == 1
    compare(page.mentions[0], body[0])
    assert sweep_of(page)["at"] == body[-1]["id"]


def test_recorded_mentions(recordings: Path) -> None:
    cassette = recordings / "mastodon" / "test_notifications_mentions_only.yaml"
    body = next(body for path, body in recorded.answers(cassette, "/notifications") if isinstance(body, list))
    page = first_page(cassette, replace(WATCH, tags=()), access_token="t0ken")
    assert len(page.mentions) == len(body) == 1
    compare(page.mentions[0], body[0]["status"])
    assert sweep_of(page)["at"] == body[-1]["id"]


def test_recorded_search(recordings: Path) -> None:
    cassette = recordings / "mastodon" / "test_search.yaml"
    page = first_page(cassette, replace(WATCH, tags=(), queries=("any",)), access_token="t0ken")
    assert (list(page.mentions), list(page.rejects)) == ([], [])
    assert sweep_of(page)["at"] is None


def test_recorded_statuses(recordings: Path) -> None:
    cassette = recordings / "mastodon" / "test_entity_status.yaml"
    bodies = [body for _, body in recorded.answers(cassette, "/statuses/")]
    assert len(bodies) == 2
    client = mastodon.Mastodon(api_base_url="https://mastodon.social", access_token="t0ken")
    with recorded.replay(cassette):
        for body in bodies:
            mention = parse(client.status(body["id"]))
            assert mention is not None
            compare(mention, body)


def test_recorded_missing_status(recordings: Path, tmp_path: Path) -> None:
    """Asked for several posts, this server is one that knows no such request."""
    tape = yaml.safe_load((recordings / "mastodon" / "test_status_missing.yaml").read_text())
    [single] = tape["interactions"]
    address = single["request"]["uri"].rpartition("/")[0]
    tape["interactions"].append({**single, "request": {**single["request"], "uri": address}})
    (tmp_path / "both.yaml").write_text(yaml.safe_dump(tape))
    connector = Mastodon(MastodonSettings(base_url="http://localhost:3000", access_token="t0ken"))
    with recorded.replay(tmp_path / "both.yaml"):
        [page] = connector.refresh(["0"], Allowance())
    assert page.gone == ["0"]


def first_page(cassette: Path, watch: Watch, **settings: Any) -> Page:
    connector = Mastodon(MastodonSettings(base_url="http://localhost:3000", **settings))
    with recorded.replay(cassette):
        return next(connector.poll(replace(watch, since=datetime(2026, 7, 1, tzinfo=UTC)), None))


def sweep_of(page: Page) -> dict[str, Any]:
    """The state of the page's own listing, which is the first, as the store would keep it."""
    sweep: dict[str, Any] = next(iter(json.loads(json.dumps(page.cursor))["sweeps"].values()))
    return sweep


def compare(mention: Mention, raw: dict[str, Any]) -> None:
    """The mention must say what the recording says."""
    assert mention.platform_id == raw["id"]
    assert mention.text == plain(raw["content"])
    assert mention.title == (raw["spoiler_text"] or None)
    assert mention.published_at == datetime.fromisoformat(raw["created_at"])
    edited = raw["edited_at"]
    assert mention.edited_at == (datetime.fromisoformat(edited) if edited else None)
    assert mention.lang == raw["language"]
    assert mention.url == raw["url"]
    assert mention.engagement.likes == raw["favourites_count"]
    assert mention.engagement.shares == raw["reblogs_count"] + raw["quotes_count"]
    assert mention.engagement.comments == raw["replies_count"]
    assert mention.engagement.views is None
    assert mention.author is not None
    assert mention.author.handle == raw["account"]["acct"]
    assert mention.author.followers == raw["account"]["followers_count"]
