"""Phrase rules: what a model is to read in place of words that mislead it, such as a name that has a meaning."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from sentiment.base import Scorer
from storage.records import RULES, Score

NAME = "@user"
"""What a name is read as: tweets to learn from have it in place of every account, so models know it says nothing."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "œ": "oe", "ø": "o"})
_GAP = r"[ \t_-]*"
"""Between the words of a phrase: also #WarZone and war-zone."""
_PART = re.compile(r"[^\W_]+|[^\w\s-]")
"""What a phrase is made of: words, and signs that belong to a name (1&1, C++)."""


class _Table(dict[int, str]):
    """For ``str.translate``: each character is worked out once, on its first sight."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


def _plain(character: str) -> str:
    apart = unicodedata.normalize("NFKD", character.casefold().translate(_UMLAUTS))
    return "".join(one for one in apart if unicodedata.category(one) not in {"Mn", "Cf"})


_TABLE = _Table()


class PhraseRules:
    """Phrases and what is read in their place; nothing: a mere name.

    Case, umlauts written out and other accents make no difference; a phrase begins and ends where words do. Of
    phrases that begin at one place the longest counts, and what was put in place is not searched again.

    Args:
        rules: phrase -> replacement. ``ValueError`` where a phrase has no letter or digit, or stands there twice.
    """

    def __init__(self, rules: Mapping[str, str]) -> None:
        by_words: dict[tuple[str, ...], str] = {}
        for phrase, instead in rules.items():
            words = tuple(_PART.findall(_composed(phrase).translate(_TABLE)))
            if not any(map(str.isalnum, words)):
                raise ValueError(f"{phrase!r} has no letters or digits")
            if words in by_words:
                raise ValueError(f"{phrase!r} stands there twice, in two spellings")
            by_words[words] = instead.strip() or NAME
        longest_first = sorted(by_words, key=lambda words: -len("".join(words)))
        self._instead = [by_words[words] for words in longest_first]
        phrases = "|".join(f"({_GAP.join(map(re.escape, words))})" for words in longest_first)
        self._pattern = re.compile(rf"#?(?<![^\W_])(?:{phrases})(?![^\W_])")
        told = repr(sorted(by_words.items()))
        self.version = blake2b(told.encode(), digest_size=2).hexdigest()
        """Changes with what the rules say."""

    def apply(self, text: str) -> str:
        """The text as the model is to read it; the same object where no rule applies."""
        composed = _composed(text)
        found = list(self._pattern.finditer(composed.translate(_TABLE)))
        if not found:
            return text
        places = [place for place, one in enumerate(composed) for _ in _TABLE[ord(one)]]
        end, parts = 0, []
        for one in found:
            parts += [composed[end : places[one.start()]], self._instead[(one.lastindex or 1) - 1]]
            end = places[one.end() - 1] + 1
        return "".join((*parts, composed[end:]))


class Reworded:
    """A scorer that reads texts as phrase rules put them."""

    def __init__(self, scorer: Scorer, rules: PhraseRules) -> None:
        self._scorer = scorer
        self._rules = rules
        self.name = f"{scorer.name}{RULES}{rules.version}"

    def score(self, texts: Sequence[str], langs: Sequence[str] | None = None) -> list[Score | None]:
        """As ``Scorer.score``."""
        return self._scorer.score([self._rules.apply(text) for text in texts], langs)


def _composed(text: str) -> str:
    """With each umlaut as one character."""
    return unicodedata.normalize("NFC", text)
