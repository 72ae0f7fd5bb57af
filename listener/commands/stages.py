"""The stages by hand, and all of them on a schedule."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from listener.commands.common import (
    config_option,
    examples,
    failed,
    json_option,
    opened,
    print_json,
    progress,
    read_config,
    usage_error,
)
from listener.commands.finding import Within, check_brand, found, within_options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from listener.config import Config
    from listener.workers import Outcome
    from storage.store import Store


@click.command(epilog=examples("listener poll", "listener poll --source hackernews --source blog"))
@config_option
@json_option
@click.option("--source", "only", multiple=True, help="Poll this source, due or not (repeatable).")
def poll(config_path: Path, as_json: bool, only: tuple[str, ...]) -> None:
    """Fetch new mentions from sources that are due."""
    config = read_config(config_path)
    from listener.stages import poll as stage

    _report(
        _worked(stage.poll, config, only, "polling"),
        as_json,
        lambda one: f"{one.result.new} new, {one.result.updated} updated",
        nothing="no source is due; `listener status` says when, --source NAME polls one now",
    )


def _worked(
    stage: "Callable[..., list[Outcome]]", config: "Config", only: tuple[str, ...], doing: str
) -> "list[Outcome]":
    """Run a stage over its sources, with a progress bar; a usage error where --source names no enabled one."""
    unknown = set(only) - {source.name for source in config.sources}
    if unknown:
        known = ", ".join(source.name for source in config.sources)
        usage_error(f"no enabled source is called {', '.join(sorted(unknown))}; there are: {known}")
    with opened(config), progress() as bar:
        task = bar.add_task(doing, total=None)
        return stage(config, only=only, done=lambda outcome: bar.update(task, description=outcome.source))


def _report(
    outcomes: "Sequence[Outcome]", as_json: bool, told: "Callable[[Outcome], str]", *, nothing: str
) -> None:
    """Say how each source went; exit code 1 where one failed."""
    if as_json:
        print_json([_outcome(one) for one in outcomes])
    elif not outcomes:
        click.echo(nothing)
    for one in outcomes:
        if not as_json and not one.is_failure:
            click.echo(f"{one.source}: {told(one)} ({one.status})")
    problems = [f"{one.source}: {one.error}" for one in outcomes if one.is_failure]
    if problems:
        failed(*problems)


def _outcome(one: "Outcome") -> dict[str, object]:
    return {
        "source": one.source,
        "status": one.status,
        "new": one.result.new,
        "updated": one.result.updated,
        "rejected": one.result.rejected,
        "gone": one.result.gone,
        "pages": one.pages,
        "error": one.error,
    }


@click.command(epilog=examples("listener refresh", "listener refresh --source reddit --json"))
@config_option
@json_option
@click.option("--source", "only", multiple=True, help="Only this source (repeatable).")
def refresh(config_path: Path, as_json: bool, only: tuple[str, ...]) -> None:
    """Read known posts again: counts, edits, deletions.

    Each is due about 1 hour, 6 hours, 1 day, 3 days and 7 days after its publication; what the platform no
    longer shows is deleted here, too.
    """
    config = read_config(config_path)
    from listener.stages import refresh as stage

    _report(
        _worked(stage.refresh, config, only, "refreshing"),
        as_json,
        lambda one: f"{one.result.updated} changed, {one.result.gone} gone",
        nothing="no post is due to be read again",
    )


@click.command(epilog=examples("listener prune"))
@config_option
def prune(config_path: Path) -> None:
    """Delete what may stay no longer.

    That is what is older than [retention] says, what a platform has not confirmed for as long as its terms
    allow (docs/connectors.md), and what is about no brand any more.
    """
    config = read_config(config_path)
    from listener.stages import prune as stage

    with opened(config) as store:
        done = stage.prune(store, config)
    click.echo(
        f"deleted: {done.old} older than the retention, {done.unconfirmed} not confirmed in time,"
        f" {done.unwanted} about no brand, {done.rejects} unreadable answers"
    )


@click.command(
    epilog=examples(
        "listener score",
        "listener score --retry",
        "listener score --again --since 2026-11-01 --brand Sonnenkorn",
        "listener score --again --query '\"War Zone\"'    # after a new phrase rule",
    )
)
@config_option
@click.option("--retry", is_flag=True, help="Also read again what the model failed at three times.")
@click.option(
    "--again", is_flag=True, help="Also score again what was scored before, all or within the limits."
)
@click.option("--query", "words", help="With --again: only mentions that match this boolean query.")
@within_options
def score(
    config_path: Path,
    retry: bool,
    again: bool,
    words: str | None,
    brand: str | None,
    since: "datetime | None",
    until: "datetime | None",
) -> None:
    """Score the mentions that wait, the newest first.

    Each gets its sentiment, language and stance, and what it says about each topic is scored, too; what was scored
    before stays as it is, also when phrase rules have changed, unless --again is given. Corrections stay in any case.
    Ctrl-C ends it after the batch in hand; the next run goes on from there.
    """
    within = Within(brand, since, until)
    if not again and (words is not None or within):
        usage_error("--query, --brand, --since and --until go with --again")
    config = read_config(config_path)
    check_brand(config, brand)
    from listener.signals import stop_signal
    from listener.stages import score as stage
    from listener.stages.topics import topics
    from sentiment.base import ModelError
    from storage import scores

    try:
        scorer = stage.load_scorer(config)
    except ModelError as error:
        usage_error(f"[sentiment] model: {error}")
    with opened(config) as store:
        if retry:
            scores.retry_failed(store)
        if again:
            _requeue(config, store, words, within)
        with stop_signal() as stop, progress(rate=True) as bar:
            task = bar.add_task("scoring", total=None)
            count = stage.score(
                store,
                scorer,
                stop=stop,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
            task = bar.add_task("searching for topics", total=None)
            searched = topics(
                store,
                config,
                scorer,
                stop=stop,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        left = scores.waiting(store)
    click.echo(f"{count} mentions scored with {scorer.name}")
    if searched:
        click.echo(f"{searched} searched for topics")
    if left:
        failed(f"{left} mentions still wait; `listener score` goes on from there")


def _requeue(config: "Config", store: "Store", words: str | None, within: Within) -> None:
    from storage import scores

    if words is None:
        scores.requeue(store, brand=within.brand, **within.days)
    else:
        scores.requeue_these(store, {row["mention_id"] for row in found(config, store, words, within)})


@click.command(epilog=examples("listener group", "listener group --all"))
@config_option
@click.option("--all", "everything", is_flag=True, help="Compare every mention anew, not only what waits.")
def group(config_path: Path, everything: bool) -> None:
    """Find the mentions that repeat another one.

    Reposts, syndicated articles and copied reviews are kept, but counted as copies beside the figures
    (docs/metrics.md).
    """
    config = read_config(config_path)
    from datetime import UTC, datetime

    from listener.signals import stop_signal
    from listener.stages import group as stage
    from storage import duplicates

    with opened(config) as store, stop_signal() as stop, progress(rate=True) as bar:
        if everything:
            duplicates.compare_anew(store)
        task = bar.add_task("comparing", total=None)
        count = stage.group(
            store,
            now=datetime.now(UTC),
            stop=stop,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        left, copies = duplicates.waiting(store), duplicates.count(store)
    click.echo(f"{count} mentions compared; {copies} of all repeat another one")
    if left:
        failed(f"{left} mentions still wait; `listener group` goes on from there")


@click.command(epilog=examples("listener aggregate", "listener aggregate --all"))
@config_option
@click.option("--all", "everything", is_flag=True, help="Compute every day anew, not only the touched ones.")
def aggregate(config_path: Path, everything: bool) -> None:
    """Compute the daily figures of touched days."""
    config = read_config(config_path)
    from listener.stages import aggregate as stage
    from storage import daily

    with opened(config) as store, progress() as bar:
        if everything:
            daily.mark_all_dirty(store)
        task = bar.add_task("aggregating", total=None)
        count = stage.aggregate(
            store, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    click.echo(f"{count} days computed")


@click.command(epilog=examples("listener run", "listener run --once"))
@config_option
@click.option("--once", is_flag=True, help="One round of everything that is due, then end.")
def run(config_path: Path, once: bool) -> None:
    """Do all of it on a schedule, until stopped.

    Polls, scores, aggregates and sends digests when they are due; SIGTERM or Ctrl-C finishes the page in hand.
    """
    config = read_config(config_path, daemon=not once)
    from listener import daemon
    from listener.endpoint import EndpointError
    from sentiment.base import ModelError
    from storage.store import StoreError

    try:
        last = daemon.run(config, once=once)
    except (StoreError, ModelError, EndpointError) as error:
        usage_error(str(error))
    if last.abandoned:  # a thread still waits for a platform; its page was not begun, so nothing is lost
        os._exit(0)
    if once and last.problems:
        failed(*last.problems)


COMMANDS = (poll, refresh, prune, group, score, aggregate, run)
