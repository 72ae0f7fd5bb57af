"""How fast mentions are stored.

Run: python -m benchmarks.ingest [--rows N] [--rounds N] [--known N]

All ways get the same mentions, page by page, a transaction each, and turn them into rows themselves; each works on a
database of its own with the same tables, indexes and settings. In every round all take their turn, so that other work
on the machine hits all alike. Rates are medians of mentions per second of processor time.

The references write the mentions' rows and nothing else: no authors, brands, snapshots or queues. upsert_all writes
them as sqlite-utils does, as many rows in a statement as 999 variables allow, with the full-text triggers;
executemany does without these. A page is all of it, matched beforehand; an answer is parsed and matched too, and the
search for duplicates, which works the queue off afterwards, is timed apart and added.
"""

import argparse
import gc
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from benchmarks.filling import BRANDS, made, set_up
from benchmarks.generator import END, brand_names, posts
from connectors.base import Page, parse_each
from connectors.bluesky import parse
from listener.config.loading import load
from listener.query import Matcher
from listener.query import parse as parse_query
from listener.stages.group import group
from listener.watching import Filing
from storage import pages
from storage.pages import Matched
from storage.records import Kind, Mention
from storage.store import Store, moment, stamp

SIZES = (100, 1000)
"""Mentions of a page: a poll brings up to 100, a large import 1,000."""
PLATFORM = "bluesky"
"""All mentions are made this platform's, since one answer is of one platform."""
NOW = moment(f"{END}T00:00:00Z")
LATER = NOW + timedelta(minutes=10)
CHECK_AT = NOW + timedelta(days=1)
COLUMNS = (
    "platform", "platform_id", "kind", "parent_id", "thread_id", "url", "author_followers", "title", "text", "lang",
    "published_at", "edited_at", "fetched_at", "rating", "likes", "shares", "comments", "views", "counted_at",
    "seen_at", "check_at",
)  # fmt: skip
"""Of a new mention; its author is another table's."""
FTS_TRIGGERS = ("mentions_fts_insert", "mentions_fts_delete", "mentions_fts_update")

Way = Callable[[Store, Sequence[Any]], object]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--rows", type=int, default=20_000, help="mentions that each way stores")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--known", type=int, default=0, help="mentions that are in the database already")
    given = asked.parse_args()
    print(
        f"{given.rows:,} mentions into a database with {given.known:,}; mentions per second of processor time"
    )
    for size in SIZES:
        print(table(size, measured(given.rows, size, given.rounds, given.known)))


def measured(rows: int, size: int, rounds: int, known: int) -> dict[str, float]:
    """The rate of each way."""
    mentions = [_of_one_platform(one) for one in islice(posts(rows, seed=1, brands=BRANDS), rows)]
    batches = [mentions[start : start + size] for start in range(0, rows, size)]
    matcher = Matcher({name: parse_query(name) for name in brand_names(BRANDS)})
    matched = [[_matched(one, matcher) for one in batch] for batch in batches]
    answers = [json.dumps({"posts": [_as_answered(one) for one in batch]}) for batch in batches]
    rates: dict[str, list[float]] = {}
    gc.freeze()  # what was made for the measurement is no garbage to look for
    with tempfile.TemporaryDirectory() as folder:
        base = made(known) if known else _empty(Path(folder) / "empty.db")
        for _ in range(rounds):
            for name, fts, work in (
                ("executemany without full-text search", False, [("", _executemany, batches)]),
                ("upsert_all", True, [("", _upsert_all, batches), (" again", _upsert_all, batches)]),
                ("page", True, [("", _page, matched), (" again", _page_again, matched)]),
                ("answer", True, [("", _answer(Path(folder)), answers), (" compared", _compare, [[]])]),
            ):
                path = Path(shutil.copy(base, Path(folder) / "copy.db"))
                with Store(path) as store:
                    if not fts:
                        for trigger in FTS_TRIGGERS:
                            store.execute(f"DROP TRIGGER {trigger}")
                    for suffix, way, parts in work:
                        seconds = _seconds(store, way, parts)
                        rates.setdefault(name + suffix, []).append(rows / seconds)
                path.unlink()
    return {name: statistics.median(found) for name, found in rates.items()}


def table(size: int, rates: dict[str, float]) -> str:
    """The rates, and what they are to be held against."""
    bare, upsert, page = (
        rates[name] for name in ("executemany without full-text search", "upsert_all", "page")
    )
    whole = 1 / (1 / rates["answer"] + 1 / rates["answer compared"])
    ratios = [
        ("page / upsert_all", page / upsert, 3),
        ("page / executemany without full-text search", page / bare, 0.4),
        ("answer / upsert_all", rates["answer"] / upsert, None),
        ("answer and comparison / upsert_all", whole / upsert, 1.5),
        ("page again / page", rates["page again"] / page, 8),
        ("page again / upsert_all again", rates["page again"] / rates["upsert_all again"], None),
    ]
    lines = [f"\nPages of {size}", *(f"  {name:45} {rate:9,.0f}" for name, rate in rates.items())]
    for name, ratio, wanted in ratios:
        lines.append(f"  {name:45} {ratio:9.2f}" + (f"   wanted: {wanted}" if wanted else ""))
    return "\n".join(lines)


