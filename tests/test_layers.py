"""Slips that neither ruff nor mypy nor import-linter names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources import APPS, ROOT, python_files

pytestmark = pytest.mark.once

NARROWING = {"filter", "exclude", "order_by", "select_related", "prefetch_related"}
LOOKING_UP = {"filter", "exclude", "get"}
SET_LOOKUPS = ("__in", "__range", "__contains", "__overlap")


def calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """Method calls in ``tree`` by one of ``names``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
            yield node


def discarded_querysets(tree: ast.AST) -> list[int]:
    """Lines on which a narrowed queryset is thrown away."""
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [call.lineno for call in calls(tree, NARROWING) if id(call) in bare]


def sets_as_values(tree: ast.AST) -> list[int]:
    """Lines on which a set is compared as one value, which Django turns into its text."""
    return [
        call.lineno
        for call in calls(tree, LOOKING_UP)
        for word in call.keywords
        if isinstance(word.value, ast.Set | ast.SetComp) and not (word.arg or "__in").endswith(SET_LOOKUPS)
    ]


def lazy_cross_app_imports(tree: ast.AST, own: str) -> list[int]:
    """Lines on which a function imports from another app of ours: a knot hidden, not untied.

    ``AppConfig.ready`` may: models do not exist before it runs.
    """
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    functions = [f for f in functions if f.name != "ready"]
    imports = [n for f in functions for n in ast.walk(f) if isinstance(n, ast.ImportFrom | ast.Import)]
    return [
        node.lineno
        for node in imports
        for name in ([node.module or own] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if name.split(".")[0] in APPS and name.split(".")[0] != own
    ]


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_no_slip_in_a_file(path: Path) -> None:
    tree = ast.parse((ROOT / path).read_text())
    assert discarded_querysets(tree) == []
    assert sets_as_values(tree) == []
    if path.parts[0] in APPS:
        assert lazy_cross_app_imports(tree, path.parts[0]) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("things.filter(a=1)", [1]),
        ("x = things.filter(a=1)", []),
        ("return_value(things.exclude(a=1))", []),
        ("things.all().order_by('a')", [1]),
    ],
)
def test_a_discarded_queryset_is_seen(source: str, found: list[int]) -> None:
    assert discarded_querysets(ast.parse(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [("a.exclude(status={1, 2})", [1]), ("a.exclude(status__in={1, 2})", []), ("a.get(**{'b': 1})", [])],
)
def test_a_set_as_a_value_is_seen(source: str, found: list[int]) -> None:
    assert sets_as_values(ast.parse(source)) == found


def test_a_lazy_import_of_another_app_is_seen() -> None:
    source = "def f():\n    from documents.models import Document\n    import workflows.engine\n"
    assert lazy_cross_app_imports(ast.parse(source), "workflows") == [2]
