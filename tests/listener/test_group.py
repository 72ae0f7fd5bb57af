"""Which mention repeats which, through the database: eldest first, whatever comes in whatever order."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from listener.cli import main
from listener.config import Config
from listener.stages import group as stage
from listener.stages.aggregate import aggregate
from listener.stages.poll import poll
from storage import duplicates, graves, pages, sources
from storage.duplicates import Keys
from storage.pages import Matched
from storage.records import Author, Exclusion, Kind, Match, Mention
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADVERT = "Ein Jahr gratis Brot vom Krustenhof gewinnen! Einfach folgen und teilen."
LONG = (
    "Seit gestern backt Sonnenkorn in der alten Brauerei am Fluss, und die Schlange vor der Tür reicht bis zur "
    "Brücke. Wer früh kommt, sieht den Bäckern durch die Scheibe zu."
)


class Group:
    """A database whose mentions are known by their platform's id."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def add(
        self, name: str, text: str, *, hour: float = 0, brands: str = "A", own: bool = False, **rest: Any
    ) -> None:
        mention = Mention(
            **{
                "platform": "x",
                "platform_id": name,
                "kind": Kind.POST,
                "published_at": NOW + timedelta(hours=hour),
                "text": text,
                "author": Author(platform_id=name, handle=name),
                **rest,
            }
        )
        matches = [Match(brand=brand, term="t") for brand in brands]
        one = Matched(mention, matches, own=dict.fromkeys(brands if own else (), Exclusion.OWN_ACCOUNT))
        pages.add_page(self.store, 1, [one], brands=["A", "B"], now=NOW)

    def found(self) -> dict[str, str]:
        """Which repeats which, by name."""
        stage.group(self.store, now=NOW)
        return self.stored()

    def stored(self) -> dict[str, str]:
        rows = self.store.rows(
            "SELECT m.platform_id, o.platform_id FROM mentions m JOIN mentions o ON o.id = m.duplicate_of"
        )
        return {row[0]: row[1] for row in rows}

    def bury(self, name: str) -> None:
        with self.store.transaction():
            graves.bury(self.store, "x", [name], reason="gone upstream", now=NOW)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Group]:
    with Store(tmp_path / "listener.db") as store:
        sources.sync_brands(store, [sources.Brand(name=name, query="t", timezone="UTC") for name in "AB"])
        sources.sync_sources(store, [sources.Source(name="x", connector="x", watch={})], NOW)
        yield Group(store)


def test_copies_point_to_the_eldest(place: Group) -> None:
    place.add("b", ADVERT, hour=1)
    place.add("c", ADVERT.upper(), hour=2)
    place.add("a", f"RT @krustenhof: {ADVERT} https://t.example/1")
    assert place.found() == {"b": "a", "c": "a"}


def test_an_older_post_that_comes_later_becomes_the_original(place: Group) -> None:
    place.add("b", ADVERT, hour=1)
    place.add("c", ADVERT, hour=2)
    assert place.found() == {"c": "b"}
    place.add("a", ADVERT)
    assert place.found() == {"b": "a", "c": "a"}


def test_of_one_second_the_first_stored_is_the_original(place: Group) -> None:
    place.add("b", ADVERT)
    place.add("a", ADVERT)
    assert place.found() == {"a": "b"}


def test_a_reworded_original_leaves_its_copies_to_the_next(place: Group) -> None:
    for hour, name in enumerate("abc"):
        place.add(name, ADVERT, hour=hour)
    assert place.found() == {"b": "a", "c": "a"}
    place.add("a", LONG)
    assert place.found() == {"c": "b"}


def test_a_reworded_copy_joins_another_group(place: Group) -> None:
    place.add("a", ADVERT)
    place.add("b", LONG, hour=1)
    place.add("c", ADVERT, hour=2)
    assert place.found() == {"c": "a"}
    place.add("c", LONG, hour=2)
    assert place.found() == {"c": "b"}
    place.add("b", ADVERT, hour=1)
    assert place.found() == {"b": "a"}


def test_the_eldest_copy_takes_a_deleted_originals_place(place: Group) -> None:
    for hour, name in [(2, "c"), (1, "b"), (0, "a")]:
        place.add(name, ADVERT, hour=24 * hour)
    assert place.found() == {"b": "a", "c": "a"}
    aggregate(place.store)
    place.bury("a")
    assert place.stored() == {"c": "b"}
    assert place.found() == {"c": "b"}
    aggregate(place.store)
    found = place.store.rows("SELECT mentions, copies FROM daily_metrics ORDER BY day")
    assert [tuple(row) for row in found] == [(1, 0), (0, 1)]


