"""Measuring on files and on corrections: figures, tables, bad lines, errors that say what to do."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener.cli import main
from storage import tunings
from storage.records import Label, Tuning, weights
from tests.listener.bakery import NOW
from tests.listener.judging import desk

LINES = [
    "Das Brot ist wunderbar, ich liebe es!\tpositive\tde",
    "Furchtbar, nie wieder, total enttäuscht\tneg\tde",
    "Der Laden öffnet um acht Uhr\tneutral\tde",
    "What a great and lovely bakery\tpositive\ten",
]
RULES = """
[sentiment.rules]
"Terrible Disaster" = ""
"""


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    path = tmp_path / "mine.tsv"
    path.write_text("\n".join(LINES * 10), "utf-8")
    return path


def test_files_are_measured_as_a_whole_and_by_language_without_a_config(examples: Path) -> None:
    done = CliRunner().invoke(
        main, ["evaluate", "-c", str(examples.parent / "none.toml"), str(examples), "--json"]
    )
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["model"].startswith("builtin:")
    assert [(one["language"], one["texts"], one["unread"]) for one in report["sets"]] == [
        ("all", 40, 0),
        ("de", 30, 0),
        ("en", 10, 0),
    ]
    whole, german, _ = report["sets"]
    assert sum(sum(row.values()) for row in whole["confusion"].values()) == 40
    assert german["confusion"]["negative"]["negative"] == 10
    assert whole["macro_recall"] > 0.6
    assert 0 < whole["macro_recall_interval"] < 0.4


def test_the_table_names_bad_lines_and_counts_what_cannot_be_read(examples: Path) -> None:
    path = examples.with_name("bad.tsv")
    path.write_text("\n".join([*LINES, *["no label"] * 7]), "utf-8")
    done = CliRunner().invoke(main, ["evaluate", "-c", str(path.with_name("none")), str(path), str(examples)])
    assert done.exit_code == 0, done.output
    assert "bad.tsv, line 5: there is no tab; left out\n" in done.stderr
    assert "bad.tsv: 7 lines left out in all" in done.stderr
    assert done.stderr.count("left out") == 6
    for words in ("macro-recall", "± 95 %", "calibration", "people say", str(path), str(examples)):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--model", "vader"], '--model: unknown model "vader"'),
        ([], "`listener correct` makes them"),
    ],
)
def test_what_cannot_be_measured_says_what_to_do(tmp_path: Path, words: list[str], problem: str) -> None:
    with desk(tmp_path) as at:
        if words:
            at.place.mention()
            at.say("correct", 1, "--sentiment", "neutral")
        done = at.say("evaluate", *words)
        assert done.exit_code == 2
        assert problem in done.stderr


def test_a_file_without_one_good_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("text,label\n", "utf-8")
    done = CliRunner().invoke(main, ["evaluate", str(path)])
    assert done.exit_code == 2
    assert "line 1: there is no tab" in done.stderr


def test_the_corrections_are_what_people_say_and_rules_and_tuning_apply(tmp_path: Path) -> None:
    with desk(tmp_path, RULES) as at:
        at.place.mention(
            "Terrible Disaster ist von Sonnenkorn, ein schreckliches, furchtbares Brot", lang="de"
        )
        at.place.mention("wunderbar, ich liebe es", title="Brot", lang="de", label=Label.POSITIVE)
        at.say("correct", 1, 2, "--sentiment", "positive")
        report = at.told("evaluate")
        (whole,) = report["sets"]
        assert (whole["set"], whole["language"], whole["texts"]) == ("corrections", "all", 2)
        assert whole["confusion"]["positive"]["positive"] == 1
        assert "+rules:" in report["model"]
        all_positive = Tuning(exponent=0.1, factors=(1.0, 1.0, 99.0))
        tunings.accept(
            at.store, weights(report["model"]), all_positive, basis="corrections", report={}, now=NOW
        )
        tuned = at.told("evaluate")
        assert tuned["sets"][0]["confusion"]["positive"]["positive"] == 2
        assert tuned["tuning"]["basis"] == "corrections"
        assert "tuned to the corrections on 2026-11-22" in at.say("evaluate").stdout
