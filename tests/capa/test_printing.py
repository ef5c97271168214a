"""The two papers as PDF: every word is on them, as it was written, in our fonts, the same each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capa.fishbone import svg
from capa.printing import (
    FONTS,
    PAPERS,
    Action,
    AuditReport,
    CarForm,
    Cause,
    Correction,
    Description,
    Finding,
    Letterhead,
    Member,
    PaperError,
    Plan,
    Signer,
    Why,
    audit_report_pdf,
    car_form_pdf,
)
from tests.capa.car_sample import CAR
from tests.capa.pdfs import fonts, pages, printed, reader, squeezed
from tests.capa.report_sample import MAJOR, MINOR, NOTE, REPORT
from tests.capa.samples import full_analysis
from tests.real_data import naughty_strings

HEAD = Letterhead(agency="Sở Tư pháp")
EMPTY_CAR, EMPTY_REPORT = CarForm(head=HEAD), AuditReport(head=HEAD)
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwzáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
SIGNS = "0123456789 .,:;!?…-–—/()[]{}<>“”‘’\"'#$%&*+=@\\^_`|~§°±×÷≤≥≠→•€₫½²³"
PARTS = [
    "1. Mô tả sự không phù hợp",
    "2. Khắc phục tức thời",
    "3. Phân tích nguyên nhân",
    "4. Kế hoạch hành động khắc phục",
    "5. Thực hiện",
    "6. Kiểm tra hiệu lực",
    "7. Đóng phiếu",
    "Lịch sử ký duyệt",
]
SECTIONS = [
    "I. THÔNG TIN CHUNG",
    "II. ĐIỂM MẠNH",
    "III. CÁC PHÁT HIỆN ĐÁNH GIÁ",
    "IV. TỔNG HỢP SỐ LƯỢNG PHÁT HIỆN",
    "V. KẾT LUẬN",
    "VI. KIẾN NGHỊ",
    "Nơi nhận:",
]
MARKUP = [
    "#panic()",
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "$ sum_(i=0)^n $",
    "*đậm* _nghiêng_ `mã` = Tiêu đề",
    "\\ \\u{41} \\n \\",
    "<nhãn> @nhãn // hết /* hết */",
    "] ) } [ ( {",
    '"; #let x = 1; "',
    "-- --- ... ~ - + / :",
    "http://example.com/?a=1&b=2#c",
    "{{ 1 }} {% if %} ${x} %s %(y)s",
    "<script>alert(1)</script>",
    "\\u0022 \\\" '",
]


def strings(value: Any) -> Iterator[str]:
    """Every text in a paper's data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def missing(paper: CarForm | AuditReport, text: str, *, but: str = "") -> list[str]:
    """Texts of the paper that are not on it, in whatever case it prints them."""
    text = text.casefold()
    return [it for it in strings(asdict(paper)) if it != but and squeezed(it.rstrip(";.")).casefold() not in text]


def everywhere(text: str) -> CarForm:
    """A form with this text in every kind of place."""
    return replace(
        CAR,
        head=replace(CAR.head, agency=text, place=text, form_code=text),
        number=text,
        unit=text,
        description=Description(requirement=text, raised_by=text),
        corrections=(Correction(action=text, by=text),),
        cause=Cause(whys=(Why(number=text, answer=text, evidence=text, root=True),)),
        plan=Plan(actions=(Action(what=text, evidence=text),)),
    )


def report_of(text: str) -> AuditReport:
    """A report with this text in every kind of place."""
    return AuditReport(
        head=replace(HEAD, superior=text),
        subject=text,
        criteria=(text, text),
        team=(Member(name=text),),
        units=(text,),
        strengths=text,
        findings=(Finding(finding_class=text, clause=text, statement=text),),
        signers=(Signer(capacity=text, name=text), Signer(name=text)),
        distribution=(text,),
    )


# ---- What is on them ------------------------------------------------------------------------------------------------


