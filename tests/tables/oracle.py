"""What the machines must allow, written a second time by hand from domain §2.2 and §7, not from the product's tables.

``RULES[machine][state, action] = (roles, target, barred)``: whoever holds one of the roles may, unless they have
done one of the barred actions on the same record. ``ONLY``: steps kept for those who did a certain earlier action.
The tables of audits and corrective action, with the relations that they ask for, are in ``oracle_capa``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from tests.tables import oracle_capa, oracle_framework, oracle_kernel

Rule = tuple[set[str], str, set[str]]

AUTHORS = {"create", "edit", "submit"}
WRITERS = {"drafter", "unit_head", "legal_watch", "iso_secretary"}
LAW = {"legal_watch", "iso_secretary"}
FREE: set[str] = set()

UNDER_WAY = ("draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved")

RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "version": {
        ("", "create"): (WRITERS | {"clock"}, "draft", FREE),
        **{(state, "lapse"): ({"clock"}, "cancelled", FREE) for state in UNDER_WAY},
        ("issued", "lapse"): ({"clock"}, "withdrawn", FREE),
        ("effective", "lapse"): ({"clock"}, "withdrawn", FREE),
        ("", "adopt"): ({"clock"}, "effective", FREE),
        ("draft", "edit"): (WRITERS, "draft", FREE),
        ("draft", "submit"): ({"drafter"}, "unit_review", FREE),
        ("draft", "abandon"): ({"drafter"}, "cancelled", FREE),
        ("unit_review", "agree"): ({"unit_head"}, "iso_check", AUTHORS),
        ("unit_review", "return"): ({"unit_head"}, "draft", AUTHORS),
        ("unit_review", "recall"): ({"drafter"}, "draft", FREE),
        ("iso_check", "pass"): ({"iso_secretary"}, "leader_review", AUTHORS),
        ("iso_check", "return"): ({"iso_secretary"}, "draft", AUTHORS),
        ("iso_check", "recall"): ({"drafter"}, "draft", FREE),
        ("leader_review", "agree"): ({"qmr"}, "pending_approval", AUTHORS),
        ("leader_review", "return"): ({"qmr"}, "draft", AUTHORS),
        ("leader_review", "recall"): ({"drafter"}, "draft", FREE),
        ("pending_approval", "approve"): ({"steering_head"}, "approved", AUTHORS | {"agree", "pass"}),
        ("pending_approval", "return"): ({"steering_head"}, "draft", AUTHORS),
        ("pending_approval", "recall"): ({"drafter"}, "draft", FREE),
        ("approved", "return"): ({"records_clerk"}, "draft", FREE),
        ("approved", "issue"): ({"records_clerk"}, "issued", FREE),
        ("issued", "effect"): ({"clock"}, "effective", FREE),
        ("effective", "supersede"): ({"clock"}, "superseded", FREE),
        ("effective", "withdraw"): ({"steering_head"}, "withdrawn", FREE),
    },
    "impact": {
        ("", "detect"): (LAW | {"clock"}, "detected", FREE),
        ("detected", "confirm"): (LAW | {"qmr"}, "impact_confirmed", FREE),
        ("screening", "confirm"): (LAW | {"qmr"}, "impact_confirmed", FREE),
        ("deferred", "confirm"): (LAW | {"qmr"}, "impact_confirmed", FREE),
        ("detected", "screen"): (LAW, "screening", FREE),
        ("deferred", "screen"): (LAW, "screening", FREE),
        ("screening", "no_impact"): ({"qmr"}, "no_impact", {"screen"}),
        ("detected", "defer"): (LAW, "deferred", FREE),
        ("screening", "defer"): (LAW, "deferred", FREE),
        ("deferred", "resume"): ({"clock"}, "detected", FREE),
        ("impact_confirmed", "open_revision"): ({"drafter", "unit_head"}, "revision_open", FREE),
        ("revision_open", "resolve"): ({"clock"}, "resolved", FREE),
        ("waived", "resolve"): ({"clock"}, "resolved", FREE),
        ("impact_confirmed", "waive"): ({"steering_head"}, "waived", FREE),
        ("revision_open", "waive"): ({"steering_head"}, "waived", FREE),
        ("waived", "confirm"): ({"clock"}, "impact_confirmed", FREE),
        **{
            (state, "drop"): ({"clock"}, "resolved", FREE)
            for state in ("detected", "screening", "deferred", "impact_confirmed", "revision_open", "waived")
        },
        ("revision_open", "confirm"): ({"clock"}, "impact_confirmed", FREE),
        ("resolved", "wake"): ({"clock"}, "detected", FREE),
    },
    "campaign": {
        ("", "launch"): (LAW | {"clock"}, "open", FREE),
        ("open", "widen"): (LAW | {"clock"}, "open", FREE),
        ("closed", "widen"): (LAW | {"clock"}, "open", FREE),
        ("open", "fill"): ({"clock"}, "open", FREE),
        ("open", "close"): (LAW | {"clock"}, "closed", FREE),
        ("closed", "reopen"): ({"clock"}, "open", FREE),
    },
    "regulation": {
        ("", "register"): (LAW, "registered", FREE),
        ("", "import"): ({"clock"}, "registered", FREE),
        ("registered", "correct"): (LAW | {"clock"}, "registered", FREE),
        ("verified", "correct"): (LAW | {"clock"}, "registered", FREE),
        ("registered", "verify"): ({"legal_watch"}, "verified", FREE),
    },
    "publication": {
        ("", "prepare"): ({"iso_secretary"}, "preparing", FREE),
        ("", "adopt"): ({"clock"}, "published", FREE),
        ("preparing", "freeze"): ({"iso_secretary"}, "preparing", FREE),
        ("preparing", "confirm"): ({"qmr"}, "confirmed", {"prepare", "freeze"}),
        ("confirmed", "submit"): ({"iso_secretary"}, "pending_signature", FREE),
        ("pending_signature", "sign"): ({"steering_head"}, "signed", {"prepare", "freeze", "confirm", "submit"}),
        ("confirmed", "return"): ({"qmr", "steering_head"}, "preparing", FREE),
        ("pending_signature", "return"): ({"qmr", "steering_head"}, "preparing", FREE),
        ("signed", "publish"): ({"records_clerk"}, "published", FREE),
        ("published", "show"): ({"iso_secretary", "qmr"}, "published", FREE),
        ("republish_required", "show"): ({"iso_secretary", "qmr"}, "republish_required", FREE),
        ("published", "require"): ({"clock"}, "republish_required", FREE),
        ("republish_required", "require"): ({"clock"}, "republish_required", FREE),
        ("published", "supersede"): ({"clock"}, "superseded", FREE),
        ("republish_required", "supersede"): ({"clock"}, "superseded", FREE),
        ("published", "revoke"): ({"steering_head", "clock"}, "revoked", FREE),
        ("republish_required", "revoke"): ({"steering_head", "clock"}, "revoked", FREE),
        **{
            (state, "lapse"): ({"clock"}, "revoked", FREE)
            for state in ("preparing", "confirmed", "pending_signature", "signed")
        },
    },
    **oracle_capa.RULES,
    **oracle_framework.RULES,
    **oracle_kernel.RULES,
}
HANDED_OVER = {
    "car": oracle_capa.STATES["car"] - oracle_capa.FINAL["car"] - {"ineffective"},
    "action": {"open", "done"},
    "observation": {"reported", "responded"},
}
"""States out of which the clock passes a record to the heir of an agency that ended; it stays in its state."""
for _name, _states in HANDED_OVER.items():
    RULES[_name] = RULES[_name] | {(state, "hand_over"): ({"clock"}, state, FREE) for state in _states}

LAPSED: dict[str, dict[str, str]] = {
    "objective_set": dict.fromkeys(("draft", "submitted", "reviewed", "approved", "running"), "lapsed"),
    "objective": dict.fromkeys(("proposed", "running", "due"), "dropped"),
    "programme": dict.fromkeys(("draft", "submitted", "reviewed", "approved", "running"), "lapsed"),
    "round": {
        **dict.fromkeys(("planned", "team_appointed", "notified", "in_progress", "findings_agreed"), "cancelled"),
        **dict.fromkeys(("report_draft", "postponed"), "cancelled"),
        **dict.fromkeys(("report_signed", "follow_up"), "closed"),
    },
    "finding": dict.fromkeys(("recorded", "presented", "acknowledged", "disputed", "upheld"), "withdrawn"),
    "review": {
        **dict.fromkeys(("planned", "collecting_inputs", "ready", "held", "minutes_draft"), "lapsed"),
        **dict.fromkeys(("conclusions_issued", "tracking"), "closed"),
    },
    "output": dict.fromkeys(("planned", "open", "done"), "dropped"),
    "inspection_plan": {"draft": "cancelled", "issued": "closed"},
    "inspection": {
        **dict.fromkeys(("planned", "notified", "in_progress"), "cancelled"),
        **dict.fromkeys(("concluded", "remediation"), "closed"),
    },
    "scoring_template": {"draft": "dropped"},
    "self_score": {"draft": "dropped"},
    "spread": {"open": "closed"},
    "year_report": dict.fromkeys(("draft", "proposed", "returned"), "lapsed"),
    "report_receipt": dict.fromkeys(("waiting", "returned", "accepted"), "lapsed"),
    "model_version": {"draft": "cancelled", "submitted": "cancelled"},
    "adoption": {"following": "left", "behind": "left"},
}
"""Where the clock ends what is open of an agency that ended, and how."""
for _name, _targets in LAPSED.items():
    _rows = {(state, "lapse"): ({"clock"}, target, FREE) for state, target in _targets.items()}
    RULES[_name] = RULES[_name] | _rows

ONLY = {("version", "recall"): {"submit"}}

WAITS: dict[str, dict[str, set[str]]] = {
    "version": {
        "draft": {"drafter"},
        "unit_review": {"unit_head"},
        "iso_check": {"iso_secretary"},
        "leader_review": {"qmr"},
        "pending_approval": {"steering_head"},
        "approved": {"records_clerk"},
    },
    "impact": {
        "detected": {"legal_watch"},
        "screening": {"qmr"},
        "deferred": {"legal_watch"},
        "impact_confirmed": {"drafter"},
    },
    "campaign": {"open": {"legal_watch"}},
    "regulation": {},
    "publication": {
        "preparing": {"iso_secretary", "qmr"},
        "confirmed": {"iso_secretary"},
        "pending_signature": {"steering_head"},
        "signed": {"records_clerk"},
        "republish_required": {"iso_secretary"},
    },
    **oracle_capa.WAITS,
    **oracle_framework.WAITS,
    **oracle_kernel.WAITS,
}

STATES: dict[str, set[str]] = {
    "version": {
        "draft", "unit_review", "iso_check", "leader_review", "pending_approval", "approved",
        "issued", "effective", "superseded", "withdrawn", "cancelled",
    },
    "impact": {
        "detected", "screening", "no_impact", "deferred", "impact_confirmed", "revision_open", "waived", "resolved",
    },
    "campaign": {"open", "closed"},
    "regulation": {"registered", "verified"},
    "publication": {
        "preparing", "confirmed", "pending_signature", "signed", "published", "republish_required", "superseded",
        "revoked",
    },
    **oracle_capa.STATES,
    **oracle_framework.STATES,
    **oracle_kernel.STATES,
}  # fmt: skip

FINAL: dict[str, set[str]] = {
    "version": {"superseded", "withdrawn", "cancelled"},
    "impact": {"no_impact", "resolved"},
    "campaign": set(),
    "regulation": set(),
    "publication": {"superseded", "revoked"},
    **oracle_capa.FINAL,
    **oracle_framework.FINAL,
    **oracle_kernel.FINAL,
}

PUBLIC: dict[str, set[str]] = {
    "version": {"issued", "effective", "superseded", "withdrawn"},
    "impact": set(),
    "campaign": {"open", "closed"},
    "regulation": {"registered", "verified"},
    "publication": {"published", "republish_required", "superseded", "revoked"},
    **oracle_capa.PUBLIC,
    **oracle_framework.PUBLIC,
    **oracle_kernel.PUBLIC,
}


def bars(machine: str, action: str) -> set[str]:
    """Relations that forbid an action."""
    return oracle_capa.BARS.get(machine, {}).get(action, set())


def needs(machine: str, state: str, action: str, role: str) -> set[str]:
    """Relations without which the role may not."""
    wanted = oracle_capa.NEEDS.get(machine, {}).get((state, action), {})
    return wanted.get("", set()) | wanted.get(role, set())


def relations(machine: str) -> set[str]:
    """Every relation that the machine asks for, in a step or in an inbox."""
    found = set().union(*oracle_capa.BARS.get(machine, {}).values())
    for row in (*oracle_capa.NEEDS.get(machine, {}).values(), *oracle_capa.WAITS_IF.get(machine, {}).values()):
        found |= set().union(*row.values())
    return found


def allowed(
    machine: str, state: str, action: str, role: str, deeds: AbstractSet[str], *, ties: AbstractSet[str] = frozenset()
) -> bool:
    """The oracle's verdict for one role, the deeds of its holder and how they stand to the record."""
    rule = RULES[machine].get((state, action))
    if rule is None or role not in rule[0] or rule[2] & deeds:
        return False
    if bars(machine, action) & ties or not needs(machine, state, action, role) <= ties:
        return False
    only = ONLY.get((machine, action))
    return only is None or bool(only & deeds)
