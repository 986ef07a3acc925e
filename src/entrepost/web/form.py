"""What a form of ours sends: names and values, read without a library because no form of ours sends a file."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request

from entrepost.base.errors import MisuseError

FORM_TYPE = "application/x-www-form-urlencoded"
BYTES_MAX = 1 << 20
FIELDS_MAX = 2_000


class Form:
    """The fields of a form; one that was not sent is empty."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        self._fields = fields

    def get(self, name: str) -> str:
        """A field as somebody wrote it, without the spaces around it."""
        return self.get_raw(name).strip()

    def get_raw(self, name: str) -> str:
        """A field with its spaces, such as a password."""
        return self._fields.get(name, [""])[-1]

    def list(self, name: str) -> list[str]:
        """All values of a field that may be ticked several times."""
        return self._fields.get(name, [])


async def read_form(request: Request) -> Form:
    """The form that a request carries; without one, a form without fields.

    Raises
    ------
    MisuseError
        When it is longer than any form of ours, or no text.
    """
    if not request.headers.get("content-type", "").startswith(FORM_TYPE):
        return Form({})
    body = await request.body()
    if len(body) > BYTES_MAX:
        raise MisuseError(f"a form has at most {BYTES_MAX:,} bytes; send files on the page Orders")
    try:
        return Form(parse_qs(body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"))
    except ValueError:
        raise MisuseError("the form cannot be read; load the page anew and send it again") from None


FormOf = Annotated[Form, Depends(read_form)]
