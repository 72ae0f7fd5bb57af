"""A small database about a bakery, for the digest's tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from listener import metrics
from storage import daily, pages, scores, sources
from storage.pages import Matched
from storage.records import (
    Author,
    Engagement,
    Exclusion,
    Kind,
    Label,
    Match,
    Mention,
    Score,
    Stance,
    StanceReading,
)
from storage.store import Store

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)

_SCORES = {
    Label.POSITIVE: Score(p_negative=0.0, p_neutral=0.1, p_positive=0.9),
    Label.NEUTRAL: Score(p_negative=0.1, p_neutral=0.8, p_positive=0.1),
    Label.NEGATIVE: Score(p_negative=0.9, p_neutral=0.1, p_positive=0.0),
}


class Bakery:
    """Fills a store; ``mention`` adds one and has it read, ``settle`` computes the days."""

    def __init__(self, store: Store, *, competitors: tuple[str, ...] = ("Mühle",)) -> None:
        self.store = store
        self._ids = count(1)
        names = ("Sonnenkorn", *competitors)
        sources.sync_brands(
            store,
            [
                sources.Brand(name=name, query=name, timezone="Europe/Berlin", competitor=name in competitors)
                for name in names
            ],
        )
        listed = [sources.Source(name=f"{name}-1", connector=name, watch={}) for name in ("mastodon", "rss")]
        sources.sync_sources(store, listed, NOW)
        for source in sources.active(store):
            sources.succeeded(store, source.id, now=NOW, next_poll_at=NOW)

    def mention(
        self,
        text: str = "Brot von Sonnenkorn",
        *,
        back: int = 0,
        label: Label | None = Label.NEUTRAL,
        stance: Stance = Stance.INDIFFERENT,
        brand: str = "Sonnenkorn",
        own: bool = False,
        counts: tuple[int | None, ...] = (None, None, None, None),
        author: Author | None = None,
        **fields: Any,
    ) -> None:
        """A mention ``back`` days before ``DAY``; ``label`` None leaves it in the model's queue."""
        number = next(self._ids)
        at = datetime(DAY.year, DAY.month, DAY.day, 9, number % 60, tzinfo=UTC) - timedelta(days=back)
        mention = Mention(
            **{
                "platform": "mastodon",
                "platform_id": str(number),
                "kind": Kind.POST,
                "published_at": at,
                "text": text,
                "author": author,
                "engagement": Engagement(**dict(zip(pages.COUNTS, counts, strict=True))),
                **fields,
            }
        )
        matched = Matched(
            mention, [Match(brand=brand, term="x")], own={brand: Exclusion.OWN_ACCOUNT} if own else {}
        )
        pages.add_page(self.store, 1, [matched], brands=[brand], now=NOW)
        if label is not None:
            row = self.store.value("SELECT max(id) FROM mentions")
            reading = scores.Reading(row, "de", _SCORES[label], StanceReading(stance=stance))
            scores.add(self.store, "test", [reading], NOW)

    def settle(self) -> None:
        """What the aggregate stage does."""
        with self.store.transaction():
            found = daily.recompute(self.store, daily.dirty(self.store, 1000), metrics.VERSION)
            rows = []
            for day, stances in found.items():
                one = metrics.advocacy(stances.promoting, stances.detracting)
                rows.append(daily.DailyAdvocacy(day, stances, one.value, one.low, one.high))
            daily.add_advocacy(self.store, rows, metrics.VERSION)


@contextmanager
def bakery(folder: Path, **options: Any) -> Iterator[Bakery]:
    with Store(folder / "listener.db") as store:
        yield Bakery(store, **options)


ANNA = Author(platform_id="1", handle="anna", followers=200)
BERT = Author(platform_id="2", handle="bert", followers=5000)


def fill(place: Bakery) -> None:
    """Eight days: one neutral mention a day by Anna, and then a day on which things happen."""
    for back in range(1, 9):
        place.mention(back=back, author=ANNA, counts=(2, 0, 0, None))
    place.mention(
        "Bestes Brot der Stadt, geht zu Sonnenkorn!",
        label=Label.POSITIVE,
        stance=Stance.PROMOTING,
        author=ANNA,
        counts=(9, 1, 0, 100),
        url="https://social.example/1",
    )
    place.mention(
        "Kauft nicht bei Sonnenkorn, alles trocken.",
        label=Label.NEGATIVE,
        stance=Stance.DETRACTING,
        author=BERT,
        counts=(30, 10, 5, None),
        url="https://social.example/2",
    )
    place.mention("Hat Sonnenkorn sonntags offen?", author=ANNA, counts=(0, 0, 1, None))
    place.mention("Sonnenkorn im Test", platform="rss", kind=Kind.ARTICLE, label=None)
    place.mention("Brot von Mühle", brand="Mühle")
    place.mention("Brot von Mühle", brand="Mühle", back=8)
    place.settle()
