"""Two posts talk: a dispatch is announced, its bags come in, an item is delivered; then the same with other codes.

Run it: ``python examples/messages.py``.
"""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from entrepost.mail.dispatch import Dispatch
from entrepost.mail.receptacle import Receptacle
from entrepost.mail.report import CarriageReport, ItemReport
from entrepost.messages import any_message, emsevt, plain
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.predes import Predes
from entrepost.messages.profile import FOLDER, load_profile
from entrepost.messages.resdes import Resdes

ZONES = {"NLHAGI": "Europe/Amsterdam", "USJFKA": "America/New_York"}
DISPATCH = "NLHAGIUSJFKAAUN60017"
CLOSED = datetime.fromisoformat("2026-03-02T18:00:00+01:00")
COME = datetime.fromisoformat("2026-03-04T06:40:00-05:00")


def main() -> None:
    """The Hague writes, New York answers."""
    bags = (
        Receptacle(f"{DISPATCH}001000125", 12_500, item_ids=("LX000000005NL",)),
        Receptacle(f"{DISPATCH}002100098", 9_800),
    )
    told = Predes("D-1", Dispatch(DISPATCH, CLOSED, 22_300, bags))
    data = any_message.write([told], any_message.address([told], ("NL101", "US101"), "NL1", CLOSED), ZONES)
    (heard,) = any_message.read(data, ZONES).messages
    print(
        f"{heard.dispatch.dispatch_id} with {len(heard.dispatch.receptacles)} bags, closed {heard.dispatch.closed_at}"
    )

    seen = tuple(CarriageReport("received", COME, "USJFKA", (bag.receptacle_id,)) for bag in heard.dispatch.receptacles)
    answer = Resdes("A-1", COME, "USJFKA", DISPATCH, seen)
    event = Emsevt("E-1", COME, (ItemReport("LX000000005NL", "EMD", COME, "USJFKA"),), office="USJFKA")
    envelope = any_message.address([answer, event], ("US101", "NL101"), "US1", COME)
    received = any_message.read(any_message.write([answer, event], envelope, ZONES), ZONES)
    for message in received.messages:
        print(plain.write(message).decode()[:72].replace("\n", ""))

    with tempfile.TemporaryDirectory() as folder:
        licensed = Path(folder) / "emsevt.toml"
        licensed.write_text((FOLDER / "emsevt_3_0.toml").read_text(encoding="utf-8").replace("LOC+14+", "LOC+1+"))
        print(emsevt.write([event], envelope, ZONES, load_profile(licensed)).decode()[-60:])


if __name__ == "__main__":
    main()
