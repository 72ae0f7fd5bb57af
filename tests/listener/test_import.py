"""Files from other tools: recognised, dry-run, stored once, and what cannot be read is kept with its line."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from pyarrow import parquet

from listener.cli import main
from storage.store import Store

CONFIG = """
[[brands]]
name = "Sonnenkorn"
query = "sonnenkorn"
timezone = "Europe/Berlin"

[[brands]]
name = "Brotbote"
query = "brotbote"
"""
GERMAN = (
    "Kennung;Datum;Verfasser;Bewertung;Überschrift;Rezension;Gefällt mir\r\n"
    'a1;19.11.2026 08:30;Anna;4,5;Lecker;"Sonnenkorn:\r\nbeste Brezeln";1.234\r\n'
    "a2;19.11.2026;;5;;Gerne wieder zu Sonnenkorn;\r\n"
    "a3;neulich;Bert;1;;Sonnenkorn war zu;3\r\n"
    "a4;20.11.2026;Cem;2;;Brot hart;3;zu viel\r\n"
    "a5;20.11.2026;Dora;2;;Nichts davon;3\r\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["import", *arguments], catch_exceptions=False)


def rows(folder: Path, sql: str) -> list[dict[str, Any]]:
    with Store(folder / "listener.db") as store:
        return [dict(row) for row in store.rows(sql)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_german_export_is_understood_as_it_is(folder: Path, encoding: str) -> None:
    (folder / "export.csv").write_bytes(GERMAN.encode(encoding))
    result = run("export.csv", "--platform", "amazon")
    assert result.exit_code == 1
    assert (
        "5 rows: 2 new mentions, 0 known already, 1 about no brand, 2 that could not be read" in result.stdout
    )
    assert "line 5: ValueError: published_at is no date: 'neulich'" in result.stderr
    assert "line 6: 8 values for 7 columns" in result.stderr
    found = rows(folder, "SELECT * FROM mention_overview ORDER BY published_at DESC")
    assert [
        (one["published_at"], one["author"], one["rating"], one["title"], one["text"], one["likes"])
        for one in found
    ] == [
        ("2026-11-19T07:30:00Z", "Anna", 4.5, "Lecker", "Sonnenkorn:\r\nbeste Brezeln", 1234),
        ("2026-11-18T23:00:00Z", None, 5.0, None, "Gerne wieder zu Sonnenkorn", None),
    ]
    assert {(one["platform"], one["kind"], one["source"]) for one in found} == {
        ("amazon", "review", "import amazon")
    }
    kept = rows(folder, "SELECT reason, raw FROM rejects")
    assert len(kept) == 2
    assert "neulich" in kept[0]["raw"]


def test_own_accounts_and_employees_are_kept_but_not_counted(folder: Path) -> None:
    lists = CONFIG.replace('query = "sonnenkorn"', 'query = "sonnenkorn"\nemployees = ["amazon:anna"]')
    (folder / "config.toml").write_text(lists, "utf-8")
    (folder / "export.csv").write_bytes(GERMAN.encode())
    run("export.csv", "--platform", "amazon")
    found = rows(folder, "SELECT author, own_account, excluded_as FROM mention_overview ORDER BY author")
    assert [tuple(one.values()) for one in found] == [(None, 0, None), ("Anna", 1, "employee")]


def test_importing_twice_adds_nothing(folder: Path) -> None:
    (folder / "export.csv").write_text(GERMAN, "utf-8")
    run("export.csv", "--platform", "amazon")
    before = rows(folder, "SELECT * FROM mentions")
    again = run("export.csv", "--platform", "amazon")
    assert "0 new mentions, 2 known already" in again.stdout
    assert [one["id"] for one in rows(folder, "SELECT * FROM mentions")] == [one["id"] for one in before]
    assert len(rows(folder, "SELECT * FROM engagement_snapshots")) == 1
    assert len(rows(folder, "SELECT * FROM rejects")) == 2


def test_rows_without_an_id_are_known_by_what_they_say(folder: Path) -> None:
    line = json.dumps({"content": "Sonnenkorn ist toll", "user": {"name": "anna"}})
    (folder / "posts.jsonl").write_text(f"{line}\n{line}\n\n{{broken\n[1]\n", "utf-8")
    result = run("posts.jsonl", "--map", "author=user.name", "--json")
    assert json.loads(result.stdout) == {
        "rows": 4,
        "new": 1,
        "updated": 0,
        "about_no_brand": 0,
        "rejected": 2,
    }
    assert "line 4: no JSON" in result.stderr
    assert [one["author"] for one in rows(folder, "SELECT author FROM mention_overview")] == ["anna"]


def test_with_a_brand_no_query_must_match(folder: Path) -> None:
    table = pa.table({"Feedback": ["Alles bestens", "Naja"], "Punkte": [10, 0], "id": [1, 2]})
    parquet.write_table(table, folder / "survey.parquet")
    result = run("survey.parquet", "--platform", "survey", "--brand", "Brotbote", "--scale", "0-10")
    assert result.exit_code == 0, result.output
    found = rows(folder, "SELECT brand, rating, platform_id FROM mention_overview ORDER BY rating")
    assert [tuple(one.values()) for one in found] == [
        ("Brotbote", 1.0, "survey/2"),
        ("Brotbote", 5.0, "survey/1"),
    ]


def test_a_dry_run_shows_ten_rows_and_stores_nothing(folder: Path) -> None:
    lines = [f"{number},Sonnenkorn backt {number}" for number in range(1, 31)]
    (folder / "many.csv").write_text("id,text\n" + "\n".join(lines), "utf-8")
    result = run("many.csv", "--dry-run")
    assert result.exit_code == 0
    assert "Sonnenkorn backt 10" in result.stdout
    assert "Sonnenkorn backt 11" not in result.stdout
    assert not (folder / "listener.db").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.csv",), "which column holds the text? Say --map text=COLUMN; there are: foo, bar"),
        (("a.csv", "--map", "text=baz"), "there is no column 'baz'; there are: foo, bar"),
        (("a.csv", "--map", "words=foo"), "there is no field 'words'"),
        (("a.csv", "--map", "foo"), "write it as FIELD=COLUMN"),
        (("a.csv", "--brand", "Acme"), "there is no brand 'Acme'; there are: Sonnenkorn, Brotbote"),
        (("a.csv", "--scale", "5-1"), "the best must be more than the worst"),
        (("a.csv", "--scale", "nan-5"), "the best must be more than the worst"),
        (("a.csv", "--delimiter", ";;"), "it must be one character"),
        (("a.csv", "--platform", ""), "write a short name"),
        (("b.xyz",), "Say --format"),
        (("empty.csv",), "there are no rows in it"),
        (("bad.parquet",), "is no readable Parquet file"),
        (("bad.json",), "this is no JSON"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(folder: Path, arguments: tuple[str, ...], told: str) -> None:
    (folder / "a.csv").write_text("foo,bar\n1,2\n", "utf-8")
    for name, text in {"b.xyz": "x", "empty.csv": "", "bad.parquet": "PAR1", "bad.json": '[{"a": '}.items():
        (folder / name).write_text(text, "utf-8")
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_damaged_file_never_ends_in_a_traceback(folder: Path) -> None:
    damaged = 'id,text,published_at\n1,Sonnenkorn\0 backt,1e20\n2,Sonnenkorn,,zuviel\n3\n4,Sonnenkorn,\n5,"Sonnenkorn\n'
    (folder / "damaged.csv").write_text(damaged + "6,und mehr,\n" * 3, "utf-8")
    result = run("damaged.csv")
    assert result.exit_code == 1
    assert (
        "5 rows: 1 new mentions, 0 known already, 0 about no brand, 4 that could not be read" in result.stdout
    )
    assert "line 2: ValueError: published_at is no date" in result.stderr
    assert "line 3: 4 values for 3 columns" in result.stderr
    assert "line 4: ValueError: a mention needs a text or a title" in result.stderr
    assert "line 9: no CSV: unexpected end of data" in result.stderr


def test_what_is_separated_by_tabs_has_no_quotation_marks(folder: Path) -> None:
    (folder / "export.tsv").write_text('id\ttext\n1\t"Sonnenkorn\n2\t5" Sonnenkorn\n', "utf-8")
    result = run("export.tsv")
    assert result.exit_code == 0, result.output
    assert [one["text"] for one in rows(folder, "SELECT text FROM mentions ORDER BY platform_id")] == [
        '"Sonnenkorn',
        '5" Sonnenkorn',
    ]


def test_a_large_file_is_read_in_bounded_memory(folder: Path) -> None:
    import tracemalloc  # noqa: PLC0415 - it slows down what is imported beside it

    with (folder / "large.csv").open("w", encoding="utf-8") as file:
        file.write("id,text\n")
        file.writelines(f"{number},Sonnenkorn {'Brot ' * 40}\n" for number in range(8_000))
    run("large.csv", "--dry-run")
    tracemalloc.start()
    result = run("large.csv", "--json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert json.loads(result.stdout)["new"] == 8_000
    assert peak < 5_000_000, "all of it in memory takes three times as much"
