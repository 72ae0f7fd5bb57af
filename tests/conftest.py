"""Fixtures for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, settings

# Machines are slow and shared: how long an example takes says nothing about the code.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Commands set the log up for themselves; the next test begins without that."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Recorded answers of the real APIs; a test that needs them skips where they are absent."""
    return _or_skip(SHARED / "recordings")


@pytest.fixture(scope="session")
def schemas() -> Path:
    """Machine-readable descriptions of the platforms' APIs; skips where absent."""
    return _or_skip(SHARED / "schemas")


@pytest.fixture(scope="session")
def labelled() -> Path:
    """Labelled posts, in ``train`` and ``eval``; skips where absent."""
    return _or_skip(SHARED / "data" / "sentiment")


def _or_skip(folder: Path) -> Path:
    if not folder.is_dir():
        pytest.skip(f"needs the folder {folder.name} of recorded data beside the project")
    return folder
