"""The page of what every message says, field by field."""

from __future__ import annotations

from entrepost.messages.profile import list_profiles
from entrepost.messages.profiling.form import get_form, list_messages


def messages_page() -> str:
    """A table of fields for each message; profiles and plain JSON have the same names."""
    lines = [
        "# Fields of messages",
        "",
        "What every message between operators says. [Profiles](../guides/message-profiles.md) place these fields in a "
        "syntax; [plain JSON](../guides/messages.md#plain-json) has them as they are. A field with `[]` before it stands "
        "in each record of a group. *By* names the field that gives a time its clock, or an amount its currency.",
    ]
    for message in list_messages():
        profiles = [profile for profile in list_profiles() if profile.message == message]
        syntaxes = ", ".join(f"{profile.syntax} {profile.version}" for profile in profiles)
        lines += ["", f"## {message}", "", f"Our profiles: {syntaxes}.", ""]
        lines += ["| field | kind | must | by | what it says |", "|---|---|---|---|---|"]
        for field in get_form(message).walk():
            must = "yes" if field.must else ""
            by = f"`{field.by}`" if field.by else ""
            lines.append(f"| `{field.path}` | {field.kind} | {must} | {by} | {field.description} |")
    return "\n".join(lines) + "\n"
