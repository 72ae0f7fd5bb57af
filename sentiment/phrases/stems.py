"""Which phrases can stand in a text at all, told from pieces of words: most texts are spared most searches."""

import re
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")
_KEY = 3
"""Letters: a piece is looked for only where these first letters of it stand."""


class StemIndex(Generic[T]):
    """Values under pieces of words."""

    def __init__(self, values: Mapping[str, T]) -> None:
        self._values: dict[str, list[tuple[str, T]]] = {}
        for stem, value in values.items():
            self._values.setdefault(stem[:_KEY], []).append((stem, value))
        self._keys = frozenset(self._values)
        self._short = frozenset(key for key in self._keys if len(key) < _KEY)

    def under(self, lowered: str) -> Iterator[T]:
        """The values of all pieces that a text in lower case has."""
        keys = self._keys & {lowered[at : at + _KEY] for at in range(len(lowered))} | self._short
        return (value for key in keys for stem, value in self._values[key] if stem in lowered)


def needs(phrase: str) -> tuple[frozenset[str], ...]:
    """Of each set, one piece of a word, in lower case, is in every text that has the phrase; longest pieces first.

    A phrase that needs nothing raises ``ValueError``.
    """
    branches, _ = _alternatives(phrase.lower(), 0)
    if len(branches) > 1:
        return (_any_of(branches, phrase),)
    if not branches[0]:
        raise ValueError(f"every word of the phrase may be missing: {phrase}")
    return tuple(sorted(branches[0], key=_least, reverse=True))


_TOKEN = re.compile(r"\((?:\?<?[:=!])?|\[[^\]]*\]|\{[^}]*\}|\\.|[a-z0-9]+|.", re.DOTALL)
_OPTIONAL = ("?", "*", "{0")
_Branch = list[frozenset[str]]


def _alternatives(phrase: str, at: int) -> tuple[list[_Branch], int]:
    """What each of ``a|b|c`` needs, up to the closing bracket, and where that stands."""
    branches: list[_Branch] = [[]]
    while (token := _TOKEN.match(phrase, at)) and token[0] != ")":
        at = token.end()
        if token[0][0] == "(":
            inner, at = _alternatives(phrase, at)
            at += 1
            if token[0] in {"(", "(?:"} and not phrase.startswith(_OPTIONAL, at) and all(inner):
                branches[-1].append(_any_of(inner, phrase))
        elif token[0] == "|":
            branches.append([])
        elif token[0].isalnum() and token[0].isascii():
            piece = token[0][:-1] if phrase.startswith(("?", "{0"), at) else token[0]
            branches[-1] += [frozenset({piece})] if piece else []
    return branches, at


def _any_of(branches: list[_Branch], phrase: str) -> frozenset[str]:
    if not all(branches):
        raise ValueError(f"every word of the phrase may be missing: {phrase}")
    return frozenset().union(*(max(branch, key=_least) for branch in branches))


def _least(pieces: frozenset[str]) -> int:
    return min(map(len, pieces))
