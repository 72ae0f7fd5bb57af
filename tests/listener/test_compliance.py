"""`listener compliance`: what was deleted on X is deleted here, asked for by a job or applied by hand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from listener.cli import main
from listener.commands import compliance
from listener.sandbox.platforms import x as face
from listener.sandbox.server import Sandbox, Weather
from listener.sandbox.world import Post, World
from storage.records import Kind
from storage.store import Store

NOW = datetime.now(UTC).replace(microsecond=0)

CONFIG = """
[listener]
database = "{folder}/listener.db"

[[brands]]
name = "Brotwerk"
query = "brotwerk"

[[sources]]
connector = "x"
name = "X"
base_url = "{url}"
pause = 0
bearer_token_env = "X_TOKEN"
author_details = false
"""


@dataclass
class Place:
    """Three stored posts, of which X has deleted one since."""

    folder: Path
    world: World
    sandbox: Sandbox

    def listener(self, *words: object) -> Result:
        path = self.folder / "config.toml"
        return CliRunner().invoke(main, [str(words[0]), "-c", str(path), *map(str, words[1:])])

    def stored(self) -> list[str]:
        with Store(self.folder / "listener.db") as store:
            return [row[0] for row in store.rows("SELECT platform_id FROM mentions ORDER BY platform_id")]

    def asked(self) -> list[str]:
        return [f"{one.method} {one.path.split('/')[1]}" for one in self.sandbox.requests("x")]


def post(number: int) -> Post:
    at = NOW - timedelta(hours=number)
    return Post(
        id=number, platform="x", kind=Kind.POST, published_at=at, author="ada", text=f"Brotwerk {number}"
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("X_TOKEN", "t0ken")
    monkeypatch.setattr(compliance, "CHECK_EVERY", 0)
    world = World([post(1), post(2), post(3)], NOW)
    with Sandbox(world, [face.X(world)]) as sandbox:
        here = Place(tmp_path, world, sandbox)
        (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path, url=sandbox.url("x")), "utf-8")
        assert here.listener("poll").exit_code == 0
        assert len(here.stored()) == 3
        world.delete(2)
        yield here


def test_what_was_deleted_on_x_is_deleted_here(place: Place) -> None:
    before, polls = place.stored(), len(place.asked())
    done = place.listener("compliance")
    assert (done.exit_code, done.output) == (0, "3 posts of X checked, 1 deleted\n")
    assert place.asked()[polls:] == ["POST 2", "PUT storage", "GET 2", "GET 2", "GET storage"]
    assert set(before) - set(place.stored()) == {str(face.status_id(post(2)))}
    place.world.add(post(2))
    place.listener("poll", "--source", "X")
    assert len(place.stored()) == 2, "what was deleted does not come back"
    with Store(place.folder / "listener.db") as store:
        assert store.value("SELECT reason FROM tombstones") == "deleted on X"
        assert store.value("SELECT calls FROM usage") == len(place.sandbox.requests("x"))


def test_nothing_stored_asks_nothing(place: Place) -> None:
    with Store(place.folder / "listener.db") as store:
        store.execute("DELETE FROM mentions")
        store._conn.commit()  # noqa: SLF001 - a test's own statement outside of a transaction
    polls = len(place.asked())
    assert place.listener("compliance").output == "0 posts of X checked, 0 deleted\n"
    assert len(place.asked()) == polls


def test_by_hand(place: Place) -> None:
    ids, result = place.folder / "ids.txt", place.folder / "result.json"
    assert place.listener("compliance", "--export", ids).output.startswith("3 ids written to ")
    listed = ids.read_text().split()
    assert sorted(listed) == place.stored()
    reasons = ("suspended", "scrub_geo")
    lines = [
        json.dumps({"id": one, "action": "delete", "reason": reason})
        for one, reason in zip(listed, reasons, strict=False)
    ]
    result.write_text("\n".join([*lines, ""]))
    done = place.listener("compliance", "--apply", result)
    assert (done.exit_code, done.output) == (0, "3 posts of X checked, 1 deleted\n")
    assert sorted(listed[1:]) == place.stored(), "a place that was removed is none of ours"


@pytest.mark.parametrize("wrong", ["<html>", '{"id": "1"}', "[1]", '"delete"'])
def test_a_file_that_is_no_result_changes_nothing(place: Place, wrong: str) -> None:
    result = place.folder / "result.json"
    result.write_text(json.dumps({"id": place.stored()[0], "action": "delete"}) + f"\n{wrong}\n")
    done = place.listener("compliance", "--apply", result)
    assert done.exit_code == 2
    assert "line 2 is not of a compliance job's result" in done.output
    assert len(place.stored()) == 3


@pytest.mark.parametrize(
    ("weather", "said"),
    [
        (Weather(status=401, only="/jobs"), "X: 127.0.0.1 answered 401: the key is missing or wrong"),
        (Weather(status=403, only="/ids"), "X: the storage of X answered 403: the job's address has expired"),
        (Weather(body={"data": None}, only="/jobs/"), "X: X: TypeError"),
        (Weather(body="<html>", only="/result"), "X: line 1 is not of a compliance job's result"),
    ],
)
def test_bad_weather_deletes_nothing(place: Place, weather: Weather, said: str) -> None:
    place.sandbox.weather("x", weather)
    done = place.listener("compliance")
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    assert len(place.stored()) == 3


def test_a_job_that_x_gives_up(place: Place) -> None:
    def fail(body: Any) -> Any:
        return {"data": {**body["data"], "status": "failed"}}

    place.sandbox.weather("x", Weather(change=fail, only="/jobs/"))
    done = place.listener("compliance")
    assert (done.exit_code, len(place.stored())) == (1, 3)
    assert "gave its job" in done.output


def test_a_job_that_takes_too_long(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compliance, "LONGEST", -1)
    done = place.listener("compliance")
    assert (done.exit_code, len(place.stored())) == (1, 3)
    assert "has not finished" in done.output
    again = place.listener("compliance")
    assert "You can run one batch job at a time" in again.output


def test_ids_go_to_no_private_address(place: Place) -> None:
    def elsewhere(body: Any) -> Any:
        return {"data": {**body["data"], "upload_url": "http://10.1.2.3/ids"}}

    place.sandbox.weather("x", Weather(change=elsewhere, only="/jobs"))
    done = place.listener("compliance")
    assert done.exit_code == 1
    assert "private address 10.1.2.3" in done.output


def test_usage(place: Place) -> None:
    both = place.listener("compliance", "--source", "X", "--export", "ids.txt")
    unknown = place.listener("compliance", "--source", "Twitter")
    assert (both.exit_code, unknown.exit_code) == (2, 2)
    assert "no enabled source listens to X under the name 'Twitter'" in unknown.output
