"""How people type: emoji, hashtags, typing errors, umlauts written out, no capitals."""

import re
from random import Random

from listener.sandbox.content.phrases import Phrasebook
from listener.sandbox.content.story import Slot

TAGS = ("rautenfurt", "brot", "brotzeit", "wochenende")
WITH_EMOJI = {"x": 0.34, "mastodon": 0.25, "appstore": 0.16, "reddit": 0.04}
WITH_TAILS = {"reddit": 0.45, "appstore": 0.35, "mastodon": 0.3, "x": 0.14}
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
LONG_WORD = re.compile(r"(?<![#@\w])[a-zäöüß]{6,}(?!\w)")
TAG = re.compile(r"#(\w+)")


def spoken(text: str, slot: Slot, rng: Random, phrases: Phrasebook) -> str:
    """The sentence as its writer typed it. A staged one keeps its words."""
    if slot.own:
        return _tagged(text, slot, rng)
    if rng.random() < WITH_TAILS.get(slot.platform, 0) and phrases.has(slot.lang, "tails", slot.tone):
        text += " " + phrases.card(slot.lang, "tails", slot.tone)
    if not slot.staged and slot.platform != "hackernews":
        text = _typed(text, slot.lang, rng)
    if rng.random() < WITH_EMOJI.get(slot.platform, 0) and phrases.has(slot.lang, "emoji", slot.tone):
        text += " " + phrases.card(slot.lang, "emoji", slot.tone)
    return _tagged(text, slot, rng)


def hashtags(text: str) -> tuple[str, ...]:
    """Those that stand in the text, each once."""
    return tuple(dict.fromkeys(tag.lower() for tag in TAG.findall(text)))


def _typed(text: str, lang: str, rng: Random) -> str:
    if lang == "de" and rng.random() < 0.08:
        text = text.translate(WRITTEN_OUT)
    if rng.random() < 0.1:
        text = text.lower()
    if rng.random() < 0.08:
        text = text.rstrip(".")
    if rng.random() < 0.06:
        text = _slipped(text, rng)
    return text


def _slipped(text: str, rng: Random) -> str:
    """Two letters of one long word change places; names and tags stay."""
    words = list(LONG_WORD.finditer(text))
    if not words:
        return text
    word = rng.choice(words)
    if word.group() in {"sonnenkorn", "krustenhof", "brotbote"}:
        return text
    at = rng.randrange(word.start() + 1, word.end() - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _tagged(text: str, slot: Slot, rng: Random) -> str:
    """On Mastodon a post is found by its tags, so people write them."""
    if slot.platform == "mastodon" and slot.brand is not None and slot.brand.handle not in hashtags(text):
        text += f" #{slot.brand.handle}"
    if slot.platform in {"mastodon", "x"} and rng.random() < 0.22:
        text += f" #{rng.choice(TAGS)}"
    return text
