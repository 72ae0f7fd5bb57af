"""Queries for SQLite's full-text index (FTS5, tokenizer ``unicode61 remove_diacritics 2``).

The index folds less than queries do: it takes ä for a and knows nothing of ß, so every word is looked for in all
the spellings that mean it. What is found is at least what matches, and is matched again. Out of the index's sight
are words cut by invisible characters, words in styled letters, and words that stick to Chinese or the like.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import product
from math import prod
from unicodedata import name

from listener.query.fold import fold, squeezed
from listener.query.nodes import And, Handle, Hashtag, Leaf, Near, Node, Not, Or, Prefix

MOST_SPELLINGS = 64
"""Of one word; a word that has more is looked for by its beginning."""

_INDEXED = ("LATIN", "GREEK", "CYRILLIC", "DIGIT")
"""Scripts of which the index makes the words that queries mean."""
_RUN = re.compile(r"[^\W_]+")
# What is folded here but not in the index, by what it is folded to.
_SPELLINGS = {
    "ae": "aæ", "oe": "oœ", "ue": "u", "ss": "ß", "o": "ø", "l": "ł", "d": "đ", "i": "ı",  # noqa: RUF001 - letters that look alike are the matter here
    "е": "ёѐ", "и": "йѝ", "і": "ї", "у": "ў", "г": "ѓ", "к": "ќ",  # noqa: RUF001 - letters that look alike are the matter here
    "α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ",  # noqa: RUF001 - letters that look alike are the matter here
}  # fmt: skip


def expression(node: Node) -> str | None:
    """What finds at least the texts that the node matches, in FTS5's syntax; None: the index cannot tell them."""
    match node:
        case Not():
            return None
        case Or(operands):
            parts = [expression(operand) for operand in operands]
            return _either(filter(None, parts)) if all(parts) else None
        case And(operands):
            return _both(filter(None, map(expression, operands)))
        case Near(left, right):
            return expression(And((left, right)))
        case _:
            return _leaf(node)


def _leaf(leaf: Leaf) -> str | None:
    folded = fold(leaf.text)
    words = _RUN.findall(folded)
    if not all(map(_is_indexed, words)):
        return None
    tag = None if isinstance(leaf, Prefix | Hashtag | Handle) else squeezed(folded)
    squeezed_words = _RUN.findall(tag) if tag else []
    sequences = [_in_a_row(words, stem=isinstance(leaf, Prefix))]
    return _either([*sequences, *([_in_a_row(squeezed_words)] if squeezed_words else [])])


def _is_indexed(word: str) -> bool:
    return word.isascii() or all(name(one, "").startswith(_INDEXED) for one in word)


def _in_a_row(words: Sequence[str], *, stem: bool = False) -> str:
    """A phrase in all its spellings; where those are too many, its words anywhere."""
    *before, last = [_spelled(word, stem=stem and place == len(words)) for place, word in enumerate(words, 1)]
    if any(cut for _, cut in before) or prod(len(found) for found, _ in (*before, last)) > MOST_SPELLINGS:
        return (
            _both(_either(_quoted([one], stem=cut) for one in found) for found, cut in (*before, last)) or ""
        )
    spellings = product(*(found for found, _ in before), last[0])
    return _either(_quoted(one, stem=last[1]) for one in spellings)


def _spelled(word: str, *, stem: bool) -> tuple[list[str], bool]:
    """The spellings of a folded word, and whether they are beginnings only."""
    found = [[""]]
    """By how much of the word they spell."""
    for end in range(1, len(word) + 1):
        single, pair = word[end - 1 : end], word[max(end - 2, 0) : end]
        more = [before + one for before in found[-1] for one in (single, *_SPELLINGS.get(single, ""))]
        if len(pair) == 2:
            more += [before + one for before in found[-2] for one in _SPELLINGS.get(pair, "")]
        if len(more) > MOST_SPELLINGS:
            return _begun(found, word[: end - 1]), True
        found.append(more)
    return (_begun(found, word), True) if stem else (found[-1], False)


def _begun(found: Sequence[Sequence[str]], stem: str) -> list[str]:
    """The spellings of a beginning, the last letter of which may be half of what a text has as one letter."""
    halves = [
        before + one
        for pair, letters in _SPELLINGS.items()
        if len(pair) == 2 and pair[0] == stem[-1]
        for before in found[len(stem) - 1]
        for one in letters
    ]
    return [*found[len(stem)], *halves]


def _quoted(words: Sequence[str], *, stem: bool) -> str:
    return f'"{" ".join(words)}"' + "*" * stem


def _either(parts: Iterable[str]) -> str:
    several = list(dict.fromkeys(parts))
    return several[0] if len(several) == 1 else f"({' OR '.join(several)})"


def _both(parts: Iterable[str]) -> str | None:
    several = list(dict.fromkeys(parts))
    return f"({' AND '.join(several)})" if len(several) > 1 else next(iter(several), None)
