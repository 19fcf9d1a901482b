"""The lines of the table about open data: anybody reads what is published."""

from assembly.open_data.archive import make_archive
from opinions.models import OpinionState
from tests.factories.consultations import ReferralFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import SittingFactory
from tests.mission.indicators.nights import counted_night
from tests.security.answer_public_routes import proposal
from tests.security.draw_routes import public_at
from tests.security.routes import ANYONE, Route


def opinion(p):
    return {"reference": OpinionFactory(term=p.term, state=OpinionState.PUBLISHED).reference}


def referral(p):
    return {"reference": ReferralFactory(term=p.term, issued=True, published=True).reference}


def sitting(p):
    return {"reference": SittingFactory(term=p.term, held=True).reference}


def indicator(p):
    counted_night(p.term)
    return {"reference": "assiduite"}


def archived(p):
    make_archive()
    return {}


ROUTES = {
    "open_data:archive": Route(get=ANYONE, of=archived),
    "open_data:index": Route(get=ANYONE),
    "open_data:description": Route(get=ANYONE),
    "open_data:set-csv": Route(get=ANYONE, of=lambda p: {"name": "avis"}),
    "open_data:set-json": Route(get=ANYONE, of=lambda p: {"name": "avis"}),
    "open_data:avis": Route(get=ANYONE, of=opinion),
    "open_data:preconisations": Route(get=ANYONE, of=proposal),
    "open_data:saisines": Route(get=ANYONE, of=referral),
    "open_data:seances": Route(get=ANYONE, of=sitting),
    "open_data:indicateurs": Route(get=ANYONE, of=indicator),
    "open_data:tirages": Route(get=ANYONE, of=public_at("announced")),
}
