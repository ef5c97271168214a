"""Every address with every persona: who sees what, stated once more by hand; an address missing here is a failure.

200 for those who may read, 403 with the reason for people of the agency who may not, 404 for everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from documents.models import DocumentVersion
from tests import factories
from tests.capa import addresses
from tests.capa import records as audits
from tests.capa.addresses import AUDIT_DEEDS, AUDIT_FORMS, CAR, VISITORS
from tests.documents import modelled_addresses, published
from tests.open_addresses import ACCOUNT, CLOSED_ACCOUNT, OPEN_PAGES, PUBLIC_PAGES
from tests.people import HOLDERS, World
from tests.workflows import attached
from workflows import registry

pytestmark = pytest.mark.once

IN_AGENCY = {*HOLDERS.values(), "mai", "hung"}
EVERYBODY = {*IN_AGENCY, "dung", "xuan", "cao", "root"}
OUTSIDE = {"dung", "xuan", "root"}
"""The foreign department, the commune below, and the superuser without a seat: for them our records do not exist."""

IN_FORCE = {*IN_AGENCY, "cao"}
DRAFT = {"lan", "minh", "hoa", "quang", "tuan", "van", "phuc"}
IMPACT = {"lan", "minh", "hoa", "quang", "phuc", "tuan", "giup", "binh", "binh2"}
PREPARING = {"hoa", "quang", "tuan", "van", "giup", "binh", "binh2"}
WRITERS = {"lan", "minh", "mai", "hung", "hoa", "phuc", "xuan", "dung"}
KEEPERS = {"phuc", "hoa", "dung"}
SEATED = EVERYBODY - {"root"}

LISTS = {
    "guide", "workflows:home", "workflows:deeds", "workflows:inbox", "workflows:people", "workflows:calendar",
    "documents:library", "documents:regulations", "documents:campaigns", "documents:suggest", "notices:list",
    "documents:coverage", "documents:owned", "alarms_list", "capa:programmes", "capa:cars", "capa:figures",
    "capa:figures_xlsx", "capa:cars_xlsx", "notices:dropdown", "notices:newer", "units_list", "seats_list",
    "committees_list", "inbox_list",
    "programmes_list", "rounds_list", "findings_list", "cars_list", "actions_list", "observations_list",
    "machines_list", "versions_list", "impacts_list", "campaigns_list", "regulations_list", "documents_list",
    "notices_list", "api_schema", "api_docs", "workflows:search", "documents:publications", "publications_list",
    "workflows:tree", "tree_list", "establishments_list", "vacant_seats_list",
    "unit_decisions_list", "obligation_rules_list", "reference_sets_list", "workflows:reorganisations",
    "reorganisations_list", "documents:handovers", "handovers_list",
}  # fmt: skip
POST_ONLY = {
    "documents:revise", "documents:relate", "documents:campaign_open", "documents:campaign_widen",
    "documents:campaign_new", "documents:times", "notices:read_all",
    "notices:read", "notices_mark_read", "documents_revise", "set_language", "workflows:inbox_next",
    "programmes_rounds", "rounds_findings", "findings_car", "findings_observation", "campaigns_decide",
}  # fmt: skip
WITH_A_BODY = {
    "set_language", "notices_mark_read", "documents_revise", "programmes_rounds", "rounds_findings", "findings_car",
    "findings_observation", "campaigns_decide",
}  # fmt: skip
POST_ONLY, WITH_A_BODY = POST_ONLY | addresses.POSTED | {*modelled_addresses.POSTED}, WITH_A_BODY | addresses.POSTED
ELSEWHERE = {"api_no_address", "simulations"}
"""Tested with their own kind: an address that is none; one that answers only a filled-in question."""


@dataclass(frozen=True)
class Row:
    """An address of one record: how it is named, and who reads it."""

    name: str
    kind: str
    readers: frozenset[str]
    args: tuple[str, ...] = ()


ROWS = (
    Row("workflows:history", "draft", frozenset(DRAFT), ("version",)),
    Row("workflows:history", "effective", frozenset(IN_FORCE), ("version",)),
    Row("workflows:history", "impact", frozenset(IMPACT), ("impact",)),
    Row("workflows:inbox_item", "draft", frozenset(DRAFT), ("version",)),
    Row("workflows:inbox_item", "impact", frozenset(IMPACT), ("impact",)),
    Row("documents:version", "draft", frozenset(DRAFT)),
    Row("documents:version", "effective", frozenset(IN_FORCE)),
    Row("documents:document", "document", frozenset(IN_FORCE)),
    Row("documents:campaign", "campaign", frozenset(IN_FORCE)),
    Row("documents:sitting", "campaign", frozenset(IN_FORCE)),
    Row("documents:impact", "impact", frozenset(IMPACT)),
    Row("documents:regulation", "regulation", frozenset(SEATED)),
    Row("documents:map", "regulation", frozenset(SEATED)),
    Row("versions_detail", "draft", frozenset(DRAFT)),
    Row("versions_detail", "effective", frozenset(IN_FORCE)),
    Row("documents_detail", "document", frozenset(IN_FORCE)),
    Row("documents:publication", "publication", frozenset(IN_FORCE)),
    Row("documents:publication", "preparing", frozenset(PREPARING)),
    Row("publications_detail", "publication", frozenset(IN_FORCE)),
    Row("publications_detail", "preparing", frozenset(PREPARING)),
    *(Row(name, kind, frozenset({*IN_FORCE, "xuan"})) for name, kind in modelled_addresses.READ),
    Row("campaigns_detail", "campaign", frozenset(IN_FORCE)),
    Row("campaigns_sitting", "campaign", frozenset(IN_FORCE)),
    Row("impacts_detail", "impact", frozenset(IMPACT)),
    Row("regulations_detail", "regulation", frozenset(SEATED)),
    Row("regulations_impact", "regulation", frozenset(SEATED)),
    Row("regulations_map", "regulation", frozenset(SEATED)),
)
OTHER = {"documents:edit", "documents:new", "documents:regulation_new", "documents:regulation_edit", "workflows:act",
         "workflows:person", "units_detail", "seats_detail", "committees_detail", "machines_detail", "notices_detail",
         "moves_list"}  # fmt: skip
OTHER |= {"documents:simulation", "documents:sitting_difference", "campaigns_difference", "documents:publication_new"}
OTHER |= {
    "workflows:unit", "workflows:unit_decide", "units_history", "unit_decisions_detail", "workflows:committee_new",
    "workflows:establishment", "workflows:establishment_edit", "establishments_detail", "workflows:vacant_seat",
    "vacant_seats_detail", "workflows:onboarding",
}  # fmt: skip
OTHER |= modelled_addresses.FORMS
OTHER |= {"documents:coverage_xlsx", "coverage", "reorganisations_detail", "reorganisations_preview"}
OTHER |= {"documents:handover", "handovers_detail"}
OTHER |= {f"workflows:reorganisation{page}" for page in ("", "_new", "_edit", "_choices", "_things")}
OTHER |= AUDIT_FORMS | AUDIT_DEEDS | {"capa:car_new", "rounds_checklist", "search_list"}
OTHER |= {*addresses.FORMS, *addresses.ELSEWHERE}
LISTS |= addresses.LISTS | modelled_addresses.LISTS
"""Tested below or beside their screens, one by one."""


AUDIT_ROWS = (
    Row("capa:finding", "finding", VISITORS),
    Row("capa:observation", "observation", frozenset({"binh2", "minh", "hoa", "quang", "tuan", "giup", "lan"})),
    Row("capa:visit", "visit", VISITORS),
    Row("capa:car", "car", frozenset(CAR)),
    Row("capa:car_pdf", "car", frozenset(CAR)),
    Row("workflows:inbox_item", "car", frozenset(CAR), ("car",)),
    Row("capa:car_analysis", "car", frozenset({"minh", "lan"})),
    Row("capa:car_plan", "car", frozenset({"minh", "lan"})),
    Row("capa:action", "action", frozenset({*CAR, "son", "cua", "phuc", "van"})),
    Row("findings_detail", "finding", VISITORS),
    Row("observations_detail", "observation", frozenset({"binh2", "minh", "hoa", "quang", "tuan", "giup", "lan"})),
    Row("cars_detail", "car", frozenset(CAR)),
    Row("actions_detail", "action", frozenset({*CAR, "son", "cua", "phuc", "van"})),
    Row("workflows:file", "file", frozenset(CAR)),
    Row("files_detail", "file", frozenset(CAR)),
    *(Row(*one) for one in addresses.ROWS),
)


def audit_args(world: World, kind: str) -> list[Any]:
    """Arguments of the address of a record of this kind, of the first department's Hành chính tư pháp."""
    rounds = {"round": "in_progress", "planned": "planned", "report": "findings_agreed", "signed": "report_signed"}
    if kind in rounds:
        return [audits.audit_round(world, rounds[kind]).pk]
    if kind == "visit":
        return [audits.audit_round(world, "in_progress").pk, world.unit("hctp").pk]
    if kind in addresses.MAKERS:
        return addresses.MAKERS[kind](world)
    made: dict[str, Callable[[], Any]] = {
        "programme": lambda: audits.programme(world, "approved"),
        "draft": lambda: audits.programme(world),
        "finding": lambda: audits.finding(world, "acknowledged"),
        "recorded": lambda: audits.finding(world),
        "observation": lambda: audits.observation(world),
        "car": lambda: audits.car(world, "analysis"),
        "action": lambda: audits.action(world),
        "file": lambda: attached.held(audits.car(world, "analysis"), world.lan),
    }
    return [made[kind]().pk]


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Names of every address but the admin's, which has a test of its own."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith("admin"):
                yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"


