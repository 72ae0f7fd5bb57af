"""Exports: what comes out is what is in the database, in every format, however much it is."""

import csv
import json
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.dataset
import pyarrow.parquet
import pytest

from listener.exporting import parquet, text, xlsx
from listener.exporting.cells import neutral
from storage import catalog, extracts, pages
from storage.pages import Matched
from storage.records import Kind, Match, Mention
from tests.listener.bakery import ANNA, NOW
from tests.listener.judging import Desk, desk

TRAP = '=HYPERLINK("http://evil.example")'


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as one:
        one.place.mention("Brot, gut\nund „frisch“", author=ANNA, counts=(3, None, 0, 7), back=1, rating=4.5)
        one.place.mention(TRAP, title="-1", url="https://s.example/2", back=40)
        one.place.mention("Brot von Mühle", brand="Mühle", platform="x")
        one.place.settle()
        yield one


def overview(place: Desk) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in place.store.rows("SELECT * FROM mention_overview ORDER BY brand, day, mention_id")
    ]


def test_csv_holds_what_the_view_holds(place: Desk, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    done = place.say("export", "--out", out)
    assert done.exit_code == 0, done.output
    assert f"3 rows written to {out}" in done.stdout
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in overview(place)
    ]
    wanted[1] |= {"text": f"'{TRAP}", "title": "'-1"}
    assert rows == wanted


