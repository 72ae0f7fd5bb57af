"""Secrets stand in the configuration only as names of environment variables.

``token_env = "MASTODON_TOKEN"``: the variable holds the secret, or the variable with ``_FILE`` behind its
name holds the path of a file that does.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors.base import Settings


def secret(variable: str) -> SecretStr | None:
    """The secret in an environment variable, or in the file that ``<variable>_FILE`` names."""
    if variable in os.environ:
        return SecretStr(os.environ[variable].strip())
    if path := os.environ.get(f"{variable}_FILE"):
        try:
            return SecretStr(Path(path).read_text("utf-8").strip())
        except (OSError, UnicodeDecodeError):
            return None  # as good as not set; the message names both variables
    return None


def exchange(
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
        field = key.removesuffix("_env") if _is_text(settings, key.removesuffix("_env")) else key
        if key in secret_fields:
            problems.append(
                f"{key}: a secret does not belong in this file; write {key}_env and the name of the environment"
                " variable that holds it"
            )
            values[key] = "refused"  # so that it is not reported as missing, too
        elif field == key or field not in settings.model_fields:
            values[key] = value
        elif (found := secret(str(value))) is not None:
            values[field] = found.get_secret_value()
        else:
            missing[field] = str(value)
    return values, missing, problems


def _is_text(settings: type[Settings], key: str) -> bool:
    """Whether a key's value is text, or a secret, and can so come from the environment."""
    known = settings.model_fields.get(key)
    return (
        known is not None and "str" in str(known.annotation).lower() and "tuple" not in str(known.annotation)
    )


def values_of(settings: Settings | None) -> Iterator[SecretStr]:
    for _, value in settings or ():
        if isinstance(value, SecretStr):
            yield value
