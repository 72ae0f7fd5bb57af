"""The demo's platforms, and configurations that lead to them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from listener import config
from listener.config import Config
from listener.sandbox.demo import PLATFORMS, SECRETS, demo_sandbox, write_config
from listener.sandbox.server import Sandbox


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox's keys, as the environment would hold them."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with demo_sandbox(datetime.now(UTC)) as running:
        yield running


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Iterator[Sandbox]:
    """Six platforms with 60 days of posts, in fair weather; tests do not change the posts."""
    yield running_sandbox
    for face in PLATFORMS:
        running_sandbox.clear(face.name)


@pytest.fixture
def configure(sandbox: Sandbox, tmp_path: Path) -> Callable[..., Config]:
    """Write the demo's config with some texts replaced and load it."""

    def load(*changes: tuple[str, str], add: str = "") -> Config:
        path = write_config(tmp_path, sandbox)
        text = path.read_text("utf-8")
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text + add, "utf-8")
        return config.load(path)

    return load
