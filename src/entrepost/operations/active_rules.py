"""Segments that an account's quotes obey: the rules of a plan, kept, activated and ended by people of the account."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.network.network import Network
from entrepost.operations.access import Caller
from entrepost.operations.audit import write_down
from entrepost.operations.desk_records import ActiveSegments, PlanRun, Segments
from entrepost.operations.opened import addition_of, check_opened, mark_opened, read_opened
from entrepost.operations.plan_course import RULES
from entrepost.operations.store import Store
from entrepost.service.policy import Policy, RuleFile
from entrepost.service.rule_file import load_rules

QUOTES = "quotes"
"""What segments are activated for: the choice of services, wherever it is asked for."""

KEPT = 64
"""So many rule files lie ready in a process."""


@dataclass(frozen=True, slots=True)
class Part:
    """Order lines that are decided alike; `tenant` is the account whose active segments hold, or nobody's."""

    tenant: str
    policy: Policy | None
    lines: pl.DataFrame


def keep_segments(store: Store, run: PlanRun, folder: Path) -> Segments | None:
    """Keep the rules of a plan that is done, with what lies beside them, under its name; None where it has none."""
    path = folder / RULES
    if not path.is_file():
        return None
    facts = {each.name: each.read_text(encoding="utf-8") for each in sorted(folder.glob("facts-*.csv"))}
    facts |= read_opened(folder)
    text = path.read_text(encoding="utf-8")
    kept = Segments(
        *(run.tenant, run.run, run.run, run.title, text),
        json.dumps(facts),
        run.created_by,
        store.clock.now(),
    )
    store.records.put(kept)
    return kept


def get_segments(store: Store, tenant: str, name: str) -> Segments:
    """Segments of an account; raises `MissingRowError` where it has none of that name."""
    found = store.records.find(Segments, tenant, name)
    if found is None:
        raise MissingRowError(f"the account has no segments {name}")
    return found


def list_segments(store: Store, tenant: str, before: str = "", limit: int = 0) -> list[Segments]:
    """The segments of an account, the latest first."""
    return store.records.list_latest(Segments, tenant, before, limit)


def find_active(store: Store, tenant: str) -> ActiveSegments | None:
    """Which segments the quotes of an account obey, since when and by whom; None: none."""
    found = store.records.find(ActiveSegments, tenant, QUOTES)
    return found if found is not None and found.segments else None


def has_active(store: Store, tenant: str) -> bool:
    """Whether the quotes of an account obey segments, at a glance."""
    found = store.glance.find(ActiveSegments, tenant, QUOTES)
    return found is not None and bool(found.segments)


def activate(store: Store, network: Network, by: Caller, name: str, opens: bool = True) -> ActiveSegments:
    """From now on quotes of the account obey these segments, on a network with the plan's warehouses open and filled.

    Parameters
    ----------
    network : Network
        The one that is served.
    opens : bool
        Whether the warehouses are open; until they are, the rules alone may be activated.

    Raises
    ------
    MissingRowError
        When the account has no such segments.
    MisuseError
        When their rules name a service that the network has not, or their warehouses do not fit it.
    """
    segments = get_segments(store, by.tenant, name)
    opened = check_opened(network, segments) if opens and addition_of(segments).opened else network
    rules, _ = load_rules(_ready(segments).path)
    unknown = sorted({code for rule in rules for code in rule.services} - set(opened.service_by_code))
    if unknown:
        raise MisuseError(
            f"these rules name the service {unknown[0]}, which the network of the server has not; serve the network "
            "of the plan first"
        )
    return _put(store, by, name, f"segments activated: {segments.title}", "" if opened is network else name)


def deactivate(store: Store, by: Caller, name: str) -> ActiveSegments:
    """End that quotes obey these segments, where they do; quotes are then decided as before any were activated."""
    get_segments(store, by.tenant, name)
    active = find_active(store, by.tenant)
    if active is None or active.segments != name:
        raise MisuseError(f"the segments {name} are not active")
    return _put(store, by, "", "segments ended", "", name)


def policy_of(store: Store, tenant: str) -> Policy | None:
    """How the account's services are chosen: by its active segments; None where none are."""
    active = find_active(store, tenant)
    if active is None:
        return None
    with suppress(MissingRowError):
        return _ready(get_segments(store, tenant, active.segments))
    return None


def pack(segments: Segments) -> bytes:
    """The rule file and what lies beside it, as a ZIP archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(RULES, segments.rules)
        for name, text in json.loads(segments.facts).items():
            file.writestr(name, text)
    return packed.getvalue()


def by_account(store: Store, lines: pl.DataFrame, policy: Policy | None = None) -> Iterator[Part]:
    """Order lines in parts that are decided alike: by a policy, or, without one, by their account's active segments.

    Accounts that have no active segments are decided together.
    """
    tenants = lines.get_column("tenant").unique(maintain_order=True).to_list()
    active = [tenant for tenant in tenants if has_active(store, tenant)]
    others = lines.filter(~pl.col("tenant").is_in(active))
    if others.height:
        yield Part("", policy, others)
    for tenant in active:
        yield Part(tenant, policy or policy_of(store, tenant), lines.filter(pl.col("tenant") == tenant))


def _put(store: Store, by: Caller, name: str, action: str, opened: str, subject: str = "") -> ActiveSegments:
    active = ActiveSegments(by.tenant, QUOTES, name, by.who, store.clock.now())
    with store.transaction():
        store.records.put(active)
        mark_opened(store, by, opened)
        write_down(store, by.tenant, by.who, action, subject or name)
    return active


def _ready(segments: Segments) -> RuleFile:
    """The rule file of segments in a folder of this process, with its facts beside it."""
    return RuleFile(_lay_out(segments.rules, segments.facts).path)


class _Folder:
    """A folder that goes when nobody needs it any more."""

    def __init__(self, rules: str, facts: str) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="entrepost-rules-"))
        self.path = self._place / RULES
        self.path.write_text(rules, encoding="utf-8")
        for name, text in json.loads(facts).items():
            if "/" not in name:
                (self._place / name).write_text(text, encoding="utf-8")

    def __del__(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)


@lru_cache(KEPT)
def _lay_out(rules: str, facts: str) -> _Folder:
    return _Folder(rules, facts)
