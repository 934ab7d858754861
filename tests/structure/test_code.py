"""House rules of the code, read from its syntax trees."""

import ast
import re

from tests.structure.sources import (
    PACKAGE,
    body_lines,
    called_name,
    files,
    functions,
    name_of,
    nodes_of,
    place,
    python_files,
    tree_of,
)

BENCHES = "qualityeval/cli/benches/"  # measure against a scratch database of their own, without ours
LONGEST_FILE = 400
LONGEST_BODY = 50
MEASURED = {".py", ".html", ".js", ".mjs", ".css", ".sh"}
VAGUE = re.compile(
    r"^(?:data|infos?|helpers?|utils?|common|misc|stuff)$|_(?:info|helper|utils?)$|(?:Info|Helper|Utils?)$"
)
COMMITS = re.compile(
    r"\.commit$|(?:session|engine|connection|db)(?:\(\))?\.(?:begin\w*|connect|raw_connection)$"
)


def test_no_file_is_too_long():
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in files()
        if path.suffix in MEASURED and "migrations/versions" not in name_of(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long():
    long = [
        f"{place(path, function)} {function.name}: {body_lines(function)} lines"
        for path in python_files("qualityeval", "tests", "tools")
        for function in functions(path)
        if body_lines(function) > LONGEST_BODY
    ]
    assert long == []


def commits(tree):
    """Calls that would end or open a transaction beside the one of `transaction()`."""
    calls = (
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    return [call for call in calls if COMMITS.search(ast.unparse(call.func))]


def test_only_transaction_commits():
    faults = [
        place(path, call)
        for path in python_files("qualityeval")
        if path != PACKAGE / "database.py" and not name_of(path).startswith(BENCHES)
        for call in commits(tree_of(path))
    ]
    assert faults == []


def test_the_search_for_commits_bites():
    for line in (
        "db.session.commit()",
        "db.session().begin()",
        "db.engine.connect()",
        "session.begin_nested()",
        "x.commit()",
    ):
        assert len(commits(ast.parse(line))) == 1, line
    assert commits(ast.parse("services.begin(now=now)")) == []


def test_the_database_module_commits_once():
    calls = [node for node in nodes_of(PACKAGE / "database.py") if isinstance(node, ast.Call)]
    assert sum(called_name(call) == "commit" for call in calls) == 1


def test_input_is_never_checked_by_assert():
    faults = [
        place(path, node)
        for path in python_files("qualityeval")
        for node in nodes_of(path)
        if isinstance(node, ast.Assert)
    ]
    assert faults == []


def test_public_functions_of_core_services_and_queries_say_what_they_promise():
    silent = [
        f"{place(path, node)} {node.name}"
        for path in python_files("qualityeval/core", "qualityeval/services", "qualityeval/queries")
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_every_module_says_what_it_is_for():
    silent = [
        name_of(path)
        for path in python_files("qualityeval", "tools", "tests")
        if path.stat().st_size and ast.get_docstring(tree_of(path)) is None
    ]
    assert silent == []


def test_no_name_is_vague():
    faults = [
        name_of(path) for path in python_files("qualityeval", "tools", "tests") if VAGUE.search(path.stem)
    ]
    for path in python_files("qualityeval"):
        defined = (node for node in nodes_of(path) if isinstance(node, ast.FunctionDef | ast.ClassDef))
        faults.extend(f"{place(path, node)} {node.name}" for node in defined if VAGUE.search(node.name))
    assert faults == []


def test_more_than_two_arguments_are_named():
    """In services, where a swapped argument is a wrong decision about somebody's case."""
    faults = []
    for path in python_files("qualityeval/services"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                positional = len(node.args.posonlyargs) + len(node.args.args)
                if positional > 2:
                    faults.append(f"{place(path, node)} {node.name}: {positional} by position")
    assert faults == []


def test_no_service_asks_the_clock_or_the_request():
    banned = {"current_user", "request", "g", "session", "clock"}
    faults = [
        f"{place(path, node)} {alias.name}"
        for path in python_files(
            "qualityeval/core", "qualityeval/services", "qualityeval/queries", "qualityeval/reports"
        )
        for node in nodes_of(path)
        if isinstance(node, ast.ImportFrom) and node.module in {"flask", "qualityeval"}
        for alias in node.names
        if alias.name in banned
    ]
    assert faults == []


def test_scipy_stats_is_never_loaded_by_an_import():
    """It costs most of a second; it is imported where it is used."""
    faults = []
    for path in python_files("qualityeval"):
        for node in tree_of(path).body:
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            from_scipy = module == "scipy" and any(alias.name == "stats" for alias in node.names)  # type: ignore[union-attr]
            if (
                from_scipy
                or module.startswith("scipy.stats")
                or any(name.startswith("scipy.stats") for name in named)
            ):
                faults.append(place(path, node))
    assert faults == []
