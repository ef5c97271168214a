"""The auditor's day and what follows: findings on a phone, 5 whys, a plan that fails, the next cycle, its closure."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import Page, expect

from capa.models import Action, Car, Finding, Round
from documents.models import DocumentVersion
from tests import factories
from tests.browser.town import act, log_in, look, town
from tests.capa import records
from tests.people import World
from workflows import engine, ticking
from workflows.models import Record

NOTES = {
    "minor": ("7.5", "Bản in tại quầy đã hết hiệu lực."),
    "major": ("8.5", "Bảy hồ sơ quá hạn không có văn bản xin lỗi."),
    "observation": ("7.5", "Nhãn cặp hồ sơ ghi thiếu thời hạn lưu."),
}


def visit(page: Page, site: str, world: World, owner: Round) -> None:
    page.goto(f"{site}/rounds/{owner.pk}/units/{world.unit('hctp').pk}/?part=all")


def record_finding(page: Page, result: str) -> None:
    """Write one finding outside the checklist, with a thumb."""
    clause, statement = NOTES[result]
    row = page.locator("article.check").last
    row.locator(f"label.result-{result}").click()
    row.locator("input[name=clause]").fill(clause)
    row.locator("textarea[name=requirement]").fill("Tài liệu tại nơi dùng phải là bản đang có hiệu lực.")
    row.locator("textarea[name=statement]").fill(statement)
    row.locator("input[name=sampled]").fill("10 hồ sơ trong tuần")
    row.locator("textarea[name=evidence_text]").fill("Ảnh chụp; 4 trong 10 hồ sơ sai mẫu.")
    row.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.locator("main")).to_contain_text(statement)


def test_three_findings_from_a_phone_to_their_papers(page: Page, site: str) -> None:
    world = town()
    factories.in_force(world)
    owner = records.audit_round(world, "in_progress")
    page.set_viewport_size({"width": 390, "height": 844})
    log_in(page, site, "binh")
    visit(page, site, world, owner)
    look(page, "checklist")
    for result in NOTES:
        record_finding(page, result)
        visit(page, site, world, owner)
    for finding in Finding.objects.filter(round=owner):
        page.goto(f"{site}{finding.get_absolute_url()}")
        act(page, "Trình bày với đơn vị")
        expect(page.locator("main")).to_contain_text("Đã thực hiện")
    log_in(page, site, "minh")
    page.goto(f"{site}/inbox/")
    expect(page.locator(".queue a")).to_have_count(3)
    look(page, "inbox-findings")
    for finding in Finding.objects.filter(round=owner):
        page.goto(f"{site}{finding.get_absolute_url()}")
        if finding.result == "major":
            act(page, "Không đồng ý", "Chậm do cơ quan khác")
        else:
            act(page, "Xác nhận")
        expect(page.locator("main")).to_contain_text("Đã thực hiện")
    log_in(page, site, "quang")
    page.goto(f"{site}{Finding.objects.get(result='major').get_absolute_url()}")
    act(page, "Giữ nguyên phát hiện", "Vẫn phải xin lỗi và hẹn lại")
    log_in(page, site, "binh2")
    for finding in Finding.objects.filter(round=owner):
        page.goto(f"{site}{finding.get_absolute_url()}")
        name = "Lập điểm lưu ý" if finding.result == "observation" else "Lập phiếu khắc phục"
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("main")).not_to_contain_text("Bạn không")
    assert sorted(Finding.objects.values_list("state", flat=True)) == ["raised"] * 3
    assert sorted(Car.objects.values_list("severity", flat=True)) == ["major", "minor"]
    page.goto(f"{site}/rounds/{owner.pk}/")
    look(page, "round")
    page.goto(f"{site}/audits/{owner.programme_id}/")
    look(page, "programme")


def step(page: Page, site: str, who: str, record: Record, label: str, **fields: str) -> None:
    """One step of a record by its dialog, as one person; fields by name."""
    log_in(page, site, who)
    page.goto(f"{site}{record.get_absolute_url()}")
    page.locator(".action-bar").get_by_text(label, exact=True).click()
    dialog = page.locator("dialog[open]")
    for name, value in fields.items():
        field = dialog.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    dialog.get_by_role("button", name=label, exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã thực hiện")


def analyse_and_plan(page: Page, site: str, world: World, car: Car, document: str = "") -> None:
    """Five whys and a plan in their editors, verified, approved and begun."""
    log_in(page, site, "lan")
    page.goto(f"{site}/cars/{car.pk}/analysis/")
    page.fill("[name=whys-0-text]", "Bản cũ và bản mới để cùng một ngăn")
    page.fill("[name=whys-0-evidence]", "Ảnh chụp ngăn tài liệu")
    page.get_by_role("button", name="Vì sao 1 như vậy?").click()
    page.fill("[name=whys-1-text]", "Không ai được giao bỏ bản cũ")
    page.fill("[name=whys-1-evidence]", "Bảng phân công")
    page.fill("[name=root]", "Quy trình không giao việc bỏ bản cũ cho ai")
    page.select_option("[name=category]", "procedure")
    page.fill("[name=similar]", "Đã xem hai quầy khác")
    look(page, "analysis")
    page.get_by_role("button", name="Lưu", exact=True).click()
    step(
        page, site, "minh", car, "Kiểm chứng nguyên nhân",
        method="interview", evidence_text="Hỏi ba người phụ trách",
    )  # fmt: skip
    log_in(page, site, "lan")
    page.goto(f"{site}/cars/{car.pk}/plan/")
    page.fill("[name=actions-0-what]", "Lập sổ theo dõi bản in")
    page.select_option("[name=actions-0-assignee]", str(world.lan.pk))
    page.fill("[name=actions-0-due]", f"{records.in_days(5):%d/%m/%Y}")
    if document:
        if not page.locator("[name=documents-0-document]").count():
            page.locator("button[value='add:documents']").click()
        page.select_option("[name=documents-0-document]", document)
        page.fill("[name=documents-0-what]", "Thêm việc bỏ bản cũ")
    page.fill("[name=measure-what]", "Hồ sơ dùng đúng mẫu")
    page.locator("[name=measure-kind]").first.evaluate("f => f.tagName") == "SELECT" and page.select_option(
        "[name=measure-kind]", "cases"
    )
    page.fill("[name=measure-number]", "10")
    page.fill("[name=measure-target]", "10/10 hồ sơ đúng")
    look(page, "plan")
    page.get_by_role("button", name="Lưu", exact=True).click()
    step(page, site, "minh", car, "Trình kế hoạch")
    car.refresh_from_db()
    step(page, site, "tuan" if car.severity == "major" else "quang", car, "Duyệt kế hoạch")
    step(page, site, "hoa", car, "Cử người kiểm tra, bắt đầu thực hiện", verifier=str(world.binh.pk))


def carry_out(page: Page, site: str, car: Car) -> None:
    """The one action done by its person, and the unit's report."""
    task = Action.objects.get(car=car)
    today = f"{timezone.localdate():%d/%m/%Y}"
    step(page, site, "lan", task, "Báo đã làm xong", done_on=today, evidence_text="Sổ đã lập")
    step(page, site, "minh", car, "Báo đã thực hiện xong")


