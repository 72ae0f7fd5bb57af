"""Whether a writer recommends the brand to others or warns against it. Liking it is not enough.

Stars decide where they are clear; otherwise the phrases of ``sentiment.phrases`` do, where they speak for the
writer (``sentiment.voice``). Of several in one text the last stands, because that is where the verdict is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sentiment.phrases import PHRASES
from sentiment.phrases.notation import Kind, expression
from sentiment.phrases.stems import StemIndex, needs
from sentiment.voice import speak_for_the_writer
from storage.records import Stance, StanceReading

_LEAST_PROMOTING, _MOST_DETRACTING = 5, 2
"""Stars. Three and four come with a recommendation or without: their words decide."""


def read(text: str, rating: float | None = None) -> StanceReading:
    """The stance with its evidence: the phrase as it is written, or the stars as ``5/5``.

    Args:
        text: German, English, and with fewer phrases French, Italian, Spanish, Portuguese, Dutch; in other
            languages only stars are read.
        rating: stars from 1 to 5.
    """
    if rating is not None and rating >= _LEAST_PROMOTING:
        return StanceReading(stance=Stance.PROMOTING, evidence=f"{rating:g}/5")
    if rating is not None and rating <= _MOST_DETRACTING:
        return StanceReading(stance=Stance.DETRACTING, evidence=f"{rating:g}/5")
    return _by_phrase(text)


def _by_phrase(text: str) -> StanceReading:
    reading = StanceReading(stance=Stance.INDIFFERENT)
    for kind, match in _matches(text):
        if kind is not Kind.NOTHING and speak_for_the_writer(text, *match.span(), kind):
            stance = Stance.PROMOTING if kind is Kind.PROMOTES else Stance.DETRACTING
            reading = StanceReading(stance=stance, evidence=match[0].strip(" ,"))
    return reading


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Kind
    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def may_stand_in(self, lowered: str) -> bool:
        return all(any(piece in lowered for piece in pieces) for pieces in self.needs[1:])


def _matches(text: str) -> Iterator[tuple[Kind, re.Match[str]]]:
    """Phrases from left to right, none overlapping; of those beginning at one word, the uppermost of the table."""
    lowered = text.lower()
    places = {place for places in _index().under(lowered) for place in places}
    rows = [row for place in sorted(places) if (row := _rows()[place]).may_stand_in(lowered)]
    found = {row: match for row in rows if (match := row.pattern.search(text))}
    while found:
        first = min(found, key=lambda row: found[row].start())
        match = found[first]
        yield first.kind, match
        at = match.end()
        for row in [row for row, each in found.items() if each.start() < at]:
            if later := row.pattern.search(text, at):
                found[row] = later
            else:
                del found[row]


@cache
def _rows() -> tuple[_Row, ...]:
    return tuple(
        _Row(kind, expression(phrase), needs(phrase)) for kind, phrases in PHRASES for phrase in phrases
    )


@cache
def _index() -> StemIndex[tuple[int, ...]]:
    """Places in the table, under the pieces of words one of which each phrase needs."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(_rows()):
        for stem in row.needs[0]:
            places.setdefault(stem, []).append(place)
    return StemIndex({stem: tuple(each) for stem, each in places.items()})
