"""Own accounts, employees and excluded authors are kept and not counted, whenever they were put on their list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listener import config as configuration
from listener.config import Config, ConfigError
from listener.exclusion import Excluded
from listener.stages.aggregate import aggregate
from listener.stages.poll import sync
from listener.watching import matching
from storage import daily, exclusions, pages
from storage.records import Author, Exclusion, Kind, Mention
from storage.store import Store

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def configured(folder: Path, acme: str = "", everywhere: str = "") -> Config:
    path = folder / "config.toml"
    path.write_text(
        f"[listener]\n{everywhere}\n"
        f'[[brands]]\nname = "Acme"\nquery = "acme"\n{acme}\n'
        '[[brands]]\nname = "Bolt"\nquery = "bolt"\n'
        '[[sources]]\nconnector = "hackernews"\n',
        "utf-8",
    )
    return configuration.load(path)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "listener.db") as opened:
        yield opened


def keep(store: Store, config: Config, *said: tuple[str, Author | None]) -> None:
    """One mention of both brands per platform and author, a day apart, as a poll would store it."""
    sync(store, config, NOW)
    match = matching(config, config.sources[0])
    mentions = [
        Mention(
            platform=platform,
            platform_id=f"{platform}{number}",
            kind=Kind.POST,
            published_at=NOW - timedelta(days=number),
            text="Acme and Bolt",
            author=author,
        )
        for number, (platform, author) in enumerate(said)
    ]
    pages.add_page(store, 1, map(match, mentions), brands=["Acme", "Bolt"], now=NOW)
    aggregate(store)


def counted(store: Store) -> dict[str, int]:
    rows = store.rows("SELECT brand, sum(mentions) FROM daily_brand_metrics GROUP BY brand ORDER BY brand")
    return {row[0]: row[1] for row in rows}


def excluded(store: Store) -> set[tuple[str, str, str]]:
    found = store.rows(
        "SELECT brand, author, excluded_as FROM mention_overview WHERE own_account = 1"
        " UNION ALL SELECT brand, author, excluded_as FROM mention_overview"
        " WHERE own_account = 0 AND excluded_as IS NOT NULL"
    )
    return {tuple(row) for row in found}


def author(handle: str, url: str | None = None) -> Author:
    return Author(platform_id=handle, handle=handle, url=url)


ANNA, BERT = author("Anna"), author("bert")


def test_every_list_has_its_reason_and_the_strongest_wins(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        'own_accounts = ["x:acme"]\nemployees = ["anna", "acme"]\nexcluded_authors = ["anna", "bot"]',
        'excluded_authors = ["bot", "x:bert"]',
    )
    found = Excluded(config)
    assert found.of("x", author("acme")) == {"Acme": Exclusion.OWN_ACCOUNT}
    assert found.of("x", ANNA) == {"Acme": Exclusion.EMPLOYEE}
    assert found.of("x", author("bot")) == {"Acme": Exclusion.AUTHOR, "Bolt": Exclusion.AUTHOR}
    assert found.of("x", BERT) == {"Acme": Exclusion.AUTHOR, "Bolt": Exclusion.AUTHOR}
    assert found.of("reddit", BERT) == {}
    assert found.of("x", None) == {}
    assert found.of("rss", Author(platform_id="1", name="Bot")) == found.of("x", author("bot"))
    assert found.of("rss", Author(platform_id="1", name="Bot", handle="b")) == {}


@pytest.mark.parametrize(
    ("entry", "platform", "handle", "url", "named"),
    [
        ("@Anna", "x", "anna", None, True),
        ("anna", "x", "@ANNA", None, True),
        ("anna", "x", "anna_b", None, False),
        ("X:@Anna", "x", "anna", None, True),
        ("reddit:anna", "x", "anna", None, False),
        ("anna", "mastodon", "anna", "https://example.social/@anna", True),
        ("anna", "mastodon", "Anna@example.social", None, True),
        ("@anna@Example.social", "mastodon", "anna@example.social", None, True),
        ("anna@example.social", "mastodon", "anna", "https://example.social/@anna", True),
        ("anna@example.social", "mastodon", "anna", "https://other.social/@anna", False),
        ("anna@example.social", "mastodon", "anna@other.social", None, False),
        ("mastodon:anna@example.social", "mastodon", "anna", "https://example.social/@anna", True),
        ("anna@example.social", "mastodon", "anna", None, False),
        ("anna@example.social", "mastodon", "anna", "https://Example.social", True),
        ("anna@example.social", "mastodon", "anna", "http://[", False),
        ("anna", "mailbox", "anna@example.org", None, False),
        ("anna@example.org", "mailbox", "anna@example.org", None, True),
        ("dpa/AFP", "rss", "dpa/AFP", None, True),
    ],
)
def test_how_an_account_may_be_written(
    tmp_path: Path, entry: str, platform: str, handle: str, url: str | None, named: bool
) -> None:
    found = Excluded(configured(tmp_path, f'employees = ["{entry}"]')).of(platform, author(handle, url))
    assert found == ({"Acme": Exclusion.EMPLOYEE} if named else {})


@pytest.mark.parametrize("entry", ["", "@", "x:", " ", "https://x.com/anna"])
def test_what_is_no_account_is_refused(tmp_path: Path, entry: str) -> None:
    with pytest.raises(ConfigError, match="is no handle"):
        configured(tmp_path, f'employees = ["{entry}"]')


def test_on_a_list_from_the_start(store: Store, tmp_path: Path) -> None:
    keep(store, configured(tmp_path, 'employees = ["anna"]'), ("x", ANNA), ("x", BERT), ("x", None))
    assert counted(store) == {"Acme": 2, "Bolt": 3}
    assert excluded(store) == {("Acme", "Anna", "employee")}


@pytest.mark.parametrize("batch", [1, 5000])
def test_put_on_a_list_and_taken_off_again(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(exclusions, "BATCH", batch)
    keep(store, configured(tmp_path), ("x", ANNA), ("reddit", ANNA), ("x", BERT), ("x", ANNA))
    assert counted(store) == {"Acme": 4, "Bolt": 4}
    for lists, everywhere, figures, marked in (
        ('employees = ["@ANNA"]', "", {"Acme": 1, "Bolt": 4}, {("Acme", "Anna", "employee")}),
        ('own_accounts = ["anna"]', "", {"Acme": 1, "Bolt": 4}, {("Acme", "Anna", "own account")}),
        ('employees = ["reddit:anna"]', "", {"Acme": 3, "Bolt": 4}, {("Acme", "Anna", "employee")}),
        (
            "",
            'excluded_authors = ["bert"]',
            {"Acme": 3, "Bolt": 3},
            {(brand, "bert", "excluded author") for brand in ("Acme", "Bolt")},
        ),
        ("", "", {"Acme": 4, "Bolt": 4}, set()),
    ):
        sync(store, configured(tmp_path, lists, everywhere), NOW)
        aggregate(store)
        assert counted(store) == figures
        assert excluded(store) == marked


def test_only_the_days_of_the_authors_are_computed_anew(store: Store, tmp_path: Path) -> None:
    keep(store, configured(tmp_path), ("x", ANNA), ("x", BERT), ("x", ANNA))
    sync(store, configured(tmp_path, 'employees = ["bert"]'), NOW)
    assert [one.day for one in daily.dirty(store, 9)] == ["2026-11-19"]


def test_nothing_is_done_while_the_lists_are_the_same(store: Store, tmp_path: Path) -> None:
    config = configured(tmp_path, 'employees = ["anna", "bert"]')
    keep(store, config, ("x", ANNA))
    with store.transaction():
        store.execute("UPDATE mention_brands SET own = 0, excluded_as = NULL")
    same = configured(tmp_path, 'employees = ["@Bert", "Anna"]')
    sync(store, same, NOW)
    assert excluded(store) == set()
    sync(store, configured(tmp_path, 'employees = ["anna"]'), NOW)
    assert excluded(store) == {("Acme", "Anna", "employee")}


def test_a_brand_that_is_no_longer_configured_is_left_alone(store: Store, tmp_path: Path) -> None:
    keep(store, configured(tmp_path, "", 'excluded_authors = ["anna"]'), ("x", ANNA))
    text = (tmp_path / "config.toml").read_text("utf-8").replace('name = "Bolt"', 'name = "Other"')
    (tmp_path / "config.toml").write_text(text.replace('["anna"]', "[]"), "utf-8")
    sync(store, configuration.load(tmp_path / "config.toml"), NOW)
    assert excluded(store) == {("Bolt", "Anna", "excluded author")}
