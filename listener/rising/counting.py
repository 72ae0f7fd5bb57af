"""In how many documents each term is: words, pairs of neighbours, and what compounds are made of.

A document is what one author wrote on one day, so that nobody makes a trend alone. The same longer text by
several authors (an agency's article) is one document.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from listener.rising.compounds import stems
from listener.rising.vocabulary import Vocabulary, Word, without_addresses

_COPIED = 8
"""Words from which on the same text is a copy."""

Text = Mapping[str, Any]
"""``mention_id``, ``day``, ``author_id`` (None: not known), ``lang``, ``title``, ``text``."""
Words = list[Word | None]


class Day:
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


def baseline(
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
        spoken = without_addresses("\n".join(filter(None, (text["title"], text["text"]))))
        bare = spoken.casefold().split()
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
