"""Folding and words: what counts as the same spelling, and where a word begins and ends."""

import re
import unicodedata
from collections.abc import Callable

# Marks that Python does not count as letters, though words of these scripts are made of them (Devanagari to
# Sinhala, without the punctuation of Devanagari).
LETTER = r"\w\u0900-\u0963\u0966-\u0dff"
WORD = re.compile(rf"[{LETTER}]+")
# A sign that sticks to a word belongs to a name: 1&1, C++, Disney+.
_TOKEN = re.compile(rf"[{LETTER}]+|(?<=[{LETTER}])[&+]+")
# Scripts written without spaces, or with particles stuck to the name: each character is a word of its own.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Diacritics of Latin, Greek and Cyrillic, vowel points of Hebrew and Arabic.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SPELLED = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ẞ": "SS",
    "æ": "ae", "œ": "oe", "Æ": "Ae", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "\u0131": "i", "\u200b": " ",  # dotless i; a space without width
}  # fmt: skip


def _without_signs(text: str) -> str:
    """Without the signs beside a name that would become letters of it (NFKC makes TM of ™)."""
    return text.replace("™", " ").replace("℠", " ")


class _Table(dict[int, str]):
    """For ``str.translate``: each character is worked out once, on its first sight."""

    def __init__(self, become: Callable[[str], str]) -> None:
        self._become = become

    def __missing__(self, code: int) -> str:
        self[code] = self._become(chr(code))
        return self[code]


def _bare(character: str) -> str:
    if character in _SPELLED:
        return _SPELLED[character]
    if unicodedata.category(character) == "Cf":  # soft hyphens, joiners
        return ""
    return unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", character)))


def _spaced(character: str) -> str:
    if _UNSPACED.match(character):
        return f" {character} "
    return character if WORD.match(character) else " "


_BARE = _Table(_bare)
_SPACED = _Table(_spaced)
_ASCII_SPACED = bytes.maketrans(bytes(range(128)), "".join(map(_spaced, map(chr, range(128)))).encode())
"""For ``bytes.translate``, which looks nothing up; the bytes of other characters in UTF-8 stay as they are."""


def plain(text: str) -> str:
    """The text without diacritics, umlauts spelled out, invisible characters gone; case is kept."""
    return (
        text if text.isascii() else _beyond_ascii(unicodedata.normalize("NFKC", _without_signs(text)), _BARE)
    )


def fold(text: str) -> str:
    """The form in which texts and queries are compared."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    folded = unicodedata.normalize("NFKC", _without_signs(folded)).casefold()
    for umlaut in "äöü":  # first and apart, since most German texts need nothing else
        folded = folded.replace(umlaut, _SPELLED[umlaut])
    return _beyond_ascii(folded, _BARE).casefold()


def _beyond_ascii(text: str, table: _Table) -> str:
    """Only what is not ASCII, translated: the rest is most of a text and stays as it is."""
    return text if text.isascii() else _NOT_ASCII.sub(lambda run: run[0].translate(table), text)


def tokens(folded: str) -> list[str]:
    """The words of a folded text in order, signs stuck to a word as words of their own."""
    if "&" in folded or "+" in folded:
        found = _TOKEN.findall(_UNSPACED.sub(r" \g<0> ", folded))
    else:
        spaced = _beyond_ascii(folded, _SPACED).encode("utf-8", "surrogatepass").translate(_ASCII_SPACED)
        found = spaced.decode("utf-8", "surrogatepass").split()
    if "_" in folded:  # inside a word it is a letter (acme_de), around it emphasis (_acme_)
        found = [word for word in (word.strip("_") for word in found) if word]
    return found


def squeezed(text: str) -> str | None:
    """The words of a phrase as one hashtag is made of them; None for a single word or a name with signs."""
    words = WORD.findall(text)
    if len(words) < 2 or len(words) != len(_TOKEN.findall(text)):
        return None
    return "".join(words)
