"""What audits and corrective action give the search: CARs and findings."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from capa.models import Car, Finding
from workflows.models import User, day_of
from workflows.sources import Source, Texts

CAR_PARTS = {
    "requirement": lazy("Yêu cầu"),
    "description": lazy("Mô tả"),
    "evidence_text": lazy("Bằng chứng"),
    "correction": lazy("Khắc phục tức thời"),
    "analysis": lazy("Nguyên nhân"),
    "plan": lazy("Kế hoạch"),
    "verification": lazy("Kết quả kiểm tra"),
}
FINDING_PARTS = {
    "requirement": lazy("Yêu cầu"),
    "statement": lazy("Nội dung"),
    "sampled": lazy("Hồ sơ lấy mẫu"),
    "evidence_text": lazy("Bằng chứng"),
}


class Cars(Source):
    """CARs, with their analysis and plan."""

    name, label, model = "car", lazy("Phiếu khắc phục"), Car
    columns = frozenset({"number", "reference", "found_on", "agency", *CAR_PARTS})

    def visible(self, user: User) -> QuerySet[Any]:
        """CARs that the person reads."""
        return Car.objects.visible_to(user)

    def shown(self, ids: Collection[UUID]) -> QuerySet[Any]:
        """With the unit that answers."""
        return Car.objects.filter(pk__in=ids).for_list()

    def texts(self, record: Any) -> Texts:
        """Numbers, and every text that people wrote."""
        parts = {name: getattr(record, name) for name in CAR_PARTS}
        parts["analysis"], parts["plan"] = _analysis(record.analysis), _plan(record.plan)
        head = " · ".join(filter(None, (record.number, record.reference, _first_line(record.description))))
        former = [one.partition(" (")[0] for one in record.former.split("; ")]
        return Texts(head, record.found_on, (record.number, record.reference, *former), parts)

    def kind(self, record: Any) -> str:
        """The step that it stands at, and the unit that answers for it."""
        return f"{record.stage.label} · {record.unit}"

    def part(self, name: str) -> str:
        """Name of the text."""
        return str(CAR_PARTS[name])


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0][:120]


def _analysis(shape: dict[str, Any]) -> str:
    lines = [f"{row['text']} {row['evidence']}" for row in shape["whys"]]
    return "\n".join([shape["root"], *lines, *(row["text"] for row in shape["causes"]), shape["similar"]])


def _plan(shape: dict[str, Any]) -> str:
    lines = [f"{row['what']} {row['resources']}" for row in shape["actions"]]
    return "\n".join([*lines, *(row["what"] for row in shape["documents"]), shape["measure"]["what"], shape["risk"]])


class Findings(Source):
    """Findings of audits."""

    name, label, model = "finding", lazy("Phát hiện đánh giá"), Finding
    columns = frozenset({"clause", "result", *FINDING_PARTS})

    def visible(self, user: User) -> QuerySet[Any]:
        """Findings that the person reads."""
        return Finding.objects.visible_to(user)

    def shown(self, ids: Collection[UUID]) -> QuerySet[Any]:
        """With the unit audited."""
        return Finding.objects.filter(pk__in=ids).for_list()

    def texts(self, record: Any) -> Texts:
        """Clause and every text of the auditor."""
        head = f"{record.clause} · {_first_line(record.statement)}"
        return Texts(head, day_of(record.created_at), (), {name: getattr(record, name) for name in FINDING_PARTS})

    def title(self, record: Any) -> str:
        """Clause, what was found, where."""
        return " · ".join(filter(None, (record.clause, _first_line(record.statement) or record.result_label)))

    def kind(self, record: Any) -> str:
        """Result and unit audited."""
        return f"{record.result_label} · {record.unit}"

    def part(self, name: str) -> str:
        """Name of the text."""
        return str(FINDING_PARTS[name])
