"""Sentences from the TOML files beside this one, dealt like cards: each comes back as late as possible."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class Brand:
    """What people talk about."""

    name: str
    handle: str
    bakery: bool = True


NAMES: Mapping[str, tuple[str, ...]] = {
    "x": ("{0.name}", "{0.name}", "{0.name}", "@{0.handle}", "#{0.handle}"),
    "mastodon": ("{0.name}", "{0.name}", "#{0.handle}"),
}
"""How a brand is written; elsewhere by its plain name."""
START = re.compile(r"(^|[.!?] )\w")


class Phrasebook:
    """What is said about a brand, by language, theme and tone."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._texts = _texts()
        self._decks: dict[tuple[str, str, str], list[str]] = {}
        self._said: set[str] = set()

    def has(self, lang: str, theme: str, tone: str) -> bool:
        return tone in self._texts[lang].get(theme, {})

    def words(self, lang: str, brand: Brand | None, platform: str = "") -> "Words":
        """What the slots of one post's sentences are filled with."""
        fixed: dict[str, str] = {}
        if brand is not None:
            name = self.rng.choice(NAMES.get(platform, ("{0.name}",))).format(brand)
            at = f"der Bäckerei {brand.name}" if brand.bakery and self.rng.random() < 0.2 else name
            fixed = {"b": name, "handle": brand.handle, "bei": f"bei {at}", "bei_gross": f"Bei {at}"}
        slots = self._texts[lang].get("slots", {})
        return Words(slots, brand.handle if brand else "sonnenkorn", fixed, self.rng)

    def say(self, lang: str, theme: str, tone: str, words: "Words") -> str:
        """A sentence nobody has said yet, as long as there are any; draws new words for it."""
        text = ""
        for _ in range(30):
            words.forget()
            text = self.title(lang, theme, tone, words)
            if text not in self._said:
                break
        self._said.add(text)
        return text

    def title(self, lang: str, theme: str, tone: str, words: "Words") -> str:
        """A line that goes with the sentence said before: in the same words, and maybe said by others too."""
        text = self.card(lang, theme, tone).format_map(words)
        return START.sub(lambda found: found.group().upper(), text)

    def card(self, lang: str, theme: str, tone: str) -> str:
        """The next card as it stands."""
        deck = self._decks.setdefault((lang, theme, tone), [])
        if not deck:
            deck += self._texts[lang][theme][tone]
            self.rng.shuffle(deck)
        return deck.pop()


class Words(dict[str, str]):
    """The words of one post: each drawn when first asked for, the same from then on."""

    def __init__(self, slots: Mapping[str, Any], handle: str, fixed: Mapping[str, str], rng: Random) -> None:
        super().__init__(fixed)
        self.slots = slots
        self.handle = handle
        self.fixed = fixed
        self.rng = rng

    def forget(self) -> None:
        """Draw anew from here on, but stay with the brand's name."""
        self.clear()
        self.update(self.fixed)

    def __missing__(self, key: str) -> str:
        words = self.slots[key]
        if isinstance(words, dict):  # words that depend on the brand, such as where its shops are
            words = words[self.handle]
        self[key] = self.rng.choice(words)
        return self[key]


def read(name: str) -> dict[str, Any]:
    """One of the TOML files beside this one."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _texts() -> dict[str, dict[str, Any]]:
    return {"de": read("de.toml"), "en": read("en.toml"), **read("more.toml")}
