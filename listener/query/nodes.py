"""The syntax tree of a brand query. Leaves keep the words as they were written; folding comes later."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """A word. One with punctuation inside (``Acme-Fans``) is read as its parts in a row."""

    text: str

    @property
    def label(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row, without their quotes."""

    text: str

    @property
    def label(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, without its ``*``."""

    text: str

    @property
    def label(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A whole hashtag, without its ``#``."""

    text: str

    @property
    def label(self) -> str:
        return f"#{self.text}"


@dataclass(frozen=True, slots=True)
class Handle:
    """An account that is addressed, without its ``@``; with or without its server."""

    text: str

    @property
    def label(self) -> str:
        return f"@{self.text}"


@dataclass(frozen=True, slots=True)
class Near:
    """Both in one field, in either order, with at most ``distance`` words between them."""

    left: Term | Phrase | Prefix
    right: Term | Phrase | Prefix
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple["Node", ...]
    leaves: frozenset["Leaf"] = field(init=False, repr=False, compare=False)
    """Those operands that are leaves: of thousands, only the few that stand in a text need a look."""
    others: tuple["Node", ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "leaves", frozenset(one for one in self.operands if isinstance(one, Leaf)))
        object.__setattr__(self, "others", tuple(one for one in self.operands if not isinstance(one, Leaf)))


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"


Leaf = Term | Phrase | Prefix | Hashtag | Handle
Node = Leaf | Near | And | Or | Not


def leaves(node: Node, *, negated: bool) -> Iterator[Leaf]:
    """The leaves from left to right; those under a NOT only where ``negated`` is set."""
    match node:
        case Not(operand):
            if negated:
                yield from leaves(operand, negated=True)
        case And(operands) | Or(operands):
            for operand in operands:
                yield from leaves(operand, negated=negated)
        case Near(left, right):
            yield left
            yield right
        case _:
            yield node
