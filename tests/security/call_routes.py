"""The lines of the table about the call for volunteers: the public form, private links, the desk."""

from django.utils.timezone import now

from assembly.imports.models import ImportBatch
from draws.candidates.rules import code_token, guardian_token, news_token, page_token
from draws.models import Call, Draw, DrawState, PopulationMargins
from tests.draws.typed import answers
from tests.factories.candidates import CallFactory, CandidateFactory, NextCallAddressFactory
from tests.factories.imports import ImportBatchFactory, ImportSourceFactory
from tests.factories.institution import CantonFactory
from tests.security.routes import ANYONE, TEAM, Route


def open_call(p):
    """Make the call of the term, open and without a frozen list: a staged draw may have closed it.

    A draw that was revealed stays: nothing may change it.
    """
    frozen = Draw.objects.filter(call__term=p.term).exclude(state__in=[DrawState.VOID, DrawState.REVEALED])
    frozen.update(state=DrawState.VOID, voided_at=now(), void_reason="Une boule est tombée.")
    fresh = CallFactory.build(term=p.term)
    days = {name: getattr(fresh, name) for name in ("opens_on", "closes_on", "draw_on", "closed_on")}
    return Call.objects.update_or_create(term=p.term, defaults={"state": fresh.state, **days})[0]


def call(p):
    open_call(p)
    return {}


def candidate(p, **state):
    return CandidateFactory(call=open_call(p), number=CandidateFactory._meta.model.objects.count() + 1, **state)


def typed(p):
    return answers(CantonFactory(assembly=p.assembly))


def own(p):
    return {"token": page_token(candidate(p))}


def unconfirmed(p):
    return {"token": page_token(candidate(p, unconfirmed=True))}


def minor(p):
    return {"token": page_token(candidate(p, minor=True))}


def one_minor(p):
    return {"pk": candidate(p, minor=True).pk}


def code(p):
    return {"token": code_token(candidate(p, unconfirmed=True))}


def guardian(p):
    return {"token": guardian_token(candidate(p, minor=True))}


def next_call(p):
    return {"token": news_token(NextCallAddressFactory(assembly=p.assembly))}


def one(p):
    return {"pk": candidate(p).pk}


def margins(p):
    row = PopulationMargins.objects.create(
        assembly=p.assembly, source="INSEE", dated_on=now().date(), shares={"gender": {"F": 1}}, imported_by=p["lead"]
    )
    return {"pk": row.pk, "action": "ecarter"}


def chosen(p):
    return {"ligne": [candidate(p, eligible=True).pk], "acte": "prevenir"}


def import_batch(p):
    counters = {"create": 0, "update": 0, "same": 0, "refused": 0, "notes": [], "stops": []}
    batch = ImportBatchFactory(term=p.term, kind="candidates", counters=counters)
    ImportSourceFactory(batch=batch)
    return {"public_id": batch.public_id}


def stopped_batch(p):
    batch = ImportBatch.objects.get(**import_batch(p))
    ImportBatch.objects.filter(pk=batch.pk).update(state="running", started_by=p["officer"], progressed_at=now())
    return {"public_id": batch.public_id, "action": "arreter"}


ROUTES = {
    "draws:import-start": Route(get=TEAM, post=TEAM),
    "draws:import-model": Route(get=TEAM),
    "draws:import-page": Route(get=TEAM, of=import_batch),
    "draws:import-columns": Route(get=TEAM, post=TEAM, of=import_batch),
    "draws:import-correct": Route(post=TEAM, of=import_batch),
    "draws:import-confirm": Route(post=TEAM, of=import_batch, data={"consent": "on"}),
    "draws:import-step": Route(post=TEAM, of=stopped_batch),
    "draws:import-errors": Route(get=TEAM, of=import_batch),
    "draws:apply": Route(get=ANYONE, post=ANYONE, of=call, crosses=True),  # public
    "draws:apply-send": Route(post=ANYONE, of=call, data=typed, crosses=True),  # public
    "draws:apply-authorisation": Route(get=ANYONE, of=call, crosses=True),  # public
    "draws:apply-cells": Route(get=ANYONE, of=call, crosses=True),  # public
    "draws:apply-code": Route(get=ANYONE, post=ANYONE, of=code, crosses=True),  # signed link
    "draws:guardian": Route(get=ANYONE, post=ANYONE, of=guardian, crosses=True),  # signed link
    "draws:link-renew": Route(post=ANYONE, of=own, crosses=True),  # signed link
    "draws:news-stop": Route(get=ANYONE, post=ANYONE, of=next_call, crosses=True),  # signed link
    "draws:candidate-page": Route(get=ANYONE, of=own, crosses=True),  # signed link
    "draws:candidate-confirm": Route(post=ANYONE, of=unconfirmed, crosses=True),  # signed link
    "draws:personal-correct": Route(get=ANYONE, post=ANYONE, of=own, crosses=True),  # signed link
    "draws:personal-withdraw": Route(get=ANYONE, post=ANYONE, of=own, crosses=True),  # signed link
    "draws:personal-authorisation": Route(get=ANYONE, of=minor, crosses=True),  # signed link
    "draws:personal-data": Route(get=ANYONE, of=own, crosses=True),  # signed link
    "draws:candidates": Route(get=TEAM),
    "draws:candidate-export": Route(get=TEAM),
    "draws:candidates-chosen": Route(get=TEAM, post=TEAM, data=chosen),
    "draws:candidates-write": Route(get=TEAM, post=TEAM),
    "draws:candidates-write-trial": Route(post=TEAM),
    "draws:candidates-write-send": Route(post=TEAM),
    "draws:candidate-enter": Route(get=TEAM, post=TEAM),
    "draws:call-cells": Route(get=TEAM),
    "draws:call-cells-export": Route(get=TEAM),
    "draws:representation": Route(get=TEAM),
    "draws:representation-export": Route(get=TEAM),
    "draws:population-count": Route(post=TEAM, of=margins),
    "draws:population-import": Route(get=TEAM, post=TEAM),
    "draws:public-who-sits": Route(get=ANYONE),
    "draws:public-representation": Route(get=ANYONE, of=call, crosses=True),  # public
    "draws:public-representation-file": Route(get=ANYONE, of=call, crosses=True),  # public
    "draws:call": Route(get=TEAM),
    "draws:call-prepare": Route(get="lead", post="lead"),
    "draws:call-step": Route(get="lead", post="lead", of=lambda p: {"pk": open_call(p).pk, "slug": "prolonger"}),
    "draws:candidate": Route(get=TEAM, of=one),
    "draws:candidate-authorisation": Route(get=TEAM, of=one_minor),
    "draws:candidate-correct": Route(get=TEAM, post=TEAM, of=one),
    "draws:candidate-step": Route(get=TEAM, post=TEAM, of=lambda p: {**one(p), "slug": "recevable"}),
}
