"""Queries as search strings of a platform.

What is sent together finds at least what the queries match: where a platform lacks an operator the search is
widened, and every text that comes back is matched again locally.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from connectors.base import Syntax
from listener.query.fold import WORD, plain, squeezed
from listener.query.nodes import And, Handle, Hashtag, Leaf, Near, Node, Not, Or, Phrase, Prefix, Term, leaves

_MOST_STRINGS = 50
"""Searches that one alternative may be split into; beyond it, conditions are dropped."""
_OPERATORS = {"AND", "OR", "NOT", "NEAR"}


@dataclass(frozen=True, slots=True)
class _Atom:
    text: str
    negative: bool = False


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple["_Atom | _Any", ...]
    """Negative ones last."""


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[_Atom | _All, ...]


_Part = _Atom | _All | _Any


def render(nodes: Sequence[Node], syntax: Syntax) -> tuple[str, ...]:
    """Search strings that together find whatever at least one of the nodes matches.

    Two things can be missed: what a lone prefix would find where the syntax has none (its bare stem is sent),
    and a text that spells the umlauts of one name in two ways.
    """
    if not nodes:
        return ()
    writer = _Writer(syntax)
    whole = _any_of(writer.widened(node) or writer.stem(node) for node in nodes)
    return tuple(dict.fromkeys(writer.write(part) for part in writer.fitting(whole)))


def hashtags(nodes: Sequence[Node]) -> tuple[str, ...]:
    """Tags, without '#' and in lower case, under which posts about the nodes may be listed."""
    tags: dict[str, None] = {}
    for leaf in (leaf for node in nodes for leaf in leaves(node, negated=False)):
        if isinstance(leaf, Hashtag | Term | Phrase):
            for spelling in _spellings(leaf.text):
                tag = squeezed(spelling) or spelling
                if WORD.fullmatch(tag) and not tag.isdecimal():
                    tags.setdefault(tag.lower())
    return tuple(tags)


class _Writer:
    """Writes in one platform's syntax."""

    def __init__(self, syntax: Syntax, *, stems: bool = False) -> None:
        self._syntax = syntax
        self._stems = stems

    def stem(self, node: Node) -> _Part:
        """The node with bare stems for prefixes: for a query that the platform cannot express otherwise."""
        part = _Writer(self._syntax, stems=True).widened(node)
        if part is None:
            raise ValueError("a query only says what to leave out")
        return part

    def widened(self, node: Node) -> _Part | None:
        """The node in what the platform can express; None: nothing less than everything."""
        match node:
            case Not():
                return None
            case Or(operands):
                parts = [self.widened(operand) for operand in operands]
                return _any_of(part for part in parts if part) if all(parts) else None
            case And(operands):
                return self._conjunction(operands)
            case Near(left, right):
                near = [part for part in (self._words(left), self._words(right)) if part]
                return _all_of(near) if near else None
            case _:
                return self._leaf(node)

    def _conjunction(self, operands: Sequence[Node]) -> _Part | None:
        positive = [part for part in map(self.widened, operands) if part]
        negative = [part for part in map(self._excluded, operands) if part]
        return _all_of([*positive, *negative]) if positive else None

    def _excluded(self, node: Node) -> _Atom | None:
        """A NOT that leaves out nothing that the local match would keep: plain words without folding."""
        if (
            self._syntax.not_ is None
            or not isinstance(node, Not)
            or not isinstance(node.operand, Term | Phrase)
        ):
            return None
        text = node.operand.text
        literal = self._literal(text)
        if not isinstance(literal, _Atom) or not text.isascii() or not text.replace(" ", "").isalnum():
            return None
        return _Atom(self._syntax.not_.format(literal.text), negative=True)

    def _leaf(self, leaf: Leaf) -> _Part | None:
        match leaf:
            case Hashtag(text):
                return _any_of(map(self._tag, _spellings(text)))
            case Handle(text):
                handle = self._syntax.handle
                return self._literal(text) if handle is None else _Atom(handle.format(text))
            case Prefix():
                return self._words(leaf)
            case _:
                tags = [self._tag(tag) for tag in map(squeezed, _spellings(leaf.text)) if tag]
                return _any_of(part for part in (self._words(leaf), *tags) if part)

    def _words(self, leaf: Term | Phrase | Prefix) -> _Part | None:
        if not isinstance(leaf, Prefix):
            return _any_of(map(self._literal, _spellings(leaf.text)))
        can = self._stems or self._syntax.prefix is not None
        return _any_of(map(self._prefix, _spellings(leaf.text))) if can else None

    def _tag(self, tag: str) -> _Atom:
        return _Atom(tag if self._syntax.hashtag is None else self._syntax.hashtag.format(tag))

    def _prefix(self, text: str) -> _Part:
        if self._syntax.prefix is None:
            return self._literal(text)
        *whole, last = WORD.findall(text)
        return _all_of([*map(_Atom, whole), _Atom(self._syntax.prefix.format(last))])

    def _literal(self, text: str) -> _Part:
        """One plain word as it is, all else as a phrase, without phrases as words in any order."""
        words = WORD.findall(text)
        if words == [text] and text.upper() not in _OPERATORS:
            return _Atom(text)
        if self._syntax.phrase is not None:
            phrase = self._syntax.phrase.format(" ".join(text.replace('"', " ").replace("\\", " ").split()))
            if len(phrase) <= self._syntax.max_length:
                return _Atom(phrase)
        return _all_of(map(_Atom, words))

    def write(self, part: _Part) -> str:
        syntax = self._syntax
        match part:
            case _Atom(text):
                return text
            case _All(parts):
                return syntax.and_.join(self._grouped(one) for one in parts)
            case _Any(parts):
                return (syntax.or_ or " ").join(self._grouped(one) for one in parts)

    def _grouped(self, part: _Part) -> str:
        text = self.write(part)
        return text if isinstance(part, _Atom) else self._syntax.group.format(text)

    def _fits(self, part: _Part) -> bool:
        if self._syntax.or_ is None and (isinstance(part, _Any) or _widest(part) is not None):
            return False
        return len(self.write(part)) <= self._syntax.max_length

    def fitting(self, part: _Part) -> list[_Part]:
        """The part, split at its alternatives and then shorn of conditions until each piece can be sent."""
        if self._fits(part):
            return [part]
        if isinstance(part, _Any):
            return [piece for half in _halves(part) for piece in self.fitting(half)]
        if isinstance(part, _Atom):
            return [part]
        return self._split(part) or self.fitting(self._shorn(part))

    def _split(self, part: _All) -> list[_Part] | None:
        """None: there is no splitting it into few enough pieces of the length allowed."""
        pieces: list[_Part] = []
        waiting: list[_Part] = [part]
        while waiting and len(pieces) + len(waiting) <= _MOST_STRINGS:
            piece = waiting.pop()
            if self._fits(piece):
                pieces.append(piece)
            elif isinstance(piece, _All) and (widest := _widest(piece)):
                first, second = (
                    [half if one is widest else one for one in piece.parts] for half in _halves(widest)
                )
                waiting += [_all_of(second), _all_of(first)]
            else:
                return None
        return None if waiting else pieces

    def _shorn(self, part: _All) -> _Part:
        """Without one condition: the last negative one, else the longest."""
        last = part.parts[-1]
        if isinstance(last, _Atom) and last.negative:
            return _all_of(part.parts[:-1])
        longest = max(part.parts, key=lambda one: len(self.write(one)))
        return _all_of(one for one in part.parts if one is not longest)


def _spellings(text: str) -> tuple[str, ...]:
    """As written, and as it is written where umlauts and accents are not at hand."""
    return tuple(dict.fromkeys((text, plain(text))))


def _any_of(parts: Iterable[_Part]) -> _Part:
    flat = dict.fromkeys(one for part in parts for one in (part.parts if isinstance(part, _Any) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else _Any(tuple(flat))


def _all_of(parts: Iterable[_Part]) -> _Part:
    flat = dict.fromkeys(one for part in parts for one in (part.parts if isinstance(part, _All) else (part,)))
    ordered = sorted(flat, key=lambda one: isinstance(one, _Atom) and one.negative)
    return ordered[0] if len(ordered) == 1 else _All(tuple(ordered))


def _widest(part: _Part) -> _Any | None:
    """The condition with the most alternatives."""
    choices = [one for one in part.parts if isinstance(one, _Any)] if isinstance(part, _All) else []
    return max(choices, key=lambda choice: len(choice.parts), default=None)


def _halves(choice: _Any) -> tuple[_Part, _Part]:
    middle = len(choice.parts) // 2
    return _any_of(choice.parts[:middle]), _any_of(choice.parts[middle:])
