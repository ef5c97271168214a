"""Refusals of the door, each with a code for programs, a sentence for people and an HTTP status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class WorkflowError(Exception):
    """A step was refused and nothing was written.

    ``problems``: sentences (guard) or field → sentence (answers). ``state``: the record's state at the refusal.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    default: ClassVar[str | Promise] = _("Không thực hiện được thao tác này.")

    def __init__(
        self,
        sentence: str | Promise | None = None,
        *,
        state: str = "",
        problems: Sequence[str] | Mapping[str, str] = (),
    ) -> None:
        self.sentence = sentence or self.default
        self.state = state
        self.problems = problems
        super().__init__(str(self.sentence))

    @property
    def said(self) -> str:
        """What is wrong, for people: every problem, or else the sentence."""
        problems = self.problems.values() if isinstance(self.problems, Mapping) else self.problems
        return " ".join(str(one) for one in problems) or str(self.sentence)


class NotVisible(WorkflowError):
    """The record belongs to an agency that the person does not see: it does not exist for them."""

    code = "not_found"
    status = 404
    default = _("Không tìm thấy hồ sơ này.")


class NotReadable(WorkflowError):
    """A record of the person's own agency that is not for them to read: it exists, and that is all they learn."""

    code = "not_readable"
    status = 403
    default = _("Hồ sơ này chưa công bố; vai trò hiện nay của bạn không được xem.")


class NotYourTurn(WorkflowError):
    """No seat held now gives this step."""

    code = "not_your_turn"
    status = 403
    default = _("Vai trò hiện nay của bạn không được thực hiện bước này.")


class SameHand(WorkflowError):
    """Separation of duties, by past deeds on the same record."""

    code = "same_hand"
    status = 403
    default = _("Bạn đã tham gia hồ sơ này ở bước trước nên không được thực hiện bước này.")


class WrongState(WorkflowError):
    """The table has no such step out of the present state."""

    code = "wrong_state"
    default = _("Hồ sơ không còn ở bước cho phép thao tác này.")


class Stale(WorkflowError):
    """The person decided on an older version of the record than the one that is there now."""

    code = "stale"
    default = _("Hồ sơ đã được người khác thay đổi sau khi bạn mở. Hãy tải lại và xem trước khi quyết định.")


class Busy(WorkflowError):
    """Another person holds the record's lock; nothing was written."""

    code = "busy"
    default = _("Hồ sơ đang được người khác xử lý. Hãy thử lại sau giây lát.")


class GuardFailed(WorkflowError):
    """The record itself is not ready: ``problems`` are sentences of what is missing."""

    code = "guard_failed"
    status = 422
    default = _("Hồ sơ chưa đủ điều kiện để chuyển bước.")


class BadAnswer(WorkflowError):
    """The form or JSON body is wrong: ``problems`` maps each field to a sentence."""

    code = "bad_answer"
    status = 400
    default = _("Thông tin nhập chưa đúng.")
