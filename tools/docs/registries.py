"""Pages about what the code declares while it is imported: finding codes, rules, commands."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from typer.main import get_command

import entrepost
from entrepost.base.findings import CODES
from entrepost.base.rule import RULES, Rule
from tools.docs.docstring import to_markdown


def import_all() -> None:
    """Import every module of Entrepost, so that all that is declared is known."""
    for module in pkgutil.walk_packages(entrepost.__path__, "entrepost."):
        if ".migrations" not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)


def findings_page() -> str:
    """Every finding code with its meaning."""
    lines = [
        "# Finding codes",
        "",
        "Bad data never stops a batch: each thing that is wrong becomes a finding with one of these codes.",
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| `{code}` | {meaning} |" for code, meaning in sorted(CODES.items())),
    ]
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """Every registered rule with its parameters and their ranges."""
    lines = [
        "# Rules",
        "",
        "A rule is one plain function of whole numbers with two doors: `rule.of(item)` decides for one case,",
        "`rule.on(frame)` for columns, compiled from that very function. A test demands that both agree.",
    ]
    for name, rule in sorted(RULES.items()):
        lines += ["", f"## {name}", "", to_markdown(rule.function.__doc__), "", *_format_parameters(rule)]
    return "\n".join(lines) + "\n"


def list_commands() -> dict[str, Any]:
    """The commands of the command line by name, as click knows them."""
    group: Any = get_command(import_module("entrepost.cli").app)
    return dict(sorted(group.commands.items()))


def _format_parameters(rule: Rule) -> list[str]:
    head = ["| parameter | least | most |", "|---|---|---|"]
    return [*head, *(f"| `{name}` | {low:,} | {high:,} |" for name, (low, high) in rule.ranges.items())]


def format_command(name: str, command: Any) -> list[str]:
    """What a command does, its usage, arguments and options; for a group, that of each of its commands."""
    lines = ["", to_markdown(command.help)]
    if hasattr(command, "commands"):
        for inner, each in sorted(command.commands.items()):
            lines += ["", f"## {name} {inner}", *format_command(f"{name} {inner}", each)]
        return lines
    shown = [each for each in command.params if not getattr(each, "hidden", False)]
    arguments = [each for each in shown if each.param_type_name == "argument"]
    options = [each for each in shown if each.param_type_name == "option"]
    usage = " ".join([name, *(_format_argument(each) for each in arguments), *(["[OPTIONS]"] if options else [])])
    lines += ["", "```text", usage, "```"]
    if options or arguments:
        lines += ["", "| argument or option | meaning | default |", "|---|---|---|"]
        lines += [_format_row(each) for each in (*arguments, *options)]
    return lines


def _format_argument(parameter: Any) -> str:
    name = parameter.name.upper().replace("_", "-") + ("..." if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _format_row(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    names = ", ".join(f"`{each}`" for each in (*parameter.opts, *parameter.secondary_opts))
    value = parameter.default
    default = f"`{value}`" if value not in (None, False, (), []) and not callable(value) else ""
    meaning = " ".join((parameter.help or "").split()).replace("|", "\\|")
    return f"| {names if is_option else f'`{_format_argument(parameter)}`'} | {meaning} | {default} |"
