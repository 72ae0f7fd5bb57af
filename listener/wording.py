"""What a text says, without how it was passed on: repost marks, links, handles, mark-up, case. Pure."""

import html
import re
import unicodedata
from functools import cached_property
from urllib.parse import parse_qsl, urlencode, urlsplit

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_SHARED = re.compile(
    r"^\W*(?:(?:RT|MT)\b:?\s*@[\w.@-]+:?|RT:?\s|\[?(?:re-?post|cross-?post|reblog)(?:ed)?\b[\]:])\s*",
    re.IGNORECASE,
)
"""How a post begins that repeats another one."""
_CUT = re.compile(r"\w*(?:…|\.\.\.)\s*$")
"""The end of what was too long to be passed on."""
_VIA = re.compile(r"\s[\[(]?(?:via|h/t)\s+@[\w.@-]+[\])]?\s*$", re.IGNORECASE)
_DATELINE = re.compile(
    r"^[\w ./-]{2,40}\((?:dpa|afp|ap|epd|kna|ots|reuters|sid)\b[^)]{0,20}\)\s*[-:–—]*\s*", re.IGNORECASE
)  # noqa: RUF001
"""How an agency's report begins: ``Berlin (dpa) - ``."""
_ACCENTS = re.compile("[\u0300-\u036f]")
_HANDLE = re.compile(r"(?<!\w)@\w[\w.-]*(?:@[\w.-]*\w)?")
_WORD = re.compile(r"\w+(?:'\w+)*")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|ref|ref_src|cmpid|wt_\w+")


class Wording:
    """The words of a title and a text."""

    def __init__(self, title: str | None, text: str) -> None:
        whole = text if not title or text.startswith(title) else f"{title}\n{text}"
        self._said = _said(whole)

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(_WORD.findall(_bare(self._said.casefold())))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that begin with a capital letter, in German every noun."""
        return frozenset(_bare(word.casefold()) for word in _WORD.findall(self._said) if word[0].isupper())


def _said(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    if "&" in text or "<" in text:
        text = _TAG.sub(" ", html.unescape(text))
    text = _INVISIBLE.sub("", text).replace("’", "'")  # noqa: RUF001 - the apostrophe that phones write
    if (shared := _SHARED.sub("", text)) != text:
        text = _CUT.sub("", shared)
    for pattern in (_VIA, _DATELINE):
        text = pattern.sub("", text)
    for pattern in (_LINK, _HANDLE):
        text = pattern.sub(" ", text)
    return text.strip()


def _bare(text: str) -> str:
    """Without accents: café is cafe."""
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", text))


def address(url: str) -> str:
    """The same for two addresses of one page: without scheme, ``www.``, what only counts clicks, a last slash."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    host = (parts.netloc.rpartition("@")[2]).casefold().removeprefix("www.")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))
    return f"{host}{parts.path.rstrip('/')}?{query}#{parts.fragment}"
