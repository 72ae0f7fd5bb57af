"""From the text of a query to its syntax tree, with errors that show the place."""

import re
from functools import cache
from typing import TYPE_CHECKING

from listener.query.fold import LETTER, fold, tokens
from listener.query.nodes import And, Handle, Hashtag, Leaf, Near, Node, Not, Or, Phrase, Prefix, Term

if TYPE_CHECKING:
    from lark import Lark, Token, Tree, UnexpectedInput

    Branch = Tree[Token] | Token

# Two words side by side mean AND. A quotation mark closes whichever opened: people mix them.
_GRAMMAR = r"""
?start: either
?either: both (_OR both)*
?both: near (_AND? near)*
?near: leaf NEAR leaf
     | unary
?unary: _NOT unary -> negation
      | "(" either ")"
      | leaf
?leaf: WORD | PHRASE

_OR.2: /OR(?![^\s()"„“”«»])/
_AND.2: /AND(?![^\s()"„“”«»])/
_NOT.2: /NOT(?![^\s()"„“”«»])/
NEAR.2: /NEAR\/\d+(?![^\s()"„“”«»])/
WORD: /[^\s()"„“”«»]+/
PHRASE: /["„“”«»][^"„“”«»]*["„“”«»]/
%ignore /\s+/
"""
_QUOTES = '"„“”«»'
_PHRASE = re.compile(f"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")
_HASHTAG = re.compile(rf"#[{LETTER}]+")
_HANDLE = re.compile(r"@\w[\w.-]*(@\w[\w.-]*)?")
_GERMAN = {"UND": "AND", "ODER": "OR", "NICHT": "NOT"}
_NEAR_HINT = (
    "NEAR/n stands between two words or phrases, n being the most words between them: brot NEAR/3 frisch"
)


class QueryError(ValueError):
    """A query that cannot be read: the query, a caret under the place, one sentence on what was expected."""

    def __init__(self, query: str, position: int, message: str) -> None:
        line = re.sub(r"\s", " ", query)
        super().__init__(f"{line}\n{' ' * position}^\n{message}")


def parse(text: str) -> Node:
    """Read a query.

    Raises:
        QueryError: it is empty, malformed, or only says what to leave out.
    """
    from lark import UnexpectedInput  # noqa: PLC0415 - lark loads slowly, and most commands read no query

    if not text.strip():
        raise QueryError(text, 0, "the query is empty; a brand's name would do")
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise QueryError(text, *_explain(text, error)) from None
    node = _node(text, tree)
    if (place := _only_negative(tree)) is not None:
        raise QueryError(text, place, "this only says what to leave out; say what to look for, too")
    return node


@cache
def _parser() -> "Lark":
    from lark import Lark  # noqa: PLC0415 - see parse

    # The basic lexer knows an operator everywhere, so that a misplaced one is not taken for a word.
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", propagate_positions=True)


def _node(query: str, branch: "Branch") -> Node:
    if isinstance(branch, str):
        return _leaf(query, branch)
    if branch.data == "near":
        left, near, right = branch.children
        return Near(_word(query, left), _word(query, right), int(str(near).removeprefix("NEAR/")))
    operands = tuple(_node(query, child) for child in branch.children)
    match branch.data:
        case "negation":
            return Not(operands[0])
        case "both":
            return And(operands)
        case _:
            return Or(operands)


def _word(query: str, branch: "Branch") -> Term | Phrase | Prefix:
    leaf = _node(query, branch)
    if isinstance(leaf, Term | Phrase | Prefix):
        return leaf
    raise QueryError(query, _start(branch), _NEAR_HINT)


def _leaf(query: str, token: "Token") -> Leaf:
    text = str(token)
    quoted = token.type == "PHRASE"
    if problem := _problem(text, quoted=quoted):
        raise QueryError(query, _start(token), problem)
    if quoted:
        return Phrase(" ".join(text[1:-1].split()))
    if text[0] in "#@":
        return Hashtag(text[1:]) if text[0] == "#" else Handle(text[1:].rstrip(".-"))
    return Prefix(text[:-1]) if text.endswith("*") else Term(text)


def _problem(text: str, *, quoted: bool) -> str | None:
    """What is wrong with a word or phrase, in one sentence."""
    if not tokens(fold(text)):
        return "a word or phrase with letters or digits is expected here"
    operator = _GERMAN.get(text)
    checks = {
        f'the operator is {operator}; to look for the word itself, write "{text}" in quotes': operator,
        _NEAR_HINT: text == "NEAR" or text.startswith("NEAR/"),
        f"to leave something out, write NOT {text[1:]}": text.startswith("-"),
        "a hashtag has letters, digits and _ only": text[0] == "#" and not _HASHTAG.fullmatch(text),
        "a handle looks like @name or @name@server": text[0] == "@" and not _HANDLE.fullmatch(text),
        "* stands only at the end of a word": "*" in text[:-1],
    }
    return None if quoted else next((message for message, wrong in checks.items() if wrong), None)


def _only_negative(branch: "Branch") -> int | None:
    """Where the part begins that would match nearly everything; None if there is none."""
    if isinstance(branch, str) or branch.data == "near":
        return None
    if branch.data == "negation":
        return _start(branch)
    places = [_only_negative(child) for child in branch.children]
    negative = [place for place in places if place is not None]
    if branch.data == "both" and len(negative) < len(places):
        return None
    return negative[0] if negative else None


def _start(branch: "Branch") -> int:
    position = branch.start_pos if isinstance(branch, str) else branch.meta.start_pos
    return position or 0


def _explain(query: str, error: "UnexpectedInput") -> tuple[int, str]:
    """The place of a syntax error and what was expected there."""
    from lark import UnexpectedToken  # noqa: PLC0415 - see parse

    outside = _PHRASE.sub(lambda phrase: " " * len(phrase[0]), query)
    if not isinstance(error, UnexpectedToken):  # a quotation mark is all that the lexer can stumble over
        opened = min(outside.index(mark) for mark in _QUOTES if mark in outside)
        return opened, "the quotation mark is never closed"
    token = error.token
    if token.type == "$END":
        is_open = outside.count("(") > outside.count(")")
        end = len(query.rstrip()) + 1
        return end, "the parenthesis is never closed" if is_open else "a word or phrase is missing at the end"
    place = token.start_pos or 0
    if token.type == "NEAR" or ("WORD" in error.expected and "LPAR" not in error.expected):
        return place, _NEAR_HINT
    if token.type == "RPAR" and "WORD" not in error.expected:
        return place, "this parenthesis was never opened"
    return place, f"a word or phrase is missing before {token}"
