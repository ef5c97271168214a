"""What audits and corrective action must allow, by hand from domain §2.2, §5.1, §5.2 and §7(c)(d).

``RULES``, ``WAITS``, ``STATES``, ``FINAL`` and ``PUBLIC`` as in ``oracle``. ``BARS[machine][action]``: relations of the
person that forbid it (§2.2 rules 2 and 3). ``NEEDS[machine][state, action]``: role → relations that must hold, ``""``
for every role. ``WAITS_IF[machine][state]``: role → relations without which the record does not wait on that role.
"""

from __future__ import annotations

from tests.tables import oracle_inspections, oracle_yearly

Rule = tuple[set[str], str, set[str]]

FREE: set[str] = set()
SECRETARY, QMR, HEAD, UNIT_HEAD, DRAFTER = {"iso_secretary"}, {"qmr"}, {"steering_head"}, {"unit_head"}, {"drafter"}
LEAD, AUDITORS, CLOCK = {"lead_auditor"}, {"auditor", "lead_auditor"}, {"clock"}
UNIT = UNIT_HEAD | DRAFTER
LEADERS = QMR | HEAD

OFFICE = {"iso_secretary", "legal_watch", "records_clerk", "support_team"}
"""Who works for the agency as a whole."""
FLOOR = UNIT | {"staff", "front_desk", "steering_member"}
"""Who works in a unit."""
WORKERS = OFFICE | FLOOR
REPORTERS = WORKERS | LEADERS | AUDITORS | {"inspector"}
"""§2.1: everyone may report a nonconformity; those from outside who only look on, and the sysadmin, may not."""

PLANNERS = {"draft", "edit", "submit"}
OWNERS = {"correct", "analyse", "draft_plan", "submit_plan", "complete"}
"""§2.2 rule 3: deeds of the side that answers for a CAR."""

RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "programme": {
        ("", "draft"): (SECRETARY, "draft", FREE),
        ("draft", "edit"): (SECRETARY, "draft", FREE),
        ("draft", "submit"): (SECRETARY, "submitted", FREE),
        ("submitted", "review"): (QMR, "reviewed", PLANNERS),
        ("submitted", "return"): (QMR, "draft", FREE),
        ("reviewed", "approve"): (HEAD, "approved", PLANNERS | {"review"}),
        ("reviewed", "return"): (HEAD, "draft", FREE),
        ("approved", "begin"): (CLOCK, "running", FREE),
        ("running", "complete"): (SECRETARY, "completed", FREE),
    },
    "round": {
        ("", "plan"): (SECRETARY, "planned", FREE),
        ("planned", "replan"): (SECRETARY, "planned", FREE),
        ("planned", "propose"): (SECRETARY, "planned", FREE),
        ("planned", "return"): (HEAD, "planned", FREE),
        ("planned", "appoint"): (HEAD, "team_appointed", {"propose"}),
        ("team_appointed", "notify"): (SECRETARY, "notified", FREE),
        ("notified", "open"): (LEAD, "in_progress", FREE),
        ("in_progress", "agree"): (LEAD, "findings_agreed", FREE),
        ("findings_agreed", "report"): (LEAD, "report_draft", FREE),
        ("report_draft", "report"): (LEAD, "report_draft", FREE),
        ("report_draft", "sign"): (LEAD, "report_signed", FREE),
        ("report_signed", "follow"): (SECRETARY | LEAD, "follow_up", FREE),
        ("follow_up", "close"): (SECRETARY, "closed", FREE),
        ("planned", "postpone"): (SECRETARY | QMR, "postponed", FREE),
        ("team_appointed", "postpone"): (SECRETARY | QMR, "postponed", FREE),
        ("notified", "postpone"): (SECRETARY | QMR, "postponed", FREE),
        ("postponed", "resume"): (SECRETARY, "planned", FREE),
        ("planned", "cancel"): (HEAD, "cancelled", FREE),
        ("team_appointed", "cancel"): (HEAD, "cancelled", FREE),
        ("notified", "cancel"): (HEAD, "cancelled", FREE),
        ("postponed", "cancel"): (HEAD, "cancelled", FREE),
    },
    "finding": {
        ("", "record"): (AUDITORS, "recorded", FREE),
        ("recorded", "revise"): (AUDITORS, "recorded", FREE),
        ("recorded", "attach"): (AUDITORS, "recorded", FREE),
        ("recorded", "present"): (AUDITORS, "presented", FREE),
        ("recorded", "note"): (AUDITORS, "noted", FREE),
        ("presented", "acknowledge"): (UNIT_HEAD, "acknowledged", FREE),
        ("presented", "dispute"): (UNIT_HEAD, "disputed", FREE),
        ("disputed", "uphold"): (QMR, "upheld", FREE),
        ("disputed", "overturn"): (QMR, "withdrawn", FREE),
        ("recorded", "withdraw"): (LEAD, "withdrawn", FREE),
        ("presented", "withdraw"): (LEAD, "withdrawn", FREE),
        ("acknowledged", "raise"): (CLOCK, "raised", FREE),
        ("upheld", "raise"): (CLOCK, "raised", FREE),
        ("acknowledged", "settle"): (AUDITORS | SECRETARY, "noted", FREE),
        ("upheld", "settle"): (AUDITORS | SECRETARY, "noted", FREE),
    },
    "car": {
        ("", "inspect"): (CLOCK, "reported", FREE),
        ("", "report"): (REPORTERS, "reported", FREE),
        ("", "raise"): (LEAD | SECRETARY, "issued", FREE),
        ("", "import"): (CLOCK, "issued", FREE),
        ("", "carry"): (CLOCK, "issued", FREE),
        ("reported", "issue"): (SECRETARY | LEADERS, "issued", FREE),
        ("reported", "reject"): (LEADERS, "rejected", FREE),
        ("issued", "acknowledge"): (UNIT_HEAD, "acknowledged", FREE),
        ("issued", "dispute"): (UNIT_HEAD, "disputed", FREE),
        ("disputed", "uphold"): (QMR, "acknowledged", FREE),
        **{
            (state, "correct"): (UNIT, state, FREE)
            for state in ("issued", "acknowledged", "analysis", "plan_review", "plan_approved", "implementing")
        },
        ("acknowledged", "analyse"): (UNIT, "analysis", FREE),
        ("analysis", "analyse"): (UNIT, "analysis", FREE),
        ("analysis", "verify_cause"): (UNIT_HEAD | SECRETARY | QMR, "analysis", {"analyse"}),
        ("analysis", "draft_plan"): (UNIT, "analysis", FREE),
        ("analysis", "submit_plan"): (UNIT_HEAD, "plan_review", FREE),
        ("plan_review", "approve_plan"): (LEADERS, "plan_approved", OWNERS),
        ("plan_review", "return_plan"): (LEADERS, "analysis", FREE),
        ("plan_approved", "entrust"): (SECRETARY | QMR, "implementing", FREE),
        ("implementing", "entrust"): (SECRETARY | QMR, "implementing", FREE),
        ("awaiting_verification", "entrust"): (SECRETARY | QMR, "awaiting_verification", FREE),
        ("implementing", "revise_document"): (UNIT, "implementing", FREE),
        ("awaiting_verification", "revise_document"): (UNIT, "awaiting_verification", FREE),
        ("implementing", "waive"): (HEAD, "implementing", FREE),
        ("awaiting_verification", "waive"): (HEAD, "awaiting_verification", FREE),
        ("implementing", "complete"): (UNIT_HEAD, "awaiting_verification", FREE),
        ("awaiting_verification", "pass"): (AUDITORS, "awaiting_verification", OWNERS),
        ("awaiting_verification", "fail"): (AUDITORS, "ineffective", OWNERS),
        ("ineffective", "reissue"): (CLOCK, "reissued", FREE),
        ("awaiting_verification", "close"): (LEADERS, "closed", OWNERS | {"pass"}),
        **{
            (state, "link"): (SECRETARY | QMR | LEAD, state, FREE)
            for state in (
                "issued", "acknowledged", "analysis", "plan_review", "plan_approved", "implementing",
                "awaiting_verification",
            )
        },
        ("reported", "attach"): (REPORTERS, "reported", FREE),
        **{
            (state, "attach"): (UNIT | SECRETARY | {"auditor"}, state, FREE)
            for state in (
                "issued", "acknowledged", "disputed", "analysis", "plan_review", "plan_approved", "implementing",
            )
        },
        **{
            (state, "cancel"): (LEADERS, "cancelled", FREE)
            for state in ("issued", "acknowledged", "disputed", "analysis", "plan_review")
        },
    },
    "action": {
        ("", "assign"): (CLOCK, "open", FREE),
        ("open", "ask_more_time"): (WORKERS, "open", FREE),
        ("open", "extend"): (QMR, "open", FREE),
        ("open", "reassign"): (UNIT_HEAD, "open", FREE),
        ("open", "finish"): (WORKERS, "done", FREE),
        ("done", "return"): (QMR | SECRETARY, "open", FREE),
        ("open", "drop"): (QMR, "dropped", FREE),
    },
    "observation": {
        ("", "raise"): (LEAD | SECRETARY, "reported", FREE),
        ("reported", "respond"): (UNIT_HEAD, "responded", FREE),
        ("responded", "return"): (LEAD | SECRETARY, "reported", FREE),
        ("responded", "close"): (LEAD | SECRETARY, "closed", {"respond"}),
    },
    **oracle_yearly.RULES,
    **oracle_inspections.RULES,
}  # fmt: skip

