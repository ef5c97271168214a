"""The running approval of a version, as a chart and a list of duties. Node names are states of the machine."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from viewflow import this
from viewflow.workflow import flow

from workflows.flows import duty, moved_to, patient_lock


class VersionFlow(flow.Flow):  # type: ignore[misc]
    """From the draft to the issue: each gate only reads where the record stands."""

    process_title = _("Phê duyệt tài liệu")
    lock_impl = patient_lock

    start = flow.StartHandle().Next(this.draft)

    draft = duty(this.after_draft)
    after_draft = flow.Switch().Case(this.cancelled, moved_to("cancelled")).Default(this.unit_review)

    unit_review = duty(this.after_unit)
    after_unit = flow.Switch().Case(this.draft, moved_to("draft")).Default(this.iso_check)

    iso_check = duty(this.after_check)
    after_check = flow.Switch().Case(this.draft, moved_to("draft")).Default(this.leader_review)

    leader_review = duty(this.after_leader)
    after_leader = flow.Switch().Case(this.draft, moved_to("draft")).Default(this.pending_approval)

    pending_approval = duty(this.after_approval)
    after_approval = flow.Switch().Case(this.draft, moved_to("draft")).Default(this.approved)

    approved = duty(this.after_issue)
    after_issue = flow.Switch().Case(this.draft, moved_to("draft")).Default(this.issued)

    issued = flow.End()
    cancelled = flow.End()
