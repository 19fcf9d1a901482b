"""The call for volunteers and those who answer it."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from draws.models import Call, CallState, Candidate, CandidateState, Channel, NextCallAddress, Occupation
from tests.factories.identity import UserFactory
from tests.factories.institution import AssemblyFactory, CantonFactory, TermFactory
from tests.factories.traits import Trait


class CallFactory(factory.django.DjangoModelFactory):
    """Open today. Traits: draft, closed."""

    class Meta:
        model = Call
        django_get_or_create = ("term",)

    class Params:
        draft = Trait(state=CallState.DRAFT)
        closed = Trait(
            state=CallState.CLOSED,
            opens_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=90)),
            closes_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)),
            closed_on=factory.LazyFunction(timezone.localdate),
        )

    term = factory.SubFactory(TermFactory)
    state = CallState.OPEN
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    draw_on = factory.LazyAttribute(lambda call: call.closes_on + timedelta(days=14))
    split_communes = "Toulouse"


class CandidateFactory(factory.django.DjangoModelFactory):
    """To examine. Traits: unconfirmed, eligible, ineligible, minor."""

    class Meta:
        model = Candidate

    class Params:
        unconfirmed = Trait(state=CandidateState.UNCONFIRMED)
        eligible = Trait(
            state=CandidateState.ELIGIBLE,
            verdict="admit",
            verdict_by=factory.SubFactory(UserFactory),
            decided_by=factory.SubFactory(UserFactory),
        )
        ineligible = Trait(
            state=CandidateState.INELIGIBLE,
            ground="elected",
            verdict="reject",
            verdict_ground="elected",
            verdict_by=factory.SubFactory(UserFactory),
            decided_by=factory.SubFactory(UserFactory),
        )
        minor = Trait(
            birth_date=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=17 * 365)),
            guardian_name="Odile Vidal",
            guardian_email="odile.vidal@example.org",
        )

    call = factory.SubFactory(CallFactory)
    number = factory.Sequence(lambda n: n + 1)
    state = CandidateState.SUBMITTED
    channel = Channel.WEB
    received_at = factory.LazyFunction(timezone.now)
    consented_at = factory.LazyFunction(timezone.now)
    erase_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=200))
    first_name = "Rosa"
    last_name = factory.Sequence(lambda n: f"Vidal-{n}")
    email = factory.Sequence(lambda n: f"candidate{n}@example.org")
    confirmed_email = factory.LazyAttribute(lambda row: "" if row.state == CandidateState.UNCONFIRMED else row.email)
    phone = "06 39 98 00 01"
    address = factory.Sequence(lambda n: f"{n} rue du Moulin")
    postcode = "31190"
    city = "Auterive"
    canton = factory.SubFactory(CantonFactory, assembly=factory.SelfAttribute("..call.term.assembly"))
    gender = "F"
    birth_date = date(1970, 5, 1)
    occupation = Occupation.EMPLOYEE


class NextCallAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NextCallAddress

    assembly = factory.SubFactory(AssemblyFactory)
    email = factory.Sequence(lambda n: f"prochain{n}@example.org")
    agreed_on = factory.LazyFunction(timezone.localdate)
