"""Start-up check: a deed that is told must have a sentence to tell it with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from notifications.sentences import template_name
from workflows import registry


@checks.register("notifications")
def sentences_exist(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """E001: a step tells somebody and no template says what."""
    del app_configs
    names = {
        template_name(machine.name, step.action)
        for machine in registry.machines()
        for step in machine.steps
        if step.tell
    }
    return [
        checks.Error(f"No template {name}, though the step tells people.", id="notifications.E001")
        for name in sorted(names)
        if not _exists(name)
    ]


def _exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
