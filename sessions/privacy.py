"""Personal data of sittings: who was invited, who came, what they needed, what they proposed to correct."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.documents.actions.renditions import delete_renditions_about
from assembly.identity.personal_data import (
    at_erasure,
    delete_row,
    erased,
    impersonal,
    months_later,
    personal,
    retain_all,
    retention,
)
from assembly.institution.privacy import terms_past
from sessions.actions import expenses
from sessions.enums import ExpenseState
from sessions.models import (
    AbsenceCase,
    ActionItem,
    AgendaDocument,
    AgendaItem,
    Attendance,
    Ballot,
    CalendarFeed,
    Correction,
    Decision,
    ExpenseBatch,
    ExpenseClaim,
    ExpenseLine,
    ExpenseRate,
    Invitee,
    ItemNote,
    Minutes,
    MinutesSection,
    Notice,
    SectionRevision,
    Sitting,
    SittingTemplate,
    Visa,
)
from sessions.rules.notes import erased_on

PRESENCE = _("présence à une séance publique, preuve du quorum, sans le nom")
TEXT = _("texte du compte rendu, acte de l’assemblée")
DECISION = _("décision sur un mandat, sans le nom")
ACCOUNTS = _("pièce comptable, gardée dix ans")
VOUCHER_RETENTION_YEARS = 10
ERASED_TEXT = "–"  # in place of an erased text, so that the row still meets its constraints
LOGISTICS = {"wants_meal": False, "diet": "", "children": 0, "children_ages": "", "transport": "", "needs": ""}

personal(
    Invitee,
    name=_("Vos convocations et vos réponses"),
    owner="person",
    fields={
        **retain_all("public_id", "reply_recorded_by", "link_version", reason=PRESENCE, exported=False),
        **retain_all(
            "sitting",
            "is_member",
            "reply",
            "replied_at",
            "replied_via",
            "absence",
            "is_absence_derived",
            "withdrawn_at",
            reason=PRESENCE,
        ),
        "capacity": erased(),
        **{name: erased(empty) for name, empty in LOGISTICS.items()},
        "absence_reason": erased(),
    },
)
personal(
    Attendance,
    name=_("Vos présences"),
    owner="invitee__person",
    fields=retain_all("arrived_at", "left_at", "mode", "via", "recorded_at", "voided_at", reason=PRESENCE)
    | retain_all("recorded_by", reason=PRESENCE, exported=False)
    | {"hours_reason": erased()},
)
personal(
    Correction,
    name=_("Vos demandes de correction"),
    owner="author",
    fields={
        **retain_all(
            "minutes",
            "passage",
            "proposal",
            "via",
            "asked_at",
            "state",
            "answer",
            "answered_at",
            "answer_sent_at",
            reason=TEXT,
        ),
        **retain_all("section", "recorded_by", "answered_by", reason=TEXT, exported=False),
        "reason": erased(),
    },
)
personal(
    Visa,
    name=_("Vos visas de comptes rendus"),
    owner="person",
    fields=retain_all("minutes", "capacity", "given_at", "via", "voided_at", reason=TEXT)
    | retain_all("text_sha256", "recorded_by", reason=TEXT, exported=False),
)
personal(
    CalendarFeed,
    name=_("Votre agenda partagé"),
    owner="user__person",
    deletes_rows=True,
    fields=retain_all("version", exported=False) | retain_all("is_open", "changed_at"),
)
personal(
    ItemNote,
    name=_("Vos notes prises en séance"),
    owner="author__person",
    deletes_rows=True,
    fields=retain_all("item", "revision", exported=False) | retain_all("text", "updated_at"),
)
personal(
    AbsenceCase,
    name=_("Les alertes sur vos absences"),
    owner="mandate__member__person",
    fields={
        **retain_all("since", "latest", "absences", "excused", "state", "raised_at", "decided_at", reason=DECISION),
        **retain_all("answer_by", "answered_on", reason=DECISION),
        **retain_all("decided_by", reason=DECISION, exported=False),
        "reason": erased(lambda case: ERASED_TEXT if case.reason else ""),
        "answer": erased(lambda case: ERASED_TEXT if case.answer else ""),
    },
)
personal(
    ExpenseClaim,
    name=_("Vos demandes de remboursement"),
    owner="invitee__person",
    fields={
        **retain_all("term", "reference", "state", "via", "created_at", "submitted_at", "checked_at", reason=ACCOUNTS),
        **retain_all("closed_at", "reason", "batch", "paid_on", "payment_reference", reason=ACCOUNTS),
        **retain_all("created_by", "submitted_by", reason=ACCOUNTS, exported=False),
    },
)
personal(
    ExpenseLine,
    name=_("Les dépenses de vos demandes"),
    owner="claim__invitee__person",
    fields=retain_all("rate", "label", "quantity", "cost", "amount", "voucher", reason=ACCOUNTS),
)
# Speakers, chairs, writers, counters and owners of actions are stored as keys, and named in the sealed acts.
impersonal(
    ActionItem,
    AgendaDocument,
    AgendaItem,
    Ballot,
    Decision,
    ExpenseBatch,
    ExpenseRate,
    Minutes,
    MinutesSection,
    Notice,
    SectionRevision,
    Sitting,
    SittingTemplate,
)


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
