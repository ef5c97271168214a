"""What the people of the year's story write: objectives, reports of inputs, minutes and decisions."""

from __future__ import annotations

from typing import Any

POLICY = "Chính sách chất lượng của Sở; chỉ tiêu là của buổi trình diễn"
PLAIN: dict[str, Any] = {
    "scope": "qms",
    "direction": "least",
    "measured_in": "%",
    "frequency": "quarter",
    "resources": "",
    "deadline": None,
    "method": "",
}
OBJECTIVES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "",
        {
            "statement": "Mọi thủ tục hành chính đã công bố đều có quy trình đang có hiệu lực",
            "measure": "Thủ tục có quy trình trên tổng số thủ tục đã công bố",
            "source": "covered",
            "target": "100",
            "actions": "Soạn quy trình trong tháng công bố thủ tục",
        },
    ),
    (
        "",
        {
            "statement": "Quy trình đang áp dụng không lạc hậu so với văn bản pháp luật",
            "measure": "Tài liệu không bị cảnh báo lạc hậu trên tài liệu đang có hiệu lực",
            "source": "living",
            "target": "95",
            "actions": "Rà soát khi văn bản mới được đăng ký",
        },
    ),
    (
        "",
        {
            "statement": "Sự không phù hợp phát sinh trong năm được khắc phục xong trong năm",
            "measure": "Phiếu đã đóng trên phiếu phát sinh trong năm",
            "source": "cars_closed",
            "target": "80",
            "actions": "Theo dõi phiếu hằng tuần",
        },
    ),
    (
        "",
        {
            "statement": "Thực hiện đủ các đợt đánh giá nội bộ theo chương trình",
            "measure": "Đợt đã ký báo cáo trên đợt theo chương trình",
            "source": "rounds_held",
            "target": "100",
            "actions": "Lập chương trình đánh giá đầu năm",
        },
    ),
    (
        "STP-BTTP",
        {
            "statement": "Trả kết quả đúng hạn hồ sơ bổ trợ tư pháp",
            "measure": "Hồ sơ trả đúng hạn trên hồ sơ đã trả trong quý",
            "source": "manual",
            "target": "98",
            "actions": "Nhắc hạn trước ba ngày",
        },
    ),
)
"""Code of the unit, "" for the agency as a whole, and what is to be reached; the first four the product measures."""
MEASURED = ("98,4", "97,6", "98,9", "99,1")
"""What the unit found of its own objective, quarter by quarter."""
SOURCE = "Sổ theo dõi hồ sơ của phòng"

AGENDA = "Đầu vào theo điều khoản 9.3.2; thành phần: Ban Chỉ đạo ISO, trưởng các phòng"
REPORTED = {
    "context": "Nhiều văn bản thay đổi trong năm; chính quyền địa phương hai cấp làm thay đổi nơi tiếp nhận hồ sơ.",
    "satisfaction": "Phiếu khảo sát tại bộ phận một cửa: phần lớn người dân hài lòng; có ý kiến về thời gian chờ.",
    "resources": "Đủ người theo vị trí; máy quét tại quầy đã cũ, cần thay.",
    "risks": "Rủi ro dùng bản in cũ tại quầy đã giảm sau khi giao một đầu mối rà soát văn bản.",
}
WAIVED = ("providers", "Trong năm Sở không thuê ngoài công việc nào thuộc hệ thống")
ATTENDED = "Ban Chỉ đạo ISO: đủ thành viên; trưởng các phòng; thư ký ghi biên bản"
MINUTES = (
    "Hệ thống phù hợp và cơ bản có hiệu lực.\n"
    "Việc cập nhật văn bản tại quầy đã khắc phục tận gốc; việc xin lỗi khi trả kết quả chậm phải theo dõi tiếp.\n"
    "Giao các phòng thực hiện ba việc dưới đây."
)
DECIDED: tuple[tuple[str, str, str, int], ...] = (
    ("improvement", "Đưa mã QR của quy trình đang có hiệu lực ra quầy, bỏ bản in", "STP-HCTP", 20),
    ("change", "Sửa quy trình xin lỗi và hẹn lại ngày trả khi hồ sơ quá hạn", "STP-BTTP", 60),
    ("resource", "Thay hai máy quét tại bộ phận một cửa", "STP-VP", 90),
)
"""Kind, work, the unit whose head answers for it, and days from the meeting to its last day; the first is done."""
DONE = "Ảnh chụp ba quầy có mã QR; biên bản hủy bản in cũ"
