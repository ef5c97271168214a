"""What the machines of framework models must allow, by hand from domain §1.4, §2.2 and the stories S0.2, S0.6, S4.8."""

from __future__ import annotations

Rule = tuple[set[str], str, set[str]]

FREE: set[str] = set()
PUBLISHERS = {"iso_secretary", "province_coordinator"}
LEADERS = {"iso_secretary", "qmr", "steering_head"}
DRAFTERS = {"drafter", "unit_head", "legal_watch", "iso_secretary"}
CLOCK, HEAD = {"clock"}, {"steering_head"}

RULES: dict[str, dict[tuple[str, str], Rule]] = {
    "model_version": {
        ("", "draft"): (PUBLISHERS, "draft", FREE),
        ("draft", "edit"): (PUBLISHERS, "draft", FREE),
        ("draft", "submit"): (PUBLISHERS, "submitted", FREE),
        ("draft", "abandon"): (PUBLISHERS, "cancelled", FREE),
        ("submitted", "return"): (HEAD, "draft", FREE),
        ("submitted", "publish"): (HEAD, "published", {"draft", "edit", "submit"}),
        ("published", "supersede"): (CLOCK, "superseded", FREE),
    },
    "adoption": {
        ("", "adopt"): (LEADERS, "following", FREE),
        ("following", "fall_behind"): (CLOCK, "behind", FREE),
        ("behind", "settle"): (CLOCK | {"iso_secretary"}, "following", FREE),
        ("following", "leave"): (HEAD, "left", FREE),
        ("behind", "leave"): (HEAD, "left", FREE),
    },
    "adopted_item": {
        ("", "take"): (DRAFTERS, "followed", FREE),
        ("followed", "merge"): (DRAFTERS, "followed", FREE),
        ("followed", "keep"): (DRAFTERS, "kept", FREE),
        ("followed", "drop"): (DRAFTERS, "dropped", FREE),
        ("kept", "drop"): (DRAFTERS, "dropped", FREE),
        ("followed", "release"): (CLOCK, "dropped", FREE),
        ("kept", "release"): (CLOCK, "dropped", FREE),
    },
}

WAITS: dict[str, dict[str, set[str]]] = {
    "model_version": {"draft": PUBLISHERS, "submitted": HEAD},
    "adoption": {"behind": {"iso_secretary"}},
    "adopted_item": {},
}

STATES: dict[str, set[str]] = {
    "model_version": {"draft", "submitted", "published", "superseded", "cancelled"},
    "adoption": {"following", "behind", "left"},
    "adopted_item": {"followed", "kept", "dropped"},
}

FINAL: dict[str, set[str]] = {
    "model_version": {"superseded", "cancelled"},
    "adoption": {"left"},
    "adopted_item": {"dropped"},
}

PUBLIC: dict[str, set[str]] = {
    "model_version": {"published", "superseded"},
    "adoption": {"following", "behind", "left"},
    "adopted_item": {"followed", "kept", "dropped"},
}
