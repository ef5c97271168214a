"""Addresses of the yearly cycle and of audits, and who reads what stands there: rows of ``tests.test_urls_by_role``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.capa import inspected, yearly
from tests.people import HOLDERS, World

IN_FORCE = frozenset({*HOLDERS.values(), "mai", "hung", "cao"})
ATTENDING = frozenset({"hoa", "quang", "tuan", "phuc", "giup", "binh2"})
SETTERS = frozenset({"hoa", "quang", "tuan", "giup", "binh", "binh2", "minh", "hung"})

PLANNERS = frozenset({"daumoi", "doan"})
SCORERS = frozenset({"hoa", "quang", "tuan"})

INSPECTION_LISTS = {
    "capa:inspections", "capa:pack_check", "inspection_plans_list", "inspections_list", "scoring_templates_list",
    "self_scores_list",
}  # fmt: skip
LISTS = INSPECTION_LISTS | {
    "capa:objectives",
    "objective_sets_list",
    "objectives_list",
    "capa:reviews",
    "reviews_list",
    "outputs_list",
    "capa:certificates",
    "capa:providers",
    "certificates_list",
    "providers_list",
}
FORMS = ("capa:objectives_new", "capa:review_new")
"""For the secretary alone."""
LISTS |= {"capa:spreads", "spreads_list", "spread_answers_list"}
LISTS |= {"capa:year_reports", "year_reports_list", "report_receipts_list"}
ELSEWHERE = {
    "capa:isoyear", "capa:isoyear_behind", "capa:inspection_plan_new", "capa:scoring_template_new",
    "capa:self_score_live", "capa:self_score_live_behind", "capa:inspection_edit", "capa:inspection_pack",
    "capa:self_score_pack", "inspections_pack", "self_scores_pack", "capa:inspection", "inspections_detail",
    "capa:inspection_behind", "capa:inspection_target_many",
    "capa:scoring_template", "scoring_templates_detail", "capa:inspection_judge", "capa:inspection_score",
}  # fmt: skip
ELSEWHERE |= {"capa:rollup", "capa:rollup_behind", "figures_list", "figures_behind"}
ELSEWHERE |= {
    "capa:rollup_file", "capa:rollup_freeze", "capa:reported_new", "capa:snapshots", "capa:snapshot",
    "capa:snapshot_file", "capa:snapshot_behind",
}  # fmt: skip
"""Tested beside their screens."""
ELSEWHERE |= {"capa:spread", "capa:spread_new", "capa:spread_answer", "spreads_detail", "spread_answers_detail"}
ELSEWHERE |= {
    "capa:year_report", "capa:year_report_new", "capa:year_report_write", "capa:year_report_consolidate",
    "capa:year_report_behind", "capa:year_report_file", "capa:report_receipt", "year_reports_detail",
    "report_receipts_detail", "year_reports_file",
}  # fmt: skip
POSTED = {"inspection_plans_inspections", "objective_sets_objectives", "reviews_outputs"}

AUDIT_FORMS = {
    "capa:programme_new", "capa:programme_edit", "capa:round_new", "capa:round_edit", "capa:round_teams",
    "capa:round_write", "capa:round_report", "capa:round_pdf", "capa:visit", "capa:finding_revise",
}  # fmt: skip
AUDIT_DEEDS = {"capa:visit_answer", "capa:visit_settle", "capa:finding_car", "capa:finding_observation"}
VISITORS = frozenset({"binh", "binh2", "minh", "hoa", "quang", "tuan", "giup"})
CAR = {"minh", "lan", "hoa", "quang", "tuan", "binh", "binh2", "giup", "uyvien"}

ROWS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("capa:programme_edit", "draft", frozenset({"hoa"})),
    ("capa:round_new", "draft", frozenset({"hoa"})),
    ("capa:round_edit", "planned", frozenset({"hoa"})),
    ("capa:round_teams", "planned", frozenset({"hoa"})),
    ("capa:round_write", "report", frozenset({"binh2"})),
    ("capa:finding_revise", "recorded", frozenset({"binh", "binh2"})),
    ("rounds_proposal", "planned", frozenset({"binh", "binh2", "hoa", "quang", "tuan", "giup"})),
    ("capa:programme", "programme", IN_FORCE),
    ("capa:round", "round", IN_FORCE),
    ("capa:round_report", "signed", IN_FORCE),
    ("capa:round_pdf", "signed", IN_FORCE),
    ("programmes_detail", "programme", IN_FORCE),
    ("rounds_detail", "round", IN_FORCE),
    ("capa:objectives_year", "objectives_draft", SETTERS),
    ("capa:objectives_year", "objectives", IN_FORCE),
    ("objective_sets_detail", "objectives", IN_FORCE),
    ("capa:objectives_edit", "objectives_draft", frozenset({"hoa"})),
    ("capa:objective_new", "objectives_draft", frozenset({"hoa", "minh", "hung"})),
    ("capa:objective", "objective", IN_FORCE),
    ("objectives_detail", "objective", IN_FORCE),
    ("capa:objective_edit", "objective_draft", frozenset({"hoa", "minh"})),
    ("capa:objective_behind", "behind", IN_FORCE),
    ("capa:review", "review", ATTENDING),
    ("capa:review", "review_issued", IN_FORCE),
    ("capa:review_behind", "review_figure", ATTENDING),
    ("capa:review_edit", "review", frozenset({"hoa"})),
    ("capa:review_write", "review_held", frozenset({"hoa"})),
    ("capa:review_pdf", "review_issued", IN_FORCE),
    ("capa:review_docx", "review_issued", IN_FORCE),
    ("reviews_notice", "review_paper", IN_FORCE),
    ("reviews_detail", "review", ATTENDING),
    ("capa:output_new", "review_held", frozenset({"hoa"})),
    ("capa:output", "output", IN_FORCE),
    ("outputs_detail", "output", IN_FORCE),
    ("capa:output_edit", "output_planned", frozenset({"hoa"})),
    ("capa:inspection_plan", "inspection_plan", IN_FORCE),
    ("inspection_plans_detail", "inspection_plan", IN_FORCE),
    ("capa:inspection_ranking", "inspection_plan", IN_FORCE),
    ("capa:inspection_target_new", "inspection_plan", PLANNERS),
    ("capa:inspection_plan_edit", "inspection_plan_draft", frozenset({"daumoi"})),
    ("capa:scoring_template_edit", "scoring_template_draft", frozenset({"daumoi"})),
    ("capa:self_score", "self_score", SCORERS),
    ("self_scores_detail", "self_score", SCORERS),
    ("capa:self_score_behind", "self_score_figure", SCORERS),
    ("capa:self_score_write", "self_score", frozenset({"hoa", "quang"})),
)
"""Name of the address, kind of record, readers; forms stand open to whom the step is open, as the record stands."""

MAKERS: dict[str, Callable[[World], list[Any]]] = {
    "objectives": lambda world: [yearly.objectives(world, "running").pk],
    "objectives_draft": lambda world: [yearly.objectives(world).pk],
    "objective": lambda world: [yearly.objective(world, "running").pk],
    "objective_draft": lambda world: [yearly.objective(world).pk],
    "review": lambda world: [yearly.review(world).pk],
    "review_held": lambda world: [yearly.review(world, "held").pk],
    "review_issued": lambda world: [yearly.review(world, "conclusions_issued").pk],
    "review_paper": lambda world: [yearly.review(world, "conclusions_issued").pk, "docx"],
    "review_figure": lambda world: [yearly.review(world, "held").pk, "documents"],
    "output": lambda world: [yearly.output(world, "open").pk],
    "output_planned": lambda world: [yearly.output(world).pk],
    "inspection_plan": lambda world: [inspected.plan(world).pk],
    "inspection_plan_draft": lambda world: [inspected.plan(world, "draft").pk],
    "scoring_template_draft": lambda world: [inspected.template(world, "draft").pk],
    "self_score": lambda world: [inspected.self_score(world).pk],
    "self_score_figure": lambda world: [inspected.self_score(world).pk, "documents"],
    "behind": lambda world: [yearly.objective(world, "running", source="living").pk, "part"],
}
"""Arguments of the address of a record of each kind."""
