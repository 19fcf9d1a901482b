"""Lists, who agreed to be on them, messages."""

from datetime import date

import factory
from django.utils import timezone

from mission.mailings.models import ListMessage, ListSubscriber, MailingList
from mission.partners.models import PartnerContact
from tests.factories.identity import PersonFactory, UserFactory
from tests.factories.mission import PartnerFactory, RegisterRowFactory
from tests.factories.traits import Trait


class PartnerContactFactory(factory.django.DjangoModelFactory):
    """Somebody of a partner, with an address."""

    class Meta:
        model = PartnerContact

    row = factory.SubFactory(PartnerFactory)
    person = factory.SubFactory(PersonFactory, email=factory.Sequence(lambda n: f"contact{n}@example.org"))
    created_by = factory.SubFactory(UserFactory)
    changed_by = factory.SelfAttribute("created_by")


class MailingListFactory(RegisterRowFactory):
    """An open list."""

    class Meta:
        model = MailingList

    name = factory.Sequence(lambda n: f"Liste {n}")
    purpose = "Quatre lettres par an."


class ListSubscriberFactory(factory.django.DjangoModelFactory):
    """Agreed on 4 May 2026. Trait: asked (by a link that waits)."""

    class Meta:
        model = ListSubscriber

    class Params:
        asked = Trait(means="link", consent_on=None, confirmed_at=None)

    row = factory.SubFactory(MailingListFactory)
    person = factory.SubFactory(PersonFactory, email=factory.Sequence(lambda n: f"abonne{n}@example.org"))
    partner = factory.SubFactory(PartnerFactory, assembly=factory.SelfAttribute("..row.assembly"))
    means = "meeting"
    consent_on = date(2026, 5, 4)
    confirmed_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(UserFactory)
    changed_by = factory.SelfAttribute("created_by")


class ListMessageFactory(RegisterRowFactory):
    """Being written, to a list of its own. `state="sent"` has its moment."""

    class Meta:
        model = ListMessage

    name = "L’assemblée cet automne"
    body = "## Cet automne\n\nUne plénière se tient le 12 décembre."
    mailing_list = factory.SubFactory(MailingListFactory, assembly=factory.SelfAttribute("..assembly"))

    @factory.lazy_attribute
    def sent_at(self):
        return "2026-11-20T08:00:00Z" if getattr(self, "state", "") == "sent" else None
