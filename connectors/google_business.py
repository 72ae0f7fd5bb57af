"""Google Business Profile: the reviews of a place of your own, through its owner's API.

The listing is ordered by the last change, and Google says of its pages that only the first is certain to be
complete: from the second on, reviews may be missing. So it is walked whole once a day, beside the newest pages
at every poll.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import quote

from pydantic import AfterValidator, Field

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch
from connectors.google_login import GoogleSession, GoogleSettings
from connectors.http import get_json, library_errors
from connectors.listing import REVIEWS, Listing, get_page, get_record
from connectors.naming import the_one, unresolved
from storage.records import Author, Kind, Mention

WHO = "Google Business Profile"
SCOPE = "https://www.googleapis.com/auth/business.manage"
HIDDEN = {"PENDING", "REJECTED"}
"""States of an answer that nobody sees."""
PAGE = "https://business.google.com/reviews"
"""Where owners read reviews; a single one has no address."""
OVERLAP = 3600
"""Seconds: reviews are checked by Google and may appear after the time they carry. What comes later than this
lies on the page that is read anyway, or is found when the whole listing is walked.
"""
STARS = {"ONE": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5}
PLACE = re.compile(r"(accounts/[\w-]+)/locations/[\w-]+")
REVIEW = re.compile(r"accounts/[^/]+/(locations/[^/]+/reviews/[^/]+)")
TRANSLATED, ORIGINAL = "(Translated by Google)", "(Original)"


def _no_address(location: str) -> str:
    """Refuses an address of Google Maps: only the Places API, whose reviews may not be stored, knows it."""
    if location.lower().startswith(("http:", "https:")):
        raise ValueError(
            "an address of Google Maps does not tell which place of your account it is; give the place's name,"
            " or accounts/.../locations/..."
        )
    return location.strip("/ ")


class GoogleBusinessSettings(GoogleSettings):
    base_url: str = "https://mybusiness.googleapis.com"
    location: Annotated[str, AfterValidator(_no_address), Field(min_length=1)]
    """The place: `accounts/.../locations/...`, or its name, which `listener check` looks up."""
    sweep_hours: float = Field(default=24, gt=0)
    """How often all reviews of the time back to the source's `backfill` are listed again."""
    page_size: int = Field(default=50, ge=1, le=50)
    """Reviews asked for at once."""
    accounts_url: str = "https://mybusinessaccountmanagement.googleapis.com"
    """Where your accounts are looked up."""
    locations_url: str = "https://mybusinessbusinessinformation.googleapis.com"
    """Where the names of their places are looked up."""


