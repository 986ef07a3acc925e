"""What the code declares appears in the docs, and the generated pages are those of today's code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from entrepost.base.schema import get_schema, list_schemas
from tests.tidy.source import ROOT
from tools.docs import reference, registries

DOCS = ROOT / "docs"
SETTING = re.compile(r"\bENTREPOST_[A-Z_]+\b")


@cache
def declared() -> dict[str, Any]:
    """Pages, finding codes and rules as a process of its own sees them: tests declare some of theirs."""
    script = (
        "import json; from tools.docs import reference; from entrepost.base.findings import CODES; "
        "from entrepost.base.rule import RULES; pages = reference.list_pages(); "
        "print(json.dumps({'pages': pages, 'codes': list(CODES), 'rules': list(RULES)}))"
    )
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def generated() -> dict[str, str]:
    pages: dict[str, str] = declared()["pages"]
    return pages


def written() -> dict[str, str]:
    pages = sorted(reference.FOLDER.rglob("*.*"))
    return {path.relative_to(reference.FOLDER).as_posix(): path.read_text(encoding="utf-8") for path in pages}


def test_the_generated_pages_are_those_of_this_code() -> None:
    now, before = generated(), written()
    stale = sorted(place for place in now | before if now.get(place) != before.get(place))
    assert stale == [], "run make docs and commit docs/reference"


def test_every_finding_code_is_explained() -> None:
    assert [code for code in declared()["codes"] if f"| `{code}` |" not in generated()["findings.md"]] == []


def test_every_rule_has_its_place() -> None:
    assert [name for name in declared()["rules"] if f"## {name}\n" not in generated()["rules.md"]] == []


def test_every_column_is_described() -> None:
    text = generated()["network-folder.md"] + generated()["tables.md"]
    columns = {column for name in list_schemas() for column in get_schema(name).names}
    assert [column for column in sorted(columns) if f"`{column}`" not in text] == []


def test_every_command_has_its_place() -> None:
    commands = registries.list_commands()
    pages = {name: generated()[f"commands/{name}.md"] for name in commands}
    assert [name for name, page in pages.items() if f"$ entrepost {name}" not in page] == []
    assert [name for name in commands if f"(commands/{name}.md)" not in generated()["commands.md"]] == []


def test_every_setting_is_in_the_guide() -> None:
    folders = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile", ROOT / ".ci" / "run"]
    settings = {name for path in folders for name in SETTING.findall(path.read_text(encoding="utf-8"))}
    guide = (DOCS / "guides" / "install.md").read_text(encoding="utf-8")
    assert sorted(settings - set(SETTING.findall(guide))) == []


def test_the_glossary_is_in_order_of_the_alphabet() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^(\S.*)\n: ", text, re.MULTILINE)
    assert len(terms) > 50
    assert terms == sorted(set(terms), key=str.lower)


def test_every_page_can_be_reached() -> None:
    listed = set(re.findall(r"[\w./-]+\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8")))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert pages == listed


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_the_front_pages_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_documentation_loads_nothing_from_elsewhere() -> None:
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in settings
    assert not re.search(r"https?://|\boffline\b", settings), "the offline plugin loads a script from a public server"


def test_every_decision_stands_in_their_list() -> None:
    pages = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    listed = set(re.findall(r"\]\((0[^)]+)\)", (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")))
    assert pages == listed
