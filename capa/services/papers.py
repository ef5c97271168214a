"""The printed CAR form, filled in from the record and its ledger."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone, translation

from capa import printing as paper
from capa.machines.car import METHODS, SEVERITIES, SOURCES
from capa.models import Car
from capa.services.sheet import Sheet
from workflows.models import Move, day_of
from workflows.standing import history_of

SIGNED = (
    "report", "raise", "issue", "acknowledge", "dispute", "uphold", "correct", "analyse", "verify_cause", "draft_plan",
    "submit_plan", "approve_plan", "return_plan", "entrust", "complete", "waive", "pass", "fail", "close", "cancel",
    "reject",
)  # fmt: skip
"""Deeds that stand on the form's list of signatures."""


def car_form(car: Car) -> paper.CarForm:
    """The form of a CAR. The paper is in Vietnamese, whoever prints it."""
    with translation.override("vi"):
        sheet = Sheet(car)
        return paper.CarForm(
            head=paper.Letterhead(agency=str(car.agency), superior=str(car.agency.parent or ""), printed_on=day_of()),
            number=car.number,
            dated=_issued(sheet),
            source=_label(SOURCES, car.source),
            reference=car.reference,
            finding_class=_label(SEVERITIES, car.severity),
            unit=str(car.unit),
            clause=car.clause,
            document=car.document.code if car.document else "",
            description=_description(sheet),
            corrections=_corrections(sheet),
            cause=_cause(sheet),
            plan=_plan(sheet),
            verification=_verification(sheet),
            closure=_closure(sheet),
            signatures=tuple(_signature(move) for move in history_of(car) if move.action in SIGNED),
        )


def _label(choices: tuple[tuple[str, object], ...], code: str) -> str:
    return str(dict(choices).get(code, code))


def _who(move: Move | None) -> str:
    return "" if move is None else str(move.actor or move.role_label)


def _day(move: Move | None) -> date | None:
    return None if move is None else day_of(move.at)


def _issued(sheet: Sheet) -> date | None:
    """The day on which the CAR got its number."""
    return _day(sheet.deeds.get("issue") or sheet.raised) if sheet.car.number else None


def _description(sheet: Sheet) -> paper.Description:
    car = sheet.car
    return paper.Description(
        requirement=car.requirement,
        statement=car.description,
        evidence=car.evidence_text,
        raised_by=_who(sheet.raised),
        raised_on=car.found_on,
        accepted_by=_who(sheet.accepted),
        accepted_on=_day(sheet.accepted),
    )


def _corrections(sheet: Sheet) -> tuple[paper.Correction, ...]:
    car = sheet.car
    if not car.correction:
        return ()
    return (paper.Correction(action=car.correction, by=_who(sheet.deeds.get("correct")), done=car.corrected_on),)


def _cause(sheet: Sheet) -> paper.Cause:
    car, analysed, proved = sheet.car, sheet.deeds.get("analyse"), sheet.deeds.get("verify_cause")
    sound = proved if car.cause_method else None
    how = ": ".join(filter(None, (_label(METHODS, car.cause_method), car.cause_proof)))
    return paper.Cause(
        method="Hỏi “vì sao” liên tiếp, biểu đồ xương cá" if sheet.branches else "",
        whys=tuple(
            paper.Why(number=one["number"], answer=one["text"], evidence=one["evidence"]) for one in sheet.branches
        ),
        drawing=str(sheet.drawing),
        category=sheet.category,
        root=car.analysis["root"],
        similar=car.analysis["similar"],
        extent=car.analysis["extent"],
        verified_how=how,
        analysed_by=_who(analysed),
        analysed_on=_day(analysed),
        verified_by=_who(sound),
        verified_on=_day(sound),
    )


def _plan(sheet: Sheet) -> paper.Plan:
    car, proposed = sheet.car, sheet.deeds.get("submit_plan")
    approved = sheet.deeds.get("approve_plan") if car.plan_approved_on else None
    measure = car.plan["measure"]
    said = (measure["what"], sheet.measure, measure["target"])
    return paper.Plan(
        actions=_actions(sheet),
        documents="; ".join(f"{one.document or '?'}: {one.what}" for one in sheet.wanted),
        risk=car.plan["risk"],
        measure="; ".join(filter(None, said)),
        proposed_by=_who(proposed),
        proposed_on=_day(proposed),
        approved_by=_who(approved),
        approved_on=car.plan_approved_on,
    )


def _actions(sheet: Sheet) -> tuple[paper.Action, ...]:
    """Tasks as they went, or, before there are any, rows of the plan."""
    if not sheet.tasks:
        return tuple(
            paper.Action(what=one.what, who=one.who, due=one.due, resources=one.resources) for one in sheet.planned
        )
    return tuple(
        paper.Action(
            what=one.what,
            who=str(one.assignee),
            due=one.planned_for,
            resources=one.resources,
            done=one.done_on,
            evidence=one.evidence_text or ("Đã bỏ" if one.state == "dropped" else ""),
            extensions=f"{one.extensions} lần, đến {one.due_on:%d/%m/%Y}" if one.extensions and one.due_on else "",
        )
        for one in sheet.tasks
    )


def _verification(sheet: Sheet) -> paper.Verification:
    car = sheet.car
    seen = f"Số trường hợp đã xem: {car.exposures}. " if car.exposures is not None else ""
    judged = sheet.deeds.get("pass") or sheet.deeds.get("fail")
    return paper.Verification(
        method=_label(METHODS, car.verdict_method),
        evidence=f"{seen}{car.verification}",
        result=sheet.verdict,
        verifier=_who(judged) or str(car.verifier or ""),
        checked_on=car.verified_on,
    )


def _closure(sheet: Sheet) -> paper.Closure:
    car = sheet.car
    successor = Car.objects.filter(predecessor=car).first()
    return paper.Closure(
        closed_by=_who(sheet.deeds.get("close")),
        closed_on=car.closed_on,
        new_number=successor.number if successor else "",
    )


def _signature(move: Move) -> paper.Signature:
    at: datetime = timezone.localtime(move.at)
    return paper.Signature(
        who=_who(move), role=str(move.role_label), decision=move.ground, at=at, deed=str(move.action_label)
    )
