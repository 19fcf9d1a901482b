"""Personal data of referrals: who suggested or supported a subject, who wrote in a thread, who was heard."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import delete_row, erased, impersonal, personal, retain_all, retention
from consultations.models import (
    AdmissibilityCheck,
    BriefingDeposit,
    BriefingDocument,
    BriefingPack,
    BriefingReadMark,
    CouncilView,
    Delegation,
    DeskEvent,
    DirectorateReview,
    Hearing,
    HearingGuest,
    Referral,
    ReferralCommittee,
    ReferralDirectorate,
    ReferralSettings,
    ReviewAttachment,
    ReviewEdition,
    ScopingNote,
    SuggestionDraft,
    Support,
    ThreadMessage,
    VisaLevel,
)

SUBJECT = _("sujet proposé à l’assemblée, gardé sans le nom de son auteur")
STEP = _("étape de la vie d’une saisine, acte de l’institution")
SUPPORT = _("décompte des soutiens, gardé sans le nom")
WORK = _("échange de travail entre services, pièce du dossier")
VISA = _("délégation de signature, acte de l’institution")
HEARD = _("audition tenue, sans le nom de la personne")

TEXT_FIELDS = (
    "title",
    "question",
    "context",
    "decided",
    "open_points",
    "impossible",
    "budget_frame",
    "deliverable",
    "support_offered",
    "work_starts_on",
    "due_on",
    "target_decision",
    "target_decision_on",
    "powers_link",
)
STEPS = (
    "term",
    "origin",
    "state",
    "reference",
    "created_at",
    "changed_at",
    "accepted_item",
    "accepted_on",
    "vote_item",
    "ballot",
    "answered_on",
    "published_at",
    "ended_at",
    "end_reason",
    "merged_into",
    "suggested_via",
)
OURS = (
    "public_id",
    "officer",
    "version",
    "issued_at",
    "issued_by",
    "issue_channel",
    "letter_on",
    "signed_letter",
    "answer_document",
    "recorded_by",
    "author_announced_state",
)


personal(
    Referral,
    name=_("Les sujets que vous avez proposés"),
    owner="suggested_by__person",
    fields=retain_all(*TEXT_FIELDS, reason=SUBJECT)
    | retain_all(*STEPS, reason=STEP)
    | retain_all(*OURS, reason=STEP, exported=False),
)
personal(
    SuggestionDraft,
    name=_("Le sujet que vous êtes en train d’écrire"),
    owner="user__person",
    deletes_rows=True,
    fields=retain_all("title", "why", "powers_link", "saved_at"),
)
personal(
    BriefingReadMark,
    name=_("Les documents que vous avez marqués comme lus"),
    owner="user__person",
    deletes_rows=True,
    fields=retain_all("document", "read_at"),
)
personal(
    Support,
    name=_("Vos soutiens à des sujets"),
    owner="user__person",
    fields=retain_all("referral", "dots", "changed_at", reason=SUPPORT),
)
personal(
    ThreadMessage,
    name=_("Vos messages dans le fil des saisines"),
    owner="author__person",
    fields=retain_all(
        "referral", "review", "directorate", "field", "quote", "body", "posted_at", "withdrawn_at", reason=WORK
    ),
)
personal(
    Delegation,
    name=_("Les visas qui vous ont été délégués"),
    owner="holder__person",
    fields=retain_all("directorate", "starts_on", "ends_on", "created_at", "ended_at", reason=VISA)
    | retain_all("giver", reason=VISA, exported=False),
)
personal(
    VisaLevel,
    name=_("Les visas intermédiaires que vous donnez"),
    owner="holder__person",
    fields=retain_all("directorate", "name", "position", "added_at", "removed_at", reason=VISA),
)
personal(
    DeskEvent,
    name=_("Ce qui vous a été annoncé sur les saisines"),
    owner="user__person",
    deletes_rows=True,
    fields=retain_all("term", "review", "message", "key", "target_type", "target_id", exported=False)
    | retain_all("kind", "referral", "happened_at", "sent_at", "dropped_at"),
)
personal(
    HearingGuest,
    name=_("Vos auditions"),
    owner="person",
    fields={
        **retain_all("hearing", "kind", "is_public", "removed_at", reason=HEARD),
        "name": erased(),
        "capacity": erased(),
    },
)


def old_read_marks(now: datetime) -> QuerySet[BriefingReadMark]:
    """Return the marks that are older than a year, which is longer than any referral is read."""
    return BriefingReadMark.objects.filter(read_at__lt=now - timedelta(days=365))


retention("consultations.read_marks", _("Documents marqués comme lus"), find=old_read_marks, apply=delete_row)
# Agents act for their service: what they wrote and gave belongs to the institution; they are referenced by key and in
# the audit log.
impersonal(
    AdmissibilityCheck,
    BriefingDeposit,
    BriefingDocument,
    BriefingPack,
    CouncilView,
    DirectorateReview,
    Hearing,
    ReferralCommittee,
    ReferralDirectorate,
    ReferralSettings,
    ReviewAttachment,
    ReviewEdition,
    ScopingNote,
)
