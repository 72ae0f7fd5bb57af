"""GitHub: issues and pull requests by REST search, discussions and comments by GraphQL.

Searches are asked by the time of the last change, newest first, in slices of time: no search shows more than
1,000 results. So a thread is found again when it is edited or answered, and its newest comments are read then.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Literal

import requests
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import Session, decode, library_errors, raise_for_status, retry_after
from connectors.sweep import Sweeps, onward, place
from storage.records import Author, Engagement, Kind, Mention, Reject

OVERLAP = 600
"""Seconds: how late a change may come into the search index and is still found."""
REACH = 1000
"""Results that one search can show."""
PATIENCE = timedelta(minutes=1)
"""How long to wait where GitHub asks for it without saying how long."""
Thread = Literal["issue", "pull-request", "discussion"]

ACTOR = "login url " + " ".join(
    f"... on {kind} {{ databaseId }}" for kind in ("User", "Bot", "Organization", "Mannequin")
)
TEXT = (
    f"... on Comment {{ id bodyText createdAt updatedAt lastEditedAt author {{ {ACTOR} }} }}"
    " ... on Reactable { reactions { totalCount } }"
)
THREAD = "url title comments { totalCount }"
DISCUSSIONS = f"""query($q: String!, $first: Int!, $after: String) {{
  search(type: DISCUSSION, query: $q, first: $first, after: $after) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{ ... on Discussion {{ {THREAD} upvoteCount }} {TEXT} }}
  }}
}}"""
KNOWN = f"""query($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    {TEXT}
    ... on Issue {{ {THREAD} }} ... on PullRequest {{ {THREAD} }} ... on Discussion {{ {THREAD} upvoteCount }}
    ... on IssueComment {{ url }} ... on DiscussionComment {{ url upvoteCount }}
  }}
}}"""
NEWEST = f"""query($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    ... on Issue {{ comments(last: 20) {{ nodes {{ url {TEXT} }} }} }}
    ... on PullRequest {{ comments(last: 20) {{ nodes {{ url {TEXT} }} }} }}
    ... on Discussion {{ comments(last: 20) {{ nodes {{ url upvoteCount {TEXT} }} }} }}
  }}
}}"""


class GitHubSettings(base.Settings):
    base_url: str = "https://api.github.com"
    token: SecretStr | None = None
    """Needed for discussions, for comments and to read known posts again; it needs no scope."""
    kinds: tuple[Thread, ...] = ("issue", "pull-request", "discussion")
    comments: bool = True
    """Read the 20 newest comments of each thread that is found."""
    skip_owners: tuple[str, ...] = ()
    """Users and organizations in whose repositories not to look, your own for instance."""
    pause: float = Field(default=2.0, ge=0, le=60)
    """Seconds between two requests: 30 searches a minute are allowed with a token, 10 without."""
    page_size: int = Field(default=100, ge=1, le=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a search."""

    records: list[Any]
    page: str | None
    """The next one; None where no further one is shown."""
    ended: bool
    complete: bool = True


