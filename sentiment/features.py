"""What the built-in model reads in a text; training and scoring share it.

A text becomes units (its words, marked where negated, and its pairs of neighbours), a unit becomes features
(itself, and of a word the pieces and its polarity), a feature becomes a number by hashing. All that a unit
means to the model is in the unit, so its vector can be kept: see ``sentiment.builtin``.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from zlib import crc32

from sentiment.lexicon import polarity

BITS = 20
"""Features are hashed into 2 to the power of this many numbers."""

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
_NEGATED, _PAIR = "¬", " "


def tokens(text: str) -> list[str]:
    """Words, marks, emoticons and emoji in lower case, with stand-ins for handles and addresses."""
    plain = unicodedata.normalize("NFC", html.unescape(text)).lower().translate(_FOLD)
    return [_stand_in(token) for token in _TOKEN.findall(_REPEATED.sub(r"\1\1", plain))]


def units(text: str) -> list[str]:
    """The parts of a text whose vectors add up to it; empty where there is nothing to read."""
    found: list[str] = []
    before, reach = "<", 0
    for token in tokens(text):
        if _SCOPE_END.fullmatch(token):
            reach = 0
        found += (_NEGATED + token if reach else token, before + _PAIR + token)
        reach = _SCOPE if _NEGATION.fullmatch(token) else max(reach - 1, 0)
        before = token
    return found


def indices(unit: str) -> list[int]:
    """The numbers of a unit's features, each below 2**BITS; some may come twice."""
    return [crc32(feature.encode()) & ((1 << BITS) - 1) for feature in _features(unit)]


def fingerprint() -> int:
    """Changes when this module or the lexicon reads texts differently; kept in the model file, because
    weights are worth nothing with other features.
    """
    return crc32(repr([(unit, indices(unit)) for unit in units(_PROBE)]).encode())


_PROBE = (
    "@a RT: SOOO nicht schön, aber don't miss it!!! &amp; 👍🏽 #Brötchen :-) https://b.example/c … nie 5x"
)


def _stand_in(token: str) -> str:
    if token[0] == "@" and len(token) > 1:
        return "@user"
    return "http" if token.startswith(("http", "www.")) else token


def _features(unit: str) -> Iterator[str]:
    yield unit
    if _PAIR in unit:
        return
    word = unit.lstrip(_NEGATED + "#")
    if word != unit:
        yield word
    if sign := polarity(word):
        negated = _NEGATED if unit.startswith(_NEGATED) else ""
        yield from [f"{negated}{_PAIR}{sign}"] * _LEXICON_WEIGHT
    if word[:1].isalpha():
        edged = f"_{word}_"
        for length in _PIECES:
            yield from (edged[start : start + length] for start in range(len(edged) - length + 1))
