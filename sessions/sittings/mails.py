"""Notices to the people convened to a sitting."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy

from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import Attachment, MessageKind
from assembly.text.french import format_date
from sessions.models import Invitee, Notice
from sessions.sittings.queries.calendar import notice_file, notice_method
from sessions.sittings.queries.convening import agenda_pdf


class NoticeMessage(MessageKind):
    """Base class of notices: the body has date, hour, venue, agenda and the next step; the files repeat them."""

    asks_answer: ClassVar[bool] = True
    has_agenda: ClassVar[bool] = True
    has_event: ClassVar[bool] = True

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        notice = notice_of(distribution)
        invitee = Invitee.objects.filter(pk=delivery.context.get("invitee")).first()
        return {
            "notice": notice,
            "facts": notice.snapshot,
            "day": format_date(datetime.fromisoformat(notice.snapshot["starts_at"])),
            "sitting": notice.sitting,
            "invitee": invitee,
            "asks_answer": self.asks_answer,
        }

    def attachments(self, distribution: Distribution, delivery: Delivery) -> list[Attachment]:
        notice = notice_of(distribution)
        files = []
        if self.has_event:
            kind = f"text/calendar; method={notice_method(notice)}"
            files.append(Attachment(f"{slugify(notice.sitting.reference)}.ics", kind, notice_file(notice)))
        if self.has_agenda:
            files.append(Attachment(agenda_name(notice), "application/pdf", agenda_pdf(notice)))
        return files

    def attachment_names(self, distribution: Distribution) -> list[str]:
        names = []
        if self.has_event:
            names.append(_("Rendez-vous pour l’agenda"))
        if self.has_agenda:
            names.append(_("Ordre du jour (PDF)"))
        return names


def notice_of(distribution: Distribution) -> Notice:
    return Notice.objects.select_related("sitting__term__assembly", "sitting__committee", "sitting__chair").get(
        pk=distribution.subject_id
    )


def agenda_name(notice: Notice) -> str:
    return f"ordre-du-jour-{slugify(notice.sitting.reference)}.pdf"


class FirstNotice(NoticeMessage):
    kind = "sitting-notice"
    template = "sessions/sittings/mail/notice"
    label = gettext_lazy("Convocation")


class ChangedNotice(NoticeMessage):
    kind = "sitting-notice-changed"
    template = "sessions/sittings/mail/notice_changed"
    label = gettext_lazy("Convocation modifiée")


class SecondNotice(NoticeMessage):
    kind = "sitting-notice-second"
    template = "sessions/sittings/mail/notice_second"
    label = gettext_lazy("Seconde convocation, sans quorum")


class PostponedNotice(NoticeMessage):
    kind = "sitting-postponed"
    template = "sessions/sittings/mail/notice_postponed"
    label = gettext_lazy("Report d’une séance")
    asks_answer = False
    has_agenda = False


class CancelledNotice(PostponedNotice):
    kind = "sitting-cancelled"
    template = "sessions/sittings/mail/notice_cancelled"
    label = gettext_lazy("Annulation d’une séance")


class Reminder(NoticeMessage):
    kind = "sitting-reminder"
    template = "sessions/sittings/mail/notice_reminder"
    label = gettext_lazy("Relance sans réponse")
    has_agenda = False
    has_event = False


class SittingMessage(MessageKind):
    """Message with one paragraph for each typed line; none is written any more, those on their way still leave."""

    kind = "sitting-message"
    template = "sessions/attendance/mail/absences"
    label = gettext_lazy("Message sur une séance")
