"""Questions in SQL: every form of answer, and errors that show the place."""

import csv
import io
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import catalog
from storage.browsing import QuestionError, browsing
from storage.store import StoreError
from tests.listener.bakery import ANNA
from tests.listener.judging import Desk, desk

ONE = "SELECT platform_id, text, views FROM mention_overview ORDER BY mention_id"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as one:
        one.place.mention("=1+1 und\nBrot", author=ANNA)
        one.place.mention("\x1b[31m" + "lang " * 60, counts=(None, None, None, 0))
        yield one


def test_a_table_has_a_line_a_row_and_tells_unknown_from_zero(place: Desk) -> None:
    done = place.say("query", ONE)
    assert [line.rstrip() for line in done.stdout.splitlines()[:2]] == [
        "platform_id  text                                                          views",
        "1            =1+1 und Brot                                                   n/a",
    ]
    assert done.stdout.splitlines()[2].startswith("2            \ufffd[31mlang lang")
    assert done.stdout.splitlines()[2].endswith("…      0")
    assert len(done.stdout.splitlines()) == 3


def test_a_long_table_is_cut_and_says_so(place: Desk) -> None:
    done = place.say("query", ONE, "--limit", 1)
    assert len(done.stdout.splitlines()) == 2
    assert "first 1 rows" in done.stderr
    assert not place.say("query", ONE, "--limit", 2).stderr
    assert len(place.say("query", ONE, "--limit", 0).stdout.splitlines()) == 3


def test_csv_json_and_jsonl_have_all_rows_whole(place: Desk) -> None:
    as_json = json.loads(place.say("query", ONE, "--json").stdout)
    assert as_json[0] == {"platform_id": "1", "text": "=1+1 und\nBrot", "views": None}
    assert as_json[1]["text"] == "\x1b[31m" + "lang " * 60
    lines = place.say("query", ONE, "--jsonl", "--limit", 1).stdout.splitlines()
    assert [json.loads(line) for line in lines] == as_json
    rows = list(csv.DictReader(io.StringIO(place.say("query", ONE, "--csv").stdout)))
    assert rows[0] == {"platform_id": "1", "text": "'=1+1 und\nBrot", "views": ""}
    assert place.say("query", "--json", "SELECT 1 WHERE 0").stdout == "[]\n"
    assert place.say("query", ONE, "--json", "--csv").exit_code == 2


def test_a_question_comes_from_a_file_or_stdin_with_parameters(place: Desk, tmp_path: Path) -> None:
    file = tmp_path / "question.sql"
    file.write_text("SELECT :brand AS brand, typeof(:n) AS n, typeof(:code) AS code", "utf-8")
    params = ("--param", "brand=Mühle=1", "--param", ":n=-7", "--param", "code=007")
    assert place.told("query", "--file", file, *params) == [
        {"brand": "Mühle=1", "n": "integer", "code": "text"}
    ]
    done = place.say("query", "-", "--csv", "--param", "x=nan", answers="SELECT typeof(:x) AS x")
    assert done.stdout == "x\ntext\n"
    assert place.say("query", "--param", "x", "SELECT 1").exit_code == 2
    assert place.say("query", "--file", file, "SELECT 1").exit_code == 2
    assert "binding" in place.say("query", "SELECT :x").stderr


@pytest.mark.parametrize("words", [(), ("--list",)])
def test_without_a_question_the_views_are_listed(place: Desk, words: tuple[str, ...]) -> None:
    listed = place.told("query", *words)
    assert listed["mention_overview"]["columns"][0] == "mention_id"
    assert all(one["about"] for one in listed.values()), "storage/catalog.py has a line for every view"
    assert set(listed) >= {"share_of_voice", "source_health"}
    assert catalog.VIEWS["share_of_voice"][:20] in place.say("query", *words).stdout


