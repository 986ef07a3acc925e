"""Postcodes have one normal form, and the form that their country gives them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepost.codes import postcode
from entrepost.network.sample_network import sample_network
from entrepost.tables.regions import normalise_postcode
from tests.codes.mutation import spoiled

SIGNS = "aAzZ09ß\u017féÉ *-\t\n\v\x1c\x85\u00a0\u2003\u2011\u200b\u3000"
FITTING = {"9": st.sampled_from("0123456789"), "A": st.sampled_from("ABXYZ"), "X": st.sampled_from("0AZ9")}


@st.composite
def codes(draw: st.DrawFn) -> postcode.Postcode:
    country = draw(st.sampled_from([country for country, shapes in postcode.SHAPES.items() if shapes]))
    shape = draw(st.sampled_from(postcode.SHAPES[country]))
    return postcode.parse("".join(draw(FITTING[sign]) if sign in FITTING else sign for sign in shape), country)


@pytest.mark.parametrize(
    ("text", "country", "written"),
    [
        ("sw1a1aa", "GB", "SW1A 1AA"),
        ("M1 1AE", "GB", "M1 1AE"),
        ("gir0aa", "GB", "GIR 0AA"),
        ("BFPO61", "GB", "BFPO 61"),
        ("00950", "PL", "00-950"),
        ("k1a0b1", "CA", "K1A 0B1"),
        ("lv1010", "LV", "LV-1010"),
        ("1011ab", "NL", "1011 AB"),
        ("01310100", "BR", "01310-100"),
        ("1000001", "JP", "100-0001"),
        ("d02x285", "IE", "D02 X285"),
        ("d6w ny33", "IE", "D6W NY33"),
        ("22162-1010", "US", "22162-1010"),
        ("10001", "US", "10001"),
        ("11455", "SE", "114 55"),
        ("1070", "AR", "1070"),
        ("c1070aam", "AR", "C1070AAM"),
        ("any 1-2", "BS", "ANY12"),
    ],
)
def test_a_postcode_is_written_as_its_country_does(text: str, country: str, written: str) -> None:
    code = postcode.parse(text, country)
    assert postcode.format(code) == str(code) == written
    assert postcode.check(text, country) == []


@given(codes())
def test_what_is_formatted_is_read_back(code: postcode.Postcode) -> None:
    assert postcode.parse(postcode.format(code), code.country) == code


@given(st.text() | spoiled("SW1A 1AA"), st.sampled_from(["GB", "DE", "AE", "BS", "XX", "", "gb"]))
def test_no_text_breaks_the_reader(text: str, country: str) -> None:
    try:
        code = postcode.parse(text, country)
    except postcode.MalformedPostcodeError:
        assert {finding.level for finding in postcode.check(text, country)} <= {"warning"}
    else:
        assert code.code == postcode.normalise(text)
        assert postcode.parse(postcode.format(code), country) == code


@given(st.lists(st.text(SIGNS, max_size=12), max_size=8))
def test_a_column_has_the_same_normal_form_as_each_of_its_cells(texts: list[str]) -> None:
    column = pl.DataFrame({"postcode": texts}, schema={"postcode": pl.String})
    found = column.select(normalise_postcode(pl.col("postcode"))).to_series().to_list()
    assert found == [postcode.normalise(text) for text in texts]


def test_a_beginning_has_the_normal_form_of_its_signs() -> None:
    assert postcode.normalise("sw1*") == postcode.normalise("SW-1 * ") == "SW1"


@pytest.mark.parametrize(
    ("text", "country", "reason"),
    [
        ("D-60311", "DE", r"'D60311' is none of DE; write it as 99999 \(9: a digit"),
        ("6031", "DE", "write it as 99999"),
        ("SW1A", "GB", "none of GB"),
        ("\uff112345", "DE", "none of DE"),
        ("00000", "AE", "leave it empty: AE has no postcodes"),
        ("", "DE", "not in capitals"),
        ("12345", "UK", "country 'UK'"),
    ],
)
def test_the_message_says_what_is_wrong(text: str, country: str, reason: str) -> None:
    with pytest.raises(postcode.MalformedPostcodeError, match=reason):
        postcode.parse(text, country)
    findings = postcode.check(text, country)
    assert [(finding.code, finding.level) for finding in findings] == [("postcode_malformed", "warning")]


def test_no_postcode_is_missed_where_there_are_none() -> None:
    assert postcode.check("", "AE") == []
    assert [finding.code for finding in postcode.check("", "DE")] == ["postcode_malformed"]


@pytest.mark.parametrize(
    ("text", "country", "fix"),
    [
        ("6031", "DE", "write it as 99999"),
        ("00000", "AE", "leave it empty"),
        ("**", "BS", "ask the recipient"),
        ("1", "UK", "correct the country"),
    ],
)
def test_a_finding_says_how_to_fix_it(text: str, country: str, fix: str) -> None:
    findings = postcode.check(text, country)
    assert [finding.fix[: len(fix)] for finding in findings] == [fix]


def test_every_country_of_the_sample_network_has_its_form() -> None:
    assert {region.country for region in sample_network().regions} <= set(postcode.SHAPES)


def test_the_prefix_of_every_region_begins_a_postcode_of_its_country() -> None:
    for region in sample_network().regions:
        prefix = postcode.normalise(region.postcode_prefix)
        shapes = [shape.replace(" ", "").replace("-", "") for shape in postcode.SHAPES[region.country]]
        wanted = [postcode._fits(prefix, shape[: len(prefix)]) for shape in shapes]
        assert not prefix or any(wanted), region
