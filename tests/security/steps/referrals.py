"""Steps of referrals of both origins, of the directorates' reviews and of hearings: the tables of the matrix."""

from datetime import timedelta

from django.utils import timezone

from tests.factories.consultations import (
    AdmissibilityCheckFactory,
    CouncilViewFactory,
    DirectorateReviewFactory,
    HearingFactory,
    ReferralFactory,
)
from tests.security.steps.rule import DESK, NOBODY, TEAM, Table

LEAD = "lead"
WORKED = "in_progress opinion_adopted handed_over answered closed"
PRESIDENT_STATES = f"draft internal_review issued accepted {WORKED} withdrawn merged"
OWN_STATES = (
    "suggested shortlisted admissibility inadmissible council_view put_to_vote adopted rejected "
    f"{WORKED} withdrawn merged"
)


def president_referral(people, state):
    """Return a referral without directorates and without publication."""
    return ReferralFactory(term=people.term, state=state)


def own_referral(people, state):
    """Return a self-referral: admissible while that is checked, with the council's view once it is given."""
    made = ReferralFactory(term=people.term, own=True, state=state)
    if state == "admissibility":
        AdmissibilityCheckFactory(referral=made)
    if state == "council_view":
        CouncilViewFactory(referral=made)
    return made


def published_referral(people, state):
    return ReferralFactory(term=people.term, state=state, published=True)


REFERRALS = Table(
    pages="consultations:step",
    states=PRESIDENT_STATES,
    row=president_referral,
    enters=DESK,
    unseen={"facilitator": "draft internal_review withdrawn merged"},  # it was never issued
    steps={
        "instruire": (TEAM, {302: "draft"}),
        "reprendre": (TEAM, {422: "internal_review"}),
        "lettre-signee": (TEAM, {422: "internal_review"}),
        "inscrire": (TEAM, {422: "issued"}),
        "recevoir": (TEAM, {422: "issued"}),
        "demarrer": (TEAM, {302: "accepted"}),
        "avis-adopte": (TEAM, {302: "in_progress"}),
        "remettre": (TEAM, {302: "opinion_adopted"}),
        "reponse-donnee": (LEAD, {422: "handed_over"}),
        "clore": (LEAD, {422: "answered"}),
        "rouvrir": (LEAD, {422: "closed"}),
        "publier": (TEAM, {302: f"issued accepted {WORKED}"}),
        "depublier": (TEAM, {}),  # none is published
        "passer": (
            TEAM,
            {422: "draft internal_review issued accepted in_progress opinion_adopted handed_over answered"},
        ),
        "fusionner": (TEAM, {422: "draft internal_review issued accepted in_progress"}),
        "retirer": (TEAM, {422: "draft internal_review issued accepted in_progress"}),
    },
)
PUBLISHED_REFERRALS = Table(
    pages="consultations:step",
    states=f"issued accepted {WORKED}",
    row=published_referral,
    enters=DESK,
    steps={"publier": (TEAM, {}), "depublier": (TEAM, {422: f"issued accepted {WORKED}"})},
)
OWN_REFERRALS = Table(
    pages="consultations:step",
    states=OWN_STATES,
    row=own_referral,
    enters=DESK,
    steps={
        "instruire": NOBODY,
        "reprendre": NOBODY,
        "lettre-signee": NOBODY,
        "inscrire": NOBODY,
        "recevoir": NOBODY,
        "demarrer": (TEAM, {302: "adopted"}),
        "avis-adopte": (TEAM, {302: "in_progress"}),
        "remettre": (TEAM, {302: "opinion_adopted"}),
        "reponse-donnee": (LEAD, {422: "handed_over"}),
        "clore": (LEAD, {422: "answered"}),
        "rouvrir": (LEAD, {422: "closed"}),
        "publier": (TEAM, {302: f"put_to_vote adopted rejected {WORKED}"}),
        "depublier": (TEAM, {}),
        "passer": (
            TEAM,
            {
                422: "suggested shortlisted admissibility council_view put_to_vote adopted "
                "in_progress opinion_adopted handed_over answered"
            },
        ),
        "fusionner": (TEAM, {422: "suggested shortlisted admissibility council_view adopted in_progress"}),
        "retirer": (TEAM, {422: "suggested shortlisted admissibility council_view adopted in_progress"}),
    },
)