class GitHub:
    name: ClassVar[str] = "github"
    about: ClassVar[About] = About(
        sees="public issues and pull requests; with a token discussions, and comments of what is found",
        needs="nothing for issues; a token without any scope for the rest",
        costs="nothing",
        limits="30 searches a minute with a token, 10 without; 1,000 results of the same second",
        terms="https://docs.github.com/en/site-policy/github-terms/github-terms-of-service",
        caveats="Likes are reactions of every kind, of discussions the upvotes. Of a thread with more than 20 "
        "new comments between two polls the older ones are missed, as are reviews of code and replies to "
        "comments of discussions. Without a token deletions stay unnoticed. Built from the API's "
        "documentation, not yet held against real answers.",
    )
    Settings: ClassVar[type[base.Settings]] = GitHubSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments"})
    # a search may hold five operators at most: each alternative is asked on its own
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, not_=None, hashtag="{}", handle="{}", max_length=200)
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=100)

    def __init__(self, settings: GitHubSettings) -> None:
        self._settings = settings
        self._session = Session(settings)
        self._session.headers["X-GitHub-Api-Version"] = "2022-11-28"
        if settings.token:
            self._session.headers["Authorization"] = f"Bearer {settings.token.get_secret_value()}"

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each search string and kind of thread; see ``connectors.base.Connector``."""
        kinds = [kind for kind in self._settings.kinds if kind != "discussion" or self._settings.token]
        listings = {f"{kind} {query}": (kind, query) for query in watch.queries for kind in kinds}
        sweeps = Sweeps(cursor, listings)
        yield from sweeps.pages(lambda name: self._sweep(name, *listings[name], sweeps, watch))

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - all is free
        """One page; nothing without a token; see ``connectors.base.Refreshing``."""
        if not self._settings.token:
            return
        nodes, missing = self._nodes(KNOWN, [one.rpartition("/")[2] for one in ids])
        known = [(one, node) for one, node in zip(ids, nodes, strict=True) if node is not None]
        mentions, rejects = parse_each(known, lambda pair: parse_node(*pair))
        yield Page(mentions=mentions, rejects=rejects, gone=[ids[number] for number in missing])

    def _sweep(self, name: str, kind: Thread, query: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now = sweeps[name], int(watch.now.timestamp())
        floor = sweep.floor(int(watch.since.timestamp()), OVERLAP)
        search, parse = self._way(kind)
        elsewhere = "".join(f" -user:{owner}" for owner in self._settings.skip_owners)
        while True:
            latest, page = place(sweep, now)
            found = search(f"{query} updated:{_iso(floor)}..{_iso(latest)}{elsewhere}", page)
            mentions, rejects = parse_each(found.records, parse)
            answers, unread = self._comments(mentions, floor)
            marks = [mark for mark in map(_changed, found.records) if mark and floor <= mark <= latest]
            if found.complete:
                at = None if found.ended else onward(marks, latest, found.page)
                sweep = sweep.advance(marks, now=now, at=at)
            cursor = sweeps.commit(name, sweep)
            yield Page(mentions=[*mentions, *answers], rejects=[*rejects, *unread], cursor=cursor)
            if not found.complete:
                raise RetryLater("GitHub gave a search up before it was finished")
            if not sweep.running:
                return

    def _way(self, kind: Thread) -> tuple[Callable[[str, str], Found], Callable[[Any], Mention | None]]:
        """How to search for this kind of thread, and to read what is found."""
        if kind == "discussion":
            # null stands for what the token may not see
            return self._discussions, lambda node: None if node is None else parse_node(node["id"], node)
        return partial(self._issues, kind), parse_issue

    def _issues(self, kind: Thread, words: str, page: str) -> Found:
        """A page of ``GET /search/issues``, which wants to be asked for either issues or pull requests."""
        size, number = self._settings.page_size, int(page or 1)
        url = f"{self._settings.base_url.rstrip('/')}/search/issues"
        asked: dict[str, str | int] = {"q": f"{words} is:{kind}", "sort": "updated", "order": "desc"}
        plain = {"Accept": "application/vnd.github.text+json"}  # bodies as plain text
        response = self._session.get(url, params={**asked, "per_page": size, "page": number}, headers=plain)
        self._check(response)
        answer = decode(response)
        with library_errors("GitHub", AttributeError, KeyError, TypeError):
            records = _listed(answer["items"])
            return Found(
                records=records,
                page=str(number + 1) if (number + 1) * size <= REACH else None,
                ended=not records or number * size >= answer["total_count"],
                complete=not answer.get("incomplete_results"),
            )

    def _discussions(self, words: str, page: str) -> Found:
        variables = {
            "q": f"{words} sort:updated-desc",
            "first": self._settings.page_size,
            "after": page or None,
        }
        data, _ = self._graphql(DISCUSSIONS, variables)
        with library_errors("GitHub", AttributeError, KeyError, TypeError):
            records, info = _listed(data["search"]["nodes"]), data["search"]["pageInfo"]
            return Found(records=records, page=info["endCursor"], ended=not (records and info["hasNextPage"]))

    def _comments(self, threads: Sequence[Mention], floor: int) -> tuple[list[Mention], list[Reject]]:
        """The newest comments of these threads, those of finished sweeps left out."""
        ids = [one.platform_id for one in threads if one.engagement.comments]
        if not (ids and self._settings.comments and self._settings.token):
            return [], []
        nodes, _ = self._nodes(NEWEST, ids)
        with library_errors("GitHub", AttributeError, KeyError, TypeError):
            found = [
                (thread, comment)
                for thread, node in zip(ids, nodes, strict=True)
                for comment in _listed(node["comments"]["nodes"] if node else [])
            ]
        mentions, rejects = parse_each(found, lambda pair: parse_node(f"{pair[0]}/{pair[1]['id']}", pair[1]))
        return [one for one in mentions if one.published_at.timestamp() >= floor], rejects

    def _nodes(self, query: str, ids: Sequence[str]) -> tuple[list[Any], list[int]]:
        """The objects in the order of their ids, None for those not shown; the places of those not there."""
        data, errors = self._graphql(query, {"ids": list(ids)})
        with library_errors("GitHub", AttributeError, KeyError, TypeError, IndexError):
            nodes = _listed(data["nodes"])
            if len(nodes) != len(ids):
                raise TypeError("not as many objects as were asked for")
            missing = {error["path"][1] for error in errors if error.get("type") == "NOT_FOUND"}
        return nodes, [number for number, node in enumerate(nodes) if node is None and number in missing]

    def _graphql(self, query: str, variables: dict[str, Any]) -> tuple[Any, list[Any]]:
        """The data, and the errors about single nodes; raises where another error came with them."""
        url = f"{self._settings.base_url.rstrip('/')}/graphql"
        response = self._session.post(url, json={"query": query, "variables": variables})
        self._check(response)
        answer = decode(response)
        with library_errors("GitHub", AttributeError, KeyError, TypeError):
            errors = _listed(answer.get("errors") or [])
            for error in errors:
                path = error.get("path") or []
                if (path[:1] == ["nodes"] or path[:2] == ["search", "nodes"]) and answer.get("data"):
                    continue
                kind, message = error.get("type"), " ".join(str(error.get("message")).split())[:200]
                if kind == "RATE_LIMITED":
                    raise RetryLater("GitHub's rate limit is used up", after=_patience(response))
                refused = kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}
                raise (AuthError if refused else RetryLater)(f"GitHub: {message}")
            return answer["data"], errors

    def _check(self, response: requests.Response) -> None:
        """Raise what a bad status means here: a rate limit comes as 403 or 429."""
        headers, status = response.headers, response.status_code
        limited = headers.get("x-ratelimit-remaining") == "0" or "Retry-After" in headers
        if status in {403, 429} and (limited or b"rate limit" in response.content):
            raise RetryLater("GitHub's rate limit is used up", after=_patience(response))
        if status == requests.codes.unprocessable_entity:
            said = " ".join(response.text.split())[:300]
            raise RetryLater(f"GitHub refuses the search (too long, or an owner that does not exist): {said}")
        raise_for_status(response)


def _patience(response: requests.Response) -> timedelta:
    """How long to wait: as Retry-After says, else until the limit begins anew."""
    after = retry_after(response.headers)
    if after is None and response.headers.get("x-ratelimit-remaining") == "0":
        after = retry_after({"x-rate-limit-reset": response.headers.get("x-ratelimit-reset", "")})
    return PATIENCE if after is None else after


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("no list where there should be one")
    return value


def _iso(mark: int) -> str:
    return datetime.fromtimestamp(mark, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _changed(record: Any) -> int | None:
    """When a thread last changed, as a mark; None for a malformed one."""
    try:
        stated = record["updated_at"] if "updated_at" in record else record["updatedAt"]
        return int(datetime.fromisoformat(stated).timestamp())
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def parse_issue(issue: Any) -> Mention:
    """An issue or a pull request as the REST search shows it."""
    author = issue.get("user")
    return Mention(
        platform=GitHub.name,
        platform_id=issue["node_id"],
        kind=Kind.POST,
        published_at=datetime.fromisoformat(issue["created_at"]),
        title=issue["title"],
        text=issue.get("body_text") or issue.get("body") or "",
        url=issue["html_url"],
        author=author and _author(author["login"], author.get("id"), author.get("html_url")),
        thread_id=issue["node_id"],
        engagement=Engagement(
            likes=(issue.get("reactions") or {}).get("total_count"), comments=issue.get("comments")
        ),
    )


def parse_node(platform_id: str, node: Any) -> Mention:
    """A thread or a comment as GraphQL shows it.

    Args:
        platform_id: the thread's node id; for a comment the thread's and its own, with a slash between.
    """
    thread = platform_id.rpartition("/")[0]
    author, edited = node.get("author"), node.get("lastEditedAt")
    reactions, comments = node.get("reactions") or {}, node.get("comments") or {}
    return Mention(
        platform=GitHub.name,
        platform_id=platform_id,
        kind=Kind.COMMENT if thread else Kind.POST,
        published_at=datetime.fromisoformat(node["createdAt"]),
        title=node.get("title"),
        text=node["bodyText"],
        url=node["url"],
        author=author and _author(author["login"], author.get("databaseId"), author.get("url")),
        parent_id=thread or None,
        thread_id=thread or platform_id,
        edited_at=datetime.fromisoformat(edited) if edited else None,
        engagement=Engagement(
            likes=node.get("upvoteCount", reactions.get("totalCount")), comments=comments.get("totalCount")
        ),
    )


def _author(login: str, number: int | None, url: str | None) -> Author:
    return Author(platform_id=login if number is None else str(number), handle=login, url=url)


CONNECTOR = GitHub
