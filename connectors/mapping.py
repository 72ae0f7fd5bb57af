"""Records that other programs made (JSON, rows of a table) as mentions: which field says what, and how it is written.

Pure: what is posted to a webhook and what is read from a file are mapped by the same rules.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any, Literal

from connectors.text import language
from storage.records import Author, Engagement, Kind, Mention

Field = Literal[
    "id",
    "text",
    "title",
    "author",
    "author_id",
    "url",
    "published_at",
    "rating",
    "lang",
    "kind",
    "thread_id",
    "likes",
    "shares",
    "comments",
    "views",
    "followers",
]

_MILLISECONDS = 1e11
"""Larger numbers count milliseconds since 1970: as seconds they would lie beyond the year 5000."""
_GERMAN = ("%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,'\u2019 \u00a0\u202f])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapper:
    """How one sender's records become mentions."""

    platform: str
    origin: str
    """Who made the records; part of every id, so that two senders' numbers do not collide."""
    fields: Mapping[Field, str] = field(default_factory=dict)
    """Where a field stands in the record, with dots into its inner objects; else under its own name."""
    kind: Kind = Kind.POST
    """Of records that do not say."""
    scale: tuple[float, float] = (1, 5)
    """The worst and the best rating there can be; mapped onto 1 to 5 stars."""
    zone: tzinfo = UTC
    """Of dates that do not say."""

    def mention(self, record: Any, now: datetime) -> Mention:
        """The record as a mention; one without a date is of ``now``, one without an id is known by its content.

        Raises:
            ValueError: it holds something that is not what its field needs; the message names the field.
        """
        if not isinstance(record, Mapping):
            raise ValueError(f"a record must be an object with fields, not {_kind(record)}")  # noqa: TRY004 - the data is bad, not the call
        counts = {name: self._count(record, name) for name in ("likes", "shares", "comments", "views")}
        return Mention(
            platform=self.platform,
            platform_id=self.platform_id(record) or self._own(_fingerprint(record)),
            kind=Kind(kind.lower()) if (kind := self._text(record, "kind")) else self.kind,
            published_at=self._moment(record) or now,
            title=self._text(record, "title"),
            text=self._text(record, "text") or "",
            url=_web(self._text(record, "url")),
            author=self._author(record),
            lang=language(self._text(record, "lang")),
            rating=self._rating(record),
            thread_id=self._id(record, "thread_id"),
            engagement=Engagement(**counts),
        )

    def platform_id(self, record: Any) -> str | None:
        """The platform_id of the record's mention; None where the record has no id."""
        return self._id(record, "id")

    def _own(self, name: str) -> str:
        return f"{self.origin}/{name}"

    def _get(self, record: Any, name: Field) -> Any:
        return at(record, self.fields.get(name, name))

    def _text(self, record: Any, name: Field) -> str | None:
        value = self._get(record, name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # a table's column of numbers with a gap in it
        if isinstance(value, bool) or not isinstance(value, str | int | float | None):
            raise ValueError(f"{name} is no text but {_kind(value)}")  # noqa: TRY004 - the data is bad, not the call
        return None if value is None else str(value)

    def _id(self, record: Any, name: Field) -> str | None:
        value = self._text(record, name)
        return value and self._own(value)

    def _author(self, record: Any) -> Author | None:
        name, key = self._text(record, "author"), self._text(record, "author_id")
        if not (key or name):
            return None
        followers = self._count(record, "followers")
        return Author(platform_id=self._own(key or name or ""), handle=name, name=name, followers=followers)

    def _count(self, record: Any, name: Field) -> int | None:
        value = self._get(record, name)
        return None if value is None else _whole(name, value)

    def _rating(self, record: Any) -> float | None:
        value = self._get(record, "rating")
        if value is None:
            return None
        worst, best = self.scale
        return round(1 + 4 * (_number("rating", value) - worst) / (best - worst), 4)

    def _moment(self, record: Any) -> datetime | None:
        value = self._get(record, "published_at")
        return None if value is None else moment(value, self.zone)


def at(record: Any, path: str) -> Any:
    """What stands in the record under a dotted path (``customer.name``, ``tags.0``); None where nothing does.

    A key with dots in it is found as well. Empty texts and NaN are nothing.
    """
    if isinstance(record, Mapping) and path in record:
        return _something(record[path])
    for key in path.split("."):
        if isinstance(record, Mapping):
            record = record.get(key)
        elif isinstance(record, list) and key.isdecimal() and int(key) < len(record):
            record = record[int(key)]
        else:
            return None
    return _something(record)


def moment(value: Any, zone: tzinfo = UTC) -> datetime:
    """A date or time: ISO 8601, Unix seconds or milliseconds, German ("22.11.2026 13:05"); raises ``ValueError``.

    Args:
        zone: of a time that names none.
    """
    if isinstance(value, str):
        value = _written(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value / 1000 if abs(value) >= _MILLISECONDS else value, UTC)
        except (OSError, OverflowError):
            raise ValueError(f"published_at is no date: {value}") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise ValueError(f"published_at is no date but {_kind(value)}")  # noqa: TRY004 - the data is bad, not the call
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _written(text: str) -> datetime | float:
    if re.fullmatch(r"\d{9,10}|\d{12,13}|\d{9,10}\.\d+", text):  # "20261122" is a date
        return float(text)
    for form in _GERMAN if re.match(r"\d{1,2}\.\d{1,2}\.", text) else ():
        try:
            return datetime.strptime(text.replace(",", " ").replace("  ", " "), form)  # noqa: DTZ007 - the caller adds the zone
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"published_at is no date: {text[:50]!r}") from None


def _whole(name: str, value: Any) -> int:
    """A count; written with a separator between the thousands, if need be: "1.234"."""
    if isinstance(value, str) and _GROUPED.fullmatch(value.strip()):
        value = re.sub(r"[^\d+-]", "", value)
    number = _number(name, value)
    if not number.is_integer():
        raise ValueError(f"{name} is no whole number: {value!r}")
    return int(number)


def _number(name: str, value: Any) -> float:
    """A number, or one written out, with a decimal point or comma: "4,5"."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,18}(?:[.,]\d+)?", value.strip()):
        return float(value.strip().replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"{name} is no number: {str(value)[:50]!r}")  # noqa: TRY004 - the data is bad, not the call
    return float(value)


def _something(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    return None if value != value else value  # noqa: PLR0124 - NaN alone is unlike itself


def _web(url: str | None) -> str | None:
    """The address where it is one of the web: it becomes a link in the digest."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


def _fingerprint(record: Mapping[str, Any]) -> str:
    canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _kind(value: Any) -> str:
    """What a value is, in the words of JSON."""
    names = {dict: "an object", list: "a list", bool: "true or false", str: "a text", type(None): "nothing"}
    return names.get(type(value), "a number" if isinstance(value, int | float) else type(value).__name__)
