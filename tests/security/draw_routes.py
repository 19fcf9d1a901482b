"""Rights on the draw: read by expectations.py, one line a route."""

from draws.candidates.rules import entry_token
from draws.models import Computation, ComputationKind, ComputationState, Contestation, DrawState, Placement, PoolEntry
from tests.draws.inner import members
from tests.draws.stage import closed_call, draw_in
from tests.factories.members import MandateFactory
from tests.security.routes import ANYONE, MEMBERS, TEAM, Route

S = DrawState
SEES = f"{TEAM} witness"


def draw_at(state, **more):
    return lambda p: {"pk": draw_in(p, state).pk, **more}


def public_at(state, **more):
    return lambda p: {"reference": draw_in(p, state).reference, **more}


def contested(p):
    draw = draw_in(p, S.FROZEN, contest_days=7)
    entry = PoolEntry.objects.filter(pool=draw.pool).first()
    return {"pk": Contestation.objects.create(entry=entry, text="J’habite un autre canton.").pk}


def own_entry(p):
    draw = draw_in(p, S.FROZEN, contest_days=7)
    return {"token": entry_token(PoolEntry.objects.filter(pool=draw.pool).select_related("candidate").first())}


def waiting_computation(p):
    draw = draw_in(p)
    row = Computation.objects.create(
        draw=draw, kind=ComputationKind.TRIAL, quotas=draw.quotas, asked_by=p["officer"], state=ComputationState.QUEUED
    )
    return {"pk": draw.pk, "number": row.pk}


def impossible(p):
    """Make a draw whose trial proposes one remedy."""
    draw = draw_in(p)
    remedy = {"kind": "extend_call", "sentence": "Prolonger l’appel.", "seats": 4, "changes": []}
    Computation.objects.create(
        draw=draw,
        kind=ComputationKind.TRIAL,
        state=ComputationState.READY,
        quotas=draw.quotas,
        findings={"impossible": "Tirage impossible en l’état.", "remedies": [remedy]},
        asked_by=p["officer"],
        finished_at=draw.created_at,
    )
    return {"pk": draw.pk, "number": 0}


def proposed(p):
    draw, mandate = draw_in(p, S.CERTIFIED), MandateFactory(term=p.term, proposed=True)
    return {"pk": Placement.objects.create(draw=draw, pseudonym="V0001", mandate=mandate, placed_by=p["officer"]).pk}


def no_draw_yet(p):
    closed_call(p)
    return {}


def function(p):
    members(p)
    return {"title": "Comité de suivi", "seats": 2, "rule": "parite"}


ROUTES = {
    # `crosses`: each reads and begins the draws of the own term.
    "draws:list": Route(get=SEES, crosses=True),
    "draws:begin": Route(post=TEAM, of=no_draw_yet, crosses=True),
    "draws:internal-begin": Route(get=TEAM, post=TEAM, data=function),
    "draws:my-places": Route(get=MEMBERS),
    "draws:draw": Route(get=SEES, of=draw_at(S.DRAFT)),
    "draws:quotas": Route(get=TEAM, post=TEAM, of=draw_at(S.DRAFT)),
    "draws:quotas-file": Route(get=TEAM, post=TEAM, of=draw_at(S.DRAFT)),
    "draws:quotas-version": Route(get=SEES, of=draw_at(S.DRAFT, number=1)),
    "draws:quotas-remedy": Route(get=TEAM, post=TEAM, of=impossible),
    "draws:computation": Route(get=TEAM, of=draw_at(S.COMPUTED)),
    "draws:computation-stop": Route(post=TEAM, of=waiting_computation),
    "draws:pool": Route(get=SEES, of=draw_at(S.FROZEN)),
    "draws:contestation": Route(get=TEAM, post=TEAM, of=contested, data={"answer": "Votre canton est le bon."}),
    "draws:ceremony": Route(get=SEES, of=draw_at(S.DRAWN)),
    # Not a revealed one: it never changes, and no other begins beside it (its page: tests/e2e/test_draw.py).
    "draws:placements": Route(get=TEAM, of=draw_at(S.CERTIFIED)),
    "draws:confirmation": Route(get=TEAM, post=TEAM, of=proposed, data={"outcome": "reached"}),
    "draws:projection": Route(get=SEES, of=draw_at(S.CERTIFIED)),
    "draws:history": Route(get=SEES, of=draw_at(S.DRAFT)),
    "draws:file": Route(get=SEES, of=draw_at(S.COMPUTED, name="lots.csv")),
    "draws:private-file": Route(get=SEES, of=draw_at(S.FROZEN, name="pool.csv"), journals=True),
    "draws:draw-step": Route(get=TEAM, post=TEAM, of=draw_at(S.DRAFT, slug="reglages")),
    # A private link is a key of its own.
    "draws:entry": Route(get=ANYONE, post=ANYONE, of=own_entry, crosses=True),
    # Anybody reads what is announced.
    "draws:public-list": Route(get=ANYONE),
    "draws:public": Route(get=ANYONE, of=public_at(S.ANNOUNCED), crosses=True),
    "draws:public-projection": Route(get=ANYONE, of=public_at(S.REVEALED), crosses=True),
    "draws:public-file": Route(get=ANYONE, of=public_at(S.ANNOUNCED, name="lots.csv"), crosses=True),
}
