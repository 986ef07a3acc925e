"""Dated tables, and that every one of them has a source and a script."""

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest

from entrepost.base.errors import MissingRowError, MisuseError
from entrepost.reference.country import get_country_name, list_countries
from entrepost.reference.currency import get_exponent, is_currency, list_currencies
from entrepost.reference.event_code import find_event_code, get_event_code, list_event_codes
from entrepost.reference.fx import Rates
from entrepost.reference.holiday import holidays_of
from entrepost.reference.mail_class import get_mail_class_name, is_mail_class, list_mail_classes
from entrepost.reference.reason import ReasonClass, list_reasons, reason_class_of
from entrepost.reference.table import FOLDER, Dated, Row

ROOT = Path(__file__).parents[2]
FILES = sorted(FOLDER.glob("*.csv"))


def row(first: str, last: str, value: str) -> Row:
    return Row(date.fromisoformat(first), date.fromisoformat(last), {"key": "k", "value": value})


def test_a_row_holds_on_its_first_and_its_last_day():
    table = Dated("t", "key", [row("2026-01-01", "2026-06-30", "a"), row("2026-07-01", "2026-12-31", "b")])
    assert [table.at("k", date(2026, *day))["value"] for day in ((1, 1), (6, 30), (7, 1), (12, 31))] == list("aabb")
    assert table.find("k", date(2027, 1, 1)) is None
    assert table.at("k")["value"] == "b"
    with pytest.raises(MissingRowError, match="no row for key 'k' on 2027-01-01"):
        table.at("k", date(2027, 1, 1))


def test_two_rows_cannot_hold_on_one_day():
    with pytest.raises(MisuseError, match="hold on 2026-06-30"):
        Dated("t", "key", [row("2026-01-01", "2026-06-30", "a"), row("2026-06-30", "2026-12-31", "b")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_data_file_has_an_origin_a_script_and_a_source_in_every_row(path):
    source = tomllib.loads((FOLDER / "SOURCES.toml").read_text(encoding="utf-8"))[path.stem]
    assert source["origin"]
    assert source["licence"]
    assert (ROOT / source["script"]).exists()
    with path.open(encoding="utf-8", newline="") as file:
        assert all(cells["source"] for cells in csv.DictReader(file))


@pytest.mark.parametrize(
    ("currency", "digits"),
    [("JPY", 0), ("KRW", 0), ("EUR", 2), ("HUF", 2), ("KWD", 3), ("IQD", 3), ("CLF", 4), ("XDR", 2)],
)
def test_a_currency_has_the_digits_of_the_standard(currency, digits):
    assert get_exponent(currency) == digits


def test_every_currency_with_rates_today_has_digits():
    assert not is_currency("XAU")
    assert {"CNY", "USD", "BRL", "XDR"} <= set(list_currencies())
    with pytest.raises(MissingRowError):
        get_exponent("HRK", date(2023, 1, 1))
    assert Rates().find("CNY", date(2026, 3, 2)) is not None


def test_countries_have_names():
    assert get_country_name("CN") == "China"
    assert len(list_countries()) > 240
    with pytest.raises(MissingRowError):
        get_country_name("XX")


def test_event_codes_follow_the_stages():
    order = [code.code for code in list_event_codes()]
    assert len(order) == 26
    assert [order.index(code) for code in ("EMA", "EMC", "EMD", "EMF", "EMH", "EDH", "EMI", "EDX")] == sorted(
        order.index(code) for code in ("EMA", "EMC", "EMD", "EMF", "EMH", "EDH", "EMI", "EDX")
    )
    assert {code.code for code in list_event_codes() if code.ends_wait} == {"EMH", "EDH", "EMI"}
    assert find_event_code("999") is None
    with pytest.raises(MissingRowError):
        get_event_code("999")


def test_event_codes_are_those_of_the_list(shared):
    with (shared / "postal/codes/emsevt_events.csv").open(encoding="utf-8") as file:
        listed = {row["code"]: row for row in csv.DictReader(file)}
    assert set(listed) == {code.code for code in list_event_codes()}
    ranks = [int(listed[code.code]["rank"]) for code in list_event_codes()]
    assert ranks == sorted(ranks)
    assert all(listed[code.code]["leg"] == code.leg for code in list_event_codes())


def test_reasons_have_a_class():
    assert reason_class_of("AWAITING_PAYMENT") == ReasonClass.ADDRESSEE
    assert reason_class_of("") == reason_class_of("NOBODY_KNOWS") == ReasonClass.NONE
    assert {reason.reason_class for reason in list_reasons()} == set(ReasonClass) - {ReasonClass.NONE}


def test_mail_classes_have_names():
    assert list_mail_classes() == ["U", "C", "E", "T"]
    assert get_mail_class_name("E") == "EMS"
    assert not is_mail_class("X")


def test_holidays_are_those_of_the_country():
    assert date(2026, 10, 1) in holidays_of("CN", 2026)
    with pytest.raises(MissingRowError, match=r"calendar\.csv"):
        holidays_of("XX", 2026)
