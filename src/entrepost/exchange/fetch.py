"""Gets a file from a URL that the operator of a server named: https, or http at this very machine."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from entrepost.base.errors import UnreadableInputError

BYTES_MAX = 16 << 20
TIMEOUT_SECONDS = 30.0
HERE = ("127.0.0.1", "::1", "localhost")


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are followed to https alone: nobody on the way changes what is read."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]
        _check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str, bytes_max: int = BYTES_MAX) -> bytes:
    """What a URL answers; the proxy that the environment names is asked.

    Raises
    ------
    UnreadableInputError
        When it is not https, does not answer in time, or answers something else than 200, or too much.
    """
    _check(url)
    request = urllib.request.Request(
        url, headers={"User-Agent": "entrepost", "Accept": "text/csv, application/zip, */*"}
    )
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=TIMEOUT_SECONDS) as answer:
            content: bytes = answer.read(bytes_max + 1)
    except urllib.error.HTTPError as error:
        raise UnreadableInputError(f"{_told(url)} answered {error.code}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise UnreadableInputError(f"{_told(url)} cannot be read: {reason}") from None
    if len(content) > bytes_max:
        raise UnreadableInputError(f"{_told(url)} answers more than {bytes_max:,} bytes")
    return content


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_sound = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
    except ValueError:
        is_sound = False
    if not is_sound:
        raise UnreadableInputError(f"{_told(url)} is not read; give https, or http at this very machine")


def _told(url: str) -> str:
    """The URL without what may be a secret in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"[:200]
