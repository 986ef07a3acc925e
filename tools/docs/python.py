"""Pages about Python names, read from the source without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.docs.docstring import first_line, to_markdown

SOURCE = Path(__file__).parent.parent.parent / "src" / "entrepost"

Definition = ast.FunctionDef | ast.ClassDef
WIDTH = 100


def interface_page() -> str:
    """What `import entrepost` offers, from the list in its `__init__`."""
    homes = _homes()
    lines = [
        "# Python interface",
        "",
        "Everything here is imported from `entrepost`; a name loads its module when it is first used. Frames are",
        "[Polars](https://docs.pola.rs) frames with the columns of the [tables](tables.md).",
    ]
    for name, module in sorted(homes.items(), key=lambda item: item[0].lower()):
        lines += ["", f"## {name}", "", *_describe(_get_definition(module, name))]
    return "\n".join(lines) + "\n"


def package_page(package: str) -> str:
    """Every public name of a package, by module."""
    folder = SOURCE / package
    lines = [f"# entrepost.{package}", "", to_markdown(ast.get_docstring(_parse(folder / "__init__.py")))]
    for path in sorted(folder.rglob("*.py")):
        if path.name.startswith("__") or "migrations" in path.parts:
            continue
        module = ".".join(("entrepost", *path.relative_to(SOURCE).with_suffix("").parts))
        tree = _parse(path)
        lines += ["", f"## {module}", "", to_markdown(ast.get_docstring(tree))]
        for definition in _public(tree.body):
            lines += ["", f"### {definition.name}", "", *_describe(definition)]
    return "\n".join(lines) + "\n"


def list_packages() -> list[str]:
    """The packages of Entrepost that have modules, in order of the alphabet."""
    return sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))


def _homes() -> dict[str, str]:
    for node in _parse(SOURCE / "__init__.py").body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_HOMES":
            homes: dict[str, str] = ast.literal_eval(node.value)
            return homes
    raise LookupError("entrepost/__init__.py has no table _HOMES")


def _get_definition(module: str, name: str) -> Definition:
    path = SOURCE.joinpath(*module.split(".")[1:]).with_suffix(".py")
    for definition in _public(_parse(path).body):
        if definition.name == name:
            return definition
    raise LookupError(f"{module} does not define {name}")


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _public(body: list[ast.stmt]) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def _describe(definition: Definition) -> list[str]:
    lines = ["```python", *_signature(definition), "```", "", to_markdown(ast.get_docstring(definition))]
    if isinstance(definition, ast.ClassDef):
        for method in definition.body:
            if not isinstance(method, ast.FunctionDef) or method.name.startswith("_"):
                continue
            lines += ["", f"- `{_call(method)}`: {first_line(ast.get_docstring(method))}"]
    return lines


def _signature(definition: Definition) -> list[str]:
    if not isinstance(definition, ast.ClassDef):
        decorators = [f"@{ast.unparse(each)}" for each in definition.decorator_list if _is_rule(each)]
        return [*decorators, *_wrapped(definition)]
    bases = ", ".join(ast.unparse(base) for base in definition.bases)
    head = f"class {definition.name}({bases})" if bases else f"class {definition.name}"
    fields = [node for node in definition.body if isinstance(node, ast.AnnAssign)]
    return [f"{head}:" if fields else head, *(f"    {ast.unparse(each)}" for each in fields)]


def _wrapped(function: ast.FunctionDef) -> list[str]:
    line = _call(function)
    if len(line) <= WIDTH:
        return [line]
    arguments, returns = line[len(function.name) + 1 :].rpartition(")")[::2]
    return [f"{function.name}(", f"    {arguments}", f"){returns}"]


def _call(function: ast.FunctionDef) -> str:
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    arguments = ast.unparse(function.args).removeprefix("self").removeprefix(", ")
    return f"{function.name}({arguments}){returns}"


def _is_rule(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "rule"
