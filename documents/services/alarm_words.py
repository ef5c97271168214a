"""What an alarm says: one sentence for each cause, with acts, days and what came instead. Never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from documents.models import DocumentVersion, ImpactItem
from documents.services.alarm import CAUSES, CHANGES, LAW, REVIEW, Alarm, Dead, alarms, dead_of
from documents.services.asof import Moment
from workflows.marks import Mark
from workflows.models import day_of

COLOURS = {LAW: "red", CHANGES: "orange", REVIEW: "yellow"}


@dataclass(frozen=True)
class Said:
    """One cause of an alarm in words; the colour only repeats it."""

    cause: str
    text: str

    @property
    def colour(self) -> str:
        """Colour of the mark."""
        return COLOURS[self.cause]


def sentences(alarm: Alarm | None) -> list[Said]:
    """What is said of a document with this alarm; nothing for none."""
    if alarm is None:
        return []
    details = {
        LAW: _listed(dead_words(row) for row in alarm.dead),
        CHANGES: _listed(
            _("%(number)s, hạn %(day)s") % {"number": item.subject, "day": _day(item.due_on)} for item in alarm.late
        ),
        REVIEW: _("hạn %(day)s") % {"day": _day(alarm.review_due)},
    }
    return [Said(cause, f"{CAUSES[cause]}: {details[cause]}") for cause in alarm.causes]


def mark(versions: Iterable[DocumentVersion], at: Moment) -> None:
    """Give versions in force on a page their ``alarm`` as sentences; the queries of ``alarms``."""
    rows = list(versions)
    found = alarms(rows, at)
    for version in rows:
        version.alarm = sentences(found.get(version.pk))  # type: ignore[attr-defined]


def record_marks(records: Sequence[DocumentVersion | ImpactItem]) -> dict[UUID, list[Mark]]:
    """Marks for lists of the kernel: the dead law that the version in force of each record's document cites.

    Two queries at most, three where provisions are cited. The other causes are told where there is room for them.
    """
    dead = dead_of({record.document_id for record in records}, day_of())
    said = {pk: sentences(Alarm(dead=rows)) for pk, rows in dead.items()}
    return {
        record.pk: [Mark(one.text, one.colour) for one in said[record.document_id]]
        for record in records
        if record.document_id in said
    }


def dead_words(row: Dead) -> str:
    """A dead citation with its day and its heirs: ``01/2013/TT-A (từ 20/03/2021, được thay bằng 01/2021/TT-A)``.

    Where provisions alone are dead, these are named before the act.
    """
    since = _("từ %(day)s") % {"day": _day(row.since)} if row.since else _("chưa rõ từ ngày nào")
    more = [_("ngưng hiệu lực") if row.stopped else "", since]
    if row.heirs:
        more.append(_("được thay bằng %(numbers)s") % {"numbers": ", ".join(act.number for act in row.heirs)})
    what = f"{row.parts} {row.act.number}" if row.parts else row.citation.number
    return f"{what} ({', '.join(filter(None, more))})"


def _listed(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
