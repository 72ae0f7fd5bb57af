"""Reading, writing and sending digests."""

from datetime import UTC, datetime
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
    read_config,
    usage_error,
)

if TYPE_CHECKING:
    from listener.config import Config
    from storage.records import Language


@click.command(
    epilog=examples(
        "listener digest",
        "listener digest --brand Acme --date 2026-11-21",
        "listener digest --out reports --language en",
        "listener digest --send",
    )
)
@config_option
@json_option
@click.option("--brand", help="One brand; without it every brand that is no competitor.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Which day; without it yesterday.")
@click.option("--language", type=click.Choice(["de", "en"]), help="Without it the config's.")
@click.option(
    "--out",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write HTML, text and JSON here.",
)
@click.option("--send", is_flag=True, help="Record it and mail it to the recipients, once per brand and day.")
def digest(
    config_path: Path,
    as_json: bool,
    brand: str | None,
    day: datetime | None,
    language: "Language | None",
    folder: Path | None,
    send: bool,
) -> None:
    """Print a day's digest, write it, or send it."""
    config = read_config(config_path)
    names = [one.name for one in config.file.brands]
    if brand is not None and brand not in names:
        usage_error(f"there is no brand {brand!r}; there are: {', '.join(names)}")
    from listener.digest import files, text, trends
    from listener.digest.build import build
    from listener.stages.compose import yesterday

    spoken = language or config.file.listener.language
    with opened(config) as store:
        for one in [brand] if brand else config.digest_brands:
            wanted = day.date() if day else yesterday(config, one)
            try:
                trends.update(store, one, wanted)
                data = build(store, one, wanted, top_n=config.file.digest.top_n)
            except LookupError as error:
                usage_error(f"{error}; run `listener poll` first")
            if as_json:
                print_json(data.model_dump(mode="json"))
            elif folder is not None:
                for path in files.write(folder, data, spoken):
                    click.echo(path)
            else:
                click.echo(text.render_text(data, spoken))
    if send:
        _send(config, [brand] if brand else list(config.digest_brands), day)


def _send(config: "Config", brands: list[str], day: datetime | None) -> None:
    from listener.stages.compose import record, yesterday
    from listener.stages.deliver import deliver as stage

    if not config.file.digest.recipients:
        usage_error("[digest] recipients: nobody is named yet")
    with opened(config) as store:
        for brand in brands:
            last = yesterday(config, brand)
            wanted = day.date() if day else last
            if wanted > last:
                usage_error(f"{wanted} is not over yet; the latest digest to send is that of {last}")
            if not record(store, config, brand, wanted, now=datetime.now(UTC)):
                click.echo(f"{brand}: the digest of {wanted} is recorded already; it is not made twice")
        sent, not_sent = stage(store, config)
    click.echo(f"{sent} letters sent")
    if not_sent:
        failed(f"{not_sent} letters could not be sent; they are tried again by `listener deliver`")


@click.command(epilog=examples("listener deliver"))
@config_option
def deliver(config_path: Path) -> None:
    """Send the letters that wait in the outbox."""
    config = read_config(config_path)
    from listener.stages.deliver import deliver as stage

    with opened(config) as store:
        sent, not_sent = stage(store, config)
    click.echo(f"{sent} letters sent")
    if not_sent:
        failed(f"{not_sent} letters could not be sent; `listener status` shows why")


COMMANDS = (digest, deliver)
