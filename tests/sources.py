"""The project's own files, for tests that read them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
APPS = ("workflows", "documents", "capa", "notifications", "config")


def python_files() -> list[Path]:
    """Every module, tests included, migrations not: those are written once by a command."""
    found = [ROOT / "manage.py", *(path for name in (*APPS, "tests", ".ci") for path in (ROOT / name).rglob("*.py"))]
    return sorted(path.relative_to(ROOT) for path in found if "migrations" not in path.parts)


def templates(suffix: str = "html") -> list[Path]:
    """Every template of a kind: pages, or the letters and notices of ``txt``."""
    return sorted(path.relative_to(ROOT) for name in APPS for path in (ROOT / name).rglob(f"templates/**/*.{suffix}"))
