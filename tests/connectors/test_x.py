"""X through tweepy: over the sandbox, and over recorded answers."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import responses
from pydantic import ValidationError

from connectors.base import Allowance, Page, Watch
from connectors.errors import AuthError, RetryLater
from connectors.x import SETTLED, X, XSettings, id_at, parse
from listener.sandbox.platforms import x as face
from listener.sandbox.server import Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind, Mention
from tests.connectors import recorded
from tests.connectors.contract import ContractSuite
from tests.connectors.schema import complaints

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WATCH = Watch(since=NOW - 72 * HOUR, now=NOW, queries=("Brotwerk",))
FULL = XSettings.model_fields["post_micro_usd"].default + XSettings.model_fields["author_micro_usd"].default


class TestX(ContractSuite):
    connector = X
    face = face.X
    page_size = 10
    late = timedelta(minutes=1)
    recordings = ("x/*.yaml", "x/api_v2_bodies/*.json")

    def settings(self, url: str) -> dict[str, Any]:
        return {"base_url": url, "page_size": self.page_size}

    def large(self) -> dict[str, Any]:
        return {"page_size": 100}

    def spoil(self, body: Any) -> Any:
        del body["data"][0]["text"]
        return body

    def patience(self) -> dict[str, str]:
        return {"x-rate-limit-reset": str(int(time.time()) + 7)}


def post(number: int, **changes: Any) -> Post:
    given = Post(
        id=number,
        platform="x",
        kind=Kind.POST,
        published_at=NOW - HOUR * (60 - number),
        author=f"author{number}",
        text=f"Brotwerk {number}",
    )
    return replace(given, **changes)


@contextmanager
def sandbox(*posts: Post) -> Iterator[tuple[World, Sandbox]]:
    world = World(posts, NOW)
    with Sandbox(world, [face.X(world)]) as running:
        yield world, running


def x(running: Sandbox, **changes: Any) -> X:
    return X(XSettings(base_url=running.url("x"), **{"bearer_token": "t0ken", **changes}))


def mentions_of(pages: list[Page]) -> list[Mention]:
    return [mention for page in pages for mention in page.mentions]


# ---- money


@pytest.mark.parametrize("posts_paid_for", [0, 9, 10, 25, 37, 55, None])
def test_the_monthly_budget_is_never_crossed(posts_paid_for: int | None) -> None:
    cap = None if posts_paid_for is None else posts_paid_for * FULL + FULL - 1
    watch = replace(WATCH, allowance=Allowance(micro_usd=cap))
    pages: list[Page] = []
    with sandbox(*(post(number) for number in range(1, 51))) as (_, running):
        error = spend(x(running, page_size=20), watch, pages)
        assert len(running.requests("x")) == len(pages), "no request that cannot be paid"
    spent = sum(page.spent.micro_usd for page in pages)
    found = len(mentions_of(pages))
    assert spent == found * FULL
    if cap is None or posts_paid_for == 55:
        assert (found, error) == (50, None)
    else:
        assert spent <= cap
        assert cap - spent < 10 * FULL, "what pays for the smallest request is used"
        assert error is not None
        assert error.after == datetime(2026, 12, 1, tzinfo=UTC) - NOW


def spend(connector: X, watch: Watch, pages: list[Page]) -> RetryLater | None:
    try:
        pages.extend(connector.poll(watch, None))
    except RetryLater as error:
        return error
    return None


def test_the_newest_post_is_not_paid_for_at_every_poll() -> None:
    with sandbox(post(1, published_at=NOW - timedelta(hours=5))) as (world, running):
        first = list(x(running).poll(WATCH, None))
        again = list(x(running).poll(WATCH, first[-1].cursor))
        world.add(post(2, published_at=NOW - timedelta(minutes=50)))
        late = list(x(running).poll(WATCH, again[-1].cursor))
    assert [sum(page.spent.micro_usd for page in pages) for pages in (first, again, late)] == [FULL, 0, FULL]


def test_next_month_follows_december() -> None:
    december = datetime(2026, 12, 31, 23, tzinfo=UTC)
    watch = replace(WATCH, now=december, allowance=Allowance(micro_usd=0))
    with sandbox() as (_, running):
        error = spend(x(running), watch, [])
    assert error is not None
    assert error.after == HOUR


def test_authors_are_paid_once_a_page_and_only_when_wanted() -> None:
    same = [post(number, author="anna", followers=7) for number in (1, 2, 3)]
    with sandbox(*same) as (_, running):
        [page] = x(running).poll(WATCH, None)
        assert page.spent.micro_usd == 3 * 5_000 + 10_000
        assert {mention.author.followers for mention in page.mentions if mention.author} == {7}
        [page] = x(running, author_details=False).poll(WATCH, None)
        assert page.spent.micro_usd == 3 * 5_000
        assert {mention.author.followers for mention in page.mentions if mention.author} == {None}
        assert page.mentions[0].url == f"https://x.com/i/web/status/{page.mentions[0].platform_id}"


def test_mentions_of_the_own_account_at_their_own_price() -> None:
    with sandbox(post(1, text="@brotwerk hello"), post(2)) as (_, running):
        connector = x(running, user_id=face.ACCOUNT, author_details=False)
        [page] = connector.poll(replace(WATCH, queries=()), None)
    assert [mention.text for mention in page.mentions] == ["@brotwerk hello"]
    assert page.spent.micro_usd == 1_000


# ---- reading known posts again


def ids_of(*numbers: int) -> list[str]:
    return [str(face.status_id(post(number))) for number in numbers]


def test_posts_are_read_again_only_where_the_source_asks_for_it() -> None:
    assert X.upkeep.ages == ()
    assert X.upkeep.recheck is None


@pytest.mark.parametrize(("posts_paid_for", "read"), [(None, 5), (5, 5), (3, 3), (1, 1)])
def test_no_more_is_read_again_than_the_budget_pays_for(posts_paid_for: int | None, read: int) -> None:
    cap = None if posts_paid_for is None else posts_paid_for * FULL + FULL - 1
    with sandbox(*(post(number) for number in range(1, 6))) as (_, running):
        [page] = x(running).refresh(ids_of(1, 2, 3, 4, 5), Allowance(micro_usd=cap))
    assert (len(page.mentions), page.spent.micro_usd, page.gone) == (read, read * FULL, [])


def test_nothing_is_asked_that_the_budget_does_not_pay_for() -> None:
    with sandbox(post(1)) as (_, running):
        with pytest.raises(RetryLater, match="budget"):
            list(x(running).refresh(ids_of(1), Allowance(micro_usd=FULL - 1)))
        assert not running.requests("x")


@pytest.mark.parametrize(
    ("kind", "title", "gone"),
    [
        ("resource-not-found", "Not Found Error", True),
        ("not-authorized-for-resource", "Authorization Error", True),
        ("resource-unavailable", "Resource Unavailable", False),
        ("internal-error", "Internal Error", False),
    ],
)
@pytest.mark.parametrize("host", ["twitter", "x"])
def test_what_x_says_of_a_post_that_it_does_not_show(kind: str, title: str, gone: bool, host: str) -> None:
    first, second = ids_of(1, 2)
    problem = {
        "type": f"https://api.{host}.com/2/problems/{kind}",
        "title": title,
        "detail": "-",
        "value": second,
    }
    author = {**problem, "type": "https://api.x.com/2/problems/resource-not-found", "value": "4712"}
    with sandbox(post(1)) as (_, running):
        running.weather("x", Weather(change=lambda body: {**body, "errors": [author, problem]}))
        [page] = x(running).refresh([first, second], Allowance())
    assert page.gone == ([second] if gone else [])
    assert [mention.platform_id for mention in page.mentions] == [first]


def test_posts_that_are_all_gone_cost_nothing() -> None:
    with sandbox() as (_, running):
        [page] = x(running).refresh(ids_of(1, 2), Allowance(micro_usd=2 * FULL))
    assert (page.gone, page.mentions, page.spent.micro_usd) == (ids_of(1, 2), [], 0)


def test_a_search_that_misses_something_takes_nothing_for_gone() -> None:
    missing = {"type": "https://api.x.com/2/problems/resource-not-found", "value": ids_of(1)[0]}
    with sandbox(post(1)) as (_, running):
        running.weather("x", Weather(change=lambda body: {**body, "errors": [missing]}))
        [page] = x(running).poll(WATCH, None)
    assert (len(page.mentions), list(page.gone)) == (1, [])


# ---- the own account


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (4711, "4711"),
        ("4711", "4711"),
        ("@brotwerk", "@brotwerk"),
        ("brotwerk", "@brotwerk"),
        ("@4711", "@4711"),
        ("https://x.com/brotwerk", "@brotwerk"),
        ("https://www.twitter.com/brotwerk/?lang=de", "@brotwerk"),
        (None, None),
    ],
)
def test_an_account_is_a_number_a_handle_or_an_address(given: Any, kept: str | None) -> None:
    assert XSettings(bearer_token="t0ken", user_id=given).user_id == kept


@pytest.mark.parametrize(
    "given", ["", "@", "brot werk", "https://x.com/brotwerk/status/1", "https://a.example/b"]
)
def test_what_is_no_account_is_refused(given: str) -> None:
    with pytest.raises(ValidationError):
        XSettings(bearer_token="t0ken", user_id=given)


def test_a_handle_is_looked_up() -> None:
    with sandbox(post(1)) as (_, running):
        with pytest.raises(AuthError, match="`listener check` looks it up"):
            list(x(running, user_id="@Brotwerk").poll(WATCH, None))
        assert not running.requests("x")
        assert x(running, user_id="@Brotwerk").resolve() == {"user_id": face.ACCOUNT}
        with pytest.raises(AuthError, match="no account @nobody"):
            x(running, user_id="@nobody").resolve()
        assert len(running.requests("x")) == 2
        assert x(running, user_id="4711").resolve() == x(running).resolve() == {}
        assert len(running.requests("x")) == 2


# ---- the seven days


def test_after_long_downtime_what_can_still_be_read_is_read() -> None:
    with sandbox(post(1)) as (world, running):
        [first] = x(running).poll(WATCH, None)
        world.now = NOW + timedelta(days=10)
        lost = post(2, published_at=NOW + timedelta(days=1))
        world.add(lost, post(3, published_at=NOW + timedelta(days=4)))
        pages = list(x(running).poll(replace(WATCH, now=world.now), first.cursor))
    assert [mention.text for mention in mentions_of(pages)] == ["Brotwerk 3"]


def test_a_sweep_stopped_too_long_ago_is_given_up() -> None:
    with sandbox(*(post(number) for number in range(1, 31))) as (world, running):
        first = next(x(running, page_size=10).poll(WATCH, None))
        world.now = NOW + timedelta(days=8)
        world.add(post(99, published_at=world.now - HOUR))
        pages = list(x(running).poll(replace(WATCH, now=world.now), first.cursor))
    assert [mention.text for mention in mentions_of(pages)] == ["Brotwerk 99"]


# ---- what a post says


def test_long_posts_come_whole_and_replies_name_their_parent() -> None:
    long = post(1, text="Brotwerk " + "bread " * 100)
    reply = post(2, kind=Kind.COMMENT, parent=1, lang="iw")
    with sandbox(long, reply, post(3, lang="qme")) as (_, running):
        third, second, first = mentions_of(list(x(running).poll(WATCH, None)))
    assert first.text == long.text
    assert (second.kind, second.parent_id, second.thread_id) == (
        Kind.COMMENT,
        first.platform_id,
        first.platform_id,
    )
    assert (second.lang, third.lang) == ("he", None)


def test_both_generations_of_field_names_are_read_alike(schemas: Path) -> None:
    """What the sandbox says in the new names also fits X's own description of them."""
    world = World([post(1, text="Brotwerk " + "bread " * 100, likes=3, shares=9), post(2)], NOW)
    wanted = "author_id,conversation_id,created_at,lang,public_metrics"
    old = ask(world, {"tweet.fields": f"{wanted},note_tweet,referenced_tweets"})
    new = ask(world, {"post.fields": f"{wanted},note_post,referenced_posts"})
    assert old != new
    assert [parse(one, users(old)) for one in old["data"]] == [parse(one, users(new)) for one in new["data"]]
    description = schemas / "x_api_v2.openapi.json"
    assert complaints(description, "SearchPostsRecentResponse", new) == []
    assert complaints(description, "SearchPostsRecentResponse", old) != [], "the schema is used"


