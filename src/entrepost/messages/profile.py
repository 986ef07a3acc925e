"""Profiles: files that say how a message looks on the wire, so that a licence holder replaces a file and no code.

A profile is TOML: which message and version, in which syntax, code lists, and a body of segments (or nodes of XML and
JSON) that hold fields in braces. `docs/reference/message-profiles.md` shows every key.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from entrepost.base.errors import MisuseError, UnreadableInputError
from entrepost.base.findings import Finding, list_errors
from entrepost.messages.profiling.build import MALFORMED, SYNTAXES, Builder, syntaxes_of
from entrepost.messages.profiling.layout import Profile

FOLDER = Path(__file__).parent / "profiles"


def load_profile(path: Path, syntax: str = "") -> Profile:
    """Read a profile file; `syntax` says which where it is of several, the first one if it is not told.

    Raises
    ------
    UnreadableInputError
        Where `check_profile` finds an error; the message is its first finding, and how many there are.
    """
    profiles, findings = read_profiles(path)
    errors = list_errors(findings)
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise UnreadableInputError(f"profile {errors[0]}{more}")
    for profile in profiles:
        if syntax in ("", profile.syntax):
            return profile
    raise UnreadableInputError(f"profile {path.name} is not of the syntax {syntax}")


def check_profile(path: Path) -> list[Finding]:
    """What is wrong with a profile file: line, key, and how to fix it."""
    return read_profiles(path)[1]


def read_profiles(path: Path) -> tuple[tuple[Profile, ...], list[Finding]]:
    """The profiles of a file, one for each of its syntaxes, as far as they can be read, and what is wrong with them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        raise UnreadableInputError(f"profile {path} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return (), [Finding(MALFORMED, "", f"it is not TOML in UTF-8: {error}", path.name, fix="correct its text")]
    made: list[Profile] = []
    findings: list[Finding] = []
    for syntax in syntaxes_of(content):
        if syntax not in SYNTAXES:
            fix = f"write {', '.join(SYNTAXES)}"
            findings.append(Finding(MALFORMED, "message.syntax", f"{syntax!r} is no syntax", path.name, fix=fix))
            continue
        builder = Builder(text, path.name, syntax)
        profile = builder.build(content)
        made += [profile] if profile else []
        findings += builder.findings
    return tuple(made), list(dict.fromkeys(findings))


@cache
def list_profiles() -> tuple[Profile, ...]:
    """Every profile that comes with Entrepost."""
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(load_profile(file, profile.syntax) for file in files for profile in read_profiles(file)[0])


@cache
def get_profile(message: str, syntax: str = "") -> Profile:
    """Our profile of a message, in a syntax where there are several."""
    for profile in list_profiles():
        if profile.message == message and syntax in ("", profile.syntax):
            return profile
    known = ", ".join(sorted({profile.message for profile in list_profiles()}))
    wanted = f"{message} {syntax}".strip()
    raise MisuseError(f"there is no profile of {wanted}; there are those of {known}")
