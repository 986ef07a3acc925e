"""entrepost reference: figures of the user's own beside those that come along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entrepost.base.errors import MisuseError
from entrepost.cli.terminal import here, with_voice

if TYPE_CHECKING:
    from entrepost.base.findings import Finding

REJECTED = 3
SHOWN = 20
"""Findings that are written out; the rest is counted."""


class Kind(StrEnum):
    """What can be added."""

    FX = "fx"
    HS = "hs"
    HS_CORRELATION = "hs-correlation"
    HS_TEXTS = "hs-texts"
    SANCTIONS_OFAC = "sanctions-ofac"
    SANCTIONS_UN = "sanctions-un"
    TARIFF = "tariff"
    TARIFF_EU = "tariff-eu"
    TARIFF_UK = "tariff-uk"
    TARIFF_US = "tariff-us"
    VAT = "vat"


WORDS = {
    Kind.FX: "exchange rate",
    Kind.HS: "code",
    Kind.HS_CORRELATION: "correspondence",
    Kind.HS_TEXTS: "official text",
    Kind.SANCTIONS_OFAC: "entry",
    Kind.SANCTIONS_UN: "entry",
    Kind.TARIFF: "tariff row",
    Kind.TARIFF_EU: "tariff row",
    Kind.TARIFF_UK: "tariff row",
    Kind.TARIFF_US: "tariff row",
    Kind.VAT: "rate of VAT",
}

OTHERS = ("hs", "hs-correlation", "hs-texts", "sanctions-ofac", "sanctions-un", "tariff", "vat")
"""Kinds of which only the number of files is told."""

app = typer.Typer(
    help="Add reference figures of your own, and see what was added.", no_args_is_help=True, rich_markup_mode=None
)


def add(
    kind: Annotated[
        Kind,
        typer.Argument(
            help="fx: exchange rates (currency, day, rate in units a euro; or the ECB's eurofxref, as CSV or zip); hs: "
            "nomenclature; hs-correlation: how two vintages correspond; tariff-us, tariff-uk, tariff-eu: tariffs as "
            "published; tariff: one of your own; vat: rates of VAT by date; hs-texts: a nomenclature or tariff, for "
            "its words; sanctions-ofac: SDN.CSV, ALT.CSV, ADD.CSV together; sanctions-un: the consolidated list in XML."
        ),
    ],
    files: Annotated[list[Path], typer.Argument(help="The file, plain or gzipped; three for sanctions-ofac.")],
    vintage: Annotated[
        str, typer.Option("--vintage", help="Of hs: the year of the edition, where the file does not tell it.")
    ] = "",
) -> None:
    """Add the figures of a file; they count before those that come along, the newest file first."""
    count, findings = _add(kind, files, vintage)
    lines = [f"{count:,} {_many(WORDS[kind]) if count != 1 else WORDS[kind]} added", *_told(findings)]
    here().answer({"added": count, "findings": findings}, lines)
    if findings:
        raise typer.Exit(REJECTED)


def show() -> None:
    """List what was added, and where it is kept."""
    from entrepost.reference.added import folder_of, list_added
    from entrepost.reference.fx import KIND, known_rates
    from entrepost.reference.rate_feed import find_looked

    added = known_rates().added
    facts = [
        {"currency": code, "rates": len(days), "first": min(days), "last": max(days)}
        for code, days in sorted(added.items())
    ]
    folder = folder_of(KIND)
    others = {kind: len(list_added(kind)) for kind in OTHERS}
    lines = [
        *(f"{row['currency']}  {row['rates']:,} of {row['first']} to {row['last']}" for row in facts),
        *(f"{kind}  {count:,} file{'' if count == 1 else 's'}" for kind, count in others.items() if count),
    ]
    looked = find_looked()
    if looked:
        many = "rate" if looked.rates == 1 else "rates"
        read_at = f"{looked.looked_at:%Y-%m-%d %H:%M}"
        lines.append(f"{looked.source}  {looked.rates:,} {many} until {looked.last}, read at {read_at}")
        lines += [f"  {looked.wrong}"] if looked.wrong else []
    facts_of = {"folder": str(folder), "fx": facts, "files": others, "read": asdict(looked) if looked else None}
    here().answer(facts_of, [*(lines or ["nothing was added"]), f"kept in {folder}"])


def _add(kind: Kind, files: list[Path], vintage: str) -> tuple[int, list[Finding]]:
    if kind is Kind.SANCTIONS_OFAC:
        from entrepost.reference.sanctions_ofac import add_ofac

        return add_ofac(files)
    if len(files) > 1:
        raise MisuseError(f"{kind} is added one file at a time; give one")
    return _adder(kind, vintage)(files[0])


def _many(word: str) -> str:
    return word[:-1] + "ies" if word.endswith("y") else word + "s"


def _adder(kind: Kind, vintage: str) -> Callable[[Path], tuple[int, list[Finding]]]:
    """The function that adds a file of a kind."""
    from entrepost.reference.fx import add_rates
    from entrepost.reference.nomenclature import add_correlation, add_nomenclature
    from entrepost.reference.official_text import add_texts
    from entrepost.reference.sanctions_un import add_un
    from entrepost.reference.tariff import add_tariff
    from entrepost.reference.vat import add_vat

    adders: dict[Kind, Callable[[Path], tuple[int, list[Finding]]]] = {
        Kind.FX: add_rates,
        Kind.HS: lambda file: add_nomenclature(file, vintage),
        Kind.HS_CORRELATION: add_correlation,
        Kind.HS_TEXTS: add_texts,
        Kind.SANCTIONS_UN: add_un,
        Kind.VAT: add_vat,
    }
    return adders.get(kind, lambda file: add_tariff(kind.value, file))


def _told(findings: list[Finding]) -> list[str]:
    lines = [f"  row {each.row}: {each.field}: {each.message}; {each.fix}" for each in findings[:SHOWN]]
    rest = Counter(each.code for each in findings[SHOWN:])
    return [*lines, *(f"  and {count:,} more findings {code}" for code, count in rest.items())]


for command in (add, show):
    app.command(name=command.__name__)(with_voice(command))
