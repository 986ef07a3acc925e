"""What checks go by: the day, rates of exchange, the nomenclature that was loaded, identifiers used before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.base.findings import Finding
from entrepost.codes import hs
from entrepost.customs.checking import rules
from entrepost.mail.customs_form import cn22_limit_sdr
from entrepost.reference.advance_data import FIELDS, list_required, regime_of, to_mask
from entrepost.reference.currency import XDR
from entrepost.reference.declaration_term import declaration_term
from entrepost.reference.fx import Rates
from entrepost.reference.gift_limit import find_gift_limit

MODES = ("air", "sea", "rail", "road")


@dataclass(frozen=True)
class CheckParams:
    """How declarations are checked.

    Parameters
    ----------
    day : date
        The day on whose limits, regimes and rates items are judged.
    rates : Rates
        For the limits in other currencies; a limit that cannot be converted is not judged, and told once.
    codes : frozenset of str
        The subheadings (six digits) of the nomenclature that was loaded; empty: existence is not asked.
    other_codes : frozenset of str
        Those of other vintages.
    used : mapping
        The day on which an identifier was last used before, by identifier.
    mode : str
        How the mail goes, where an item does not say: air, sea, rail or road.
    """

    day: date
    rates: Rates = field(default_factory=Rates)
    codes: frozenset[str] = frozenset()
    other_codes: frozenset[str] = frozenset()
    used: Mapping[str, date] = field(default_factory=dict)
    mode: str = "air"

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise MisuseError(f"mode {self.mode!r} is not one of {', '.join(MODES)}")

    @cached_property
    def likeness_least(self) -> int:
        """From which likeness on a description counts as nearly vague."""
        return declaration_term("likeness_least", self.day)

    @cached_property
    def reuse_months(self) -> int:
        """For how long an identifier rests."""
        return declaration_term("identifier_reuse", self.day)

    def hs_known(self, code: str) -> int:
        """What the nomenclature says of a code, as the rule `hs_flaw` takes it."""
        if code[:2] in hs.NO_CHAPTERS:
            return rules.HS_NO_CHAPTER
        if not self.codes:
            return rules.HS_NOT_ASKED
        if code[:6] in self.codes:
            return rules.HS_KNOWN
        return rules.HS_OTHER_VINTAGE if code[:6] in self.other_codes else rules.HS_UNKNOWN

    def cn22_most_minor(self, currency: str) -> int:
        """The greatest value of a letter on a CN 22, in a currency; -1 where no rate is known."""
        return self._converted(cn22_limit_sdr(self.day), XDR, currency)

    def gift_most_minor(self, destination: str, currency: str) -> int:
        """The greatest value of a free gift, in a currency; -1 where no limit or no rate is known."""
        limit = find_gift_limit(destination, self.day)
        return self._converted(limit.limit_minor, limit.currency, currency) if limit else rules.UNKNOWN

    def required(self, destination: str, nature: str) -> int:
        """The fields that a destination wants of an item of that nature, as a mask."""
        return to_mask(list_required(regime_of(destination, self.day), nature, self.day))

    def check_rate(self, currency: str, subject: str) -> list[Finding]:
        """A warning where limits cannot be converted into a currency."""
        found = self.rates.check(XDR, self.day, subject) or self.rates.check(currency, self.day, subject)
        return [Finding(each.code, each.field, each.message, each.subject, 0, each.fix, "warning") for each in found]

    def _converted(self, amount_minor: int, from_currency: str, to_currency: str) -> int:
        try:
            return self.rates.convert(amount_minor, from_currency, to_currency, self.day)
        except MissingRowError:
            return rules.UNKNOWN


ALL_FIELDS = to_mask(FIELDS)
