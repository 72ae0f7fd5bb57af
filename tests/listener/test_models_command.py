"""`listener models`: what is shown, what is fetched, what is refused."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener.cli import main
from sentiment.hub import RECOMMENDED
from tests.sentiment.fakehub import COMMIT, running

TINY = Path(__file__).parents[1] / "sentiment" / "tiny" / "model"
FILES = {
    "config.json": b'{"architectures": ["BertForSequenceClassification"]}',
    "model.safetensors": os.urandom(2_000_000),
}
CONFIG = """
[[brands]]
name = "Bakery"
query = "bakery"
"""


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "hub"


def test_list_names_the_recommended_model_while_it_is_not_here() -> None:
    done = CliRunner().invoke(main, ["models", "list"])

    assert done.exit_code == 0
    assert "builtin" in done.output
    assert RECOMMENDED in done.output


def test_pull_says_where_and_what_to_write_and_list_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with running("owner/name", FILES) as server:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.address)
        monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", server.address)
        monkeypatch.setattr(
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
            server.address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        done = CliRunner().invoke(main, ["models", "pull", "owner/name"])
        missing = CliRunner().invoke(main, ["models", "pull", "owner/other"])

    assert done.exit_code == 0, done.output
    assert "2 MB in" in done.output
    line = f'model = "transformers:owner/name@{COMMIT}"'
    assert line in done.output
    assert missing.exit_code == 1
    assert "owner/other" in missing.stderr

    Path("config.toml").write_text(f"{CONFIG}\n[sentiment]\n{line}\n")
    rows = json.loads(CliRunner().invoke(main, ["models", "list", "--json"]).stdout)
    assert [(row["model"], row["used"]) for row in rows] == [
        ("builtin", False),
        (f"transformers:owner/name@{COMMIT}", True),
    ]


def test_list_shows_a_configured_folder() -> None:
    Path("config.toml").write_text(f'{CONFIG}\n[sentiment]\nmodel = "onnx:{TINY.as_posix()}"\n')

    rows = json.loads(CliRunner().invoke(main, ["models", "list", "--json"]).stdout)

    assert [row["model"] for row in rows if row["used"]] == [f"onnx:{TINY.as_posix()}"]


def test_a_folder_in_the_configuration_is_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "small").symlink_to(TINY)
    (tmp_path / "etc" / "config.toml").write_text(f'{CONFIG}\n[sentiment]\nmodel = "onnx:small"\n')

    done = CliRunner().invoke(main, ["score", "--config", "etc/config.toml"])

    assert done.exit_code == 0, done.output
    assert "scored with onnx:model@" in done.output


def test_score_says_how_to_get_a_model_that_is_not_here() -> None:
    pytest.importorskip("torch", reason="transformer models need the extra [torch]")
    Path("config.toml").write_text(f'{CONFIG}\n[sentiment]\nmodel = "transformers:owner/name"\n')

    done = CliRunner().invoke(main, ["score"])

    assert done.exit_code == 2
    assert "run: listener models pull owner/name" in done.stderr


def test_export_of_what_is_not_here_is_one_line() -> None:
    pytest.importorskip("torch", reason="transformer models need the extra [torch]")
    done = CliRunner().invoke(main, ["models", "export", "--model", "owner/name", "--out", "small"])

    assert done.exit_code == 2
    assert "run: listener models pull owner/name" in done.stderr
    assert not Path("small").exists()


def test_export_writes_a_model_that_scores(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript", reason="exporting needs the extra [export]")
    from tests.sentiment.test_transformers_model import _save  # noqa: PLC0415 - only where torch is

    _save(tmp_path / "source")

    done = CliRunner().invoke(main, ["models", "export", "--model", "source", "--out", "small"])

    assert done.exit_code == 0, done.output
    assert "of the sample sentences" in done.output
    (line,) = [line for line in done.output.splitlines() if line.startswith("model = ")]
    Path("config.toml").write_text(f"{CONFIG}\n[sentiment]\n{line}\n")
    assert CliRunner().invoke(main, ["score"]).exit_code == 0
