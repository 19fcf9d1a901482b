"""Amendments and minority positions: which roles each address answers."""

from datetime import timedelta

from django.utils import timezone

from opinions.amending.changes import Operation
from opinions.models import AmendmentState, OpinionState
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory
from tests.factories.opinions import MinorityPositionFactory, OpinionFactory, OpinionVersionFactory
from tests.opinions.amendments.debated_opinion import sits
from tests.security.routes import ANYONE, DESK, MEMBERS, TEAM, Route

A = AmendmentState
WORDS = {
    "alinea_from": "2",
    "alinea_to": "",
    "operation": Operation.INSERT_AFTER,
    "quote": "",
    "typed": "De plus.",
    "reason": "Utile.",
}
POSITION = {"title": "Le bus ne suffit pas", "body": "Nous aurions voulu des arrêts dans chaque village. " * 3}


def opinion(p, state=OpinionState.AMENDING, **facts):
    closes = timezone.now() + timedelta(days=2)
    return OpinionFactory(term=p.term, state=state, amendments_close_at=closes, officer=p["officer"], **facts)


def tabled(p):
    return {"pk": opinion(p).pk}


def reported(p):
    """Make the member the rapporteur, with an amendment that waits for a view."""
    made = opinion(p, rapporteur=p["member"].person)
    return {"pk": made.pk}


def to_view(p):
    made = opinion(p, rapporteur=p["member"].person)
    return {"pk": AmendmentFactory(opinion=made, state=A.ADMISSIBLE).pk}


def amendment(p, state=A.ADMISSIBLE, **facts):
    return {"pk": AmendmentFactory(opinion=opinion(p), state=state, **facts).pk}


def own_draft(p):
    return amendment(p, state=A.DRAFT, author=p["member"].person)


def own_submitted(p):
    return amendment(p, state=A.SUBMITTED, author=p["member"].person)


def keyed_in(p):
    return amendment(p, state=A.SUBMITTED, author=p["member"].person, on_paper=True)


def of_former_text(p):
    """Make the member's amendment to a text that was tabled again since."""
    made = opinion(p)
    former = AmendmentFactory(opinion=made, state=A.FELL, author=p["member"].person)
    OpinionVersionFactory(opinion=made)
    return {"pk": former.pk}


def asked_to_sign(p):
    made = AmendmentFactory(opinion=opinion(p), state=A.ADMISSIBLE)
    AmendmentCosignerFactory(amendment=made, person=p["member"].person)
    return {"pk": made.pk}


def to_check(p):
    return {**amendment(p, state=A.SUBMITTED), "slug": "recevable"}


def recorded(p):
    return {**WORDS, "author": sits(p["member"], p.term).member.person_id, "via": "paper", "received_on": "2026-01-02"}


def published(p):
    return {"reference": OpinionFactory(term=p.term, state=OpinionState.PUBLISHED).reference}


def adopted(p):
    return {"pk": OpinionFactory(term=p.term, state=OpinionState.ADOPTED, officer=p["officer"]).pk}


def position(p, **facts):
    made = OpinionFactory(term=p.term, state=OpinionState.ADOPTED, officer=p["officer"])
    return {"pk": MinorityPositionFactory(opinion=made, author=p["member"], **facts).pk}


def draft_position(p):
    return position(p)


def submitted_position(p):
    return position(p, submitted=True)


def keyed_position(p):
    return position(p, submitted=True, recorded_by=p["officer"])


ROUTES = {
    "opinions:my-amendments": Route(get=MEMBERS, of=tabled),
    "opinions:my-amend-text": Route(get=MEMBERS, of=tabled),
    "opinions:my-amendments-booklet": Route(get=MEMBERS, of=tabled),
    "opinions:my-amended-text": Route(get=MEMBERS, of=tabled),
    "opinions:my-rapporteur": Route(get="member", of=reported),
    "opinions:amendment-new": Route(get=MEMBERS, post=MEMBERS, of=tabled, data=WORDS),
    "opinions:amendment-new-recommendation": Route(get=MEMBERS, post=MEMBERS, of=tabled, data={"title": "Un taxi"}),
    "opinions:my-amendment": Route(get=MEMBERS, of=amendment),
    "opinions:amendment-edit": Route(get="member", post="member", of=own_draft, data={**WORDS, "version": 1}),
    "opinions:amendment-check": Route(get="member", post="member", of=own_draft),
    "opinions:amendment-discard": Route(get="member", post="member", of=own_draft),
    "opinions:amendment-withdraw": Route(get="member", post="member", of=own_submitted),
    "opinions:amendment-invite": Route(post="member", of=own_draft),
    "opinions:amendment-sign": Route(post=MEMBERS, of=asked_to_sign),
    "opinions:amendment-decline": Route(post="member", of=asked_to_sign),
    "opinions:amendment-confirm": Route(post="member", of=keyed_in),
    "opinions:amendment-begin-again": Route(post="member", of=of_former_text),
    "opinions:amendment-view": Route(get="member", post="member", of=to_view, data={"stance": "neutral", "text": ""}),
    "opinions:amendments": Route(get=DESK, of=tabled),
    "opinions:amendments-export": Route(get=DESK, of=tabled, journals=True),
    "opinions:amendments-booklet": Route(get=DESK, of=tabled),
    "opinions:amended-text": Route(get=DESK, of=tabled),
    "opinions:amendment-record": Route(get=TEAM, post=TEAM, of=tabled, data=recorded),
    "opinions:amendment-record-recommendation": Route(get=TEAM, post=TEAM, of=tabled, data={"title": "Un taxi"}),
    "opinions:amendment": Route(get=DESK, of=amendment),
    "opinions:amendment-step": Route(get=TEAM, post=TEAM, of=to_check),
    "opinions:public-amendments": Route(get=ANYONE, of=published, crosses=True),  # anybody reads what is published
    "opinions:my-positions": Route(get=MEMBERS, of=adopted),
    "opinions:position-new": Route(get=MEMBERS, post=MEMBERS, of=adopted, data=POSITION),
    "opinions:my-position": Route(get=MEMBERS, of=submitted_position),
    "opinions:position-edit": Route(get="member", post="member", of=draft_position, data={**POSITION, "version": 1}),
    "opinions:position-check": Route(get="member", post="member", of=draft_position),
    "opinions:position-discard": Route(get="member", post="member", of=draft_position),
    "opinions:position-withdraw": Route(get="member", post="member", of=submitted_position),
    "opinions:position-sign": Route(post="other_member", of=submitted_position),
    "opinions:position-unsign": Route(post="other_member", of=submitted_position),
    "opinions:position-confirm": Route(post="member", of=keyed_position),
    "opinions:positions": Route(get=DESK, of=adopted),
    "opinions:position-record": Route(
        get=TEAM, post=TEAM, of=adopted, data=lambda p: {**POSITION, "author": p["member"].pk, "via": "paper"}
    ),
}
