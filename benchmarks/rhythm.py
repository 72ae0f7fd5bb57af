"""When people write, and how unequally: bad days, weeks, hours, and Zipf's law."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calendar:
    """How many posts an hour brings, for each brand, and how many of them complain."""

    start: int
    weights: Floats
    """Of hours and brands."""
    crisis: Floats
    """Of days and brands: how many times the usual number of posts it adds."""

    @classmethod
    def made(cls, chance: np.random.Generator, brands: int, days: int, end: date) -> "Calendar":
        first = end - timedelta(days=days)
        weekdays = np.array([(first + timedelta(days=day)).weekday() for day in range(days)])
        week = np.array([1.05, 1.1, 1.08, 1.05, 1.0, 0.72, 0.78])[weekdays]
        hours = (
            0.15
            + np.exp(3 * np.cos((np.arange(24) - 17) / 24 * 2 * np.pi) - 3)
            + 0.5 * np.exp(-((np.arange(24) - 9.0) ** 2) / 8)
        )
        growth = 1 + np.arange(days) / max(days, 1)
        crisis = crises(chance, brands, days)
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


def crises(chance: np.random.Generator, brands: int, days: int) -> Floats:
    """About four a year for each brand: many times the usual posts, half as many two days later."""
    crisis = np.zeros((days, brands))
    for day, brand in np.argwhere(chance.random((days, brands)) < 4 / 365):
        fade = np.exp(-np.arange(min(10, days - day)) / 2.9)
        crisis[day : day + len(fade), brand] += chance.uniform(3, 20) * fade
    return crisis


def zipf(chance: np.random.Generator, pool: Ints | int, size: int, flat: int) -> Ints:
    """Ranks from 0 on, each as frequent as 1 / (rank + flat) (Zipf and Mandelbrot)."""
    return (flat * ((np.asarray(pool) + flat) / flat) ** chance.random(size) - flat).astype(np.int64)


def fixed(*numbers: Ints) -> Floats:
    """A number from 0 to 1 that always belongs to these, however often it is asked for (SplitMix64)."""
    mixed = np.zeros(len(numbers[0]), np.uint64)
    for number in numbers:
        mixed = (mixed + number.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53
