"""The configuration file: read, checked as a whole, secrets taken from the environment.

Unknown keys are errors and all problems are reported together. A secret stands in the file only as the
name of an environment variable (``token_env = "MASTODON_TOKEN"``); the variable holds it, or the variable
with ``_FILE`` behind its name holds the path of a file that does.
"""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from connectors.base import Connector, Settings
from listener import registry
from listener.query import Node, QueryError, parse

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` has one line (or a small block) for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _duration(value: Any) -> Any:
    """``"90s"``, ``"10m"``, ``"6h"``, ``"7d"`` as a timedelta."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+)\s*([smhd])", str(value))
    if not found:
        raise ValueError("write a duration as a number and a unit: 90s, 10m, 6h or 7d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f"{value!r} is no time zone; write one like Europe/Berlin")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Literal["de", "en"]


class Section(BaseModel):
    """A table of the file; keys it does not know are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ListenerSection(Section):
    database: Path = Path("listener.db")
    timezone: Zone = "Europe/Berlin"
    language: Language = "de"
    user_agent: str = "social-listening-bot (self-hosted brand monitoring)"


class BrandSection(Section):
    name: str = Field(min_length=1)
    query: str
    own_accounts: tuple[str, ...] = ()
    competitor: bool = False
    timezone: Zone | None = None


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
    enabled: bool = True


class SentimentSection(Section):
    model: str = "builtin"
    labels: dict[str, Literal["negative", "neutral", "positive"]] = {}
    batch_tokens: int = Field(default=512, ge=16)
    device: str = "cpu"


class SmtpSection(Section):
    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password_env: str | None = None
    sender: str

    @property
    def password(self) -> SecretStr | None:
        return None if self.password_env is None else secret(self.password_env)


class DigestSection(Section):
    brands: tuple[str, ...] = ()
    send_at: time = time(7, 30)
    weekdays: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = WEEKDAYS
    recipients: tuple[str, ...] = ()
    folder: Path = Path("digests")
    top_n: int = Field(default=5, ge=1, le=50)
    send_if_empty: bool = False


class BudgetSection(Section):
    """What a connector may spend in a calendar month (UTC)."""

    calls: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, ge=0)


class File(Section):
    """The whole file."""

    listener: ListenerSection = ListenerSection()
    brands: tuple[BrandSection, ...] = ()
    sources: tuple[SourceSection, ...] = ()
    sentiment: SentimentSection = SentimentSection()
    digest: DigestSection = DigestSection()
    smtp: SmtpSection | None = None
    budget: dict[str, BudgetSection] = {}


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """A source, ready to be polled, unless a secret is missing."""

    section: SourceSection
    name: str
    connector: type[Connector]
    settings: Settings | None
    """None where a secret is missing."""
    missing: tuple[str, ...]
    """Environment variables that should hold a secret and do not exist."""
    brands: tuple[str, ...]
    match: Literal["query", "all"]


@dataclass(frozen=True, slots=True)
class Config:
    """The checked configuration."""

    path: Path
    file: File
    queries: Mapping[str, Node]
    sources: tuple[SourceConfig, ...]

    @property
    def database(self) -> Path:
        return self.path.parent / self.file.listener.database

    @property
    def digest_folder(self) -> Path:
        return self.path.parent / self.file.digest.folder

    def zone(self, brand: str) -> ZoneInfo:
        """The time zone in which a brand's days begin."""
        own = next((one.timezone for one in self.file.brands if one.name == brand), None)
        return ZoneInfo(own or self.file.listener.timezone)

    @property
    def digest_brands(self) -> tuple[str, ...]:
        """The brands that get a digest: those named, else all that are no competitors."""
        return self.file.digest.brands or tuple(one.name for one in self.file.brands if not one.competitor)

    def secrets(self) -> set[str]:
        """Every secret value in use, for keeping them out of logs."""
        found = {
            value.get_secret_value() for source in self.sources for value in _secret_values(source.settings)
        }
        if self.file.smtp and self.file.smtp.password:
            found.add(self.file.smtp.password.get_secret_value())
        return found - {""}


def load(path: Path, *, every_source: bool = False) -> Config:
    """Read and check the file.

    Args:
        every_source: also check (and import) the sources that are switched off.

    Raises:
        ConfigError: with every problem found.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            [f"there is no {path}; `listener init` writes one, --config names another"]
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([f"{path} cannot be read: {error}"]) from None
    try:
        file = File.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(list(_explain(error, raw))) from None
    return _check(path, file, every_source=every_source)


def secret(variable: str) -> SecretStr | None:
    """The secret in an environment variable, or in the file that ``<variable>_FILE`` names."""
    if variable in os.environ:
        return SecretStr(os.environ[variable])
    if path := os.environ.get(f"{variable}_FILE"):
        return SecretStr(Path(path).read_text("utf-8").strip())
    return None


def _check(path: Path, file: File, *, every_source: bool) -> Config:
    """What one table alone cannot know: names that refer to each other, queries, connectors' own keys."""
    problems: list[str] = []
    queries: dict[str, Node] = {}
    for brand in file.brands:
        try:
            queries[brand.name] = parse(brand.query)
        except QueryError as error:
            problems.append(f"[[brands]] {brand.name}: query:\n{error}")
    names = [brand.name for brand in file.brands]
    problems += [f"[[brands]] {name}: there are two brands of this name" for name in _doubles(names)]
    problems += [f"[digest] brands: {name!r} is no brand" for name in file.digest.brands if name not in names]
    if not names:
        problems.append("there is no [[brands]] table: name at least one brand to listen for")
    sources = []
    for section in file.sources:
        if section.enabled or every_source:
            try:
                sources.append(_source(section, file, names))
            except ConfigError as error:
                problems += error.problems
    problems += [
        f"[[sources]] {name}: there are two sources of this name; give one another `name`"
        for name in _doubles([section.name or section.connector for section in file.sources])
    ]
    problems += [
        f"[budget.{name}]: there is no connector of this name"
        for name in file.budget
        if name not in registry.names()
    ]
    if problems:
        raise ConfigError(problems)
    return Config(path=path, file=file, queries=queries, sources=tuple(sources))


def _source(section: SourceSection, file: File, names: list[str]) -> SourceConfig:
    name = section.name or section.connector
    where = f"[[sources]] {name}"
    try:
        connector = registry.load(section.connector)
    except registry.UnknownConnectorError as error:
        raise ConfigError([f"{where}: {error}"]) from None
    problems = [f"{where}: brands: {brand!r} is no brand" for brand in section.brands if brand not in names]
    brands = section.brands or tuple(names)
    match = section.match or connector.match
    if match == "all" and len(brands) != 1:
        problems.append(
            f"{where}: it takes whatever is listed, so `brands` must name the one brand it is about"
        )
    keys = {"user_agent": file.listener.user_agent, **(section.model_extra or {})}
    values, missing, errors = _secrets(keys, connector.Settings)
    problems += [f"{where}: {error}" for error in errors]
    settings = None
    try:
        settings = connector.Settings.model_validate(
            {**values, **dict.fromkeys(missing, SecretStr("missing"))}
        )
    except ValidationError as error:
        problems += [f"{where}: {_at(detail)}{_say(detail)}" for detail in error.errors()]
    if problems:
        raise ConfigError(problems)
    return SourceConfig(
        section, name, connector, None if missing else settings, tuple(missing.values()), brands, match
    )


def _secrets(
    keys: Mapping[str, Any], settings: type[Settings]
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Exchange ``x_env = "NAME"`` for ``x`` with the secret; values, missing variables, problems."""
    secret_fields = {
        name for name, one in settings.model_fields.items() if "SecretStr" in str(one.annotation)
    }
    values: dict[str, Any] = {}
    missing: dict[str, str] = {}
    problems = []
    for key, value in keys.items():
        field = key.removesuffix("_env")
        if key in secret_fields:
            problems.append(
                f"{key}: a secret does not belong in this file; write {key}_env and the name of the environment"
                " variable that holds it"
            )
        elif field == key or field not in secret_fields:
            values[key] = value
        elif (found := secret(str(value))) is not None:
            values[field] = found
        else:
            missing[field] = str(value)
    return values, missing, problems


def _secret_values(settings: Settings | None) -> Iterator[SecretStr]:
    for _, value in settings or ():
        if isinstance(value, SecretStr):
            yield value


def _doubles(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _explain(error: ValidationError, raw: Mapping[str, Any]) -> Iterator[str]:
    """One line per problem, with the table named as it stands in the file."""
    for detail in error.errors():
        table, *rest = detail["loc"]
        if rest and isinstance(rest[0], int) and isinstance(raw.get(str(table)), list):
            entry = raw[str(table)][rest[0]]
            label = entry.get("name") or entry.get("connector") or f"number {rest[0] + 1}"
            key = ".".join(str(part) for part in rest[1:])
            yield f"[[{table}]] {label}: {key + ': ' if key else ''}{_say(detail)}"
        else:
            yield f"[{table}] {'.'.join(str(part) for part in rest)}: {_say(detail)}"


def _at(detail: Any) -> str:
    return "".join(f"{part}: " for part in detail["loc"])


def _say(detail: Any) -> str:
    if detail["type"] == "extra_forbidden":
        return "there is no such key"
    if detail["type"] == "missing":
        return "this key is missing"
    message: str = detail["msg"]
    return message.removeprefix("Value error, ")
