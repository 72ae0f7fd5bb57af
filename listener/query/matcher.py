r"""Which brands a text is about: all brands at once, at a cost that does not grow with their number.

A text is laid out as one string of folded words, ``" wir lieben acme \n"`` for each field, followed by its
hashtags and handles, ``"\n#acme\n@acme\n"``. A term is the pattern ``" acme "``: word borders are spaces, and
no phrase reaches over a line break. One Aho-Corasick pass finds the terms of all queries; only queries that
own a found term are evaluated.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from ahocorasick_rs import AhoCorasick

from listener.query.fold import LETTER, fold, squeezed, tokens
from listener.query.nodes import And, Handle, Hashtag, Leaf, Near, Node, Not, Or, Prefix, leaves
from storage.records import Match

_HASHTAG = re.compile(rf"(?<![{LETTER}&/#])#([{LETTER}]+)")
_HANDLE = re.compile(r"(?<!\w)@(\w(?:[\w.-]*\w)?)(?:@(\w(?:[\w.-]*\w)?))?")

Evidence = tuple[float, str]
"""Where the text says so, and the term that does; infinitely far where only the lack of a term says so."""
_ABSENCE: Evidence = (float("inf"), "")
Span = tuple[int, int, int]
"""The number of the first word, of the last word, and the place in the layout."""
_FAR = 10**9
"""Words between two fields: more than any NEAR reaches over."""


class Matcher:
    """Finds the brands whose query a text satisfies.

    Args:
        queries: brand name to query. A query that is only negative is a ``ValueError``.
    """

    def __init__(self, queries: Mapping[str, Node]) -> None:
        self._queries = list(queries.items())
        usage = Counter(leaf for node in queries.values() for leaf in leaves(node, negated=True))
        numbers: dict[str, int] = {}
        self._patterns = {
            leaf: tuple(numbers.setdefault(pattern, len(numbers)) for pattern in _patterns(leaf))
            for leaf in usage
        }
        self._leaves: dict[int, list[Leaf]] = defaultdict(list)
        for leaf, found in self._patterns.items():
            for number in found:
                self._leaves[number].append(leaf)
        self._owners: dict[int, list[int]] = defaultdict(list)
        for owner, (brand, node) in enumerate(self._queries):
            triggers = _triggers(node, usage)
            if triggers is None:
                raise ValueError(f"the query of {brand} only says what to leave out")
            for number in {number for leaf in triggers for number in self._patterns[leaf]}:
                self._owners[number].append(owner)
        self._automaton = AhoCorasick(list(numbers))

    def match(self, *fields: str | None) -> list[Match]:
        """The brands that the fields (title, text) together speak of, in the order of the queries."""
        layout = _layout(fields)
        hits: dict[int, list[int]] = defaultdict(list)
        for number, start, _ in self._automaton.find_matches_as_indexes(layout, overlapping=True):
            hits[number].append(start)
        if not hits:
            return []
        owners = {owner for number in hits for owner in self._owners.get(number, ())}
        leaves = {leaf for number in hits for leaf in self._leaves[number]}
        reading = _Reading(layout, hits, self._patterns, leaves)
        candidates = (
            (brand, reading.evidence(node)) for brand, node in map(self._queries.__getitem__, sorted(owners))
        )
        return [Match(brand=brand, term=found[1]) for brand, found in candidates if found]


class _Reading:
    """One text and what was found in it."""

    def __init__(
        self,
        layout: str,
        hits: Mapping[int, list[int]],
        patterns: Mapping[Leaf, tuple[int, ...]],
        leaves: AbstractSet[Leaf],
    ) -> None:
        self._layout = layout
        self._hits = hits
        self._patterns = patterns
        self._present = leaves
        self._marks = layout.find("\n\n") + 1
        """Where the hashtags and handles begin; 0: there are none."""

    def evidence(self, node: Node) -> Evidence | None:
        """The earliest term by which the text satisfies the node; None if it does not."""
        match node:
            case Not(operand):
                return None if self.evidence(operand) else _ABSENCE
            case And(operands):
                found = [self.evidence(operand) for operand in operands]
                return min((one for one in found if one), default=None) if all(found) else None
            case Or():
                worth_a_look = (*(node.leaves & self._present), *node.others)
                return min(filter(None, map(self.evidence, worth_a_look)), default=None)
            case Near(left, right, distance):
                return self._near(left, right, distance)
            case _:
                return min(((self._place(start), node.label) for start in self._starts(node)), default=None)

    def _starts(self, leaf: Leaf) -> Iterator[int]:
        for number in self._patterns[leaf]:
            yield from self._hits.get(number, ())

    def _place(self, start: int) -> int:
        """A hashtag stands where its word does."""
        if not self._marks or start < self._marks:
            return start
        word = self._layout[start + 2 : self._layout.index("\n", start + 2)]
        place = self._layout.find(f" {word} ")
        return start if place < 0 else place

    def _near(self, left: Leaf, right: Leaf, distance: int) -> Evidence | None:
        one, other = self._spans(left), self._spans(right)
        orders = ((_ahead(one, other, distance), left), (_ahead(other, one, distance), right))
        return min(((start, leaf.label) for start, leaf in orders if start is not None), default=None)

    def _spans(self, leaf: Leaf) -> list[Span]:
        """Where the leaf's words stand in the fields; hashtags and handles are not counted as words."""
        length = len(tokens(fold(leaf.text)))
        spans: list[Span] = []
        number = past = 0
        for start in sorted(self._starts(leaf)):
            if self._marks and start >= self._marks:
                break
            number += self._layout.count(" ", past, start) + _FAR * self._layout.count("\n", past, start)
            past = start
            spans.append((number, number + length - 1, start))
        return spans


