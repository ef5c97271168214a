"""What the yearly cycle's machines must allow, by hand from domain §2.2, §5.3, §5.4 and §7(e); as ``oracle_capa``."""

from __future__ import annotations

Rule = tuple[set[str], str, set[str]]

FREE: set[str] = set()
SECRETARY, QMR, HEAD, UNIT_HEAD = {"iso_secretary"}, {"qmr"}, {"steering_head"}, {"unit_head"}
CLOCK = {"clock"}
WORKERS = {
    "iso_secretary", "legal_watch", "records_clerk", "support_team", "unit_head", "drafter", "staff", "front_desk",
    "steering_member",
}  # fmt: skip
DOERS = WORKERS | QMR | HEAD
MAKERS = {"draft", "edit", "submit"}

RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "objective_set": {
        ("", "draft"): (SECRETARY, "draft", FREE),
        ("draft", "edit"): (SECRETARY, "draft", FREE),
        ("draft", "submit"): (SECRETARY, "submitted", FREE),
        ("submitted", "review"): (QMR, "reviewed", MAKERS),
        ("submitted", "return"): (QMR, "draft", FREE),
        ("reviewed", "approve"): (HEAD, "approved", MAKERS | {"review"}),
        ("reviewed", "return"): (HEAD, "draft", FREE),
        ("approved", "begin"): (SECRETARY, "running", FREE),
        ("running", "evaluate"): (SECRETARY, "evaluated", FREE),
    },
    "objective": {
        ("", "propose"): (UNIT_HEAD | SECRETARY, "proposed", FREE),
        ("proposed", "edit"): (UNIT_HEAD | SECRETARY, "proposed", FREE),
        ("proposed", "drop"): (UNIT_HEAD | SECRETARY, "dropped", FREE),
        ("proposed", "begin"): (CLOCK, "running", FREE),
        ("running", "ask"): (CLOCK, "due", FREE),
        ("running", "measure"): (WORKERS, "running", FREE),
        ("due", "measure"): (WORKERS, "running", FREE),
        ("running", "pull"): (CLOCK, "running", FREE),
        ("running", "reassign"): (UNIT_HEAD | SECRETARY, "running", FREE),
        ("due", "reassign"): (UNIT_HEAD | SECRETARY, "due", FREE),
        ("running", "meet"): (CLOCK, "met", FREE),
        ("due", "meet"): (CLOCK, "met", FREE),
        ("running", "miss"): (CLOCK, "missed", FREE),
        ("due", "miss"): (CLOCK, "missed", FREE),
    },
    "review": {
        ("", "plan"): (SECRETARY, "planned", FREE),
        ("planned", "edit"): (SECRETARY, "planned", FREE),
        ("planned", "collect"): (SECRETARY, "collecting_inputs", FREE),
        ("collecting_inputs", "write_input"): (SECRETARY | QMR | {"legal_watch"}, "collecting_inputs", FREE),
        ("collecting_inputs", "waive_input"): (QMR, "collecting_inputs", FREE),
        ("collecting_inputs", "ready"): (SECRETARY, "ready", FREE),
        ("ready", "return"): (QMR | HEAD, "collecting_inputs", FREE),
        ("ready", "hold"): (HEAD, "held", FREE),
        ("held", "minutes"): (SECRETARY, "minutes_draft", FREE),
        ("minutes_draft", "minutes"): (SECRETARY, "minutes_draft", FREE),
        ("minutes_draft", "issue"): (HEAD, "conclusions_issued", {"minutes"}),
        ("conclusions_issued", "track"): (SECRETARY, "tracking", FREE),
        ("tracking", "close"): (SECRETARY | HEAD, "closed", FREE),
    },
    "output": {
        ("", "decide"): (SECRETARY, "planned", FREE),
        ("planned", "edit"): (SECRETARY, "planned", FREE),
        ("planned", "drop"): (SECRETARY, "dropped", FREE),
        ("planned", "assign"): (CLOCK, "open", FREE),
        ("open", "extend"): (HEAD, "open", FREE),
        ("open", "reassign"): (QMR, "open", FREE),
        ("open", "finish"): (DOERS, "done", FREE),
        ("done", "return"): (QMR, "open", FREE),
        ("done", "accept"): (QMR, "ended", {"finish"}),
        ("open", "drop"): (HEAD, "dropped", FREE),
    },
}

BARS: dict[str, dict[str, set[str]]] = {"objective_set": {}, "objective": {}, "review": {}, "output": {}}

BY_OWNER = {"": {"owner=me", "source=manual"}}
NEEDS: dict[str, dict[tuple[str, str], dict[str, set[str]]]] = {
    "objective_set": {},
    "objective": {("running", "measure"): BY_OWNER, ("due", "measure"): BY_OWNER},
    "review": {},
    "output": {("open", "finish"): {"": {"owner=me"}}},
    "year_report": {
        **{
            (state, action): {"": {level}}
            for state in ("draft", "returned")
            for action, level in (
                ("consolidate", "level=agency"),
                ("release", "level=agency"),
                ("propose", "level=agency"),
                ("submit", "level=unit"),
            )
        },
        ("submitted", "confirm"): {"": {"outside=True"}},
        **{(state, "return_paper"): {"": {"outside=True"}} for state in ("submitted", "accepted")},
    },
}

WAITS: dict[str, dict[str, set[str]]] = {
    "objective_set": {"draft": SECRETARY, "submitted": QMR, "reviewed": HEAD, "approved": SECRETARY},
    "objective": {"due": WORKERS},
    "review": {
        **dict.fromkeys(("planned", "collecting_inputs", "held", "conclusions_issued", "tracking"), SECRETARY),
        "ready": HEAD,
        "minutes_draft": SECRETARY | HEAD,
    },
    "output": {"open": DOERS, "done": QMR},
}

WAITS_IF: dict[str, dict[str, dict[str, set[str]]]] = {
    "objective_set": {},
    "objective": {"due": {role: {"owner=me"} for role in WORKERS}},
    "review": {},
    "output": {"open": {role: {"owner=me"} for role in DOERS}},
    "year_report": {
        **{state: {"iso_secretary": {"level=agency"}, "unit_head": {"level=unit"}} for state in ("draft", "returned")},
        "submitted": {"iso_secretary": {"outside=True"}},
    },
}

STATES: dict[str, set[str]] = {
    "objective_set": {"draft", "submitted", "reviewed", "approved", "running", "evaluated", "lapsed"},
    "objective": {"proposed", "running", "due", "met", "missed", "dropped"},
    "review": {
        "planned", "collecting_inputs", "ready", "held", "minutes_draft", "conclusions_issued", "tracking", "closed",
        "lapsed",
    },
    "output": {"planned", "open", "done", "ended", "dropped"},
}  # fmt: skip

FINAL: dict[str, set[str]] = {
    "objective_set": {"evaluated", "lapsed"},
    "objective": {"met", "missed", "dropped"},
    "review": {"closed", "lapsed"},
    "output": {"ended", "dropped"},
}

PUBLIC: dict[str, set[str]] = {
    "objective_set": {"approved", "running", "evaluated", "lapsed"},
    "objective": {"running", "due", "met", "missed"},
    "review": {"conclusions_issued", "tracking", "closed", "lapsed"},
    "output": {"open", "done", "ended"},
}
