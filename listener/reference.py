"""The parts of the documentation that are made from the code: ``python -m listener.reference`` writes them.

Each stands in its page between two marks, ``<!-- connectors -->`` and ``<!-- /connectors -->`` for one; a test
fails where a page and the code disagree.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from connectors.base import Connector, Settings, quotas_of, upkeep_of
from listener import registry
from listener.definitions import DEFINITIONS, FUNCTIONS
from storage.records import Definition

EVERYWHERE = {"timeout", "user_agent", "pause"}
"""Keys of every connector, explained in docs/configuration.md."""


def main(root: Path) -> None:
    """Write every page anew."""
    for name in PAGES:
        page = root / name
        page.write_text(renewed(name, page.read_text("utf-8")), "utf-8")


def renewed(name: str, text: str) -> str:
    """A page's text with its generated part as the code has it now."""
    mark, make = PAGES[name]
    before, rest = text.split(f"<!-- {mark} -->\n")
    return f"{before}<!-- {mark} -->\n{make()}\n<!-- /{mark} -->{rest.split(f'<!-- /{mark} -->')[1]}"


def definitions() -> str:
    """One row per figure in force, then what was in force before."""
    latest = {one.metric: one for one in reversed(DEFINITIONS)}
    rows = ["| figure | formula | unit | since | source | function |", "|---|---|---|---|---|---|"]
    rows += [
        f"| `{one.metric}` | {one.formula} | {one.unit} | {one.version} | {one.source or 'ours'} | {_computed(one)} |"
        for one in DEFINITIONS
        if one is latest[one.metric]
    ]
    rows += ["", "| no longer in force | formula | from version |", "|---|---|---|"]
    rows += [
        f"| `{one.metric}` | {one.formula} | {one.version} |"
        for one in DEFINITIONS
        if one is not latest[one.metric]
    ]
    return "\n".join(rows)


def _computed(one: Definition) -> str:
    return ", ".join(f"`{function.__name__}`" for function in FUNCTIONS.get(one.metric, ()))


def overview() -> str:
    """One row per connector."""
    rows = ["| connector | sees | needs | costs |", "|---|---|---|---|"]
    for name, one in _builtin():
        rows.append(f"| `{name}` | {one.about.sees} | {one.about.needs} | {one.about.costs} |")
    return "\n".join(rows)


def details() -> str:
    """One section per connector: what it is, and its keys."""
    return "\n\n".join(_section(name, one) for name, one in _builtin())


def _section(name: str, one: type[Connector]) -> str:
    about = {
        "sees": one.about.sees,
        "needs": one.about.needs,
        "costs": one.about.costs,
        "limits": one.about.limits,
        "terms": one.about.terms,
        "counts": ", ".join(sorted(one.gives)) or "none",
        "mentions": "must match a query"
        if one.match == "query"
        else "everything listed is about the one brand",
        "read again": _upkeep(one),
        **{f"daily {quota}": f"{limit.limit:,} calls" for quota, limit in quotas_of(one).items()},
        "caveats": one.about.caveats,
    }
    lines = [
        f"## {name}",
        "",
        "| | |",
        "|---|---|",
        *(f"| {key} | {value} |" for key, value in about.items() if value),
    ]
    lines += ["", "| key | default | meaning |", "|---|---|---|"]
    for key, field in one.Settings.model_fields.items():
        if key in EVERYWHERE and field.default == Settings.model_fields[key].default:
            continue
        secret = "SecretStr" in str(field.annotation)
        default = "required" if field.default is PydanticUndefined else _shown(field.default)
        lines.append(f"| `{key}{'_env' if secret else ''}` | {default} | {_meaning(key, field)} |")
    return "\n".join(lines)


def _upkeep(one: type[Connector]) -> str:
    """How its stored posts are kept true."""
    upkeep = upkeep_of(one)
    if upkeep is None:
        return "never by id: edits are seen while a poll still lists the post"
    ages = "only if `refresh` asks for it"
    if upkeep.ages:
        ages = ", ".join(map(_length, upkeep.ages)) + " after publication"
    again = f"; then every {_length(upkeep.recheck)}" if upkeep.recheck else ""
    limit = f"; deleted when unseen for {_length(upkeep.unconfirmed)}" if upkeep.unconfirmed else ""
    return f"{ages}{again}{limit}" + (f" ({upkeep.terms})" if upkeep.terms else "")


def _length(time: timedelta) -> str:
    return f"{time.days} d" if time.days else f"{time.seconds // 3600} h"


def _meaning(key: str, field: FieldInfo) -> str:
    """What a key is for; a connector that only changes its default need not say it again."""
    inherited = Settings.model_fields.get(key)
    return " ".join((field.description or (inherited.description if inherited else None) or "").split())


def _shown(default: object) -> str:
    if default is None or default in ((), ""):
        return "none"
    text = json.dumps(default, ensure_ascii=False) if isinstance(default, tuple) else str(default)
    return f"`{text}`"


def _builtin() -> list[tuple[str, type[Connector]]]:
    return [(name, registry.load(name)) for name in sorted(registry.BUILTIN)]


PAGES = {
    "README.md": ("connectors", overview),
    "docs/connectors.md": ("connectors", details),
    "docs/metrics.md": ("definitions", definitions),
}
"""Page to the name of its marks and what stands between them."""


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
