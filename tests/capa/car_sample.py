"""A CAR form filled in as an agency would."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from capa.printing import (
    Action,
    CarForm,
    Cause,
    Closure,
    Correction,
    Description,
    Letterhead,
    Plan,
    Signature,
    Verification,
    Why,
)

HANOI = timezone(timedelta(hours=7))
ORDER = "04/QĐ-BCĐISO ngày 01/06/2022"

FISHBONE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 220" font-family="Tinos" font-size="15">
<g stroke="black" fill="none"><path d="M20 110H470M120 30L180 110M280 30L340 110M120 190L180 110M280 190L340 110"/>
<rect x="470" y="85" width="150" height="50"/></g>
<text x="60" y="22">Con người</text><text x="230" y="22">Phương pháp</text><text x="60" y="208">Tài liệu</text>
<text x="235" y="208">Đo lường</text><text x="480" y="107">Dùng văn bản</text><text x="480" y="126">hết hiệu lực</text>
</svg>"""


def letterhead(form_code: str) -> Letterhead:
    return Letterhead(
        superior="Ủy ban nhân dân tỉnh Lạng Sơn",
        agency="Văn phòng Ủy ban nhân dân tỉnh",
        place="Lạng Sơn",
        form_code=form_code,
    )


CAR = CarForm(
    head=letterhead("BM-06/QT-HT-04, lần ban hành 02"),
    number="05/CAR-2026",
    dated=date(2026, 3, 9),
    source="Đánh giá nội bộ",
    reference="Đợt 1 năm 2026, phát hiện số 03",
    finding_class="Không phù hợp nhỏ",
    unit="Trung tâm Phục vụ hành chính công",
    clause="7.5.3",
    document="QT-12/TTPVHCC",
    attachments="Ảnh chụp hồ sơ số H37.18-260211-0042; bản sao quy trình lần ban hành 01 đang dùng tại quầy số 4.",
    description=Description(
        requirement="Thông tin dạng văn bản phải sẵn có và phù hợp để sử dụng ở nơi và khi cần; tài liệu lỗi thời "
        "phải được ngăn ngừa việc sử dụng vô tình (TCVN ISO 9001:2015, điều 7.5.3.1; QT-HT-01, mục 5.6).",
        statement="Quầy số 4 tiếp nhận hồ sơ cấp phiếu lý lịch tư pháp theo quy trình lần ban hành 01, trong khi lần "
        "ban hành 02 đã có hiệu lực từ ngày 15/01/2026.",
        evidence="03/10 hồ sơ lấy mẫu tháng 2/2026 có phiếu kiểm soát theo biểu mẫu cũ (H37.18-260211-0042, "
        "H37.18-260213-0051, H37.18-260220-0007).",
        raised_by="Hoàng Thị Ngọc Ánh",
        raised_on=date(2026, 3, 6),
        accepted_by="Nguyễn Đức Thịnh",
        accepted_on=date(2026, 3, 9),
    ),
    corrections=(
        Correction(
            action="Thu hồi bản in lần ban hành 01 tại các quầy, đóng dấu “Hết hiệu lực”.",
            by="Lương Thị Hồng Gấm",
            due=date(2026, 3, 10),
            done=date(2026, 3, 9),
        ),
        Correction(
            action="Rà soát, bổ sung phiếu kiểm soát đúng mẫu cho 03 hồ sơ đã nêu.",
            by="Vũ Quỳnh Trang",
            due=date(2026, 3, 13),
            done=date(2026, 3, 12),
        ),
    ),
    cause=Cause(
        method="5 câu hỏi vì sao",
        whys=(
            Why(
                number="1",
                answer="Vì quầy vẫn giữ bản in của lần ban hành cũ.",
                evidence="Bản in có chữ ký ngày 02/03/2024 tại quầy số 4.",
            ),
            Why(
                number="1.1",
                answer="Vì khi phân phối lần ban hành 02 không thu bản cũ.",
                evidence="Sổ phân phối không có dòng thu hồi.",
            ),
            Why(
                number="1.1.1",
                answer="Vì biểu mẫu phân phối tài liệu không có cột “đã thu hồi bản cũ”.",
                evidence="BM-02/QT-HT-01.",
                root=True,
            ),
            Why(number="1.2", answer="Vì công chức mới chưa được phổ biến quy trình sửa đổi.", evidence=""),
        ),
        drawing=FISHBONE,
        category="Phương pháp, quy trình",
        root="Quy trình kiểm soát tài liệu không quy định việc xác nhận thu hồi bản cũ khi phân phối bản mới.",
        similar="Đã kiểm tra 12 quầy và 03 phòng: phát hiện thêm 01 bản cũ của QT-09/TTPVHCC tại quầy số 7.",
        extent="02 quy trình, 02 quầy; không ảnh hưởng kết quả giải quyết đã trả cho công dân.",
        verified_how="Phỏng vấn 04 công chức, đối chiếu sổ phân phối từ 01/01/2025 đến 28/02/2026.",
        analysed_by="Nguyễn Đức Thịnh",
        analysed_on=date(2026, 3, 16),
        verified_by="Hoàng Thị Ngọc Ánh",
        verified_on=date(2026, 3, 18),
    ),
    plan=Plan(
        actions=(
            Action(
                what="Sửa BM-02/QT-HT-01: thêm cột xác nhận thu hồi bản cũ, có chữ ký người giao và người nhận.",
                who="Thư ký ISO",
                due=date(2026, 3, 31),
                resources="02 ngày công",
                done=date(2026, 3, 27),
                evidence="BM-02/QT-HT-01 lần ban hành 03, Quyết định số 07/QĐ-BCĐISO.",
            ),
            Action(
                what="Phổ biến QT-HT-01 sửa đổi cho toàn bộ công chức bộ phận một cửa.",
                who="Nguyễn Đức Thịnh",
                due=date(2026, 4, 10),
                resources="Hội trường tầng 2; 01 buổi",
                done=date(2026, 4, 17),
                evidence="Danh sách 38/38 người dự, bài kiểm tra sau phổ biến.",
                extensions="Đến 17/04/2026: trùng lịch tổng duyệt hệ thống dịch vụ công (Trần Văn Khải duyệt ngày "
                "08/04/2026).",
            ),
        ),
        documents="QT-HT-01 Quy trình kiểm soát tài liệu; BM-02/QT-HT-01.",
        risk="Cập nhật rủi ro R-07 “Dùng tài liệu lỗi thời”: khả năng xảy ra từ 4 xuống 2.",
        measure="Không còn hồ sơ nào theo biểu mẫu cũ trong mẫu 30 hồ sơ của 02 tháng liên tiếp.",
        proposed_by="Nguyễn Đức Thịnh",
        proposed_on=date(2026, 3, 18),
        approved_by="Trần Văn Khải",
        approved_on=date(2026, 3, 20),
    ),
    verification=Verification(
        method="Lấy mẫu ngẫu nhiên 30 hồ sơ tháng 4 và tháng 5/2026 tại 12 quầy.",
        evidence="30/30 hồ sơ dùng đúng lần ban hành 02; sổ phân phối có đủ xác nhận thu hồi.",
        result="Đạt",
        verifier="Hoàng Thị Ngọc Ánh",
        checked_on=date(2026, 6, 2),
    ),
    closure=Closure(closed_by="Trần Văn Khải", closed_on=date(2026, 6, 4)),
    signatures=(
        Signature(
            who="Hoàng Thị Ngọc Ánh",
            role="Trưởng đoàn đánh giá",
            decision="06/QĐ-BCĐISO ngày 10/02/2026",
            at=datetime(2026, 3, 9, 8, 15, tzinfo=HANOI),
            deed="Lập phiếu",
        ),
        Signature(
            who="Nguyễn Đức Thịnh",
            role="Trưởng đơn vị",
            decision="112/QĐ-VP ngày 03/05/2023",
            at=datetime(2026, 3, 9, 14, 40, tzinfo=HANOI),
            deed="Tiếp nhận",
        ),
        Signature(
            who="Trần Văn Khải",
            role="Đại diện lãnh đạo",
            decision=ORDER,
            at=datetime(2026, 3, 20, 10, 5, tzinfo=HANOI),
            deed="Phê duyệt kế hoạch",
        ),
        Signature(
            who="Trần Văn Khải",
            role="Đại diện lãnh đạo",
            decision=ORDER,
            at=datetime(2026, 6, 4, 16, 30, tzinfo=HANOI),
            deed="Đóng phiếu",
        ),
    ),
)
