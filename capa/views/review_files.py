"""The notice of a review's conclusions as a file: printed, or to work on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capa.models import Review
from capa.models.review import ISSUED
from capa.printing import conclusions_pdf
from capa.services.notice_words import conclusions_docx
from capa.services.reviewing import notice_of
from workflows.access import fetch
from workflows.errors import NotVisible
from workflows.models import Move, User, day_of
from workflows.text import fold
from workflows.views.person import person, walled
from workflows.wordfiles import MEDIA_TYPE as WORD

PDF, DOCX = "pdf", "docx"
KINDS = {PDF: "application/pdf", DOCX: WORD}


def notice_file(user: User, pk: UUID, kind: str) -> HttpResponse:
    """The notice, for whoever may read the review; there is none before the conclusions are announced."""
    found = fetch(Review, user, pk, among=Review.objects.select_related("agency__parent", "unit"))
    if found.state not in ISSUED or kind not in KINDS:
        raise NotVisible(_("Chưa có thông báo kết luận."))
    works = list(found.outputs.exclude(state="dropped").for_list().order_by("due", "created_at"))
    moves = [move for move in Move.objects.of(found.pk) if move.action in ("minutes", "issue")]
    notice = notice_of(found, works, moves, day_of())
    paper = conclusions_pdf(notice) if kind == PDF else conclusions_docx(notice, day_of())
    name = slugify(fold(str(found)))[:60] or "xem-xet"
    headers = {"Content-Disposition": f'attachment; filename="thong-bao-{name}.{kind}"'}
    return HttpResponse(paper, content_type=KINDS[kind], headers=headers)


@require_safe
@walled
def notice_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The notice of conclusions, printed."""
    return notice_file(person(request), pk, PDF)


@require_safe
@walled
def notice_docx(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The notice of conclusions, to work on."""
    return notice_file(person(request), pk, DOCX)