def _seconds(store: Store, way: Way, parts: Iterable[Sequence[Any]]) -> float:
    started = time.process_time()
    for part in parts:
        way(store, part)
    return time.process_time() - started


def _empty(path: Path) -> Path:
    set_up(path, BRANDS)
    return path


def _of_one_platform(mention: Mention) -> Mention:
    """With an id like those of the platform: they begin with the author, so they come in no order."""
    author = mention.author and mention.author.platform_id
    uri = f"at://did:plc:{author}/app.bsky.feed.post/{mention.platform}{mention.platform_id}"
    return replace(mention, platform=PLATFORM, platform_id=uri)


def _matched(mention: Mention, matcher: Matcher) -> Matched:
    matches = matcher.match(mention.title, mention.text)
    return Matched(mention, matches, check_at=CHECK_AT)


def _row(mention: Mention) -> tuple[Any, ...]:
    """COLUMNS of a mention."""
    author, counts, now = mention.author, mention.engagement, stamp(NOW)
    return (
        mention.platform,
        mention.platform_id,
        str(mention.kind),
        mention.parent_id,
        mention.thread_id,
        mention.url,
        author and author.followers,
        mention.title,
        mention.text,
        mention.lang,
        stamp(mention.published_at),
        mention.edited_at and stamp(mention.edited_at),
        now,
        mention.rating,
        counts.likes,
        counts.shares,
        counts.comments,
        counts.views,
        now,
        now,
        stamp(CHECK_AT),
    )


def _executemany(store: Store, page: Sequence[Mention]) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    with store.transaction():
        store.executemany(
            f"INSERT INTO mentions ({', '.join(COLUMNS)}) VALUES ({marks})",  # noqa: S608 - names from above
            map(_row, page),
        )


def _upsert_all(store: Store, page: Sequence[Mention]) -> None:
    rows = (dict(zip(COLUMNS, _row(one), strict=True)) for one in page)
    conn = store._conn  # noqa: SLF001 - the same connection, the same settings
    Database(conn)["mentions"].upsert_all(rows, pk=("platform", "platform_id"))  # type: ignore[union-attr] # no view


def _page(store: Store, page: Sequence[Matched], now: datetime = NOW) -> None:
    pages.add_page(store, _source(store), page, brands=brand_names(BRANDS), now=now, cursor={"at": 1})


def _page_again(store: Store, page: Sequence[Matched]) -> None:
    _page(store, page, LATER)


def _answer(folder: Path) -> Way:
    """All that happens to a platform's answer: parsed, matched, stored, put into the queues."""
    brands = "\n".join(f'[[brands]]\nname = "{name}"\nquery = "{name}"' for name in brand_names(BRANDS))
    source = f'[[sources]]\nconnector = "{PLATFORM}"\nhandle = "us"\napp_password_env = "NONE"'
    path = folder / "config.toml"
    path.write_text(f"{brands}\n{source}\n", "utf-8")
    config = load(path)
    filings: dict[int, Filing] = {}

    def answer(store: Store, body: str) -> None:
        if id(store) not in filings:
            filings.clear()
            filings[id(store)] = Filing(store, config, config.sources[0], _source(store))
        mentions, rejects = parse_each(json.loads(body)["posts"], parse)
        filings[id(store)].add(Page(mentions=mentions, rejects=rejects, cursor={"at": 1}))

    return answer  # type: ignore[return-value] # a string is a sequence


def _compare(store: Store, _: Sequence[Any]) -> None:
    """Find the duplicates among all that was stored."""
    group(store, now=NOW)


def _as_answered(mention: Mention) -> dict[str, Any]:
    """As Bluesky's search would show it."""
    author, counts = mention.author, mention.engagement
    handle = (author and author.handle) or "someone"
    made_at = stamp(mention.published_at)
    record = {"text": "\n".join(filter(None, [mention.title, mention.text])), "createdAt": made_at}
    return {
        "uri": mention.platform_id,
        "author": {
            "did": f"did:plc:{handle}",
            "handle": f"{handle}.example",
            "displayName": handle,
            "labels": [],
        },
        "record": record | {"langs": [mention.lang or "en"]} | _reply(mention),
        "indexedAt": made_at,
        "likeCount": counts.likes,
        "repostCount": counts.shares,
        "quoteCount": 0,
        "replyCount": counts.comments,
    }


def _reply(mention: Mention) -> dict[str, Any]:
    if mention.kind is not Kind.COMMENT:
        return {}
    parent = {"uri": f"{mention.platform_id}-parent"}
    return {"reply": {"parent": parent, "root": parent}}


def _source(store: Store) -> int:
    return int(store.value("SELECT id FROM sources WHERE name = ?", [PLATFORM]))


if __name__ == "__main__":
    main()
