"""Known posts are read again at their ages, their counts become history, and deletions reach the disk."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import base
from listener import config, registry
from listener.config import Config
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import World
from listener.stages.aggregate import aggregate
from listener.stages.compose import compose, record
from listener.stages.poll import poll, sync
from listener.stages.prune import prune
from listener.stages.refresh import refresh
from listener.stages.score import load_scorer, score
from storage import ledger, pages
from storage.store import Store, moment, stamp
from tests.connectors.test_contract import Board, BoardSettings, Honest
from tests.connectors.test_contract import TestHonest as Suite

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONFIG = """
[[brands]]
name = "Brotwerk"
query = "brotwerk"

[[sources]]
connector = "board"
base_url = "{url}"
key_env = "BOARD_KEY"
pause = 0
{keys}
"""


class Kept(Honest):
    """The board, with terms that let nothing stay unconfirmed for a month."""

    upkeep = base.Upkeep(batch=2, recheck=20 * DAY, unconfirmed=30 * DAY)


@pytest.fixture
def world() -> World:
    now = datetime.now(UTC).replace(microsecond=0)
    suite = Suite()
    posts = [suite.post(number, now - HOUR * number - timedelta(minutes=5)) for number in range(1, 8)]
    return World([replace(post, platform="board") for post in posts], now)


@pytest.fixture
def sandbox(world: World) -> Iterator[Sandbox]:
    with Sandbox(world, [Board(world)]) as running:
        yield running


@pytest.fixture
def configured(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Config]:
    monkeypatch.setenv("BOARD_KEY", "secret")
    real = registry.load
    monkeypatch.setattr(registry, "BUILTIN", (*registry.BUILTIN, "board"))
    monkeypatch.setattr(registry, "load", lambda name: Kept if name == "board" else real(name))

    def load(keys: str = "", add: str = "") -> Config:
        path = tmp_path / "config.toml"
        path.write_text(CONFIG.format(url=sandbox.url("board"), keys=keys) + add, "utf-8")
        return config.load(path)

    return load


def make_due(settings: Config) -> None:
    """As if all checks had come."""
    with Store(settings.database) as store, store.transaction():
        store.execute("UPDATE mentions SET check_at = ?", [stamp(datetime.now(UTC) - HOUR)])


def polled(settings: Config) -> Config:
    poll(settings)
    return settings


def history(settings: Config, number: int) -> list[int]:
    with Store(settings.database) as store:
        rows = store.rows(
            "SELECT e.likes FROM engagement_snapshots e JOIN mentions m ON m.id = e.mention_id"
            " WHERE m.platform_id = ? ORDER BY taken_at",
            [str(number)],
        )
    return [row["likes"] for row in rows]


def test_counts_become_history_at_each_age(configured: Callable[..., Config], world: World) -> None:
    settings = polled(configured())
    assert refresh(settings) == [], "nothing is due at once"
    for likes in (900, 901):
        world.edit(1, likes=likes)
        make_due(settings)
        time.sleep(1.1)  # a snapshot's time is told in seconds
        (outcome,) = refresh(settings)
        assert (outcome.status, outcome.result.updated, outcome.pages) == ("ok", 1, 4)
    assert history(settings, 1) == [201, 900, 901]
    assert history(settings, 2) == [202], "no snapshot where nothing has changed"


def test_the_next_check_is_at_the_next_age(configured: Callable[..., Config]) -> None:
    settings = polled(configured('refresh = ["2h", "5h"]'))
    with Store(settings.database) as store:
        rows = store.rows("SELECT platform_id, published_at, check_at FROM mentions ORDER BY id DESC")
    ages = {row[0]: row[2] and moment(row[2]) - moment(row[1]) for row in rows}
    assert ages["1"] == 2 * HOUR
    assert ages["3"] == 5 * HOUR
    with Store(settings.database) as store:
        wait = store.value("SELECT check_at FROM mentions WHERE platform_id = '7'")
    assert timedelta(days=19) < moment(wait) - datetime.now(UTC) <= timedelta(days=20), "then the recheck"


def test_deleted_upstream_is_deleted_here(configured: Callable[..., Config], world: World) -> None:
    settings = polled(configured())
    world.delete(2)
    make_due(settings)
    (outcome,) = refresh(settings)
    assert outcome.result.gone == 1
    poll(settings, only=["board"])
    with Store(settings.database) as store:
        assert store.value("SELECT count(*) FROM mentions") == 6
        assert store.value("SELECT platform_id FROM tombstones") == "2"


def test_an_edit_that_takes_the_brand_out_unties_it(configured: Callable[..., Config], world: World) -> None:
    settings = polled(configured())
    world.edit(3, text="entry 3 is about nothing")
    make_due(settings)
    refresh(settings)
    with Store(settings.database) as store:
        assert store.value("SELECT count(*) FROM mention_brands") == 6


@pytest.mark.parametrize(
    ("weather", "least", "most"),
    [
        (Weather(status=429, headers={"Retry-After": "600"}), timedelta(minutes=9), timedelta(minutes=11)),
        (Weather(status=500), timedelta(minutes=29), timedelta(minutes=31)),
        (Weather(status=401), 5 * HOUR, 7 * HOUR),
    ],
)
def test_after_an_error_the_posts_wait_and_nothing_is_lost(
    configured: Callable[..., Config], sandbox: Sandbox, weather: Weather, least: timedelta, most: timedelta
) -> None:
    settings = polled(configured())
    make_due(settings)
    sandbox.weather("board", weather, times=9)
    (outcome,) = refresh(settings)
    assert outcome.status == "failed"
    assert refresh(settings) == [], "not before the wait is over"
    with Store(settings.database) as store:
        assert store.value("SELECT count(*) FROM mentions") == 7
        assert store.value("SELECT failures FROM sources") == 0, "polling goes on"
        wait = moment(store.value("SELECT min(check_at) FROM mentions")) - datetime.now(UTC)
    assert least < wait < most


def test_a_months_budget_ends_it_before_it_is_crossed(
    configured: Callable[..., Config], sandbox: Sandbox
) -> None:
    settings = polled(configured(add="\n[budget.board]\ncalls = 4\n"))
    before = len(sandbox.requests("board"))
    make_due(settings)
    (outcome,) = refresh(settings)
    assert outcome.error == "the month's budget of calls is used up"
    assert len(sandbox.requests("board")) == 4 > before
    with Store(settings.database) as store:
        assert ledger.used(store, "board", datetime.now(UTC)).calls == 4


def test_a_stop_ends_after_the_batch_in_hand(configured: Callable[..., Config]) -> None:
    settings = polled(configured())
    make_due(settings)
    stop = threading.Event()
    stop.set()
    (outcome,) = refresh(settings, stop=stop)
    assert (outcome.status, outcome.pages) == ("stopped", 0)


def test_prune_deletes_what_the_terms_let_stay_no_longer(configured: Callable[..., Config]) -> None:
    settings = polled(configured())
    with Store(settings.database) as store:
        assert prune(store, settings).total == 0
        done = prune(store, settings, now=datetime.now(UTC) + 31 * DAY)
        assert done.unconfirmed == 7
        assert store.value("SELECT count(*) FROM mentions") == 0


def test_prune_keeps_as_long_as_the_operator_says(configured: Callable[..., Config]) -> None:
    settings = polled(configured(add='\n[retention]\nkeep = "4h"\n'))
    with Store(settings.database) as store:
        with store.transaction():
            store.execute("DELETE FROM score_queue")  # as if the model had read all
            store.execute("DELETE FROM duplicate_queue")  # and all had been compared
        assert prune(store, settings).old == 4
    settings = configured(add='\n[retention]\nkeep = "4h"\nplatforms = { board = "2h" }\n')
    with Store(settings.database) as store:
        assert prune(store, settings).old == 2
        assert store.value("SELECT count(*) FROM mentions") == 1


def test_prune_ends_when_its_time_is_over_and_says_so(configured: Callable[..., Config]) -> None:
    settings = polled(configured())
    with Store(settings.database) as store:
        done = prune(store, settings, now=datetime.now(UTC) + 31 * DAY, longest=0)
        assert (done.total, done.complete) == (0, False)


def test_what_nobody_asks_for_any_more_is_not_read_again(
    configured: Callable[..., Config], monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    settings = polled(configured('refresh = ["2h"]'))
    make_due(settings)
    monkeypatch.setattr(Kept, "upkeep", base.Upkeep(batch=2, ages=()))
    before = len(sandbox.requests("board"))
    assert refresh(configured()) == []
    assert len(sandbox.requests("board")) == before
    with Store(settings.database) as store:
        assert store.value("SELECT count(*) FROM mentions WHERE check_at IS NOT NULL") == 0


def test_a_cost_is_noted_even_where_its_page_cannot_be_stored(
    configured: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(pages, "add_page", full)
    settings = configured()
    (outcome,) = poll(settings)
    assert outcome.status == "failed"
    with Store(settings.database) as store:
        assert ledger.used(store, "board", datetime.now(UTC)).calls == 1


def test_the_files_of_digests_forget_what_was_deleted(
    configured: Callable[..., Config], world: World
) -> None:
    day = (datetime.now(UTC) - DAY).replace(hour=9)
    world.edit(7, published_at=day, text="Brotwerk entry 7 ist das Letzte, nie wieder!")
    settings = polled(configured())
    with Store(settings.database) as store:
        score(store, load_scorer(settings))
        aggregate(store)
        record(store, settings, "Brotwerk", day.date(), now=datetime.now(UTC), send=False)
        page = next(settings.digest_folder.glob("*.txt"))
        assert "nie wieder" in page.read_text("utf-8")
        world.delete(7)
        make_due(settings)
        refresh(settings)
        compose(store, settings)
        texts = [one.read_text("utf-8") for one in settings.digest_folder.iterdir()]
    assert len(texts) == 3
    assert not any("nie wieder" in text for text in texts)


def test_sources_with_one_budget_take_turns_and_leave_the_others_their_place(
    configured: Callable[..., Config], sandbox: Sandbox
) -> None:
    url = sandbox.url("board")
    again = "".join(
        f'\n[[sources]]\nconnector = "board"\nname = "b{n}"\nbase_url = "{url}"\nkey_env = "BOARD_KEY"\npause = 0\n'
        for n in range(5)
    )
    outcomes = poll(configured(add=f"{again}\n[budget.board]\ncalls = 4\n"))
    assert sorted(one.status for one in outcomes) == ["failed"] * 4 + ["ok"] * 2
    assert len(sandbox.requests("board")) == 4


def test_accepted_terms_hold_for_all_sources_of_a_platform_or_for_none(
    configured: Callable[..., Config], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terms(BoardSettings):
        derived_metrics_accepted: bool = False

    monkeypatch.setattr(Kept, "Settings", Terms)
    monkeypatch.setattr(Kept, "own_rates", True, raising=False)

    def apart(keys: str) -> str | None:
        settings = configured(keys)
        with Store(settings.database) as store:
            sync(store, settings, datetime.now(UTC))
            return store.meta("apart")

    assert apart("derived_metrics_accepted = true") is None
    assert apart("") == '["board"]'
    monkeypatch.delenv("BOARD_KEY")
    assert apart("derived_metrics_accepted = true") == "[]", "whether or not the key is there"
