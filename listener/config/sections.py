"""The tables and keys of the configuration file. Unknown keys are errors."""

import re
from datetime import time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from listener.config.secrets import secret
from sentiment.rules import PhraseRules
from storage.records import Language

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def _duration(value: Any) -> Any:
    """``"90s"``, ``"10m"``, ``"6h"``, ``"7d"`` as a timedelta."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+)\s*([smhd])", str(value))
    if not found:
        raise ValueError("write a duration as a number and a unit: 90s, 10m, 6h or 7d")
    try:
        length = timedelta(**{_UNITS[found[2]]: int(found[1])})
    except OverflowError:
        raise ValueError("this is longer than anybody can wait") from None
    if not length:
        raise ValueError("this must be longer than nothing")
    return length


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone; write one like Europe/Berlin")
    return value


def _account(value: str) -> str:
    if not value.rpartition(":")[2].strip(" @") or "://" in value:
        raise ValueError(f'{value!r} is no handle; write one like "anna", "anna@example.social" or "x:anna"')
    return value


def _local(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("write it without a zone; it is the brand's own time: 07:30")
    return value


def _address(value: str) -> str:
    address = parseaddr(value)[1]
    if "@" not in address or not value.isprintable() or " " in address:
        raise ValueError(f"{value!r} is no mail address")
    return value


def _clock(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError('write a time in quotes: "07:30"')  # noqa: TRY004 - pydantic reports ValueErrors
    return value


Address = Annotated[str, AfterValidator(_address)]
LocalTime = Annotated[time, BeforeValidator(_clock), AfterValidator(_local)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Account = Annotated[str, AfterValidator(_account)]
Zone = Annotated[str, AfterValidator(_zone)]


class Section(BaseModel):
    """A table of the file; keys it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListenerSection(Section):
    database: Path = Path("listener.db")
    timezone: Zone = "Europe/Berlin"
    language: Language = "de"
    excluded_authors: tuple[Account, ...] = ()
    user_agent: str = "social-listening-bot (self-hosted brand monitoring)"


class BrandSection(Section):
    name: str = Field(min_length=1)
    query: str
    own_accounts: tuple[Account, ...] = ()
    employees: tuple[Account, ...] = ()
    excluded_authors: tuple[Account, ...] = ()
    competitor: bool = False
    timezone: Zone | None = None


class TopicSection(Section):
    """A theme that mentions are sorted by: words, or a query in the language of the brands'."""

    name: str = Field(min_length=1)
    keywords: tuple[str, ...] = ()
    query: str = ""
    brands: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.keywords) == bool(self.query):
            raise ValueError('write either keywords = ["Lieferung", "liefer*"] or query = "...", not both')
        return self

    @property
    def text(self) -> str:
        """The query; keywords are alternatives, one of several words is a phrase."""
        return self.query or " OR ".join(
            f'"{word}"' if " " in word and word[0] not in '"„“”«»' else word for word in self.keywords
        )


class SourceSection(BaseModel):
    """The keys every source has; what is left over belongs to its connector."""

    model_config = ConfigDict(extra="allow", frozen=True)

    connector: str
    name: str = ""
    brands: tuple[str, ...] = ()
    match: Literal["query", "all"] | None = None
    every: Duration = timedelta(minutes=10)
    backfill: Duration = timedelta(days=7)
    max_pages: int = Field(default=50, ge=1)
    refresh: tuple[Duration, ...] | None = None
    enabled: bool = True


class SentimentSection(Section):
    model: str = "builtin"
    labels: dict[str, Literal["negative", "neutral", "positive"]] = {}
    languages: tuple[str, ...] = ()
    placeholders: bool | None = None
    batch_tokens: int = Field(default=512, ge=16)
    device: str = "cpu"
    threads: int | None = Field(default=None, ge=1)
    rules: dict[str, str] = {}

    @field_validator("rules")
    @classmethod
    def _usable(cls, value: dict[str, str]) -> dict[str, str]:
        PhraseRules(value)
        return value


class SmtpSection(Section):
    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_env: str | None = None
    sender: Address

    @property
    def password(self) -> SecretStr | None:
        return None if self.password_env is None else secret(self.password_env)


class DigestSection(Section):
    brands: tuple[str, ...] = ()
    send_at: LocalTime = time(7, 30)
    weekdays: tuple[Weekday, ...] = WEEKDAYS
    recipients: tuple[Address, ...] = ()
    folder: Path = Path("digests")
    top_n: int = Field(default=5, ge=1, le=50)
    send_if_empty: bool = False


class BudgetSection(Section):
    """What a connector may spend in a calendar month (UTC)."""

    calls: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)


class RetentionSection(Section):
    """How long mentions stay, counted from their publication; None: for good."""

    keep: Duration | None = None
    platforms: dict[str, Duration] = {}


class WebhookSection(Section):
    """Where the daemon listens for what is posted to sources of the connector ``webhook``."""

    listen: str = "127.0.0.1:8090"
    max_bytes: int = Field(default=1_000_000, ge=1)

    @field_validator("listen")
    @classmethod
    def _address_and_port(cls, value: str) -> str:
        if not re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}", value):
            raise ValueError("write an address and a port: 127.0.0.1:8090, or [::1]:8090")
        return value

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


class WebSection(Section):
    """The pages of ``listener serve``."""

    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=1, le=65535)
    password_env: str = "LISTENER_WEB_PASSWORD"  # noqa: S105 - the name of a variable
    show_authors: bool = False


class File(Section):
    """The whole file."""

    listener: ListenerSection = ListenerSection()
    brands: tuple[BrandSection, ...] = ()
    sources: tuple[SourceSection, ...] = ()
    topics: tuple[TopicSection, ...] = ()
    sentiment: SentimentSection = SentimentSection()
    digest: DigestSection = DigestSection()
    smtp: SmtpSection | None = None
    budget: dict[str, BudgetSection] = {}
    retention: RetentionSection = RetentionSection()
    webhook: WebhookSection | None = None
    web: WebSection = WebSection()