def test_the_sandbox_shows_missing_posts_as_described(schemas: Path) -> None:
    """X's own description knows newer names and a newer host than what it is asked for here."""
    world = World([post(1)], NOW)
    ids = ",".join(ids_of(1, 2))
    body = answer(world, f"/2/tweets?ids={ids}&post.fields=created_at,public_metrics")
    body["errors"][0]["type"] = body["errors"][0]["type"].replace("twitter", "x")
    description = schemas / "x_api_v2.openapi.json"
    assert complaints(description, "GetPostsByIdsResponse", body) == []
    assert (
        complaints(description, "GetUsersByUsernameResponse", answer(world, "/2/users/by/username/brotwerk"))
        == []
    )
    job = face.X(world).answer(
        Request(
            "POST", "/2/compliance/jobs", {"Authorization": "Bearer t", "Host": "h"}, b'{"type":"tweets"}'
        )
    )
    assert complaints(description, "CreateComplianceJobsResponse", job.body) == []
    assert complaints(description, "CreateComplianceJobsResponse", {"data": {"id": 1}}) != []


def answer(world: World, target: str) -> Any:
    return face.X(world).answer(Request("GET", target, {"Authorization": "Bearer t"})).body


def test_a_plain_repost_is_no_mention() -> None:
    plain = {"id": "1", "text": "RT", "created_at": "2026-11-20T11:00:00.000Z"}
    assert parse(plain, {}) is not None
    assert parse({**plain, "referenced_tweets": [{"type": "retweeted", "id": "2"}]}, {}) is None


