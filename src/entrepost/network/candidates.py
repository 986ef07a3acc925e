"""Warehouses that might be opened beside those of a network, with all that delivering from them needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from entrepost.base.errors import MisuseError, NetworkError
from entrepost.base.findings import Finding
from entrepost.network.delivery import Delivery
from entrepost.network.facility import Facility, Processing
from entrepost.network.network import Network
from entrepost.network.service import Rate
from entrepost.network.table import read_table
from entrepost.network.warehouse import Warehouse

SAMPLE_CANDIDATES_FOLDER = Path(__file__).parent / "candidates"
"""Candidates for the sample network; `tools/update/candidate_warehouses.py` writes them."""

NOUNS: dict[str, type] = {
    "facilities": Facility,
    "processing": Processing,
    "delivery": Delivery,
    "rates": Rate,
    "warehouses": Warehouse,
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that are added to the tables of a network; the tables have the columns of a network folder."""

    facilities: tuple[Facility, ...]
    processing: tuple[Processing, ...]
    delivery: tuple[Delivery, ...]
    rates: tuple[Rate, ...]
    warehouses: tuple[Warehouse, ...]

    def only(self, warehouses: frozenset[str]) -> Candidates:
        """The candidates of these names alone; rates stay, as they hold by country."""
        return Candidates(
            tuple(row for row in self.facilities if row.facility in warehouses),
            tuple(row for row in self.processing if row.facility in warehouses),
            tuple(row for row in self.delivery if row.from_facility in warehouses),
            self.rates,
            tuple(row for row in self.warehouses if row.warehouse in warehouses),
        )

    def added_to(self, network: Network) -> Network:
        """The network with the candidates in it, closed; services from stock then go wherever they have a rate.

        Raises
        ------
        MisuseError
            When the network has a facility of a candidate's name.
        """
        if not self.warehouses:
            return network
        taken = sorted({row.facility for row in self.facilities} & set(network.facility_by_code))
        if taken:
            raise MisuseError(f"network {network.name!r} has a facility {taken[0]!r} already; name the candidate else")
        stock = {row.service for row in network.services if row.kind == "stock"}
        rated = {(row.service, row.country) for row in network.rates}
        added: dict[str, Any] = {
            name: (*getattr(network, name), *getattr(self, name)) for name in NOUNS if name != "rates"
        }
        rates = (row for row in self.rates if row.service in stock and (row.service, row.country) not in rated)
        services = (replace(row, destinations="*") if row.kind == "stock" else row for row in network.services)
        return replace(network, **added, rates=(*network.rates, *rates), services=tuple(services))


NONE = Candidates((), (), (), (), ())


def load_candidates(path: str | Path) -> Candidates:
    """Read a folder of candidates; raises `NetworkError` where a file is absent or a row is wrong."""
    findings: list[Finding] = []
    tables: dict[str, Any] = {}
    for name, noun in NOUNS.items():
        file = Path(path) / f"{name}.csv"
        if not file.exists():
            raise NetworkError(f"{path} has no {file.name}; candidates need {', '.join(NOUNS)} as CSV")
        tables[name], _ = read_table(file, noun, findings)
    if findings:
        raise NetworkError(f"the candidates in {path} have errors: {findings[0]}", tuple(findings))
    return Candidates(**tables)


@lru_cache(maxsize=1)
def sample_candidates() -> Candidates:
    """The candidates for the sample network: one near each of its inward offices, every figure of them assumed."""
    return load_candidates(SAMPLE_CANDIDATES_FOLDER)
