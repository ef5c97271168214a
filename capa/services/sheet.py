"""One CAR laid out for reading: names instead of keys, days instead of text, who did what of each part.

The page, the inbox and the printed form read the same sheet, so that they cannot tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capa import analysis as analyses
from capa import fishbone
from capa.clauses import clause_label
from capa.models import Action, Car, Demand
from capa.plan import MeasureKind
from documents.models import Document, DocumentVersion
from workflows.models import Move, User, day_of
from workflows.standing import history_of

EFFECT = 300
"""Characters of the description that stand in the fishbone's head."""


@dataclass(frozen=True)
class Planned:
    """A row of the plan."""

    what: str
    who: str
    due: date | None
    resources: str


@dataclass(frozen=True)
class Wanted:
    """A document that the plan wants changed."""

    document: Document | None
    what: str


@dataclass(frozen=True)
class Gate:
    """A demand, and whether it is met today. ``readable``: the reader may open the revision."""

    demand: Demand
    met: bool
    readable: bool


@dataclass
class Sheet:
    """What there is to read of a CAR. ``user``: the reader; None: nobody in particular."""

    car: Car
    user: User | None = None

    @cached_property
    def deeds(self) -> dict[str, Move]:
        """The last deed of each kind."""
        return {move.action: move for move in history_of(self.car)}

    @cached_property
    def raised(self) -> Move | None:
        """The deed by which the record began."""
        return next(iter(history_of(self.car)), None)

    @cached_property
    def accepted(self) -> Move | None:
        """The deed by which the unit took it on, or had to."""
        return self.deeds.get("acknowledge") or self.deeds.get("uphold")

    @property
    def clause(self) -> str:
        """Clause with its subject."""
        return clause_label(self.car.clause) if self.car.clause else ""

    # Cause.

    @cached_property
    def branches(self) -> list[analyses.Branch]:
        """The tree of whys in reading order."""
        return analyses.outline(self.car.analysis)

    @cached_property
    def flags(self) -> list[str]:
        """What a reviewer should look at twice."""
        return analyses.flags(self.car.analysis) if self.analysed else []

    @property
    def analysed(self) -> bool:
        """Something of an analysis is written."""
        return bool(self.car.analysis != analyses.empty())

    @property
    def drawing(self) -> SafeString | str:
        """The fishbone, if causes are named."""
        if not self.car.analysis["causes"]:
            return ""
        return fishbone.svg(self.car.analysis, self.car.description[:EFFECT])

    @property
    def category(self) -> str:
        """The group of the root cause in words."""
        return str(dict(analyses.Category.choices).get(self.car.analysis["category"], ""))

    # Plan.

    @cached_property
    def planned(self) -> list[Planned]:
        """Rows of the plan with names."""
        rows = self.car.plan["actions"]
        names = {one.pk: str(one) for one in User.objects.filter(pk__in=[row["assignee"] for row in rows])}
        return [_planned(row, names) for row in rows]

    @cached_property
    def wanted(self) -> list[Wanted]:
        """Documents of the plan."""
        rows = self.car.plan["documents"]
        keys = [row["document"] for row in rows if row["document"]]
        known = {str(one.pk): one for one in Document.objects.filter(pk__in=keys, agency=self.car.agency_id)}
        return [Wanted(known.get(row["document"]), row["what"]) for row in rows]

    @property
    def measure(self) -> str:
        """What is waited for before the effect is judged, in words."""
        measure = self.car.plan["measure"]
        if measure["number"] is None:
            return ""
        words = {
            MeasureKind.DAYS: _("Sau %(n)d ngày làm việc kể từ khi báo làm xong"),
            MeasureKind.CASES: _("Sau khi xem %(n)d hồ sơ"),
        }
        return words[measure["kind"]] % {"n": measure["number"]} if measure["kind"] else ""

    @property
    def has_plan(self) -> bool:
        """Something of a plan is written."""
        return bool(self.car.plan["actions"] or self.car.plan["measure"]["what"])

    # Carrying out.

    @cached_property
    def tasks(self) -> list[Action]:
        """Actions under way or done, with their person."""
        return list(self.car.actions.select_related("assignee"))

    @cached_property
    def readable_tasks(self) -> set[Any]:
        """Those that the reader may open."""
        if self.user is None or not self.tasks:
            return set()
        return set(Action.objects.visible_to(self.user).filter(car=self.car).values_list("pk", flat=True))

    @cached_property
    def gates(self) -> list[Gate]:
        """Demands with their revision."""
        demands = list(self.car.demands.select_related("document", "revision").order_by("document__code_key"))
        revisions = [one.revision_id for one in demands if one.revision_id]
        seen: set[Any] = set()
        if self.user is not None and revisions:
            seen = set(
                DocumentVersion.objects.visible_to(self.user).filter(pk__in=revisions).values_list("pk", flat=True)
            )
        today = day_of()
        for one in demands:
            if one.revision is not None:
                one.revision.document = one.document
        return [Gate(one, one.is_met(today), one.revision_id in seen) for one in demands]

    @property
    def people(self) -> list[str]:
        """Who carries the work, each once."""
        named = [str(task.assignee) for task in self.tasks] or [row.who for row in self.planned if row.who]
        return list(dict.fromkeys(named))

    # Judgement.

    @property
    def verdict(self) -> str:
        """The result of the verification in words."""
        words = {"passed": _("Có hiệu lực"), "failed": _("Không có hiệu lực")}
        return words.get(self.car.verdict, "")


def _planned(row: dict[str, Any], names: dict[int, str]) -> Planned:
    due = date.fromisoformat(row["due"]) if row["due"] else None
    return Planned(row["what"], names.get(row["assignee"] or 0, ""), due, row["resources"])
