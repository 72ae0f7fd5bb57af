"""Which language a text is in: what the platform states, else what the letters say."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]  # has no stubs

UNKNOWN = "und"

_NOT_A_LANGUAGE = re.compile(r"und|zxx|mul|mis|q[a-t][a-z]")
"""ISO 639's codes for no language, and its range for private use (X: ``qme`` media, ``qht`` hashtags)."""
_CODE = re.compile(r"[a-z]{2,3}(?![a-z])")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|[@#]\w+", re.IGNORECASE)
_CANDIDATES = (
    "ar",
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "th",
    "tr",
    "uk",
    "vi",
    "zh",
)
"""A brand's mentions are in few languages; short texts are told apart better without the other hundred."""
_LETTER = re.compile(r"[^\W\d_]")
_READ = 200
"""Characters that are enough to tell; more only costs time."""
_SURE = 0.5
_FEW_WORDS = 5
_SURE_OF_FEW_WORDS = 0.9


def detect(text: str, stated: str | None = None) -> str:
    """The text's language as a two-letter code (three where ISO 639-1 has none), ``und`` when unsure.

    Args:
        text: as written; addresses, handles and hashtags are not read.
        stated: what the platform says, such as ``de-AT`` or ``DE``. It is believed unless it says nothing.
    """
    return _normalised(stated) or _sure_guess(text)


def guess(text: str) -> tuple[str, float]:
    """The likeliest of the languages told apart and its probability; ``und`` and 0 without a letter."""
    words = _NOT_WORDS.sub(" ", text)[:_READ].split()
    if not any(character.isalpha() for word in words for character in word):
        return UNKNOWN, 0.0
    language, confidence = _identifier().classify(" ".join(words))
    return language, float(confidence)


def in_script(text: str, foreign: re.Pattern[str]) -> bool:
    """Whether no more than half of the letters match ``foreign``, a pattern of one letter; true without letters."""
    if text.isascii() or not foreign.search(text):
        return True
    letters = _LETTER.findall(_NOT_WORDS.sub(" ", text))
    return 2 * sum(map(bool, map(foreign.match, letters))) <= len(letters)


def _normalised(stated: str | None) -> str | None:
    code = _CODE.match((stated or "").strip().lower())
    return None if code is None or _NOT_A_LANGUAGE.fullmatch(code[0]) else code[0]


def _sure_guess(text: str) -> str:
    language, confidence = guess(text)
    few = len(_NOT_WORDS.sub(" ", text)[:_READ].split()) < _FEW_WORDS
    return language if confidence >= (_SURE_OF_FEW_WORDS if few else _SURE) else UNKNOWN


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - half a second to load

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier
