"""The connector contract: what a connector is told, what it gives back, what it declares.

A connector fetches and parses; it does not match, store, sleep or know a brand query's syntax tree. One
file per platform, named like the platform. ``docs/adding-a-connector.md`` walks through one.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from connectors.errors import BadRecord
from storage.records import Mention, Reject, Spent

Cursor = Mapping[str, Any]
"""Where a source stands; JSON-safe, meaningful to its connector alone."""

Count = Literal["likes", "shares", "comments", "views", "followers", "rating", "answers"]
"""``answers``: whether the business has answered, and when (``Mention.answered``)."""


class Settings(BaseModel):
    """What every connector can be told. A connector adds its own keys; secrets are ``SecretStr``."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    base_url: str
    """Where the platform answers; another address for a proxy, another server, a test."""
    timeout: float = Field(default=20.0, gt=0)
    """Seconds without an answer before giving up."""
    user_agent: str = "social-listening-bot"
    """How requests introduce themselves; `listener.user_agent` unless given here."""
    pause: float = Field(default=0.2, ge=0, le=60)
    """Seconds between two requests to one host, whichever source makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """How a boolean query is written for one platform's search.

    ``None`` means that the platform lacks the operator; the query is then widened (never narrowed), since
    every text is matched again locally. ``{}`` in a template stands for the words.
    """

    and_: str = " "
    or_: str | None = " OR "
    """None: each alternative becomes a search string of its own."""
    not_: str | None = "-{}"
    phrase: str | None = '"{}"'
    prefix: str | None = None
    hashtag: str | None = "#{}"
    handle: str | None = "@{}"
    group: str = "({})"
    max_length: int = 500
    """Characters of one search string; longer queries are split at their alternatives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What may still be spent this month. ``None``: no limit."""

    calls: int | None = None
    micro_usd: int | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    """What is left today of each of the connector's ``quotas``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A limit of the platform on some of its calls, per day: ``connectors.meter.charge`` counts them."""

    limit: int
    zone: str = "UTC"
    """Where the platform's day begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What to look for."""

    since: datetime
    """The first poll goes back to here and no further (aware, UTC)."""
    now: datetime
    """The moment of this poll; a post dated later must not move a cursor past it."""
    queries: tuple[str, ...] = ()
    """Search strings in the connector's own ``Syntax``; empty where a source takes whatever is listed."""
    tags: tuple[str, ...] = ()
    """Hashtags without the '#', for platforms that list by tag."""
    allowance: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer of the platform, whole: stored together with its cursor in one transaction."""

    mentions: Sequence[Mention] = ()
    rejects: Sequence[Reject] = ()
    cursor: Cursor | None = None
    """What may be committed with this page; None: nothing yet."""
    gone: Sequence[str] = ()
    """platform_ids of what the platform no longer shows: deleted here, too."""
    spent: Spent = field(default_factory=Spent)
    """Money, and calls that went past ``connectors.http``, where every request is counted already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What people need to know before they switch a source on; the docs' table is made of these."""

    sees: str
    needs: str
    costs: str
    limits: str
    terms: str
    """Address of the platform's terms for this use."""
    caveats: str = ""
    """What surprises people, and what could not be checked against the platform's real answers."""
    passing_on: str = ""
    """What the terms say against passing whole posts on; an export warns with it."""


AGES = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""After its publication a post's counts are read again about then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """How what is stored stays true to the platform."""

    batch: int
    """Most ids of one ``refresh``."""
    ages: tuple[timedelta, ...] = AGES
    """When, unless the source's ``refresh`` says otherwise; () where it would cost money nobody asked for."""
    recheck: timedelta | None = None
    """How often to look again after the last age, for as long as the post is kept."""
    unconfirmed: timedelta | None = None
    """The terms let nothing stay that the platform has not shown for so long."""
    terms: str = ""
    """Where the platform says so."""


