"""Contributions of follow-ups: menus, mails, the daily mail, files, search, names in the journal, audit events."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from answers.cases.models import answering
from answers.follow_up import actions
from answers.follow_up.data_sets import COMMITMENT_DATA
from answers.follow_up.lists import FOLLOW_UPS
from answers.follow_up.mails import FollowUpDisputed, FollowUpEntrusted, HearingAsked, UpdateAsked
from answers.follow_up.models import UpdateEventKind
from answers.models import FollowUp, ProgressUpdate
from answers.pages import OfThread
from assembly.audit.registry import Key, NamedSubject, add_audit_events, add_namer
from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from assembly.institution.menu import MenuHeading, add_desk_line, add_menu_entry, anywhere
from assembly.institution.rules import can_enter_directorate_area
from assembly.lists import add_list
from assembly.notifications.registry import add_messages
from assembly.open_data.registry import add_data_sets
from assembly.search.registry import IndexEntry, add_search_source
from assembly.text.french import format_date, local_day
from consultations.digest.queries import DeskTarget, add_desk_target
from consultations.models import DeskEvent
from opinions.opinions.queries import published_opinions


def proof_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may read a document or a photo of an update.

    Anybody may, next to the published opinion, while the update is not withdrawn; whoever works on the case always
    may.
    """
    rows = ProgressUpdate.objects.filter(Q(document=upload) | Q(photo=upload))
    published = Q(follow_up__case__recommendation__opinion__published_at__isnull=False) | Q(
        follow_up__case__whole_of__published_at__isnull=False
    )
    return (
        rows.not_withdrawn().filter(published).exists()
        or rows.filter(follow_up__in=FollowUp.objects.visible_to(user).values("pk")).exists()
    )


class ProgressUpdates(OfThread):
    kind, order = "progress", 16
    name, label = _("Suite donnée"), _("Suites données")

    def objects(self) -> QuerySet[Any]:
        paths = "follow_up__case__recommendation__opinion", "follow_up__case__whole_of"
        return ProgressUpdate.objects.not_withdrawn().select_related(*paths)

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        case = subject.follow_up.case
        values = {"state": subject.get_state_display().capitalize(), "title": case.title}
        yield IndexEntry(
            gettext("%(state)s : %(title)s") % values,
            body=subject.text,
            reference=case.reference,
            dated_on=local_day(subject.at),
            term_id=case.opinion.term_id,
        )

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Any]]:
        """Return, alike for everybody, the updates that are not withdrawn."""
        public = published_opinions().values("pk")
        return {"": ProgressUpdate.objects.not_withdrawn().filter(answering(public, "follow_up__case__"))}

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Return the updates of a follow-up, because the journal names the follow-up."""
        if label == "answers.FollowUp":
            return ProgressUpdate.objects.filter(follow_up__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def follow_up_of(event: DeskEvent) -> FollowUp:
    return FollowUp.objects.with_dossier().get(pk=event.target_id or 0)


def is_update_obsolete(event: DeskEvent) -> bool:
    """Return whether the update was made, the follow-up closed, or somebody else is in charge."""
    row, today = follow_up_of(event), timezone.localdate()
    if row.update_due_on is None:
        return True
    kind, people = actions.people_of(row, today)
    is_near = actions.is_near(row.update_due_on, today)
    return not is_near or event.user not in people or (event.kind == UpdateEventKind.LATE and kind != event.kind)


def update_line(event: DeskEvent) -> tuple[str, str, str]:
    """Return the title (« AC2-2026-03-P07 – Un guichet »), the day an update is due, and the address."""
    row = follow_up_of(event)
    is_late = event.kind == UpdateEventKind.LATE
    sentence = (
        gettext("Un point était attendu le %(day)s.") if is_late else gettext("Un point est attendu le %(day)s.")
    )
    detail = sentence % {"day": format_date(row.update_due_on)}
    return f"{row.case.reference} – {row.case.title}", detail, reverse("answers:directorate-case", args=[row.case_id])


FOLLOW_UP = FollowUp._meta.label


def named_follow_ups(keys_by_label: Mapping[str, Collection[str]], reader: Any) -> dict[Key, NamedSubject]:
    """Return the names of the follow-ups that the journal mentions, with one query, or none if there are none."""
    if FOLLOW_UP not in keys_by_label:
        return {}
    names = {}
    for row in FollowUp.objects.visible_to(reader).filter(pk__in=keys_by_label[FOLLOW_UP]).with_dossier():
        page = reverse("answers:desk-follow-up", args=[row.case_id])
        name = NamedSubject(gettext("Suite donnée"), row.case.title, row.case.reference, page)
        names[FOLLOW_UP, str(row.pk)] = name
    return names


add_desk_line(
    MenuHeading.ANSWERS,
    _("Suites données"),
    "answers:follow-ups",
    FOLLOW_UPS.can_open,
    order=37,
)
add_menu_entry(
    "directorate",
    _("Suites données"),
    "answers:directorate-follow-ups",
    anywhere(can_enter_directorate_area),
    order=31,
    icon="check2-square",
)
add_messages(FollowUpEntrusted, UpdateAsked, FollowUpDisputed, HearingAsked)
add_desk_target("answers.FollowUp", DeskTarget(UpdateEventKind, is_update_obsolete, update_line))
add_upload_rules(proof_is_visible)
add_search_source(ProgressUpdates)
add_namer(named_follow_ups)
add_audit_events(
    {
        "follow_up.escalated": _("a signalé au directeur ou à la directrice qu’un point manque"),
        "follow_up.opened": _("a commencé à suivre ce qu’une réponse promet"),
    }
)
add_list(FOLLOW_UPS)
add_data_sets(COMMITMENT_DATA)
