"""Made-up mentions as a brand meets them, the same for every benchmark and for every run with the same seed.

Few authors write much and many write once (Zipf), followers alike; nights and weekends are quiet; now and then a
brand has bad days with many times the usual posts; about one post in twelve is a copy of a recent one, word for word
or nearly; five languages; each platform gives the counts that it gives.
"""

import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.platforms import PLATFORMS
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

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
    calendar = _Calendar.made(chance, brands, days, end)
    moments, about = calendar.draw(chance, count)
    writer = _Writer(names)
    for first in range(0, count, CHUNK):
        part = slice(first, min(first + CHUNK, count))
        for serial, draw in enumerate(_drawn(chance, calendar, moments[part], about[part], count), first):
            yield writer.post(serial, draw)


@dataclass(frozen=True)
class _Calendar:
    """How many posts an hour brings, for each brand, and how many of them complain."""

    start: int
    weights: Floats
    """Of hours and brands."""
    crisis: Floats
    """Of days and brands: how many times the usual number of posts it adds."""

    @classmethod
    def made(cls, chance: np.random.Generator, brands: int, days: int, end: date) -> "_Calendar":
        first = end - timedelta(days=days)
        weekdays = np.array([(first + timedelta(days=day)).weekday() for day in range(days)])
        week = np.array([1.05, 1.1, 1.08, 1.05, 1.0, 0.72, 0.78])[weekdays]
        hours = (
            0.15
            + np.exp(3 * np.cos((np.arange(24) - 17) / 24 * 2 * np.pi) - 3)
            + 0.5 * np.exp(-((np.arange(24) - 9.0) ** 2) / 8)
        )
        growth = 1 + np.arange(days) / max(days, 1)
        crisis = _crises(chance, brands, days)
        noise = chance.gamma(20, 1 / 20, (days, brands))
        size = 1 / np.arange(1, brands + 1) ** 0.8
        by_day = (week * growth)[:, None] * (noise + crisis) * size
        weights = (by_day[:, None, :] * hours[:, None]).reshape(days * 24, brands)
        start = datetime(first.year, first.month, first.day, tzinfo=UTC)
        return cls(int(start.timestamp()), weights, crisis)

    def draw(self, chance: np.random.Generator, count: int) -> tuple[Ints, Ints]:
        """When each post was written, in order, and which brand it is about."""
        shares = (self.weights / self.weights.sum()).ravel()
        cells = np.repeat(np.arange(shares.size), chance.multinomial(count, shares))
        hour, brand = np.divmod(cells, self.weights.shape[1])
        moments = self.start + hour * 3600 + chance.integers(0, 3600, count)
        order = np.argsort(moments, kind="stable")
        return moments[order], brand[order]

    def trouble(self, moments: Ints, brand: Ints) -> Floats:
        """The share of the posts at these times that the brand's crises bring, 0..1."""
        extra = self.crisis[(moments - self.start) // 86400, brand]
        return extra / (1 + extra)


def _crises(chance: np.random.Generator, brands: int, days: int) -> Floats:
    """About four a year for each brand: many times the usual posts, half as many two days later."""
    crisis = np.zeros((days, brands))
    for day, brand in np.argwhere(chance.random((days, brands)) < 4 / 365):
        fade = np.exp(-np.arange(min(10, days - day)) / 2.9)
        crisis[day : day + len(fade), brand] += chance.uniform(3, 20) * fade
    return crisis


def _zipf(chance: np.random.Generator, pool: Ints | int, size: int, flat: int) -> Ints:
    """Ranks from 0 on, each as frequent as 1 / (rank + flat) (Zipf and Mandelbrot)."""
    return (flat * ((np.asarray(pool) + flat) / flat) ** chance.random(size) - flat).astype(np.int64)


def _fixed(*numbers: Ints) -> Floats:
    """A number from 0 to 1 that always belongs to these, however often it is asked for (SplitMix64)."""
    mixed = np.zeros(len(numbers[0]), np.uint64)
    for number in numbers:
        mixed = (mixed + number.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


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
    chance: np.random.Generator, calendar: _Calendar, moments: Ints, brand: Ints, count: int
) -> Iterator[_Draw]:
    size, brands = len(moments), calendar.weights.shape[1]
    shares = np.array([one.share for one in PLATFORMS])
    platform = chance.choice(len(PLATFORMS), size, p=shares / shares.sum())
    author = _zipf(chance, (20 + count * shares[platform] * 0.15).astype(np.int64), size, 10)
    followers = np.minimum(8e6, 40 * (1 - _fixed(platform, author)) ** -1.1).astype(np.int64)
    language = np.searchsorted(np.cumsum(list(LANGUAGES.values()))[:-1], _fixed(author, platform))
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
        _zipf(chance, TAIL, size * 4, 12).reshape(size, 4),
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

    def _written(self, draw: _Draw, kind: str) -> tuple[str, str, tuple[int, ...]]:
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
