"""Whether a writer recommends the brand to others or warns against it. Liking it is not enough.

Stars decide where they are clear; otherwise the phrases of ``sentiment.phrases`` do. A phrase in a question
counts for nothing, and of several in one text the last stands, because that is where the verdict is.
"""

import re
from functools import cache

from sentiment.phrases import GAP_WORDS, NEGATIONS, PHRASES
from storage.records import Stance, StanceReading

_LEAST_PROMOTING, _MOST_DETRACTING = 5, 2
"""Stars. Three and four come with a recommendation or without: their words decide."""
_QUESTION = re.compile(r"[^.!?\n]*\?")


def read(text: str, rating: float | None = None) -> StanceReading:
    """The stance with its evidence: the phrase as it is written, or the stars as ``5/5``.

    Args:
        text: German or English; in other languages only stars are read.
        rating: stars from 1 to 5.
    """
    if rating is not None and rating >= _LEAST_PROMOTING:
        return StanceReading(stance=Stance.PROMOTING, evidence=f"{rating:g}/5")
    if rating is not None and rating <= _MOST_DETRACTING:
        return StanceReading(stance=Stance.DETRACTING, evidence=f"{rating:g}/5")
    return _by_phrase(text)


def _by_phrase(text: str) -> StanceReading:
    reading = StanceReading(stance=Stance.INDIFFERENT)
    pattern, stances = _table()
    for match in pattern.finditer(text):
        stance = stances[(match.lastindex or 0) - 1]
        if stance is not Stance.INDIFFERENT and not _QUESTION.match(text, match.end()):
            reading = StanceReading(stance=stance, evidence=match[0].strip(" ,"))
    return reading


@cache
def _table() -> tuple[re.Pattern[str], tuple[Stance, ...]]:
    """One alternation of all phrases, and the stance of each of its groups."""
    rows = [(stance, phrase) for stance, phrases in PHRASES for phrase in phrases]
    pattern = "|".join(f"({expression(phrase)})" for _, phrase in rows)
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE | re.MULTILINE), tuple(
        stance for stance, _ in rows
    )


_GAP = rf"(?:(?!{NEGATIONS}(?!\w))[\w'\u2019-]+[\s,]+){{0,{GAP_WORDS}}}?"
_NOTATION = {
    "(": "(?:",
    " … ": rf"[\s,]+{_GAP}",
    "[start] ": r"(?:^|(?<=[^\w\s]\s)|(?<=[.!?…]))(?:(?:please|just|so|but|and|bitte|und|also|leute)[\s,]+)?",
    "[end]": r"(?=\s*(?:[.!?,;)\n]|$))",
    "[not]": NEGATIONS,
    "[Name]": r"(?-i:[A-ZÄÖÜ])\w+",
    " ": r"[\s,]+",
    "'": "['\u2019]?",
    "ä": "(?:ä|ae|a\u0308)",
    "ö": "(?:ö|oe|o\u0308)",
    "ü": "(?:ü|ue|u\u0308)",
    "ß": "(?:ß|ss)",
}
_SIGN = re.compile(
    r"\((?!\?)|" + "|".join(re.escape(sign) for sign in list(_NOTATION)[1:]) + r"|(?<![)\]])\*"
)


def expression(phrase: str) -> str:
    """A phrase of the table, in the notation described there, as a regular expression."""
    return _SIGN.sub(lambda sign: _NOTATION.get(sign[0], r"\w*"), phrase)
