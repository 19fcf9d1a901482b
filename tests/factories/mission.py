"""Rows of the registers of the mission."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from assembly.identity.personal_links import address_digests
from mission.budget.models import BudgetLine
from mission.contracts.models import Contract
from mission.grants.forms import is_luhn
from mission.grants.models import DepositLink, GrantApplication, GrantDeposit, GrantScheme, GrantState
from mission.grants.rules import digest_of, new_token
from mission.legal.models import LegalItem
from mission.partners.models import Partner
from mission.rooms.models import Booking, Resource
from tests.factories.identity import UserFactory
from tests.factories.institution import AssemblyFactory


class RegisterRowFactory(factory.django.DjangoModelFactory):
    """What every row of a register has."""

    class Meta:
        abstract = True

    assembly = factory.SubFactory(AssemblyFactory)
    created_by = factory.SubFactory(UserFactory)
    changed_by = factory.SelfAttribute("created_by")
    reference = factory.Sequence(lambda n: f"ESSAI-{n}")


class PartnerFactory(RegisterRowFactory):
    """An association to contact. `state="merged"` points at another."""

    class Meta:
        model = Partner

    name = factory.Sequence(lambda n: f"Partenaire {n}")
    kind = "association"

    @factory.lazy_attribute
    def merged_into(self):
        if getattr(self, "state", "") == "merged":
            return PartnerFactory(assembly=self.assembly)
        return None


class LegalItemFactory(RegisterRowFactory):
    """A convention in preparation."""

    class Meta:
        model = LegalItem

    name = factory.Sequence(lambda n: f"Convention {n}")
    kind = "convention"


class ContractFactory(RegisterRowFactory):
    """A contract of 2026 that runs, 10,000 € at most."""

    class Meta:
        model = Contract

    name = factory.Sequence(lambda n: f"Contrat {n}")
    kind = "catering"
    state = "running"
    holder_name = "Traiteur du Lauragais"
    ceiling = Decimal(10000)
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)


class BudgetLineFactory(RegisterRowFactory):
    """An operation of 2026, open, 1,000 € planned. `allowed=` is decided by whoever made the row."""

    class Meta:
        model = BudgetLine

    name = factory.Sequence(lambda n: f"Opération {n}")
    state = "open"
    year = 2026
    planned = Decimal(1000)
    allowed = None
    allowed_by = factory.LazyAttribute(lambda row: row.created_by if row.allowed else None)
    allowed_on = factory.LazyAttribute(lambda row: date(2026, 10, 1) if row.allowed else None)
    allowed_why = factory.LazyAttribute(lambda row: "Une plénière de plus." if row.allowed else "")


class GrantSchemeFactory(RegisterRowFactory):
    """Published, open for a month still, with a grid of two criteria and one required piece: `grid=False` without."""

    class Meta:
        model = GrantScheme
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Dispositif {n}")
    state = "published"
    purpose = "Ce qui relie les habitants."
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    closes_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    least_amount = 500
    most_amount = 50_000
    envelope = 100_000

    @factory.post_generation
    def grid(self, create, wanted, **kwargs):
        if create and wanted is not False:
            by = self.created_by
            for label, weight in (("Utilité", 3), ("Budget", 1)):
                self.criteria.create(label=label, weight=weight, created_by=by, changed_by=by)
            self.pieces.create(label="Statuts", created_by=by, changed_by=by)


class GrantApplicationFactory(RegisterRowFactory):
    """An application in `state`, with what that state implies; `readers`: two users."""

    class Meta:
        model = GrantApplication

    class Params:
        readers = ()

    name = factory.Sequence(lambda n: f"Association {n}")
    scheme = factory.SubFactory(GrantSchemeFactory, assembly=factory.SelfAttribute("..assembly"))
    siret = factory.Sequence(lambda n: siret_of(n))
    project = "Une fête des voisins"
    description = "Trois rencontres."
    contact_email = "contact@example.org"
    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    cost = 60_000
    requested = 5_000
    has_committed = True

    @factory.lazy_attribute
    def first_reader(self):
        return self.readers[0] if self.readers else None

    @factory.lazy_attribute
    def second_reader(self):
        return self.readers[1] if self.readers else None

    @factory.lazy_attribute
    def voted_amount(self):
        return self.requested if getattr(self, "state", "") in GrantState.tagged("awarded") else None

    @factory.lazy_attribute
    def decided_on(self):
        return timezone.localdate() if getattr(self, "state", "") in GrantState.tagged("awarded") else None

    @factory.lazy_attribute
    def complete_on(self):
        return timezone.localdate() if getattr(self, "state", "") in GrantState.tagged("examined", "awarded") else None

    @factory.lazy_attribute
    def opinion(self):
        return "Favorable." if getattr(self, "state", "") in ["committee", *GrantState.tagged("awarded")] else ""


def siret_of(number):
    """Return a valid number for these digits (Luhn)."""
    start = f"{number + 1:09d}0001"
    return next(found for last in range(10) if is_luhn(found := f"{start}{last}"))


class GrantDepositFactory(factory.django.DjangoModelFactory):
    """A form that an association prepares; `token` of its link comes from `deposit_link`."""

    class Meta:
        model = GrantDeposit

    scheme = factory.SubFactory(GrantSchemeFactory)
    application = None
    email = factory.LazyAttributeSequence(
        lambda made, n: made.application.contact_email if made.application else f"asso{n}@example.org"
    )


def deposit_link(deposit):
    """Return a new personal link of a deposit, sent to its address."""
    token = new_token()
    DepositLink.objects.create(
        deposit=deposit,
        digest=digest_of(token),
        address_digest=next(iter(address_digests(deposit.address))),
        ends_on=timezone.localdate() + timedelta(days=180),
    )
    return token


class ResourceFactory(RegisterRowFactory):
    """A room in service."""

    class Meta:
        model = Resource

    name = factory.Sequence(lambda n: f"Salle {n}")
    kind = "room"
    place = "Hôtel du département"


class BookingFactory(RegisterRowFactory):
    """Of a room of its own, from nine to seventeen on 12 December 2026 in Toulouse."""

    class Meta:
        model = Booking

    name = factory.Sequence(lambda n: f"Réunion {n}")
    resource = factory.SubFactory(ResourceFactory, assembly=factory.SelfAttribute("..assembly"))
    starts_at = datetime(2026, 12, 12, 8, tzinfo=UTC)
    ends_at = datetime(2026, 12, 12, 16, tzinfo=UTC)

    @factory.lazy_attribute
    def keeper_informed_on(self):
        return date(2026, 11, 2) if getattr(self, "state", "") == "confirmed" else None
