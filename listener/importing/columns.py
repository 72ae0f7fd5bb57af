"""Which column says what: as told, else by the names that exports of the field's tools give them."""

from collections.abc import Iterable, Mapping
from typing import get_args

from connectors.mapping import Field
from listener.query.fold import plain

NAMES: dict[Field, tuple[str, ...]] = {
    "id": ("id", "mention id", "review id", "post id", "tweet id", "guid", "resource id", "kennung"),
    "text": (
        "text", "content", "full text", "body", "message", "comment", "review", "review text", "mention",
        "snippet", "hit sentence", "kommentar", "inhalt", "nachricht", "bewertungstext", "rezension", "feedback",
    ),
    "title": ("title", "headline", "subject", "review title", "titel", "betreff", "ueberschrift"),
    "author": (
        "author", "author name", "user", "username", "user name", "full name", "name", "reviewer", "influencer",
        "autor", "verfasser", "nutzer", "benutzer",
    ),
    "author_id": ("author id", "user id", "autor id"),
    "url": ("url", "link", "permalink", "source url", "mention url", "adresse"),
    "published_at": (
        "published at", "date", "created at", "published", "timestamp", "time", "created", "review date", "datetime",
        "post date", "datum", "zeit", "zeitpunkt", "erstellt am", "veroeffentlicht am",
    ),
    "rating": ("rating", "stars", "score", "star rating", "bewertung", "sterne", "note", "punkte"),
    "lang": ("lang", "language", "sprache"),
    "kind": ("kind",),
    "thread_id": ("thread id", "conversation id"),
    "likes": ("likes", "like count", "favorites", "favourites", "reactions", "gefaellt mir"),
    "shares": ("shares", "share count", "retweets", "reposts", "geteilt"),
    "comments": ("comments", "comment count", "replies", "reply count", "kommentare", "antworten"),
    "views": ("views", "view count", "impressions", "aufrufe", "impressionen"),
    "followers": ("followers", "follower count", "follower", "author followers"),
}  # fmt: skip
"""In the order of preference; case, spaces and umlauts' spelling do not matter."""


class MappingError(ValueError):
    """The mapping names what does not exist; the message lists what does."""


def mapped(columns: Iterable[str], told: Mapping[str, str]) -> dict[Field, str]:
    """The column of each field that has one.

    Args:
        told: field to column, as on the command line; an empty column leaves a field out.

    Raises:
        MappingError: a field or column that does not exist, or nothing that could be a text.
    """
    known = {_plain(column): column for column in columns}
    fields = get_args(Field)
    for field, column in told.items():
        if field not in fields:
            raise MappingError(f"there is no field {field!r}; there are: {', '.join(fields)}")
        if column and column.partition(".")[0] not in known.values() and column not in known.values():
            raise MappingError(f"there is no column {column!r}; there are: {', '.join(known.values())}")
    taken = set(told.values())
    found: dict[Field, str] = {}
    for field, names in NAMES.items():
        fits = (known.get(_plain(name)) for name in names)
        guess = next((column for column in fits if column and column not in taken), None)
        if column := told.get(field, guess or ""):
            found[field] = column
            taken.add(column)
    if not found.keys() & {"text", "title"}:
        raise MappingError(
            f"which column holds the text? Say --map text=COLUMN; there are: {', '.join(known.values())}"
        )
    return found


def _plain(column: str) -> str:
    """``Veröffentlicht_am`` and ``Veroeffentlicht am`` alike."""
    return "".join(one for one in plain(column).casefold() if one.isalnum())
