"""What a text says, without how it was passed on: repost marks, links, handles, mark-up, case. Pure."""

import html
import re
import unicodedata
from functools import cached_property

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_TAG = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)
_SHARED = re.compile(
    r"^\W*(?:(?:RT|MT)\b:?\s*@[\w.@-]+:?|RT:?\s|\[?(?:re-?post|cross-?post|reblog)(?:ed)?\b[\]:])\s*",
    re.IGNORECASE,
)
"""How a post begins that repeats another one."""
_CUT = re.compile(r"(?<!\w)\w*(?:…|\.\.\.)\s*$")
"""The end of what was too long to be passed on."""
_VIA = re.compile(r"\s[\[(]?(?:via|h/t)\s+@[\w.@-]+[\])]?\s*$", re.IGNORECASE)
_DATELINE = re.compile(
    r"^[\w ./-]{2,40}\((?:dpa|afp|ap|epd|kna|ots|reuters|sid)\b[^)]{0,20}\)\s*[-:\u2013\u2014]*\s*",
    re.IGNORECASE,
)
"""How an agency's report begins: ``Berlin (dpa) - ``."""
_ACCENTS = re.compile("[\u0300-\u036f]")
_HANDLE = re.compile(r"(?<!\w)@\w[\w.-]*(?:@[\w.-]*\w)?")
_WORD = re.compile(r"\w+(?:'\w+)*")
_ADDRESS = re.compile(r"https?://(?:www\.)?([^/?#]+)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.IGNORECASE)
_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|msclkid|mc_[ce]id|igshid|ref|ref_src|cmpid|wt_\w+)(?:=|$)")
"""Parts of an address that say where a click came from."""


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
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\u2019", "'")
    if "&" in text or "<" in text:
        text = _TAG.sub(" ", html.unescape(text))
    if shared := _SHARED.match(text):
        text = _CUT.sub("", text[shared.end() :])
    if "@" in text:
        text = _HANDLE.sub(" ", _VIA.sub("", text))
    if "(" in text:
        text = _DATELINE.sub("", text)
    if "://" in text or "www." in text.casefold():
        text = _LINK.sub(" ", text)
    return text.strip()


def _bare(text: str) -> str:
    """Without accents: café is cafe."""
    return text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", text))


def address(url: str) -> str:
    """The same for two addresses of one page: without scheme, ``www.``, what only counts clicks, a last slash."""
    if not (parts := _ADDRESS.fullmatch(url.strip())):
        return url
    host, path, query, fragment = parts.groups("")
    kept = "&".join(sorted(pair for pair in query.split("&") if pair and not _TRACKING.match(pair)))
    return f"{host.casefold()}{path.rstrip('/')}?{kept}#{fragment}"
