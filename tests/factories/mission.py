"""Rows of the registers of the mission."""

from datetime import date
from decimal import Decimal

import factory

from mission.budget.models import BudgetLine
from mission.contracts.models import Contract
from mission.legal.models import LegalItem
from mission.partners.models import Partner
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
