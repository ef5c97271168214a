"""Addresses of framework models with who reads them, for the table of all addresses."""

from __future__ import annotations

from typing import Any

from tests.documents import modelled
from tests.people import World

READ = (
    ("documents:model", "model"),
    ("documents:model_version", "model_version"),
    ("documents:model_file", "model_version"),
    ("model_versions_detail", "model_version"),
    ("models_rollup", "model"),
    ("documents:adoption", "adoption"),
    ("adoptions_detail", "adoption"),
    ("documents:adopted_item", "adopted_item"),
    ("adopted_items_detail", "adopted_item"),
)
"""Read by everybody of the publisher and above it, and of the agencies that the model is for."""
LISTS = {"documents:models", "documents:framework", "model_versions_list", "adoptions_list", "adopted_items_list"}
FORMS = {"documents:model_new", "documents:model_item", "documents:model_item_new"}
POSTED = {
    "documents:model_next": "model",
    "documents:model_adopt": "model",
    "documents:model_import": "model_version",
}


def records(world: World) -> dict[str, Any]:
    """One record of each kind: the first department's model, and the commune that follows it."""
    version = modelled.model(modelled.populated(world))
    followed = modelled.linked(world, version)
    return {
        "model": version.model,
        "model_version": version,
        "adoption": followed.adoption,
        "adopted_item": followed,
    }
