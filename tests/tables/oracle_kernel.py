"""What the kernel's own machines must allow, written a second time by hand from domain §1.2 and §2.1; with the offer
of a document to the heir of an agency that ended, questions to agencies below, and yearly reports to those above.
"""

from __future__ import annotations

Rule = tuple[set[str], str, set[str]]

FREE: set[str] = set()
SECRETARIES = {"iso_secretary", "province_coordinator"}
HEADS = {"steering_head", "qmr"}
ASKED = {"iso_secretary", "qmr"}
WRITERS = {"iso_secretary", "unit_head"}
TAKERS = {"iso_secretary", "qmr", "province_coordinator"}
REORGANISING = ("draft", "decided", "hindered", "applying", "halted")

RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "unit_decision": {
        ("", "record"): (SECRETARIES | {"clock"}, "standing", FREE),
        ("standing", "revoke"): (HEADS, "revoked", FREE),
    },
    "establishment": {
        ("", "propose"): (SECRETARIES, "draft", FREE),
        ("draft", "edit"): (SECRETARIES, "draft", FREE),
        ("draft", "enact"): (HEADS, "in_force", {"propose", "edit"}),
        ("draft", "abandon"): (SECRETARIES | HEADS, "abandoned", FREE),
        ("in_force", "replace"): ({"clock"}, "replaced", FREE),
    },
    "vacant_seat": {
        ("", "raise"): ({"clock"}, "open", FREE),
        ("open", "fill"): (SECRETARIES | HEADS, "filled", FREE),
        ("open", "close"): ({"clock"}, "closed", FREE),
    },
    "reorganisation": {
        ("", "draft"): (SECRETARIES, "draft", FREE),
        ("draft", "edit"): (SECRETARIES, "draft", FREE),
        ("draft", "assign"): (SECRETARIES, "draft", FREE),
        ("draft", "decide"): (HEADS, "decided", {"draft", "edit", "assign"}),
        ("", "import"): ({"clock"}, "decided", FREE),
        ("draft", "abandon"): (SECRETARIES | HEADS, "undone", FREE),
        **{(state, "undo"): (HEADS, "undone", FREE) for state in ("decided", "hindered")},
        **{(state, "assign"): (SECRETARIES | HEADS, "decided", FREE) for state in ("decided", "hindered")},
        **{(state, "assign"): (SECRETARIES | HEADS, "applying", FREE) for state in ("applying", "halted")},
        ("decided", "hinder"): ({"clock"}, "hindered", FREE),
        ("applying", "hinder"): ({"clock"}, "halted", FREE),
        ("hindered", "clear"): ({"clock"}, "decided", FREE),
        ("halted", "clear"): ({"clock"}, "applying", FREE),
        **{(state, "begin"): ({"clock"}, "applying", FREE) for state in ("decided", "hindered")},
        **{(state, "finish"): ({"clock"}, "in_effect", FREE) for state in ("applying", "halted")},
        **{(state, "hand_over"): ({"clock"}, state, FREE) for state in REORGANISING},
    },
    "spread": {
        ("", "ask"): ({"iso_secretary", "qmr", "province_coordinator"}, "open", FREE),
        ("open", "waive"): (ASKED, "open", FREE),
        ("open", "close"): (ASKED, "closed", FREE),
    },
    "spread_answer": {
        ("", "receive"): ({"clock"}, "asked", FREE),
        ("asked", "attach"): (ASKED, "asked", FREE),
        ("asked", "confirm"): (ASKED, "found", FREE),
        ("asked", "deny"): (ASKED, "none", FREE),
        ("asked", "exclude"): (ASKED, "outside", FREE),
        ("asked", "waive"): ({"clock"}, "waived", FREE),
    },
    "year_report": {
        ("", "draft"): (WRITERS, "draft", FREE),
        **{(state, "write"): (WRITERS, state, FREE) for state in ("draft", "returned")},
        **{(state, "consolidate"): ({"iso_secretary"}, state, FREE) for state in ("draft", "returned")},
        **{(state, "waive_gate"): ({"qmr"}, state, FREE) for state in ("draft", "returned", "proposed")},
        **{(state, "propose"): ({"iso_secretary"}, "proposed", FREE) for state in ("draft", "returned")},
        ("proposed", "withdraw"): ({"steering_head"}, "draft", FREE),
        ("proposed", "submit"): ({"steering_head"}, "submitted", {"propose"}),
        **{(state, "submit"): ({"unit_head"}, "submitted", FREE) for state in ("draft", "returned")},
        **{(state, "release"): ({"iso_secretary"}, state, FREE) for state in ("draft", "returned")},
        ("submitted", "confirm"): ({"iso_secretary"}, "accepted", FREE),
        **{(state, "return_paper"): ({"iso_secretary"}, "returned", FREE) for state in ("submitted", "accepted")},
        **{(state, "reroute"): ({"clock"}, state, FREE) for state in ("submitted", "accepted")},
        **{(state, "return"): ({"clock"}, "returned", FREE) for state in ("submitted", "accepted")},
        ("submitted", "accept"): ({"clock"}, "accepted", FREE),
        ("accepted", "take_up"): ({"clock"}, "consolidated", FREE),
        ("consolidated", "give_back"): ({"clock"}, "accepted", FREE),
        ("accepted", "leave_out"): ({"clock"}, "left_out", FREE),
    },
    "report_receipt": {
        ("", "receive"): ({"clock"}, "waiting", FREE),
        ("returned", "again"): ({"clock"}, "waiting", FREE),
        **{(state, "return"): (TAKERS, "returned", FREE) for state in ("waiting", "accepted")},
        ("waiting", "accept"): (TAKERS, "accepted", FREE),
        ("accepted", "take_up"): ({"clock"}, "consolidated", FREE),
        ("waiting", "confirm"): ({"clock"}, "accepted", FREE),
        **{(state, "return_paper"): ({"clock"}, "returned", FREE) for state in ("waiting", "accepted")},
        ("consolidated", "give_back"): ({"clock"}, "accepted", FREE),
        ("accepted", "leave_out"): (TAKERS | {"clock"}, "left_out", FREE),
    },
    "handover": {
        ("", "offer"): ({"clock"}, "offered", FREE),
        ("offered", "accept"): ({"steering_head"}, "accepted", FREE),
        ("offered", "decline"): ({"steering_head"}, "declined", FREE),
        ("offered", "hand_over"): ({"clock"}, "offered", FREE),
    },
}
WAITS: dict[str, dict[str, set[str]]] = {
    "unit_decision": {},
    "establishment": {"draft": HEADS},
    "vacant_seat": {"open": SECRETARIES | HEADS},
    "reorganisation": {"draft": HEADS, "hindered": SECRETARIES | HEADS, "halted": SECRETARIES | HEADS},
    "handover": {"offered": {"steering_head"}},
    "year_report": {
        "draft": WRITERS,
        "returned": WRITERS,
        "proposed": {"steering_head"},
        "submitted": {"iso_secretary"},
    },
    "report_receipt": {"waiting": TAKERS},
    "spread": {"open": ASKED},
    "spread_answer": {"asked": ASKED},
}
STATES: dict[str, set[str]] = {
    "unit_decision": {"standing", "revoked"},
    "establishment": {"draft", "in_force", "replaced", "abandoned"},
    "vacant_seat": {"open", "filled", "closed"},
    "reorganisation": {*REORGANISING, "in_effect", "undone"},
    "handover": {"offered", "accepted", "declined"},
    "year_report": {"draft", "proposed", "submitted", "returned", "accepted", "consolidated", "left_out", "lapsed"},
    "report_receipt": {"waiting", "returned", "accepted", "consolidated", "left_out", "lapsed"},
    "spread": {"open", "closed"},
    "spread_answer": {"asked", "found", "none", "outside", "waived"},
}
FINAL: dict[str, set[str]] = {
    "unit_decision": {"revoked"},
    "establishment": {"replaced", "abandoned"},
    "vacant_seat": {"filled", "closed"},
    "reorganisation": {"in_effect", "undone"},
    "handover": {"accepted", "declined"},
    "year_report": {"left_out", "lapsed"},
    "report_receipt": {"left_out", "lapsed"},
    "spread": {"closed"},
    "spread_answer": {"found", "none", "outside", "waived"},
}
PUBLIC: dict[str, set[str]] = {
    "unit_decision": {"standing", "revoked"},
    "establishment": {"in_force", "replaced"},
    "vacant_seat": {"open", "filled", "closed"},
    "reorganisation": {"decided", "hindered", "applying", "halted", "in_effect", "undone"},
    "handover": {"offered", "accepted", "declined"},
    "year_report": {"submitted", "returned", "accepted", "consolidated", "left_out"},
    "report_receipt": {"lapsed"},
    "spread": set(),
    "spread_answer": {"asked", "found", "none", "outside", "waived"},
}
