"""Whatever a platform does: the right end, the right next poll, one log line, and the neighbour notices nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from listener import config, registry
from listener.config import Config
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import World
from listener.stages.poll import poll
from storage.store import Store, moment
from tests.connectors.contract.weather import FLOOD, halved
from tests.connectors.test_contract import Board, Honest
from tests.connectors.test_contract import TestHonest as Suite

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SOURCE = """
[[sources]]
connector = "board"
name = "{name}"
base_url = "{url}"
key_env = "BOARD_KEY"
pause = 0
timeout = 0.5
"""
ROUND = Weather(status=302, headers={"Location": "/posts"})
IN_TWO_HOURS = Weather(status=429)
"""With a date for an answer, which the test sets."""
INSIDE = Weather(status=302, headers={"Location": "http://192.168.0.1/admin"})


@pytest.fixture
def platforms() -> Iterator[tuple[Sandbox, Sandbox]]:
    """Two sandboxes with the same board, one for each source."""
    now = datetime.now(UTC).replace(microsecond=0)
    suite = Suite()
    worlds = [
        World([suite.post(number, now - HOUR * number, platform="board") for number in range(1, 8)], now)
        for _ in range(2)
    ]
    with Sandbox(worlds[0], [Board(worlds[0])]) as one, Sandbox(worlds[1], [Board(worlds[1])]) as other:
        yield one, other


@pytest.fixture
def settings(platforms: tuple[Sandbox, Sandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    real = registry.load
    monkeypatch.setenv("BOARD_KEY", "secret-of-the-board")
    monkeypatch.setattr(registry, "BUILTIN", (*registry.BUILTIN, "board"))
    monkeypatch.setattr(registry, "load", lambda name: Honest if name == "board" else real(name))
    path = tmp_path / "config.toml"
    sources = [
        SOURCE.format(name=name, url=one.url("board"))
        for name, one in zip(("Wind", "Calm"), platforms, strict=True)
    ]
    path.write_text('[[brands]]\nname = "Brotwerk"\nquery = "brotwerk"\n' + "".join(sources), "utf-8")
    return config.load(path)


def seconds(text: str) -> Weather:
    return Weather(status=429, headers={"Retry-After": text})


SOON = (4 * MINUTE, 6 * MINUTE)
"""The first retry after an error that does not say how long to wait."""


@pytest.mark.parametrize(
    ("weather", "end", "wait"),
    [
        (Weather(status=401), "paused", None),
        (Weather(status=402), "paused", None),
        (Weather(status=403), "paused", None),
        (Weather(status=404), "failed", SOON),
        (Weather(status=410), "failed", SOON),
        (seconds("1200"), "failed", (19 * MINUTE, 21 * MINUTE)),
        (IN_TWO_HOURS, "failed", (119 * MINUTE, 121 * MINUTE)),
        (Weather(status=429), "failed", SOON),
        (seconds("soon"), "failed", SOON),
        (seconds("99999999999"), "failed", (DAY - MINUTE, DAY + MINUTE)),
        (Weather(status=500), "failed", SOON),
        (Weather(status=502, body="<html>\n<h1>Bad Gateway</h1></html>"), "failed", SOON),
        (Weather(delay=1.2), "failed", SOON),
        (Weather(cut=15), "failed", SOON),
        (Weather(change=halved), "failed", SOON),
        (Weather(body={"posts": 7}), "failed", SOON),
        (Weather(body={"posts": None, "more": None}), "failed", SOON),
        (Weather(body=FLOOD), "failed", SOON),
        (ROUND, "failed", SOON),
        (INSIDE, "failed", SOON),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Weather) else None,
)
def test_each_weather_has_its_end(
    settings: Config,
    platforms: tuple[Sandbox, Sandbox],
    weather: Weather,
    end: str,
    wait: tuple[timedelta, timedelta] | None,
) -> None:
    if weather is IN_TWO_HOURS:
        until = format_datetime(datetime.now(UTC) + 2 * HOUR, usegmt=True)
        weather = replace(weather, headers={"Retry-After": until})
    platforms[0].weather("board", weather, times=60)
    with capture_logs() as logged:
        outcomes = {one.source: one for one in poll(settings)}
    assert (outcomes["Wind"].status, outcomes["Calm"].status) == (end, "ok")
    assert outcomes["Calm"].result.new == 7
    lines = [line for line in logged if line.get("error")]
    assert len(lines) == 1, "one line, and no traceback"
    assert "\n" not in lines[0]["error"]
    assert "internal error" not in lines[0]["error"]
    assert "secret-of-the-board" not in str(logged)
    rows = states(settings)
    assert (rows["Wind"]["failures"], rows["Calm"]["failures"]) == (1, 0)
    if wait is None:
        assert rows["Wind"]["paused_at"]
    else:
        assert wait[0] < moment(rows["Wind"]["next_poll_at"]) - datetime.now(UTC) < wait[1]


def states(settings: Config) -> dict[str, Any]:
    with Store(settings.database) as store:
        return {row["name"]: dict(row) for row in store.rows("SELECT * FROM sources")}


def test_fair_weather_again_and_nothing_was_lost(
    settings: Config, platforms: tuple[Sandbox, Sandbox]
) -> None:
    platforms[0].weather("board", Weather(cut=15), times=60)
    poll(settings)
    platforms[0].clear("board")
    assert {one.source: one.result.new for one in poll(settings, only=["Wind"])} == {"Wind": 0}
    with Store(settings.database) as store:
        assert store.value("SELECT count(*) FROM mentions") == 7
    assert states(settings)["Wind"]["last_error"] is None