def _ahead(earlier: Sequence[Span], later: Sequence[Span], distance: int) -> int | None:
    """The first place where one of ``earlier`` has at most so many words between itself and one of ``later``.

    By bisection, since a text may repeat two words ten thousand times.
    """
    ends = [last for _, last, _ in earlier]
    for first, _, _ in later:
        nearest = bisect_left(ends, first - 1 - distance)
        if nearest < len(ends) and ends[nearest] < first:
            return earlier[nearest][2]
    return None


def _layout(fields: Iterable[str | None]) -> str:
    lines: list[str] = []
    marks: dict[str, None] = {}
    for folded in (fold(field) for field in fields if field):
        words = tokens(folded)
        lines.append(f" {' '.join(words)} \n")
        if "&" in folded or "+" in folded:  # Brot&Butter is also found by "Brot Butter"
            lines.append(f" {' '.join(word for word in words if word[0] not in '&+')} \n")
        marks.update(dict.fromkeys(_marks(folded)))
    if marks:
        lines.append("\n" + "\n".join(marks) + "\n")
    return "".join(lines)


def _marks(folded: str) -> Iterator[str]:
    """Hashtags and handles; @acme@mastodon.social and @acme.bsky.social also as @acme."""
    if "#" in folded:
        yield from (f"#{tag}" for tag in _HASHTAG.findall(folded))
    if "@" in folded:
        for name, server in _HANDLE.findall(folded):
            yield from (f"@{name}", f"@{name.partition('.')[0]}")
            if server:
                yield f"@{name}@{server}"


def _patterns(leaf: Leaf) -> tuple[str, ...]:
    """What to look for in a layout; any one of them is the leaf."""
    folded = fold(leaf.text)
    words = " ".join(tokens(folded))
    if not words:
        raise ValueError(f"{leaf.label!r} has no letters or digits")
    match leaf:
        case Hashtag():
            return (f"\n#{folded}\n",)
        case Handle():
            return (f"\n@{folded}\n",)
        case Prefix():
            return (f" {words}",)
        case _:
            tag = squeezed(folded)
            return (f" {words} ", f"\n#{tag}\n") if tag else (f" {words} ",)


def _triggers(node: Node, usage: Mapping[Leaf, int]) -> frozenset[Leaf] | None:
    """Leaves of which a text must have at least one to satisfy the node; None if it can do without.

    Of an AND the operand shared by the fewest queries is taken, so that a word that all brands have in
    common does not make every query a candidate.
    """
    match node:
        case Not():
            return None
        case Or(operands):
            parts = [_triggers(operand, usage) for operand in operands]
            return frozenset().union(*(part for part in parts if part)) if all(parts) else None
        case And(operands):
            parts = [_triggers(operand, usage) for operand in operands]
            return min((part for part in parts if part), key=lambda part: _cost(part, usage), default=None)
        case Near(left, right):
            return frozenset([min(left, right, key=usage.__getitem__)])
        case _:
            return frozenset([node])


def _cost(triggers: frozenset[Leaf], usage: Mapping[Leaf, int]) -> int:
    return sum(usage[leaf] for leaf in triggers)