def test_the_form_says_everything_in_it() -> None:
    pdf = car_form_pdf(CAR)
    assert missing(CAR, printed(pdf), but=CAR.cause.drawing) == []
    for label in ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", *PARTS]:
        assert squeezed(label) in printed(pdf)
    assert squeezed("Lạng Sơn, ngày 09 tháng 3 năm 2026") in printed(pdf)
    assert squeezed("Nguyễn Đức Thịnh, ngày 09/03/2026") in printed(pdf)
    assert squeezed("08:15 09/03/2026") in printed(pdf)
    assert "Đolường" in printed(pdf)  # of the drawing
    assert "\u200b" not in "".join(pages(pdf))  # a code copied from the paper is the code


def test_the_report_says_everything_in_it() -> None:
    pdf = audit_report_pdf(REPORT)
    assert missing(REPORT, printed(pdf)) == []
    for label in ["BÁO CÁO ĐÁNH GIÁ NỘI BỘ", *SECTIONS, "LỊCH SỬ KÝ DUYỆT"]:
        assert squeezed(label) in printed(pdf)
    assert squeezed("từ ngày 02/03/2026 đến ngày 06/03/2026") in printed(pdf)
    assert squeezed("- Lưu: VT, HS đánh giá.") in printed(pdf)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 2), "ngày 02 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_the_date_is_written_as_decree_30_wants(day: date, words: str) -> None:
    assert squeezed(words) in printed(car_form_pdf(replace(EMPTY_CAR, dated=day)))


def test_each_page_of_the_form_tells_its_place() -> None:
    found = pages(car_form_pdf(CAR))
    assert len(found) == 3
    for number, text in enumerate(found, 1):
        assert f"Trang {number}/3" in text
        assert "CAR số: 05/CAR-2026" in text
        assert CAR.head.form_code in text


def test_pages_of_the_report_are_numbered_from_the_second_on() -> None:
    found = pages(audit_report_pdf(REPORT))
    assert len(found) == 3
    assert [re.findall(r"(?m)^\s*([123])\s*$", text)[:1] for text in found] == [[], ["2"], ["3"]]


@pytest.mark.parametrize(
    ("setting", "paper", "labels"), [(car_form_pdf, EMPTY_CAR, PARTS), (audit_report_pdf, EMPTY_REPORT, SECTIONS)]
)
def test_empty_parts_are_left_to_be_filled_in(setting: Any, paper: CarForm | AuditReport, labels: list[str]) -> None:
    text = printed(setting(paper))
    places = [text.index(squeezed(label)) for label in labels]
    assert places == sorted(places)
    ends = [*places[1:], len(text)]
    counts = "IV. TỔNG HỢP SỐ LƯỢNG PHÁT HIỆN"  # nothing found is a figure, not a gap
    undotted = [label for label, start, end in zip(labels, places, ends, strict=True) if "....." not in text[start:end]]
    assert undotted == [label for label in labels if label == counts]


def test_findings_stand_under_their_classes_gravest_first() -> None:
    text = printed(audit_report_pdf(REPORT))
    groups = [squeezed(f"{name} ({count})") for name, count in [(MAJOR, 1), (MINOR, 3), (NOTE, 1)]]
    assert sorted(groups, key=text.index) == groups


def test_findings_are_counted_by_unit_and_by_clause() -> None:
    text = printed(audit_report_pdf(REPORT))
    by_unit, by_clause = text[text.index("1.Theođơnvị") :].split("2.Theođiềukhoản")
    head = squeezed(f"{MAJOR} {MINOR} {NOTE} Cộng")
    rows = "TrungtâmPhụcvụhànhchínhcông0213 PhòngHànhchính-Tổchức1001 TổVănthư0101 Cộng1315"
    assert by_unit == squeezed(f"1. Theo đơn vị Đơn vị {head} {rows}")
    assert by_clause.startswith(squeezed(f"Điều khoản {head} 7.5.3 0202 8.5.1 0011 8.5.10 0101 9.1.3 1001 Cộng 1315"))


