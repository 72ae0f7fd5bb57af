"""Bluesky through atproto and over real HTTP and WebSockets: the contract, sessions, recorded answers."""

import json
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from pydantic import ValidationError

from connectors.base import Allowance, Page, Watch
from connectors.bluesky import PUBLIC, Bluesky, BlueskySettings, parse
from connectors.errors import AuthError, RetryLater
from connectors.meter import metered
from listener.sandbox.platforms import bluesky as face
from listener.sandbox.server import Request, Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from tests.connectors.contract import HOUR, NOW, SINCE, ContractSuite, Polled
from tests.connectors.contract.suite import everything_logged

WATCH = Watch(since=SINCE, now=NOW, queries=("Brotwerk",))
HANDLE = "listener.bluesky.example"
LOGIN = "createSession"


class TestBluesky(ContractSuite):
    connector = Bluesky
    face = face.Bluesky
    listing = "app.bsky."  # searches, posts, profiles
    late = timedelta(hours=1)
    recordings = ("bluesky/f_timeline.yml", "bluesky/thread_view_post_with_embed_media.json")
    folder: Path

    @pytest.fixture(autouse=True)
    def _sessions_of_its_own(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def settings(self, url: str) -> dict[str, Any]:
        return {
            "base_url": url,
            "handle": HANDLE,
            "session_file": self.folder / url.rpartition(":")[2],
            "author_details": True,
            "page_size": self.page_size,
        }

    def large(self) -> dict[str, Any]:
        return {"page_size": 100, "author_details": False}

    def spoil(self, body: Any) -> Any:
        if "posts" in body:
            del body["posts"][0]["record"]["createdAt"]
        return body

    def patience(self) -> dict[str, str]:
        return {"RateLimit-Reset": str(int(time.time()) + 7)}


def post(number: int, **changes: Any) -> Post:
    given = Post(
        id=number,
        platform="bluesky",
        kind=Kind.POST,
        published_at=NOW - HOUR * (60 - number),
        author="ada",
        text=f"Brotwerk entry {number}",
        likes=5,
        shares=9,
        comments=2,
    )
    return replace(given, **changes)


class Network:
    """The sandbox's Bluesky, and connectors that share a session file as the runs of a daemon do."""

    def __init__(self, server: face.Bluesky, sandbox: Sandbox, folder: Path) -> None:
        self.server = server
        self.sandbox = sandbox
        self.session = folder / "state" / "session"

    def connector(self, **changes: Any) -> Bluesky:
        values = {
            "handle": HANDLE,
            "app_password": "pass",
            "session_file": self.session,
            "pause": 0,
            **changes,
        }
        return Bluesky(BlueskySettings(base_url=self.sandbox.url("bluesky"), **values))

    def poll(self, **changes: Any) -> Polled:
        return Polled().take(self.connector(**changes).poll(WATCH, None))

    def refresh(self, *uris: str, **changes: Any) -> Page:
        [page] = self.connector(**changes).refresh(uris, Allowance())
        return page

    def asked(self, method: str) -> int:
        return sum(method in request.target for request in self.sandbox.requests("bluesky"))


@contextmanager
def network(folder: Path, *posts: Post, life: timedelta = 2 * HOUR) -> Iterator[Network]:
    world = World(posts, NOW)
    server = face.Bluesky(world, life=life)
    with Sandbox(world, [server]) as sandbox:
        yield Network(server, sandbox, folder)


# ---- sessions


def test_one_login_serves_all_polls(tmp_path: Path) -> None:
    with network(tmp_path, post(1)) as net:
        assert all(net.poll().numbers == {1} for _ in range(3))
        assert net.asked(LOGIN) == 1
        assert stat.S_IMODE(net.session.stat().st_mode) == 0o600


def test_a_session_about_to_end_is_renewed_without_a_login(tmp_path: Path) -> None:
    with network(tmp_path, post(1), life=timedelta(minutes=5)) as net:
        net.poll()
        first = net.session.read_text()
        assert net.poll().numbers == {1}
        assert (net.asked(LOGIN), net.asked("refreshSession") > 0) == (1, True)
        assert net.session.read_text() != first, "the new tokens are kept; the old ones are used up"


@pytest.mark.parametrize(("lost", "logins"), [(("access",), 1), (("access", "refresh"), 2)])
def test_a_session_the_server_ended(tmp_path: Path, lost: tuple[str, ...], logins: int) -> None:
    with network(tmp_path, post(1)) as net:
        net.poll()
        for tokens in lost:
            getattr(net.server, tokens).clear()
        assert net.poll().numbers == {1}
        assert net.asked(LOGIN) == logins


@pytest.mark.parametrize(
    "kept",
    [b"", b"junk", b"\xff\xfe", b"h:::d:::a:::r:::http://[", b"h:::d:::e30.e30.e30:::e30.e30.e30:::http://["],
)
def test_an_unusable_session_file_means_a_new_login(tmp_path: Path, kept: bytes) -> None:
    with network(tmp_path, post(1)) as net:
        net.session.parent.mkdir()
        net.session.write_bytes(kept)
        assert net.poll().numbers == {1}
        assert net.asked(LOGIN) == 1
        assert net.session.read_bytes() != kept


def test_a_session_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    with network(tmp_path, post(1)) as net, pytest.raises(AuthError, match="cannot keep the session"):
        net.poll()


def test_no_login_beyond_the_days_quota(tmp_path: Path) -> None:
    with network(tmp_path, post(1)) as net:
        with metered(Allowance(quotas={"login": 0})), pytest.raises(RetryLater, match="quota of login"):
            net.poll()
        assert not net.sandbox.requests("bluesky")
        with metered(Allowance()) as meter:
            net.poll()
        assert meter.take()[2] == {"login": 1}


def test_a_wrong_password(tmp_path: Path) -> None:
    with network(tmp_path, post(1)) as net:
        with pytest.raises(AuthError, match="401"):
            net.poll(app_password=face.WRONG)
        assert net.asked(LOGIN) == 1


def test_no_token_is_told(tmp_path: Path) -> None:
    def without_did(body: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in body.items() if key != "did"}

    with network(tmp_path, post(1)) as net, everything_logged() as log:
        net.sandbox.weather("bluesky", Weather(change=without_did, only=LOGIN))
        with pytest.raises(RetryLater) as caught:
            net.poll()
        net.poll()
        connector = net.connector()
        told = "\n".join([*log, str(caught.value), repr(connector), repr(connector.settings)])
        tokens = [*net.server.access, *net.server.refresh]
        assert len(tokens) == 4
        assert not any(token.split(".")[1] in told for token in tokens)


def test_where_a_session_is_kept_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with network(tmp_path, post(1)) as net:
        net.poll(session_file=None, handle="@a/../b.example")
    [kept] = (tmp_path / "social-listening-bot").iterdir()
    assert kept.name.startswith("bluesky-a%2F..%2Fb.example@127.0.0.1")


@pytest.mark.parametrize(
    "settings",
    [{}, {"handle": "a.example"}, {"app_password": "p"}, {"engine": "jetstream", "handle": "a.example"}],
)
def test_half_an_account_is_none(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="handle and app_password"):
        BlueskySettings(**settings)


# ---- posts


def shown(one: Post, *others: Post) -> dict[str, Any]:
    """A post as the sandbox shows it."""
    server = face.Bluesky(World([one, *others], NOW))
    target = f"/xrpc/app.bsky.feed.getPosts?uris={face.uri_of(one)}"
    [view] = server.answer(Request("GET", target, {})).body["posts"]
    return dict(view)


def test_a_reply_knows_its_conversation() -> None:
    first, second = post(1), post(2, parent=1)
    mention = parse(shown(post(3, parent=2, lang="de-AT"), first, second))
    assert mention is not None
    assert (mention.kind, mention.parent_id) == (Kind.COMMENT, face.uri_of(second))
    assert (mention.thread_id, mention.lang) == (face.uri_of(first), "de")
    assert mention.url == f"https://bsky.app/profile/ada.bluesky.example/post/{mention.platform_id[-13:]}"
    assert (mention.engagement.shares, mention.engagement.views) == (9, None), "reposts and quotes"


def test_what_is_unknown_stays_unknown() -> None:
    view = {key: value for key, value in shown(post(1)).items() if not key.endswith("Count")}
    view["author"] = {"did": "did:web:a.example", "handle": "handle.invalid"}
    view["record"]["langs"] = ["gsw"]
    mention = parse(view)
    assert mention is not None
    assert mention.engagement.likes is mention.engagement.shares is mention.engagement.comments is None
    assert mention.lang is None
    assert "/profile/did:web:a.example/post/" in str(mention.url)


def test_a_post_is_never_younger_than_its_arrival() -> None:
    view = shown(post(1))
    view["record"]["createdAt"] = "2099-01-01T00:00:00Z"
    mention = parse(view)
    assert mention is not None
    assert mention.published_at == datetime.fromisoformat(view["indexedAt"])


@pytest.mark.parametrize(
    ("embed", "text"),
    [
        (
            {"external": {"uri": "https://x.example", "title": "Brotwerk", "description": "opens"}},
            "Brotwerk\nopens",
        ),
        ({"media": {"images": [{"alt": "a"}, {"alt": ""}, {"alt": "b"}]}, "record": {}}, "a\nb"),
        ({"video": {}, "alt": "rolls"}, "rolls"),
    ],
)
def test_a_post_without_text_says_what_stands_beside_it(embed: dict[str, Any], text: str) -> None:
    view = shown(post(1, text=""))
    assert parse(view) is None
    view["record"]["embed"] = embed
    mention = parse(view)
    assert mention is not None
    assert mention.text == text


def test_who_does_not_want_to_be_shown_is_not(tmp_path: Path) -> None:
    shy = post(2, author=face.SHY)
    with network(tmp_path, post(1), shy) as net:
        assert net.poll().numbers == {1}
        page = net.refresh(face.uri_of(post(1)), face.uri_of(shy))
    assert page.gone == [face.uri_of(shy)], "stored before the label, or by the stream, which has no labels"
    assert len(page.mentions) == 1
    view = shown(shy)
    view["author"]["labels"][0]["neg"] = True
    assert parse(view) is not None, "the wish was taken back"


def test_an_answer_that_cannot_be_read_whole_buries_nothing(tmp_path: Path) -> None:
    def nameless(body: dict[str, Any]) -> dict[str, Any]:
        return {"posts": [{**body["posts"][0], "uri": None}, *body["posts"][1:]]}

    with network(tmp_path, post(1), post(2)) as net:
        net.sandbox.weather("bluesky", Weather(change=nameless, only="getPosts"))
        page = net.refresh(*(face.uri_of(post(number)) for number in (1, 2, 3)))
    assert (len(page.mentions), len(page.rejects), page.gone) == (1, 1, [])


def test_without_an_account_posts_are_read_again_in_public(tmp_path: Path) -> None:
    stranger = {"engine": "jetstream", "handle": None, "app_password": None}
    with network(tmp_path, post(1)) as net:
        page = net.refresh(face.uri_of(post(1)), face.uri_of(post(2)), **stranger)
        [request] = net.sandbox.requests("bluesky")
    assert (len(page.mentions), page.gone) == (1, [face.uri_of(post(2))])
    assert "authorization" not in {name.lower() for name in request.headers}
    assert BlueskySettings(engine="jetstream").base_url == PUBLIC


def test_a_page_of_hits_all_hidden_does_not_end_the_walk(tmp_path: Path) -> None:
    """The network takes hidden posts out of a page after it was cut."""
    with network(tmp_path, *(post(number) for number in range(1, 13))) as net:
        net.sandbox.weather("bluesky", Weather(change=lambda body: {**body, "posts": []}, only="search"))
        assert len(net.poll(page_size=4).numbers) == 8


def test_a_search_that_goes_in_circles_ends(tmp_path: Path) -> None:
    with network(tmp_path, post(1)) as net:
        net.sandbox.weather("bluesky", Weather(body={"posts": [], "cursor": "7"}, only="search"), times=9)
        assert net.poll().mentions == []
        assert net.asked("search") == 2


# ---- the sandbox itself, and recorded answers


@pytest.mark.parametrize(
    ("target", "status", "error"),
    [
        ("app.bsky.feed.searchPosts?q=a", 401, "AuthMissing"),
        ("app.bsky.feed.getPosts", 400, "InvalidRequest"),
        (
            "app.bsky.feed.getPosts?" + "uris=at://a/app.bsky.feed.post/2222222222222&" * 26,
            400,
            "InvalidRequest",
        ),
        ("app.bsky.feed.getPosts?uris=nonsense", 400, "InvalidRequest"),
        ("app.bsky.feed.getTimeline", 501, "MethodNotImplemented"),
    ],
)
def test_the_sandbox_refuses(tmp_path: Path, target: str, status: int, error: str) -> None:
    with network(tmp_path, post(1)) as net:
        answer = requests.get(f"{net.sandbox.url('bluesky')}/xrpc/{target}", timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    "parameters", ["", "q=", "q=a&limit=101", "q=a&limit=x", "q=a&since=soon", "q=a&cursor=x"]
)
def test_the_sandbox_refuses_searches(parameters: str) -> None:
    server = face.Bluesky(World([post(1)], NOW))
    login = json.dumps({"identifier": HANDLE, "password": "pass"}).encode()
    session = server.answer(Request("POST", "/xrpc/com.atproto.server.createSession", {}, login)).body
    headers = {"Authorization": f"Bearer {session['accessJwt']}"}
    path = "/xrpc/app.bsky.feed.searchPosts"
    assert server.answer(Request("GET", f"{path}?q=Brotwerk", headers)).status == 200
    assert server.answer(Request("GET", f"{path}?{parameters}", headers)).status == 400


@pytest.mark.parametrize(
    ("lexicon", "name"),
    [
        ("app.bsky.feed.defs", "postView"),
        ("app.bsky.actor.defs", "profileViewBasic"),
        ("app.bsky.feed.post", "main"),
        ("app.bsky.feed.post", "replyRef"),
        ("com.atproto.label.defs", "label"),
    ],
)
def test_the_sandbox_fits_the_lexicons(schemas: Path, lexicon: str, name: str) -> None:
    """What must be there is, and nothing that the network does not know."""
    described = json.loads((schemas / "bluesky_lexicons" / f"{lexicon}.json").read_text())["defs"][name]
    described = described.get("record", described)
    view = shown(post(2, parent=1, author=face.SHY), post(1))
    thing = {
        "postView": view,
        "profileViewBasic": view["author"],
        "main": view["record"],
        "replyRef": view["record"]["reply"],
        "label": view["author"]["labels"][0],
    }[name]
    assert set(described["required"]) <= thing.keys() - {"$type"} <= described["properties"].keys()
    kinds = {"string": str, "integer": int, "array": list, "object": dict}
    for key, value in thing.items():
        kind = described["properties"].get(key, {}).get("type")
        assert isinstance(value, kinds.get(kind, object)), key


def test_recorded_posts(recordings: Path, tmp_path: Path) -> None:
    tape = yaml.safe_load((recordings / "bluesky" / "f_timeline.yml").read_text())
    body = json.loads(tape["http_interactions"][0]["response"]["body"]["string"])
    views = [entry["post"] for entry in body["feed"]]
    with network(tmp_path) as net:
        net.sandbox.weather("bluesky", Weather(body={"posts": views}, only="search"))
        polled = net.poll()
    assert len(polled.mentions) == len(views) > 40
    assert not polled.rejects
    for mention, view in zip(polled.mentions, views, strict=True):
        record = view["record"]
        assert mention.platform_id == view["uri"]
        assert mention.text == record["text"]
        made, indexed = (datetime.fromisoformat(one) for one in (record["createdAt"], view["indexedAt"]))
        assert mention.published_at == min(made, indexed).astimezone(UTC)
        assert mention.engagement.likes == view["likeCount"]
        assert mention.engagement.shares == view["repostCount"] + view["quoteCount"]
        assert mention.engagement.comments == view["replyCount"]
        assert mention.parent_id == record.get("reply", {}).get("parent", {}).get("uri")
        assert mention.author is not None
        assert mention.author.handle == view["author"]["handle"]


def test_a_recorded_post_without_words(recordings: Path) -> None:
    whole = json.loads((recordings / "bluesky" / "thread_view_post_with_embed_media.json").read_text())
    view = whole["thread"]["post"]
    assert parse(view) is None, "neither a text nor a described picture"
    view["record"]["embed"]["media"]["images"][0]["alt"] = "rolls"
    mention = parse(view)
    assert mention is not None
    assert (mention.text, mention.lang) == ("rolls", view["record"]["langs"][0])
