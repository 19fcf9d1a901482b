"""The letter of a referral as facts (domain.md F-2), for the page of the president's office and for the PDF."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.text.french import format_date
from consultations.enums import IssueChannel
from consultations.models import Referral
from consultations.referrals.models import GIVEN
from consultations.referrals.queries import named_directorates


def letter_facts(referral: Referral) -> dict[str, Any]:
    """Return reference, question, frame, calendar, commitment; empty parts are left out."""
    term = referral.term
    named = named_directorates(referral)
    return {
        "reference": f"{referral.reference}-LS",
        "referral": referral.reference,
        "title": referral.title,
        "house": term.assembly.name,
        "authority": term.assembly.authority_name,
        "context": referral.context,
        "question": referral.question,
        "frame": [{"label": label, "text": text} for label, text in referral.texts(*GIVEN)],
        "deliverable": referral.deliverable,
        "support": referral.support_offered,
        "calendar": letter_calendar(referral),
        "directorates": [
            {"name": row.directorate.name, "role": _("pilote") if row.is_lead else _("associée")} for row in named
        ],
        "commitment": commitment(term.answer_days),
        "issued_on": format_date(referral.letter_on, weekday=False) if referral.letter_on else "",
        "signed_by": signed_by(referral),
    }


def letter_calendar(referral: Referral) -> list[dict[str, str]]:
    rows = [
        (_("Début des travaux"), format_date(referral.work_starts_on) if referral.work_starts_on else ""),
        (_("Avis attendu"), format_date(referral.due_on) if referral.due_on else ""),
        (_("Décision que l’avis éclaire"), referral.target_decision),
        (_("Date de cette décision"), format_date(referral.target_decision_on) if referral.target_decision_on else ""),
    ]
    return [{"label": label, "text": text} for label, text in rows if text]


def commitment(days: int) -> str:
    template = ngettext(
        "Le Conseil départemental répondra à chaque préconisation, avec ses motifs, dans les %(n)s jour qui suit la "
        "remise de l’avis.",
        "Le Conseil départemental répondra à chaque préconisation, avec ses motifs, dans les %(n)s jours qui suivent "
        "la remise de l’avis.",
        days,
    )
    return template % {"n": days}


def signed_by(referral: Referral) -> dict[str, str]:
    """Return who gave the visa; empty on a draft, and on a letter signed on paper."""
    if referral.issued_by is None or referral.issued_at is None or referral.issue_channel != IssueChannel.VISA:
        return {}
    person = referral.issued_by.person
    return {
        "name": person.full_name,
        "capacity": person.capacity or _("pour le président du Conseil départemental"),
        "given_at": referral.issued_at.isoformat(),
    }
