"""Who sits: seats, members, mandates, and what members agreed to."""

from datetime import UTC, date, datetime

import factory
from django.utils import timezone

from members.enums import EndReason, ImageUse, MandateKind, MandateState, NeedKind, RecordChannel
from members.models import (
    AccommodationNeed,
    AlumniConsent,
    CharterAcceptance,
    CharterVersion,
    Contact,
    ImageConsent,
    Mandate,
    Member,
    NameChangeRequest,
    Portrait,
    Seat,
    Suspension,
)
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.institution import AssemblyFactory, CantonFactory, TermFactory
from tests.factories.traits import Trait


class MemberFactory(factory.django.DjangoModelFactory):
    """`paper=True`: reached by letters only."""

    class Meta:
        model = Member

    class Params:
        paper = Trait(person=factory.SubFactory(PersonFactory, paper=True))

    person = factory.SubFactory(PersonFactory)
    civility = "mme"
    gender = "F"
    birth_year = 1970
    canton = factory.SubFactory(CantonFactory)


class SeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seat
        django_get_or_create = ("term", "canton", "gender", "rank")

    term = factory.SubFactory(TermFactory)
    canton = factory.SubFactory(CantonFactory)
    gender = "F"
    rank = factory.Sequence(lambda n: n + 1)


class MandateFactory(factory.django.DjangoModelFactory):
    """In course by default. Traits: proposed, accepted, suspended, ended, declined, no_answer, alternate, paper."""

    class Meta:
        model = Mandate
        skip_postgeneration_save = True

    class Params:
        paper = Trait(member=factory.SubFactory(MemberFactory, paper=True))
        proposed = Trait(state=MandateState.PROPOSED, accepted_on=None, activated_on=None)
        accepted = Trait(state=MandateState.ACCEPTED, activated_on=None)
        suspended = Trait(state=MandateState.SUSPENDED, suspended_on=date(2026, 4, 1))
        ended = Trait(state=MandateState.ENDED, ended_on=date(2026, 5, 1), end_reason=EndReason.RESIGNED)
        declined = Trait(state=MandateState.DECLINED, accepted_on=None, activated_on=None, ended_on=date(2025, 10, 1))
        no_answer = Trait(
            state=MandateState.NO_ANSWER, accepted_on=None, activated_on=None, ended_on=date(2025, 10, 1)
        )
        alternate = Trait(kind=MandateKind.ALTERNATE, seat=None, state=MandateState.ACCEPTED, activated_on=None)

    term = factory.SubFactory(TermFactory)
    member = factory.SubFactory(MemberFactory, canton__assembly=factory.SelfAttribute("...term.assembly"))
    seat = factory.LazyAttribute(
        lambda mandate: SeatFactory(term=mandate.term, canton=mandate.member.canton, gender=mandate.member.gender)
    )
    kind = MandateKind.TITULAR
    state = MandateState.ACTIVE
    proposed_at = datetime(2025, 9, 16, 8, tzinfo=UTC)
    accepted_on = date(2025, 10, 1)
    activated_on = date(2025, 11, 29)

    @factory.post_generation
    def suspension(mandate, create, extracted, **kwargs):
        if create and mandate.state == MandateState.SUSPENDED:
            SuspensionFactory(mandate=mandate, starts_on=mandate.suspended_on)


class SuspensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Suspension

    mandate = factory.SubFactory(MandateFactory)
    starts_on = date(2026, 4, 1)


class AccommodationNeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AccommodationNeed

    member = factory.SubFactory(MemberFactory)
    kind = NeedKind.SIGN_LANGUAGE
    measure = ""
    starts_on = date(2025, 11, 1)


class NameChangeRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NameChangeRequest

    member = factory.SubFactory(MemberFactory)
    first_name = "Amina"
    last_name = "Diallo"
    requested_at = datetime(2026, 2, 1, 9, tzinfo=UTC)


class ContactFactory(factory.django.DjangoModelFactory):
    """Somebody of the address book, without account."""

    class Meta:
        model = Contact

    assembly = factory.SubFactory(AssemblyFactory)
    person = factory.SubFactory(PersonFactory, capacity="conseillère départementale")


class AlumniConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AlumniConsent
        django_get_or_create = ("mandate",)

    mandate = factory.SubFactory(MandateFactory)
    given_at = factory.LazyFunction(timezone.now)


class CharterVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CharterVersion

    term = factory.SubFactory(TermFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "Je viens, j’écoute, je garde pour moi ce qui est confié."
    in_force_on = date(2025, 11, 1)


class CharterAcceptanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CharterAcceptance

    member = factory.SubFactory(MemberFactory)
    version = factory.SubFactory(CharterVersionFactory)
    accepted_on = date(2025, 11, 29)
    channel = RecordChannel.ONLINE


class ImageConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ImageConsent

    member = factory.SubFactory(MemberFactory)
    use = ImageUse.WEBSITE
    is_given = True
    decided_on = date(2025, 11, 29)
    channel = RecordChannel.ONLINE


def mandate_of(people):
    """Return the running mandate of the user people["member"], for the table of routes."""
    person = people["member"].person
    return Mandate.objects.filter(member__person=person).first() or MandateFactory(
        member__person=person, term=people.term
    )


class PortraitFactory(factory.django.DjangoModelFactory):
    """Words of a member who sits and agrees, put online. Trait: unread (not online yet)."""

    class Meta:
        model = Portrait
        skip_postgeneration_save = True

    class Params:
        unread = Trait(published_at=None, published_by=None)

    member = factory.SubFactory(MemberFactory)
    statement = factory.Sequence(lambda n: f"J’ai dit oui pour apprendre {n}.")
    published_at = factory.LazyFunction(timezone.now)
    published_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def agrees(self, create, extracted, **facts):
        if extracted is not False:
            ImageConsentFactory(member=self.member, use=ImageUse.WEBSITE, is_given=True)
