"""The migrations in one step and the many that they replace make the same tables of the same columns."""

from __future__ import annotations

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

APPS = ("workflows", "documents", "capa", "notifications")


def fields(state: ProjectState, app: str) -> dict[str, set[str]]:
    """Names of the fields of each model."""
    return {name: set(model.fields) for (label, name), model in state.models.items() if label == app}


def settled(state: ProjectState, app: str) -> dict[str, set[str]]:
    """Names of the indexes and constraints of each model."""
    return {
        name: {one.name for key in ("indexes", "constraints") for one in model.options.get(key, ())}
        for (label, name), model in state.models.items()
        if label == app
    }


@pytest.mark.parametrize("app", APPS)
def test_one_step_is_the_same_as_all_of_them(app: str) -> None:
    """An installation that is there takes the many, a new one the one."""
    apart, whole = MigrationLoader(None, replace_migrations=False), MigrationLoader(None)
    leaves = [node for node in apart.graph.leaf_nodes() if not apart.disk_migrations[node].replaces]
    long, short = apart.project_state(leaves), whole.project_state()
    assert len(fields(short, app)) > 0
    assert fields(long, app) == fields(short, app)
    assert settled(long, app) == settled(short, app)
    (replaced,) = (one.replaces for key, one in whole.disk_migrations.items() if key[0] == app and one.replaces)
    others = {key for key, one in apart.disk_migrations.items() if key[0] == app and not one.replaces}
    assert {tuple(name) for name in replaced} <= others