BARS: dict[str, dict[str, set[str]]] = {
    "programme": {},
    "round": {},
    "finding": {
        **{key: {"own_unit", "own_work"} for key in ("record", "revise", "attach", "present", "note", "withdraw")},
        **{key: {"team", "own_unit"} for key in ("uphold", "overturn")},
    },
    "car": {
        **{key: {"owner_unit"} for key in ("uphold", "approve_plan", "cancel")},
        **{key: {"owner_unit", "implementer"} for key in ("pass", "fail", "close")},
    },
    "action": {},
    "observation": {"return": {"owner_unit"}, "close": {"owner_unit"}},
    **oracle_yearly.BARS,
    **oracle_inspections.BARS,
}

BY_CLASS = {"qmr": {"severity=minor"}, "steering_head": {"severity=major"}}
"""§2.2: the QMR decides on a minor nonconformity, the head on a major one."""
JUDGE = {"": {"verdict=", "verifier=me"}}

NEEDS: dict[str, dict[tuple[str, str], dict[str, set[str]]]] = {
    "programme": {},
    "round": {
        ("planned", "return"): {"": {"proposed=True"}},
        ("planned", "appoint"): {"": {"proposed=True"}},
        ("notified", "open"): {"": {"lead=me"}},
        ("in_progress", "agree"): {"": {"lead=me"}},
        ("findings_agreed", "report"): {"": {"lead=me"}},
        ("report_draft", "report"): {"": {"lead=me"}},
        ("report_draft", "sign"): {"": {"lead=me"}},
    },
    "finding": {
        ("", "record"): {"": {"team"}},
        **{("recorded", action): {"": {"team"}} for action in ("revise", "attach", "present", "note", "withdraw")},
        ("presented", "withdraw"): {"": {"team"}},
    },
    "car": {
        ("reported", "attach"): {"": {"created_by=me"}},
        ("plan_review", "approve_plan"): BY_CLASS,
        ("plan_review", "return_plan"): BY_CLASS,
        ("awaiting_verification", "entrust"): {"": {"verdict="}},
        ("awaiting_verification", "pass"): JUDGE,
        ("awaiting_verification", "fail"): JUDGE,
        ("awaiting_verification", "close"): {"": {"verdict=passed"}, **BY_CLASS},
    },
    "action": {
        ("open", "ask_more_time"): {"": {"assignee=me"}},
        ("open", "finish"): {"": {"assignee=me"}},
    },
    "observation": {},
    **oracle_yearly.NEEDS,
    **oracle_inspections.NEEDS,
}