def test_what_retention_deletes_counts_once(place: Group) -> None:
    for hour, name in enumerate("abc"):
        place.add(name, ADVERT, hour=24 * hour)
    place.found()
    place.store.execute("DELETE FROM score_queue")
    place.store._conn.commit()  # noqa: SLF001 - as if all had been scored
    for gone in range(1, 4):
        with place.store.transaction():
            before = NOW + timedelta(hours=24 * gone - 1)
            assert graves.expire_old(place.store, "x", before, now=NOW, limit=9) == 1
        place.found()
        aggregate(place.store)
        found = place.store.rows("SELECT mentions, copies FROM daily_metrics ORDER BY day")
        assert [tuple(row) for row in found] == [(1, 0), (0, 1), (0, 1)]


def test_the_days_of_copy_and_original_are_computed_anew(place: Group) -> None:
    place.add("b", ADVERT, hour=30)
    place.found()
    aggregate(place.store)
    place.add("a", ADVERT)
    place.store.execute("DELETE FROM dirty_days")
    place.store._conn.commit()  # noqa: SLF001 - to see what grouping marks
    place.found()
    days = place.store.rows("SELECT day FROM dirty_days ORDER BY day")
    assert [row[0] for row in days] == ["2026-11-20", "2026-11-21"]


def test_a_copy_is_about_no_brand_that_its_original_is_not_about(place: Group) -> None:
    place.add("a", ADVERT, brands="A")
    place.add("b", ADVERT, hour=1, brands="AB")
    place.add("c", ADVERT, hour=2, brands="B")
    place.add("d", ADVERT, hour=3, brands="A")
    assert place.found() == {"c": "b", "d": "a"}
    place.add("a", ADVERT, brands="AB")
    assert place.found() == {"b": "a", "c": "a", "d": "a"}


def test_an_own_post_takes_nobodys_voice_away(place: Group) -> None:
    place.add("a", ADVERT, own=True)
    place.add("b", ADVERT, hour=1)
    place.add("c", ADVERT, hour=2)
    assert place.found() == {"c": "b"}


def test_short_thanks_of_two_people_are_two_voices_and_of_one_are_one(place: Group) -> None:
    anna = Author(platform_id="anna")
    place.add("a", "Danke!", author=anna)
    place.add("b", "danke", hour=1)
    place.add("c", "Danke", hour=2, author=anna)
    assert place.found() == {"c": "a"}


def test_a_rating_without_words_is_no_copy(place: Group) -> None:
    anna = Author(platform_id="anna")
    for name in "ab":
        place.add(name, "★★★★★", author=anna, kind=Kind.REVIEW, rating=5, url="https://shop.example/app")
    assert place.found() == {}


@dataclass(frozen=True)
class Item:
    name: str
    text: str
    hour: float


def _world(rng: Random) -> list[Item]:
    """Posts of few words, so that chains form: a is like b, b like c, but a not like c."""
    words = LONG.lower().replace(",", "").replace(".", "").split()
    items = []
    for number in range(14):
        text = list(words)
        for _ in range(rng.choice([0, 1, 3, 5, 7])):
            text.pop(rng.randrange(len(text)))
        items.append(Item(f"m{number}", " ".join(text), rng.randrange(600) + number / 100))
    return items