def ask(world: World, parameters: dict[str, str]) -> Any:
    """The sandbox's answer to a search."""
    query = {"query": "Brotwerk", "expansions": "author_id", "user.fields": "public_metrics", **parameters}
    target = "/2/tweets/search/recent?" + "&".join(f"{name}={value}" for name, value in query.items())
    return face.X(world).answer(Request("GET", target, {"Authorization": "Bearer t"})).body


def users(answer: Any) -> dict[str, Any]:
    return {user["id"]: user for user in answer["includes"]["users"]}


# ---- what the sandbox refuses


def test_refusals() -> None:
    old = id_at(NOW - timedelta(days=7, hours=1))
    world = World([post(1)], NOW)
    for parameters in (
        {"query": "b" * 513},
        {"query": ""},
        {"max_results": "9"},
        {"max_results": "101"},
        {"since_id": str(old)},
        {"start_time": "2026-11-01T00:00:00Z"},
        {"tweet.fields": "karma"},
        {"page": "2"},
        {"next_token": "made-up"},
    ):
        assert ask(world, parameters)["title"] == "Invalid Request", parameters
    assert ask(world, {"max_results": "10"})["data"]


def test_a_refused_token_needs_somebody_to_act() -> None:
    with sandbox() as (_, running), pytest.raises(AuthError):
        list(x(running, bearer_token=face.WRONG).poll(WATCH, None))


