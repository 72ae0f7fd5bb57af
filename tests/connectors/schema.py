"""Answers held against a platform's OpenAPI description."""

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker


def complaints(description: Path, component: str, instance: Any) -> list[str]:
    """What the component's schema has to say against the instance; empty if nothing."""
    whole = json.loads(description.read_text())
    schema = {"$ref": f"#/components/schemas/{component}", "components": whole["components"]}
    errors = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(instance)
    return [f"{error.json_path}: {error.message}" for error in errors]
