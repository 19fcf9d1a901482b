"""The directorates' desk on stage: one referral, directorates with their contact and their approver."""

from datetime import timedelta

from django.utils import timezone

from assembly.institution.models import Role
from consultations.models import DirectorateReview, ReviewState
from tests.factories.consultations import DirectorateReviewFactory, ReferralFactory
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory

GRID = {
    "summary": "Faisable dans 31 collèges.",
    "competence": "yes",
    "competence_note": "",
    "feasibility": "conditions",
    "feasibility_note": "Il faut 40 places libres.",
    "existing_schemes": "Deux collèges le font déjà.",
    "legal": "",
    "cost": "under_100k",
    "cost_note": "",
    "experts": "Mme Pujol, CHU.",
}


def agent(directorate, role=Role.DIR_CONTACT, **user):
    """Return a user who works in the directorate."""
    held = RoleAssignmentFactory(role=role, directorate=directorate, assembly=directorate.assembly, term=None)
    for name, value in user.items():
        setattr(held.user.person, name, value)
    held.user.person.save()
    return held.user


def asked_of(people, state=ReviewState.ASKED, **facts):
    """Make a review of the directorate of `people["dir_contact"]`, followed by `people["officer"]`."""
    referral = facts.pop("referral", None) or ReferralFactory(term=people.term, issued=True, officer=people["officer"])
    return DirectorateReviewFactory(
        referral=referral, directorate=people.directorate, state=state, asked_by=people["officer"], **facts
    )


def another(people, name="Direction des Mobilités", **facts):
    """Make another directorate of the same assembly, with its two agents."""
    directorate = DirectorateFactory(assembly=people.assembly, name=name, **facts)
    return directorate, agent(directorate), agent(directorate, Role.DIR_APPROVER)


def written(review, **grid):
    """Put an answer in the row, as if somebody had saved it."""
    DirectorateReview.objects.filter(pk=review.pk).update(**{**GRID, **grid})
    review.refresh_from_db()
    return review


def in_days(days):
    return timezone.localdate() + timedelta(days=days)
