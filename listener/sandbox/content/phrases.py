"""Sentences from the TOML files beside this one, dealt like cards: each comes back as late as possible."""

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


class Phrasebook:
    """What is said about a brand, by language, theme and tone."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._texts = _texts()
        self._decks: dict[tuple[str, str, str], list[str]] = {}
        self._said: set[str] = set()

    def has(self, lang: str, theme: str, tone: str) -> bool:
        return tone in self._texts[lang].get(theme, {})

    def say(self, lang: str, theme: str, tone: str, *, brand: Brand | None, platform: str = "") -> str:
        """A sentence nobody has said yet, as long as there are any."""
        text = ""
        for _ in range(30):
            text = self._deal(lang, theme, tone).format_map(self._words(lang, brand, platform))
            if text not in self._said:
                break
        self._said.add(text)
        return text[0].upper() + text[1:]

    def any(self, lang: str, theme: str, tone: str) -> str:
        """A card as it stands, an emoji for instance."""
        return self._deal(lang, theme, tone)

    def _deal(self, lang: str, theme: str, tone: str) -> str:
        deck = self._decks.setdefault((lang, theme, tone), [])
        if not deck:
            deck += self._texts[lang][theme][tone]
            self.rng.shuffle(deck)
        return deck.pop()

    def _words(self, lang: str, brand: Brand | None, platform: str) -> "_Words":
        words = _Words(self._texts[lang].get("slots", {}), brand, self.rng)
        if brand is not None:
            name = self.rng.choice(NAMES.get(platform, ("{0.name}",))).format(brand)
            at = f"der Bäckerei {brand.name}" if brand.bakery and self.rng.random() < 0.2 else name
            words |= {"b": name, "handle": brand.handle, "bei": f"bei {at}", "bei_gross": f"Bei {at}"}
        return words


class _Words(dict[str, str]):
    """The words of one text: each drawn when first asked for, the same from then on."""

    def __init__(self, slots: Mapping[str, Any], brand: Brand | None, rng: Random) -> None:
        super().__init__()
        self.slots = slots
        self.brand = brand
        self.rng = rng

    def __missing__(self, key: str) -> str:
        words = self.slots[key]
        if isinstance(words, dict):  # words that depend on the brand, such as where its shops are
            words = words[self.brand.handle if self.brand else "sonnenkorn"]
        self[key] = self.rng.choice(words)
        return self[key]


def read(name: str) -> dict[str, Any]:
    """One of the TOML files beside this one."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _texts() -> dict[str, dict[str, Any]]:
    return {"de": read("de.toml"), "en": read("en.toml"), **read("more.toml")}
