"""The letter of a referral as a file: « PROJET » until the visa, then sealed as `S-2026-02-LS`.

A letter signed on paper is the scan that was uploaded: nothing is sealed in its place.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.models import Upload
from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, RecordedVisa, Renderer
from consultations.models import Referral
from consultations.referrals import rules
from consultations.referrals.actions import DRAFT_LETTER, LETTER
from consultations.referrals.queries import letter_facts


class LetterFile(Renderer):
    """Base of the draft and of the sealed letter."""

    subject_label: ClassVar[str] = "consultations.Referral"

    def load(self, subject_id: str) -> Referral:
        return Referral.objects.select_related("term__assembly", "issued_by__person").get(pk=subject_id)

    def identity(self, subject: Referral) -> Identity:
        dated = subject.letter_on or timezone.localdate(subject.created_at)
        return Identity(f"{subject.reference}-LS", title_of(subject), dated, subject.term)

    def source(self, subject: Referral) -> RenderSource:
        facts = letter_facts(subject)
        signed = facts["signed_by"]
        visas = [signed | {"given_at": datetime.fromisoformat(signed["given_at"]), "note": ""}] if signed else []
        return page_source(
            "consultations/referrals/pdf/letter.html",
            {"letter": facts, "visas": visas},
            assembly=subject.term.assembly,
            title=title_of(subject),
            reference=facts["reference"],
            made_at=subject.issued_at or subject.changed_at,
            sheets=["consultations"],
            data=facts if self.sealed else None,
            sealed=self.sealed,
            draft=not self.sealed,
        )


def title_of(referral: Referral) -> str:
    return _("Saisine : %(title)s") % {"title": referral.title}


class DraftLetter(LetterFile):
    """Letter to be read before the visa, by the team and by the offices."""

    kind = DRAFT_LETTER
    file_name = "projet-de-lettre-de-saisine"

    def can_read(self, user: Any, subject: Referral) -> bool:
        return rules.can_make_letter(user, subject) or rules.can_read_in_office(user, subject)


class SealedLetter(LetterFile):
    """Letter made at the visa, for whoever reads the referral."""

    kind = LETTER
    sealed = True

    def can_read(self, user: Any, subject: Referral) -> bool:
        return Referral.objects.visible_to(user).filter(pk=subject.pk, issued_at__isnull=False).exists()

    def visas(self, subject: Referral) -> Sequence[RecordedVisa]:
        """Return the visa of the office, which acts in an official capacity and is named in public."""
        signed = letter_facts(subject)["signed_by"]
        return [RecordedVisa(**signed)] if signed else []


def signed_letter_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open the letter signed on paper: readers of the referral in any area may."""
    return Referral.objects.visible_to(user).filter(signed_letter=upload, issued_at__isnull=False).exists()


def recorded_answer_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may open the council's answer: readers of the referral, anybody once it is public."""
    seen = Referral.objects.visible_to(user) | Referral.objects.public()
    return seen.filter(answer_document=upload).exists()
