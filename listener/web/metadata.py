"""What Datasette knows of the database: titles, descriptions, facets, the ten questions, who may read."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from listener.config import Config
from listener.web.plugin import DATABASE, DAYS, NAME
from listener.web.questions import questions
from storage.catalog import VIEWS

USER = "listener"
HASH_ENV = "LISTENER_WEB_PASSWORD_HASH"
"""Where Datasette finds the hash of the password: what stands in the metadata itself, it shows on a page."""
FACETS = ("brand", "platform", "sentiment_label", "stance", "lang")
INTERNAL = (
    "meta", "dirty_days", "score_queue", "score_failures", "topic_queue", "topic_failures", "duplicate_queue",
    "likeness_bands", "likeness_keys", "settled_metrics", "settled_slices", "_sqlite_migrations",
)  # fmt: skip


def metadata(config: Config, *, guarded: bool, today: date) -> dict[str, Any]:
    """Datasette's metadata.

    Args:
        guarded: whether readers have to know a password.
        today: the last day that the links to the questions ask for.
    """
    ours = {
        "database": str(config.database),
        "show_authors": config.file.web.show_authors,
        "language": config.file.listener.language,
        "guarded": guarded,
    }
    accounts = {f"{USER}_password_hash": {"$env": HASH_ENV}} if guarded else {}
    return {
        "title": "Social Listening Bot",
        "description_html": _welcome(config, today),
        "plugins": {NAME: ours, "datasette-auth-passwords": accounts},
        "databases": {DATABASE: _database()},
        **({"allow": {"id": USER}} if guarded else {}),
    }


def _database() -> dict[str, Any]:
    return {
        "description": "Build on the views. Figures are over originals, NULL is unknown, a day is the brand's own.",
        "tables": {
            **{name: {"description": text} for name, text in VIEWS.items()},
            **{name: {"hidden": True} for name in INTERNAL},
            "mention_overview": {
                "description": VIEWS["mention_overview"],
                "facets": list(FACETS),
                "fts_table": "mentions_fts",
                "fts_pk": "mention_id",
            },
        },
        "queries": {
            one.name: {
                "title": one.title,
                "description": one.description,
                "sql": one.sql,
                "params": ["brand", "from", "to"],
            }
            for one in questions().values()
        },
    }


def _welcome(config: Config, today: date) -> str:
    """Where to begin: the dashboard, and the questions about the first brand's last weeks."""
    own = [brand.name for brand in config.file.brands if not brand.competitor]
    brand = own[0] if own else ""
    first = str(today - timedelta(days=DAYS - 1))
    asked = urlencode({"brand": brand, "from": first, "to": str(today)}).replace("&", "&amp;")
    # of a brand and its days: counting and sorting all of millions of mentions runs into the time limit
    shown = urlencode({"brand": brand, "day__gte": first, "_sort_desc": "published_at"}).replace("&", "&amp;")
    links = "".join(
        f'<li><a href="/{DATABASE}/{one.name}?{asked}">{one.title}</a></li>' for one in questions().values()
    )
    return (
        '<p><strong><a href="/dashboard">Dashboard</a></strong> · '
        f'<a href="/{DATABASE}/mention_overview?{shown}">mentions, with search</a></p>'
        f"<p>Ten questions, asked of the last {DAYS} days:</p><ol>{links}</ol>"
    )
