"""What a mention says, as rows: in the order of their columns, as SQLite keeps it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storage.records import Author, Mention
from storage.store import stamp

_NOBODY = Author(platform_id="-")
WORDS, STATE, COUNTS, AUTHOR = slice(2), slice(2, 4), slice(4, 8), slice(8, 13)
RATING, ANSWER = slice(2, 3), slice(13, 15)
"""Places in what ``told`` returns."""


def told(mention: Mention) -> tuple[Any, ...]:
    """What may be different when the mention is seen again, not ``stored`` yet, since most is as it was."""
    author, counts = mention.author or _NOBODY, mention.engagement
    return (
        mention.title,
        mention.text,
        mention.rating,
        author.followers,
        counts.likes,
        counts.shares,
        counts.comments,
        counts.views,
        mention.author and author.platform_id,
        author.handle,
        author.name,
        author.url,
        author.followers,
        mention.answered,
        mention.answered_at and stamp(mention.answered_at),
    )


def new_row(mention: Mention, check_at: datetime | None) -> tuple[Any, ...]:
    """What is written when the mention is new, in the order of the table ``incoming``, up to the answer."""
    return (
        mention.platform,
        storable(mention.platform_id),
        str(mention.kind),
        mention.parent_id and storable(mention.parent_id),
        mention.thread_id and storable(mention.thread_id),
        mention.url and storable(mention.url),
        mention.lang and storable(mention.lang),
        stamp(mention.published_at),
        mention.edited_at and stamp(mention.edited_at),
        check_at and stamp(check_at),
        mention.answered,
        mention.answered_at and stamp(mention.answered_at),
    )


def is_news(told: Iterable[Any], known: Iterable[Any]) -> bool:
    """Whether anything is told that is not what is known; nothing told is no news."""
    return any(new is not None and new != old for new, old in zip(told, known, strict=True))


def answer(told: tuple[Any, Any], known: tuple[Any, Any]) -> tuple[Any, Any]:
    """Whether and when the business answered: the first answer counts, one that was withdrawn does not."""
    answered, answered_at = told
    if answered is None:
        return known
    return (1, known[1] or answered_at) if answered else (0, None)


def stored(told: tuple[Any, ...]) -> tuple[Any, ...]:
    """As SQLite keeps it."""
    return tuple([storable(one) if type(one) is str else one for one in told])


def storable(text: str) -> str:
    """Without what SQLite cannot keep as text: null bytes and halves of surrogate pairs."""
    if text.isascii() and "\0" not in text:  # most are: ids, names, addresses
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode()
