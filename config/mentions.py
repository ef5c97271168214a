"""What the reports that this product was conceived from mention, and where it is answered (domain §9).

Each row: the number of the mention, what is asked in our own words, and keys of ``PLACES``. A row without a place is
one that the product does not answer; the page says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PAGE, API, COMMAND = "page", "api", "command"


@dataclass(frozen=True)
class Place:
    """A page or a list of the API, by the name of its address, or a command of ``manage.py``."""

    kind: str
    target: str
    label: str | Promise = ""


@dataclass(frozen=True)
class Mention:
    """One thing that a report mentions."""

    number: str
    what: str | Promise
    places: tuple[str, ...]
    lacks: str | Promise = ""
    """What of it the product does not do."""


# fmt: off
PLACES = {
    "alarms":        Place(API,     "alarms_list"),
    "adopt":         Place(COMMAND, "adopt_publication"),
    "audits":        Place(PAGE,    "capa:programmes", _("Đánh giá nội bộ")),
    "campaigns":     Place(PAGE,    "documents:campaigns", _("Đợt rà soát")),
    "cars":          Place(PAGE,    "capa:cars", _("Sự không phù hợp")),
    "car_figures":   Place(PAGE,    "capa:figures", _("Số liệu về sự không phù hợp")),
    "certificates":  Place(PAGE,    "capa:certificates", _("Chứng chỉ")),
    "committee":     Place(PAGE,    "workflows:people", _("Ban chỉ đạo và người giữ vị trí")),
    "coverage":      Place(PAGE,    "documents:coverage", _("Độ phủ thủ tục")),
    "coverage_api":  Place(API,     "coverage"),
    "deeds":         Place(PAGE,    "workflows:deeds", _("Việc đã làm")),
    "figures":       Place(PAGE,    "capa:rollup", _("Số liệu tổng hợp")),
    "import_law":    Place(COMMAND, "import_regulations"),
    "import_units":  Place(COMMAND, "import_units"),
    "import_visits": Place(COMMAND, "import_inspections"),
    "inbox":         Place(PAGE,    "workflows:inbox", _("Việc chờ tôi")),
    "inspections":   Place(PAGE,    "capa:inspections", _("Kiểm tra")),
    "library":       Place(PAGE,    "documents:library", _("Tài liệu")),
    "models":        Place(PAGE,    "documents:models", _("Mô hình khung")),
    "notices":       Place(PAGE,    "notices:list", _("Thông báo")),
    "objectives":    Place(PAGE,    "capa:objectives", _("Mục tiêu chất lượng")),
    "owned":         Place(PAGE,    "documents:owned", _("Tài liệu tôi phụ trách")),
    "outputs":       Place(API,     "outputs_list"),
    "providers":     Place(PAGE,    "capa:providers", _("Tổ chức tư vấn, đánh giá")),
    "publications":  Place(PAGE,    "documents:publications", _("Công bố")),
    "public":        Place(PAGE,    "documents:public_agencies", _("Trang công khai")),
    "regulations":   Place(PAGE,    "documents:regulations", _("Văn bản pháp luật")),
    "reports":       Place(COMMAND, "demo"),
    "reorganise":    Place(PAGE,    "workflows:reorganisations", _("Sắp xếp cơ quan")),
    "reviews":       Place(PAGE,    "capa:reviews", _("Xem xét của lãnh đạo")),
    "rules":         Place(API,     "obligation_rules_list"),
    "search":        Place(PAGE,    "workflows:search", _("Tìm kiếm")),
    "simulation":    Place(PAGE,    "documents:simulation", _("Thử trước khi đổi")),
    "spread":        Place(PAGE,    "capa:spreads", _("Hỏi các cơ quan về cùng một lỗi")),
    "tick":          Place(COMMAND, "tick"),
    "tree":          Place(PAGE,    "workflows:tree", _("Cây cơ quan")),
    "year_reports":  Place(PAGE,    "capa:year_reports", _("Báo cáo năm")),
    "year":          Place(PAGE,    "capa:isoyear", _("Năm ISO")),
}

MENTIONS = (
    Mention("S0.1",  _("Văn bản cấp trên gửi xuống: ghi vào sổ, nối với văn bản nó triển khai, sinh ra việc có hạn"), ("regulations", "campaigns")),
    Mention("S0.2",  _("Nhiều nơi chưa áp dụng mô hình khung: từng cơ quan còn thiếu gì"), ("models",)),
    Mention("S0.3",  _("Cơ quan không duy trì hệ thống sau chứng nhận: việc của năm nào còn thiếu"), ("year",)),
    Mention("S0.4",  _("Đổi phiên bản tiêu chuẩn: phiên bản là dữ liệu, đổi thì có đợt rà soát"), ("campaigns", "publications")),
    Mention("S0.5",  _("Danh mục thủ tục của từng cơ quan, lĩnh vực và thẩm quyền"), ("coverage",)),
    Mention("S0.6",  _("Một hệ thống chung để mọi cơ quan áp dụng"), ("models",)),
    Mention("S0.7",  _("Đúng nội dung, đúng tiến độ: các bước đưa hệ thống vào cơ quan"), ("tree", "year"), lacks=_("kế hoạch triển khai có mốc thời gian riêng")),
    Mention("S0.8",  _("Chứng chỉ đã cấp, cấp lại, ngày hết hạn"), ("certificates",)),
    Mention("S0.9",  _("44/44 thủ tục có quy trình"), ("coverage", "coverage_api")),
    Mention("S0.10", _("Xây dựng lại mọi quy trình theo mô hình rồi đưa vào dùng"), ("models", "campaigns"), lacks=_("từng người xác nhận đã đọc")),
    Mention("S0.11", _("Người gửi, ngày và nội dung của thông báo"), ("notices",)),
    Mention("S1.1",  _("Căn cứ pháp lý và phiên bản tiêu chuẩn"), ("regulations", "publications")),
    Mention("S1.2",  _("Kế hoạch kiểm tra: phạm vi xây dựng, áp dụng, duy trì, cải tiến"), ("inspections",)),
    Mention("S1.3",  _("Đoàn kiểm tra lập theo quyết định"), ("inspections",)),
    Mention("S1.4",  _("52 cơ quan kiểm tra trực tiếp, theo loại cơ quan"), ("inspections", "figures", "import_visits", "reports")),
    Mention("S1.5",  _("161 cơ quan kiểm tra qua trang thông tin điện tử"), ("inspections", "figures", "import_visits", "reports")),
    Mention("S1.6",  _("161 hay 179: tổng không khớp các phần thì không nhận"), ("figures", "reports")),
    Mention("S1.7",  _("Kiện toàn Ban chỉ đạo, người đứng đầu làm trưởng ban"), ("committee",)),
    Mention("S1.8",  _("Chỉ đạo, đôn đốc thường xuyên theo kế hoạch đã duyệt"), ("notices", "year", "tick")),
    Mention("S1.9",  _("50/52 nơi đủ quy trình theo mô hình khung"), ("figures", "models")),
    Mention("S1.10", _("Áp dụng cho mọi thủ tục đã công bố"), ("coverage",)),
    Mention("S1.11", _("39/52 nơi có quy trình chưa rà theo văn bản mới"), ("alarms", "library", "campaigns")),
    Mention("S1.12", _("Hồ sơ lưu thừa hoặc thiếu: danh mục hồ sơ của từng quy trình"), ("library", "inspections")),
    Mention("S1.13", _("Quy trình nội bộ chưa được gộp vào quy trình ISO"), ("campaigns", "inspections")),
    Mention("S1.14", _("19/52 nơi đánh giá và xem xét đúng yêu cầu"), ("figures", "audits", "reviews")),
    Mention("S1.15", _("32/52 nơi có làm nhưng sơ sài, chung chung, không thực tế"), ("figures", "inspections")),
    Mention("S1.16", _("Đánh giá chéo giữa các phòng không đúng: đánh giá viên phải độc lập"), ("audits",)),
    Mention("S1.17", _("Sắp xếp hồ sơ, nhãn hồ sơ đủ thông tin"), (), lacks=_("in nhãn hồ sơ")),
    Mention("S1.18", _("Đoàn hướng dẫn khắc phục: phát hiện thành sự không phù hợp của cơ quan"), ("inspections", "cars")),
    Mention("S1.19", _("50/52 nơi đưa tài liệu lên trang thông tin"), ("public", "figures")),
    Mention("S1.20", _("Kế hoạch và mục tiêu từ đầu năm"), ("objectives", "year")),
    Mention("S1.21", _("Cập nhật khi văn bản pháp luật thay đổi"), ("campaigns", "regulations")),
    Mention("S1.22", _("Bổ sung quy trình để mọi thủ tục đều có"), ("coverage",)),
    Mention("S1.23", _("Đánh giá, khắc phục rồi mới xem xét của lãnh đạo"), ("year", "audits", "reviews")),
    Mention("S1.24", _("Công bố lại khi phạm vi thay đổi"), ("publications",)),
    Mention("S1.25", _("Chưa quen cách tiếp cận quá trình, chưa gắn với cải cách hành chính"), ("inbox",), lacks=_("gắn với chỉ số cải cách hành chính")),
    Mention("S1.26", _("Văn bản hay thay đổi, khó giữ phạm vi: lịch sử thay đổi và nguồn"), ("publications", "regulations")),
    Mention("S1.27", _("Lãnh đạo chưa sát sao, điểm thấp: việc chờ lãnh đạo, việc quá hạn, chấm điểm"), ("inbox", "inspections")),
    Mention("S1.28", _("Cơ quan làm tốt có thể xin chứng nhận"), ("certificates",)),
    Mention("S1.29", _("Trách nhiệm của từng người: việc của tôi, tài liệu tôi phụ trách"), ("inbox", "owned", "deeds")),
    Mention("S2.1",  _("20/22 bộ đạt: mọi cơ quan bắt buộc đều đạt"), ("figures", "reports")),
    Mention("S2.2",  _("Cơ quan bắt buộc đã công bố cho mọi thủ tục"), ("figures", "publications", "rules", "adopt")),
    Mention("S2.3",  _("74/98 cơ quan khuyến khích"), ("figures", "reports")),
    Mention("S2.4",  _("62/63 địa phương đạt"), ("figures", "reports")),
    Mention("S2.5",  _("62/63 địa phương có cấp xã áp dụng: ít nhất một xã"), ("figures", "reports")),
    Mention("S2.6",  _("5.564/8.910 xã"), ("figures", "import_units", "reports")),
    Mention("S2.7",  _("Tỷ lệ phần trăm in ra: một quy tắc làm tròn"), ("figures", "reports")),
    Mention("S2.8",  _("Chuẩn hoá cách giải quyết: bước, người, thời gian"), ("library", "models")),
    Mention("S2.9",  _("Sự hài lòng của người dân là đầu vào của xem xét"), ("reviews",)),
    Mention("S2.10", _("Công khai cách giải quyết thủ tục"), ("public",)),
    Mention("S2.11", _("Hội nghị sơ kết: số liệu của một kỳ"), ("figures", "year_reports")),
    Mention("S2.12", _("Kiến nghị đơn giản hoá thủ tục, hoàn thiện văn bản"), ("year_reports",), lacks=_("gửi kiến nghị tới cơ quan ban hành văn bản")),
    Mention("S3.1",  _("Ban chỉ đạo của khối cơ quan bộ, thứ trưởng làm trưởng ban"), ("committee",)),
    Mention("S3.2",  _("Đơn vị thường trực báo cáo: tài liệu họp"), ("reviews",)),
    Mention("S3.3",  _("Nội dung họp theo đầu vào của tiêu chuẩn"), ("reviews",)),
    Mention("S3.4",  _("Kết quả đánh giá nội bộ"), ("audits", "reviews")),
    Mention("S3.5",  _("Xử lý sự không phù hợp, hành động khắc phục"), ("cars", "car_figures")),
    Mention("S3.6",  _("Kế hoạch đánh giá giám sát của tổ chức chứng nhận"), ("certificates",)),
    Mention("S3.7",  _("Thay đổi ảnh hưởng tới hệ thống"), ("campaigns", "reviews")),
    Mention("S3.8",  _("Nguồn lực cần có"), ("reviews", "outputs")),
    Mention("S3.9",  _("Cán bộ có làm theo quy trình không"), ("audits",)),
    Mention("S3.10", _("Chứng chỉ cấp tháng 3/2013"), ("certificates",)),
    Mention("S3.11", _("Trình ký quy trình sửa đổi; số quy trình theo đơn vị"), ("inbox", "figures", "reports")),
    Mention("S3.12", _("7 quy trình nữa trong kế hoạch"), ("figures", "campaigns", "reports")),
    Mention("S3.13", _("Phổ biến chính sách, mục tiêu; niêm yết"), ("objectives", "public"), lacks=_("từng người xác nhận đã đọc")),
    Mention("S3.14", _("Thư viện tài liệu theo nhóm"), ("library",)),
    Mention("S3.15", _("Đơn vị tra cứu, trao đổi, góp ý về tài liệu"), ("library",), lacks=_("góp ý ngay trên tài liệu")),
    Mention("S3.16", _("Sự không phù hợp còn phải sửa"), ("cars",)),
    Mention("S3.17", _("Đơn vị đề nghị Ban chỉ đạo sớm giải quyết"), ("cars",), lacks=_("đề nghị riêng gửi Ban chỉ đạo")),
    Mention("S3.18", _("Thành viên tiếp tục đôn đốc theo kế hoạch"), ("notices", "tick")),
    Mention("S3.19", _("Đơn vị tự đặt mục tiêu"), ("objectives",)),
    Mention("S3.20", _("Đề nghị sửa quy trình cho khớp thủ tục"), ("library", "cars")),
    Mention("S3.21", _("Nghị định có hiệu lực thì lập kế hoạch và điều chỉnh"), ("campaigns", "simulation", "import_law")),
    Mention("S3.22", _("Đơn vị mới thành lập"), ("tree", "reorganise")),
    Mention("S4.1",  _("Số văn bản in sai: gợi ý, không tự sửa"), ("regulations", "search")),
    Mention("S4.2",  _("Hai thông tư năm 2011 trong sổ văn bản"), ("regulations",)),
    Mention("S4.3",  _("Đề xuất về cách chứng nhận: chuyện đã qua, không phải việc của hệ thống"), ()),
    Mention("S4.4",  _("Đôn đốc cơ quan chậm; cơ quan chưa có kế hoạch"), ("year", "notices")),
    Mention("S4.5",  _("Tổ chức tư vấn, tổ chức chứng nhận và người có thẻ"), ("providers",)),
    Mention("S4.6",  _("Số chứng chỉ theo tỉnh và bộ"), ("certificates", "figures")),
    Mention("S4.7",  _("Xã thuộc diện khuyến khích"), ("tree", "rules")),
    Mention("S4.8",  _("Mô hình khung của địa phương và của ngành dọc, cùng lúc"), ("models",)),
    Mention("S4.9",  _("Phương pháp làm việc khoa học: các bước của quy trình"), ("library",)),
    Mention("S4.10", _("Lưu và sắp xếp văn bản pháp luật"), ("regulations",)),
    Mention("S4.11", _("Hỗ trợ một cửa và công nghệ thông tin: giao diện lập trình"), ("coverage_api", "alarms")),
    Mention("S4.12", _("Nơi chưa có kế hoạch được duyệt"), ("year",)),
    Mention("S4.13", _("Tổ chức tư vấn, chứng nhận làm sai: ghi chú"), ("providers",)),
    Mention("S4.14", _("Việc của từng cấp: phân loại thủ tục, duyệt kế hoạch, ban hành mô hình"), ("tree", "models")),
    Mention("S4.15", _("Giao việc cho sở, chi cục, tổ chức đánh giá và tư vấn"), ("spread",), lacks=_("giao việc cho tổ chức bên ngoài")),
)
# fmt: on
