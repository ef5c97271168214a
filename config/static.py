"""Which installed static files are served."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import AppDirectoriesFinder

# viewflow carries 150 MB of pages we do not mount, and its style sheets name fonts it does not have,
# which stops collectstatic; the others only dress pages that are not mounted either.
UNSERVED = frozenset({"viewflow", "viewflow.workflow", "rest_framework", "guardian"})


class ServedAppsFinder(AppDirectoriesFinder):
    """Files of the apps whose pages are mounted."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        """Look in ``app_names`` (default: every installed app) but never in UNSERVED."""
        names = app_names or (app.name for app in apps.get_app_configs())
        super().__init__([name for name in names if name not in UNSERVED], *args, **kwargs)
