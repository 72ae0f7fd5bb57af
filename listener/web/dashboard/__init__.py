"""The dashboard: one page of one brand's period, whole in itself, without scripts."""

from pathlib import Path

from listener.web.dashboard.build import build
from listener.web.dashboard.html import Choice, render
from storage.dashboard import read
from storage.records import Language

__all__ = ["page"]

LONGEST = 3660
"""Days; ten years."""


def page(database: Path, *, brand: str | None, days: int, language: Language, links: bool = False) -> str:
    """A whole HTML page; it needs nothing from elsewhere, and never names an author.

    Args:
        brand: None is the first one with data. One that is not there gets a page that says so.
        days: whole days, up to the last one that is over; kept within 1 and ``LONGEST``.
        links: to the quoted mentions; most addresses hold their author's handle.

    Reads the database and waits for it. Raises ``StoreError`` where that cannot be read.
    """
    days = min(max(days, 1), LONGEST)
    brands, reading = read(database, brand, days, addresses=links)
    choice = Choice({one["name"]: bool(one["competitor"]) for one in brands}, brand, days)
    return render(None if reading is None else build(reading), choice, language)
