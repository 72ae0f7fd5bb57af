"""HTML from outside to plain text.

Not with ``html.parser``: on hostile input its time grows with the square of the length (Python 3.11.7 needs
minutes for 100 kB of "<a "). This reads every character once; it knows no nesting, which words do not need.
"""

import re
from html import unescape

BLOCKS = frozenset(
    ("p", "br", "div", "li", "ul", "ol", "tr", "table", "blockquote", "pre", "hr", "section")
).union(f"h{level}" for level in range(1, 7))
HIDDEN = frozenset(("script", "style", "template"))

_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)


def plain(html: str) -> str:
    """The words of an HTML fragment: paragraphs and line breaks become newlines, entities characters.

    A link whose text is shortened ("https://example.org/a-lo...") becomes its full address. Broken HTML gives
    what can be read of it.
    """
    first, *pieces = html.split("<")
    words = [_text(first)]
    hidden = ""
    link = ("", 0)  # the address of the link now open, and where its words begin
    for piece in pieces:
        if hidden:
            if not piece.lower().startswith(hidden):
                continue
            hidden = ""
        tag = _TAG.match(piece)
        if tag is None:
            words.append(_not_a_tag(piece))
            continue
        closing, name, attributes = tag[1], tag[2].lower(), tag[3]
        if name in HIDDEN and not closing:
            hidden = f"/{name}"
            continue
        if name in BLOCKS:
            words.append("\n")
        if name == "a" and not closing:
            link = (_href(attributes), len(words))
        elif name == "a":
            words[link[1] :] = _whole_address("".join(words[link[1] :]), link[0])
            link = ("", len(words))
        words.append(_text(piece[tag.end() :]))
    return _tidy("".join(words))


def language(code: str | None) -> str | None:
    """The two letters of a language's code ("de-AT", "pt_BR"); None where it has more, or is none."""
    found = re.match(r"([a-z]{2})(?:[-_]|$)", (code or "").lower())
    return found and found[1]


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(html))


def _not_a_tag(piece: str) -> str:
    """What stands behind a '<' that opens no tag: a comment, an unfinished tag, or "I <3 it"."""
    if piece.startswith(("!", "?")):
        return _text(piece.partition(">")[2])
    return "" if re.match(r"/?[a-zA-Z]", piece) else "<" + _text(piece)


def _href(attributes: str) -> str:
    found = _HREF.search(attributes)
    return unescape(found[1] or found[2] or "") if found else ""


def _whole_address(shown: str, href: str) -> list[str]:
    start = shown.strip().rstrip(".…")
    shortened = start and shown.strip().endswith(("...", "…"))
    return [href] if shortened and href.startswith(start) else [shown]


def _tidy(text: str) -> str:
    lines = (re.sub(r" +", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
