"""The rising terms of a brand's day: found in its texts, kept in the database."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from listener import metrics
from listener.query import parse
from listener.query.fold import fold
from listener.rising import Rising, Vocabulary, rising
from sentiment.sentences import sentences
from storage import reads
from storage import rising as kept
from storage.store import Store

BASELINE = 28
"""Days before the day that it is compared with: whole weeks."""
MOST = 5


def update(store: Store, brand: str, day: date) -> list[Rising]:
    """Find what rose on the brand's local day and keep it; the same texts give the same terms.

    Raises ``LookupError`` where the database has no such brand.
    """
    known = reads.brand(store, brand)
    if known is None:
        raise LookupError(f"there is no brand {brand!r} in the database")
    last, first, before = (str(day - timedelta(days=back)) for back in (0, BASELINE, 1))
    with store.snapshot():
        found = rising(
            kept.texts(store, brand, last, last),
            kept.texts(store, brand, first, before),
            Vocabulary([brand], parse(known["query"])),
            limit=MOST,
        )
    terms = [
        kept.Term(
            term=one.term,
            documents=one.documents,
            total=one.total,
            baseline_documents=one.baseline_documents,
            baseline_total=one.baseline_total,
            z=one.z,
            mention_id=one.mention_id,
        )
        for one in found
    ]
    kept.keep(store, brand, last, terms, metrics.VERSION)
    return found


def example(term: str, mention: Mapping[str, Any]) -> str:
    """The sentence of the mention that has the term's last word; the whole text where none has it."""
    fields = [mention["title"] or "", mention["text"]]
    said = (sentence for field in fields for sentence in sentences(field))
    word = fold(term).split()[-1]
    return next((one for one in said if word in fold(one)), mention["text"])
