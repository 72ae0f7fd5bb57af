"""Brand queries: one grammar, one syntax tree, matched locally and rendered for each platform's search."""

from listener.query.fts import expression
from listener.query.matcher import Matcher
from listener.query.nodes import And, Handle, Hashtag, Near, Node, Not, Or, Phrase, Prefix, Term
from listener.query.parser import QueryError, parse
from listener.query.render import hashtags, render

__all__ = [
    "And",
    "Handle",
    "Hashtag",
    "Matcher",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "QueryError",
    "Term",
    "expression",
    "hashtags",
    "parse",
    "render",
]
