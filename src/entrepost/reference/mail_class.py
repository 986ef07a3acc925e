"""The classes of mail."""

from __future__ import annotations

from entrepost.reference.table import read_dated


def is_mail_class(code: str) -> bool:
    """Whether mail has this class: U letter post, C parcels, E EMS, T empty receptacles."""
    return read_dated("mail_classes", "mail_class").find(code) is not None


def get_mail_class_name(code: str) -> str:
    """The name of a class; raises `MissingRowError` where there is none."""
    return read_dated("mail_classes", "mail_class").at(code)["name"]


def list_mail_classes() -> list[str]:
    """Every class."""
    return read_dated("mail_classes", "mail_class").keys()
