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

    def under(self, text: str) -> Iterator[T]:
        """The values of all pieces that the text has."""
        lowered = text.lower()
        keys = self._keys & {lowered[at : at + _KEY] for at in range(len(lowered))} | self._short
        return (value for key in keys for stem, value in self._values[key] if stem in lowered)


def stems(phrase: str) -> frozenset[str]:
    """Pieces of words in lower case, one of which is in every text that has the phrase.

    They spare searching most texts for most phrases. Of all that the phrase needs, the longest are taken;
    a phrase that needs nothing raises ``ValueError``.
    """
    found, _ = _alternatives(phrase.lower(), 0)
    if not found:
        raise ValueError(f"every word of the phrase may be missing: {phrase}")
    return found


_TOKEN = re.compile(r"\((?:\?<?[:=!])?|\[[^\]]*\]|\\.|[a-z0-9]+|.", re.DOTALL)
_OPTIONAL = ("?", "*", "{0")


def _alternatives(phrase: str, at: int) -> tuple[frozenset[str], int]:
    """The stems of ``a|b|c`` up to the closing bracket, none if one alternative has none, and where it ends."""
    branches: list[frozenset[str]] = [frozenset()]
    while at < len(phrase) and phrase[at] != ")":
        token = _TOKEN.match(phrase, at)
        assert token
        at, found = token.end(), frozenset[str]()
        if token[0][0] == "(":
            found, at = _alternatives(phrase, at)
            at += 1
            if token[0] not in {"(", "(?:"} or phrase.startswith(_OPTIONAL, at):
                found = frozenset()
        elif token[0] == "|":
            branches.append(frozenset())
        elif token[0].isalnum() and token[0].isascii():
            found = frozenset({token[0][:-1] if phrase.startswith(("?", "{0"), at) else token[0]})
        branches[-1] = max(branches[-1], found, key=_least)
    return (frozenset().union(*branches) if all(branches) else frozenset()), at


def _least(found: frozenset[str]) -> int:
    return min(map(len, found), default=0)
