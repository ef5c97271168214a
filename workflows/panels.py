"""Sections that apps put above the queue of the inbox; each is an address of its own, read after the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from workflows.models import User


@dataclass(frozen=True)
class Panel:
    """What the section is called, and where it is read; asked by htmx, the address answers with the section alone."""

    label: str | Promise
    url: str


Source = Callable[[User], Panel | None]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Announce a function that gives a person's section, or None; called once per app at ``ready()``."""
    if source not in _sources:
        _sources.append(source)


def panels(user: User) -> list[Panel]:
    """A person's sections, in the order in which the apps announced them. No query beyond the person's seats."""
    return [panel for source in _sources if (panel := source(user)) is not None]
