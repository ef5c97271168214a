"""What is searched: each app announces what it has, and what that says is written down for the search to compare.

Texts lie in ``Heading`` and ``Passage``, written with the deed that changes them (``post_save``, inside its
transaction) and, for what no save tells of, such as a file that a deed takes, by the clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.db.models.signals import post_save
from django.utils.functional import Promise

from workflows.models import Heading, Passage, User
from workflows.spelling import folded, key, marked, readable

CHUNK = 1500
"""Letters of one passage, about: long enough to hold several words, short enough for an index to tell apart."""


@dataclass(frozen=True)
class Texts:
    """What a record says. ``codes``: numbers found in any spelling; ``parts``: text by the source's own name of it."""

    head: str
    day: date
    codes: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)


class Source:
    """One kind of things that are found. ``columns``: those of ``model`` whose change changes what it says."""

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    model: ClassVar[type[Model]]
    columns: ClassVar[frozenset[str]] = frozenset()
    beside: ClassVar[type[Model] | None] = None
    """Another model whose rows are a part of what records say."""
    vast: ClassVar[bool] = False
    """Its passages are most of all there are: they are asked by themselves."""
    parted: ClassVar[bool] = True
    """What it says is more than titles."""

    def visible(self, user: User) -> QuerySet[Any]:
        """Rows that the person may find."""
        raise NotImplementedError

    def shown(self, ids: Collection[UUID]) -> QuerySet[Any]:
        """Those of them that were found, with what a hit shows; whether the person may find them was asked before."""
        return self.holders().filter(pk__in=ids)

    def holders(self) -> QuerySet[Any]:
        """All rows that say something."""
        return QuerySet(self.model)

    def texts(self, record: Any) -> Texts | None:
        """What a record says; None for one that is not searched."""
        raise NotImplementedError

    def touched(self, row: Any) -> Iterable[Any]:
        """Records that say what a changed row of ``beside`` says."""
        del row
        return ()

    def title(self, record: Any) -> str:
        """How a hit is called."""
        return str(record)

    def url(self, record: Any) -> str:
        """Where a hit is read."""
        found: str = record.get_absolute_url()
        return found

    def within(self, record: Any) -> str:
        """Address of the record that holds the hit, if that is another one; else ""."""
        del record
        return ""

    def kind(self, record: Any) -> str:
        """What a hit is, in words."""
        return str(record._meta.verbose_name)

    def part(self, name: str) -> str:
        """Where in the record the text stands, in words."""
        del name
        return ""


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Announce a source; called once per app at ``ready()``."""
    _sources[source.name] = source
    if source.columns:
        post_save.connect(_saved, sender=source.model, dispatch_uid="workflows.searching")
    if source.beside:
        post_save.connect(_saved_beside, sender=source.beside, dispatch_uid="workflows.searching")


def sources() -> list[Source]:
    """All sources, in the order in which the apps announced them."""
    return list(_sources.values())


def _saved(
    sender: type[Model], instance: Any, created: bool, update_fields: Iterable[str] | None, **_kwargs: Any
) -> None:
    for source in _sources.values():
        if source.model is not sender or not source.columns:
            continue
        if created or update_fields is None or source.columns.intersection(update_fields):
            index(source, instance, fresh=created)


def _saved_beside(sender: type[Model], instance: Any, created: bool, **_kwargs: Any) -> None:
    for source in _sources.values():
        if source.beside is sender and not created:
            for record in source.touched(instance):
                index(source, record)


def index(source: Source, record: Any, *, fresh: bool = False) -> int:
    """Write down anew what a record says; return how many rows. ``fresh``: there are none yet."""
    texts = source.texts(record)
    if not fresh:
        for model in (Heading, Passage):
            model.objects.filter(source=source.name, owner=record.pk).delete()
    if texts is None:
        return 0
    found = passages(source.name, record, texts)
    Heading.objects.bulk_create([heading(source.name, record, texts)], ignore_conflicts=True)
    Passage.objects.bulk_create(found, ignore_conflicts=True)
    return 1 + len(found)


def heading(source: str, record: Any, texts: Texts) -> Heading:
    """What a record is called, with its codes."""
    codes = " ".join(filter(None, (key(code) for code in texts.codes)))
    text = readable(texts.head)
    form = f"{folded(text)}\n{codes}"
    return Heading(**_of(source, record, texts), text=text, marked=marked(text), folded=form)


def passages(source: str, record: Any, texts: Texts) -> list[Passage]:
    """The parts of one record, in pieces of about ``CHUNK`` letters."""
    pieces = ((part, readable(piece)) for part, whole in texts.parts.items() for piece in pieces_of(whole))
    own = _of(source, record, texts)
    return [
        Passage(**own, place=place, part=part, text=text, marked=marked(text), folded=folded(text))
        for place, (part, text) in enumerate(pieces, start=1)
    ]


def _of(source: str, record: Any, texts: Texts) -> dict[str, Any]:
    return {"source": source, "owner": record.pk, "agency": record.agency_id or 0, "day": texts.day}


def pieces_of(text: str) -> list[str]:
    """A text cut at line ends or spaces into pieces of about ``CHUNK`` letters; nothing for a blank one."""
    found, rest = [], text.strip()
    while len(rest) > CHUNK:
        at = max(rest.rfind("\n", CHUNK // 2, CHUNK), rest.rfind(" ", CHUNK - 200, CHUNK))
        at = at if at > 0 else CHUNK
        found.append(rest[:at])
        rest = rest[at:].lstrip()
    return [*found, rest] if rest else found
