"""Panes of audits and corrective action in the inbox: what the person whose turn it is must read, and no more."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from capa.models import Action, Car, Objective, ObjectiveSet, Observation, Programme, Round, Visit
from capa.services.sheet import Sheet
from workflows.models import User

register = template.Library()

TITLES = {
    "description": _("Sự không phù hợp"),
    "correction": _("Khắc phục tức thời"),
    "brief": _("Nguyên nhân gốc"),
    "cause": _("Phân tích nguyên nhân"),
    "plan": _("Kế hoạch hành động"),
    "tasks": _("Thực hiện từng việc"),
    "demands": _("Tài liệu phải sửa"),
    "verification": _("Kiểm tra hiệu lực"),
    "closure": _("Đóng phiếu"),
}
PANES = {
    "reported": ("description",),
    "issued": ("description",),
    "disputed": ("description",),
    "acknowledged": ("description", "correction"),
    "analysis": ("cause", "plan"),
    "plan_review": ("brief", "plan"),
    "plan_approved": ("plan",),
    "implementing": ("tasks", "demands", "correction"),
    "awaiting_verification": ("verification", "demands", "tasks"),
}
"""Parts of the form by the step at which a CAR stands."""
ENDED = ("description", "verification", "closure")
EDITORS = {"analyse", "draft_plan"}


@register.inclusion_tag("capa/parts/car_pane.html", takes_context=True)
def car_pane(context: dict[str, Any], record: Car) -> dict[str, Any]:
    """Parts of a CAR that matter at its step, and the ways to the editors that are open to the person."""
    user: User = context["user"]
    offers = context.get("offers") or ()
    names = PANES.get(record.state, ENDED)
    return {
        "car": record,
        "sheet": Sheet(record, user),
        "pane": True,
        "parts": [(TITLES[name], f"capa/parts/car_{name}.html") for name in names],
        "editors": {offer.step.action for offer in offers if offer.refusal is None} & EDITORS,
        "lead": "description" not in names,
    }


@register.inclusion_tag("capa/parts/action_facts.html", takes_context=True)
def action_pane(context: dict[str, Any], record: Action) -> dict[str, Any]:
    """What to do, until when, and what it is for."""
    reads = Car.objects.visible_to(context["user"]).filter(pk=record.car_id).exists()
    return {"record": record, "most": settings.CAR_EXTENSIONS, "reads_car": reads}


@register.simple_tag(takes_context=True)
def rounds_of(context: dict[str, Any], record: Programme) -> list[Round]:
    """Rounds of a programme that the person may read, with their units."""
    rounds = Round.objects.visible_to(context["user"]).filter(programme=record).select_related("lead")
    return list(rounds.prefetch_related("visits__unit").order_by("starts_on", "pk"))


@register.simple_tag
def visits_of(record: Round) -> list[Visit]:
    """Units of a round with their teams."""
    visits = Visit.objects.filter(round=record).select_related("unit", "lead").prefetch_related("members")
    return list(visits.order_by("unit__path"))


@register.simple_tag(takes_context=True)
def finding_readable(context: dict[str, Any], record: Observation) -> bool:
    """Whether the finding behind an observation is one of those that the person may open."""
    return type(record.finding).objects.visible_to(context["user"]).filter(pk=record.finding_id).exists()


@register.simple_tag
def objectives_of(owner: ObjectiveSet) -> list[Objective]:
    """What a year's set would bind its agency to, by unit."""
    rows = owner.objectives.exclude(state="dropped").select_related("owner_set", "unit", "owner")
    return list(rows.order_by("unit__path", "created_at"))
