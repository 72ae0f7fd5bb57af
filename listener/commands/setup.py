"""Getting started: writing a configuration and checking it."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import click

from listener.commands.common import config_option, examples, failed, opened, read_config, usage_error

if TYPE_CHECKING:
    from listener.config import Config, SourceConfig
    from storage.store import Store


@click.command(epilog=examples("listener init", "listener init --config bakery.toml"))
@config_option
def init(config_path: Path) -> None:
    """Write a config.toml by asking a few questions.

    An existing file is never overwritten.
    """
    if config_path.exists():
        usage_error(f"{config_path} exists already; edit it, or name another file with --config")
    name = click.prompt("Your brand's name", value_proc=_readable_name)
    answers = {
        "name": name,
        "query": click.prompt(
            "What to look for (docs/queries.md)", default=_phrase(name), value_proc=_readable_query
        ),
        "competitor": click.prompt(
            "A competitor to compare with (Enter for none)",
            default="",
            show_default=False,
            value_proc=_readable_name,
        ),
        "mastodon": click.prompt("A Mastodon server to listen on", default="https://mastodon.social"),
        "language": click.prompt("Language of the digests", type=click.Choice(["de", "en"]), default="de"),
    }
    if answers["competitor"] == name:
        usage_error("the competitor cannot be the brand itself; nothing was written")
    try:
        config_path.write_text(_starter(answers), "utf-8")
    except OSError as error:
        usage_error(f"cannot write {config_path}: {error.strerror}")
    read_config(config_path)
    click.echo(f"wrote {config_path}; next: `listener check`, then `listener run`")


def _starter(answers: Mapping[str, str]) -> str:
    """A configuration that works, from the template beside this package."""
    quoted = {key: json.dumps(value, ensure_ascii=False) for key, value in answers.items()}
    rival = answers["competitor"]
    rival_query = json.dumps(_phrase(rival), ensure_ascii=False)
    table = f"\n[[brands]]\nname = {quoted['competitor']}\nquery = {rival_query}\ncompetitor = true\n"
    template = files("listener").joinpath("starter.toml").read_text("utf-8")
    return Template(template).substitute(quoted, competitor=table if rival else "")


def _phrase(words: str) -> str:
    """A query for exactly these words."""
    return f'"{words.replace(chr(34), "")}"'


def _readable_name(text: str) -> str:
    """A name that can be looked for, or nothing; asks again where it has no letters."""
    if text:
        _readable_query(_phrase(text))
    return text


def _readable_query(text: str) -> str:
    """The query as it is; asks again where it cannot be read."""
    from listener.query import QueryError, parse

    try:
        parse(text)
    except QueryError as error:
        raise click.BadParameter(f"\n{error}") from None
    return text


@click.command(epilog=examples("listener check", "listener check --offline"))
@config_option
@click.option("--offline", is_flag=True, help="Check the file only; ask no platform.")
def check(config_path: Path, offline: bool) -> None:
    """Check the configuration and try each source.

    Every mistake is listed at once; a name or an address that stands where a platform wants an id is looked up,
    and the id written into the file. Then each source is asked for its first page with its key. Nothing of it is
    stored, but what it cost counts towards the month's budget.
    """
    from connectors.errors import ConnectorError

    config = read_config(config_path, every_source=True)
    click.echo(f"{config_path}: {len(config.file.brands)} brands, {len(config.sources)} sources, no mistakes")
    problems = []
    with opened(config) as store:
        click.echo(f"{config.database}: usable")
        for source in config.sources:
            if not source.section.enabled:
                click.echo(f"{source.name}: switched off")
            elif not offline:
                try:
                    found = _looked_up(store, config, source)
                    click.echo(f"{source.name}: {_first_page(store, config, found)}")
                except (ConnectorError, OSError) as error:
                    problems.append(f"{source.name}: {error}")
    if problems:
        failed(*problems)


def _looked_up(store: "Store", config: "Config", source: "SourceConfig") -> "SourceConfig":
    """The source with ids where names stood; what was found is written into the configuration file."""
    from connectors.base import Resolving
    from listener import watching
    from listener.config import load
    from listener.config.editing import set_keys

    connector = source.connect()
    if not isinstance(connector, Resolving):
        return source
    allowance = watching.allowance(store, config, source)
    with watching.Filing(store, config, source, source_id=0).metered(allowance):
        found = connector.resolve()
    if not found:
        return source
    set_keys(config.path, source.name, found)
    for key, value in found.items():
        click.echo(f"{source.name}: {key} is {value}, now written in {config.path}")
    return next(one for one in load(config.path).sources if one.name == source.name)


def _first_page(store: "Store", config: "Config", source: "SourceConfig") -> str:
    """What a source shows on its first page, of which only the cost is stored; raises ``ConnectorError``."""
    from listener import watching

    allowance = watching.allowance(store, config, source)
    watch = watching.watch(config, source, allowance)
    filing = watching.Filing(store, config, source, source_id=0)
    with filing.metered(allowance):
        page = next(source.connect().poll(watch, None), None)
    if page is not None:
        filing.spend(page.spent)
    if page is None or not page.mentions:
        return "answers; its first page is empty"
    matched = watching.matching(config, source)
    about = sum(bool(matched(mention).matches) for mention in page.mentions)
    return f"answers, {about} of {len(page.mentions)} on its first page are about a brand"


COMMANDS = (init, check)