def test_a_refused_request_says_why() -> None:
    with sandbox() as (_, running), pytest.raises(RetryLater, match="512 characters"):
        list(x(running).poll(replace(WATCH, queries=("b" * 600,)), None))


def test_an_empty_page_with_more_behind_it_is_walked_past() -> None:
    with sandbox(*(post(number) for number in range(1, 21))) as (_, running):
        empty = Weather(change=lambda body: {"meta": {"result_count": 0, **token_of(body)}})
        running.weather("x", empty)
        pages = list(x(running, page_size=10).poll(WATCH, None))
    assert pages[0].cursor is None, "nothing is known yet of how far this page came"
    assert len(mentions_of(pages)) == 10


@pytest.mark.parametrize("junk", ["text", None, {}, {"id": "none", "text": "bread"}, {"id": "5"}])
def test_junk_among_posts_and_authors_is_set_aside(junk: Any) -> None:
    def spoil(body: Any) -> Any:
        body["data"].append(junk)
        body["includes"]["users"].append({})
        return body

    with sandbox(post(1), post(2)) as (_, running):
        running.weather("x", Weather(change=spoil))
        [page] = x(running).poll(WATCH, None)
    assert (len(page.mentions), len(page.rejects)) == (2, 1)
    assert page.cursor is not None
    newest = int(page.mentions[0].platform_id)
    assert page.cursor["sweeps"]["search Brotwerk"]["done"] == max(newest, id_at(NOW - SETTLED))


