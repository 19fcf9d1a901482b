"""Address book of an assembly: people without account. Cards are not shared between assemblies."""

from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import ModelPrivacy
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Assembly
from assembly.institution.rules import assembly_ids
from assembly.speed.queryset import ScreenQuerySet


class ContactQuerySet(ScreenQuerySet["Contact"]):
    def visible_to(self, user: Any) -> Self:
        """Return the cards of the assemblies where `user` is in the team."""
        return self.filter(assembly__in=assembly_ids(user, TEAM_ROLES))


class Contact(models.Model):
    """Elected, agent, facilitator, expert, guest: somebody the assembly invites or quotes."""

    assembly = models.ForeignKey(Assembly, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("personne"))
    created_at = models.DateTimeField(auto_now_add=True)

    privacy = ModelPrivacy(_("Votre fiche de contact"), owner="person")
    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assembly", "person"], name="contact_once_per_assembly")]

    def __str__(self) -> str:
        return f"contact {self.person_id} of assembly {self.assembly_id}"
