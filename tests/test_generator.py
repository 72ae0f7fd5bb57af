"""The made-up mentions of the benchmarks are like the real ones, and the same each time."""

from collections import Counter
from itertools import islice, pairwise

import pytest

from benchmarks import generator
from benchmarks.generator import COPIES, LANGUAGES, Post

COUNT = 4000


@pytest.fixture(scope="module")
def rows() -> list[Post]:
    return list(generator.rows(COUNT, seed=3, days=60))


def test_the_same_seed_makes_the_same_posts(rows: list[Post]) -> None:
    assert list(islice(generator.rows(COUNT, seed=3, days=60), 300)) == rows[:300]
    assert list(islice(generator.rows(COUNT, seed=4, days=60), 300)) != rows[:300]


def test_posts_come_in_order_of_time_and_name_their_brands(rows: list[Post]) -> None:
    names = generator.brand_names()
    assert [row.serial for row in rows] == list(range(COUNT))
    assert all(one.published <= two.published for one, two in pairwise(rows))
    assert all(one.platform_id < two.platform_id for one, two in pairwise(rows))
    assert all(names[brand] in row.text for row in rows for brand in row.brands)


def test_copies_say_what_their_originals_say(rows: list[Post]) -> None:
    copies = [row for row in rows if row.original is not None]
    assert len(copies) / COUNT == pytest.approx(COPIES, abs=0.02)
    for copy in copies:
        original = rows[copy.original or 0]
        assert original.original is None
        assert original.serial < copy.serial
        assert copy.text.startswith(original.text)
    said = Counter(row.text for row in rows if row.original is None)
    assert len(said) > 0.99 * said.total(), "hardly two that are no copies say the same"


def test_few_write_much_and_some_days_are_bad(rows: list[Post]) -> None:
    writers = Counter((row.platform, row.author) for row in rows if row.author).most_common()
    tenth = sum(count for _, count in writers[: len(writers) // 10])
    assert tenth > 0.3 * COUNT
    days = Counter(row.published // 86400 for row in rows if row.brands[0] == 0)
    usual = sorted(days.values())[len(days) // 2]
    assert max(days.values()) > 3 * usual
    weekends = sum(count for day, count in days.items() if (day + 3) % 7 >= 5)
    assert 0 < weekends < sum(days.values()) * 2 / 7


def test_languages_lengths_and_what_platforms_give(rows: list[Post]) -> None:
    spoken = Counter(row.language for row in rows)
    assert set(spoken) == set(LANGUAGES)
    assert spoken["en"] / COUNT == pytest.approx(LANGUAGES["en"], abs=0.05)
    assert 20 < sum(len(row.text.split()) for row in rows) / COUNT < 35
    by_kind = {row.kind: row for row in rows}
    assert set(by_kind) == {"post", "comment", "review", "article"}
    assert by_kind["review"].rating is not None
    assert by_kind["article"].likes is None
    assert all(row.rating is None for row in rows if row.kind != "review")


def test_mentions_are_the_rows_as_connectors_give_them(rows: list[Post]) -> None:
    mentions = list(islice(generator.posts(COUNT, seed=3, days=60), 200))
    assert [one.platform_id for one in mentions] == [row.platform_id for row in rows[:200]]
    assert [int(one.published_at.timestamp()) for one in mentions] == [row.published for row in rows[:200]]
    assert [one.engagement.likes for one in mentions] == [row.likes for row in rows[:200]]


def test_as_many_brands_as_wanted() -> None:
    names = generator.brand_names(300)
    assert len(set(names)) == 300
    assert generator.brand_names(3) == names[:3]
    assert {brand for row in generator.rows(500, brands=300, days=5) for brand in row.brands} <= set(
        range(300)
    )