WAITS: dict[str, dict[str, set[str]]] = {
    "programme": {"draft": SECRETARY, "submitted": QMR, "reviewed": HEAD, "running": SECRETARY},
    "round": {
        "planned": SECRETARY | HEAD,
        "team_appointed": SECRETARY,
        **dict.fromkeys(("notified", "in_progress", "findings_agreed", "report_draft"), LEAD),
        **dict.fromkeys(("report_signed", "follow_up", "postponed"), SECRETARY),
    },
    "finding": {"presented": UNIT_HEAD, "disputed": QMR},
    "car": {
        "reported": SECRETARY,
        **dict.fromkeys(("issued", "acknowledged", "analysis", "implementing"), UNIT_HEAD),
        "disputed": QMR,
        "plan_review": LEADERS,
        "plan_approved": SECRETARY,
        "awaiting_verification": AUDITORS | LEADERS,
    },
    "action": {"open": WORKERS},
    "observation": {"reported": UNIT_HEAD, "responded": LEAD | SECRETARY},
    **oracle_yearly.WAITS,
    **oracle_inspections.WAITS,
}

WAITS_IF: dict[str, dict[str, dict[str, set[str]]]] = {
    "programme": {},
    "round": {
        "planned": {"iso_secretary": {"proposed=False"}, "steering_head": {"proposed=True"}},
        **{
            state: {"lead_auditor": {"lead=me"}}
            for state in ("notified", "in_progress", "findings_agreed", "report_draft")
        },
    },
    "finding": {},
    "car": {
        "plan_review": BY_CLASS,
        "awaiting_verification": {
            "auditor": {"verdict=", "verifier=me"},
            "lead_auditor": {"verdict=", "verifier=me"},
            "qmr": {"verdict=passed", "severity=minor"},
            "steering_head": {"verdict=passed", "severity=major"},
        },
    },
    "action": {"open": {role: {"assignee=me"} for role in WORKERS}},
    "observation": {},
    **oracle_yearly.WAITS_IF,
}

STATES: dict[str, set[str]] = {
    "programme": {"draft", "submitted", "reviewed", "approved", "running", "completed", "lapsed"},
    "round": {
        "planned", "team_appointed", "notified", "in_progress", "findings_agreed", "report_draft", "report_signed",
        "follow_up", "closed", "postponed", "cancelled",
    },
    "finding": {
        "recorded", "presented", "acknowledged", "disputed", "upheld", "raised", "noted", "withdrawn",
    },
    "car": {
        "reported", "issued", "rejected", "acknowledged", "disputed", "analysis", "plan_review", "plan_approved",
        "implementing", "awaiting_verification", "closed", "ineffective", "reissued", "cancelled",
    },
    "action": {"open", "done", "dropped"},
    "observation": {"reported", "responded", "closed"},
    **oracle_yearly.STATES,
    **oracle_inspections.STATES,
}  # fmt: skip

FINAL: dict[str, set[str]] = {
    "programme": {"completed", "lapsed"},
    "round": {"closed", "cancelled"},
    "finding": {"raised", "noted", "withdrawn"},
    "car": {"rejected", "closed", "reissued", "cancelled"},
    "action": {"dropped"},
    "observation": {"closed"},
    **oracle_yearly.FINAL,
    **oracle_inspections.FINAL,
}

PUBLIC: dict[str, set[str]] = {
    "programme": {"approved", "running", "completed", "lapsed"},
    "round": STATES["round"] - {"planned", "team_appointed", "report_draft"},
    "finding": set(),
    "car": set(),
    "action": set(),
    "observation": set(),
    **oracle_yearly.PUBLIC,
    **oracle_inspections.PUBLIC,
}

DAYS = {
    ("car", "issued"): 3,
    ("car", "analysis"): 10,
    ("round", "findings_agreed"): 7,
    ("observation", "reported"): 22,
}
"""§5.1, §5.2, in working days: 22 are the thirty days of an observation's response."""
