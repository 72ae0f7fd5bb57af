"""The poll stage over seven real connectors and the sandbox: sources apart, pages whole, nothing lost."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from connectors.base import Cursor, Page, Watch
from connectors.errors import RetryLater
from connectors.hackernews import HackerNews
from listener import registry
from listener.config import Config
from listener.sandbox.demo import PLATFORMS
from listener.sandbox.server import Sandbox, Weather
from listener.stages import poll as stage
from listener.stages.poll import poll
from listener.workers import Outcome
from storage import ledger, sources
from storage.store import Store, moment

Configure = Callable[..., Config]


def by_source(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {one.source: one for one in outcomes}


def found(config: Config) -> set[tuple[str, ...]]:
    with Store(config.database) as store:
        rows = store.rows("SELECT brand, platform, platform_id, text, matched_term FROM mention_overview")
        return {tuple(row) for row in rows}


def row(config: Config, source: str) -> dict[str, Any]:
    with Store(config.database) as store:
        return dict(store.rows("SELECT * FROM sources WHERE name = ?", [source])[0])


def test_all_seven_connectors_fill_the_database_once(configure: Configure) -> None:
    config = configure()
    first = poll(config)
    assert {one.status for one in first} == {"ok"}
    mentions = found(config)
    assert len(mentions) >= 300
    assert {platform for _, platform, *_ in mentions} == {face.name for face in PLATFORMS}
    assert {brand for brand, *_ in mentions} == {"Sonnenkorn", "Brotbote", "Krustenhof"}
    again = poll(config, only=[one.source for one in first])
    assert [(one.source, one.result.new) for one in again] == [(one.source, 0) for one in again]
    assert found(config) == mentions


def test_only_what_matches_a_query_is_kept(configure: Configure, sandbox: Sandbox) -> None:
    config = configure()
    poll(config)
    kept = {text for _, platform, _, text, _ in found(config) if platform == "mastodon"}
    homonyms = {
        post.text
        for post in sandbox.world.posts("mastodon")
        if "sonnenkornfeld" in post.text.lower()
        and "sonnenkorn" not in post.text.lower().replace("sonnenkornfeld", "")
    }
    assert homonyms
    assert not kept & homonyms


def test_a_source_that_is_not_due_is_left_alone(configure: Configure) -> None:
    config = configure()
    poll(config)
    assert poll(config) == []
    assert len(poll(config, now=datetime.now(UTC) + timedelta(minutes=11))) == 7


def test_a_failing_source_touches_no_other_and_is_asked_again_later(
    configure: Configure, sandbox: Sandbox
) -> None:
    config = configure()
    sandbox.weather("reddit", Weather(status=502, body="<html>bad gateway</html>"), times=50)
    outcomes = by_source(poll(config))
    assert outcomes["Reddit"].status == "failed"
    assert "\n" not in (outcomes["Reddit"].error or "\n")
    assert {one.status for name, one in outcomes.items() if name != "Reddit"} == {"ok"}
    assert row(config, "Reddit")["failures"] == 1
    sandbox.clear("reddit")
    later = by_source(poll(config, now=datetime.now(UTC) + timedelta(hours=7)))
    assert later["Reddit"].result.new > 0
    assert (row(config, "Reddit")["failures"], row(config, "Reddit")["last_error"]) == (0, None)


def test_a_platform_that_asks_for_patience_gets_it(configure: Configure, sandbox: Sandbox) -> None:
    config = configure()
    sandbox.weather("hackernews", Weather(status=429, headers={"Retry-After": "3600"}), times=50)
    before = datetime.now(UTC)
    assert by_source(poll(config))["Hacker News"].status == "failed"
    wait = moment(row(config, "Hacker News")["next_poll_at"]) - before
    assert timedelta(minutes=59) < wait < timedelta(minutes=61)


def test_a_refused_key_pauses_the_source_until_a_person_acts(configure: Configure, sandbox: Sandbox) -> None:
    config = configure()
    sandbox.weather("x", Weather(status=401), times=50)
    assert by_source(poll(config))["X"].status == "paused"
    sandbox.clear("x")
    in_a_week = datetime.now(UTC) + timedelta(days=7)
    assert "X" not in by_source(poll(config, now=in_a_week))
    with Store(config.database) as store:
        sources.resume_paused(store)
    assert by_source(poll(config))["X"].status == "ok"


def test_a_missing_key_is_named_and_pauses_its_source_only(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEMO_X_TOKEN")
    outcomes = by_source(poll(configure()))
    assert (outcomes["X"].error or "").startswith("the environment variable DEMO_X_TOKEN is not set")
    assert {one.status for name, one in outcomes.items() if name != "X"} == {"ok"}


def test_a_bug_in_a_connector_is_reported_and_the_others_go_on(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Buggy(HackerNews):
        name: ClassVar[str] = "buggy"

        def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:  # noqa: ARG002 - as the contract says
            raise ZeroDivisionError("oops")

    real = registry.load
    monkeypatch.setattr(registry, "load", lambda name: Buggy if name == "hackernews" else real(name))
    outcomes = by_source(poll(configure()))
    assert outcomes["Hacker News"].error == "internal error: ZeroDivisionError: oops"
    assert {one.status for name, one in outcomes.items() if name != "Hacker News"} == {"ok"}


def test_a_backlog_over_the_page_limit_is_finished_by_the_next_polls(configure: Configure) -> None:
    whole = configure()
    poll(whole)
    expected = found(whole)
    whole.database.unlink()
    config = configure(('backfill = "60d"', 'backfill = "60d"\nmax_pages = 1'))
    when, rounds = datetime.now(UTC), 0
    while found(config) != expected:
        outcomes = poll(config, now=when)
        assert all(one.pages <= 1 for one in outcomes)
        when, rounds = when + timedelta(minutes=2), rounds + 1
        assert rounds < 40, "a listing is starved by those before it"
    assert rounds > 3


def test_a_stop_finishes_the_page_in_hand_and_the_next_poll_goes_on(configure: Configure) -> None:
    config = configure()
    stop = threading.Event()
    stop.set()
    outcomes = poll(config, stop=stop)
    assert {one.status for one in outcomes} <= {"stopped"}
    assert all(one.pages <= 1 for one in outcomes)
    poll(config)
    assert len(found(config)) >= 300


def test_own_posts_are_kept_but_marked(configure: Configure) -> None:
    config = configure()
    poll(config)
    with Store(config.database) as store:
        own = store.rows("SELECT DISTINCT brand, author FROM mention_overview WHERE own_account = 1")
    assert ("Sonnenkorn", "sonnenkorn") in {tuple(one) for one in own}
    assert all(brand.lower() == author.lower() for brand, author in own)


def test_a_months_calls_are_not_exceeded(configure: Configure) -> None:
    config = configure(add="\n[budget.hackernews]\ncalls = 2\n")
    first = by_source(poll(config))["Hacker News"]
    assert (first.pages, first.status) == (2, "failed")
    later = by_source(poll(config, now=datetime.now(UTC) + timedelta(hours=1)))["Hacker News"]
    assert later.error == "the month's budget of calls is used up"
    with Store(config.database) as store:
        assert ledger.used(store, "hackernews", datetime.now(UTC)).calls == 2


def test_two_sources_share_one_budget(configure: Configure) -> None:
    again = '[[sources]]\nconnector = "hackernews"\nname = "HN again"\nbackfill = "60d"\nbase_url = '
    config = configure(("[sentiment]", "[budget.hackernews]\ncalls = 3\n\n[sentiment]"))
    second = again + f'"{config.sources[0].settings.base_url}"\n' if config.sources[0].settings else ""
    config = configure(("[sentiment]", f"{second}\n[budget.hackernews]\ncalls = 3\n\n[sentiment]"))
    outcomes = by_source(poll(config))
    assert outcomes["Hacker News"].pages + outcomes["HN again"].pages == 3


def test_money_spent_is_in_the_ledger(configure: Configure) -> None:
    config = configure()
    poll(config)
    with Store(config.database) as store:
        used = ledger.used(store, "x", datetime.now(UTC))
        posts = store.value("SELECT count(*) FROM mentions WHERE platform = 'x'")
    assert used.calls >= 1
    assert used.micro_usd >= posts * 5000


def test_an_error_is_kept_as_one_harmless_line_without_the_key(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Telltale(HackerNews):
        def poll(self, watch: Watch, cursor: Cursor | None) -> Iterator[Page]:  # noqa: ARG002 - as the contract says
            raise RetryLater("it said\n\ud800\x1b[31m sandbox-bearer-token")

    real = registry.load
    monkeypatch.setattr(registry, "load", lambda name: Telltale if name == "hackernews" else real(name))
    config = configure()
    assert by_source(poll(config))["Hacker News"].error == "it said \ufffd\ufffd[31m ***"
    assert row(config, "Hacker News")["last_error"] == "it said \ufffd\ufffd[31m ***"


def test_a_key_that_no_header_may_hold_is_not_repeated(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEMO_X_TOKEN", "half\nother-half")
    outcome = by_source(poll(configure()))["X"]
    assert outcome.status == "paused"
    assert "half" not in (outcome.error or "")


def test_a_poll_that_cannot_be_noted_takes_no_other_with_it(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sources.succeeded

    def breaking(store: Store, source_id: int, **named: Any) -> None:
        if source_id == 1:
            raise OSError("disk full")
        real(store, source_id, **named)

    monkeypatch.setattr(sources, "succeeded", breaking)
    outcomes = by_source(poll(configure()))
    assert outcomes["Hacker News"].error == "internal error: OSError: disk full"
    assert {one.status for name, one in outcomes.items() if name != "Hacker News"} == {"ok"}


def test_a_slow_source_gives_way_and_goes_on_later(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "LONGEST_POLL", 0.0)
    config = configure()
    first = by_source(poll(config, only=["Mastodon"]))["Mastodon"]
    assert (first.pages, first.status) == (1, "more")
    monkeypatch.undo()
    assert by_source(poll(config, only=["Mastodon"]))["Mastodon"].result.new > 0


def test_a_source_that_keeps_failing_is_asked_ever_more_seldom_but_not_never() -> None:
    every = timedelta(hours=6)
    waits = [stage._backoff(every, failures) for failures in range(12)]  # noqa: SLF001 - the formula itself
    assert timedelta(minutes=4.5) <= waits[0] <= timedelta(minutes=5.5)
    assert timedelta(minutes=18) <= waits[2] <= timedelta(minutes=22)
    assert stage._backoff(timedelta(seconds=90), 0) < timedelta(minutes=2)  # noqa: SLF001 - as above
    assert max(waits) <= timedelta(hours=6.6)
