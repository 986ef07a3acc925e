"""Partners are loaded from their folder, kept, and come back the same; with an error nothing is changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entrepost.mail.partner import Channel
from entrepost.operations.exchanging.partners import get_partners, load_partners, put_partners, read_profiles
from entrepost.tables.partners import write_partners
from tests.operations.exchanging.memory import MemoryBooks
from tests.operations.exchanging.world import FIRST, PARTNERS
from tests.operations.shop import FixedClock, store_in

SOUND = replace(PARTNERS, channels=tuple(each for each in PARTNERS.channels if each.message != "NOTE"))


def test_partners_come_back_as_they_were_loaded(tmp_path: Path) -> None:
    write_partners(SOUND, tmp_path / "partners")
    for books in (MemoryBooks(FixedClock()), store_in(tmp_path)):
        assert load_partners(books, "main", tmp_path / "partners")[1] == []
        found = get_partners(books, "main")
        assert {*found.operators, *found.offices, *found.addresses} == {
            *SOUND.operators,
            *SOUND.offices,
            *SOUND.addresses,
        }
        assert {*found.channels} == {*SOUND.channels}
        put_partners(books, "main", replace(SOUND, offices=()))
        assert get_partners(books, "main").offices == ()
        assert get_partners(books, "other").operators == ()


@pytest.mark.parametrize(
    "channel",
    [
        Channel("DEA", "out", "GIFT", FIRST, syntax="json"),
        Channel("DEA", "out", "ITMATT", FIRST),
        Channel("DEA", "out", "PREDES", FIRST, version="9.9"),
        Channel("DEA", "out", "PREDES", FIRST, profile="none.toml"),
        Channel("DEA", "out", "PREDES", FIRST, profile="theirs.toml"),
    ],
)
def test_a_message_without_a_profile_is_told_and_nothing_is_loaded(channel: Channel, tmp_path: Path) -> None:
    write_partners(replace(SOUND, channels=(*SOUND.channels, channel)), tmp_path)
    (tmp_path / "profiles").mkdir()
    ours = Path(__file__).parents[3] / "src/entrepost/messages/profiles/emsevt_3_0.toml"
    (tmp_path / "profiles" / "theirs.toml").write_bytes(ours.read_bytes())
    books = MemoryBooks(FixedClock())
    assert [each.code for each in load_partners(books, "main", tmp_path)[1]] == ["partner_profile_missing"]
    assert get_partners(books, "main").operators == ()


def test_profiles_that_channels_name_are_read(tmp_path: Path) -> None:
    ours = Path(__file__).parents[3] / "src/entrepost/messages/profiles/emsevt_3_0.toml"
    (tmp_path / "theirs.toml").write_bytes(ours.read_bytes())
    channel = Channel("DEA", "in", "EMSEVT", FIRST, version="3.0", profile="theirs.toml")
    (profile,) = read_profiles(replace(SOUND, channels=(channel,)), tmp_path)
    assert profile.message == "EMSEVT"
