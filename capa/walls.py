"""What the database itself refuses of this app's rows beside governed records."""

from __future__ import annotations

from capa.models import (
    EvidencePack,
    InputText,
    InspectionFinding,
    Judgement,
    Measurement,
    Pack,
    Points,
    ReportContent,
    ReportedTotal,
    ScoringTemplate,
    SeenAddress,
    Snapshot,
    TeamMember,
)
from workflows.protections import Wall, append_only, kept, written_once

APPENDED = (
    Measurement,
    InputText,
    Pack,
    Judgement,
    InspectionFinding,
    SeenAddress,
    Points,
    EvidencePack,
    Snapshot,
    ReportedTotal,
    ReportContent,
)
MEMBER = ("plan_id", "user_id", "duty", "decision_no", "decision_on", "valid_from")
"""Columns of a team's row that say who was in it, by what; its last day is written once."""
SCORED_BY = ("criteria", "bands", "year", "version", "agency_id")
"""Columns of a template that say how points are given."""


def walls() -> list[Wall]:
    """What was measured, judged, reported to a review, or frozen with it is never rewritten: a correction is a row
    more. Who was in a team stays.
    """
    table, text = TeamMember._meta.db_table, "history is append-only"
    ended = Wall(table, "ended_once", "UPDATE OF valid_to", text, when="OLD.valid_to IS NOT NULL")
    scored = ScoringTemplate._meta.db_table
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in SCORED_BY)
    when = f"OLD.state <> 'draft' AND ({changed})"
    used = Wall(scored, "in_use", f"UPDATE OF {', '.join(SCORED_BY)}", "a template in use is never edited", when=when)
    team = [*written_once(TeamMember, *MEMBER), ended, *kept(TeamMember)]
    return [*(wall for model in APPENDED for wall in append_only(model)), *team, used]