def test_jsonl_goes_to_stdout_and_can_be_cut(place: Desk) -> None:
    done = place.say(
        "export", "--out", "-", "--format", "jsonl", "--brand", "Sonnenkorn", "--since", "2026-11-01"
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [overview(place)[2]]
    assert "1 rows" in done.stderr


def test_xlsx_holds_texts_and_numbers_and_no_formula(place: Desk, tmp_path: Path) -> None:
    out = tmp_path / "all.xlsx"
    assert place.say("export", "--out", out).exit_code == 0
    sheet = openpyxl.load_workbook(out).active
    head, *lines = sheet.iter_rows()
    columns = [cell.value for cell in head]
    rows = [dict(zip(columns, (cell.value for cell in line), strict=True)) for line in lines]
    assert rows == [pytest.approx(row) for row in overview(place)]
    trap = lines[1][columns.index("text")]
    assert (trap.data_type, trap.quotePrefix) == ("s", True)


def test_xlsx_continues_on_another_sheet_and_says_what_it_cuts(tmp_path: Path) -> None:
    rows = [(number, "x" * 40_000 if number == 3 else "kurz") for number in range(5)]
    assert xlsx.write_xlsx(tmp_path / "a.xlsx", "n", ["number", "text"], rows, most=2) == 1
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["n", "n 2", "n 3"]
    found = [row for sheet in book for row in list(sheet.iter_rows(values_only=True))[1:]]
    assert [row[0] for row in found] == [0, 1, 2, 3, 4]
    assert len(found[3][1]) == 32_767
    assert xlsx.write_xlsx(tmp_path / "b.xlsx", "n", ["a"], []) == 0
    assert openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames == ["n"]


def test_parquet_has_the_types_of_the_schema(place: Desk, tmp_path: Path) -> None:
    out = tmp_path / "all.parquet"
    assert place.say("export", "--out", out).exit_code == 0
    table = pyarrow.parquet.read_table(out)
    assert table.to_pylist() == overview(place)
    types = {field.name: str(field.type) for field in table.schema}
    assert types["likes"] == "int64"
    assert types["engagement_rate"] == "double"
    assert types["duplicate_of"] == "int64"
    assert types["author"] == "string"


def test_a_column_has_one_type_whatever_is_in_it(place: Desk, tmp_path: Path) -> None:
    """So that the files of two months can be put together."""
    schemas = []
    for brand in ("Sonnenkorn", "Mühle"):
        out = tmp_path / f"{brand}.parquet"
        assert place.say("export", "--brand", brand, "--out", out).exit_code == 0
        schemas.append(pyarrow.parquet.read_schema(out))
    assert schemas[0] == schemas[1]


def test_what_computed_columns_hold_is_told_by_their_names(place: Desk) -> None:
    told = 0
    for view in catalog.VIEWS:
        for name, kind in place.store.rows("SELECT name, upper(type) FROM pragma_table_info(?)", [view]):
            if kind not in ("TEXT", "INTEGER", "REAL"):
                held = place.store.rows(f'SELECT DISTINCT upper(typeof("{name}")) FROM "{view}"')  # noqa: S608 - ours
                assert {row[0] for row in held} <= {extracts.kind_of(name), "NULL"}, (view, name)
                told += len(held)
    assert told > 100


def test_a_lake_is_partitioned_by_brand_and_month(place: Desk, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    done = place.say("export", "--out", lake, "--partition")
    assert "3 rows written" in done.stdout
    assert "3 files" in done.stdout
    assert sorted(str(path.relative_to(lake)) for path in lake.rglob("*.parquet")) == [
        "brand=M%C3%BChle/month=2026-11/part-0.parquet",
        "brand=Sonnenkorn/month=2026-10/part-0.parquet",
        "brand=Sonnenkorn/month=2026-11/part-0.parquet",
    ]
    found = pyarrow.dataset.dataset(lake, partitioning="hive").to_table().to_pylist()
    assert {(row["brand"], row["month"], row["mention_id"]) for row in found} == {
        (row["brand"], row["day"][:7], row["mention_id"]) for row in overview(place)
    }
    assert "--force" in place.say("export", "--out", lake, "--partition").stderr
    assert place.say("export", "--out", lake, "--partition", "--brand", "Mühle", "--force").exit_code == 0
    assert len(list(lake.rglob("*.parquet"))) == 1
    (lake / "notes.txt").touch()
    assert "other things" in place.say("export", "--out", lake, "--partition", "--force").stderr
    assert (lake / "notes.txt").exists()


def test_without_pyarrow_it_is_said_how_to_get_it(
    place: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = place.say("export", "--out", tmp_path / "a.parquet")
    assert done.exit_code == 2
    assert "social-listening-bot[parquet]" in done.stderr
    assert not list(tmp_path.glob(".a*"))


def test_any_view_can_be_exported(place: Desk, tmp_path: Path) -> None:
    out = tmp_path / "days.parquet"
    assert (
        place.say("export", "--view", "daily_brand_metrics", "--out", out, "--until", "2026-11-01").exit_code
        == 0
    )
    (row,) = pyarrow.parquet.read_table(out).to_pylist()
    assert (row["brand"], row["mentions"], row["likes"]) == ("Sonnenkorn", 1, None)
    for wrong, told in (
        (("--view", "nix"), "mention_overview"),
        (("--view", "source_health", "--since", "2026-11-01"), "no column day"),
        (("--view", "source_health", "--partition"), "brand and day"),
        (("--view", "source_health", "--ids-only"), "mention_overview"),
        (("--brand", "Nix"), "there are: Sonnenkorn"),
    ):
        done = place.say("export", *wrong, "--out", tmp_path / "x.parquet")
        assert done.exit_code == 2
        assert told in done.stderr


def test_ids_alone_can_be_exported_and_whole_posts_of_x_are_warned_about(place: Desk, tmp_path: Path) -> None:
    ids = place.say("export", "--platform", "x", "--ids-only", "--out", "-")
    assert ids.stdout.splitlines() == ["brand,day,platform,platform_id", "Mühle,2026-11-21,x,3"]
    assert "--ids-only" not in ids.stderr
    assert place.say("export", "--ids-only", "--no-authors", "--out", "-").exit_code == 2
    whole = place.say("export", "--out", tmp_path / "a.csv")
    assert "x, 1 posts: pass on ids (--ids-only)" in whole.stderr
    assert "x," not in place.say("export", "--out", "-", "--brand", "Sonnenkorn").stderr


def test_authors_can_be_left_out(place: Desk) -> None:
    header = place.say("export", "--out", "-", "--no-authors").stdout.splitlines()[0].split(",")
    assert not {"author", "author_followers", "url", "platform_id"} & set(header)
    assert {"mention_id", "text", "own_account"} <= set(header)
    days = place.say("export", "--out", "-", "--no-authors", "--view", "daily_brand_metrics").stdout
    assert "authors" in days.splitlines()[0].split(",")


def test_a_file_that_is_there_is_kept_and_a_broken_export_leaves_nothing(
    place: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "all.csv"
    out.write_text("mine", "utf-8")
    refused = place.say("export", "--out", out)
    assert (refused.exit_code, out.read_text("utf-8")) == (2, "mine")
    assert "--force" in refused.stderr

    def broken(file: Any, *_: Any) -> None:
        file.write("half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(text, "write_csv", broken)
        done = place.say("export", "--out", out, "--force")
    assert (done.exit_code, out.read_text("utf-8")) == (2, "mine")
    assert "No space left" in done.stderr
    assert not list(tmp_path.glob(".all*"))
    assert place.say("export", "--out", out, "--force").exit_code == 0
    assert out.read_text("utf-8").startswith("mention_id,")


def test_without_out_the_name_says_what_is_in_it(
    place: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert place.say("export", "--brand", "Sonnenkorn", "--since", "2026-11-01").exit_code == 0
    assert (tmp_path / "mentions-sonnenkorn-2026-11-01.csv").exists()
    for wrong in (("--out", "a.odt"), ("--out", "-", "--format", "xlsx"), ("--partition",)):
        assert place.say("export", *wrong).exit_code == 2


@pytest.mark.parametrize(
    ("trap", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "'\t'=1"),
        ("gut;=1", "gut;'=1"),
        ("gut;\n +1", "gut;'\n' +1"),
    ],
)
def test_formulas_are_neutralised_and_numbers_are_not(trap: str, safe: str) -> None:
    assert neutral(trap) == safe
    assert [neutral(one) for one in (-1, -0.5, None, "a=b", "")] == [-1, -0.5, None, "a=b", ""]


def test_a_number_that_does_not_fit_its_column_is_an_error(place: Desk, tmp_path: Path) -> None:
    place.store.execute("CREATE VIEW mine AS SELECT 1 AS a UNION ALL SELECT 2.5")
    place.store._conn.commit()  # noqa: SLF001 - a person's own view
    done = place.say("export", "--view", "mine", "--out", tmp_path / "a.parquet")
    assert (done.exit_code, "column a" in done.output) == (2, True)
    assert not (tmp_path / "a.parquet").exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx"])
def test_bytes_are_written_as_they_can_be_read(place: Desk, tmp_path: Path, ending: str) -> None:
    place.store.execute("CREATE VIEW mine AS SELECT x'00ff' AS a")
    place.store._conn.commit()  # noqa: SLF001 - a person's own view
    assert place.say("export", "--view", "mine", "--out", tmp_path / f"a.{ending}").exit_code == 0


def peak(place: Desk, out: Path, brand: str) -> int:
    tracemalloc.start()
    assert place.say("export", "--out", out, "--brand", brand).exit_code == 0
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx", "parquet"])
def test_memory_does_not_grow_with_the_rows(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 50)
    with desk(tmp_path) as place:
        for brand, count in (("Mühle", 100), ("Sonnenkorn", 800)):
            at = datetime(2026, 11, 20, tzinfo=UTC)
            many = [
                Mention(
                    platform="rss",
                    platform_id=f"{brand}{number}",
                    kind=Kind.POST,
                    published_at=at,
                    text="x" * 1000,
                )
                for number in range(count)
            ]
            matched = [Matched(one, [Match(brand=brand, term="x")]) for one in many]
            pages.add_page(place.store, 1, matched, brands=[brand], now=NOW)
        peak(place, tmp_path / f"warm.{ending}", "Mühle")
        few, more = (peak(place, tmp_path / f"{brand}.{ending}", brand) for brand in ("Mühle", "Sonnenkorn"))
        assert more < few + 300_000  # bytes; 700 rows of 1,000 characters more
