"""How a record's state, deadline, progress, history and steps look: every page uses these."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from workflows.chart import Chart, chart_of
from workflows.engine import Offer
from workflows.forms import StepForm, button_style, demands_reason, is_simple
from workflows.models import Attachment, Move, Record, User, calendar, day_of
from workflows.roles import label_of
from workflows.standing import as_told, history_of, progress, reason, waits_in_words
from workflows.tables import Step

register = template.Library()

SOON = 3
"""Working days from which a deadline is coloured."""
FAR = 400
"""Days beyond which working days are not counted out: the date says enough."""
SHOWN = 12
"""Deeds of a history shown at once; the older ones open below."""


@register.simple_tag
def state_tag(record: Record) -> str:
    """The state as a coloured word."""
    return format_html('<span class="tag tag-{}">{}</span>', record.stage.colour, record.stage.label)


@register.simple_tag
def due_tag(due: date | None) -> str:
    """The deadline and how many working days are left, or have passed since, in words."""
    if due is None:
        return ""
    words, style = _due_words(due, day_of())
    return format_html(
        '<span class="due {}">{} <span class="text-nowrap">({})</span></span>', style, f"{due:%d/%m/%Y}", words
    )


def _due_words(due: date, today: date) -> tuple[str, str]:
    if due == today:
        return _("hạn hôm nay"), "due-soon"
    if abs((due - today).days) > FAR:
        return (_("còn hơn một năm"), "") if due > today else (_("quá hạn hơn một năm"), "due-late")
    if due < today:
        day = timedelta(days=1)
        late = calendar().between(due + day, today + day)
        return (_("quá hạn %(n)d ngày làm việc") % {"n": late} if late else _("quá hạn")), "due-late"
    left = calendar().between(today, due)
    return _("còn %(n)d ngày làm việc") % {"n": left}, "due-soon" if left <= SOON else ""


@register.filter
def role_name(role: str) -> str:
    """A role code in words; a code that is none of ours stays as it is."""
    try:
        return label_of(role)
    except ValueError:
        return role


@register.inclusion_tag("workflows/parts/timeline.html", takes_context=True)
def timeline(context: dict[str, Any], record: Record, moves: list[Move] | None = None) -> dict[str, Any]:
    """Who did what, when, in which role and by which decision; newest first."""
    deeds = as_told(record, context["user"], reversed(history_of(record) if moves is None else moves))
    return {"recent": deeds[:SHOWN], "older": deeds[SHOWN:], "record": record}


@register.inclusion_tag("workflows/parts/stepper.html")
def stepper(record: Record) -> dict[str, Any]:
    """The main path of the record's table with what is done, where it stands, and what comes."""
    return {"stages": [{"stage": stage, "mark": mark} for stage, mark in progress(record)]}


@register.inclusion_tag("workflows/parts/actions.html", takes_context=True)
def actions(
    context: dict[str, Any], record: Record, offers: list[Offer], moves: list[Move] | None = None
) -> dict[str, Any]:
    """Buttons for what the person may do, and the reasons for what they may not.

    Structured steps have their own pages, which offer them; their refusals are told here like all others.
    """
    if moves is not None:
        record.__dict__.setdefault("_history", moves)
    user: User = context["user"]
    forms = {
        offer.step: StepForm(offer.step, record) for offer in offers if offer.refusal is None and is_simple(offer.step)
    }
    idle = [step for step, form in forms.items() if _lacks_choice(step, form)]
    possible = [step for step in forms if step not in idle]
    plain = next((step.action for step in possible if not demands_reason(step)), "")
    return {
        "record": record,
        "open": [
            {
                "step": step,
                "form": forms[step],
                "key": step.action == plain,
                "style": button_style(step),
            }
            for step in possible
        ],
        "closed": [
            *({"step": step, "why": _("Hiện không có gì để chọn ở bước này.")} for step in idle),
            *(
                {"step": offer.step, "why": reason(record, user, offer.step, offer.refusal)}
                for offer in offers
                if offer.refusal is not None
            ),
        ],
        "next_url": context.get("next_url") or "",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("workflows/parts/files.html")
def files_of(record: Record, moves: list[Move] | None = None) -> dict[str, Any]:
    """The record's files under the deeds that hold them, oldest first. ``{% files_of record %}``"""
    found = {move.seq: move for move in (history_of(record) if moves is None else moves)}
    deeds = dict[int | None, dict[str, Any]]()
    for file in Attachment.objects.bound(record.pk):
        move = found.get(file.seq or 0)
        said: dict[str, Any] = {"label": move.action_label if move else "", "at": move and move.at, "files": []}
        deeds.setdefault(file.seq, said)["files"].append(file)
    return {"deeds": list(deeds.values())}


def _lacks_choice(step: Step, form: StepForm) -> bool:
    """A pick that must be answered has nothing to pick from but the blank."""
    picks = [form.fields[ask.name] for ask in step.asks if ask.kind == "pick" and ask.required]
    return any(len(field.choices) == 1 for field in picks)  # type: ignore[attr-defined] # a choice field


@register.inclusion_tag("workflows/parts/chart.html")
def flow_chart(record: Record) -> dict[str, Chart | None]:
    """The running procedure as a drawing with the present step marked."""
    return {"chart": chart_of(record)}


@register.simple_tag
def people_of(record: Record) -> str:
    """Whose turn it is: roles, with the people who hold them today; "" if it is nobody's."""
    return waits_in_words(record)
