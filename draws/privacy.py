"""Personal data of `draws`, and the days on which they are erased."""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import delete_row, impersonal, personal, retain_all, retained, retention
from draws.actions import purge
from draws.models import (
    BallReading,
    Call,
    CallCount,
    CallExtension,
    Candidate,
    CandidateNeed,
    Computation,
    ConfirmationCall,
    Contestation,
    Designation,
    Draw,
    DrawResult,
    FrozenPool,
    Incident,
    NextCallAddress,
    Placement,
    PoolEntry,
    PopulationMargins,
    QuotaVersion,
)

DRAWN = _("tirage au sort parmi les membres, gardé sans votre nom")

# A candidate is no `Person`: no card links to it, and the whole row is deleted on the announced day.
impersonal(Call, CallCount, CallExtension, Candidate, CandidateNeed, NextCallAddress, PopulationMargins)
# Pseudonyms, hashes and counts; users by key only. The line of the sealed table, with its contestations, is deleted
# with the candidate.
impersonal(
    BallReading,
    Computation,
    ConfirmationCall,
    Contestation,
    Draw,
    DrawResult,
    Incident,
    FrozenPool,
    Placement,
    PoolEntry,
    QuotaVersion,
)
personal(
    Designation,
    name=_("Vos tirages au sort parmi les membres"),
    owner="mandate__member__person",
    fields={
        **retain_all("draw", "pseudonym", "outcome", "rank", "instead_of", "noted_at", reason=DRAWN),
        "mandate": retained(DRAWN, exported=False),
        "noted_by": retained(DRAWN, exported=False),
    },
)
retention("draws.candidates", _("Candidatures non retenues, au jour annoncé"), find=purge.due, apply=purge.erase_one)
retention(
    "draws.seated",
    _("Candidatures tirées au sort, après la mandature"),
    find=purge.seated_due,
    apply=purge.erase_one,
)
retention("draws.unconfirmed", _("Candidatures jamais confirmées"), find=purge.never_confirmed, apply=purge.erase_row)
retention("draws.withdrawn", _("Candidatures retirées depuis un mois"), find=purge.withdrawn, apply=purge.erase_one)
retention("draws.next_call", _("Adresses pour le prochain appel"), find=purge.old_news, apply=delete_row)
