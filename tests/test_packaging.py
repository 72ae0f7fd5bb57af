"""The four packages keep their names, and the wheel holds them with their files and nothing else."""

import importlib
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from connectors.hackernews import HackerNews
from listener import registry

ROOT = Path(__file__).parents[1]
PACKAGES = {"listener", "connectors", "sentiment", "storage"}


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_each_package_is_ours_although_the_name_exists_elsewhere(name: str) -> None:
    found = importlib.import_module(name).__file__
    assert found is not None
    assert Path(found).is_relative_to(ROOT)


def test_listener_runs_nothing_when_imported() -> None:
    assert (ROOT / "listener" / "__init__.py").read_text("utf-8") == ""


def test_the_wheel_holds_the_four_packages_with_their_data(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == PACKAGES
    for needed in (
        "storage/views.sql",
        "storage/migrations/v0001_initial.sql",
        "sentiment/data/model.npz",
        "listener/starter.toml",
        "listener/sandbox/demo.toml",
        "listener/digest/templates/digest.html.j2",
    ):
        assert needed in names


def test_the_registry_knows_exactly_the_modules_that_are_connectors() -> None:
    modules = {
        path.stem for path in (ROOT / "connectors").glob("*.py") if "CONNECTOR = " in path.read_text("utf-8")
    }
    assert set(registry.BUILTIN) == modules
    apart = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (independent,) = [one for one in apart if one["name"] == "Connectors never import each other"]
    assert set(independent["modules"]) == {f"connectors.{name}" for name in modules}
    for name in registry.BUILTIN:
        assert registry.load(name).name == name
        assert (ROOT / "tests" / "connectors" / f"test_{name}.py").exists()


def test_a_third_partys_connector_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint(name="board", value="connectors.hackernews:HackerNews", group=registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry] if group == registry.GROUP else [])
    registry.third_party.cache_clear()
    try:
        assert "board" in registry.names()
        assert registry.load("board") is HackerNews
    finally:
        registry.third_party.cache_clear()
    with pytest.raises(registry.UnknownConnectorError, match="there are: appstore"):
        registry.load("no such")