def test_what_was_not_announced_is_counted_all_the_same() -> None:
    found = (Finding(finding_class="Lạ", unit="Phòng B", clause="Phụ lục"), Finding(finding_class="Lạ"))
    text = printed(audit_report_pdf(replace(REPORT, findings=found)))
    assert squeezed(f"Đơn vị {MAJOR} {MINOR} {NOTE} Lạ Cộng") in text
    assert squeezed("Phòng B 00011 (không ghi) 00011 Cộng 00022") in text
    assert squeezed("(không ghi) 00011 Phụ lục 00011") in text


def test_several_signers_stand_side_by_side_above_the_distribution() -> None:
    signers = (*REPORT.signers, Signer(capacity="KT. TRƯỞNG BAN\nPhó Trưởng ban", name="Trần Văn Khải"))
    text = printed(audit_report_pdf(replace(REPORT, signers=signers)))
    assert text.index(squeezed("PHÓ TRƯỞNG BAN")) < text.index("TrầnVănKhải") < text.index(squeezed("Nơi nhận:"))


# ---- Text is text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_and_not_obeyed(text: str) -> None:
    form = printed(car_form_pdf(everywhere(text)))
    assert form.count(squeezed(text)) >= 10
    report = printed(audit_report_pdf(report_of(text)))
    assert report.count(squeezed(text)) >= 8


@settings(max_examples=15, deadline=None)
@given(st.text("#$\\*_`<>@[]{}()\"'/-~=+:;.,!? \t\naĐệ1", max_size=60))
def test_any_text_is_printed_sign_for_sign(text: str) -> None:
    pdf = car_form_pdf(replace(EMPTY_CAR, unit=f"Bắt đầu{text}Kết thúc"))
    assert f"Bắtđầu{squeezed(text)}Kếtthúc" in squeezed(reader(pdf).pages[0].extract_text())


def test_naughty_strings_break_no_paper() -> None:
    texts = naughty_strings()
    findings = tuple(Finding(finding_class=MINOR, clause=text[:200], statement=text) for text in texts)
    pdf = audit_report_pdf(replace(REPORT, findings=findings, strengths="\n".join(texts)))
    assert len(reader(pdf).pages) > 3
    assert fonts(pdf) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}


@pytest.mark.parametrize("text", ["chữ viết ", "ABCDEFGHIJ", "QT-12/UBND.", "dòng~\n", "Đ~\t"])
def test_20_000_characters_flow_over_the_pages(text: str) -> None:
    times = 20_000 // len(text)
    pdf = car_form_pdf(replace(EMPTY_CAR, description=Description(statement=(text * times).strip())))
    found = pages(pdf)
    total = len(found)
    assert total > 5
    assert all(f"Trang {number}/{total}" in page for number, page in enumerate(found, 1))
    assert squeezed("".join(page.partition("CAR số")[0] for page in found)).count(squeezed(text)) == times
    assert all(squeezed(label) in squeezed("".join(found)) for label in PARTS)


def test_a_cell_of_20_000_characters_flows_over_the_pages() -> None:
    form = replace(EMPTY_CAR, corrections=(Correction(action="chữ " * 5000, by="Vũ Quỳnh Trang"),))
    found = pages(car_form_pdf(form))
    assert len(found) > 7
    assert "".join(found).count("chữ") == 5000
    assert all("Việc khắc phục" in page for page in found[1:7])  # the table's head, again


@pytest.mark.parametrize("letter", ["M", ".", "/", "1", "Ậ", ")", "a."])
def test_nothing_runs_over_the_edge_of_a_narrow_column(letter: str) -> None:
    """A run without a space breaks, so that as many lines are printed as its column needs."""
    run = letter * (300 // len(letter))
    pdf = car_form_pdf(replace(EMPTY_CAR, cause=Cause(whys=(Why(number=run, answer=run),))))
    lines = [line for page in pages(pdf) for line in page.splitlines() if squeezed(line).startswith(letter * 2)]
    assert max(len(squeezed(line)) for line in lines) < 110
    assert len(lines) > 25


def test_blank_lines_are_squeezed_to_one() -> None:
    form = replace(EMPTY_CAR, description=Description(statement="đầu" + "\n" * 5000 + "cuối"))
    assert len(pages(car_form_pdf(form))) == len(pages(car_form_pdf(EMPTY_CAR)))


# ---- Fonts ----------------------------------------------------------------------------------------------------------


def test_only_our_fonts_are_embedded() -> None:
    assert fonts(car_form_pdf(CAR)) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert fonts(audit_report_pdf(REPORT)) == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}


