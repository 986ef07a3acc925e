"""Who may do what: the resources of an account, the scopes on them, and the roles that people have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from entrepost.base.errors import MisuseError, NotAllowedError

READ, WRITE = "read", "write"

EVERYBODYS = (
    *("orders", "quotes", "items", "events", "tracking", "declarations", "landed-costs", "labels", "lanes"),
    *("exceptions", "dispatches", "messages", "networks", "plans", "scenarios", "segments", "batches", "findings"),
)
"""Resources that whoever works in an account may read."""

ADMINS = ("keys", "webhooks", "people", "audit", "privacy")
"""Resources of those who answer for an account."""

RESOURCES = (*EVERYBODYS, *ADMINS)
SCOPES = tuple(f"{resource}:{verb}" for resource in RESOURCES for verb in (READ, WRITE))

CLERKS = (
    *("orders", "items", "events", "declarations", "labels", "exceptions", "dispatches", "messages"),
    *("batches", "findings"),
)
PLANNERS = ("networks", "plans", "scenarios", "segments")
ASKED = ("quotes", "landed-costs")
"""Resources on which a question is asked by writing it: whoever may read may ask."""

ROLES: dict[str, frozenset[str]] = {}
ROLES["viewer"] = frozenset((*(f"{each}:{READ}" for each in EVERYBODYS), *(f"{each}:{WRITE}" for each in ASKED)))
ROLES["clerk"] = ROLES["viewer"] | {f"{each}:{WRITE}" for each in CLERKS}
ROLES["planner"] = ROLES["clerk"] | {f"{each}:{WRITE}" for each in PLANNERS}
ROLES["admin"] = frozenset(SCOPES)
"""The scopes of each role; each has those of the one before it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the account, who in it (an e-mail address, or `key` and its name), and what they may."""

    tenant: str
    who: str
    scopes: frozenset[str]
    key: str = ""

    def may(self, scope: str) -> bool:
        """Whether the caller may do what the scope names."""
        return scope in self.scopes

    def demand(self, scope: str) -> None:
        """See to it that the caller may.

        Raises
        ------
        NotAllowedError
            When it may not.
        """
        if scope not in self.scopes:
            raise NotAllowedError(f"{self.who} may not {scope.replace(':', ': ')}; it needs the scope {scope}")


def scopes_of(role: str) -> frozenset[str]:
    """What people of a role may; raises `MisuseError` where there is no such role."""
    if role not in ROLES:
        raise MisuseError(f"{role!r} is no role; give one of {', '.join(ROLES)}")
    return ROLES[role]


def check_scopes(scopes: Iterable[str]) -> str:
    """Scopes in their order, as they are kept; `*` stands for all of them.

    Raises
    ------
    MisuseError
        When one is not known, or none is given.
    """
    asked = set(scopes)
    asked = set(SCOPES) if "*" in asked else asked
    unknown = sorted(asked - set(SCOPES))
    if unknown or not asked:
        wrong, known = ", ".join(unknown) or "nothing", ", ".join(RESOURCES)
        raise MisuseError(f"{wrong[:100]} is no scope; give *, or NAME:{READ} and NAME:{WRITE} of some of {known}")
    return " ".join(scope for scope in SCOPES if scope in asked)
