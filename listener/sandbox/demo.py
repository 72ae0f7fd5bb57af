"""The demo's platforms, and a configuration that leads the connectors to them."""

from datetime import datetime
from importlib.resources import files
from pathlib import Path

from listener.sandbox.content import demo_world
from listener.sandbox.platforms.appstore import AppStore
from listener.sandbox.platforms.hackernews import HackerNews
from listener.sandbox.platforms.mastodon import Mastodon
from listener.sandbox.platforms.reddit import Reddit
from listener.sandbox.platforms.rss import Rss
from listener.sandbox.platforms.trustpilot import Trustpilot
from listener.sandbox.platforms.x import X
from listener.sandbox.server import Sandbox

PLATFORMS = (AppStore, HackerNews, Mastodon, Reddit, Rss, Trustpilot, X)

SECRETS = {
    "DEMO_REDDIT_CLIENT_ID": "sandbox-app",
    "DEMO_REDDIT_CLIENT_SECRET": "sandbox-app-secret",
    "DEMO_REDDIT_USERNAME": "sonnenkorn",
    "DEMO_REDDIT_PASSWORD": "sandbox-password",
    "DEMO_TRUSTPILOT_KEY": "sandbox-api-key",
    "DEMO_X_TOKEN": "sandbox-bearer-token",
}
"""What demo.toml names; the sandbox takes any key but the one that its tests call wrong."""


def demo_sandbox(now: datetime, *, days: int = 60) -> Sandbox:
    """Seven platforms that show the demo's world as it stands at ``now``; start it with ``with``."""
    world = demo_world(now, days=days)
    return Sandbox(world, [face(world) for face in PLATFORMS])


def write_config(folder: Path, sandbox: Sandbox, language: str = "de") -> Path:
    """Fill the running sandbox's addresses into demo.toml; returns the file written."""
    template = files("listener.sandbox").joinpath("demo.toml").read_text("utf-8")
    addresses = {face.name: sandbox.url(face.name) for face in PLATFORMS}
    path = folder / "config.toml"
    path.write_text(template.format(language=language, **addresses), "utf-8")
    return path
