"""Asking X which of the stored posts must be deleted."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from listener.commands.common import (
    config_option,
    examples,
    failed,
    opened,
    progress,
    read_config,
    usage_error,
)

if TYPE_CHECKING:
    from connectors.x import XSettings
    from connectors.x_compliance import Compliance
    from listener.config import Config, SourceConfig
    from storage.store import Store

CHECK_EVERY = 10.0
"""Seconds between two looks at the job; X allows 150 looks in a quarter of an hour."""
LONGEST = 3600.0
"""Seconds until a job is given up."""


@click.command(
    epilog=examples(
        "listener compliance",
        "listener compliance --export ids.txt     run the job by hand (docs.x.com, batch compliance)",
        "listener compliance --apply result.json  and delete what its result names",
    )
)
@config_option
@click.option("--source", "name", help="The X source whose key to use; without it the first one.")
@click.option("--export", type=click.Path(dir_okay=False, path_type=Path), help="Only write the ids there.")
@click.option(
    "--apply",
    "result",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Delete what this downloaded result names.",
)
def compliance(config_path: Path, name: str | None, export: Path | None, result: Path | None) -> None:
    """Delete stored posts that were deleted on X.

    X is told the ids of all stored posts and names those that were deleted, or whose authors are suspended,
    protected or gone. No post is read, so it costs nothing; it can take a while.
    """
    if sum(one is not None for one in (name, export, result)) > 1:
        usage_error("--source, --export and --apply exclude each other")
    config = read_config(config_path)
    from connectors.errors import BadRecord, ConnectorError
    from storage import reads

    with opened(config) as store:
        ids = reads.platform_ids(store, "x")
        if export is not None:
            _export(export, ids)
        elif result is not None:
            try:
                _delete(store, len(ids), _read(result))
            except BadRecord as error:
                usage_error(f"{result}: {error}")
        else:
            source = _source(config, name)
            try:
                _delete(store, len(ids), _asked(store, config, source, ids) if ids else [])
            except ConnectorError as error:
                failed(f"{source.name}: {error}")


def _export(path: Path, ids: Sequence[str]) -> None:
    try:
        path.write_text("".join(f"{one}\n" for one in ids), "utf-8")
    except OSError as error:
        usage_error(f"cannot write {path}: {error.strerror}")
    click.echo(f"{len(ids)} ids written to {path}")


def _read(path: Path) -> list[str]:
    from connectors.x_compliance import to_delete

    return to_delete(path.read_text("utf-8", "replace"))


def _source(config: "Config", name: str | None) -> "SourceConfig":
    """The enabled X source of this name, or the first."""
    found = [one for one in config.sources if one.connector.name == "x" and name in (None, one.name)]
    if not found:
        usage_error("no enabled source listens to X" + (f" under the name {name!r}" if name else ""))
    return found[0]


def _asked(store: "Store", config: "Config", source: "SourceConfig", ids: Sequence[str]) -> list[str]:
    """The ids that X names; raises ``ConnectorError``."""
    source.connect()  # which says what is missing
    from connectors.x_compliance import Compliance
    from listener import watching

    job = Compliance(cast("XSettings", source.settings))
    allowance = watching.allowance(store, config, source)
    with watching.Filing(store, config, source, source_id=0).metered(allowance):
        return _run(job, ids)


def _run(compliance: "Compliance", ids: Sequence[str]) -> list[str]:
    """Start a job, wait for it, and fetch its result."""
    from connectors.errors import RetryLater

    with progress() as bar:
        task = bar.add_task(f"X is told {len(ids)} ids", total=None)
        job = compliance.start()
        compliance.upload(job, ids)
        deadline = time.monotonic() + LONGEST
        while (job := compliance.status(job)).is_running:
            if time.monotonic() > deadline:
                raise RetryLater(f"X has not finished its job {job.id} within {LONGEST / 60:g} minutes")
            bar.update(task, description=f"X works on {len(ids)} ids: {job.status}")
            time.sleep(CHECK_EVERY)
        if job.status != "complete":
            raise RetryLater(f"X gave its job {job.id} up: {job.status}")
        return compliance.result(job)


def _delete(store: "Store", checked: int, ids: Sequence[str]) -> None:
    from storage.graves import bury

    with store.transaction():
        deleted = bury(store, "x", ids, reason="deleted on X", now=datetime.now(UTC))
    click.echo(f"{checked} posts of X checked, {deleted} deleted")


COMMANDS = (compliance,)
