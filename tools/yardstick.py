"""Print figures that describe a Python source tree, beside the figures we orient by.

    python yardstick.py src/reunion tests

The figures are information: they show where to look, they pass no judgement, and the exit
status is always 0. Standard library only, Python 3.11 or later; nothing is imported or run.

Definitions, the same as in the comparison table of the style reference:

- a source file is a non-empty ``.py`` file outside tests, migrations and vendored code;
- the length of a function is its lines from ``def`` to the last line, docstring taken out;
- complexity is 1 + the branches in a function: if, for, while, except, and/or, conditional
  expression, comprehension, match case;
- a function is typed when every named argument and the return value carry an annotation
  (``self``, ``cls``, ``*args`` and ``**kwargs`` are not looked at);
- a local import is a first-party import inside a function (counted by imported module);
- a cycle is a set of modules that import each other; local imports count, TYPE_CHECKING does not.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SKIPPED = {
    "migrations",
    "node_modules",
    "locale",
    "_vendor",
    "vendor",
    "externals",
    ".git",
    ".venv",
    "__pycache__",
}
TESTS = {"tests", "test", "testing"}
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOP = (ast.For, ast.AsyncFor, ast.While, ast.comprehension)
BRANCH = (ast.If, ast.IfExp, ast.BoolOp, ast.ExceptHandler, ast.match_case, *LOOP)

Function = ast.FunctionDef | ast.AsyncFunctionDef
Graph = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Module:
    """One parsed source file; `name` is its dotted name, `path` starts at the tree's own folder."""

    name: str
    path: Path
    lines: int
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed line: a measured value, the value we orient by, and where to look."""

    name: str
    value: float
    near: str
    where: str = ""


def is_test(path: Path, root: Path) -> bool:
    """Whether `path` is test code, by its file name or a folder at or below `root`."""
    folders = {root.name, *path.relative_to(root).parts[:-1]}
    return (
        bool(TESTS & folders)
        or path.name.startswith(("test_", "conftest"))
        or path.name == "tests.py"
    )


def python_files(root: Path) -> Iterator[Path]:
    """Every Python file under `root` outside skipped folders, in a stable order."""
    for path in sorted(root.rglob("*.py")):
        if path.is_file() and not SKIPPED & set(path.relative_to(root).parts[:-1]):
            yield path


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def load(root: Path) -> tuple[list[Module], list[str]]:
    """Parse the source files under `root`; return the modules and what could not be parsed."""
    modules, unread = [], []
    for path in python_files(root):
        text = read(path)
        if is_test(path, root) or not text.strip():
            continue
        parts = (root.name, *path.relative_to(root).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        shown = path.relative_to(root.parent)
        try:
            modules.append(Module(name, shown, text.count("\n"), ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError) as error:
            unread.append(f"{shown}: {error}")
    return modules, unread


def body_lines(node: Function) -> int:
    """Lines of a function with its docstring taken out."""
    first = node.body[0]
    documented = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


def is_typed(node: Function) -> bool:
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    named = (a for a in arguments if a.arg not in ("self", "cls"))
    return node.returns is not None and all(a.annotation for a in named)


def complexity(node: Function) -> int:
    return 1 + sum(isinstance(child, BRANCH) for child in ast.walk(node))


def broad_excepts(module: Module) -> Iterator[str]:
    """Places of `except:`, `except Exception` and `except BaseException`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = "BaseException" if node.type is None else getattr(node.type, "id", "")
            if caught in ("Exception", "BaseException"):
                yield f"{module.path}:{node.lineno}"


