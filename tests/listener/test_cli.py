"""What a person types: answers, exit codes, errors that say what to do."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from listener.cli import main
from listener.config import Config
from listener.sandbox.server import Sandbox, Weather
from storage import ledger
from storage.store import Store

Configure = Callable[..., Config]


def listener(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=stdin)


def test_help_loads_nothing_heavy() -> None:
    """What makes ``listener --help`` slow is what it imports; time itself is not asserted."""
    code = (
        "import sys; from click.testing import CliRunner; from listener.cli import main;"
        "print(CliRunner().invoke(main, ['--help']).output); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Examples:" in done.stdout
    loaded = set(done.stdout.splitlines()[-1].split())
    assert not loaded & {
        "numpy",
        "pydantic",
        "requests",
        "rich",
        "sqlite_utils",
        "matplotlib",
        "lark",
        "structlog",
    }


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str) -> None:
    done = listener(name, "--help")
    assert done.exit_code == 0
    assert "Examples:" in done.output


def test_a_missing_config_says_how_to_get_one(tmp_path: Path) -> None:
    done = listener("poll", "-c", tmp_path / "none.toml")
    assert done.exit_code == 2
    assert "`listener init` writes one" in done.output
    assert "Traceback" not in done.output


def test_poll_names_a_failing_source_on_one_line_and_exits_with_1(
    configure: Configure, sandbox: Sandbox
) -> None:
    config = configure()
    sandbox.weather("reddit", Weather(status=503), times=50)
    done = CliRunner().invoke(main, ["poll", "-c", str(config.path)])
    assert done.exit_code == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("Reddit: ")]
    assert lines == ["Reddit: 127.0.0.1 answered 503"]
    assert "X: " in done.stdout
    again = listener("poll", "-c", config.path)
    assert again.exit_code == 0
    assert "no source is due" in again.output


def test_poll_of_an_unknown_source_lists_the_known_ones(configure: Configure) -> None:
    done = listener("poll", "-c", configure().path, "--source", "Redit")
    assert done.exit_code == 2
    assert "there are: Hacker News" in done.output


def test_without_a_network_every_source_of_the_shipped_config_fails_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shipped config, with a proxy that is not there for a network that is down."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    shipped = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
    (tmp_path / "config.toml").write_text(shipped, "utf-8")
    done = CliRunner().invoke(main, ["run", "--once", "-c", str(tmp_path / "config.toml")])
    assert done.exit_code == 1
    told = [line.partition(":")[0] for line in done.stderr.splitlines()[-4:]]
    assert sorted(told) == ["app reviews", "hackernews", "mastodon", "news"]
    assert "Traceback" not in done.stderr


def test_a_round_of_everything_then_questions(configure: Configure) -> None:
    path = configure().path
    assert listener("run", "--once", "-c", path).exit_code == 0
    status = json.loads(listener("status", "--json", "-c", path).output)
    assert {one["state"] for one in status["sources"]} == {"ok"}
    assert status["totals"][0]["waiting_for_score"] == 0
    rows = json.loads(
        listener(
            "query",
            "--json",
            "-c",
            path,
            "SELECT brand, sum(mentions) AS n FROM daily_brand_metrics GROUP BY 1",
        ).output
    )
    assert {row["brand"] for row in rows} == {"Sonnenkorn", "Brotbote", "Krustenhof"}
    refused = listener("query", "-c", path, "DELETE FROM mentions")
    assert refused.exit_code == 2
    assert "only read" in refused.output
    assert listener("status", "-c", path).exit_code == 0


def test_search_finds_both_spellings_and_only_what_matches(configure: Configure) -> None:
    path = configure().path
    listener("poll", "-c", path)
    found = json.loads(
        listener("search", "--json", "-c", path, "baeckerei OR brezel*", "--limit", 100).output
    )
    assert found
    assert all(
        "bäckerei" in (text := f"{one['title']} {one['text']}".lower())
        or "baeckerei" in text
        or "brezel" in text
        for one in found
    )
    bad = listener("search", "-c", path, "brezel AND (")
    assert bad.exit_code == 2
    assert "^" in bad.output


def test_match_says_which_brand_and_why(configure: Configure) -> None:
    path = configure().path
    assert listener("match", "-c", path, "Bei Krustenhof gibt's Brot").output == "Krustenhof: krustenhof\n"
    assert "Reddit: " in listener("match", "-c", path).output


def test_init_writes_a_config_that_check_accepts(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    done = listener(
        "init", "-c", path, stdin='Bäckerei "Korn"\nkorn AND (\n"Bäckerei Korn"\nKrustenhof\n\nde\n'
    )
    assert done.exit_code == 0, done.output
    assert "the parenthesis is never closed" in done.output or "is missing" in done.output
    assert listener("check", "--offline", "-c", path).exit_code == 0
    assert listener("init", "-c", path).exit_code == 2
    assert "Krustenhof" in path.read_text("utf-8")


def test_check_pays_for_what_it_looks_at(configure: Configure) -> None:
    config = configure()
    CliRunner().invoke(main, ["check", "-c", str(config.path)])
    with Store(config.database) as store:
        used = ledger.used(store, "x", datetime.now(UTC))
    assert used.calls >= 1
    assert used.micro_usd >= 5_000


def test_check_tries_every_source(configure: Configure, sandbox: Sandbox) -> None:
    config = configure()
    sandbox.weather("x", Weather(status=401), times=5)
    done = CliRunner().invoke(main, ["check", "-c", str(config.path)])
    assert done.exit_code == 1
    assert "X: 127.0.0.1 answered 401: the key is missing or wrong" in done.stderr
    assert "Hacker News: answers" in done.stdout


def test_the_demo_touches_no_folder_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine")
    done = listener("demo", "--out", tmp_path)
    assert done.exit_code == 2
    assert "name an empty or a new folder" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
    assert (tmp_path / "config.toml").read_text() == "mine"


def test_the_demo_runs_everything(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    done = CliRunner().invoke(main, ["demo", "--out", str(tmp_path / "demo"), "--language", "en"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "demo" / "listener.db").exists()
    assert len(list((tmp_path / "demo" / "digests").glob("*.html"))) == 2
    assert "Try next" in done.stdout
    assert CliRunner().invoke(main, ["demo", "--out", str(tmp_path / "demo")]).exit_code == 0
    assert "Sonnenkorn" in done.stdout
