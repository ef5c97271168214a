"""The seventeen figures that the country reports (domain §6.3), as one table: pages, API, files and tests read it.

F3 and F4 overlap: an agency may have everything in use and yet cite dead law. F5, F6 and F7 divide F1.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from capa.rollup import ALL_OF, ANY_OF, INSPECTIONS, REGISTER, SUM, YEAR, Indicator, Part
from workflows.machines.tree import ENCOURAGED, MANDATORY
from workflows.models.tree import MINISTRY_BODIES

MINISTRY, PROVINCE, COMMUNE = "ministry", "province", "commune"
DIRECT, WEBSITE = "direct", "website"
CONSULTANCY, CONSULTANT, CERTIFIER, ASSESSOR = "consultancy", "consultant", "certifier", "assessor"


def _must_of(place: str) -> Any:
    return lambda row: row.counts and row.obligation == MANDATORY and row.place_kind == place


def _direct(row: Any) -> bool:
    return bool(row.mode == DIRECT)


def _held(row: Any) -> bool:
    return bool(row.audit_done and row.review_done)


def _right(row: Any) -> bool:
    return bool(_held(row) and row.audit_ok and row.review_ok)


def _deficient(row: Any) -> bool:
    return bool(row.outdated_law or row.records_deficient or row.internal_not_merged)


def _poor(row: Any) -> bool:
    return _held(row) and not _right(row)


ALL_IN_DECLARATION = _(
    "Mọi cơ quan bắt buộc áp dụng trực thuộc (có thủ tục hành chính) đều có bản công bố đang có giá trị cho toàn bộ "
    "thủ tục, và mỗi thủ tục đều có quy trình đang có hiệu lực"
)
INSPECTED = _("Cơ quan được kiểm tra trực tiếp trong năm")

INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        1,
        _("Kiểm tra trực tiếp"),
        _("Cơ quan được kiểm tra tại trụ sở trong năm, đã kết luận"),
        "",
        _direct,
        source=INSPECTIONS,
        when=YEAR,
        by_kind=True,
    ),
    Indicator(
        2,
        _("Kiểm tra gián tiếp qua trang thông tin điện tử"),
        _("Cơ quan được kiểm tra qua trang thông tin điện tử trong năm, đã kết luận"),
        "",
        lambda row: row.mode == WEBSITE,
        source=INSPECTIONS,
        when=YEAR,
        by_kind=True,
    ),
    Indicator(
        3,
        _("Đã xây dựng, áp dụng đầy đủ"),
        _("Đoàn kiểm tra ghi nhận: đủ tài liệu theo mô hình khung, đủ quy trình cho mọi thủ tục"),
        INSPECTED,
        lambda row: bool(row.built_applied),
        _direct,
        source=INSPECTIONS,
        when=YEAR,
        overlaps=(4,),
    ),
    Indicator(
        4,
        _("Đã xây dựng, áp dụng nhưng còn thiếu sót"),
        _("Có ít nhất một thiếu sót: viện dẫn văn bản cũ, hồ sơ thiếu hoặc thừa, quy trình nội bộ chưa gộp"),
        INSPECTED,
        _deficient,
        _direct,
        source=INSPECTIONS,
        when=YEAR,
        overlaps=(3,),
        parts=(
            Part("law", _("Viện dẫn văn bản đã hết hiệu lực"), lambda row: bool(row.outdated_law)),
            Part("records", _("Hồ sơ thiếu hoặc thừa"), lambda row: bool(row.records_deficient)),
            Part("merged", _("Quy trình nội bộ chưa gộp"), lambda row: bool(row.internal_not_merged)),
        ),
    ),
    Indicator(
        5,
        _("Đánh giá nội bộ và xem xét của lãnh đạo đúng yêu cầu"),
        _("Đã đánh giá nội bộ, đã xem xét của lãnh đạo, cả hai đúng yêu cầu"),
        INSPECTED,
        _right,
        _direct,
        source=INSPECTIONS,
        when=YEAR,
    ),
    Indicator(
        6,
        _("Có đánh giá nội bộ và xem xét của lãnh đạo nhưng còn thiếu sót"),
        _("Đã làm cả hai nhưng chưa đúng yêu cầu"),
        INSPECTED,
        _poor,
        _direct,
        source=INSPECTIONS,
        when=YEAR,
        parts=(
            Part("incomplete", _("Chưa đầy đủ"), lambda row: _poor(row) and bool(row.incomplete)),
            Part("generic", _("Chung chung"), lambda row: _poor(row) and bool(row.generic)),
            Part("not_factual", _("Không đúng thực tế"), lambda row: _poor(row) and bool(row.not_factual)),
            Part("cross_check", _("Kiểm tra chéo chưa đúng"), lambda row: _poor(row) and bool(row.cross_check_wrong)),
        ),
    ),
    Indicator(
        7,
        _("Chưa đánh giá nội bộ hoặc chưa xem xét của lãnh đạo"),
        _("Số còn lại của các cơ quan được kiểm tra trực tiếp"),
        INSPECTED,
        lambda row: not _held(row),
        _direct,
        source=INSPECTIONS,
        when=YEAR,
    ),
    Indicator(
        8,
        _("Đăng tải tài liệu trên trang thông tin điện tử"),
        _("Đã đăng tải và đường dẫn còn mở được"),
        INSPECTED,
        lambda row: bool(row.posted and row.link_alive),
        _direct,
        source=INSPECTIONS,
        when=YEAR,
    ),
    Indicator(
        9,
        _("Bộ, ngành có mọi cơ quan bắt buộc đã công bố"),
        ALL_IN_DECLARATION,
        _("Bộ, cơ quan ngang bộ"),
        lambda row: row.conforms,
        _must_of(MINISTRY),
        how=ALL_OF,
        over=MINISTRY,
        reference=MINISTRY,
        decimals=0,
    ),
    Indicator(
        10,
        _("Đơn vị khuyến khích áp dụng thuộc bộ đã công bố"),
        _("Có bản công bố đang có giá trị"),
        _("Đơn vị khuyến khích áp dụng thuộc bộ, có thủ tục hành chính"),
        lambda row: row.published,
        lambda row: row.counts and row.obligation == ENCOURAGED and row.place_kind == MINISTRY,
        reference=MINISTRY_BODIES,
    ),
    Indicator(
        11,
        _("Địa phương có mọi cơ quan bắt buộc đã công bố"),
        ALL_IN_DECLARATION,
        _("Tỉnh, thành phố"),
        lambda row: row.conforms,
        _must_of(PROVINCE),
        how=ALL_OF,
        over=PROVINCE,
        reference=PROVINCE,
    ),
    Indicator(
        12,
        _("Địa phương đã triển khai đến cấp xã"),
        _("Có ít nhất một xã đang xây dựng hoặc áp dụng"),
        _("Tỉnh, thành phố"),
        lambda row: row.building or row.applied,
        lambda row: row.kind == COMMUNE,
        how=ANY_OF,
        over=PROVINCE,
        reference=PROVINCE,
    ),
    Indicator(
        13,
        _("Cấp xã đã xây dựng, áp dụng và công bố"),
        _("Đủ tài liệu và mục bắt buộc của mô hình khung, đủ quy trình, đang áp dụng, có bản công bố đang có giá trị"),
        _("Xã, phường, đặc khu có thủ tục hành chính"),
        lambda row: row.built and row.applied and row.published,
        lambda row: row.kind == COMMUNE and row.counts,
        reference=COMMUNE,
    ),
    Indicator(
        14,
        _("Thủ tục hành chính đã có quy trình"),
        _("Thủ tục đã công bố có quy trình đang có hiệu lực"),
        _("Thủ tục hành chính thuộc thẩm quyền giải quyết"),
        lambda row: row.covered,
        lambda row: row.listed,
        how=SUM,
        of=lambda row: row.announced,
    ),
    Indicator(
        15,
        _("Quy trình ban hành, sửa đổi trong năm"),
        _("Lần ban hành hoặc sửa đổi quy trình có quyết định trong năm"),
        "",
        lambda row: row.reissued,
        how=SUM,
        when=YEAR,
        parts=(Part("planned", _("Đang soạn thảo, chưa ban hành"), lambda row: row.planned),),
    ),
    Indicator(
        16,
        _("Cơ quan có giấy chứng nhận còn giá trị"),
        _("Có ít nhất một giấy chứng nhận hệ thống quản lý còn giá trị"),
        "",
        lambda row: row.certified,
        lambda row: row.certified or row.certificates,
        parts=(
            Part("local", _("Cơ quan ở địa phương"), lambda row: row.certified and row.place_kind == PROVINCE),
            Part(
                "provinces", _("Số địa phương"), lambda row: row.certified and row.place_kind == PROVINCE, places=True
            ),
            Part("central", _("Đơn vị thuộc bộ"), lambda row: row.certified and row.place_kind == MINISTRY),
            Part("ministries", _("Số bộ"), lambda row: row.certified and row.place_kind == MINISTRY, places=True),
            Part("issued", _("Giấy chứng nhận cấp trong năm"), lambda row: row.certificates),
        ),
    ),
    Indicator(
        17,
        _("Đăng ký tư vấn, đánh giá còn giá trị"),
        _("Tổ chức, chuyên gia có đăng ký hoặc thẻ còn giá trị"),
        "",
        lambda row: bool(row.kind),
        source=REGISTER,
        parts=(
            Part(CONSULTANCY, _("Tổ chức tư vấn"), lambda row: row.kind == CONSULTANCY),
            Part(CONSULTANT, _("Chuyên gia tư vấn có thẻ"), lambda row: row.kind == CONSULTANT),
            Part(CERTIFIER, _("Tổ chức chứng nhận"), lambda row: row.kind == CERTIFIER),
            Part(ASSESSOR, _("Chuyên gia đánh giá có thẻ"), lambda row: row.kind == ASSESSOR),
        ),
    ),
)

BY_NUMBER = {one.number: one for one in INDICATORS}
