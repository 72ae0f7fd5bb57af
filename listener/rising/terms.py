"""Which terms rose on a day: words and pairs of neighbours, counted by documents, against the days before.

A document is what one author wrote on one day, so that nobody makes a trend alone. The same longer text by
several authors (an agency's article) is one document.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from listener import metrics
from listener.rising.compounds import stems
from listener.rising.vocabulary import Vocabulary, Word, without_addresses

FEWEST = 3
"""Documents of the day that must have a term."""
LEAST_Z = metrics.Z_95
"""As in the paper."""
PRIOR_DAYS = 7
"""The prior weighs as much as the documents of so many average days. With one day's it would drown in chance what
large brands see rarely, and miss what small ones see for the first time."""
FEWEST_BEFORE = 10
"""Documents without which there is no baseline."""
_COPIED = 8
"""Words from which on the same text is a copy."""
_STEM, _ENDING = 4, 3
"""Letters at least, and at most, of two forms of a word: Brezel, Brezeln."""

Text = Mapping[str, Any]
"""``mention_id``, ``day``, ``author_id`` (None: not known), ``lang``, ``title``, ``text``."""
Words = list[Word | None]


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
    today = _Day(day, vocabulary)
    frequent = {key: len(found) for key, found in today.documents.items() if len(found) >= FEWEST}
    if not frequent:
        return []
    counts, total, days = _baseline(before, vocabulary, today.simple, frequent.keys())
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


class _Day:
    """Every term of the day's texts."""

    def __init__(self, texts: Iterable[Text], vocabulary: Vocabulary) -> None:
        read = list(_read(texts, vocabulary))
        self.total = len({document for _, document, _ in read})
        self.simple = {word[0] for text, _, words in read if _compounding(text) for word in words if word}
        """The words that a compound may be made of."""
        self.documents: dict[str, set[object]] = defaultdict(set)
        self.examples: dict[str, int] = {}
        self._spellings: dict[str, Counter[str]] = defaultdict(Counter)
        parts = _parts(self.simple)
        for text, document, words in read:
            for key, spelling in _spelled(words):
                self._spellings[key][spelling] += 1
            for key in _keys(words, parts if _compounding(text) else None):
                self.documents[key].add(document)
                self.examples.setdefault(key, text["mention_id"])

    def written(self, key: str) -> str:
        """A term's commonest spelling; of equally common ones always the same."""
        return min(self._spellings[key].items(), key=lambda one: (-one[1], one[0]))[0]


def _baseline(
    texts: Iterable[Text], vocabulary: Vocabulary, simple: AbstractSet[str], wanted: AbstractSet[str]
) -> tuple[Counter[str], int, int]:
    """In how many documents each wanted term is, of how many documents, on how many days."""
    counts: Counter[str] = Counter()
    total = days = 0
    parts = _parts(simple)
    for _, of_day in groupby(texts, key=lambda text: text["day"]):
        found: dict[object, set[str]] = defaultdict(set)
        for text, document, words in _read(of_day, vocabulary):
            found[document] |= wanted & _keys(words, parts if _compounding(text) else None)
        counts.update(key for keys in found.values() for key in keys)
        total += len(found)
        days += 1
    return counts, total, days


def _read(texts: Iterable[Text], vocabulary: Vocabulary) -> Iterator[tuple[Text, object, Words]]:
    """The texts of one day without copies, each with its document and its words."""
    seen: set[str] = set()
    for text in texts:
        spoken = "\n".join(filter(None, (text["title"], text["text"])))
        bare = without_addresses(spoken).casefold().split()
        if len(bare) >= _COPIED:
            copy = " ".join(bare)
            if copy in seen:
                continue
            seen.add(copy)
        author = text["author_id"]
        words = vocabulary.words(spoken, text["lang"])
        yield text, ("mention", text["mention_id"]) if author is None else author, words


def _compounding(text: Text) -> bool:
    return (text["lang"] or "").startswith("de")


def _parts(simple: AbstractSet[str]) -> Callable[[str], list[str]]:
    """What a compound counts with besides itself; each word is worked out once."""
    return cache(lambda word: stems(word, simple))


def _keys(words: Words, parts: Callable[[str], list[str]] | None) -> set[str]:
    """The terms of a text; with ``parts`` also the words that its compounds are made of."""
    keys = {word[0] for word in words if word}
    if parts:
        keys |= {part for key in keys for part in parts(key)}
    keys.update(f"{one[0]} {other[0]}" for one, other in pairwise(words) if one and other)
    return keys


def _spelled(words: Words) -> Iterator[Word]:
    """Each term as it is counted, and as it is written here."""
    yield from filter(None, words)
    for one, other in pairwise(words):
        if one and other:
            yield f"{one[0]} {other[0]}", f"{one[1]} {other[1]}"


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
