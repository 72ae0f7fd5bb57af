"""Search as platforms do it: words, "phrases", AND (or nothing) between them, OR, NOT or '-', parentheses."""

import re

TOKEN = re.compile(r'"[^"]*"|[()]|-(?=\S)|[^\s()"]+')


def matches(query: str, text: str) -> bool:
    """Whether the text answers to the query; AND binds tighter than OR."""
    tokens = TOKEN.findall(query)
    found = _any(tokens, text)
    if tokens:
        raise ValueError(f"unbalanced query at {tokens[0]!r}")
    return found


def _any(tokens: list[str], text: str) -> bool:
    found = _all(tokens, text)
    while tokens[:1] == ["OR"]:
        del tokens[0]
        found = _all(tokens, text) or found
    return found


def _all(tokens: list[str], text: str) -> bool:
    found = True
    while tokens and tokens[0] not in {"OR", ")"}:
        if tokens[0] == "AND":
            del tokens[0]
        found = _one(tokens, text) and found
    return found


def _one(tokens: list[str], text: str) -> bool:
    first = tokens.pop(0) if tokens else ""
    if first in {"NOT", "-"}:
        return not _one(tokens, text)
    if first == "(":
        found = _any(tokens, text)
        if not tokens:
            raise ValueError("a parenthesis is not closed")
        del tokens[0]
        return found
    words = re.escape(first.strip('"'))
    return re.search(rf"(?<!\w){words}(?!\w)", text, re.IGNORECASE) is not None
