"""How long full-text search takes, as ``listener search`` asks.

Run: python -m benchmarks.searching FILE

Twenty results, the newest first. Every question opens the file anew.
"""

import json
import sys
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.generator import TAIL, brand_names, invented
from benchmarks.measuring import spread, timed
from storage import search
from storage.search import Within
from storage.store import Store

FOUND = 20
MONTH = timedelta(days=29)


def questions() -> dict[str, list[str]]:
    """Words in FTS5's syntax, by what is measured of them."""
    tail = invented(TAIL, seed=2)
    return {
        "a common word": ["kundendienst", "abonnement", "deliver*", "supplier", "vecino", "garantía"],
        "a rare word": [name.lower() for name in tail[TAIL // 2 :: TAIL // 12]],
        "a phrase": [
            '"service desk"',
            '"nach nur zehn tagen"',
            '"mon voisin"',
            '"five stars"',
            '"money back"',
        ],
        "two words": ["nordwerk AND kaputtgegangen", "velora AND catalogue", "tarvano AND rebajas"],
        "a brand's name": brand_names()[:5],
    }


def main(path: Path) -> list[dict[str, Any]]:
    with Store(path) as store:
        first = store.value("SELECT min(day) FROM daily_metrics")
    month = Within(brand=brand_names()[1], first=first, last=(date.fromisoformat(first) + MONTH).isoformat())
    asked = [(what, words, Within()) for what, words in questions().items()]
    asked.append((f"common words, {month.brand}, oldest 30 days", questions()["a common word"], month))
    return [measured(path, *one) for one in asked]


def measured(path: Path, what: str, words: list[str], within: Within) -> dict[str, Any]:
    print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)
    times, hits = [], 0
    for one in words:
        with Store(path) as store:
            times.append(timed(partial(newest, store, one, within)))
            hits += store.value("SELECT count(*) FROM mentions_fts WHERE mentions_fts MATCH ?", [one])
    return {"what": what, "words": words, "hits": hits / len(words), **spread(times)}


def newest(store: Store, words: str, within: Within) -> list[dict[str, Any]]:
    return list(islice(search.search(store, words, within), FOUND))


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
