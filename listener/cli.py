"""The command line: one group, its commands in ``listener.commands``."""

import click

from listener.commands import (
    compliance,
    demo,
    digest,
    evaluate,
    exporting,
    judgement,
    look,
    models,
    querying,
    searching,
    serving,
    setup,
    stages,
    topics,
    transfer,
    trend,
    tune,
)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  listener demo                 see everything work on made-up platforms
  listener init                 write a config.toml by answering questions
  listener check                find every mistake in it, and try each source
  listener run                  poll, score, aggregate and send digests until stopped
  listener digest --brand Acme  read yesterday's digest in the terminal""",
)
@click.version_option(package_name="social-listening-bot", prog_name="listener")
def main() -> None:
    """Listen to what people say about your brands, on social platforms and review sites.

    Exit codes: 0 done, 1 done but something failed (named on stderr), 2 configuration or usage.
    """


for module in (
    setup,
    stages,
    models,
    digest,
    look,
    trend,
    querying,
    searching,
    topics,
    judgement,
    evaluate,
    tune,
    compliance,
    transfer,
    exporting,
    serving,
    demo,
):
    for command in module.COMMANDS:
        main.add_command(command)
