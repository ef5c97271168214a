"""Models of audits and corrective action."""

from capa.models.action import Action
from capa.models.car import Car
from capa.models.demand import Demand
from capa.models.finding import Finding
from capa.models.observation import Observation
from capa.models.programme import Programme, Round, Visit

__all__ = ["Action", "Car", "Demand", "Finding", "Observation", "Programme", "Round", "Visit"]
