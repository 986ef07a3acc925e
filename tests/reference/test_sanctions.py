"""Lists of denied parties are read as they are published; a bad row is a finding and loses nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, UnreadableInputError
from entrepost.reference.sanctions import Listed, ListedName, from_text, known_sanctions, to_text
from entrepost.reference.sanctions_ofac import add_ofac, find_births, read_ofac
from entrepost.reference.sanctions_un import add_un, read_un

NULLS = ",-0- " * 7
SDN = (
    f'7,"ORLOVSKY, Maksim","individual","TEST] [OTHER"{NULLS},"DOB 05 Mar 1971; alt. DOB 1972; a.k.a. \'EAGLE\'."\r\n'
    f'8,"SILVER PETREL 7","vessel","TEST"{NULLS},"Vessel Registration Identification IMO 1234567."\r\n'
    "9,too,short\r\n"
    f'x,"NO NUMBER",-0- ,"TEST"{NULLS},-0- \r\n\x1a'
)
ALT = '7,1,"aka","ORLOVSKIY, Maxim",-0- \r\n99,2,"aka","NOBODY",-0- \r\n'
ADD = '7,1,"Quiet Lane 12","Tver","Russia",-0- \r\n8,2,-0- ,-0- ,-0- ,-0- \r\n'
UN = """<?xml version="1.0"?>
<CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>BEHROUZ</FIRST_NAME>
<SECOND_NAME>QASSEMZADEH</SECOND_NAME><UN_LIST_TYPE>TEST</UN_LIST_TYPE><REFERENCE_NUMBER>XXi.001</REFERENCE_NUMBER>
<NAME_ORIGINAL_SCRIPT>بهروز</NAME_ORIGINAL_SCRIPT>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Behi</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ADDRESS><CITY>Shiraz</CITY><COUNTRY>Iran</COUNTRY></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_DATE_OF_BIRTH><FROM_YEAR>1958</FROM_YEAR><TO_YEAR>1962</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
</INDIVIDUAL><INDIVIDUAL><DATAID>2</DATAID></INDIVIDUAL></INDIVIDUALS>
<ENTITIES><ENTITY><DATAID>3</DATAID><FIRST_NAME>GREY HERON</FIRST_NAME><REFERENCE_NUMBER>XXe.001</REFERENCE_NUMBER>
<ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>White Heron</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><CONSOLIDATED_LIST>&c;</CONSOLIDATED_LIST>'


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ENTREPOST_REFERENCE", str(tmp_path / "own"))
    for name, text in (("SDN.CSV", SDN), ("ALT.CSV", ALT), ("ADD.CSV", ADD), ("un.xml", UN)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_three_files_of_ofac_become_entries_in_any_order(lists: Path) -> None:
    entries, findings = read_ofac([lists / name for name in ("ADD.CSV", "SDN.CSV", "ALT.CSV")])
    names = (
        ListedName("ORLOVSKY, Maksim"),
        ListedName("ORLOVSKIY, Maxim", "aka"),
        ListedName("EAGLE", "aka", weak=True),
    )
    births, addresses = ("1971-03-05", "1972"), ("Quiet Lane 12, Tver, Russia",)
    assert entries[0] == Listed("sanctions-ofac", "7", "person", "TEST, OTHER", names, births, addresses)
    assert (entries[1].kind, entries[1].addresses) == ("vessel", ())
    assert [(finding.code, finding.row) for finding in findings] == [
        ("sanctions_row_malformed", 3),
        ("sanctions_row_malformed", 4),
        ("sanctions_row_orphan", 2),
    ]


def test_without_the_main_file_or_with_another_nothing_is_guessed(lists: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"SDN\.CSV is not among"):
        read_ofac([lists / "ALT.CSV"])
    with pytest.raises(UnreadableInputError, match="not one of OFAC's"):
        read_ofac([lists / "un.xml"])


def test_the_consolidated_list_becomes_entries_with_weak_and_former_names(lists: Path) -> None:
    (person, entity), findings = read_un(lists / "un.xml")
    assert [(name.what, name.weak) for name in person.names] == [("name", False), ("aka", True), ("script", False)]
    assert (person.births, person.addresses) == (("1958/1962",), ("Shiraz, Iran",))
    assert [name.what for name in entity.names] == ["name", "fka"]
    assert [finding.code for finding in findings] == ["sanctions_row_malformed"]


@pytest.mark.parametrize("text", [BOMB, "<a/>", "not xml", ""])
def test_a_file_with_entities_or_of_another_kind_is_refused(lists: Path, text: str) -> None:
    (lists / "un.xml").write_text(text)
    with pytest.raises(UnreadableInputError):
        read_un(lists / "un.xml")


def test_days_of_birth_are_read_as_far_as_they_are_said() -> None:
    remarks = "DOB 11 Jul 1951; alt. DOB Jan 1952; DOB circa 1953; alt. DOB 1958 to 1962; POB Tver 1960."
    assert find_births(remarks) == ["1951-07-11", "1952-01", "1953", "1958/1962"]


def test_what_is_kept_is_what_was_read(lists: Path) -> None:
    entries, _ = read_ofac([lists / name for name in ("SDN.CSV", "ALT.CSV", "ADD.CSV")])
    assert list(from_text(to_text(entries), "sanctions-ofac")) == entries


def test_the_newest_addition_of_a_list_stands_for_the_whole_list(lists: Path) -> None:
    with pytest.raises(MissingRowError, match="reference add sanctions-ofac"):
        known_sanctions()
    add_ofac([lists / "SDN.CSV"])
    assert add_un(lists / "un.xml")[0] == 2
    (lists / "SDN.CSV").write_text(SDN.splitlines()[1], encoding="utf-8")
    add_ofac([lists / "SDN.CSV"])
    known = known_sanctions()
    assert [entry.number for entry in known.entries] == ["8", "XXi.001", "XXe.001"]


def test_the_published_lists_are_read_without_a_finding(shared: Path) -> None:
    folder = shared / "data" / "sanctions"
    entries, findings = read_ofac([folder / f"ofac_{part}.csv.gz" for part in ("sdn", "alt", "add")])
    assert (len(entries), findings) == (7379, [])
    entries, findings = read_un(folder / "un_consolidated.xml.gz")
    assert (len(entries), findings) == (1003, [])
