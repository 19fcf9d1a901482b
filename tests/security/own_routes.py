"""Self-referrals: which roles each address answers. Members propose and support; the team and the offices decide."""

from consultations.models import ReferralState
from consultations.self_referrals.actions import save_draft
from tests.factories.consultations import AdmissibilityCheckFactory, ReferralFactory
from tests.security.routes import MEMBERS, TEAM, Route

WORDS = {"title": "L’eau qui manque l’été", "why": "Elle manque.", "powers_link": "Le Département protège l’eau."}


def by_member(p):
    return {"pk": ReferralFactory(term=p.term, own=True, suggested_by=p["member"]).pk}


def by_somebody(p):
    return {"pk": ReferralFactory(term=p.term, own=True).pk}


def on_paper(p):
    return {"pk": ReferralFactory(term=p.term, own=True, suggested_via="paper", recorded_by=p["officer"]).pk}


def drafted(p):
    save_draft(p["member"], **WORDS)
    return {}


def admissible(p):
    referral = ReferralFactory(term=p.term, own=True, state=ReferralState.ADMISSIBILITY_CHECK, officer=p["officer"])
    AdmissibilityCheckFactory(referral=referral)
    return {"pk": referral.pk, "slug": "avis-du-conseil"}


ROUTES = {
    "consultations:my-suggestions": Route(get=MEMBERS),
    "consultations:suggest": Route(get=MEMBERS, post=MEMBERS, data=WORDS),
    "consultations:suggest-draft": Route(post=MEMBERS, data=WORDS),
    "consultations:suggest-check": Route(get=MEMBERS, post=MEMBERS, of=drafted, crosses=True),
    "consultations:my-suggestion": Route(get=MEMBERS, of=by_somebody),
    "consultations:my-dots": Route(post=MEMBERS, of=by_somebody, data={"dots": "1"}),
    "consultations:my-suggestion-edit": Route(get="member", post="member", of=by_member, data={**WORDS, "version": 1}),
    "consultations:my-suggestion-withdraw": Route(get="member", post="member", of=by_member),
    "consultations:suggestions": Route(get=TEAM),
    "consultations:suggestions-export": Route(get=TEAM),
    "consultations:suggestion-record": Route(
        get=TEAM, post=TEAM, data=lambda p: {**WORDS, "member": p["member"].pk, "via": "paper"}
    ),
    "consultations:suggestion": Route(get=TEAM, of=by_somebody),
    "consultations:suggestion-edit": Route(get=TEAM, post=TEAM, of=on_paper, data={**WORDS, "version": 1}),
    "consultations:self-referral-step": Route(
        get=TEAM, post=TEAM, of=lambda p: {**by_somebody(p), "slug": "preselectionner"}
    ),
    "consultations:settings": Route(get="lead", post="lead", data={"dots": 6, "dots_a_subject": 2, "review_days": 21}),
}
