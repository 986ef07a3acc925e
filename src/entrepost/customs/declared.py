"""An item as its data are sent: identifier, declaration, who sends and who receives, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.mail.declaration import NATURES, Declaration
from entrepost.mail.party import Party

FORMS = ("", "CN22", "CN23", "CP72")
"""Customs forms, the fuller ones later; empty where none is said."""

CLASSES = ("", "U", "C", "E")
"""Classes of mail that bear customs forms: letters, parcels, EMS; empty where it is not known."""


@dataclass(frozen=True, slots=True)
class Declared:
    """An item's advance data; what is not known is left empty, and 0 g is a weight that is not known.

    `due_at` is the instant before which the data are due, `lodged_at` when they were sent in.
    """

    item_id: str
    destination: str
    declaration: Declaration
    weight_g: int = 0
    mail_class: str = ""
    form: str = ""
    seller_scheme_number: str = ""
    sender: Party | None = None
    recipient: Party | None = None
    posted_at: datetime | None = None
    lodged_at: datetime | None = None
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.form not in FORMS or self.mail_class not in CLASSES:
            raise MisuseError(
                f"item {self.item_id}: form {self.form!r} and mail class {self.mail_class!r} must be of "
                f"{', '.join(FORMS[1:])} and {', '.join(CLASSES[1:])}, or empty"
            )
        if self.declaration.nature not in NATURES:
            raise MisuseError(f"item {self.item_id}: nature {self.declaration.nature!r} is not one of {NATURES}")
        if self.weight_g < 0:
            raise MisuseError(f"item {self.item_id}: it cannot weigh {self.weight_g} g")
