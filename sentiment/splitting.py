"""Long texts: cut into pieces that a model can read, at the best border there is; nothing is left out."""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import accumulate

import regex

from sentiment.sentences import sentences

Count = Callable[[Sequence[str]], list[int]]
"""How many tokens each text has for the model."""

_WORD = regex.compile(r"\S*\s*")
_CHARACTER = regex.compile(r"\X")
"""What a reader sees as one: a letter with its accents, a flag, an emoji of several joined ones."""
_CODE_POINT = regex.compile(r".", regex.DOTALL)

Cut = Callable[[str], list[str]]


def _between_characters(cut: Cut) -> Cut:
    """The same cut, except where it would tear what a reader sees as one."""

    def careful(text: str) -> list[str]:
        ends = set(accumulate(map(len, _CHARACTER.findall(text))))
        return [part for part in _rejoined(cut(text), ends) if part]

    return careful


def _rejoined(parts: list[str], ends: Collection[int]) -> Iterator[str]:
    held, place = "", 0
    for part in parts:
        held, place = held + part, place + len(part)
        if place in ends:
            yield held
            held = ""
    yield held


_BORDERS: tuple[Cut, ...] = (
    _between_characters(sentences),
    _between_characters(_WORD.findall),
    _CHARACTER.findall,
    _CODE_POINT.findall,
)


def split(text: str, count: Count, limit: int) -> list[str]:
    """Pieces of at most ``limit`` tokens that, put together again, are the text.

    Cut between sentences; inside a sentence only where it alone is too long, and then between words; inside a
    word, between characters. A single code point is never cut, whatever its number of tokens.
    """
    pieces = list(_packed(text, count, limit, _BORDERS))
    fitting = []
    for piece, tokens in zip(pieces, count(pieces), strict=True):
        if tokens <= limit or len(piece) == 1:
            fitting.append(piece)
        else:  # tokens of parts need not add up to those of the whole
            fitting += split(piece, count, limit // 2)
    return fitting


def _packed(text: str, count: Count, limit: int, borders: Sequence[Cut]) -> Iterator[str]:
    """Neighbouring parts together for as long as they fit; a part too long is cut at the next finer border."""
    parts = borders[0](text)
    held, room = "", limit
    for part, tokens in zip(parts, count(parts), strict=True):
        if held and tokens > room:
            yield held
            held, room = "", limit
        if tokens > limit and len(borders) > 1:
            yield from _packed(part, count, limit, borders[1:])
        else:
            held, room = held + part, room - tokens
    if held:
        yield held