class GoogleBusiness:
    """Lists the reviews of one place."""

    name: ClassVar[str] = "google_business"
    about: ClassVar[About] = About(
        sees="all reviews of a place on Google Maps and Search that you own or manage, ratings without text too",
        needs="credentials of a user who manages the place, in a Google Cloud project that Google let in on request",
        costs="nothing",
        limits="own, verified places only; 300 requests a minute",
        terms="https://developers.google.com/my-business/content/policies",
        caveats=(
            "Written from Google's documentation; no answer of the real API was at hand. Until Google grants your"
            " project access, its quota is 0 and every request is answered 429. Whether a service account is let"
            " in could not be checked: the documentation signs in as a user. A rating without text is shown as its"
            " stars (★★★★☆). Where Google adds its translation to a review, only the original is kept. Places of"
            " others cannot be watched: Google's Places API gives five reviews and forbids to store them; for own"
            " places, too, Google's API terms forbid copies that are permanent or older than its answers allow"
            " without the owner's consent, so set `retention` to what you need. Authors are told apart by name."
        ),
    )
    Settings: ClassVar[type[base.Settings]] = GoogleBusinessSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"answers", "rating"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("location",)
    match: ClassVar[Literal["query", "all"]] = "all"
    upkeep: ClassVar[Upkeep] = REVIEWS

    def __init__(self, settings: GoogleBusinessSettings) -> None:
        self._settings = settings
        self._session = GoogleSession(settings, SCOPE, trust=(settings.accounts_url, settings.locations_url))
        self._listing = Listing(
            name=WHO,
            fetch=self._fetch,
            parse=parse,
            overlap=OVERLAP,
            again=timedelta(hours=settings.sweep_hours),
        )

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        self._account()
        yield from self._listing.poll(watch, cursor)

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:  # noqa: ARG002 - requests count themselves
        prefix = self._url(self._account())
        # of another place that was configured before, a missing review would prove nothing
        here = self._settings.location.partition("/")[2].partition("/")[2] + "/"
        ours = [one for one in ids if one.startswith(here)]
        yield from self._listing.reread(ours, lambda one: get_record(self._session, f"{prefix}/{quote(one)}"))

    def resolve(self) -> Mapping[str, Any]:
        if PLACE.fullmatch(self._settings.location):
            return {}
        with library_errors(WHO, AttributeError, KeyError, TypeError):
            return {"location": the_one(self._settings.location, self._places(), "places")}

    def _account(self) -> str:
        """The account in ``location``. Raises ``AuthError`` where that is still a name."""
        if (found := PLACE.fullmatch(self._settings.location)) is None:
            raise unresolved(self._settings.location, "location")
        return found[1]

    def _url(self, path: str) -> str:
        return f"{self._settings.base_url.rstrip('/')}/v4/{path}"

    def _fetch(self, token: str | None) -> tuple[Any, Any]:
        params = {"pageSize": self._settings.page_size, "orderBy": "updateTime desc", "pageToken": token}
        answer = get_page(self._session, self._url(f"{self._settings.location}/reviews"), params, token=token)
        return answer.get("reviews", ()), answer.get("nextPageToken")

    def _places(self) -> dict[str, tuple[str, str]]:
        """The names of every place, with and without its address; one that several accounts show only once."""
        places: dict[str, tuple[str, str]] = {}
        known = set()
        mask = {"readMask": "name,title,storefrontAddress", "pageSize": 100}
        for account in self._all(self._settings.accounts_url, "v1/accounts", "accounts", {"pageSize": 20}):
            path = f"v1/{account['name']}/locations"
            for place in self._all(self._settings.locations_url, path, "locations", mask):
                if place["name"] not in known:
                    known.add(place["name"])
                    places[f"{account['name']}/{place['name']}"] = _names(place)
        return places

    def _all(self, base_url: str, path: str, key: str, params: Mapping[str, Any]) -> Iterator[Any]:
        """The records of all pages."""
        token: Any = None
        while True:
            answer = get_json(self._session, base_url, path, params={**params, "pageToken": token})
            yield from answer.get(key, ())
            if not (token := answer.get("nextPageToken")):
                return


def _names(place: Any) -> tuple[str, str]:
    address = place.get("storefrontAddress") or {}
    parts = (place["title"], *address.get("addressLines", ()), address.get("locality"))
    return ", ".join(part for part in parts if part), place["title"]


def parse(review: Any) -> Mention:
    """One review as a mention. Its id leaves the account out: several accounts may manage a place."""
    name = REVIEW.fullmatch(review["name"])
    if name is None:
        raise ValueError(f"no review's name: {review['name']!r}")
    created = datetime.fromisoformat(review["createTime"])
    updated = datetime.fromisoformat(review["updateTime"])
    rating = STARS.get(review["starRating"])
    answered_at = _answered_at(review)
    return Mention(
        platform=GoogleBusiness.name,
        platform_id=name[1],
        kind=Kind.REVIEW,
        published_at=created,
        edited_at=updated if updated != created else None,
        text=original(review.get("comment") or "") or _stars(rating),
        url=PAGE,
        author=_author(review.get("reviewer") or {}),
        rating=rating,
        answered=answered_at is not None,
        answered_at=answered_at,
    )


def _answered_at(review: Any) -> datetime | None:
    """When the owner answered; None where nobody has, or Google does not show it (yet)."""
    answer = review.get("reviewReply")
    if answer is None or answer.get("reviewReplyState") in HIDDEN:
        return None
    return datetime.fromisoformat(answer["updateTime"])


def original(comment: str) -> str:
    """A review's own words, without the translation that Google puts before or behind them."""
    if comment.startswith(TRANSLATED) and ORIGINAL in comment:
        return comment.rpartition(ORIGINAL)[2].strip()
    return comment.partition(f"\n\n{TRANSLATED}")[0].strip()


def _stars(rating: int | None) -> str:
    return "" if rating is None else "★" * rating + "☆" * (5 - rating)


def _author(reviewer: Any) -> Author | None:
    name = reviewer.get("displayName")
    return None if reviewer.get("isAnonymous") or not name else Author(platform_id=name, name=name)


CONNECTOR = GoogleBusiness
