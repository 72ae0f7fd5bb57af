"""Which connectors exist: ours, one module each, and third parties' through the entry-point group."""

from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from connectors.base import Connector

BUILTIN = (
    "appstore",
    "appstore_connect",
    "bluesky",
    "discourse",
    "facebook",
    "github",
    "google_business",
    "google_play",
    "hackernews",
    "instagram",
    "lemmy",
    "mailbox",
    "mastodon",
    "reddit",
    "rss",
    "stackexchange",
    "trustpilot",
    "webhook",
    "x",
    "youtube",
)
GROUP = "listener.connectors"


class UnknownConnectorError(LookupError):
    """No connector has this name; the message lists those that exist."""


def names() -> list[str]:
    """Every connector that can be configured, in alphabetical order."""
    return sorted({*BUILTIN, *third_party()})


def load(name: str) -> type[Connector]:
    """Import one connector (and its client library); nothing else is imported.

    Raises:
        UnknownConnectorError: there is none of this name.
    """
    if name in BUILTIN:
        found: type[Connector] = import_module(f"connectors.{name}").CONNECTOR
        return found
    if name in third_party():
        external: type[Connector] = third_party()[name].load()
        return external
    raise UnknownConnectorError(f"there is no connector {name!r}; there are: {', '.join(names())}")


@cache
def third_party() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}
