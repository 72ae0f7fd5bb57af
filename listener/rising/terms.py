"""Which terms rose on a day, against the days before, by log-odds."""

from collections.abc import Iterable
from dataclasses import dataclass

from listener import metrics
from listener.rising.compounds import stems
from listener.rising.counting import Day, Text, baseline
from listener.rising.vocabulary import Vocabulary

FEWEST = 3
"""Documents of the day that must have a term."""
LEAST_Z = metrics.Z_95
"""As in the paper."""
PRIOR_DAYS = 7
"""The prior weighs as much as the documents of so many average days. With one day's it would drown in chance what
large brands see rarely, and miss what small ones see for the first time."""
FEWEST_BEFORE = 10
"""Documents without which there is no baseline."""
_STEM, _ENDING = 4, 3
"""Letters at least, and at most, of two forms of a word: Brezel, Brezeln."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """A term that rose, and how often it was there on the day and before."""

    term: str
    """In its commonest spelling."""
    documents: int
    total: int
    baseline_documents: int
    baseline_total: int
    z: float
    mention_id: int
    """The first of the day's texts that has it."""


def rising(
    day: Iterable[Text], before: Iterable[Text], vocabulary: Vocabulary, *, limit: int
) -> list[Rising]:
    """The terms that rose most surely, at most ``limit``, of related ones only the first.

    Args:
        day: the day's texts, those that serve best as examples first.
        before: the baseline's, day by day.
    """
    today = Day(day, vocabulary)
    frequent = {key: len(found) for key, found in today.documents.items() if len(found) >= FEWEST}
    if not frequent:
        return []
    counts, total, days = baseline(before, vocabulary, today.simple, frequent.keys())
    if total < FEWEST_BEFORE:
        return []
    prior = PRIOR_DAYS * (today.total + total) / (1 + days)
    z = {
        key: metrics.log_odds(count, today.total, counts[key], total, prior)
        for key, count in frequent.items()
    }
    ranked = sorted(
        (key for key in z if z[key] >= LEAST_Z), key=lambda key: (-round(z[key], 9), -len(key.split()), key)
    )
    return [
        Rising(
            term=today.written(key),
            documents=frequent[key],
            total=today.total,
            baseline_documents=counts[key],
            baseline_total=total,
            z=z[key],
            mention_id=today.examples[key],
        )
        for key in _unrelated(ranked)[:limit]
    ]


def _unrelated(ranked: Iterable[str]) -> list[str]:
    """The terms without those that have a word, or a form of it, in common with one before them."""
    taken: list[str] = []
    chosen = []
    for key in ranked:
        words = key.split()
        if not any(_akin(word, other) for word in words for other in taken):
            chosen.append(key)
            taken += words
    return chosen


def _akin(one: str, other: str) -> bool:
    """Whether one is the other with an ending, or a compound of it."""
    short, long = sorted((one, other), key=len)
    is_form = len(short) >= _STEM and long.startswith(short) and len(long) - len(short) <= _ENDING
    return one == other or is_form or bool(stems(long, {short}))
