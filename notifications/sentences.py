"""What a notice says: the record's app keeps one template per deed; first line subject, the rest the letter's body."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template import Context, Engine
from django.urls import NoReverseMatch

from notifications.gathering import Many, numbers
from notifications.models import Notice
from workflows import registry
from workflows.models import Move
from workflows.models.record import Record

# Left where a template's condition did not hold.
SPARE_LINES, BLANK_LINE = re.compile(r"\n\s*\n"), "\n\n"
ONE = Many(1)


@dataclass(frozen=True)
class Sentence:
    """A notice in words. ``url`` is the path of the record's page, "" if there is none."""

    subject: str
    body: str
    url: str


def template_name(machine: str, action: str) -> str:
    """Path of the template of a deed, in the app that has the machine."""
    return f"{registry.model_of(machine)._meta.app_label}/notices/{machine}_{action}.txt"


def sentence(move: Move, record: Record | None) -> Sentence:
    """Say a deed; ``record`` is the record as it is now, None if it cannot be read any more."""
    url = url_of(record)
    now_there = record is not None and record.row_version == move.seq
    context: dict[str, Any] = {
        "move": move,
        # One line, or a title would become the body of its own letter.
        "title": " ".join(str(record).split()) if record else "",
        "actor": move.actor,
        "role": move.role_label,
        "stage": move.stage_label,
        # A later deed has set another day.
        "due": record.due_on if record and now_there else None,
        "note": move.note,
        "url": f"{settings.SITE_URL}{url}" if url else "",
    }
    return _said(template_name(move.machine, move.action), context, url)


def _said(name: str, context: dict[str, Any], url: str) -> Sentence:
    template = Engine.get_default().get_template(name)
    # Plain text: escaping would print &amp; in letters. Pages escape it themselves.
    subject, _newline, body = template.render(Context(context, autoescape=False)).strip().partition("\n")
    return Sentence(" ".join(subject.split()), f"{SPARE_LINES.sub(BLANK_LINE, body.strip())}\n", url)


def url_of(record: Record | None) -> str:
    """Path of the record's page; "" if its app has none."""
    try:
        return record.get_absolute_url() if record else ""
    except (NoReverseMatch, NotImplementedError):
        return ""


def say(notices: Iterable[Notice]) -> list[tuple[Notice, Sentence]]:
    """Each notice with its words; records are read in one query per kind."""
    listed = list(notices)
    records, many = records_of([notice.move for notice in listed]), numbers(listed)
    return [(notice, _words(notice, records.get(notice.move.stream), many.get(notice.pk, ONE))) for notice in listed]


def _words(notice: Notice, record: Record | None, many: Many) -> Sentence:
    if record is not None and many.number > 1:
        return _of_many(notice, record, many)
    if notice.reminder is None:
        return sentence(notice.move, record)
    url = url_of(record)
    context = {
        "reminder": notice.reminder,
        "title": " ".join(str(record).split()) if record else "",
        "stage": notice.move.stage_label,
        "late": notice.reminder.threshold > notice.reminder.due_on,
        "url": f"{settings.SITE_URL}{url}" if url else "",
    }
    return _said("notifications/reminder.txt", context, url)


def _of_many(notice: Notice, record: Record, many: Many) -> Sentence:
    """One notice for several records that are dealt with together, with the page of what they are parts of."""
    url = url_of(getattr(record, record.gathered))
    context = {
        "reminder": notice.reminder,
        "move": notice.move,
        "title": " ".join(record.gathered_title(many.number).split()),
        "number": many.number,
        "late": many.late,
        "soon": many.number - many.late,
        "actor": notice.move.actor,
        "role": notice.move.role_label,
        "action": notice.move.action_label,
        "stage": notice.move.stage_label,
        "note": notice.move.note,
        "url": f"{settings.SITE_URL}{url}" if url else "",
    }
    return _said("notifications/reminder_many.txt" if notice.reminder else "notifications/many.txt", context, url)


def records_of(moves: Iterable[Move]) -> dict[UUID, Record]:
    """The records of some deeds, by number."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for move in moves:
        wanted[move.machine].add(move.stream)
    found: dict[UUID, Record] = {}
    for name, streams in wanted.items():
        model = registry.model_of(name)
        rows = model.objects.for_list().filter(pk__in=streams)
        # With what they are parts of, whose page a notice of many leads to.
        found |= {record.pk: record for record in (rows.select_related(model.gathered) if model.gathered else rows)}
    return found
