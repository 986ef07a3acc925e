"""A page for each command: what it takes, and what it answered when the page was written."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tools.docs import registries

SESSION: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("init", ("init my-network",)),
    ("check", ("check network",)),
    ("intake", ("intake orders.csv --network network", "intake orders.csv --network network")),
    ("quote", ("quote --network network", "quote one.csv --network network --all --json")),
    ("label", ("label labels.csv --out labels", "label labels.csv --form customs --out forms.pdf")),
    ("simulate", ("simulate --network network --out events.csv",)),
    ("containment", ("containment held.csv",)),
    ("events", ("events events.csv --network network",)),
    ("learn", ("learn entrepost.db --network network --out learned --as-of 2027-01-01",)),
    ("plan", ("plan network orders.csv --pareto 3",)),
    ("report", ("report --network network",)),
    ("track", ("track {item}",)),
    ("eta", ("eta entrepost.db --network network --now 2026-05-18T00:00+00:00",)),
    ("exceptions", ("exceptions entrepost.db --network network --now 2026-06-15T00:00+00:00",)),
    ("notices", ("notices --contacts contacts.csv --dry-run",)),
    ("webhooks", ("webhooks list", "webhooks deliver")),
    (
        "exchange",
        (
            "exchange status",
            "exchange dead",
            "exchange nats-config brokers --operator CN101 --operator US101 --node nats-1=nats-1.example.org",
        ),
    ),
    ("privacy", ("privacy wrap-keys",)),
    ("reference", ("reference add fx rates.csv", "reference add hs-texts texts.csv", "reference show")),
    (
        "customs",
        (
            "customs check declared.csv --date 2026-06-01",
            "customs landed-cost lines.csv --date 2026-07-02",
            "customs screen contents.csv --date 2026-07-02",
            'customs classify "cotton T-shirt"',
            "customs gate items.csv messages.csv --now 2026-06-02T12:00:00+00:00",
        ),
    ),
    (
        "message",
        (
            "message write message.jsonl --out one.edi --sender DE101 --recipient CN101 --reference DE1 "
            "--prepared 2026-06-02T12:00 --network network",
            "message read one.edi --network network",
            "message lint one.edi --network network",
        ),
    ),
    (
        "dispatch",
        (
            "dispatch open CNSHAA DEFRAA C TN --tag 'bag 1' --network network",
            "dispatch put 'bag 1' LX999999990CN",
            "dispatch list",
        ),
    ),
    ("access", ("access show",)),
    ("serve", ("serve --network network --check",)),
    ("backup", ("backup copy.db", "backup copy.db")),
    ("restore", ("restore copy.db --store again.db",)),
    ("demo", ("demo --network network --orders 1000 --out demo",)),
)
"""Commands in the order in which they are run, in one folder; the first makes it."""

RATES = "currency,day,rate\nKWD,2026-05-11,0.3512\nKWD,2026-13-01,0.35\n"
LINES = (
    "item_id,origin,destination,hs_code,quantity,unit_value,currency,seller_scheme_number\n"
    "a,CN,DE,610910,5,10.00,EUR,IM1234567890\n"
    "b,CN,DE,610910,1,10.00,EUR,IM123\n"
    "c,CN,DE,610910,many,10.00,EUR,\n"
)
ITEMS = "item_id,destination\na,DE\nb,DE\nc,JP\n"
MESSAGES = "item_id,message,time\na,LODGE,2026-06-02T08:00:00+08:00\na,AC,2026-06-02T09:00:00+08:00\n"
CONTENTS = (
    "item_id,destination,hs_code,description,quantity,unit_value,currency\n"
    "a,DE,610910,Cotton T-shirt,5,10.00,EUR\n"
    "b,DE,850760,Power bank,1,10.00,EUR\n"
    "c,DE,851713,Smartphone,1,99.00,EUR\n"
)
TEXTS = 'code,text\n610910,"T-shirts, of cotton"\n610990,"T-shirts, of other textile materials"\n'
HELD = (
    "subject,container,since,until\n"
    "CNSHAADEFRAAAUN60017001100072,CNSHAADEFRAAAUN60017,2026-05-11T08:00:00Z,\n"
    "CNSHAADEFRAAAUN60017,CNSHAADEFRAAAUN60017,,\n"
)
LABELS = Path(__file__).parents[2] / "docs" / "guides" / "labels.csv"
DECLARED = (
    "item_id,destination,origin,hs_code,description,quantity,unit_value,currency,net_weight_g,seller,weight_g\n"
    "LX000000014CN,DE,CN,610910,cotton T-shirt for men,1,15.00,EUR,200,shop,250\n"
    "LX000000028CN,US,CN,851310,head lamp with battery,2,20.00,USD,900,shop,350\n"
    "LX000000031CN,AU,CN,,Gift,1,15.00,AUD,200,other,250\n"
)
MESSAGE = (
    '{"message": "EMSEVT", "document": "DE101-1", "function": "original", "office": "DEFRAA", '
    '"sent_at": "2026-06-02T12:00:00+02:00", "reports": [{"item_id": "LX000000014CN", "code": "EMH", '
    '"time": "2026-06-02T10:30:00+02:00", "office": "DEFRAA", "reason": "ABSENT"}]}\n'
)
RECIPIENTS = ("anna@example.org,en,Europe/Berlin", "bo at home,fr,Europe/Paris")
TIMED = re.compile(r"\s*\d+\.\d s  ")
AFTER = re.compile(r" after \d+\.\d s$")
LINES_MOST = 24
"""Lines of an answer that a page shows."""


def command_pages() -> dict[str, str]:
    """The page of every command, by its place below docs/reference."""
    answers = run_session()
    commands = registries.list_commands()
    return {f"commands/{name}.md": _page(name, command, answers.get(name, [])) for name, command in commands.items()}


def commands_page() -> str:
    """The list of commands."""
    lines = [
        "# Commands",
        "",
        "Data go to standard output, progress and messages to standard error.",
        "Exit codes: 0 ok, 1 failure, 2 usage, 3 some records rejected, 4 service unavailable.",
        "",
        "| command | what it does |",
        "|---|---|",
        *(
            f"| [`entrepost {name}`](commands/{name}.md) | {(command.help or '').strip().splitlines()[0]} |"
            for name, command in registries.list_commands().items()
        ),
    ]
    return "\n".join(lines) + "\n"


def run_session() -> dict[str, list[tuple[str, str, int]]]:
    """Run `SESSION` in a folder of its own: for each command its lines, their answers and exit codes."""
    found: dict[str, list[tuple[str, str, int]]] = {}
    with tempfile.TemporaryDirectory() as folder, _elsewhere(Path(folder)):
        for name, lines in SESSION:
            for line in lines:
                text = line.format(item=_first_item()) if "{item}" in line else line
                found.setdefault(name, []).append((text, *_answer(text)))
            if name == "init":
                os.chdir("my-network")
                Path("rates.csv").write_text(RATES, encoding="utf-8")
                Path("labels.csv").write_text(LABELS.read_text(encoding="utf-8"), encoding="utf-8")
                Path("lines.csv").write_text(LINES, encoding="utf-8")
                Path("items.csv").write_text(ITEMS, encoding="utf-8")
                Path("messages.csv").write_text(MESSAGES, encoding="utf-8")
                Path("message.jsonl").write_text(MESSAGE, encoding="utf-8")
                Path("contents.csv").write_text(CONTENTS, encoding="utf-8")
                Path("texts.csv").write_text(TEXTS, encoding="utf-8")
                Path("held.csv").write_text(HELD, encoding="utf-8")
                Path("declared.csv").write_text(DECLARED, encoding="utf-8")
                _write_contacts()
                head = Path("orders.csv").read_text(encoding="utf-8").splitlines()[:4]
                Path("one.csv").write_text("\n".join([head[0], head[3]]) + "\n", encoding="utf-8")
    return found


def _page(name: str, command: Any, answers: list[tuple[str, str, int]]) -> str:
    lines = [f"# entrepost {name}", *registries.format_command(f"entrepost {name}", command)]
    if answers:
        lines += ["", "## What it answers", "", "In the folder that [`entrepost init`](init.md) makes:"]
    for text, answer, code in answers:
        shown = answer.splitlines()
        rest = [f"... {len(shown) - LINES_MOST} lines more"] if len(shown) > LINES_MOST else []
        lines += ["", "```console", f"$ entrepost {text}", *shown[:LINES_MOST], *rest, "```"]
        lines += ["", f"Exit code {code}."] if code else []
    return "\n".join(lines) + "\n"


def _answer(text: str) -> tuple[str, int]:
    """What a command says, without how long its parts took, and its exit code."""
    written = io.BytesIO()
    out = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    code = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            import_module("entrepost.cli").main(shlex.split(text))
        except SystemExit as end:
            code = int(end.code or 0)
    said = written.getvalue().decode().splitlines()
    return "\n".join(AFTER.sub("", line) for line in said if not TIMED.match(line)), code


def _write_contacts() -> None:
    """Two recipients of orders.csv, one of them with a mistake."""
    with Path("orders.csv").open(encoding="utf-8", newline="") as file:
        orders = {(row["seller"], row["order_id"]): None for row in csv.DictReader(file)}
    rows = [",".join((*order, people)) for order, people in zip(orders, RECIPIENTS, strict=False)]
    text = "\n".join(["seller,order_id,email,language,zone", *rows]) + "\n"
    Path("contacts.csv").write_text(text, encoding="utf-8")


def _first_item() -> str:
    from entrepost.wiring import open_store

    store = open_store("entrepost.db")
    found = str(store.list_items().sort("issued_at", "order_id").item(0, "item_id"))
    store.close()
    return found


@contextlib.contextmanager
def _elsewhere(folder: Path) -> Iterator[None]:
    """Work in a folder, with what a user added kept there too."""
    before, own = Path.cwd(), os.environ.get("ENTREPOST_REFERENCE")
    os.chdir(folder)
    os.environ["ENTREPOST_REFERENCE"] = "added"
    try:
        yield
    finally:
        os.chdir(before)
        if own is None:
            del os.environ["ENTREPOST_REFERENCE"]
        else:
            os.environ["ENTREPOST_REFERENCE"] = own
