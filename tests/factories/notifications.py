"""Mail: a distribution, and deliveries in the states people ask about."""

from datetime import UTC, datetime

import factory
from django.utils import timezone

from assembly.notifications.models import Delivery, DeliveryState, Distribution, Way, message_id, public_id
from tests.factories.identity import PersonFactory
from tests.factories.institution import TermFactory
from tests.factories.traits import Trait

S = DeliveryState
NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)


class DistributionFactory(factory.django.DjangoModelFactory):
    """A message of the kind `message` about its own term."""

    class Meta:
        model = Distribution

    key = factory.Sequence(lambda n: f"envoi:{n}")
    kind = "message"
    title = factory.Sequence(lambda n: f"Envoi {n}")
    term = factory.SubFactory(TermFactory)
    assembly = factory.SelfAttribute("term.assembly")
    subject_type = "institution.Term"
    subject_id = factory.LazyAttribute(lambda distribution: str(distribution.term.pk))
    requested_at = factory.LazyFunction(timezone.now)


class DeliveryFactory(factory.django.DjangoModelFactory):
    """An e-mail that may leave now; another `state` brings the dates it needs, `paper=True` is a letter."""

    class Meta:
        model = Delivery

    class Params:
        paper = Trait(
            person=factory.SubFactory(PersonFactory, paper=True),
            way=Way.PAPER,
            address="1 rue des Lois\n31000 Toulouse",
        )

    distribution = factory.SubFactory(DistributionFactory)
    person = factory.SubFactory(PersonFactory)
    key = factory.LazyAttribute(lambda row: f"{row.distribution.key}:person:{row.person.pk}")
    public_id = factory.LazyAttribute(lambda row: public_id(row.key))
    recipient_name = factory.LazyAttribute(lambda row: row.person.full_name)
    sort_name = factory.LazyAttribute(lambda row: row.person.sort_name)
    way = Way.EMAIL
    address = factory.LazyAttribute(lambda row: row.person.email)
    state = S.QUEUED

    @factory.lazy_attribute
    def message_id(self):
        return message_id(self.public_id, 1, "example.org") if self.way == Way.EMAIL else None

    @factory.lazy_attribute
    def next_attempt_at(self):
        return NOON if (self.state, self.way) == (S.QUEUED, Way.EMAIL) else None

    @factory.lazy_attribute
    def claimed_at(self):
        return NOON if self.state == S.IN_FLIGHT else None

    @factory.lazy_attribute
    def claimed_by(self):
        return 0 if self.state == S.IN_FLIGHT else None

    @factory.lazy_attribute
    def sent_at(self):
        return NOON if self.state in {S.SENT, S.COMPLAINED} else None

    @factory.lazy_attribute
    def bounced_at(self):
        return NOON if self.state in {S.BOUNCED, S.COMPLAINED} else None

    @factory.lazy_attribute
    def printed_at(self):
        return NOON if self.state in {S.PRINTED, S.HANDED_OVER} else None

    @factory.lazy_attribute
    def handed_over_at(self):
        return NOON if self.state == S.HANDED_OVER else None
