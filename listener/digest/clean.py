"""Text from outside, made fit for one line of a digest. Pure."""

import re
import unicodedata
from urllib.parse import urlsplit

ELLIPSIS = "…"

LINK_LIMIT = 2000
"""Characters; what is longer no mail program opens reliably."""

# Embeddings, overrides and isolates turn the order of what stands around them (Unicode UAX 9).
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def one_line(text: str, limit: int) -> str:
    """The text on one line: control characters and turned order gone, at most ``limit`` characters.

    Cleaning twice changes nothing.
    """
    # Long before the limit: 8,000 characters of which most are dropped need no full pass.
    seen = text[: limit * 8].translate(_BIDI_CONTROLS)
    words = "".join(" " if _breaks(one) else one for one in seen if not _unprintable(one)).split()
    return shorten(" ".join(words), limit)


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where one is near, with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit * 3 // 4)
    return cut[: space if space > 0 else None].rstrip() + ELLIPSIS


def link(url: str | None) -> str | None:
    """The address if it may stand behind a link: http or https with a host; otherwise None."""
    if url is None or len(url) > LINK_LIMIT or re.search(r"[\s\x00-\x1f\x7f\\<>\"]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None


def _breaks(character: str) -> bool:
    return character in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"


def _unprintable(character: str) -> bool:
    """Control characters that break no line, and halves of surrogate pairs, which no encoding takes."""
    return unicodedata.category(character) in {"Cc", "Cs"} and not _breaks(character)
