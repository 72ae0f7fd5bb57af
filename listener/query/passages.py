"""Where in a text the words of a query stand: for people who read what was found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from listener.query.fold import LETTER, fold, squeezed, tokens
from listener.query.nodes import Leaf, Node, Prefix, leaves

# What may become words: letters, with the marks and invisible characters that folding drops; signs that stick to
# them.
_PIECE = re.compile(rf"[{LETTER}\u0300-\u036f\u00ad\u200c\u200d]+|(?<=[{LETTER}])[&+]+")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """Part of a text, and in it the places of the query's words."""

    text: str
    spans: tuple[Span, ...]


def passage(node: Node, text: str, width: int = 200) -> Passage:
    """The part of a text, about so many characters long, that begins shortly before the first word looked for.

    Line breaks become spaces, and what is left out becomes "…". The beginning, where no word is found (a query can
    also match by letters that are written in another style).
    """
    line = " ".join(text.split())
    found = spans(node, line)
    start = max(0, found[0][0] - width // 3) if found and found[0][1] > width else 0
    if start:
        start = line.find(" ", start, found[0][0]) + 1 or start
    end = start + width
    if end < len(line):
        end = max(line.rfind(" ", start, end), found[0][1] if found else 0, start + width // 2)
    before, after = "…" * (start > 0), "…" * (end < len(line))
    moved = len(before) - start
    kept = tuple((first + moved, last + moved) for first, last in found if first >= start and last <= end)
    return Passage(before + line[start:end] + after, kept)


def spans(node: Node, text: str) -> list[Span]:
    """The places of the words that are looked for, in order, apart from each other."""
    words = [
        (word, piece.span())
        for piece in _PIECE.finditer(text)
        for word in tokens(fold(piece[0])) or [piece[0]]
    ]  # a piece of Chinese is several words
    found = {
        span
        for leaf in leaves(node, negated=False)
        for wanted, is_stem in _sequences(leaf)
        for span in _places(words, wanted, is_stem=is_stem)
    }
    return _apart(sorted(found))


def _sequences(leaf: Leaf) -> list[tuple[list[str], bool]]:
    folded = fold(leaf.text)
    if isinstance(leaf, Prefix):
        return [(tokens(folded), True)]
    tag = squeezed(folded)
    return [(tokens(folded), False), *([([tag], False)] if tag else [])]


def _places(words: Sequence[tuple[str, Span]], wanted: Sequence[str], *, is_stem: bool) -> list[Span]:
    """Where the wanted words follow each other; of a stem the last one need only begin so."""
    *whole, last = wanted
    places = []
    for start in range(len(words) - len(whole)):
        here = words[start : start + len(wanted)]
        ending = here[-1][0]
        if (ending == last or (is_stem and ending.startswith(last))) and [
            one for one, _ in here[:-1]
        ] == whole:
            places.append((here[0][1][0], here[-1][1][1]))
    return places


def _apart(places: Sequence[Span]) -> list[Span]:
    """Overlapping ones as one."""
    apart: list[Span] = []
    for first, last in places:
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart
