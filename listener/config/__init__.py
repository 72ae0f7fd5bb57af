"""The configuration file: its tables, how it is read and checked, where its secrets come from."""

from listener.config.loading import Config, ConfigError, SourceConfig, load
from listener.config.sections import WEEKDAYS, SmtpSection

__all__ = ["WEEKDAYS", "Config", "ConfigError", "SmtpSection", "SourceConfig", "load"]
