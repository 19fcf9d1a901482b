"""Rows of the registers of the mission."""

import factory

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
