"""Trustpilot: the reviews of one business, through the API for its customers.

Only what the website shows to everybody is read; the private listing also holds e-mail addresses and order
numbers. A review written again keeps its place and date, so edits are found when it is read again by id.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, SecretStr

from connectors import base
from connectors.base import About, Allowance, Count, Cursor, Page, Syntax, Upkeep, Watch, parse_each
from connectors.errors import AuthError
from connectors.http import Session, decode, get_json, library_errors, raise_for_status
from connectors.sweep import Sweeps, mark
from connectors.text import language
from storage.records import Author, Engagement, Kind, Mention

OVERLAP = 24 * 3600
"""Seconds: how late a review may be let through and is still found."""
SITE = "https://www.trustpilot.com"
ID = re.compile(r"[0-9a-f]{24}")


def _from_address(given: Any) -> Any:
    """The domain in the address of a review page or of the business; what is no address as it is."""
    page = re.search(r"trustpilot\.[a-z.]+/review/([^/?#\s]+)", str(given))
    site = re.match(r"https?://([^/?#\s]+)", str(given))
    found = page or site
    return found[1].lower() if found else given


class TrustpilotSettings(base.Settings):
    base_url: str = "https://api.trustpilot.com/v1"
    api_key: SecretStr
    business_unit: Annotated[
        str, BeforeValidator(_from_address), Field(pattern=r"^([0-9a-f]{24}|[\w-]+(\.[\w-]+)+)$")
    ]
    """Its id, its domain, or the address of its page on Trustpilot."""
    page_size: int = Field(default=100, ge=1, le=100)


class Trustpilot:
    name: ClassVar[str] = "trustpilot"
    about: ClassVar[About] = About(
        sees="all public reviews of a business",
        needs="api_key from Trustpilot's API module, and the business's domain",
        costs="the API module is a paid part of a Trustpilot plan",
        limits="200,000 calls a year on its first tier; nothing private is read",
        terms="https://legal.trustpilot.com/for-businesses/business-terms-of-use",
        caveats="written from the documentation alone, no real answer was at hand; how many pages the API "
        "gives is not documented",
    )
    Settings: ClassVar[type[base.Settings]] = TrustpilotSettings
    gives: ClassVar[frozenset[Count]] = frozenset({"answers", "rating", "likes"})
    syntax: ClassVar[Syntax | None] = None
    places: ClassVar[tuple[str, ...]] = ("business_unit",)
    match: ClassVar[Literal["query", "all"]] = "all"
    upkeep: ClassVar[Upkeep] = Upkeep(batch=20)  # each is a request of its own

    def __init__(self, settings: TrustpilotSettings) -> None:
        self._settings = settings
        self._session = Session(settings)
        self._session.headers["apikey"] = settings.api_key.get_secret_value()

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """One sweep, page by page, newest first; see ``connectors.base.Connector``."""
        unit = self._settings.business_unit
        if not ID.fullmatch(unit):
            raise AuthError(f"{unit} is a name; `listener check` looks up its id")
        sweeps = Sweeps(cursor, [unit])
        sweep, now = sweeps[unit], mark(watch.now)
        floor = sweep.floor(mark(watch.since), OVERLAP)
        while True:
            number = int(sweep.at or 1)
            reviews = self._reviews(unit, number)
            mentions, rejects = parse_each(reviews, parse)
            marks = [mark(one.published_at) for one in mentions]
            ended = not reviews or (marks and max(marks) < floor)
            sweep = sweep.advance(marks, now=now, at=None if ended else number + 1)
            yield Page(mentions=mentions, rejects=rejects, cursor=sweeps.commit(unit, sweep))
            if ended:
                return

    def refresh(self, ids: Sequence[str], allowance: Allowance) -> Iterator[Page]:
        """Review by review; see ``connectors.base.Refreshing``."""
        del allowance  # the open meter holds it
        address_is_right = False
        for review in ids:
            response = self._session.get(self._url(f"reviews/{review}"))
            if response.status_code in {404, 410}:
                if not address_is_right:  # a wrong one is answered in the same way
                    self._reviews(self._settings.business_unit, 1)
                    address_is_right = True
                yield Page(gone=[review])
                continue
            raise_for_status(response)
            mentions, rejects = parse_each([decode(response)], parse)
            yield Page(mentions=mentions, rejects=rejects)

    def resolve(self) -> Mapping[str, Any]:
        """The id of the business with this domain; see ``connectors.base.Resolving``."""
        name = self._settings.business_unit
        if ID.fullmatch(name):
            return {}
        response = self._session.get(self._url("business-units/find"), params={"name": name})
        if response.status_code == 404:
            raise AuthError(f"Trustpilot has no business with the domain {name}{self._close_to(name)}")
        raise_for_status(response)
        with library_errors("Trustpilot", KeyError, TypeError):
            return {"business_unit": str(decode(response)["id"])}

    def _close_to(self, name: str) -> str:
        word = max(name.split("."), key=len)
        answer = get_json(
            self._session, self._settings.base_url, "business-units/search", params={"query": word}
        )
        with library_errors("Trustpilot", AttributeError, KeyError, TypeError):
            found = [str(one["name"]["identifying"]) for one in answer.get("businessUnits", ())]
        return f"; close to it: {', '.join(found[:5])}" if found else ""

    def _reviews(self, unit: str, number: int) -> list[Any]:
        answer = get_json(
            self._session,
            self._settings.base_url,
            f"business-units/{unit}/reviews",
            params={"orderBy": "createdat.desc", "perPage": self._settings.page_size, "page": number},
        )
        with library_errors("Trustpilot", KeyError, TypeError):
            return list(answer["reviews"])

    def _url(self, path: str) -> str:
        return f"{self._settings.base_url.rstrip('/')}/{path}"


def parse(review: Any) -> Mention:
    """One review as a mention. Its id is all that is needed to read it again."""
    consumer = review["consumer"]
    edited = review.get("updatedAt")
    answer = review.get("companyReply")
    return Mention(
        platform=Trustpilot.name,
        platform_id=review["id"],
        kind=Kind.REVIEW,
        published_at=_moment(review["createdAt"]),
        edited_at=None if edited in (None, review["createdAt"]) else _moment(edited),
        title=review.get("title") or None,
        text=review.get("text") or "",
        url=f"{SITE}/reviews/{review['id']}",
        author=Author(
            platform_id=consumer["id"],
            name=consumer.get("displayName"),
            url=f"{SITE}/users/{consumer['id']}",
        ),
        lang=language(review.get("language")),
        rating=float(review["stars"]),
        answered=answer is not None,
        answered_at=_moment(answer["createdAt"]) if answer else None,
        engagement=Engagement(likes=review.get("numberOfLikes")),
    )


def _moment(text: str) -> datetime:
    """The documentation's examples leave the zone out; times are UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


CONNECTOR = Trustpilot
