"""What an auditor asks about each clause, in our own words, with what inspectors ask for first (domain §5.1)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from capa.clauses import clause_label, main_clause

Asked = tuple[tuple[str, str | Promise], ...]

BY_CLAUSE: dict[str, Asked] = {
    "4.1": (("context", _("Bối cảnh bên trong, bên ngoài đã được xem lại khi tổ chức, nhiệm vụ thay đổi chưa?")),),
    "4.2": (("parties", _("Đã xác định người dân, tổ chức và cơ quan liên quan cần gì ở đơn vị chưa?")),),
    "4.3": (("scope", _("Phạm vi áp dụng có phủ hết các thủ tục đơn vị đang giải quyết không?")),),
    "4.4": (("processes", _("Các quá trình của đơn vị có người chịu trách nhiệm, đầu vào, đầu ra rõ ràng không?")),),
    "5.1": (("leadership", _("Lãnh đạo đơn vị chỉ đạo, kiểm tra việc áp dụng thế nào? Có ghi lại không?")),),
    "5.2": (("policy", _("Chính sách chất lượng có được niêm yết và công chức hiểu không?")),),
    "5.3": (
        ("decision", _("Quyết định Ban chỉ đạo và phân công nhiệm vụ có còn đúng với người hiện nay không?")),
        ("duties", _("Vị trí nêu trong quy trình có còn trong cơ cấu hiện nay không?")),
    ),
    "6.1": (("risks", _("Rủi ro của đơn vị đã được nhận diện, có biện pháp và được xem lại chưa?")),),
    "6.2": (("objectives", _("Mục tiêu chất lượng của đơn vị có được đo và báo cáo đúng kỳ không?")),),
    "6.3": (("changes", _("Thay đổi về tổ chức, thủ tục, phần mềm có được lập kế hoạch trước không?")),),
    "7.1": (("resources", _("Nhân lực, trang thiết bị, phần mềm có đủ để giải quyết đúng hạn không?")),),
    "7.2": (("training", _("Người giải quyết hồ sơ có được đào tạo và có hồ sơ chứng minh không?")),),
    "7.3": (("awareness", _("Công chức có biết quy trình, mục tiêu liên quan tới việc của mình không?")),),
    "7.4": (
        ("website", _("Quy trình đang có hiệu lực đã được đăng trên trang thông tin điện tử chưa?")),
        ("notice", _("Thay đổi quy trình có được thông báo tới người thực hiện không?")),
    ),
    "7.5": (
        ("current", _("Tài liệu đang dùng tại đơn vị có đúng bản đang có hiệu lực không?")),
        ("citations", _("Văn bản được viện dẫn trong quy trình có còn hiệu lực không?")),
        ("records", _("Hồ sơ lưu có đúng mục 7 của quy trình: đủ, không thừa, đúng thời hạn không?")),
        ("labels", _("Hồ sơ, tài liệu, tủ và cặp lưu có đủ nhãn nhận biết không?")),
    ),
    "8.1": (("control", _("Việc giải quyết hồ sơ có được kiểm soát theo quy trình, kể cả trên phần mềm không?")),),
    "8.2": (
        ("procedures", _("Danh mục thủ tục hành chính của đơn vị có đủ và đúng với công bố mới nhất không?")),
        ("guidance", _("Người dân có được hướng dẫn đủ giấy tờ một lần không?")),
    ),
    "8.4": (("suppliers", _("Dịch vụ, phần mềm thuê ngoài có được kiểm tra, đánh giá không?")),),
    "8.5": (
        ("service", _("Hồ sơ lấy mẫu có đi đúng các bước, đúng người, đúng thời hạn không?")),
        ("property", _("Giấy tờ gốc của người dân có được giữ gìn, giao trả đầy đủ không?")),
    ),
    "8.6": (("release", _("Kết quả có được kiểm tra, ký đúng thẩm quyền trước khi trả không?")),),
    "8.7": (("errors", _("Kết quả sai, trả lại, trễ hạn có được ghi nhận và xin lỗi, xử lý không?")),),
    "9.1": (("measure", _("Sự hài lòng và tỷ lệ đúng hạn có được theo dõi, phân tích không?")),),
    "9.2": (("audit", _("Kiến nghị của đợt đánh giá trước đã được thực hiện tới đâu?")),),
    "9.3": (("review", _("Kết luận xem xét của lãnh đạo giao cho đơn vị đã thực hiện chưa?")),),
    "10.1": (("improve", _("Đơn vị đã đề xuất, thực hiện cải tiến nào trong năm?")),),
    "10.2": (("cars", _("Phiếu khắc phục trước đây đã đóng chưa, nguyên nhân có lặp lại không?")),),
    "10.3": (("continual", _("Kết quả phân tích, đánh giá có được dùng để cải tiến không?")),),
}
"""Clause → keys, lasting, and questions. The keys go into the records: never change one."""

OTHER = _("Yêu cầu của điều khoản này được thực hiện và chứng minh thế nào tại đơn vị?")
STEP = _("Bước %(number)d: %(name)s – %(who)s, thời hạn %(time)s, biểu mẫu %(form)s: xem hồ sơ lấy mẫu.")
RECORDS = _("Hồ sơ lưu có đúng mục 7 của quy trình không: %(records)s?")
CAR = _("Phiếu %(number)s đã khắc phục chưa: %(what)s")
OBSERVATION = _("Điểm lưu ý trước đây đã được xử lý chưa: %(what)s")
FINDING = _("Phát hiện của đợt trước đã khắc phục chưa: %(what)s")
ABSENT = _("không ghi")


def of_clause(clause: str) -> Iterator[tuple[str, str]]:
    """Key and question for each thing to be asked about a clause of the round, however finely it is numbered."""
    head = main_clause(clause)
    for slug, question in BY_CLAUSE.get(head, (("any", OTHER),)):
        named = str(question) if clause == head else f"{clause_label(clause)}: {question}"
        yield f"c:{clause}:{slug}", named