def token_of(body: Any) -> dict[str, str]:
    return {"next_token": body["meta"]["next_token"]}


# ---- recorded answers


def test_recorded_posts_by_id(recordings: Path) -> None:
    cassette = recordings / "x" / "test_client_get_tweets.yaml"
    [(_, body)] = recorded.answers(cassette, "/2/tweets")
    with recorded.replay(cassette):
        [page] = then().refresh([post["id"] for post in body["data"]], Allowance())
    assert [mention.platform_id for mention in page.mentions] == [post["id"] for post in body["data"]]
    assert [mention.text for mention in page.mentions] == [post["text"] for post in body["data"]]
    assert page.gone == []


def test_recorded_search(recordings: Path) -> None:
    cassette = recordings / "x" / "test_client_search_recent_tweets.yaml"
    [(_, body)] = recorded.answers(cassette, "/search/recent")
    with recorded.replay(cassette):
        page = next(then().poll(replace(WATCH, now=datetime(2022, 10, 8, tzinfo=UTC)), None))
    assert len(page.mentions) == 10
    compare(page, body)


def test_recorded_mentions(recordings: Path) -> None:
    cassette = recordings / "x" / "test_client_get_users_mentions.yaml"
    [(path, body)] = recorded.answers(cassette, "/mentions")
    watch = replace(WATCH, queries=(), now=datetime(2022, 10, 8, tzinfo=UTC))
    with recorded.replay(cassette):
        page = next(then(user_id=path.split("/")[3]).poll(watch, None))
    assert len(page.mentions) == 10
    compare(page, body)


@pytest.mark.parametrize(
    ("name", "rows"),
    [("search_tweets_query", 4), ("timeline_tweets", 5), ("tweet_quote_tweets_resp", 15)],
)
def test_recorded_bodies(recordings: Path, name: str, rows: int) -> None:
    body = json.loads((recordings / "x" / "api_v2_bodies" / f"{name}.json").read_text())
    with responses.RequestsMock() as served:
        served.get("https://api.x.com/2/tweets/search/recent", json=body)
        connector = X(XSettings(bearer_token="t0ken"))
        page = next(connector.poll(replace(WATCH, now=datetime(2022, 10, 8, tzinfo=UTC)), None))
    assert len(page.mentions) == rows
    compare(page, body)


def then(**settings: Any) -> X:
    """A connector that speaks to the host of the recordings."""
    return X(XSettings(base_url="https://api.twitter.com", bearer_token="t0ken", **settings))


def compare(page: Page, body: Any) -> None:
    """The page must say what the recording says."""
    assert not page.rejects
    assert page.cursor is not None
    ids = [int(post["id"]) for post in body["data"]]
    [sweep] = page.cursor["sweeps"].values()
    more = "next_token" in body["meta"]
    assert (sweep["top"], sweep["at"]) == ((max(ids), min(ids)) if more else (None, None))
    assert sweep["done"] is None if more else sweep["done"] >= max(ids)
    authors = {user["id"]: user for user in body.get("includes", {}).get("users", [])}
    for mention, raw in zip(page.mentions, body["data"], strict=True):
        metrics = raw.get("public_metrics", {})
        assert mention.platform_id == raw["id"]
        assert mention.text == raw["text"]
        if "created_at" in raw:
            assert mention.published_at == datetime.fromisoformat(raw["created_at"])
        assert mention.engagement.likes == metrics.get("like_count")
        assert mention.engagement.comments == metrics.get("reply_count")
        assert mention.engagement.views is None
        if metrics:
            assert mention.engagement.shares == metrics["retweet_count"] + metrics["quote_count"]
        else:
            assert mention.engagement.shares is None
        handle = mention.author.handle if mention.author else None
        assert handle == authors.get(raw.get("author_id"), {}).get("username")
