"""The notation in which the tables of phrases are written, turned into regular expressions.

A phrase is a regular expression in which
    a space       stands for any space, with or without a comma before it,
    ``…``         for up to four words of the same clause (no comma between them), none of them a negation,
    ``*``         for the rest of a word (after a bracket for repetition, as ever),
    ``ä ö ü ß``   for themselves and for ae, oe, ue, ss; ``é à ñ ...`` for themselves and for the bare letter,
    ``'``         for any apostrophe or none,
    ``[start]``   for the beginning of a sentence or clause, where imperatives stand, ``[end]`` for the end,
    ``[not]``     for any negation, ``[Name]`` for a capitalised word.
Case does not matter. Of two phrases the one that begins further left is read, of two that begin at the same word
the one that stands further up, and a word belongs to one phrase only: so exceptions stand before what they except,
with all the words that make them exceptions.
"""

import re
import unicodedata
from enum import Enum


class Kind(Enum):
    """What a phrase does."""

    NOTHING = "looks like one of the others and is none"
    PROMOTES = "recommends to others"
    WARNS = "advises others against it, or swears never to come again"
    LEAVES = "the writer leaves, which is a verdict unless there are reasons of their own"


Table = tuple[tuple[Kind, tuple[str, ...]], ...]

NEGATIONS = (
    r"(?:nicht|nich|net|ned|nit|nix|nichts|kein\w*|nie|niemals|niemand\w*|nirgend\w*|weder|kaum|not|never|no|nobody|none"
    r"|hardly|cannot|(?:ca|wo|could|would|should|do|does|did|is|was)n['\u2019]?t)"
)
GAP_WORDS = 4
_GAP = rf"(?:(?!{NEGATIONS}(?!\w))[\w'\u2019-]+\s+){{0,{GAP_WORDS}}}?"
_CALLS = (
    "please|pls|just|so|but|and|then|seriously|honestly|literally|really|people|folks|guys|everyone|friends|y'all|ladies|bro|mate"
    "|now|or|therefore|hence|simply|better|also|bitte|und|leute|freunde|dann|einfach|ganz|echt|wirklich|jetzt|oder|daher"
    "|deshalb|drum|darum|oida|digga|mädels|jungs|nur|lieber|besser|s'il vous plaît|por favor|per favore|gewoon"
)
_SIGNS = {
    "(": "(?:",
    " … ": rf"\s+{_GAP}",
    "… ": _GAP,
    "[start] ": rf"(?:^|(?<=[^\w\s'\u2019]\s)|(?<=[.!?…:*]))(?:(?:{_CALLS})[\s,]+){{0,3}}",
    "[end]": r"(?=\s*(?:[^\w\s'\u2019]|$))",
    "[not]": NEGATIONS,
    "[Name]": r"(?-i:[A-ZÄÖÜ])\w+",
    " ?": r"[\s,]*",
    " ": r"[\s,]+",
    "'": "['\u2019]?",
    "ä": "(?:ä|ae|a\u0308)",
    "ö": "(?:ö|oe|o\u0308)",
    "ü": "(?:ü|ue|u\u0308)",
    "ß": "(?:ß|ss)",
}
_SIGN = re.compile(
    r"\((?!\?)|" + "|".join(re.escape(sign) for sign in list(_SIGNS)[1:]) + r"|(?<![)\]])\*|[à-öø-ÿ]"
)


def expression(phrase: str) -> re.Pattern[str]:
    """The phrase, at word borders, as a regular expression."""
    return re.compile(rf"(?<!\w)(?:{_SIGN.sub(_meaning, phrase)})(?!\w)", re.IGNORECASE | re.MULTILINE)


def _meaning(sign: re.Match[str]) -> str:
    if sign[0] == "*":
        return r"\w*"
    if sign[0] in _SIGNS:
        return _SIGNS[sign[0]]
    apart = unicodedata.normalize("NFD", sign[0])
    return f"(?:{sign[0]}|{apart[0]}{apart[1:]}?)"
