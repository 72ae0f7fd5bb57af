"""Which mentions are worth an answer, why, and in which order. Pure.

The rule, in full. Never: articles (nobody answers below them) and duplicates; own accounts are left out by
the read. A mention that warns against the brand before at least ``REACH`` followers or views is a *detractor
with reach*; any other that warns, gives at most ``LOW_RATING`` stars or is negative (unless it recommends the
brand in so many words, of which we are surer) is a *complaint*; and one
that asks something outside of its links is a *question*, too. Order: the most urgent reason, then reach, then
engagement, then the older one, which has waited longer.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from listener.digest.data import Reason
from storage.records import Kind, Label, Stance

REACH = 1000
"""Followers or views from which a warning is heard."""

LOW_RATING = 2
"""Stars."""

_LINK = re.compile(r"\w+://\S+|\bwww\.\S+", re.IGNORECASE)
_QUESTION = re.compile(
    r"\w[^\w\s?]{0,3}\s?[?\uff1f\u061f]"
    r"|\b(?:weiß|weiss|kennt|hat|kann|könnte)\b[^.!]{0,12}\b(?:jemand|irgendwer)\b"
    r"|\b(?:does|has|can|could|do) any(?:one|body|\s+of you)\b",
    re.IGNORECASE,
)

Row = Mapping[str, Any]
"""A row of the view ``mention_overview``."""


def worth_answering(rows: Iterable[Row]) -> list[tuple[Row, tuple[Reason, ...]]]:
    """The mentions worth an answer with their reasons, the most urgent first."""
    found = [(row, why) for row in rows if (why := reasons(row))]
    return sorted(found, key=lambda one: _urgency(*one))


def reasons(row: Row) -> tuple[Reason, ...]:
    """Why this mention is worth an answer, the most urgent reason first; empty if it is not."""
    if row["kind"] == Kind.ARTICLE or row["duplicate_of"] is not None:
        return ()
    warns = row["stance"] == Stance.DETRACTING
    loud = warns and reach(row) >= REACH
    low = row["rating"] is not None and row["rating"] <= LOW_RATING
    negative = row["sentiment_label"] == Label.NEGATIVE and row["stance"] != Stance.PROMOTING
    apply = {
        Reason.DETRACTOR_WITH_REACH: loud,
        Reason.COMPLAINT: not loud and (warns or low or negative),
        Reason.QUESTION: asks(f"{row['title'] or ''}\n{row['text']}"),
    }
    return tuple(reason for reason in Reason if apply[reason])


def reach(row: Row) -> int:
    """The larger of followers and views; unknown reaches nobody as far as this rule is concerned."""
    return max(row["author_followers"] or 0, row["views"] or 0)


def asks(text: str) -> bool:
    """Whether the text asks something; question marks inside links do not count."""
    return _QUESTION.search(_LINK.sub(" ", text)) is not None


def _urgency(row: Row, why: tuple[Reason, ...]) -> tuple[Any, ...]:
    rank = list(Reason).index(why[0])
    order = (row["published_at"], row["platform"], row["platform_id"])
    return (rank, -reach(row), -(row["engagement"] or 0), *order)