def import_targets(node: ast.AST, module: Module, known: set[str]) -> Iterator[str]:
    """First-party modules named by one import statement."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in known)
    elif isinstance(node, ast.ImportFrom):
        here = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
        base = ".".join(here[: len(here) - node.level + 1]) if node.level else ""
        base = ".".join(filter(None, [base, node.module]))
        for alias in node.names:
            full = f"{base}.{alias.name}"
            target = full if full in known else base
            if target in known and target != module.name:
                yield target


def imports(module: Module, known: set[str]) -> Iterator[tuple[str, bool, int]]:
    """Yield (target, inside a function, line) for each first-party import outside TYPE_CHECKING."""
    stack: list[tuple[ast.AST, bool]] = [(module.tree, False)]
    while stack:
        node, inside = stack.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (
                (target, inside, node.lineno) for target in import_targets(node, module, known)
            )
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            stack.extend((child, inside) for child in node.orelse)
        else:
            inside = inside or isinstance(node, FUNCTION)
            stack.extend((child, inside) for child in ast.iter_child_nodes(node))


def finish_order(start: str, edges: Graph, seen: set[str]) -> list[str]:
    """Nodes reached from `start` and not yet in `seen`, each after all that it reaches."""
    order = []
    stack = [(start, iter(sorted(edges.get(start, ()))))]
    seen.add(start)
    while stack:
        node, remaining = stack[-1]
        following = next((n for n in remaining if n not in seen), None)
        if following is None:
            stack.pop()
            order.append(node)
        else:
            seen.add(following)
            stack.append((following, iter(sorted(edges.get(following, ())))))
    return order


def largest_cycle(graph: Graph) -> list[str]:
    """The largest strongly connected set of modules (Kosaraju), or one module without cycle."""
    backwards: Graph = defaultdict(set)
    for source, targets in graph.items():
        for target in targets:
            backwards[target].add(source)
    seen: set[str] = set()
    order = [
        node for start in graph if start not in seen for node in finish_order(start, graph, seen)
    ]
    seen = set()
    parts = [finish_order(start, backwards, seen) for start in reversed(order) if start not in seen]
    largest = max(parts, key=len)
    return sorted(largest)


def quantile(values: Iterable[int], q: float) -> int:
    ordered = sorted(values) or [0]
    return ordered[round(q * (len(ordered) - 1))]


def percent(part: int, whole: int) -> float:
    return round(100 * part / max(1, whole), 1)


def file_figures(modules: list[Module]) -> Iterator[Figure]:
    lines = [m.lines for m in modules]
    longest = max(modules, key=lambda m: m.lines)
    documented = sum(bool(ast.get_docstring(m.tree)) for m in modules)
    yield Figure("source files", len(modules), "")
    yield Figure("source lines", sum(lines), "")
    yield Figure("file lines, median", round(statistics.median(lines)), "80")
    yield Figure("file lines, p90", quantile(lines, 0.9), "up to 300")
    yield Figure("file lines, largest", longest.lines, "up to 600", str(longest.path))
    yield Figure("modules with docstring %", percent(documented, len(modules)), "95 or more")


def function_figures(modules: list[Module]) -> Iterator[Figure]:
    found = [(m, n) for m in modules for n in ast.walk(m.tree) if isinstance(n, FUNCTION)]
    lengths = [body_lines(n) for _, n in found]
    public = [n for _, n in found if not n.name.startswith("_")]
    documented = sum(bool(ast.get_docstring(n)) for n in public)
    for q, near in ((0.5, "8"), (0.9, "up to 25"), (0.99, "up to 60")):
        yield Figure(f"function lines, p{q * 100:.0f}", quantile(lengths, q), near)
    if found:
        module, node = max(found, key=lambda pair: body_lines(pair[1]))
        yield Figure(
            "function lines, longest",
            max(lengths),
            "up to 100",
            f"{module.path}:{node.lineno} {node.name}",
        )
        module, node = max(found, key=lambda pair: complexity(pair[1]))
        where = f"most: {complexity(node)} in {module.path}:{node.lineno} {node.name}"
        yield Figure(
            "complexity, p99", quantile((complexity(n) for _, n in found), 0.99), "up to 10", where
        )
    yield Figure(
        "functions typed %", percent(sum(is_typed(n) for _, n in found), len(found)), "98 or more"
    )
    yield Figure(
        "public functions with docstring %", percent(documented, len(public)), "60 or more"
    )


def structure_figures(modules: list[Module]) -> Iterator[Figure]:
    known = {m.name for m in modules}
    graph: Graph = {m.name: set() for m in modules}
    local, total = [], 0
    for module in modules:
        for target, inside, line in imports(module, known):
            graph[module.name].add(target)
            total += 1
            if inside:
                local.append(f"{module.path}:{line}")
    cycle = largest_cycle(graph)
    broad = [place for module in modules for place in broad_excepts(module)]
    yield Figure("local imports %", percent(len(local), total), "up to 2", shortened(sorted(local)))
    yield Figure(
        "largest import cycle", len(cycle), "1", shortened(cycle) if len(cycle) > 1 else ""
    )
    yield Figure("broad excepts", len(broad), "0", shortened(broad))


def shortened(places: list[str], most: int = 4) -> str:
    more = f" and {len(places) - most} more" if len(places) > most else ""
    return ", ".join(places[:most]) + more


def test_figures(modules: list[Module], tests: Path | None) -> Iterator[Figure]:
    if tests is not None:
        lines = sum(read(p).count("\n") for p in python_files(tests) if is_test(p, tests))
        ratio = lines / max(1, sum(m.lines for m in modules))
        yield Figure("test lines : source lines", round(ratio, 2), "1.0 or more")


def report(root: Path, tests: Path | None) -> str:
    """The printed table for the source tree `root` and, where given, its `tests`."""
    modules, unread = load(root)
    if not modules:
        return "\n".join([f"no Python source found under {root}", *unread])
    figures = [
        *file_figures(modules),
        *function_figures(modules),
        *structure_figures(modules),
        *test_figures(modules, tests),
    ]
    head = f"{'figure':34}{'value':>9}   {'orientation':13}where to look"
    rows = [f"{f.name:34}{f.value:>9}   {f.near:13}{f.where}".rstrip() for f in figures]
    return "\n".join([head, *rows, *(f"not parsed: {text}" for text in unread)])


def main(arguments: list[str]) -> None:
    folders = [Path(a).resolve() for a in arguments[:2]]
    if not folders or not all(f.is_dir() for f in folders):
        print("usage: python yardstick.py SOURCE_FOLDER [TESTS_FOLDER]")
        return
    print(report(folders[0], folders[1] if len(folders) > 1 else None))


if __name__ == "__main__":
    main(sys.argv[1:])
