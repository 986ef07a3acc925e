"""Work beside the requests: what nobody expected is told to the log and ends no thread, as it ends no server."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from polars.exceptions import PanicException

T = TypeVar("T")
LOG = logging.getLogger("entrepost.api")


def attempt(what: str, work: Callable[[], T], *expected: type[Exception]) -> T | None:
    """Do the work; None where it went wrong in a way that was not expected, otherwise what it gives or raises."""
    try:
        return work()
    except expected:
        raise
    except (Exception, PanicException):
        LOG.exception('{"%s": "went wrong"}', what)
        return None
