"""The lines of the table about the life of a referral (bureau, offices, members, public)."""

from tests.factories.consultations import ReferralCommitteeFactory, ReferralFactory
from tests.security.routes import ANYONE, DESK, ELECTED, MEMBERS, SIGNED_IN, TEAM, Route


def issued(p):
    return {"pk": ReferralFactory(term=p.term, issued=True, officer=p["officer"]).pk}


def drafted(p):
    return {"pk": ReferralFactory(term=p.term, officer=p["officer"]).pk}


def in_review(p):
    return {"pk": ReferralFactory(term=p.term, review=True, officer=p["officer"]).pk}


def published(p):
    return {"reference": ReferralFactory(term=p.term, issued=True, published=True).reference}


def confided(p):
    row = ReferralCommitteeFactory(referral__term=p.term)
    return {"pk": row.referral_id, "row": row.pk}


ROUTES = {
    "consultations:list": Route(get=DESK),
    "consultations:export": Route(get=DESK),
    "consultations:create": Route(get=TEAM, post=TEAM, data={"title": "Bien vieillir"}),
    "consultations:referral": Route(get=DESK, of=issued),
    "consultations:edit": Route(get=TEAM, post=TEAM, of=drafted, data={"title": "Bien vieillir", "version": 1}),
    "consultations:step": Route(
        get=TEAM, post=TEAM, of=lambda p: {**drafted(p), "slug": "retirer"}, data={"reason": "Le schéma est voté."}
    ),
    "consultations:letter": Route(post=f"{TEAM} president", of=in_review),
    "consultations:history": Route(get=DESK, of=issued),
    "consultations:committees": Route(get=DESK, post=TEAM, of=issued),
    "consultations:committee-mandate": Route(get=TEAM, post=TEAM, of=confided, data={"mandate_statement": "Dire."}),
    "consultations:committee-release": Route(get=TEAM, post=TEAM, of=confided),
    "consultations:office-referral": Route(get=ELECTED, of=issued),
    "consultations:office-step": Route(
        get="president", post="president", of=lambda p: {**in_review(p), "slug": "renvoyer"}, data={"reason": "Non."}
    ),
    "consultations:my-list": Route(get=SIGNED_IN),
    "consultations:my-referral": Route(get=f"{DESK} {MEMBERS} {ELECTED}", of=issued),
    "consultations:public-list": Route(get=ANYONE),
    "consultations:public": Route(get=ANYONE, of=published),
    "consultations:public-card": Route(get=ANYONE, of=published),
}