@pytest.fixture
def records(world: World) -> dict[str, Any]:
    """One record of each kind, all of the first department's Hành chính tư pháp."""
    cited: DocumentVersion = factories.impact(world).version
    published.fit(world, cited)
    declared = published.publication(world)
    return {
        **modelled_addresses.records(world),
        "publication": declared,
        "preparing": published.prepared(world),
        "draft": factories.version(world, "draft"),
        "effective": cited,
        "document": cited.document,
        "impact": cited.impacts.get(),
        "campaign": factories.campaign(world),
        "regulation": factories.regulation(),
    }


def status(world: World, who: str, url: str) -> int:
    """Status of a GET by a persona."""
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(url)
    if answer.streaming:
        list(answer)  # a file stays open until somebody has read it
    return answer.status_code


def test_no_address_is_missing_here() -> None:
    verbs = {f"{table.name}s_{step.action}" for table in registry.machines() for step in table.steps}
    verbs |= {f"{table.name}s_{what}" for table in registry.machines() for what in ("no_action", "upload")}
    stated = OPEN_PAGES | PUBLIC_PAGES | ACCOUNT | CLOSED_ACCOUNT | LISTS | POST_ONLY | OTHER | ELSEWHERE
    stated |= {row.name for row in (*ROWS, *AUDIT_ROWS)}
    assert set(names()) - stated - verbs == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.kind}")
