"""The editor of the cause: a tree of whys with evidence, causes by group, the root cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from capa import analysis as analyses
from capa import typed
from capa.models import Car
from capa.shapes import ShapeError
from capa.views import structure
from capa.views.structure import Desk, Shape
from documents.typed import Field

DEEPEST = 8
"""Levels that are indented; deeper ones stand under the last."""


@dataclass(frozen=True)
class Why:
    """One why of the form, in its place of the tree."""

    branch: analyses.Branch
    parent: str
    indent: int
    text: Field
    evidence: Field
    error: str

    @property
    def row(self) -> str:
        """Id of the row."""
        return f"whys-{self.branch['place']}"


@dataclass(frozen=True)
class Cause:
    """One cause of the form."""

    place: int
    key: str
    category: Field
    text: Field
    error: str

    @property
    def row(self) -> str:
        """Id of the row."""
        return f"causes-{self.place}"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The editor of one CAR's analysis."""
    return structure.edit(request, pk, SHAPE)


def _shown(car: Car) -> typed.Raw:
    raw = cast("typed.Raw", dict(car.analysis))
    return raw if raw["whys"] else typed.press(raw, "add:whys")


def _context(desk: Desk) -> dict[str, Any]:
    raw = desk.raw
    whys, causes = list(_whys(desk)), list(_causes(desk))
    fields = {
        "root": desk.cell("root", _("Nguyên nhân gốc"), raw["root"]),
        "category": desk.cell("category", _("Nhóm của nguyên nhân gốc"), raw["category"]),
        "similar": desk.cell("similar", _("Đã tìm trường hợp tương tự ở đâu, thấy gì"), raw["similar"]),
        "extent": desk.cell("extent", _("Phạm vi ảnh hưởng"), raw["extent"]),
    }
    flags, missing = _judged(raw)
    return {
        "whys": whys,
        "causes": causes,
        "fields": fields,
        "categories": analyses.Category.choices,
        "flags": flags,
        "missing": missing if desk.checked else None,
    }


def _whys(desk: Desk) -> Iterator[Why]:
    rows = desk.raw["whys"]
    for branch in analyses.outline(cast("analyses.Analysis", desk.raw)):
        at = branch["place"]
        path, where = f"whys.{at}", _("Vì sao %(number)s") % {"number": branch["number"]}
        yield Why(
            branch,
            rows[at]["parent"],
            min(branch["depth"], DEEPEST),
            desk.cell(f"{path}.text", _("Câu trả lời"), branch["text"], where),
            desk.cell(f"{path}.evidence", _("Bằng chứng"), branch["evidence"], where),
            desk.problems.get(f"{path}.parent", "") or desk.problems.get(f"{path}.key", ""),
        )


def _causes(desk: Desk) -> Iterator[Cause]:
    for at, row in enumerate(desk.raw["causes"]):
        path, where = f"causes.{at}", _("Nguyên nhân %(number)d") % {"number": at + 1}
        yield Cause(
            at,
            row["key"],
            desk.cell(f"{path}.category", _("Nhóm"), row["category"], where),
            desk.cell(f"{path}.text", _("Nội dung"), row["text"], where),
            desk.problems.get(f"{path}.key", ""),
        )


def _judged(raw: typed.Raw) -> tuple[list[str], list[str]]:
    """What to look at twice, and what is missing, of what was typed; nothing of what cannot be read."""
    try:
        cleaned = analyses.clean(raw)
    except ShapeError:
        return [], []
    flags = analyses.flags(cleaned) if cleaned != analyses.empty() else []
    return flags, analyses.problems(cleaned)


def _door_words(path: str, words: str) -> str:
    del path
    return words


SHAPE = Shape(
    action="analyse",
    ask="analysis",
    template="capa/analysis.html",
    title=lazy("Phân tích nguyên nhân"),
    read=typed.read_analysis,
    shown=_shown,
    sent=dict,
    wrong=_door_words,
    context=_context,
)
