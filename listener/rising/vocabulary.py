"""From texts to the words that may be terms: folded, without stop words, addresses and the brand's own words."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from listener.query import Node, Prefix
from listener.query.fold import fold, squeezed, tokens
from listener.query.nodes import leaves

SHORTEST = 3
"""Letters of a word."""

_SKIPPED = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w[\w.-]*", re.IGNORECASE)
_TOKEN = re.compile(r"\w+|[^\w\s'\u2019#\u00ad-]")
_LANGUAGES = ("de", "en", "fr", "it", "es", "pt")
"""Whose stop words are left out of texts in an unknown language."""
_MEANT = frozenset(
    ["bill", "computer", "fire", "help", "home", "information", "open", "order", "page", "system", "web"]
)
"""Words that the lists hold and that brands are told about."""

Word = tuple[str, str]
"""A word's folded form, and as it is written."""


class Vocabulary:
    """Reads the words of one brand's texts.

    Args:
        own: names and queries of the brand; their words are no news.
    """

    def __init__(self, names: Iterable[str], query: Node) -> None:
        found = list(leaves(query, negated=False))
        written = [*names, *(leaf.text for leaf in found)]
        words = {word for text in written for word in tokens(fold(text))}
        words |= {tag for text in written if (tag := squeezed(fold(text)))}
        self._own = frozenset(words | {f"{word}s" for word in words})
        self._own_stems = tuple(fold(leaf.text) for leaf in found if isinstance(leaf, Prefix))
        self._known: dict[str, dict[str, str]] = defaultdict(dict)
        """By language: words as written to words as counted, empty for what is no term."""

    def words(self, text: str, lang: str | None) -> list[Word | None]:
        """The words of a text ``without_addresses``, in order.

        None stands where something in between keeps two words from being neighbours: a stop word, a mark.
        """
        known = self._known[lang or ""]
        found: list[Word | None] = []
        for written in _TOKEN.findall(text):
            folded = known.get(written)
            if folded is None:
                folded = known[written] = self._judged(fold(written), lang or "")
            found.append((folded, written) if folded else None)
        return found

    def _judged(self, folded: str, lang: str) -> str:
        """The word, or nothing where it is no term."""
        is_word = len(folded) >= SHORTEST and not folded[0].isdigit() and "_" not in folded
        is_own = folded in self._own or folded.startswith(self._own_stems)
        return folded if is_word and not is_own and folded not in stop_words(lang) else ""


def without_addresses(text: str) -> str:
    """The text with a mark in the place of links, handles and mail addresses."""
    return _SKIPPED.sub(" . ", text)


@cache
def stop_words(lang: str) -> frozenset[str]:
    """The folded stop words of a language; of all that brands here speak where it is not known."""
    import stopwordsiso  # noqa: PLC0415 - reads a file of lists

    known = [lang] if stopwordsiso.has_lang(lang) else list(_LANGUAGES)
    return frozenset(_parts(stopwordsiso.stopwords(known))) - _MEANT


def _parts(words: Iterable[str]) -> Iterator[str]:
    """Also the pieces of ``don't``, which texts are taken apart into."""
    return (fold(part) for word in words for part in re.findall(r"\w+", word))
