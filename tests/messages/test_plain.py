"""Every message has one plain JSON form, which its schema describes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepost.base.errors import IncomingMessageError, MisuseError
from entrepost.messages import plain
from entrepost.messages.profiling.form import list_messages
from tests.messages import letters
from tests.messages.letters import SMALL

MESSAGES = {
    "EMSEVT": letters.emsevts(),
    "PREDES": letters.dispatches(),
    "RESDES": letters.resdes(),
    "PRECON": letters.consigned(letters.Precon),
    "CARDIT": letters.consigned(letters.Cardit),
    "RESCON": letters.rescons(),
    "RESDIT": letters.resdits(),
    "ITMATT": letters.itmatts,
    "CUSITM": letters.cusitms,
    "CUSRSP": letters.cusrsps,
    "REFITM": letters.refitms,
}


def test_every_message_is_tried() -> None:
    assert set(MESSAGES) == set(list_messages())


@given(st.data())
@settings(max_examples=80)
def test_what_is_written_is_read_and_fits_its_schema(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(sorted(MESSAGES)).flatmap(MESSAGES.__getitem__))
    written = plain.write(message)
    received = plain.read(written)
    assert received.messages == (message,)
    assert received.findings == ()
    assert misfits(json.loads(written), plain.schema(type(message).__name__)) == []


def misfits(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """Where a value does not fit the few words of JSON Schema that are used here."""
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if "const" in schema:
        return [] if value == schema["const"] else [place]
    if not isinstance(value, kinds[schema["type"]]):
        return [place]
    if schema["type"] == "array":
        return [each for at, row in enumerate(value) for each in misfits(row, schema["items"], f"{place}[{at}]")]
    if schema["type"] != "object":
        return []
    odd = [f"{place}.{name}" for name in value if name not in schema["properties"]]
    odd += [f"{place}.{name}" for name in schema["required"] if name not in value]
    known = [(name, each) for name, each in value.items() if name in schema["properties"]]
    return odd + [each for name, row in known for each in misfits(row, schema["properties"][name], f"{place}.{name}")]


@pytest.mark.parametrize(
    ("changes", "code", "level"),
    [
        ({"weight_g": -5}, "message_value_malformed", "error"),
        ({"weight_g": True}, "message_value_malformed", "error"),
        ({"posted_at": "2026-11-20T10:15:00"}, "message_value_malformed", "error"),
        ({"contents": {}}, "message_value_malformed", "error"),
        ({"item_id": json.loads("[" * 400 + "]" * 400)}, "message_value_malformed", "error"),
        ({"sender": None}, "message_part_missing", "error"),
        ({"item_id": "LX261122018NL"}, "message_content_unsound", "error"),
        ({"colour": "red"}, "message_part_unexpected", "warning"),
    ],
)
def test_what_does_not_fit_is_a_finding(changes: dict[str, object], code: str, level: str) -> None:
    given_ = {**plain.to_plain(SMALL), **changes}
    received = plain.from_plain({name: value for name, value in given_.items() if value is not None})
    assert (code, level) in {(finding.code, finding.level) for finding in received.findings}
    assert bool(received.messages) == (level == "warning")


@pytest.mark.parametrize("data", [b"[]", b"{", b'{"message": "HELLO"}', b"[" * 100_000])
def test_what_names_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(IncomingMessageError):
        plain.read(data)


def test_there_is_no_schema_of_an_unknown_message() -> None:
    with pytest.raises(MisuseError, match="EMSEVT"):
        plain.schema("HELLO")
