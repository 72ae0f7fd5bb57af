"""App Store: customer reviews of one app, from the public feed of each country's store.

The feed pages newest first, 50 reviews a page, 10 pages deep. It has traps: a page comes back empty now and
then although there are reviews (so an empty page is asked for again before it counts as the end), and an app
that does not exist is answered with 200.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from connectors import base
from connectors.base import About, Count, Cursor, Page, Syntax, Watch, parse_each
from connectors.errors import AuthError, BadRecord, RetryLater
from connectors.http import Session, get_json, library_errors
from connectors.sweep import Sweeps, mark
from storage.records import Author, Engagement, Kind, Mention

DEEPEST = 10
"""Pages the feed has; it refuses the eleventh."""
TRIES = 3
"""Times an empty page is asked for."""
OVERLAP = 24 * 3600
"""Seconds: reviews pass a moderation and appear after the time they carry."""

LISTED = 3
"""Apps named where a name fits several."""

Country = Annotated[str, Field(pattern="^[a-z]{2}$")]


def _app_id(given: Any) -> str:
    """The number in a page's address; a number or a name as it is."""
    text = str(given).strip()
    if "://" not in text:
        return text
    if found := re.search(r"/id(\d+)", text):
        return found[1]
    raise ValueError("this address holds no app's number (/id and digits)")


class AppStoreSettings(base.Settings):
    base_url: str = "https://itunes.apple.com"
    app_id: Annotated[str, BeforeValidator(_app_id), Field(min_length=1)]
    """The number in the address of the app's page, that address, or the app's name, which `listener check` looks
    up."""
    countries: tuple[Country, ...] = Field(default=("de",), min_length=1, description="two-letter codes")


class AppStore:
    """Lists the reviews of one app, store by store."""

    name: ClassVar[str] = "appstore"
    about: ClassVar[About] = About(
        sees="the newest 500 written reviews of an app in each country's store",
        needs="the app's number, address or name",
        costs="nothing",
        limits="500 reviews a country; reviews appear hours after they were written",
        terms="https://www.apple.com/legal/internet-services/itunes/",
        caveats="The feed was not checked against recorded answers: there are none. It shows the newest 500 reviews "
        "of a country, and none without words. A single review cannot be read again: an edit is seen while the "
        "review stands among the newest, a deletion never. A name is looked up in the first country's store.",
    )
    Settings: ClassVar[type[base.Settings]] = AppStoreSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"likes", "rating"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("app_id",)
    match: ClassVar[Literal["query", "all"]] = "all"

    def __init__(self, settings: AppStoreSettings) -> None:
        self._settings = settings
        self._session = Session(settings)

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep for each country; a store without the app is reported after the others were read."""
        if not self._settings.app_id.isdecimal():
            raise AuthError(f"app_id: {self._settings.app_id!r} is a name; `listener check` looks it up")
        sweeps = Sweeps(cursor, self._settings.countries)
        missing = []
        for country in sweeps:
            try:
                yield from self._sweep(country, sweeps, watch)
            except _UnknownAppError:
                missing.append(country)
        if missing:
            where = ", ".join(missing)
            raise RetryLater(
                f"no app {self._settings.app_id} in the store of {where}: check app_id, countries"
            )

    def resolve(self) -> Mapping[str, Any]:
        """The number of the app whose name is set: the only one found, or the only one called exactly so."""
        name = self._settings.app_id
        if name.isdecimal():
            return {}
        parameters = {"term": name, "entity": "software", "country": self._settings.countries[0], "limit": 25}
        answer = get_json(self._session, self._settings.base_url, "search", params=parameters)
        with library_errors("the App Store", AttributeError, KeyError, TypeError):
            apps = {str(app["trackId"]): str(app["trackName"]) for app in answer["results"]}
        exact = [number for number, called in apps.items() if called.casefold() == name.casefold()]
        for found in (exact, list(apps)):
            if len(found) == 1:
                return {"app_id": found[0]}
        closest = [f"{called} ({number})" for number, called in apps.items()][:LISTED]
        raise AuthError(f"app_id: no one app is called {name!r}; closest: {', '.join(closest) or 'none'}")

    def _sweep(self, country: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now = sweeps[country], mark(watch.now)
        floor = sweep.floor(mark(watch.since), OVERLAP)
        while True:
            number = int(sweep.at or 1)
            entries = self._entries(country, number)
            mentions, rejects = parse_each(entries, partial(parse, app_page=self._app_page(country)))
            marks = [mark(mention.published_at) for mention in mentions]
            ended = not entries or number == DEEPEST or (marks and max(marks) < floor)
            sweep = sweep.advance(marks, now=now, at=None if ended else number + 1)
            cursor = sweeps.commit(country, sweep)
            yield Page(mentions=mentions, rejects=rejects, cursor=cursor)
            if ended:
                return

    def _entries(self, country: str, number: int) -> list[Any]:
        """The records of one page, asked for again while it is empty."""
        path = (
            f"{country}/rss/customerreviews/page={number}/id={self._settings.app_id}/sortby=mostrecent/json"
        )
        for _ in range(TRIES):
            answer = get_json(self._session, self._settings.base_url, path)
            with library_errors("the App Store", AttributeError, KeyError, TypeError):
                feed = answer["feed"]
                is_known = any(link["attributes"]["rel"] == "self" for link in _several(feed.get("link")))
            if not is_known:
                raise _UnknownAppError
            if entries := _several(feed.get("entry")):
                return entries
        return []

    def _app_page(self, country: str) -> str:
        return f"https://apps.apple.com/{country}/app/id{self._settings.app_id}"


class _UnknownAppError(Exception):
    """The store does not have this app."""


def parse(entry: Any, app_page: str) -> Mention | None:
    """One review as a mention; None for the app's own record, with which some feeds begin."""
    if "im:name" in entry:
        return None
    if "updated" not in entry:
        raise BadRecord("a review without a date")
    author = entry["author"]
    name = author["name"]["label"]
    page = author.get("uri", {}).get("label")
    links = [link["attributes"]["href"] for link in _several(entry.get("link"))]
    votes = entry.get("im:voteSum")
    return Mention(
        platform=AppStore.name,
        platform_id=entry["id"]["label"],
        kind=Kind.REVIEW,
        published_at=datetime.fromisoformat(entry["updated"]["label"]),
        title=entry["title"]["label"],
        text=_several(entry["content"])[0]["label"],
        url=links[0] if links else app_page,
        author=Author(platform_id=page.rpartition("/id")[2] if page else name, name=name, url=page),
        rating=float(entry["im:rating"]["label"]),
        engagement=Engagement(likes=int(votes["label"]) if votes else None),
    )


def _several(value: Any) -> list[Any]:
    """What the feed gives as a list, as one bare object where there is only one, or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


CONNECTOR = AppStore