def test_every_letter_is_in_each_weight() -> None:
    """A letter that a font lacks would come back as an empty sign. Place is italic, agency bold capitals."""
    letters = LETTERS + LETTERS.upper() + SIGNS
    form = replace(CAR, head=replace(HEAD, agency=letters, place=letters), unit=letters)
    text = printed(car_form_pdf(form))
    assert text.count(squeezed(letters)) == 2
    assert squeezed(letters.upper()) in text
    assert "\x00" not in text


def test_the_font_files_are_small_and_bring_their_licence() -> None:
    files = sorted(FONTS.glob("*.ttf"))
    assert [file.stem for file in files] == ["Tinos-Bold", "Tinos-BoldItalic", "Tinos-Italic", "Tinos-Regular"]
    assert all(file.stat().st_size <= 256 * 1024 for file in files)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text()


# ---- The file -------------------------------------------------------------------------------------------------------


def test_the_same_data_give_the_same_bytes() -> None:
    assert car_form_pdf(CAR) == car_form_pdf(CAR)
    assert audit_report_pdf(REPORT) == audit_report_pdf(REPORT)


def test_the_file_has_no_time_but_the_one_given() -> None:
    form = replace(CAR, head=replace(CAR.head, printed_on=date(2026, 7, 1)))
    assert not {"/CreationDate", "/ModDate"} & (reader(car_form_pdf(CAR)).metadata or {}).keys()
    told = reader(car_form_pdf(form)).metadata
    assert told is not None
    assert str(told["/CreationDate"]).startswith("D:20260701")
    assert squeezed("In ngày 01/07/2026") in printed(car_form_pdf(form))


def test_the_file_names_itself_for_screen_readers() -> None:
    pdf = reader(car_form_pdf(CAR))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Phiếu yêu cầu hành động khắc phục 05/CAR-2026"
    assert pdf.metadata.author == CAR.head.agency
    assert str(pdf.root_object["/Lang"]).startswith("vi")
    assert "/StructTreeRoot" in pdf.root_object


def test_pages_are_a4() -> None:
    box = reader(audit_report_pdf(REPORT)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)


def test_the_fishbone_is_printed_in_our_font() -> None:
    drawing = svg(full_analysis(), "Trễ hạn 3 ngày")
    pdf = car_form_pdf(replace(EMPTY_CAR, cause=Cause(drawing=drawing)))
    assert "Trễhạn3ngày" in printed(pdf)
    assert "Thiếtbị,phầnmềm" in printed(pdf)
    assert fonts(pdf) == {"Tinos", "Tinos-Bold", "Tinos-Italic"}


def test_a_tall_drawing_is_made_to_fit() -> None:
    tall = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 9000"><rect width="9" height="9000"/></svg>'
    assert len(pages(car_form_pdf(replace(EMPTY_CAR, cause=Cause(drawing=tall))))) == 3


@pytest.mark.parametrize(
    "drawing",
    [
        "không phải hình",
        "<svg",
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd.png"/></svg>',
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://127.0.0.1/a.png"/></svg>',
        '<!DOCTYPE s [<!ENTITY a "&b;"><!ENTITY b "&a;">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    ],
)
def test_what_is_no_drawing_is_refused(drawing: str) -> None:
    with pytest.raises(PaperError):
        car_form_pdf(replace(EMPTY_CAR, cause=Cause(drawing=drawing)))


def test_papers_need_nothing_from_outside() -> None:
    imports = {
        target for file in PAPERS.glob("*.typ") for target in re.findall(r"#(?:import|include) (\S+)", file.read_text())
    }
    assert imports == {'"frame.typ":'}
