"""Whose mentions are kept but not counted: own accounts, employees, and authors that the configuration names.

An author is whom ``mention_overview`` shows: the handle, or the name where the platform has no handles. Case
and '@' do not matter. An entry may say where it holds: ``mastodon:anna``. On platforms of many servers
``anna@example.social`` is one person, ``anna`` whoever has that name on any server.
"""

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from hashlib import blake2b

from listener.config import Config
from storage.records import Author, Exclusion

FEDERATED = {"lemmy", "mastodon"}
"""Platforms of many servers; a handle without one is of the server that was asked."""
SERVER = re.compile(r"https?://([^/?#@:\[\]]+)", re.IGNORECASE)
"""In an author's address."""
NOBODY: Mapping[str, Exclusion] = {}


class Excluded:
    """The lists of all brands, ready to look authors up."""

    def __init__(self, config: Config) -> None:
        self.brands = [brand.name for brand in config.file.brands]
        self._listed: defaultdict[tuple[str, str], dict[str, Exclusion]] = defaultdict(dict)
        for brand in config.file.brands:
            for reason, entries in (  # the first that names an author is the reason
                (Exclusion.OWN_ACCOUNT, brand.own_accounts),
                (Exclusion.EMPLOYEE, brand.employees),
                (Exclusion.AUTHOR, (*brand.excluded_authors, *config.file.listener.excluded_authors)),
            ):
                for entry in entries:
                    self._listed[_parsed(entry)].setdefault(brand.name, reason)
        self._known = {name for _, name in self._listed}

    @property
    def fingerprint(self) -> str:
        """Another one where a list has changed."""
        lists = sorted((*key, sorted(brands.items())) for key, brands in self._listed.items())
        return blake2b(json.dumps([self.brands, lists]).encode(), digest_size=8).hexdigest()

    def of(self, platform: str, author: Author | None) -> Mapping[str, Exclusion]:
        """The brands that do not count an author's mentions, and why."""
        if author is None or not self._listed:
            return NOBODY
        return self.named(platform, author.handle or author.name or "", author.url)

    def named(self, platform: str, author: str, url: str | None) -> Mapping[str, Exclusion]:
        """As ``of``, by handle or name, and address."""
        if self._known.isdisjoint(names := _names(platform, author, url)):
            return NOBODY
        found: dict[str, Exclusion] = {}
        for name in names:
            for place in (platform, ""):
                for brand, reason in self._listed.get((place, name), NOBODY).items():
                    found[brand] = min(found.get(brand, reason), reason, key=list(Exclusion).index)
        return found


def _parsed(entry: str) -> tuple[str, str]:
    """The platform (empty: all) and the name of an entry."""
    platform, _, name = entry.rpartition(":")
    return platform.strip().casefold(), _normal(name)


def _normal(name: str) -> str:
    return name.strip().casefold().lstrip("@")


def _names(platform: str, author: str, url: str | None) -> tuple[str, ...]:
    """How an entry may call an author: on platforms of many servers, with the server and without."""
    name = _normal(author)
    if platform not in FEDERATED:
        return (name,)
    alone, at, _ = name.partition("@")
    if at:
        return name, alone
    server = SERVER.match(url or "")
    return (name, f"{name}@{server[1].lower()}") if server else (name,)
