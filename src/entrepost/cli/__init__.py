"""The command line: thin skins over the use cases; data on standard output, all else on standard error."""

from __future__ import annotations

from entrepost.cli.app import app, main

__all__ = ["app", "main"]