def test_who_reads_a_record(world: World, records: dict[str, Any], row: Row) -> None:
    url = reverse(row.name, args=[*row.args, records[row.kind].pk])
    wrong = {}
    for who in EVERYBODY:
        outside = who in OUTSIDE if row.kind != "regulation" else who == "root"
        expected = 200 if who in row.readers else 404 if outside else 403
        if (got := status(world, who, url)) != expected:
            wrong[who] = (expected, got)
    assert wrong == {}
    assert Client().get(url).status_code == (401 if url.startswith("/api/") else 302)


@pytest.mark.parametrize("row", AUDIT_ROWS, ids=lambda row: f"{row.name}-{row.kind}")
def test_who_reads_an_audit(world: World, row: Row) -> None:
    url = reverse(row.name, args=[*row.args, *audit_args(world, row.kind)])
    got = {who: status(world, who, url) for who in EVERYBODY}
    expected = {who: 200 if who in row.readers else 404 if who in OUTSIDE else 403 for who in EVERYBODY}
    assert {who: (expected[who], code) for who, code in got.items() if code != expected[who]} == {}
    assert Client().get(url).status_code == (401 if url.startswith("/api/") else 302)


def test_audits_are_started_by_the_secretary_and_deeds_are_no_links(world: World) -> None:
    for name in ("capa:programme_new", *addresses.FORMS):
        got = {who: status(world, who, reverse(name)) for who in EVERYBODY}
        assert {who for who, code in got.items() if code == 200} == {"hoa", "dung"}
        assert set(got.values()) == {200, 403}
    visit, finding = audit_args(world, "visit"), audit_args(world, "recorded")
    asked = reverse("rounds_checklist", args=visit[:1]) + f"?unit={visit[1]}"
    got = {who: status(world, who, asked) for who in EVERYBODY}
    assert {who for who, code in got.items() if code == 200} == {
        "binh",
        "binh2",
        "minh",
        "hoa",
        "quang",
        "tuan",
        "giup",
    }
    assert {got[who] for who in OUTSIDE} == {404}
    for name in sorted(AUDIT_DEEDS):
        url = reverse(name, args=visit if "visit" in name else finding)
        assert {status(world, who, url) for who in ("hoa", "binh", "dung")} == {405}, name


