"""What the built-in model reads in a text; training and scoring share it.

A text becomes words (marked where negated) and pairs of neighbours. A pair is one feature; a word is several:
itself, its pieces, its polarity. A feature becomes a number by hashing. All that a word means to the model
is in the word, so what it adds to a score can be kept: see ``sentiment.builtin``.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
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
_START = crc32(b"<")
"""Of a text: the first word's pair is with it."""


def tokens(text: str) -> list[str]:
    """Words, marks, emoticons and emoji in lower case, with stand-ins for handles and addresses."""
    return [token.text for token in _read(text)]


def units(text: str) -> tuple[list[str], list[int]]:
    """Words, marked where negated, and the numbers of as many pairs of neighbours; empty where there is nothing
    to read.
    """
    found = list(_read(text))
    if not found:
        return [], []
    words, negated, negates, ends, codes, spaced = zip(*found, strict=True)
    pairs = [code & _MASK for code in map(crc32, spaced, (_START, *codes))]
    return (_marked(words, negated, negates, ends) if True in negates else list(words)), pairs


def _marked(
    words: Sequence[str], negated: Sequence[str], negates: Sequence[bool], ends: Sequence[bool]
) -> list[str]:
    """The words as they stand behind a negation, where one reaches them."""
    marked: list[str] = []
    reach = 0
    for place, word in enumerate(words):
        if ends[place]:
            reach = 0
        marked.append(negated[place] if reach else word)
        reach = _SCOPE if negates[place] else max(reach - 1, 0)
    return marked


def word_indices(word: str) -> list[int]:
    """The numbers of a word's features, each below 2**BITS; some may come twice."""
    plain = word.lstrip(_NEGATED + "#")
    return [*map(index, _whole(word, plain)), *(_piece_indices(plain) if plain[:1].isalpha() else ())]


def index(feature: str) -> int:
    """The number of a feature."""
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


class _Token(NamedTuple):
    """A word or a sign."""

    text: str
    negated: str
    """As it stands behind a negation."""
    negates: bool
    ends: bool
    """Whether it ends what a negation reaches."""
    code: int
    spaced: bytes
    """A pair is "one other": its number is that of `` other`` after the code of ``one``."""


def _read(text: str) -> Iterator[_Token]:
    """No token reaches over a space, so what stands between two is cut once and kept: it comes again and again."""
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if "&" in text:
        text = html.unescape(text)
    return chain.from_iterable(map(_cut, text.split()))


@lru_cache(maxsize=1 << 16)
def _cut(piece: str) -> tuple[_Token, ...]:
    plain = unicodedata.normalize("NFC", piece).lower().translate(_FOLD)
    found = (_stand_in(token) for token in _TOKEN.findall(_REPEATED.sub(r"\1\1", plain)))
    return tuple(map(_token, found))


def _token(text: str) -> _Token:
    return _Token(
        text=text,
        negated=_NEGATED + text,
        negates=bool(_NEGATION.fullmatch(text)),
        ends=bool(_SCOPE_END.fullmatch(text)),
        code=crc32(text.encode()),
        spaced=f" {text}".encode(),
    )


def _stand_in(token: str) -> str:
    if token[0] == "@" and len(token) > 1:
        return "@user"
    return "http" if token.startswith(("http", "www.")) else token


def _whole(word: str, plain: str) -> Iterator[str]:
    yield word
    if plain != word:
        yield plain
    if sign := polarity(plain):
        negated = _NEGATED if word.startswith(_NEGATED) else ""
        yield from [f"{negated} {sign}"] * _LEXICON_WEIGHT


def _piece_indices(plain: str) -> list[int]:
    edged = f"_{plain}_"
    if edged.isascii():  # a character is a byte: slices of the one are slices of the other
        encoded = edged.encode()
        return [
            crc32(encoded[start : start + length]) & _MASK
            for length in _PIECES
            for start in range(len(encoded) - length + 1)
        ]
    return [
        index(edged[start : start + length]) for length in _PIECES for start in range(len(edged) - length + 1)
    ]
