"""How fast posts find their brands. Run: python -m benchmarks.matching [--rows N] [--terms N] [--rounds N].

The reference is one compiled alternation of all terms between word borders, on casefolded text. It finds less: no
umlauts spelled out, no hashtags of phrases, no terms that overlap. It is slow, so it reads a share of the posts.
Rates are medians of posts per second of processor time; all take their turn in every round.
"""

import argparse
import re
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.generator import brand_names, invented, posts
from listener.query import Matcher, parse

SHARE = 100
"""One post of so many is read by the reference."""
BRANDS = (10, 100, 1000, 10_000)
TERMS = 10
"""Of a brand, where the number of brands changes."""

Texts = Sequence[tuple[str | None, str]]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--rows", type=int, default=100_000, help="posts")
    asked.add_argument("--terms", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    texts = [(one.title, one.text) for one in posts(given.rows, seed=1)]
    print(_against_alternation(texts, given.terms, given.rounds))
    print(_by_brands(texts, given.rounds))


def _against_alternation(texts: Texts, terms: int, rounds: int) -> str:
    names = _terms(terms)
    every = terms // 10
    queries = {f"Brand {at}": " OR ".join(names[at : at + every]) for at in range(0, terms, every)}
    matcher = Matcher({brand: parse(query) for brand, query in queries.items()})
    alternation = re.compile(rf"\b(?:{'|'.join(map(re.escape, map(str.casefold, names)))})\b")

    def search(title: str | None, text: str) -> object:
        return alternation.findall(f"{title or ''}\n{text}".casefold())

    ours, theirs = _rates([(matcher.match, texts), (search, texts[::SHARE])], rounds)
    return (
        f"{len(texts):,} posts against {terms:,} terms, posts per second of processor time\n"
        f"  matcher                {ours:9,.0f}\n  compiled alternation   {theirs:9,.0f}\n"
        f"  ratio                  {ours / theirs:9,.0f}   wanted: 50"
    )


def _by_brands(texts: Texts, rounds: int) -> str:
    matchers = [_one_query_each(brands) for brands in BRANDS]
    rates = _rates([(matcher.match, texts[::10]) for matcher in matchers], rounds)
    lines = [
        f"  {brands:6,} brands          {1e6 / rate:9.1f}" for brands, rate in zip(BRANDS, rates, strict=True)
    ]
    worst = f"  dearest / cheapest     {max(rates) / min(rates):9.2f}   wanted: 2 at most"
    return "\n".join([f"Microseconds for a post, {TERMS} terms a brand", *lines, worst])


def _terms(count: int) -> list[str]:
    """The brands that the posts speak of, and others that they hardly do."""
    return [*brand_names(10), *(f"{name}ix" for name in invented(count - 10, seed=3))]


def _one_query_each(brands: int) -> Matcher:
    """The same ten brands are spoken of, however many there are besides."""
    own = dict(zip(brand_names(10), brand_names(10), strict=True))
    names = iter(f"{name}ix" for name in invented((brands - 10) * TERMS, seed=4))
    others = {f"Brand {at}": " OR ".join(next(names) for _ in range(TERMS)) for at in range(brands - 10)}
    return Matcher({brand: parse(query) for brand, query in (own | others).items()})


def _rates(ways: Sequence[tuple[Callable[[str | None, str], object], Texts]], rounds: int) -> list[float]:
    rates: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for (way, texts), found in zip(ways, rates, strict=True):
            started = time.process_time()
            for title, text in texts:
                way(title, text)
            found.append(len(texts) / (time.process_time() - started))
    return [statistics.median(found) for found in rates]


if __name__ == "__main__":
    main()
