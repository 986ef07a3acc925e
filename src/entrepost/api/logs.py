"""The log of a server: a JSON object a line, with nothing in it that may name a person.

What goes wrong unexpectedly is told by its kind and where it happened: its message may quote what somebody sent.
"""

from __future__ import annotations

import json
import logging
import traceback

OURS = ("entrepost.api", "entrepost.web")
THEIRS = ("uvicorn", "uvicorn.error", "uvicorn.asgi")
FRAMES_MAX = 12


class CarefulFormatter(logging.Formatter):
    """Our lines as they are, for they are made to be read; of others' logger and level and, of errors, the kind."""

    def format(self, record: logging.LogRecord) -> str:
        """A line."""
        if record.exc_info is None and record.name.startswith(OURS):
            return record.getMessage()
        told: dict[str, object] = {"logger": record.name, "level": record.levelname.lower()}
        if record.exc_info is None or record.exc_info[0] is None:
            return json.dumps(told | {"says": str(record.msg)})
        kind, _, trace = record.exc_info
        frames = traceback.extract_tb(trace)[-FRAMES_MAX:]
        places = [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(told | {"error": f"{kind.__module__}.{kind.__qualname__}", "at": places})


def set_up_logs() -> None:
    """Let all that a server says go to standard error, line by line; once in each process."""
    to_stderr = logging.StreamHandler()
    to_stderr.setFormatter(CarefulFormatter())
    for name, level in (*((name, logging.INFO) for name in OURS), *((name, logging.WARNING) for name in THEIRS)):
        logger = logging.getLogger(name)
        if not any(isinstance(each.formatter, CarefulFormatter) for each in logger.handlers):
            logger.handlers[:] = [to_stderr]
        logger.setLevel(level)
        logger.propagate = False
