"""What every page needs: navigation, the person's seats, the badge of the bell, the source offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from notifications.models import Notice
from workflows.models import User


@dataclass(frozen=True)
class Place:
    """One line of the navigation. ``phone``: in the bottom bar itself, not behind its last button."""

    label: str | Promise
    url_name: str
    icon: str
    phone: bool = False


NAV = (
    Place(_("Trang chủ"), "workflows:home", "home", phone=True),
    Place(_("Hộp việc"), "workflows:inbox", "inbox", phone=True),
    Place(_("Tài liệu"), "documents:library", "file", phone=True),
    Place(_("Văn bản pháp luật"), "documents:regulations", "law", phone=True),
    Place(_("Đợt rà soát"), "documents:campaigns", "review"),
    Place(_("Công bố"), "documents:publications", "law"),
    Place(_("Mô hình khung"), "documents:models", "file"),
    Place(_("Đánh giá"), "capa:programmes", "check"),
    Place(_("Khắc phục"), "capa:cars", "alert"),
    Place(_("Kiểm tra"), "capa:inspections", "check"),
    Place(_("Năm ISO"), "capa:isoyear", "clock"),
    Place(_("Số liệu"), "capa:rollup", "chart"),
    Place(_("Ban chỉ đạo"), "workflows:people", "people"),
    Place(_("Cây cơ quan"), "workflows:tree", "tree"),
    Place(_("Lịch làm việc"), "workflows:calendar", "calendar"),
    Place(_("Thông báo"), "notices:list", "bell"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Context of the shell. Queries run only when a template asks: seats once, unread notices once."""
    shell = {"source_url": settings.SOURCE_URL, "version": settings.VERSION}
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return shell
    return shell | {
        "nav": [_line(place, request.path) for place in NAV],
        "my_seats": SimpleLazyObject(user.seats_held),
        "unread_notices": SimpleLazyObject(Notice.objects.of(user).unread().count),
    }


def _line(place: Place, path: str) -> dict[str, Any]:
    url = reverse(place.url_name)
    here = path == url if url == "/" else path.startswith(url)
    return {"label": place.label, "url": url, "icon": place.icon, "phone": place.phone, "here": here}
