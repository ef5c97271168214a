"""Files and functions stay short enough to be read in one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.sources import python_files, templates

pytestmark = pytest.mark.once

FILE_LINES = 300
FUNCTION_LINES = 45


def code_lines(text: str) -> int:
    """Lines that are neither blank nor only a comment (docstrings count)."""
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))


@pytest.mark.parametrize("path", [*python_files(), *templates()], ids=str)
def test_a_file_has_at_most_300_code_lines(path: Path) -> None:
    assert code_lines(path.read_text()) <= FILE_LINES


@pytest.mark.parametrize("path", python_files(), ids=str)
def test_a_function_has_at_most_45_lines(path: Path) -> None:
    functions = [
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = {f.name: (f.end_lineno or f.lineno) - f.lineno + 1 for f in functions}
    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}
