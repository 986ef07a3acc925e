"""What posts, carriers and authorities tell one another about the assessment of an item before it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from entrepost.base.errors import MisuseError
from entrepost.reference.referral_message import get_referral_message


@dataclass(frozen=True, slots=True)
class ReferralNote:
    """What somebody tells about the assessment of an item: RFI, RFS, DNL, AC, or the answer to one of them."""

    item_id: str
    message: str
    time: datetime
    referral_id: str = ""
    in_reply_to: str = ""
    text: str = ""
    corrected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        get_referral_message(self.message)
        if self.time.tzinfo is None:
            raise MisuseError(f"referral of {self.item_id}: its time needs a zone, such as +08:00")
