"""Files that are there whole or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class TakenError(Exception):
    """Something is there already; the message says what to do."""


@contextmanager
def whole_file(path: Path, *, force: bool) -> Iterator[Path]:
    """A path beside this one to write to; what was written takes its place at the end, or is removed.

    Raises:
        TakenError: there is such a file, and it may not be replaced.
        OSError: it cannot be written there.
    """
    if path.exists() and not force:
        raise TakenError(f"{path} is there already; --force replaces it")
    draft = path.with_name(f".{path.name}.partial")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, *, force: bool) -> Iterator[Path]:
    """The same for a folder of partitions.

    Raises:
        TakenError: there is such a folder and it may not be replaced, or it holds other things than partitions.
        OSError: it cannot be written there.
    """
    taken = list(path.iterdir()) if path.exists() else []
    if taken and not force:
        raise TakenError(f"{path} is not empty; --force replaces what is in it")
    if others := [one.name for one in taken if not one.name.startswith("brand=")]:
        raise TakenError(f"{path} holds other things than an export ({others[0]}); name another folder")
    draft = path.with_name(f".{path.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)  # of an export that was killed
    try:
        draft.mkdir()
        yield draft
        if path.exists():
            shutil.rmtree(path)
        draft.replace(path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
