"""Addresses of audits and corrective action."""

from __future__ import annotations

from django.urls import URLPattern, path

from capa.views import (
    action,
    analysis,
    car,
    cars,
    checklist,
    figures,
    finding,
    plan,
    programme,
    reporting,
    round,  # noqa: A004 - an audit round
    round_plan,
)

app_name = "capa"

urlpatterns: list[URLPattern] = [
    path("cars/", cars.cars, name="cars"),
    path("cars/new/", reporting.new, name="car_new"),
    path("cars.xlsx", figures.cars_xlsx, name="cars_xlsx"),
    path("cars/figures/", figures.page, name="figures"),
    path("cars/figures.xlsx", figures.page_xlsx, name="figures_xlsx"),
    path("cars/<uuid:pk>/", car.car, name="car"),
    path("cars/<uuid:pk>/analysis/", analysis.edit, name="car_analysis"),
    path("cars/<uuid:pk>/plan/", plan.edit, name="car_plan"),
    path("cars/<uuid:pk>/pdf/", car.pdf, name="car_pdf"),
    path("actions/<uuid:pk>/", action.action, name="action"),
    path("audits/", programme.programmes, name="programmes"),
    path("audits/new/", programme.programme_new, name="programme_new"),
    path("audits/<uuid:pk>/", programme.programme, name="programme"),
    path("audits/<uuid:pk>/edit/", programme.programme_edit, name="programme_edit"),
    path("audits/<uuid:pk>/rounds/new/", round_plan.round_new, name="round_new"),
    path("rounds/<uuid:pk>/", round.round_page, name="round"),
    path("rounds/<uuid:pk>/edit/", round_plan.round_edit, name="round_edit"),
    path("rounds/<uuid:pk>/teams/", round_plan.round_teams, name="round_teams"),
    path("rounds/<uuid:pk>/write/", round.round_write, name="round_write"),
    path("rounds/<uuid:pk>/report/", round.round_report, name="round_report"),
    path("rounds/<uuid:pk>/report/pdf/", round.round_pdf, name="round_pdf"),
    path("rounds/<uuid:pk>/units/<int:unit>/", checklist.visit, name="visit"),
    path("rounds/<uuid:pk>/units/<int:unit>/answer/", checklist.visit_answer, name="visit_answer"),
    path("rounds/<uuid:pk>/units/<int:unit>/settle/", checklist.visit_settle, name="visit_settle"),
    path("findings/<uuid:pk>/", finding.finding, name="finding"),
    path("findings/<uuid:pk>/revise/", finding.finding_revise, name="finding_revise"),
    path("findings/<uuid:pk>/car/", finding.finding_car, name="finding_car"),
    path("findings/<uuid:pk>/observation/", finding.finding_observation, name="finding_observation"),
    path("observations/<uuid:pk>/", finding.observation, name="observation"),
]
