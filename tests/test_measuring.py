"""What the benchmarks say is what they measured, and no view is forgotten."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import sizes, views
from benchmarks.measuring import Took, spread
from storage.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "listener.db"
    with Store(path):
        return path


def test_the_benchmark_knows_how_to_ask_every_view(file: Path) -> None:
    month = {"brand": "Nordwerk", "first": "2026-10-01", "last": "2026-10-30"}
    with closing(sqlite3.connect(file)) as conn:
        names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        assert names
        for name in names:
            for question in views.questions(conn, name):
                conn.execute(question, month).fetchall()


def test_a_view_that_it_cannot_ask_stops_it(file: Path) -> None:
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("CREATE VIEW something_new AS SELECT 1 AS one")
        with pytest.raises(SystemExit, match="something_new"):
            views.questions(conn, "something_new")


def test_the_parts_are_the_whole_file(file: Path) -> None:
    found = sizes.main(file)
    assert sum(part[-1] for part in found["parts"]) == found["bytes"]
    assert [part for part in found["parts"] if part[0].startswith("mentions_fts")] == [
        ("mentions_fts", "full text", None, pytest.approx(5 * 4096, abs=2 * 4096))
    ]


def test_one_slow_answer_in_twenty_is_not_the_95th_percentile() -> None:
    times = [Took(clock=0.01, cpu=0.005)] * 19 + [Took(clock=1.0, cpu=0.5)]
    assert spread(times) == {"p50": 0.01, "p95": 0.01, "cpu": 0.005}
    assert spread([*times, times[-1]])["p95"] == 1.0
