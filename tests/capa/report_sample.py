"""An audit report filled in as an agency would."""

from __future__ import annotations

from datetime import date, datetime

from capa.printing import AuditReport, Finding, Member, Signature, Signer
from tests.capa.car_sample import HANOI, letterhead

MAJOR, MINOR, NOTE = "Không phù hợp lớn", "Không phù hợp nhỏ", "Điểm lưu ý"
ONE_STOP, GENERAL, CLERKS = "Trung tâm Phục vụ hành chính công", "Phòng Hành chính - Tổ chức", "Tổ Văn thư"

REPORT = AuditReport(
    head=letterhead("BM-05/QT-HT-03"),
    number="08/BC-ĐGNB",
    dated=date(2026, 3, 13),
    subject="Hệ thống quản lý chất lượng theo TCVN ISO 9001:2015, đợt 1 năm 2026",
    starts=date(2026, 3, 2),
    ends=date(2026, 3, 6),
    scope="Hoạt động tiếp nhận, giải quyết 148 thủ tục hành chính thuộc phạm vi công bố tại Quyết định số "
    "215/QĐ-VP ngày 20/01/2026; hồ sơ phát sinh từ 01/09/2025 đến 28/02/2026.",
    criteria=(
        "TCVN ISO 9001:2015 (ISO 9001:2015)",
        "Quyết định số 19/2014/QĐ-TTg ngày 05/3/2014 của Thủ tướng Chính phủ",
        "Tài liệu của hệ thống quản lý chất lượng và văn bản quy phạm pháp luật có liên quan",
    ),
    team=(
        Member(name="Hoàng Thị Ngọc Ánh", duty="Trưởng đoàn", unit="Phòng Nội chính", audits=f"{ONE_STOP}; {CLERKS}"),
        Member(name="Lê Quang Vượng", duty="Đánh giá viên", unit="Phòng Tổng hợp", audits=GENERAL),
        Member(name="Phùng Thị Kiều Oanh", duty="Đánh giá viên", unit=GENERAL, audits=ONE_STOP),
    ),
    units=(ONE_STOP, GENERAL, CLERKS),
    classes=(MAJOR, MINOR, NOTE),
    strengths="Lãnh đạo đơn vị quan tâm, mục tiêu chất lượng được đo hằng tháng.\n"
    "Hồ sơ được cập nhật đầy đủ trên hệ thống một cửa điện tử; tỷ lệ giải quyết đúng và trước hạn đạt 99,2%.",
    findings=(
        Finding(
            finding_class=MINOR,
            unit=ONE_STOP,
            clause="7.5.3",
            document="QT-12/TTPVHCC",
            statement="Quầy số 4 tiếp nhận hồ sơ theo quy trình lần ban hành 01 đã hết hiệu lực.",
            evidence="H37.18-260211-0042, H37.18-260213-0051, H37.18-260220-0007.",
        ),
        Finding(
            finding_class=MAJOR,
            unit=GENERAL,
            clause="9.1.3",
            document="QT-HT-05",
            statement="Không phân tích dữ liệu về sự hài lòng của tổ chức, công dân trong cả năm 2025.",
            evidence="Không có báo cáo quý I đến quý IV/2025; trưởng phòng xác nhận ngày 04/03/2026.",
        ),
        Finding(
            finding_class=MINOR,
            unit=CLERKS,
            clause="7.5.3",
            document="QT-02/VT",
            statement="Nhãn cặp hồ sơ năm 2025 thiếu thời hạn bảo quản.",
            evidence="07/20 cặp lấy mẫu tại kho số 1.",
        ),
        Finding(
            finding_class=NOTE,
            unit=ONE_STOP,
            clause="8.5.1",
            document="QT-09/TTPVHCC",
            statement="Nên bổ sung hướng dẫn kê khai cho người cao tuổi tại quầy số 7.",
            evidence="Quan sát ngày 05/03/2026.",
        ),
        Finding(
            finding_class=MINOR,
            unit=ONE_STOP,
            clause="8.5.10",
            document="",
            statement="Một phiếu xin lỗi chậm trả kết quả chưa lưu vào hồ sơ.",
            evidence="H37.18-251120-0113.",
        ),
    ),
    conformity="Hệ thống quản lý chất lượng cơ bản phù hợp với yêu cầu của TCVN ISO 9001:2015 và yêu cầu của cơ quan, "
    "trừ các điểm không phù hợp đã nêu tại mục III.",
    effectiveness="Hệ thống được thực hiện và duy trì có hiệu lực ở 02/03 đơn vị; việc phân tích dữ liệu (điều 9.1.3) "
    "chưa được thực hiện.",
    recommendations="Các đơn vị lập phiếu yêu cầu hành động khắc phục trong 10 ngày làm việc.\n"
    "Ban chỉ đạo ISO đưa kết quả phân tích sự hài lòng vào cuộc họp xem xét của lãnh đạo tháng 4/2026.",
    signers=(Signer(capacity="Trưởng đoàn đánh giá", name="Hoàng Thị Ngọc Ánh"),),
    distribution=("Trưởng Ban chỉ đạo ISO (để b/c);", "Các đơn vị được đánh giá;", "Lưu: VT, HS đánh giá."),
    history=(
        Signature(
            who="Hoàng Thị Ngọc Ánh",
            role="Trưởng đoàn đánh giá",
            decision="06/QĐ-BCĐISO ngày 10/02/2026",
            at=datetime(2026, 3, 13, 9, 0, tzinfo=HANOI),
            deed="Nộp báo cáo",
        ),
    ),
)
