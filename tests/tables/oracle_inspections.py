"""What inspections and their scoring must allow, by hand from domain §2.2, §6.1, §6.2 and §7; as ``oracle_capa``."""

from __future__ import annotations

Rule = tuple[set[str], str, set[str]]

FREE: set[str] = set()
COORDINATOR, INSPECTOR, LEADER = {"province_coordinator"}, {"inspector"}, {"inspection_head"}
SECRETARY, QMR, HEAD, CLOCK = {"iso_secretary"}, {"qmr"}, {"steering_head"}, {"clock"}
SEATED, PLANNERS = INSPECTOR | LEADER, COORDINATOR | LEADER
WORK = ("judge", "look", "score", "find")
"""What a member of the team does on the spot; who did it does not conclude."""

RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "inspection_plan": {
        ("", "draft"): (COORDINATOR, "draft", FREE),
        ("draft", "edit"): (COORDINATOR, "draft", FREE),
        **{
            (state, action): (PLANNERS, state, FREE)
            for state in ("draft", "issued")
            for action in ("appoint", "release")
        },
        ("draft", "issue"): (LEADER | HEAD, "issued", {"draft", "edit"}),
        ("issued", "close"): (PLANNERS, "closed", FREE),
        ("draft", "cancel"): (PLANNERS, "cancelled", FREE),
        ("", "import"): (CLOCK, "closed", FREE),
    },
    "inspection": {
        ("", "plan"): (PLANNERS, "planned", FREE),
        ("planned", "edit"): (PLANNERS, "planned", FREE),
        ("planned", "notify"): (PLANNERS, "notified", FREE),
        ("notified", "begin"): (SEATED, "in_progress", FREE),
        **{("in_progress", action): (SEATED, "in_progress", FREE) for action in WORK},
        ("in_progress", "conclude"): (LEADER, "concluded", {*WORK}),
        ("concluded", "remediate"): (PLANNERS, "remediation", FREE),
        ("concluded", "close"): (PLANNERS, "closed", FREE),
        ("remediation", "close"): (PLANNERS, "closed", FREE),
        ("planned", "cancel"): (PLANNERS, "cancelled", FREE),
        ("notified", "cancel"): (PLANNERS, "cancelled", FREE),
        ("", "import"): (CLOCK, "closed", FREE),
    },
    "scoring_template": {
        ("", "draft"): (COORDINATOR, "draft", FREE),
        ("draft", "edit"): (COORDINATOR, "draft", FREE),
        ("draft", "adopt"): (LEADER | HEAD, "in_force", {"draft", "edit"}),
        ("draft", "drop"): (COORDINATOR, "dropped", FREE),
        ("in_force", "replace"): (CLOCK, "replaced", FREE),
    },
    "self_score": {
        ("", "open"): (SECRETARY | QMR, "draft", FREE),
        ("draft", "score"): (SECRETARY | QMR, "draft", FREE),
        ("draft", "confirm"): (QMR | HEAD, "confirmed", {"score"}),
        ("draft", "drop"): (SECRETARY | QMR, "dropped", FREE),
    },
}

ON_THE_SPOT = ("begin", *WORK, "conclude")
BARS: dict[str, dict[str, set[str]]] = {
    "inspection_plan": {},
    "inspection": {action: {"own_agency"} for action in ON_THE_SPOT},
    "scoring_template": {},
    "self_score": {},
}
NEEDS: dict[str, dict[tuple[str, str], dict[str, set[str]]]] = {
    "inspection_plan": {},
    "inspection": {
        ("notified" if action == "begin" else "in_progress", action): {"": {"team"}} for action in ON_THE_SPOT
    },
    "scoring_template": {},
    "self_score": {},
}
WAITS: dict[str, dict[str, set[str]]] = {
    "inspection_plan": {"draft": COORDINATOR, "issued": COORDINATOR},
    "inspection": {
        **dict.fromkeys(("planned", "concluded", "remediation"), COORDINATOR),
        **dict.fromkeys(("notified", "in_progress"), SEATED),
    },
    "scoring_template": {"draft": COORDINATOR},
    "self_score": {"draft": SECRETARY | QMR},
}
STATES: dict[str, set[str]] = {
    "inspection_plan": {"draft", "issued", "closed", "cancelled"},
    "inspection": {"planned", "notified", "in_progress", "concluded", "remediation", "closed", "cancelled"},
    "scoring_template": {"draft", "in_force", "replaced", "dropped"},
    "self_score": {"draft", "confirmed", "dropped"},
}
FINAL: dict[str, set[str]] = {
    "inspection_plan": {"closed", "cancelled"},
    "inspection": {"closed", "cancelled"},
    "scoring_template": {"replaced", "dropped"},
    "self_score": {"confirmed", "dropped"},
}
PUBLIC: dict[str, set[str]] = {
    "inspection_plan": {"issued", "closed"},
    "inspection": STATES["inspection"] - {"planned"},
    "scoring_template": {"in_force", "replaced"},
    "self_score": {"confirmed"},
}
