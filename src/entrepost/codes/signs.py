"""What codes are written with: plain capitals and digits, and blanks that are only layout."""

from __future__ import annotations


def squeeze(text: str) -> str:
    """Without blanks and line ends, in capitals; only plain letters are raised, so that ß never becomes SS."""
    bare = "".join(text.split())
    return bare.upper() if bare.isascii() else bare


def is_letters(text: str, count: int) -> bool:
    """Whether the text is so many capitals A to Z."""
    return len(text) == count and text.isascii() and text.isalpha() and text.isupper()


def is_digits(text: str, count: int) -> bool:
    """Whether the text is so many digits 0 to 9."""
    return len(text) == count and text.isascii() and text.isdigit()


def is_letters_or_digits(text: str, count: int) -> bool:
    """Whether the text is so many capitals A to Z or digits 0 to 9."""
    return len(text) == count and text.isascii() and text.isalnum() and text == text.upper()
