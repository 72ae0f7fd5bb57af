"""The web pages on the database."""

import os
import secrets
import webbrowser
from pathlib import Path

import click

from listener.commands.common import config_option, examples, opened, read_config, usage_error
from listener.web.addresses import is_loopback


@click.command(
    epilog=examples(
        "listener serve                            http://127.0.0.1:8001, with a password for this run",
        "LISTENER_WEB_PASSWORD=... listener serve  with yours",
        "listener serve --port 9000 --open         another port, and open the browser",
        "listener serve --no-password              on a machine of your own",
    )
)
@config_option
@click.option("--host", help="Address to listen on, instead of the one in [web].")
@click.option("--port", type=click.IntRange(1, 65535), help="Port, instead of the one in [web].")
@click.option("--open", "open_browser", is_flag=True, help="Open the dashboard in the browser.")
@click.option("--no-password", is_flag=True, help="Let everybody on this machine read.")
def serve(
    config_path: Path, host: str | None, port: int | None, open_browser: bool, no_password: bool
) -> None:
    """Show the database in a browser: dashboard, ten questions, search, SQL. Nothing can be changed there.

    The user is "listener". The password is taken from the environment variable that [web] password_env names;
    without one, a password is made for this run. Authors' names are hidden unless [web] show_authors = true.
    """
    config = read_config(config_path)
    section = config.file.web
    host, port = host or section.host, port or section.port
    given = os.environ.get(section.password_env)
    if not is_loopback(host):
        if no_password:
            usage_error(f"--no-password is for this machine alone, not for {host}")
        if not given:
            usage_error(f"to listen on {host}, set a password in the environment: {section.password_env}=...")
    with opened(config, new=False):  # brings an older file up to date
        pass
    from listener.web.server import application, bound, serve

    try:
        listener = bound(host, port)
    except OSError as error:
        usage_error(f"cannot listen on {host}:{port}: {error.strerror}; try another port: --port {port + 1}")
    password = None if no_password else given or secrets.token_urlsafe(12)
    made = application(config, password)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/dashboard"
    click.echo(address)
    if password is not None and not given:
        click.echo(
            f"user: listener   password: {password}   (for this run; set {section.password_env} for yours)"
        )
    click.echo("Ctrl-C stops it.")
    if open_browser:
        webbrowser.open(address)
    serve(made, listener)


COMMANDS = (serve,)
