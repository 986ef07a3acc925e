"""A profile is a file: whoever has a better one replaces ours, and learns by line what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.mail.report import ItemReport
from entrepost.messages import emsevt
from entrepost.messages.emsevt import Emsevt
from entrepost.messages.profile import FOLDER, check_profile, get_profile, list_profiles, load_profile
from entrepost.messages.profiling.form import list_messages
from entrepost.reference.carriage_status import list_carriage_statuses
from entrepost.reference.event_code import list_event_codes
from entrepost.reference.reason import list_reasons
from tests.messages.letters import ENVELOPE, ZONES

TINY = """[message]
name = "RESCON"
version = "9"
body = [
  { segment = "BGM+23+{document}+{function|function}" },
  { segment = "DTM+137:{sent_at|203}:203" },
  { segment = "CNI+1+{consignment_id}" },
  { group = "reports", body = [
    { segment = "STS+1+{status|status}" },
    { segment = "DTM+334:{time|201}:201" },
    { segment = "LOC+14+{place}::139" },
    { segment = "PCI+ZZZ+{receptacle_ids*}", most = 9 },
  ] },
]

[edifact]
identifier = "RESCON:9"

[codes]
function = ["original"]
status = { received = ["74", "7"] }
"""


def changed(tmp_path: Path, name: str, *changes: tuple[str, str]) -> Path:
    """One of our profiles, changed."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_message_has_a_sound_profile() -> None:
    assert {profile.message for profile in list_profiles()} == set(list_messages())
    assert [finding for path in sorted(FOLDER.glob("*.toml")) for finding in check_profile(path)] == []


def test_the_code_lists_have_the_words_of_the_reference() -> None:
    profile = get_profile("EMSEVT")
    assert set(profile.codes["event"]) == {each.code for each in list_event_codes()}
    reasons = {each.reason for each in list_reasons()}
    assert {*profile.codes["held"], *profile.codes["not_delivered"]} == reasons
    assert set(profile.codes["measure"]) <= reasons
    for message in ("RESDES", "RESCON", "RESDIT"):
        assert set(get_profile(message).codes["status"]) == {each.status for each in list_carriage_statuses()}


def test_another_profile_writes_other_bytes_and_reads_them(tmp_path: Path) -> None:
    profile = load_profile(
        changed(
            tmp_path,
            "emsevt_3_0.toml",
            ('version = "3.0"', 'version = "4.0"'),
            ("EMSEVT:3:0:UP", "EMSEVT:4:0:UP:X"),
            ('NOTICE_LEFT = "B"', 'NOTICE_LEFT = "02"'),
            ('"NAD+ST+++{signatory|an..35}"', '"FTX+SIG+++{signatory}"'),
            ('"DTM+334:{time|201}:201"', '"DTM+9:{time|204}:204"'),
        )
    )
    time = datetime(2026, 11, 1, 12, 0, 30, tzinfo=UTC)
    report = ItemReport("LX261122017NL", "EMH", time, "UTC", "ABSENT", "NOTICE_LEFT", signatory="Jane")
    message = Emsevt("D1", time, (report,), office="NLHAGI")
    written = emsevt.write([message], ENVELOPE, ZONES, profile)
    assert b"EMSEVT:4:0:UP:X" in written
    assert b"FTX+AAI++02::139'" in written
    assert b"FTX+SIG+++Jane'" in written
    assert b"DTM+9:20261101120030:204'" in written
    assert emsevt.read(written, ZONES, profile).messages[0].reports == (report,)
    assert emsevt.read(written, ZONES).messages[0].reports == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "row"),
    [
        ("{consignment_id}", "{consigment_id}", "profile_field_unknown", 7),
        ('{ segment = "LOC+14+{place}::139" },', "", "profile_field_missing", 8),
        ("{sent_at|203}", "{sent_at|999}", "profile_format_unknown", 6),
        ("{status|status}", "{status|statuses}", "profile_format_unknown", 9),
        ("{receptacle_ids*}", "{receptacle_ids}", "profile_format_unknown", 12),
        ("BGM+23+{document}", "BGM+23+{document", "profile_malformed", 5),
        ("BGM+23", "bgm+23", "profile_malformed", 5),
        ("most = 9", "more = 9", "profile_malformed", 12),
        ('group = "reports"', 'group = "report"', "profile_field_unknown", 8),
        ('"RESCON"', '"RESCONS"', "profile_malformed", 0),
        ('version = "9"', 'version = "9"\nsyntax = "morse"', "profile_malformed", 0),
        ('["74", "7"]', '["74", "74"]', "profile_malformed", 21),
        ('["74", "7"]', "[74]", "profile_malformed", 21),
        ("}:203", '}:203", use = "perhaps', "profile_malformed", 6),
        ("body = [", "body = (", "profile_malformed", 0),
    ],
)
def test_a_fault_of_a_profile_has_its_line(tmp_path: Path, old: str, new: str, code: str, row: int) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY.replace(old, new), encoding="utf-8")
    finding = check_profile(path)[0]
    assert (finding.code, finding.row, finding.subject) == (code, row, "tiny.toml")
    assert finding.fix
    with pytest.raises(UnreadableInputError, match=code):
        load_profile(path)


def test_a_whole_profile_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    assert check_profile(path) == []
    assert load_profile(path).name == "RESCON 9 edifact"
    with pytest.raises(UnreadableInputError, match="xml"):
        load_profile(path, "xml")
    with pytest.raises(UnreadableInputError, match="cannot be read"):
        load_profile(tmp_path / "none.toml")


def test_there_is_no_profile_of_an_unknown_message() -> None:
    with pytest.raises(MisuseError, match="CARDIT"):
        get_profile("HELLO")
