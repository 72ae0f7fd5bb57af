"""Stack Exchange (Stack Overflow and its sister sites): questions and answers.

The search (GET /search/excerpts) finds both and shows neither whole, so it only says which they are; they are
then read by id, a hundred at once, the same way in which known ones are read again.
"""

import logging
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from html import unescape
from typing import Any, ClassVar, Literal

import requests
from pydantic import Field, SecretStr

from connectors import base
from connectors.base import AGES, About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError, RetryLater
from connectors.http import MAX_RETRY_AFTER, Session, decode, library_errors, raise_for_status
from connectors.sweep import Sweeps, onward, place
from connectors.text import plain
from storage.records import Author, Engagement, Kind, Mention

API = "2.3"
OVERLAP = 3600
"""Seconds: how late a post may come into the search index and is still found."""
METHODS = {"q": ("questions", "question_id"), "a": ("answers", "answer_id")}
"""By the letter in our ids: the method that shows such posts, and the name of their id."""
NAMED_COM = {"stackoverflow", "serverfault", "superuser", "askubuntu", "stackapps"}
"""Sites with an address of their own; all others are at SITE.stackexchange.com."""
THROTTLED = 502
REFUSED = {401, 402, 403, 405, 406}
"""The API's own error numbers about keys and tokens."""

# At debug level urllib3 logs addresses, and the key is part of them
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


class StackExchangeSettings(base.Settings):
    base_url: str = "https://api.stackexchange.com"
    sites: tuple[str, ...] = Field(default=("stackoverflow",), min_length=1)
    """Where to search, in the API's names: stackoverflow, superuser, cooking, de.stackoverflow and so on."""
    key: SecretStr | None = None
    """Of an app registered on stackapps.com: 10,000 requests a day instead of 300."""
    page_size: int = Field(default=100, ge=1, le=100)


class StackExchange:
    name: ClassVar[str] = "stackexchange"
    about: ClassVar[About] = About(
        sees="questions and answers of the sites you name; not the comments below them",
        needs="nothing; a free key for more than 300 requests a day",
        costs="nothing",
        limits="300 requests a day and address, 10,000 with a key; a new post takes up to three of them",
        terms="https://stackoverflow.com/legal/api-terms-of-use",
        caveats="The search engine decides what matches the words, which is not documented. Answers have no "
        "title and no count of comments; a question's comments are its answers, its likes are votes up less "
        "votes down. Built from the API's documentation, not yet held against real answers.",
    )
    Settings: ClassVar[type[base.Settings]] = StackExchangeSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "comments", "views"})
    syntax: ClassVar[Syntax | None] = Syntax(or_=None, not_=None, hashtag="{}", handle="{}", max_length=200)
    match: ClassVar[Literal["query", "all"]] = "query"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=100, ages=AGES)

    def __init__(self, settings: StackExchangeSettings) -> None:
        self._settings = settings
        self._session = Session(settings)
        self._key = settings.key.get_secret_value() if settings.key else None
        self._free: dict[str, float] = {}
        """When a method may be asked again, by the monotonic clock; "" stands for all of them."""

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each site and search string; see ``connectors.base.Connector``."""
        listings = {
            f"{site} {query}": (site, query) for site in self._settings.sites for query in watch.queries
        }
        sweeps = Sweeps(cursor, listings)
        yield from sweeps.pages(lambda name: self._sweep(name, *listings[name], sweeps, watch))

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - all is free
        """One page for each site and kind of post; see ``connectors.base.Refreshing``."""
        for (site, letter), numbers in _grouped(ids).items():
            mentions, rejects = self._posts(site, letter, numbers)
            found = {mention.platform_id for mention in mentions}
            asked = [_id(site, letter, number) for number in numbers]
            # a post that came but cannot be read could be any of those that seem to be missing
            gone = [] if rejects else [one for one in asked if one not in found]
            yield Page(mentions=mentions, rejects=rejects, gone=gone)

    def _sweep(self, name: str, site: str, query: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now = sweeps[name], int(watch.now.timestamp())
        floor = sweep.floor(int(watch.since.timestamp()), OVERLAP)
        while True:
            latest, page = place(sweep, now)
            number = int(page or 1)
            items, more = self._search(site, query, floor, latest, number)
            found: list[tuple[int, str]] = []
            _, rejects = parse_each(items, partial(_note, site, found))
            marks = [mark for mark, _ in found if floor <= mark <= latest]
            mentions = []
            for (_, letter), numbers in _grouped([one for _, one in found]).items():
                posts, unread = self._posts(site, letter, numbers)
                mentions += posts
                rejects += unread
            at = onward(marks, latest, str(number + 1)) if more else None
            sweep = sweep.advance(marks, now=now, at=at)
            yield Page(mentions=mentions, rejects=rejects, cursor=sweeps.commit(name, sweep))
            if not sweep.running:
                return

    def _search(self, site: str, query: str, floor: int, latest: int, number: int) -> tuple[list[Any], bool]:
        """Excerpts, newest first, and whether there are more of them."""
        answer = self._ask(
            "search/excerpts",
            site=site,
            q=query,
            sort="creation",
            order="desc",
            fromdate=max(floor, 0),
            todate=latest + 1,  # one more, since it is not said whether the last second is included
            page=number,
            pagesize=self._settings.page_size,
        )
        return answer["items"], bool(answer["items"] and answer.get("has_more"))

    def _posts(self, site: str, letter: str, numbers: Sequence[str]) -> tuple[list[Mention], list[Any]]:
        """At most a hundred posts of one kind, whole; those that are gone are left out."""
        method, _ = METHODS[letter]
        answer = self._ask(method, ";".join(numbers), site=site, filter="withbody", pagesize=100)
        return parse_each(answer["items"], partial(parse, site=site, letter=letter))

    def _ask(self, method: str, ids: str = "", **parameters: str | int) -> dict[str, Any]:
        """The API's answer, with a list of ``items``; remembers how long it asks to wait."""
        for held in (method, ""):
            if (wait := self._free.get(held, 0) - time.monotonic()) > 0:
                raise RetryLater("Stack Exchange asks to wait", after=timedelta(seconds=wait))
        url = "/".join(filter(None, (self._settings.base_url.rstrip("/"), API, method, ids)))
        try:
            response = self._session.get(
                url, params={**parameters, **({"key": self._key} if self._key else {})}
            )
        except RetryLater as error:
            # what lies behind it names the whole address, and with it the key
            raise RetryLater(str(error), after=error.after) from None
        self._check(response)
        answer = decode(response)
        with library_errors("Stack Exchange", AttributeError, KeyError, TypeError, ValueError, OverflowError):
            if not isinstance(answer["items"], list):
                raise TypeError("no list of items")
            self._hold(method, int(answer.get("backoff") or 0))
            if answer.get("quota_remaining") == 0:
                self._hold("", -int(time.time()) % 86_400)  # until midnight UTC
        return dict(answer)

    def _hold(self, method: str, seconds: int) -> None:
        self._free[method] = time.monotonic() + min(seconds, MAX_RETRY_AFTER.total_seconds())

    def _check(self, response: requests.Response) -> None:
        """Raise what a bad answer's own error number means; most of them come with the status 400."""
        told = _error(response)
        number, message = told.get("error_id"), " ".join(str(told.get("error_message")).split())[:200]
        if number is None:
            raise_for_status(response)
            return
        said = f"Stack Exchange: {message.replace(self._key, '***') if self._key else message}"
        if number == THROTTLED:
            found = re.search(r"available in ([0-9]{1,9}) seconds", message)
            after = timedelta(seconds=int(found[1])) if found else None
            raise RetryLater(said, after=after and min(after, MAX_RETRY_AFTER))
        if number in REFUSED or "`key`" in message:
            raise AuthError(said)
        raise RetryLater(said)