@pytest.mark.parametrize(
    ("sql", "lines"),
    [
        ("SELECT brand\nFROM FROM a", ['near "FROM": syntax error', "FROM FROM a", "     ^"]),
        ("SELECT 'x' AS y FORM x", ['near "FORM"', "SELECT 'x' AS y FORM x"]),
        ("SELECT * FROM mention_overvew", ["\n              ^", "did you mean mention_overview?", "views are: adv"]),
        ("SELECT foo FROM source_health", ["       ^", "source_health has: source, connector"]),
        ("SELECT nope(1)", ["       ^"]),
        ("SELECT 1; SELECT 2", ["one statement"]),
    ],
)  # fmt: skip
def test_an_error_shows_the_place_and_what_there_is(place: Desk, sql: str, lines: list[str]) -> None:
    done = place.say("query", sql)
    assert done.exit_code == 2
    assert all(line in done.stderr for line in lines), done.stderr


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM mentions",
        "CREATE TEMP TABLE x (a)",
        "ATTACH 'made.db' AS other",
        "VACUUM INTO 'made.db'",
        "WITH a AS (SELECT 1) INSERT INTO meta SELECT 1, 1 FROM a",
    ],
)
def test_what_would_write_is_refused(
    place: Desk, sql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = place.say("query", sql)
    assert done.exit_code == 2
    assert "questions only read" in done.stderr
    assert not (tmp_path / "made.db").exists()
    assert len(place.labels()) == 2


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("words " * 200, "utf-8")
    for name, told in (("no.db", "not a usable"), ("none.db", "listener poll")):
        with pytest.raises(StoreError, match=told), browsing(tmp_path / name):
            pass


@pytest.mark.parametrize("words", [("search", "brot"), ("trend",), ("corrections",), ("rising",)])
def test_looking_makes_no_database(place: Desk, words: tuple[str, ...]) -> None:
    place.store.close()
    place.store.path.unlink()
    done = place.say(*words)
    assert (done.exit_code, "there is no database" in done.stderr) == (2, True)
    assert not place.store.path.exists()


def test_columns_of_one_name_are_all_shown(place: Desk) -> None:
    (row,) = json.loads(place.say("query", "SELECT 1 AS n, 2 AS n, 3 AS n_2, 4 AS n", "--json").stdout)
    assert row == {"n": 1, "n_2": 2, "n_2_2": 3, "n_3": 4}


def test_days_are_asked_for_as_they_are_stored(place: Desk) -> None:
    question = ("query", "SELECT count(*) FROM mention_overview WHERE day >= :from", "--csv", "--param")
    assert place.say(*question, "from=2026-01-01").stdout == "count(*)\n2\n"
    wrong = place.say(*question, "from=01.01.2026")
    assert (wrong.exit_code, "2026-11-30" in wrong.stderr) == (2, True)


def test_a_question_that_is_no_text_is_refused(place: Desk, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_bytes(b"SELECT '\xff'")
    for words in (("--file", tmp_path / "q.sql"), ("SELECT '\udcff'",)):
        done = place.say("query", *words)
        assert (done.exit_code, "not UTF-8" in done.stderr) == (2, True)


def test_rows_come_as_they_are_asked_for(place: Desk) -> None:
    with browsing(place.store.path) as browser:
        endless = browser.ask(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
        )
        assert [next(endless.rows), next(endless.rows)] == [(1,), (2,)]
        late = browser.ask("SELECT abs(column1) FROM (VALUES (1), (-9223372036854775808))")
        with pytest.raises(QuestionError, match="overflow"):
            list(late.rows)


def test_ctrl_c_ends_a_long_question(place: Desk) -> None:
    code = (
        "import sys; from pathlib import Path; from storage.browsing import browsing\n"
        "with browsing(Path(sys.argv[1])) as browser:\n"
        "    sql = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n'\n"
        "    try:\n"
        "        print('begun', flush=True)\n"
        "        next(browser.ask(sql).rows)\n"
        "    except KeyboardInterrupt: print('ended')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place.store.path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=60)[0] == "ended\n"
