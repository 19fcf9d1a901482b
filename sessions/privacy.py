"""Retention periods of sittings, and what an erasure does beside emptying fields."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.renditions import delete_renditions_about
from assembly.identity.personal_data import at_erasure, delete_row, months_later, retention
from assembly.institution.queries import terms_past
from sessions.attendance.models import ERASED_TEXT
from sessions.expenses import actions as expenses
from sessions.expenses.enums import ExpenseState
from sessions.minutes.rules import erased_on
from sessions.models import AbsenceCase, ActionItem, AgendaItem, ExpenseClaim, Invitee, ItemNote, Minutes, Sitting
from sessions.sittings.models import LOGISTICS

VOUCHER_RETENTION_YEARS = 10


def erase_working_files(person: Any, by: Any) -> None:
    """Delete the certificates, sheets and drafts that name the person; they can be requested again."""
    invited = Invitee.objects.filter(person=person)
    sittings = list(invited.values_list("sitting", flat=True))
    delete_renditions_about(
        {
            "sittings.Invitee": invited.values_list("pk", flat=True),
            "sittings.Sitting": sittings,
            "sittings.Minutes": Minutes.objects.filter(sitting__in=sittings).values_list("pk", flat=True),
        }
    )


def erase_plain_names(person: Any, by: Any) -> None:
    """Erase the name of a speaker or of the owner of an action where it is stored as text beside the key."""
    AgendaItem.objects.filter(speaker_person=person).update(speaker="")
    ActionItem.objects.filter(owner=person).update(owner_text="")


def old_logistics(now: datetime) -> QuerySet[Invitee]:
    """Return the invitees with meals, children, transport or needs in terms past their retention period."""
    filled = Q()
    for name, empty in LOGISTICS.items():
        filled |= ~Q(**{name: empty})
    return Invitee.objects.filter(filled, sitting__term__in=terms_past(now, "logistics_retention_months"))


def erase_logistics(invitee: Any) -> None:
    Invitee.objects.filter(pk=invitee.pk).update(**LOGISTICS)


def old_notes(now: datetime) -> QuerySet[ItemNote]:
    """Return the notes of sittings past the retention period of their term."""
    sittings = Sitting.objects.order_by().filter(agenda__notes__isnull=False).distinct()
    rows = sittings.values_list("pk", "starts_at", "term__notes_retention_months")
    today = timezone.localdate(now)
    due = [pk for pk, starts_at, months in rows if erased_on(starts_at, months) <= today]
    return ItemNote.objects.filter(item__sitting__in=due)


def old_claims(now: datetime) -> QuerySet[ExpenseClaim]:
    """Return claims paid or refused ten years ago, and unsent or withdrawn ones when logistics are erased."""
    day = months_later(timezone.localdate(now), -12 * VOUCHER_RETENTION_YEARS)
    unsent = [ExpenseState.DRAFT, ExpenseState.RETURNED, ExpenseState.WITHDRAWN]
    answered = Q(state__in=[ExpenseState.PAID, ExpenseState.REFUSED], closed_at__date__lt=day)
    return ExpenseClaim.objects.filter(
        answered | Q(state__in=unsent, term__in=terms_past(now, "logistics_retention_months"))
    )


def old_absences(now: datetime) -> QuerySet[AbsenceCase]:
    """Return the cases whose reasons and observations expire with the logistics; the decisions stay."""
    texts = ~Q(reason__in=["", ERASED_TEXT]) | ~Q(answer__in=["", ERASED_TEXT])
    return AbsenceCase.objects.filter(texts, mandate__term__in=terms_past(now, "logistics_retention_months"))


def erase_texts(case: Any) -> None:
    fields = {name: ERASED_TEXT for name in ("reason", "answer") if getattr(case, name)}
    AbsenceCase.objects.filter(pk=case.pk).update(**fields)


retention("sittings.absences", _("Motifs et observations sur les absences"), find=old_absences, apply=erase_texts)
retention(
    "sittings.expenses",
    _("Demandes de remboursement et leurs justificatifs"),
    find=old_claims,
    apply=expenses.erase_claim,
)
retention("sittings.notes", _("Notes prises en séance"), find=old_notes, apply=delete_row)
at_erasure("sittings.names", erase_plain_names)
at_erasure("sittings.files", erase_working_files)
retention(
    "sittings.logistics",
    _("Logistique des séances d’anciennes mandatures"),
    find=old_logistics,
    apply=erase_logistics,
)
