"""Made-up mentions as a brand meets them, the same for every benchmark and for every run with the same seed.

Few authors write much and many write once (Zipf), followers alike; nights and weekends are quiet; now and then a
brand has bad days with many times the usual posts; about one post in twelve is a copy of a recent one, word for word
or nearly; five languages; each platform gives the counts that it gives.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.platforms import PLATFORMS
from benchmarks.rhythm import Calendar, Floats, Ints, fixed, zipf
from storage.records import Author, Engagement, Mention

END = date(2026, 11, 1)
"""The day after the last post."""
LANGUAGES = {"en": 0.42, "de": 0.30, "fr": 0.11, "es": 0.10, "it": 0.07}
TONES = ("bad", "fair", "good")
COPIES = 0.08
NEAR = 0.4
"""Of the copies, those with a few other words."""
TWO_BRANDS = 0.05
CHUNK = 8192
TAIL = 60_000
"""Invented names in the texts, the first ones common, the last ones rare."""
RECENT = 500
"""Of so many last posts of a brand and kind copies are made."""
NAMES = (
    "Nordwerk", "Velora", "Kastello", "Brightpan", "Ozeanta", "Lumeko", "Fjellby", "Tarvano", "Quintara", "Mirabex",
)  # fmt: skip


class Post(NamedTuple):
    """A mention with what its making knows of it. Times are seconds since 1970, UTC."""

    serial: int
    """From 0 on in order of time; ``platform_id`` sorts alike."""
    platform: str
    platform_id: str
    kind: str
    published: int
    title: str | None
    text: str
    url: str
    lang: str | None
    """As the platform states it."""
    language: str
    """In which it is written."""
    author: str | None
    followers: int | None
    rating: float | None
    likes: int | None
    shares: int | None
    comments: int | None
    views: int | None
    answered: int | None
    answered_after: int | None
    """Seconds from the publication to the answer."""
    brands: tuple[int, ...]
    """Whose names stand in the text, as positions in ``brand_names``."""
    tone: int
    """Position in TONES."""
    original: int | None
    """Serial of the post that this one copies."""


def posts(
    count: int, *, seed: int = 0, brands: int = 10, days: int = 1095, end: date = END
) -> Iterator[Mention]:
    """So many mentions in order of time, spread over the days before ``end``; each text names its brand.

    The parameters are those of ``rows``, which also tells the brands, the tone and what is a copy of what.
    """
    for row in rows(count, seed=seed, brands=brands, days=days, end=end):
        yield mention(row)


def mention(post: Post) -> Mention:
    """The post as a connector would hand it over."""
    return Mention(
        platform=post.platform,
        platform_id=post.platform_id,
        kind=_KINDS[post.kind],
        published_at=datetime.fromtimestamp(post.published, UTC),
        text=post.text,
        title=post.title,
        url=post.url,
        author=author(post),
        lang=post.lang,
        rating=post.rating,
        answered=None if post.answered is None else bool(post.answered),
        answered_at=None
        if post.answered_after is None
        else datetime.fromtimestamp(post.published + post.answered_after, UTC),
        engagement=Engagement(likes=post.likes, shares=post.shares, comments=post.comments, views=post.views),
    )


def author(post: Post) -> Author | None:
    if post.author is None:
        return None
    return Author(platform_id=post.author, handle=post.author, followers=post.followers)


_KINDS = {str(one.kind): one.kind for one in PLATFORMS}


def brand_names(count: int = 10) -> list[str]:
    """The names that stand in the texts; the first ten are fixed, the others are built alike."""
    return [*NAMES[:count], *(f"{name}ex" for name in invented(max(0, count - len(NAMES)), seed=1))]


@cache
def invented(count: int, seed: int) -> tuple[str, ...]:
    """So many different names."""
    syllables, chance = _phrases()["names"]["syllables"], random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < count:
        names["".join(chance.choices(syllables, k=chance.choice((2, 2, 3, 3, 3, 4)))).title()] = None
    return tuple(names)


@cache
def _phrases() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "phrases.toml").read_text("utf-8"))


def rows(count: int, *, seed: int = 0, brands: int = 10, days: int = 1095, end: date = END) -> Iterator[Post]:
    """The same as ``posts``, as plain tuples."""
    chance = np.random.default_rng([seed, count, brands, days])
    names = brand_names(brands)
    calendar = Calendar.made(chance, brands, days, end)
    moments, about = calendar.draw(chance, count)
    writer = _Writer(names)
    for first in range(0, count, CHUNK):
        part = slice(first, min(first + CHUNK, count))
        for serial, draw in enumerate(_drawn(chance, calendar, moments[part], about[part], count), first):
            yield writer.post(serial, draw)


class _Draw(NamedTuple):
    """What is drawn of one post before it is written; many are drawn at once."""

    published: int
    brand: int
    second: int
    """Another brand that it names, or -1."""
    platform: int
    author: int
    followers: int
    language: int
    tone: int
    likes: int
    shares: int
    comments: int
    views: int
    stars: int
    answered_after: int
    """-1: not answered."""
    copies: int
    """0: nothing, 1: word for word, 2: nearly."""
    tail: list[int]
    dice: list[int]


def _drawn(
    chance: np.random.Generator, calendar: Calendar, moments: Ints, brand: Ints, count: int
) -> Iterator[_Draw]:
    size, brands = len(moments), calendar.weights.shape[1]
    shares = np.array([one.share for one in PLATFORMS])
    platform = chance.choice(len(PLATFORMS), size, p=shares / shares.sum())
    author = zipf(chance, (20 + count * shares[platform] * 0.15).astype(np.int64), size, 10)
    followers = np.minimum(8e6, 40 * (1 - fixed(platform, author)) ** -1.1).astype(np.int64)
    language = np.searchsorted(np.cumsum(list(LANGUAGES.values()))[:-1], fixed(author, platform))
    heat = chance.normal(0, 1.5, size) + 0.45 * np.log(followers / 40)
    likes = np.exp(heat + 0.4).astype(np.int64)
    tone = _tones(chance, calendar.trouble(moments, brand))
    luck = chance.random(size)
    other = (brand + 1 + chance.integers(0, max(1, brands - 1), size)) % brands
    columns = (
        moments,
        brand,
        np.where((chance.random(size) < TWO_BRANDS) & (other != brand), other, -1),
        platform,
        author,
        followers,
        language,
        tone,
        likes,
        chance.binomial(likes, 0.15),
        chance.binomial(likes, 0.2),
        (np.exp(heat + chance.normal(4.5, 0.7, size)) + likes).astype(np.int64),
        np.clip(np.array([1, 3, 5])[tone] + chance.integers(-1, 2, size), 1, 5),
        np.where(chance.random(size) < 0.6, np.exp(chance.normal(10.8, 1.2, size)), -1).astype(np.int64),
        np.where(luck < COPIES * NEAR, 2, np.where(luck < COPIES, 1, 0)),
        zipf(chance, TAIL, size * 4, 12).reshape(size, 4),
        chance.integers(0, 1 << 20, (size, 10)),
    )
    return map(_Draw._make, zip(*(column.tolist() for column in columns), strict=True))


def _tones(chance: np.random.Generator, trouble: Floats) -> Ints:
    """Positions in TONES: the more of a crisis, the more complaints."""
    luck, bad = chance.random(len(trouble)), 0.18 + 0.5 * trouble
    return np.where(luck < bad, 0, np.where(luck < bad + (1 - bad) * 0.6, 1, 2))


class _Writer:
    """Puts the texts together, and copies some of them."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._tail = invented(TAIL, seed=2)
        self._phrases = [_Phrases(_phrases()[language], names) for language in LANGUAGES]
        self._recent: dict[tuple[int, str], list[Post]] = {}

    def post(self, serial: int, draw: _Draw) -> Post:
        (
            published, brand, _, number, code, followers, language, tone, likes, shares, comments, views, stars,
            answered_after, copies, tail, dice,
        ) = draw  # fmt: skip
        platform, kind = PLATFORMS[number], _KIND[number]
        recent = self._recent.setdefault((brand, kind), [])
        source = recent[dice[0] % len(recent)] if copies and recent else None
        if source is None:
            spoken = _SPOKEN[language]
            title, text, about = self._written(draw, kind)
        else:
            spoken, tone, title, text, about = (
                source.language,
                source.tone,
                source.title,
                source.text,
                source.brands,
            )
            if copies == 2:
                text = f"{text} via @{self._tail[tail[0]]}"
        answers = platform.shows_answers
        post = Post(
            serial,
            platform.name,
            str(1_000_000_000_000 + serial),
            kind,
            published,
            title if platform.titled else None,
            text,
            f"{platform.url}{serial:x}",
            spoken if platform.says_language else None,
            spoken,
            None if kind == "article" and code % 2 else f"{platform.name[0]}{code}",
            followers if platform.followers else None,
            float(stars) if platform.stars else None,
            likes if platform.likes else None,
            shares if platform.shares else None,
            comments if platform.comments else None,
            views if platform.views else None,
            int(answered_after >= 0) if answers else None,
            answered_after if answers and answered_after >= 0 else None,
            about,
            tone,
            None if source is None else source.serial,
        )
        if source is None:
            if len(recent) < RECENT:
                recent.append(post)
            else:
                recent[serial % RECENT] = post
        return post

    def _written(self, draw: _Draw, kind: str) -> tuple[str | None, str, tuple[int, ...]]:
        """Title, text, brands."""
        brand, second, language, tone, dice = draw.brand, draw.second, draw.language, draw.tone, draw.dice
        said, names, tail = self._phrases[language], self._tail, draw.tail
        subjects, claims = said.subject[brand], said.claims[tone]
        claim = claims[dice[2] % len(claims)]
        opening, time = said.open[dice[3] % len(said.open)], said.time[dice[4] % len(said.time)]
        parts = [f"{opening} {subjects[dice[1] % len(subjects)]} {claim} {time}."]
        more = 3 + dice[5] % 6 if kind == "article" else 1 if dice[5] % 9 < 4 else 0
        for turn in range(more):
            detail = said.detail[(dice[6] + turn) % len(said.detail)]
            parts.append(names[tail[turn % 4]].join(detail[:2]))
            if len(detail) > 2:
                parts[-1] += names[tail[(turn + 1) % 4]] + detail[2]
        if dice[7] % 5 < 2:
            closes = said.closes[tone]
            parts.append(closes[dice[8] % len(closes)])
        if second >= 0:
            parts.append(said.other[dice[8] % len(said.other)].replace("{brand}", self._names[second]))
        if not more or dice[9] % 4 == 0:
            parts.append(_SIGNS[dice[9] % len(_SIGNS)] + names[tail[3]])
        about = (brand,) if second < 0 else (brand, second)
        return f"{self._names[brand]}: {claim}", " ".join(parts), about


_SPOKEN = list(LANGUAGES)
_SIGNS = ("#", "@", "... ", "#", "/cc ")
_KIND = [str(one.kind) for one in PLATFORMS]


class _Phrases:
    """One language's."""

    def __init__(self, said: dict[str, list[str]], names: Sequence[str]) -> None:
        self.open, self.time = said["open"], said["time"]
        self.subject = [[phrase.replace("{brand}", name) for phrase in said["subject"]] for name in names]
        """Of each brand."""
        self.claims = [said[tone] for tone in TONES]
        self.closes = [said[f"close_{tone}"] for tone in TONES]
        self.detail = [phrase.split("{tail}") for phrase in said["detail"]]
        self.other = said["other"]
