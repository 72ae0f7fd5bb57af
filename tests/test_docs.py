"""The documentation says what is there: tables, columns, definitions, commands, connectors, links."""

import inspect
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from listener import metrics, registry
from listener.cli import main
from listener.config.sections import File, SourceSection
from listener.reference import EVERYWHERE, PAGES, renewed
from storage.browsing import browsing
from storage.store import Store

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def described() -> dict[str, list[str]]:
    """Table or view to the columns that docs/schema.md has a line for."""
    sections = re.split(r"^### ", (ROOT / "docs/schema.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
    found = {}
    for section in sections:
        name, _, rest = section.partition("\n")
        columns = re.findall(r"^\| (\w+) \|", rest, flags=re.MULTILINE)
        found[name.strip()] = [column for column in columns if column != "column"]
    return found


def test_schema_md_has_a_line_for_every_column_and_no_other(tmp_path: Path) -> None:
    with Store(tmp_path / "listener.db") as store:
        names = [
            row[0]
            for row in store.rows(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'mentions_fts_%' AND name <> '_sqlite_migrations'"
            )
        ]
        actual = {
            name: [row["name"] for row in store.rows(f"PRAGMA table_xinfo({name})") if row["hidden"] != 1]
            for name in names
        }
    assert described() == actual


def test_metrics_md_says_the_version() -> None:
    assert f"Version {metrics.VERSION}." in (ROOT / "docs/metrics.md").read_text("utf-8")


def test_every_command_shows_examples() -> None:
    for command in main.commands.values():
        assert "Examples:" in (command.epilog or ""), command.name


def test_the_questions_in_the_readme_have_answers(tmp_path: Path) -> None:
    questions = re.findall(r"```sql\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), flags=re.DOTALL)
    assert len(questions) == 3
    done = CliRunner().invoke(main, ["demo", "--out", str(tmp_path / "demo")])
    assert done.exit_code == 0, done.output
    with browsing(tmp_path / "demo" / "listener.db") as browser:
        for question in questions:
            answer = browser.ask(question)
            assert len(answer.columns) >= 3
            assert list(answer.rows), question


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_generated_parts_are_what_the_code_says(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    if "<!-- connectors -->" in text:
        assert all(f"## {name}" in text or f"| `{name}` |" in text for name in registry.BUILTIN)
    assert renewed(page, text) == text, "run `make docs`"


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in main.commands:
        assert f"`{name}`" in readme, name


def test_configuration_md_has_every_key_and_no_other() -> None:
    text = (ROOT / "docs/configuration.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([\w.]+)` \|", text, flags=re.MULTILINE))
    actual = {f"sources.{key}" for key in (*SourceSection.model_fields, *EVERYWHERE)}
    for name, field in File.model_fields.items():
        section = _section(field.annotation)
        if name != "sources" and section is not None:
            actual |= {f"{name}.{key}" for key in section.model_fields}
    assert documented == actual


def _section(annotation: object) -> type | None:
    """The table model inside an annotation such as ``tuple[BrandSection, ...]`` or ``SmtpSection | None``."""
    for candidate in (annotation, *getattr(annotation, "__args__", ())):
        if inspect.isclass(candidate) and hasattr(candidate, "model_fields"):
            return candidate
    return None