def test_lists_are_for_everybody_who_is_logged_in(world: World) -> None:
    for name in sorted(LISTS):
        url = reverse(name)
        some = ("lan", "quang", "son", "dung", "xuan", "cao", "root")
        assert {who: code for who in some if (code := status(world, who, url)) != 200} == {}, name
        anonymous = Client().get(url).status_code
        assert anonymous in ((200, 401) if url.startswith("/api/") else (302,)), name


@pytest.mark.parametrize("name", sorted(POST_ONLY - WITH_A_BODY))
def test_deeds_are_no_links(world: World, records: dict[str, Any], name: str) -> None:
    kinds = {
        "documents:revise": "document",
        "documents:relate": "regulation",
        "documents:campaign_open": "regulation",
        "documents:campaign_widen": "campaign",
        **modelled_addresses.POSTED,
    }
    args = [records[kinds[name]].pk] if name in kinds else [1] if name == "notices:read" else []
    assert status(world, "hoa", reverse(name, args=args)) in (302, 404, 405)


def test_account_pages_that_nobody_needs_do_not_exist(world: World) -> None:
    for name in sorted(CLOSED_ACCOUNT - {"account_confirm_email", "account_reset_password_from_key"}):
        assert Client().get(reverse(name)).status_code in (302, 404), name
        assert status(world, "lan", reverse(name)) == 404, name


def test_who_writes(world: World, records: dict[str, Any]) -> None:
    act, draft = records["regulation"].pk, records["draft"].pk
    pages = {
        reverse("documents:new"): WRITERS,
        reverse("documents:regulation_new"): KEEPERS,
        reverse("documents:regulation_edit", args=[act]): KEEPERS,
    }
    for url, may in pages.items():
        got = {who: status(world, who, url) for who in SEATED}
        assert {who for who, code in got.items() if code == 200} == may, url
        assert {code for who, code in got.items() if who not in may} == {403}, url
    editor = reverse("documents:edit", args=[draft])
    got = {who: status(world, who, editor) for who in EVERYBODY}
    # The secretary may send a draft back, so she reads it; she drafts system documents only, and is refused here.
    editors = {"lan", "minh", "phuc"}
    assert {who for who, code in got.items() if code == 200} == editors
    assert {got[who] for who in OUTSIDE} == {404}
    assert {got[who] for who in EVERYBODY - OUTSIDE - editors} == {403}


def test_a_step_of_a_foreign_record_does_not_exist(world: World, records: dict[str, Any]) -> None:
    url = reverse("workflows:act", args=["version", records["draft"].pk, "submit"])
    assert {status(world, who, url) for who in OUTSIDE} == {404}
    assert status(world, "lan", url) == 200
    assert status(world, "lan", reverse("workflows:act", args=["version", records["draft"].pk, "no_such"])) == 404
    assert status(world, "lan", reverse("workflows:act", args=["no_such", records["draft"].pk, "submit"])) == 404


def test_people_of_other_agencies_are_unknown(world: World) -> None:
    lan, dung = (reverse("workflows:person", args=[world.people[who].pk]) for who in ("lan", "dung"))
    assert {status(world, who, lan) for who in IN_AGENCY | {"cao"}} == {200}
    assert {status(world, who, lan) for who in ("dung", "xuan")} == {404}
    assert status(world, "lan", dung) == 404


def test_the_admin_shows_governed_records_and_changes_none(world: World, records: dict[str, Any]) -> None:
    pages = {
        name: f"/admin/documents/{name}/"
        for name in (
            "documentversion",
            "impactitem",
            "campaign",
            "regulation",
            "publication",
            "modelversion",
            "adoption",
        )
    }
    for url in (*pages.values(), "/admin/workflows/move/"):
        assert status(world, "root", url) == 200
        assert status(world, "root", f"{url}add/") == 403
        assert status(world, "tuan", url) == 302
    client = Client()
    client.force_login(world.people["root"], backend="django.contrib.auth.backends.ModelBackend")
    change = f"{pages['documentversion']}{records['draft'].pk}/change/"
    assert client.get(change).status_code == 200
    assert client.post(change, {"state": "effective"}).status_code == 403
    assert client.post(f"{pages['documentversion']}{records['draft'].pk}/delete/", {"post": "yes"}).status_code == 403