class Connector(Protocol):
    """A platform at the other end of the wire."""

    name: ClassVar[str]
    """The module's name; also the ``platform`` of its mentions."""
    about: ClassVar[About]
    Settings: ClassVar[type[Settings]]
    gives: ClassVar[frozenset[Count]]
    """What the platform can tell of a mention; the rest is always NULL."""
    syntax: ClassVar[Syntax | None]
    """None: the platform has no search that a query could be sent to."""
    match: ClassVar[Literal["query", "all"]]
    """``all``: whatever stands on the listing is about the brand (review pages)."""

    def __init__(self, settings: Any) -> None: ...

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """Yield pages lazily until everything up to ``watch.now`` was seen.

        The caller may stop after any page and come back later with the cursor of the last one; nothing
        may be lost by that, and nothing older than ``watch.since`` needs to be fetched.

        Raises:
            AuthError, RetryLater: see ``connectors.errors``. Pages yielded before it stay stored.
        """
        ...


@runtime_checkable
class Refreshing(Protocol):
    """A connector that can read known posts again."""

    upkeep: ClassVar[Upkeep]

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:
        """Yield the posts as they are now, and in ``Page.gone`` those that are no more.

        An id that could not be looked at this time is in neither; it is asked for again at its next age.

        Args:
            ids: platform_ids, at most ``upkeep.batch``.

        Raises:
            AuthError, RetryLater: see ``connectors.errors``.
        """
        ...


@runtime_checkable
class Resolving(Protocol):
    """A connector whose ids can be given as a name or an address."""

    def resolve(self) -> Mapping[str, Any]:
        """The settings that hold a name or an address, with the id that the platform knows it by.

        Empty where nothing is left to look up. ``poll`` refuses a name with an ``AuthError`` that tells
        about ``listener check``, which writes what is found into the configuration.

        Raises:
            AuthError: nothing has that name (the message lists what comes close), or a key is wrong.
            RetryLater: see ``connectors.errors``.
        """
        ...


@runtime_checkable
class Receiving(Protocol):
    """A connector that is told instead of asking: the daemon's endpoint hands it what was posted there."""

    def receive(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Page:
        """What a posted body says; the page is stored before the sender gets its answer.

        Args:
            headers: with names in lower case.

        Raises:
            AuthError: it does not come from whom it says. BadRecord: it cannot be read at all.
        """
        ...


def upkeep_of(connector: type[Connector]) -> Upkeep | None:
    """How its posts are kept true; None where they cannot be read again."""
    found: Upkeep | None = getattr(connector, "upkeep", None)
    return found


def quotas_of(connector: type[Connector]) -> Mapping[str, Quota]:
    """The platform's daily limits, by name: the optional class attribute ``quotas``."""
    found: Mapping[str, Quota] = getattr(connector, "quotas", {})
    return found


def places_of(connector: type[Connector]) -> tuple[str, ...]:
    """The settings that say where it listens, besides ``base_url``: the optional class attribute ``places``. A
    cursor of another place is worth nothing.
    """
    found: tuple[str, ...] = getattr(connector, "places", ())
    return found


def own_rates(connector: type[Connector]) -> bool:
    """Whether its terms forbid to mix its counts with other platforms': the optional attribute ``own_rates``."""
    return bool(getattr(connector, "own_rates", False))


def parse_each(
    records: Iterable[Any], parse: Callable[[Any], Mention | None]
) -> tuple[list[Mention], list[Reject]]:
    """Map raw records to mentions one by one; what does not parse becomes a reject with its reason.

    ``parse`` returns None for a record that is no mention (an advertisement, a placeholder).
    """
    mentions: list[Mention] = []
    rejects: list[Reject] = []
    for record in records:
        try:
            mention = parse(record)
        except (
            BadRecord,
            AttributeError,
            KeyError,
            IndexError,
            OSError,  # of datetime.fromtimestamp, for some absurd times
            OverflowError,
            TypeError,
            ValueError,
        ) as error:
            reason = f"{type(error).__name__}: {error}"
            rejects.append(Reject(raw=json.dumps(record, default=str, ensure_ascii=False), reason=reason))
        else:
            if mention is not None:
                mentions.append(mention)
    return mentions, rejects