OFFICES = "president sponsor dir_contact dir_approver"
OFFICE_REFERRALS = Table(
    pages="consultations:office-step",
    states=PRESIDENT_STATES,
    row=president_referral,
    enters=OFFICES,
    unseen={"president": "draft", "sponsor": "draft", "dir_contact": "any", "dir_approver": "any"},
    steps={
        "emettre": ("president", {422: "internal_review"}),
        "renvoyer": ("president", {422: "internal_review"}),
        "avis-du-conseil": NOBODY,
    },
)
OFFICE_OWN_REFERRALS = Table(
    pages="consultations:office-step",
    states=OWN_STATES,
    row=own_referral,
    enters=OFFICES,
    unseen={"president": "suggested", "sponsor": "suggested", "dir_contact": "any", "dir_approver": "any"},
    steps={
        "emettre": NOBODY,
        "renvoyer": NOBODY,
        "avis-du-conseil": ("president", {422: "admissibility"}),
    },
)

ADMISSIBILITY_PAGES: dict[str, tuple[str, dict[int, str]]] = {
    "preselectionner": (TEAM, {302: "suggested"}),
    "ne-plus-preselectionner": (TEAM, {422: "shortlisted"}),
    "recevabilite": (TEAM, {422: "shortlisted"}),
    "decision": (TEAM, {422: "admissibility"}),
    "rouvrir-recevabilite": (LEAD, {422: "inadmissible"}),
    "avis-du-conseil": (TEAM, {422: "admissibility"}),
    "mettre-aux-voix": (TEAM, {422: "council_view"}),
    "retirer-du-vote": (TEAM, {422: "put_to_vote"}),
}
SELF_REFERRALS = Table(
    pages="consultations:self-referral-step",
    states=OWN_STATES,
    row=own_referral,
    enters=DESK,
    steps=ADMISSIBILITY_PAGES,
)
# These pages know self-referrals only.
NO_SELF_REFERRALS = Table(
    pages="consultations:self-referral-step",
    states="issued",
    row=president_referral,
    enters=DESK,
    unseen=dict.fromkeys(DESK.split(), "any"),
    steps=ADMISSIBILITY_PAGES,
)

REVIEW_STATES = "asked drafted returned submitted validated supplement declined passed_on closed"
OPEN_REVIEWS = "asked drafted returned submitted supplement"


def review_at(people, state):
    """Return a review of the directorate of `dir_contact` and `dir_approver`, about an issued referral."""
    referral = ReferralFactory(term=people.term, issued=True)
    return DirectorateReviewFactory(referral=referral, directorate=people.directorate, state=state)


REVIEWS = Table(
    pages="consultations:review-step",
    states=REVIEW_STATES,
    row=review_at,
    enters=TEAM,
    steps={
        "relancer": (TEAM, {302: OPEN_REVIEWS}),
        "date": (TEAM, {422: OPEN_REVIEWS}),
        "complement": (TEAM, {422: "validated"}),
        "redemander": (TEAM, {422: "declined closed"}),
        "clore": (TEAM, {422: OPEN_REVIEWS}),
    },
)
INSTRUCTIONS = Table(
    pages="consultations:instruction-step",
    states=REVIEW_STATES,
    row=review_at,
    enters="dir_contact dir_approver",
    steps={
        "a-reprendre": ("dir_approver", {422: "submitted"}),
        "renvoyer": ("dir_contact dir_approver", {422: "asked drafted returned supplement"}),
        "passer": ("dir_contact dir_approver", {422: "asked drafted returned"}),
    },
)


def hearing_at(people, state):
    """Return a hearing whose time has come, of a referral in work."""
    trait = {} if state == "planned" else {state: True}
    began = timezone.now() - timedelta(days=1)
    return HearingFactory(referral=ReferralFactory(term=people.term, working=True), starts_at=began, **trait)


HEARINGS = Table(
    pages="consultations:hearing-step",
    states="planned held cancelled",
    row=hearing_at,
    enters=DESK,
    steps={
        "tenue": (TEAM, {302: "planned"}),
        "annuler": (TEAM, {422: "planned"}),
        "reprendre": (TEAM, {302: "cancelled"}),
    },
)
TABLES = {
    "referrals": REFERRALS,
    "referrals-published": PUBLISHED_REFERRALS,
    "referrals-own": OWN_REFERRALS,
    "offices": OFFICE_REFERRALS,
    "offices-own": OFFICE_OWN_REFERRALS,
    "self-referrals": SELF_REFERRALS,
    "self-referrals-president": NO_SELF_REFERRALS,
    "reviews": REVIEWS,
    "instructions": INSTRUCTIONS,
    "hearings": HEARINGS,
}
