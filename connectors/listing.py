"""Listings that page by an opaque token, the latest change first.

Every poll walks from the newest record down to where the finished walks end. Where a platform does not vouch
for its later pages, the listing is also walked whole, back to ``Watch.since``, now and then. A walk that is cut
off goes on from its token at the next poll; where the platform no longer takes that token, it begins again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any

from connectors.base import Cursor, Page, Upkeep, Watch, parse_each
from connectors.errors import RetryLater
from connectors.http import Session, decode, library_errors, raise_for_status
from connectors.sweep import Sweep, Sweeps, mark
from storage.records import Mention

NEWEST, WHOLE = "newest", "whole"
REVIEWS = Upkeep(
    batch=50,
    ages=(timedelta(days=1), timedelta(days=7), timedelta(days=30)),
    recheck=timedelta(days=30),
)
"""Each is a request of its own, and changes seldom."""


class StaleTokenError(Exception):
    """The platform does not take a page's token (any more)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How one listing is read."""

    name: str
    """As messages call the platform."""
    fetch: Callable[[str | None], tuple[Iterable[Any], str | None]]
    """The records behind a token (None: the newest), and the token of the page that follows, if any."""
    parse: Callable[[Any], Mention | None]
    overlap: int
    """Seconds: how late a record may appear among older ones."""
    again: timedelta | None = None
    """How often to walk the whole listing once more; None: never."""

    def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:
        """See ``connectors.base.Connector``."""
        sweeps = Sweeps(cursor, (NEWEST, WHOLE))
        for walk in sweeps:
            if walk == NEWEST or self._is_due(sweeps[WHOLE], watch.now):
                yield from self._walk(walk, sweeps, watch)

    def reread(self, ids: Sequence[str], read: Callable[[str], Any]) -> Iterator[Page]:
        """Records read again one by one; see ``connectors.base.Refreshing``.

        Args:
            read: the record of an id as it is now; None where the platform does not find it. That counts as
                gone only if the listing can still be read: else it is not the record that is missing.
        """
        missing = []
        for one in ids:
            with library_errors(self.name, AttributeError, KeyError, TypeError):
                record = read(one)
            if record is None:
                missing.append(one)
                continue
            mentions, rejects = parse_each([record], self.parse)
            yield Page(mentions=mentions, rejects=rejects)
        if missing:
            self._page(Sweep())
            yield Page(gone=missing)

    def _is_due(self, whole: Sweep, now: datetime) -> bool:
        """Whether to walk the whole listing; its ``done`` is when that was finished last."""
        if self.again is None or whole.done is None:
            return False
        return mark(now) - whole.done >= self.again.total_seconds()

    def _walk(self, walk: str, sweeps: Sweeps, watch: Watch) -> Iterator[Page]:
        sweep, now, since = sweeps[walk], mark(watch.now), mark(watch.since)
        floor = since if walk == WHOLE else sweep.floor(since, self.overlap)
        while True:
            sweep, records, after = self._page(sweep)
            mentions, rejects = parse_each(records, self.parse)
            marks = [mark(mention.edited_at or mention.published_at) for mention in mentions]
            # by the median: one absurd date must not end the walk
            at = after if not marks or median_low(marks) >= floor else None
            sweep = sweep.advance([now] if walk == WHOLE else marks, now=now, at=at)
            if at is None and sweeps[WHOLE].done is None:
                sweeps.commit(WHOLE, Sweep(done=now))  # the first walk was a whole one
            yield Page(mentions=mentions, rejects=rejects, cursor=sweeps.commit(walk, sweep))
            if at is None:
                return

    def _page(self, sweep: Sweep) -> tuple[Sweep, Sequence[Any], str | None]:
        """The next page of a walk, which begins again where its token is stale."""
        token = None if sweep.at is None else str(sweep.at)
        try:
            with library_errors(self.name, AttributeError, KeyError, TypeError, ValueError):
                records, after = self.fetch(token)
                if after is not None and not isinstance(after, str):
                    raise TypeError(f"no token: {after!r}")
                if after and after == token:
                    raise ValueError("the next page is this page")
                return sweep, list(records), after or None
        except StaleTokenError:
            if token is None:
                raise RetryLater(f"{self.name} refuses the request") from None
            return self._page(replace(sweep, at=None))


def get_page(session: Session, url: str, params: Mapping[str, Any], *, token: str | None) -> Any:
    """The decoded answer with one page.

    Raises:
        StaleTokenError: it is the token that the platform complains about, as far as can be told.
        AuthError, RetryLater: see ``connectors.http.get``.
    """
    response = session.get(url, params=params)
    if token is not None and response.status_code == 400:
        raise StaleTokenError
    raise_for_status(response)
    return decode(response)


def get_record(session: Session, url: str) -> Any:
    """The decoded answer with one record; None where the platform does not find it.

    Raises:
        AuthError, RetryLater: see ``connectors.http.get``.
    """
    response = session.get(url)
    if response.status_code in {404, 410}:
        return None
    raise_for_status(response)
    return decode(response)
