"""Cursors for listings that page newest first: two marks, so that a long backlog is never skipped.

``done`` is where the finished sweeps end: everything at or below it is stored. ``top`` is the newest mark
of the sweep now running and ``at`` says how far down it has come. Only when the sweep has reached ``done``
(or the end of the listing) does ``top`` become the new ``done``. Stopped anywhere between, the next poll
resumes at ``at``; what was posted meanwhile lies above ``top`` and belongs to the sweep after.

Marks are numbers that grow with time (Unix seconds, numeric ids); ``at`` is whatever the connector needs to
resume. Cursors hold one sweep per listing (a query, a subreddit, a country), under a name, and whose turn
it is: a poll that is always cut off early must still reach every listing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from connectors.base import Cursor, Page
from connectors.errors import RetryLater


@dataclass(frozen=True, slots=True)
class Sweep:
    """The two marks of one listing, and where a running sweep resumes."""

    done: int | None = None
    top: int | None = None
    at: str | int | None = None

    @property
    def running(self) -> bool:
        return self.at is not None

    def floor(self, since: int, overlap: int = 0) -> int:
        """The lowest mark this sweep must reach: the finished sweeps' end less the overlap window
        (for posts indexed late), on a first sweep ``since``.
        """
        return since if self.done is None else self.done - overlap

    def advance(self, marks: Iterable[int], *, now: int, at: str | int | None) -> Self:
        """The state after one page was stored.

        Args:
            marks: of the page's records; those later than ``now`` do not count (a post dated 2099).
            now: the mark of this moment.
            at: where the next page begins; None when the sweep has reached its floor or the end.
        """
        top = max((mark for mark in marks if mark <= now), default=self.top)
        if top is not None and self.top is not None:
            top = max(top, self.top)
        if at is not None:
            return replace(self, top=top, at=at)
        done = max((mark for mark in (self.done, top) if mark is not None), default=None)
        return replace(self, done=done, top=None, at=None)


def mark(moment: datetime) -> int:
    """Unix seconds."""
    return int(moment.timestamp())


def place(sweep: Sweep, now: int) -> tuple[int, str]:
    """Where a sweep through slices of time goes on, for a search that shows only so many pages of one answer:
    the latest time that it still needs, and the page among what there is up to then ("": the first).
    """
    latest, _, page = str(now if sweep.at is None else sweep.at).partition("/")
    return int(latest), page


def onward(marks: Iterable[int], latest: int, page: str | None) -> str:
    """Where the sweep goes on behind a page: at the oldest time seen, and by page only among equal times.

    Args:
        page: the next page; None where no further one is shown, so that the rest of a second is given up.
    """
    oldest = min(marks, default=latest)
    if oldest < latest:
        return f"{oldest}/"
    return f"{latest - 1}/" if page is None else f"{latest}/{page}"


class Sweeps:
    """One sweep per listing, read from a cursor and written back into one.

    Iterating gives the listings' names in the order in which to poll them: the one that was cut off first,
    else those behind the one served last.
    """

    def __init__(self, cursor: Cursor | None, listings: Iterable[str]) -> None:
        known: Mapping[str, Any] = (cursor or {}).get("sweeps", {})
        self._sweeps = {name: Sweep(**known.get(name, {})) for name in listings}
        self._last: str | None = (cursor or {}).get("last")

    def __iter__(self) -> Iterator[str]:
        last = self._sweeps.get(self._last or "")
        return iter(in_turn(self._sweeps, self._last, again=last is not None and last.running))

    def __getitem__(self, listing: str) -> Sweep:
        return self._sweeps[listing]

    def pages(self, sweep: Callable[[str], Iterator[Page]]) -> Iterator[Page]:
        """What ``sweep`` yields for each listing in turn. One that fails keeps the others back only where the
        platform asks for patience or another fails, too: then it is the platform that is away.
        """
        failed: RetryLater | None = None
        for listing in self:
            try:
                yield from sweep(listing)
            except RetryLater as error:
                if failed or error.after is not None:
                    raise
                failed = error
        if failed:
            raise failed

    def commit(self, listing: str, sweep: Sweep) -> dict[str, Any]:
        """Keep the sweep and return the whole cursor, ready to be stored with its page."""
        self._sweeps[listing] = sweep
        self._last = listing
        return {"sweeps": {name: asdict(one) for name, one in self._sweeps.items()}, "last": listing}


def in_turn(names: Iterable[str], last: str | None, *, again: bool = False) -> list[str]:
    """The names, beginning behind the one served ``last`` (with ``again``: at it)."""
    names = list(names)
    if last not in names:
        return names
    start = names.index(last) + (not again)
    return names[start:] + names[:start]
