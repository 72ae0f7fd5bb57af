"""Pulling a model, from a hub on the loopback interface; finding it without a network."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sentiment import hub
from sentiment.base import ModelError
from tests.sentiment.fakehub import COMMIT, Hub, running

FILES = {
    "config.json": b'{"architectures": ["BertForSequenceClassification"]}',
    "tokenizer.json": b"{}",
    "model.safetensors": os.urandom(50_000),
    "pytorch_model.bin": b"the same in a less safe format",
    "tf_model.h5": b"the same for another library",
    "onnx/model.onnx": b"the same for yet another",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    with running("owner/name", FILES) as one:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", one.address)
        monkeypatch.setattr("huggingface_hub.hf_api.constants.ENDPOINT", one.address)
        monkeypatch.setattr("huggingface_hub.hf_api.api.endpoint", one.address)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
        monkeypatch.setattr(
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
            one.address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        yield one


def test_what_is_needed_is_fetched_and_found_without_a_network(server: Hub) -> None:
    made = hub.pull("owner/name")

    assert made.pinned == f"owner/name@{COMMIT}"
    assert {path.name for path in made.folder.iterdir()} == {
        "config.json",
        "tokenizer.json",
        "model.safetensors",
    }
    assert made.bytes == sum(len(FILES[path.name]) for path in made.folder.iterdir())
    assert all(path.read_bytes() == FILES[path.name] for path in made.folder.iterdir())
    server.asked.clear()
    for name in ("owner/name", f"owner/name@{COMMIT}"):
        assert hub.find(name) == made.folder
    assert [one.pinned for one in hub.pulled()] == [made.pinned]
    assert server.asked == []


def test_weights_in_one_format_only_are_taken_as_they_are(server: Hub) -> None:
    server.files = {name: data for name, data in FILES.items() if not name.endswith(".safetensors")}

    assert (hub.pull("owner/name").folder / "pytorch_model.bin").exists()


def test_a_download_that_is_cut_off_goes_on(server: Hub) -> None:
    server.cut_off = "model.safetensors"

    made = hub.pull("owner/name")

    assert (made.folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert server.cut_off is None


def test_what_is_here_is_not_fetched_again(server: Hub) -> None:
    hub.pull("owner/name")
    server.asked.clear()

    hub.pull(f"owner/name@{COMMIT}")

    assert not [one for one in server.asked if one.startswith("GET") and "resolve" in one]


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("owner/other", "not public"),
        ("owner/name@never", "no such revision"),
        ("no name/at all/", "write it like owner/name"),
    ],
)
@pytest.mark.usefixtures("server")
def test_a_model_that_cannot_be_had_is_one_line(model: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason) as error:
        hub.pull(model)
    assert "\n" not in str(error.value)


def test_a_hub_in_trouble_is_one_line(server: Hub) -> None:
    server.status = 503
    with pytest.raises(ModelError, match="503"):
        hub.pull("owner/name")


@pytest.mark.usefixtures("server")
def test_a_model_that_was_not_pulled_says_how(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="run: listener models pull owner/name"):
        hub.find("owner/name")
    with pytest.raises(ModelError, match="neither a folder nor a name"):
        hub.find("./no such folder")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "none"))
    assert hub.pulled() == []


def test_the_recommended_model_is_pinned() -> None:
    name, _, revision = hub.RECOMMENDED.partition("@")

    assert name.count("/") == 1
    assert len(revision) == 40
