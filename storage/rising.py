"""Rising terms: the texts that they are read from, and the terms of a day as they were found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A row of ``rising``."""

    term: str
    documents: int
    total: int
    baseline_documents: int
    baseline_total: int
    z: float
    mention_id: int | None


def texts(store: Store, brand: str, first: str, last: str) -> Iterator[dict[str, Any]]:
    """The brand's counted texts day by day, the most engaged of a day first: own accounts', hidden ones and
    duplicates are left out.

    ``mention_id``, ``day``, ``author_id``, ``lang``, ``title``, ``text``.
    """
    return store.each(
        "SELECT m.id AS mention_id, mb.day, m.author_id, m.lang, m.title, m.text"
        " FROM brands b CROSS JOIN mention_brands mb ON mb.brand_id = b.id JOIN mentions m ON m.id = mb.mention_id"
        " WHERE b.name = ? AND mb.day BETWEEN ? AND ? AND mb.own = 0 AND m.hidden_at IS NULL"
        " AND m.duplicate_of IS NULL ORDER BY mb.day, coalesce(m.engagement, 0) DESC, m.id",
        [brand, first, last],
    )


def keep(store: Store, brand: str, day: str, terms: Iterable[Term], version: int) -> None:
    """Replace the rising terms of a brand's day, in their order."""
    with store.transaction():
        brand_id = store.value("SELECT id FROM brands WHERE name = ?", [brand])
        store.execute("DELETE FROM rising WHERE brand_id = ? AND day = ?", [brand_id, day])
        store.executemany(
            "INSERT INTO rising VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM mentions WHERE id = ?), ?)",
            (
                (
                    brand_id,
                    day,
                    rank,
                    one.term,
                    one.documents,
                    one.total,
                    one.baseline_documents,
                    one.baseline_total,
                    one.z,
                    one.mention_id,
                    version,
                )
                for rank, one in enumerate(terms, 1)
            ),
        )