def _error(response: requests.Response) -> dict[str, Any]:
    """What the API says of an error; nothing where the answer is good, or comes from somebody else."""
    if response.status_code < requests.codes.bad_request:
        return {}
    try:
        answer = decode(response)
    except RetryLater:
        return {}
    return answer if isinstance(answer, dict) else {}


def _note(site: str, found: list[tuple[int, str]], excerpt: Any) -> None:
    """Note when an excerpt's post was created and our id of it."""
    letter = excerpt["item_type"][0]
    number = int(excerpt[METHODS[letter][1]])
    found.append((int(excerpt["creation_date"]), _id(site, letter, str(number))))


def _grouped(ids: Sequence[str]) -> Mapping[tuple[str, str], list[str]]:
    """The posts' numbers by site and letter, as one request can ask for them."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in dict.fromkeys(ids):
        site, letter, number = one.split("/")
        groups[site, letter].append(number)
    return groups


def _id(site: str, letter: str, number: str) -> str:
    return f"{site}/{letter}/{number}"


def parse(post: Any, site: str, letter: str) -> Mention:
    """A question or an answer as the filter ``withbody`` shows it."""
    number = int(post[METHODS[letter][1]])
    question = _id(site, "q", str(int(post["question_id"])))
    edited = post.get("last_edit_date")
    title = post.get("title") if letter == "q" else None
    return Mention(
        platform=StackExchange.name,
        platform_id=_id(site, letter, str(number)),
        kind=Kind.POST if letter == "q" else Kind.COMMENT,
        published_at=_time(post["creation_date"]),
        title=unescape(title) if title else None,
        text=plain(post["body"]),
        url=f"https://{host(site)}/{letter}/{number}",
        author=_author(post.get("owner") or {}, site),
        parent_id=None if letter == "q" else question,
        thread_id=question,
        edited_at=_time(edited) if edited else None,
        engagement=Engagement(
            likes=post.get("score"),
            comments=post.get("answer_count") if letter == "q" else None,
            views=post.get("view_count") if letter == "q" else None,
        ),
    )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _author(owner: Any, site: str) -> Author | None:
    """None where the account was deleted and nothing but a name is left."""
    if "user_id" not in owner:
        return None
    name = owner.get("display_name")
    return Author(
        platform_id=f"{site}/{int(owner['user_id'])}",
        name=unescape(name) if name else None,
        url=owner.get("link"),
    )


def host(site: str) -> str:
    """The website of a site named as in the API."""
    if site.endswith(".net"):
        return site
    return f"{site}.com" if site.rpartition(".")[2] in NAMED_COM else f"{site}.stackexchange.com"


CONNECTOR = StackExchange
