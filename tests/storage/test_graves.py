"""Gone is gone: text, author, counts, excerpts; a tombstone stays, and the figures follow or are settled."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener.stages.aggregate import aggregate
from storage import daily, digests, graves, pages, sources
from storage.pages import Matched
from storage.records import Author, Engagement, Kind, Match, Mention
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
POST = Mention(
    platform="reddit",
    platform_id="1",
    kind=Kind.POST,
    published_at=datetime(2026, 11, 19, 8, tzinfo=UTC),
    text="Acme hat die besten Brötchen",
    author=Author(platform_id="a1", handle="anna"),
    engagement=Engagement(likes=3),
)
OTHER = replace(POST, platform_id="2", text="Acme ist zu", author=Author(platform_id="a2", handle="bert"))
PERSONAL = ("mentions", "authors", "engagement_snapshots", "mention_brands", "score_queue")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "listener.db") as opened:
        sources.sync_brands(opened, [sources.Brand(name="Acme", query="acme", timezone="UTC")])
        sources.sync_sources(opened, [sources.Source(name="r", connector="reddit", watch={})], NOW)
        yield opened


def add(store: Store, *mentions: Mention, gone: tuple[str, ...] = (), now: datetime = NOW) -> int:
    matched = [Matched(one, [Match(brand="Acme", term="acme")]) for one in mentions]
    return pages.add_page(store, 1, matched, brands=["Acme"], now=now, gone=gone).gone


def scored(store: Store) -> None:
    """As if the model had read all, and everything had been compared."""
    with store.transaction():
        store.execute("DELETE FROM score_queue")
        store.execute("DELETE FROM duplicate_queue")


def mentions_of_the_day(store: Store) -> int | None:
    aggregate(store)
    found: int | None = store.value("SELECT mentions FROM daily_brand_metrics WHERE day = '2026-11-19'")
    return found


def test_what_is_gone_leaves_nothing_but_a_tombstone(store: Store) -> None:
    add(store, POST)
    assert mentions_of_the_day(store) == 1
    assert add(store, gone=("1", "never seen")) == 1
    for table in PERSONAL:
        assert store.value(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608 - the names above
    assert store.value("SELECT count(*) FROM mentions_fts WHERE mentions_fts MATCH 'besten'") == 0
    assert [tuple(row)[:2] for row in store.rows("SELECT * FROM tombstones")] == [("reddit", "1")]
    assert mentions_of_the_day(store) is None


def test_what_is_gone_does_not_come_back(store: Store) -> None:
    add(store, POST, OTHER)
    add(store, gone=("1",))
    add(store, POST, OTHER)
    assert [row["platform_id"] for row in store.rows("SELECT platform_id FROM mentions")] == ["2"]
    assert mentions_of_the_day(store) == 1


def test_an_author_with_another_mention_stays(store: Store) -> None:
    add(store, POST, replace(OTHER, author=POST.author))
    add(store, gone=("1",))
    assert store.value("SELECT count(*) FROM authors") == 1


def test_digests_no_longer_show_it(store: Store) -> None:
    add(store, POST, OTHER)
    line = {"platform": "reddit", "published_at": "2026-11-19T08:00:00Z", "excerpt": POST.text}
    later = {**line, "published_at": "2026-11-19T09:00:00Z"}
    data = {
        "figures": [1],
        "positive": [line, later],
        "answers": [{"mention": line, "reasons": ["question"]}],
    }
    digests.add(store, brand="Acme", day="2026-11-19", language="de", data=data, letters={}, now=NOW)
    add(store, gone=("1",))
    kept = json.loads(store.value("SELECT data FROM digests"))
    assert kept == {"figures": [1], "positive": [later], "answers": []}


def test_the_eldest_copy_takes_the_place_of_an_original(store: Store) -> None:
    add(store, POST, OTHER, replace(OTHER, platform_id="3"))
    with store.transaction():
        store.execute("UPDATE mentions SET duplicate_of = 1 WHERE id > 1")
    add(store, gone=("1",))
    found = store.rows("SELECT platform_id, duplicate_of FROM mentions ORDER BY id")
    assert [tuple(row) for row in found] == [("2", None), ("3", 2)]


def expire(store: Store, before: datetime = NOW) -> int:
    with store.transaction():
        return graves.expire_old(store, "reddit", before, now=NOW, limit=10)


def test_retention_deletes_the_words_and_keeps_the_figures(store: Store) -> None:
    add(store, POST, OTHER)
    assert expire(store) == 0, "what waits for the model, or to be compared, still counts for more"
    scored(store)
    assert mentions_of_the_day(store) == 2
    before = [tuple(row) for row in store.rows("SELECT * FROM daily_metrics")]
    assert expire(store) == 2
    assert store.value("SELECT count(*) FROM mentions") == 0
    assert mentions_of_the_day(store) == 2
    assert [tuple(row) for row in store.rows("SELECT * FROM daily_metrics")] == before
    assert store.value("SELECT count(*) FROM tombstones") == 2


def test_retention_waits_for_topics_but_not_for_what_no_model_can_read(store: Store) -> None:
    add(store, POST)
    scored(store)
    with store.transaction():
        store.execute("INSERT INTO topic_queue (mention_id) SELECT id FROM mentions")
    assert expire(store) == 0
    with store.transaction():
        store.execute("INSERT INTO score_failures SELECT id, 1, 'broken', '2026-11-20' FROM mentions")
    assert expire(store) == 1


def test_what_comes_later_to_a_day_that_retention_has_emptied_is_counted_too(store: Store) -> None:
    add(store, POST)
    scored(store)
    assert expire(store) == 1, "though its day was never computed"
    add(store, OTHER)
    assert mentions_of_the_day(store) == 2
    scored(store)
    assert expire(store) == 1
    assert mentions_of_the_day(store) == 2
    assert store.value("SELECT likes FROM daily_metrics") == 6


def test_settled_figures_are_kept_apart_too(store: Store) -> None:
    add(store, POST)
    scored(store)
    expire(store)
    assert mentions_of_the_day(store) == 1
    daily.keep_apart(store, {"reddit": True})
    aggregate(store)
    assert store.value("SELECT likes FROM daily_brand_metrics") is None


def test_retention_spares_what_is_younger(store: Store) -> None:
    add(store, POST)
    with store.transaction():
        assert graves.expire_old(store, "reddit", POST.published_at, now=NOW, limit=10) == 0
        assert graves.expire_old(store, "x", NOW, now=NOW, limit=10) == 0


def test_what_the_platform_has_not_shown_for_too_long_goes(store: Store) -> None:
    add(store, POST, OTHER)
    add(store, OTHER, now=NOW + timedelta(days=20))
    with store.transaction():
        assert graves.expire_unconfirmed(store, "reddit", NOW + timedelta(days=1), limit=10) == 1
    assert platform_ids(store) == ["2"]
    assert mentions_of_the_day(store) == 1
    add(store, POST)
    assert platform_ids(store) == ["2", "1"], "shown again, it may come back"


def test_what_was_imported_cannot_be_confirmed_and_stays(store: Store) -> None:
    source = sources.add_import(store, "import reddit", NOW)
    pages.add_page(
        store, source, [Matched(POST, [Match(brand="Acme", term="acme")])], brands=["Acme"], now=NOW
    )
    with store.transaction():
        assert graves.expire_unconfirmed(store, "reddit", NOW + timedelta(days=99), limit=10) == 0


def platform_ids(store: Store) -> list[str]:
    return [row["platform_id"] for row in store.rows("SELECT platform_id FROM mentions ORDER BY id")]


def test_what_is_about_no_brand_for_a_while_goes(store: Store) -> None:
    add(store, POST, OTHER)
    pages.add_page(store, 1, [Matched(POST, [])], brands=["Acme"], now=NOW + timedelta(days=30))
    with store.transaction():
        assert graves.delete_unwanted(store, before=NOW + timedelta(days=30), limit=10) == 0, "not at once"
        assert graves.delete_unwanted(store, before=NOW + timedelta(days=31), limit=10) == 1
    assert platform_ids(store) == ["2"]
    assert store.value("SELECT count(*) FROM tombstones") == 0


def test_a_query_mended_in_time_saves_them(store: Store) -> None:
    add(store, POST)
    pages.add_page(store, 1, [Matched(POST, [])], brands=["Acme"], now=NOW)
    add(store, POST, now=NOW + timedelta(days=1))
    with store.transaction():
        assert graves.delete_unwanted(store, before=NOW + timedelta(days=31), limit=10) == 0


def test_a_digest_forgets_what_was_about_the_brand_once(store: Store) -> None:
    add(store, POST)
    line = {"platform": "reddit", "published_at": "2026-11-19T08:00:00Z", "excerpt": POST.text}
    data = {"positive": [line]}
    digests.add(store, brand="Acme", day="2026-11-19", language="de", data=data, letters={}, now=NOW)
    pages.add_page(store, 1, [Matched(replace(POST, text="edited"), [])], brands=["Acme"], now=NOW)
    add(store, gone=("1",))
    assert json.loads(store.value("SELECT data FROM digests")) == {"positive": []}
    assert store.value("SELECT redacted FROM digests") == 1
