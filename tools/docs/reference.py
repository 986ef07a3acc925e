"""Writes docs/reference from the code: tables, statuses, referrals, finding codes, rules, messages, commands, Python names.

Run ``make docs``, or ``python tools/docs/reference.py``; the pages are committed and a test compares them.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "reference"


def list_pages() -> dict[str, str]:
    """Every generated page: its place below docs/reference, and its text."""
    from tools.docs import commands, messages, python, referral, registries, status, tables

    registries.import_all()
    pages = {
        "network-folder.md": tables.folder_page(),
        "tables.md": tables.tables_page(),
        "findings.md": registries.findings_page(),
        "rules.md": registries.rules_page(),
        "status.md": status.status_page(),
        "status.svg": status.status_picture(),
        "referral.md": referral.referral_page(),
        "referral.svg": referral.referral_picture(),
        "messages.md": messages.messages_page(),
        "commands.md": commands.commands_page(),
        "python.md": python.interface_page(),
    }
    pages |= commands.command_pages()
    pages |= {f"packages/{name}.md": python.package_page(name) for name in python.list_packages()}
    return {place: f"{text.rstrip()}\n" for place, text in pages.items()}


def main() -> None:
    """Write what has changed, and name the files whose subject is gone."""
    pages = list_pages()
    for place, text in pages.items():
        path = FOLDER / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in FOLDER.rglob("*.*"):
        if path.relative_to(FOLDER).as_posix() not in pages:
            print(f"{path} is not written from the code; remove it, or move it to docs/guides", file=sys.stderr)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
