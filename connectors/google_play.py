"""Google Play: reviews of an app of your own, through the publisher's API.

It lists what was written or changed in the last seven days, and nothing else; the first review is the one
changed last, and nothing is said about the order of the rest. So the newest pages are read at every poll, and
all of them several times a day.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import BeforeValidator, Field

from connectors import base
from connectors.base import About, Count, Cursor, Page, Syntax, Watch
from connectors.google_login import GoogleSession, GoogleSettings
from connectors.listing import Listing, get_page
from connectors.text import language
from storage.records import Author, Engagement, Kind, Mention

SCOPE = "https://www.googleapis.com/auth/androidpublisher"
STORE = "https://play.google.com/store/apps/details"
OVERLAP = 3600
"""Seconds: reviews are checked by Google and may appear after the time they carry. What comes later than this
lies on the page that is read anyway, or is found when the whole listing is walked.
"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _package(value: Any) -> Any:
    """The package's name, out of its page's address if it is one."""
    if isinstance(value, str) and value.startswith(("http:", "https:")):
        return parse_qs(urlsplit(value).query).get("id", [value])[0]
    return value


class GooglePlaySettings(GoogleSettings):
    base_url: str = "https://androidpublisher.googleapis.com"
    package: Annotated[str, BeforeValidator(_package), Field(pattern=r"^[a-zA-Z]\w*(\.[a-zA-Z]\w*)+$")]
    """The app's package name, such as `org.example.app`, or the address of its page in the store."""
    sweep_hours: float = Field(default=6, gt=0)
    """How often all reviews of the last seven days are listed again."""
    page_size: int = Field(default=100, ge=1, le=100)
    """Reviews asked for at once."""


class GooglePlay:
    """Lists the reviews of one app."""

    name: ClassVar[str] = "google_play"
    about: ClassVar[About] = About(
        sees="written reviews of your own app, of the last 7 days",
        needs="credentials of a service account with the permission to reply to reviews in the Play Console",
        costs="nothing",
        limits="reviews written or changed in the last 7 days, in production, with text; 200 requests an hour",
        terms="https://developers.google.com/terms",
        caveats=(
            "Written from Google's documentation; no answer of the real API was at hand. A source that rests for"
            " more than 7 days misses reviews. Google tells only when a review was last changed, so an edited one"
            " that is new here carries the date of the edit, and an answer that of its last change. The language is"
            " that of the reviewer's device. A"
            " review that was deleted cannot be told from one older than 7 days, so it stays until your retention"
            " ends; delete it by hand."
        ),
    )
    Settings: ClassVar[type[base.Settings]] = GooglePlaySettings
    gives: ClassVar[frozenset[Count]] = frozenset({"answers", "likes", "rating"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("package",)
    match: ClassVar[Literal["query", "all"]] = "all"

    def __init__(self, settings: GooglePlaySettings) -> None:
        self._settings = settings
        self._session = GoogleSession(settings, SCOPE)
        self._listing = Listing(
            name="Google Play",
            fetch=self._fetch,
            parse=partial(parse, package=settings.package),
            overlap=OVERLAP,
            again=timedelta(hours=settings.sweep_hours),
        )

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        yield from self._listing.poll(watch, cursor)

    def _fetch(self, token: str | None) -> tuple[Any, Any]:
        base_url, package = self._settings.base_url.rstrip("/"), self._settings.package
        url = f"{base_url}/androidpublisher/v3/applications/{package}/reviews"
        params = {"maxResults": self._settings.page_size, "token": token}
        answer = get_page(self._session, url, params, token=token)
        return answer.get("reviews", ()), (answer.get("tokenPagination") or {}).get("nextPageToken")


def parse(review: Any, package: str) -> Mention:
    """One review as a mention: what its writer says, and whether the developer has answered."""
    said, *_ = (comment["userComment"] for comment in review["comments"] if "userComment" in comment)
    answer = next((one["developerComment"] for one in review["comments"] if "developerComment" in one), None)
    title, tab, body = said["text"].partition("\t")  # some reviews have a title, set off by a tab
    name = review.get("authorName") or None
    return Mention(
        platform=GooglePlay.name,
        platform_id=review["reviewId"],
        kind=Kind.REVIEW,
        published_at=_moment(said["lastModified"]),
        title=title.strip() or None if tab else None,
        text=(body if tab else title).strip(),
        url=f"{STORE}?id={package}&reviewId={review['reviewId']}",
        author=Author(platform_id=name, name=name) if name else None,
        lang=language(said.get("reviewerLanguage")),
        rating=said.get("starRating"),
        answered=answer is not None,
        answered_at=_moment(answer["lastModified"]) if answer else None,
        engagement=Engagement(likes=said.get("thumbsUpCount")),
    )


def _moment(stamp: Any) -> datetime:
    """Google's seconds (as text) and nanoseconds since 1970."""
    return EPOCH + timedelta(seconds=int(stamp["seconds"]), microseconds=stamp.get("nanos", 0) // 1000)


CONNECTOR = GooglePlay