@pytest.mark.parametrize("seed", range(5))
def test_the_groups_depend_neither_on_the_order_nor_on_the_batches(
    place: Group, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = Random(seed)
    world, results = _world(rng), []
    for _ in range(4):
        with place.store.transaction():
            place.store.execute("UPDATE mentions SET duplicate_of = NULL")
            for table in ("duplicate_queue", "likeness_bands", "mentions"):
                place.store.execute(f"DELETE FROM {table}")  # noqa: S608 - from above
        monkeypatch.setattr(stage, "BATCH", rng.choice([1, 2, 5, 100]))
        for one in rng.sample(world, len(world)):
            place.add(one.name, one.text, hour=one.hour)
            if rng.random() < 0.3:
                place.found()
        found = place.found()
        assert not found.keys() & set(found.values()), "a copy of a copy"
        results.append(found)
    assert results[0]
    assert all(one == results[0] for one in results)


def test_edits_and_deletions_leave_what_a_fresh_comparison_finds(place: Group) -> None:
    rng = Random(7)
    world = _world(rng)
    for one in world:
        place.add(one.name, one.text, hour=one.hour)
    place.found()
    for _ in range(25):
        one = rng.choice(world)
        if rng.random() < 0.2:
            place.bury(one.name)
        else:
            place.add(one.name, rng.choice(world).text, hour=one.hour)
        kept = place.found()
        duplicates.compare_anew(place.store)
        assert place.found() == kept


def test_the_demos_copies_are_found(configure: Callable[..., Config]) -> None:
    config = configure()
    poll(config)
    for said in ("mentions compared; 13 of all repeat another one", "0 mentions compared"):
        done = CliRunner().invoke(main, ["group", "-c", str(config.path)])
        assert done.exit_code == 0
        assert said in done.output
    with Store(config.database) as store:
        rows = store.rows(
            "SELECT substr(o.text, 1, 17), o.platform, count(*)"
            " FROM mentions m JOIN mentions o ON o.id = m.duplicate_of"
            " WHERE m.platform IN ('appstore', 'rss') AND o.platform = m.platform GROUP BY o.id ORDER BY 2, 3, 1"
        )
    assert [tuple(row) for row in rows] == [
        ("Sensationelle App", "appstore", 3),
        ("Die Bäckerei Sonn", "rss", 1),
        ("Die Landesstiftun", "rss", 1),
        ("Die Mühlen haben ", "rss", 1),
        ("Kruste, Salz, Duf", "rss", 1),
    ], "three people who write seven words are three voices"


def test_other_rules_compare_everything_anew(place: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    place.add("a", ADVERT)
    place.add("b", ADVERT, hour=1)
    assert place.found() == {"b": "a"}
    place.store.execute("UPDATE mentions SET duplicate_of = NULL")
    place.store._conn.commit()  # noqa: SLF001 - as if former rules had found nothing
    assert place.found() == {}
    monkeypatch.setattr(stage, "VERSION", "next")
    assert place.found() == {"b": "a"}


def test_bands_of_old_mentions_go_and_hashes_stay(place: Group) -> None:
    place.add("a", LONG, hour=-24 * 29)
    place.add("b", ADVERT, hour=-24 * 29)
    place.add("c", LONG)
    assert place.found() == {"c": "a"}
    ids = place.store.rows("SELECT DISTINCT mention_id FROM likeness_bands")
    assert [row[0] for row in ids] == [3]
    place.add("d", LONG, hour=1)
    assert place.found() == {"c": "a", "d": "a"}


def test_history_is_compared_with_the_days_around_it(place: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BATCH", 1)
    monkeypatch.setattr(stage, "FORGET_EVERY", 1)
    place.add("a", LONG, hour=-24 * 300)
    place.add("b", LONG.replace("alten ", ""), hour=-24 * 299)
    place.add("c", LONG.replace("alten ", ""), hour=-24 * 200)
    assert place.found() == {"b": "a"}, "what is 100 days later is another voice, and b is no original"
    assert not place.store.value("SELECT count(*) FROM likeness_bands")


def test_a_kill_between_two_batches_loses_nothing(place: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BATCH", 1)
    place.add("b", ADVERT, hour=1)
    place.add("a", ADVERT)
    stop = threading.Event()
    stop.set()
    assert stage.group(place.store, now=NOW, stop=stop) == 1
    assert place.stored() == {}
    assert place.found() == {"b": "a"}


def test_what_keeps_others_waiting_is_begun_again_with_fewer(
    place: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    pending = duplicates.pending

    def noted(store: Store, limit: int) -> list[duplicates.Post]:
        sizes.append(limit)
        return pending(store, limit)

    monkeypatch.setattr(duplicates, "pending", noted)
    monkeypatch.setattr(stage, "HOLD", -1.0)
    place.add("a", ADVERT)
    place.add("b", ADVERT, hour=1)
    assert place.found() == {"b": "a"}
    assert sizes[:4] == [500, 50, 5, 1], "and the two of them, one by one"


def test_a_mention_is_compared_with_the_eldest_of_many(place: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "MOST", 2)
    for number, name in enumerate("abcd"):
        place.add(name, f"{ADVERT} Los {number}", hour=number)
    place.add("e", f"{ADVERT} Los 3", hour=5)
    monkeypatch.setattr(
        stage, "keys_of", lambda batch: [Keys(one.post.id, one.post.at, [7], []) for one in batch]
    )
    assert place.found() == {}, "d would be the third"
    monkeypatch.setattr(stage, "MOST", 4)
    duplicates.compare_anew(place.store)
    assert place.found() == {"e": "d"}


def test_a_review_that_gets_other_stars_is_a_voice_of_its_own(place: Group) -> None:
    place.add("a", ADVERT, rating=5)
    place.add("b", ADVERT, hour=1, rating=5)
    assert place.found() == {"b": "a"}
    place.add("b", ADVERT, hour=1, rating=1)
    assert place.found() == {}


def test_of_many_copies_only_the_original_looks_at_all(place: Group) -> None:
    """An elder post that comes last takes all copies over; the work grows with them, not with their square."""

    def asked(copies: int) -> int:
        for number in range(copies):
            place.add(f"{copies}-{number}", f"{LONG} {copies}", hour=1 + number)
        place.found()
        place.add(f"{copies}-elder", f"{LONG} {copies}")
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        place.store._conn.set_progress_handler(count, 100)  # noqa: SLF001 - SQLite's own steps, which no clock blurs
        found = place.found()
        place.store._conn.set_progress_handler(None, 100)  # noqa: SLF001 - see above
        assert sum(original == f"{copies}-elder" for original in found.values()) == copies
        return steps

    assert asked(120) < 6 * asked(40)
