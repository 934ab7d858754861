"""What the structure tests read: the files of the project, their syntax trees, the history's messages."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "qualityeval"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def git(*arguments: str) -> str:
    """The output of a git command in the project."""
    command = ["git", "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or will be committed: tracked, or new and not ignored."""
    names = git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    return tuple(path for path in (ROOT / name for name in sorted(set(names))) if path.is_file())


def name_of(path: Path) -> str:
    """The path as the project writes it."""
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str | None:
    """The text of a file, None for a binary one."""
    content = path.read_bytes()
    if b"\0" in content[:8_192]:
        return None
    return content.decode("utf-8", errors="replace")


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files of some folders of the project."""
    starts = tuple(f"{folder}/" for folder in folders)
    return tuple(path for path in files() if path.suffix == ".py" and name_of(path).startswith(starts))


def templates() -> tuple[Path, ...]:
    """The page templates and their parts."""
    return tuple(
        path for path in files() if path.suffix == ".html" and name_of(path).startswith("templates/")
    )


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of the tree, walked once for all who look through them."""
    return tuple(ast.walk(tree_of(path)))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file."""
    for node in nodes_of(path):
        if isinstance(node, Function):
            yield node


def body_lines(function: Function) -> int:
    """Lines from the first to the last statement, the docstring not counted."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def place(path: Path, node: ast.AST) -> str:
    """Where something stands, for a failure's text."""
    return f"{name_of(path)}:{getattr(node, 'lineno', 0)}"


def called_name(call: ast.Call) -> str:
    """The last part of what is called: `commit` for `session.commit()`."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
