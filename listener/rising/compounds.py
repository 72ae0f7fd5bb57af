"""German compounds: a word that is made of another counts with it ("Lieferverspätung" with "Verspätung")."""

from collections.abc import Container

_SHORTEST_STEM = 5
_SHORTEST_REST = 4
_LINKS = ("", "s", "es", "n", "en", "e", "er")
"""Letters between the parts."""
_NO_MODIFIERS = frozenset(["durch", "gegen", "hinter", "miss", "nach", "ueber", "unter", "wider", "wieder"])
"""Before a word they make another meaning, not a kind of the same: Nachfrage is no kind of Frage."""
_NO_HEADS = frozenset(
    [
        "artig",
        "chen",
        "haft",
        "heit",
        "innen",
        "keit",
        "lein",
        "lich",
        "lichen",
        "licher",
        "schaft",
        "ungen",
        "weise",
    ]
)
"""Behind a word these are endings."""


def stems(word: str, known: Container[str]) -> list[str]:
    """The known words that a folded word begins or ends with, when what is left can be a word, too.

    A stem has five letters or more, the rest four or more beside the linking letters (Lieferung-s-problem).
    """
    heads = (
        word[place:]
        for place in range(_SHORTEST_REST, len(word) - _SHORTEST_STEM + 1)
        if word[place:] in known and word[:place] not in _NO_MODIFIERS
    )
    modifiers = (
        word[:place]
        for place in range(_SHORTEST_STEM, len(word) - _SHORTEST_REST + 1)
        if word[:place] in known and _is_head(word[place:])
    )
    return [*heads, *modifiers]


def _is_head(rest: str) -> bool:
    heads = (rest[len(link) :] for link in _LINKS if rest.startswith(link))
    return all(len(head) >= _SHORTEST_REST and head not in _NO_HEADS for head in heads)
