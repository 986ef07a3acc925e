"""What forms send."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import Request

from entrepost.base.errors import MisuseError
from entrepost.web.form import BYTES_MAX, FORM_TYPE, Form, read_form


def sent(body: bytes, kind: str = FORM_TYPE) -> Form:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "headers": [(b"content-type", kind.encode())]}
    return asyncio.run(read_form(Request(scope, receive)))


def test_a_field_is_read_as_somebody_wrote_it() -> None:
    form = sent(b"name= Zo%C3%AB &password= a+b &scope=x&scope=y")
    assert (form.get("name"), form.get_raw("password"), form.list("scope")) == ("Zoë", " a b ", ["x", "y"])
    assert (form.get("absent"), form.list("absent")) == ("", [])


def test_what_is_no_form_has_no_fields() -> None:
    assert sent(b"name=x", "text/csv").get("name") == ""


@pytest.mark.parametrize("body", [b"a=%ff", b"\xff", b"&".join([b"a=1"] * 2_001), b"a" * (BYTES_MAX + 1)])
def test_what_cannot_be_read_is_refused(body: bytes) -> None:
    with pytest.raises(MisuseError):
        sent(body)
