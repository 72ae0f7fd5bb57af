"""Reading the file and checking it as a whole: all problems are reported together."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from connectors.base import Connector, Receiving, Settings, upkeep_of
from connectors.errors import AuthError
from listener import registry
from listener.config.secrets import exchange, values_of
from listener.config.sections import File, SourceSection
from listener.query import Node, QueryError, parse


class ConfigError(Exception):
    """The configuration cannot be used; ``problems`` has one line (or a small block) for each reason."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


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

    @property
    def ages(self) -> tuple[timedelta, ...]:
        """How long after its publication a mention's counts are read again."""
        upkeep = upkeep_of(self.connector)
        if upkeep is None:
            return ()
        return upkeep.ages if self.section.refresh is None else self.section.refresh

    @property
    def recheck(self) -> timedelta | None:
        """How often its mentions are read again after the last of the ages."""
        upkeep = upkeep_of(self.connector)
        return upkeep.recheck if upkeep else None

    def connect(self) -> Connector:
        """The connector with its settings; raises ``AuthError`` where a secret is missing."""
        if self.settings is None:
            raise AuthError(
                f"the environment variable {' and '.join(self.missing)} is not set (nor a readable file named by"
                " it with _FILE behind its name)"
            )
        return self.connector(self.settings)


@dataclass(frozen=True, slots=True)
class Config:
    """The checked configuration."""

    path: Path
    file: File
    queries: Mapping[str, Node]
    """By brand."""
    topics: Mapping[str, Node]
    """By topic: what its mentions say."""
    sources: tuple[SourceConfig, ...]

    @property
    def database(self) -> Path:
        return self.path.parent / self.file.listener.database

    @property
    def model(self) -> str:
        """The configured model; a folder is relative to the file, like every path in it."""
        kind, colon, name = self.file.sentiment.model.partition(":")
        folder = self.path.parent / name
        return f"{kind}:{folder}" if colon and (kind == "onnx" or folder.is_dir()) else kind + colon + name

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
        found = {value.get_secret_value() for source in self.sources for value in values_of(source.settings)}
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


def _check(path: Path, file: File, *, every_source: bool) -> Config:
    """What one table alone cannot know: names that refer to each other, queries, connectors' own keys."""
    problems: list[str] = []
    queries = _parsed({brand.name: brand.query for brand in file.brands}, "brands", problems)
    topics = _parsed({topic.name: topic.text for topic in file.topics}, "topics", problems)
    names = [brand.name for brand in file.brands]
    problems += [f"[[brands]] {name}: there are two brands of this name" for name in _doubles(names)]
    problems += [
        f"[[topics]] {name}: there are two topics of this name"
        for name in _doubles([topic.name for topic in file.topics])
    ]
    problems += [
        f"[[topics]] {topic.name}: brands: {brand!r} is no brand"
        for topic in file.topics
        for brand in topic.brands
        if brand not in names
    ]
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
    problems += _deaf(file, sources)
    if file.digest.recipients and file.smtp is None:
        problems.append("[digest] recipients: there is no [smtp] table to send their letters with")
    if every_source and file.smtp and file.smtp.password_env and file.smtp.password is None:
        problems.append(f"[smtp] password_env: the environment variable {file.smtp.password_env} is not set")
    if problems:
        raise ConfigError(problems)
    return Config(path=path, file=file, queries=queries, topics=topics, sources=tuple(sources))


def _parsed(queries: Mapping[str, str], table: str, problems: list[str]) -> dict[str, Node]:
    """The queries of a table that can be read; why the others cannot goes to ``problems``."""
    found = {}
    for name, query in queries.items():
        try:
            found[name] = parse(query)
        except QueryError as error:
            problems.append(f"[[{table}]] {name}: query:\n{error}")
    return found


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
    values, missing, errors = exchange(keys, connector.Settings)
    problems += [f"{where}: {error}" for error in errors]
    settings = None
    try:
        settings = connector.Settings.model_validate({**values, **dict.fromkeys(missing, "missing")})
    except ValidationError as error:
        problems += [f"{where}: {_at(detail)}{_say(detail)}" for detail in error.errors()]
    if section.refresh and upkeep_of(connector) is None:
        problems.append(f"{where}: refresh: {connector.name} cannot read known posts again")
    if problems:
        raise ConfigError(problems)
    return SourceConfig(
        section, name, connector, None if missing else settings, tuple(missing.values()), brands, match
    )


def _deaf(file: File, sources: list[SourceConfig]) -> list[str]:
    """Sources that wait for what nobody can post to them."""
    pushed = [one.name for one in sources if one.section.enabled and issubclass(one.connector, Receiving)]
    return [
        f"[[sources]] {name}: nothing can be posted to it: there is no [webhook] table"
        for name in pushed
        if file.webhook is None
    ]


def _doubles(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _explain(error: ValidationError, raw: Mapping[str, Any]) -> Iterator[str]:
    """One line per problem, with the table named as it stands in the file."""
    for detail in error.errors():
        table, *rest = detail["loc"]
        if rest and isinstance(rest[0], int) and isinstance(raw.get(str(table)), list):
            entry = raw[str(table)][rest[0]]
            names = entry if isinstance(entry, dict) else {}
            label = names.get("name") or names.get("connector") or f"number {rest[0] + 1}"
            key = ".".join(str(part) for part in rest[1:])
            yield f"[[{table}]] {label}: {key + ': ' if key else ''}{_say(detail)}"
        elif detail["type"] == "tuple_type":
            yield f"[{table}]: write it with two brackets, [[{table}]], once for each"
        else:
            key = "".join(f" {part}" for part in rest)
            yield f"[{table}]{key}: {_say(detail)}"


def _at(detail: Any) -> str:
    return "".join(f"{part}: " for part in detail["loc"])


def _say(detail: Any) -> str:
    if detail["type"] == "extra_forbidden":
        return "there is no such key"
    if detail["type"] == "missing":
        return "this key is missing"
    message: str = detail["msg"]
    return message.removeprefix("Value error, ")
