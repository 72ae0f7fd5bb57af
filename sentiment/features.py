"""What the built-in model reads in a text; training and scoring share it.

A text becomes words (marked where negated) and pairs of neighbours. A pair is one feature; a word is several:
itself, its pieces, its polarity. A feature becomes a number by hashing. All that a word means to the model
is in the word, so what it adds to a score can be kept: see ``sentiment.builtin``.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from sentiment.lexicon import WORDS, polarity

BITS = 20
"""Features are hashed into 2 to the power of this many numbers."""

_MASK = (1 << BITS) - 1
_PIECES = range(3, 6)
"""Lengths of the pieces of a word; they carry inflections, compounds and spelling mistakes."""
_LEXICON_WEIGHT = 3
"""A word of the lexicon counts this often: thousands of words learn together what one alone cannot."""
_SCOPE = 4
"""Words that a negation reaches, unless a mark or a "but" ends it sooner."""

_FOLD = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "\u2019": "'", "\u2018": "'", "\ufe0f": None, "\u200d": None}
)
"""One spelling: umlauts as they are written without a German keyboard, no joiners within emoji."""
_ESCAPED = re.compile(r"\\u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)
"""A character as JSON writes it, which many collections of tweets left in their texts; no halves of a pair."""
_REPEATED = re.compile(r"(.)\1{2,}")
_TOKEN = re.compile(
    r"""
    [<>]?[:;=8x][-o*'~]?[()\[\]dp/:{}@|\\3*]+(?!\w)  # :-) and its kin
    | <3+ | \^[_.]?\^ | [-_.*>]_+[-_.*<]             # hearts, ^^, -_-
    | @\w+ | (?:https?://|www\.)\S+
    | \#?[\w\u0900-\u0dff]+(?:'\w+)*                 # words; the range holds India's vowel signs
    | [!?]+ | \.\.+ | [^\w\s]                        # other marks and emoji
    """,
    re.VERBOSE,
)
_NEGATION = re.compile(
    r"no|not|never|nothing|nobody|none|neither|nor|cannot|without|hardly|barely|\w+n't"
    r"|cant|dont|doesnt|didnt|wont|isnt|arent|wasnt|couldnt|wouldnt"
    r"|nicht|nich|kein\w{0,2}|nie|niemals|nichts|niemand|ohne|kaum|weder"
    r"|ne|pas|jamais|rien|sans|non|mai|niente|senza|nunca|nada|sin|ni|jamas|nem|não|nao|sem"
)
_SCOPE_END = re.compile(r"[.,;:!?()\"…-]+|but|aber|sondern|mais|ma|pero|mas")
_NEGATED = "¬"


def tokens(text: str) -> list[str]:
    """Words, marks, emoticons and emoji in lower case, with stand-ins for handles and addresses."""
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    plain = unicodedata.normalize("NFC", html.unescape(text)).lower().translate(_FOLD)
    return [_stand_in(token) for token in _TOKEN.findall(_REPEATED.sub(r"\1\1", plain))]


def units(text: str) -> tuple[list[str], list[str]]:
    """Words, marked where negated, and as many pairs of neighbours; empty where there is nothing to read."""
    words: list[str] = []
    pairs: list[str] = []
    before, reach = "<", 0
    for token in tokens(text):
        negates, ends = _role(token)
        if ends:
            reach = 0
        words.append(_NEGATED + token if reach else token)
        pairs.append(f"{before} {token}")
        reach = _SCOPE if negates else max(reach - 1, 0)
        before = token
    return words, pairs


def word_indices(word: str) -> list[int]:
    """The numbers of a word's features, each below 2**BITS; some may come twice."""
    return [index(feature) for feature in _word_features(word)]


def index(feature: str) -> int:
    """The number of a feature; a pair is a feature as it stands."""
    return crc32(feature.encode()) & _MASK


def own_index(number: int, language: str) -> int:
    """The number of a feature's copy that only one language has."""
    return number ^ (crc32(language.encode()) & _MASK)


def fingerprint() -> int:
    """Changes when this module or the lexicon reads texts differently; kept in the model file, because
    weights are worth nothing with other features.
    """
    words, pairs = units(_PROBE)
    return crc32(
        repr((words, pairs, [word_indices(word) for word in words], own_index(1, "fr"), WORDS)).encode()
    )


_PROBE = (
    "@a RT: \\u2019s SOOO schön, aber don't miss it!!! &amp; 👍🏽 #Brötchen :-) <3 https://b.example/c …"
    " nie wieder dieses viel zu harte alte Brot; अच्छी रोटी, pas bon -_- 5x"
)


@lru_cache(maxsize=1 << 14)
def _role(token: str) -> tuple[bool, bool]:
    """Whether it negates, whether it ends what a negation reaches."""
    return bool(_NEGATION.fullmatch(token)), bool(_SCOPE_END.fullmatch(token))


@lru_cache(maxsize=1 << 14)
def _stand_in(token: str) -> str:
    if token[0] == "@" and len(token) > 1:
        return "@user"
    return "http" if token.startswith(("http", "www.")) else token


def _word_features(word: str) -> Iterator[str]:
    yield word
    plain = word.lstrip(_NEGATED + "#")
    if plain != word:
        yield plain
    if sign := polarity(plain):
        negated = _NEGATED if word.startswith(_NEGATED) else ""
        yield from [f"{negated} {sign}"] * _LEXICON_WEIGHT
    if plain[:1].isalpha():
        edged = f"_{plain}_"
        for length in _PIECES:
            yield from (edged[start : start + length] for start in range(len(edged) - length + 1))
