"""Models of audits and corrective action."""

from capa.models.action import Action
from capa.models.car import Car
from capa.models.demand import Demand
from capa.models.finding import Finding
from capa.models.inspection import Inspection
from capa.models.inspection_plan import InspectionPlan, TeamMember
from capa.models.inspection_rows import EvidencePack, InspectionFinding, Judgement, SeenAddress
from capa.models.objective import Measurement, Objective, ObjectiveSet
from capa.models.observation import Observation
from capa.models.programme import Programme, Round, Visit
from capa.models.register import Certificate, Provider
from capa.models.report import YearReport
from capa.models.report_receipt import ReportReceipt
from capa.models.report_rows import ReportContent
from capa.models.review import InputText, Output, Pack, Review
from capa.models.rollup import AgencyFacts, ReportedTotal, Snapshot, Touched
from capa.models.scoring import Points, ScoringTemplate, SelfScore
from capa.models.spread import Spread, SpreadAnswer

GOVERNED = (
    Programme,
    Round,
    Finding,
    Car,
    Action,
    Observation,
    ObjectiveSet,
    Objective,
    Review,
    Output,
    ScoringTemplate,
    InspectionPlan,
    Inspection,
    SelfScore,
    Spread,
    SpreadAnswer,
    YearReport,
    ReportReceipt,
)
"""What the kernel governs of this app, in the order of its lists."""

__all__ = [
    "GOVERNED",
    "Action",
    "AgencyFacts",
    "Car",
    "Certificate",
    "Demand",
    "EvidencePack",
    "Finding",
    "InputText",
    "Inspection",
    "InspectionFinding",
    "InspectionPlan",
    "Judgement",
    "Measurement",
    "Objective",
    "ObjectiveSet",
    "Observation",
    "Output",
    "Pack",
    "Points",
    "Programme",
    "Provider",
    "ReportContent",
    "ReportReceipt",
    "ReportedTotal",
    "Review",
    "Round",
    "ScoringTemplate",
    "SeenAddress",
    "SelfScore",
    "Snapshot",
    "Spread",
    "SpreadAnswer",
    "TeamMember",
    "Touched",
    "Visit",
    "YearReport",
]