JUDGED = {"method": "sample", "exposures": "12"}


def test_a_plan_that_fails_the_next_cycle_and_its_closure(page: Page, site: str) -> None:
    world = town()
    document = records.fresh_document(world)
    car = records.car(world, "issued")
    step(page, site, "minh", car, "Nhận phiếu")
    step(page, site, "lan", car, "Ghi khắc phục tức thời", correction="Đã thu hồi bản in cũ")
    analyse_and_plan(page, site, world, car)
    carry_out(page, site, car)
    step(page, site, "binh", car, "Không có hiệu lực", **JUDGED, evidence_text="3 trong 12 hồ sơ vẫn sai")
    car.refresh_from_db()
    following = Car.objects.get(predecessor=car)
    assert (car.state, following.state, following.severity) == ("reissued", "issued", "major")
    page.goto(f"{site}{car.get_absolute_url()}")
    expect(page.locator("main")).to_contain_text(following.number)

    step(page, site, "minh", following, "Nhận phiếu")
    step(page, site, "lan", following, "Ghi khắc phục tức thời", correction="Thu hồi lần nữa")
    analyse_and_plan(page, site, world, following, str(document.pk))
    step(page, site, "lan", following, "Mở bản sửa đổi tài liệu", document=str(document.pk))
    carry_out(page, site, following)
    step(page, site, "binh", following, "Có hiệu lực", **JUDGED, evidence_text="12 trong 12 hồ sơ đúng")
    log_in(page, site, "tuan")
    page.goto(f"{site}/inbox/")
    page.locator(".queue a").first.click()
    look(page, "inbox-closing")
    act(page, "Đóng phiếu")
    expect(page.locator("main")).to_contain_text("chưa có bản sửa đổi có hiệu lực")

    draft = DocumentVersion.objects.get(document=document, state="draft")
    for _target, action, name in factories.PATH[:-1]:
        draft = engine.fire(draft, action, by=world.people[name or ""], **factories.answers(action))
    ticking.tick(timezone.now())
    step(page, site, "tuan", following, "Đóng phiếu")
    following.refresh_from_db()
    assert following.state == "closed"
    page.goto(f"{site}{following.get_absolute_url()}")
    look(page, "car")
    page.goto(f"{site}/cars/figures/")
    look(page, "figures")
