"""People drawn by lot, names to correct, the address book, the published profile.

Names and addresses are in `identity.Person`; here is what draw and logistics need.
"""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, retained
from assembly.institution.models import TEAM_ROLES, Assembly, Canton, Role, Term
from assembly.institution.rules import assembly_ids, term_ids
from assembly.speed.queries import ScreenQuerySet
from members.enums import Civility, Gender, RequestState

COUNTED = _("composition de l’Assemblée, sans le nom")


class MemberQuerySet(ScreenQuerySet["Member"]):
    def visible_to(self, user: Any) -> Self:
        """Return the members of the terms where `user` is in the team, facilitates or sits.

        Which fields may be shown is another question: `rules.can_see_private`.
        """
        team = term_ids(user, TEAM_ROLES)
        others = term_ids(user, {Role.MEMBER, Role.FACILITATOR})
        return self.filter(
            Q(mandates__term__in=team) | Q(mandates__term__in=others, mandates__activated_on__isnull=False)
        ).distinct()


class Member(models.Model):
    """Private data, separate from the public identity (first name, initial, canton)."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="member", verbose_name=_("personne"))
    civility = models.CharField(_("civilité"), max_length=3, choices=Civility, blank=True)
    gender = models.CharField(_("genre"), max_length=1, choices=Gender)
    birth_year = models.PositiveSmallIntegerField(
        _("année de naissance"), null=True, blank=True, validators=[MinValueValidator(1900), MaxValueValidator(2020)]
    )
    canton = models.ForeignKey(Canton, on_delete=models.PROTECT, related_name="members", verbose_name=_("canton"))

    privacy = ModelPrivacy(
        _("Votre fiche de membre"),
        owner="person",
        default=retained(COUNTED),
        civility=erased(),
        gender=retained(COUNTED),
        birth_year=erased(None),
    )
    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("membre")
        constraints = [
            models.CheckConstraint(name="member_gender_known", condition=Q(gender__in=Gender.values)),
            models.CheckConstraint(
                name="member_birth_year_sane",
                condition=Q(birth_year=None) | Q(birth_year__gte=1900, birth_year__lte=2020),
                violation_error_message=_("Écrivez une année de naissance entre 1900 et 2020."),
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class NameChangeRequest(models.Model):
    """Request of a member to correct the name; the team confirms, since the name is in the act that named them."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="name_requests")
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.PENDING)
    requested_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    privacy = ModelPrivacy(
        _("Vos demandes de changement de nom"),
        owner="member__person",
        deletes_rows=True,
        first_name=retained(),
        last_name=retained(),
    )

    class Meta:
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="name_request_is_no_link",
                condition=plain_names("first_name", "last_name"),
                violation_error_message=LINK_IN_NAME,
            ),
            models.CheckConstraint(
                name="name_request_decided_iff_not_pending",
                condition=Q(state=RequestState.PENDING, decided_at=None)
                | Q(state__in=[RequestState.CONFIRMED, RequestState.REFUSED], decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["member"], condition=Q(state=RequestState.PENDING), name="name_request_pending_once"
            ),
        ]

    def __str__(self) -> str:
        return f"name request {self.pk} of member {self.member_id}"


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


class ProfilePublication(models.Model):
    """Profile of the members as the public reads it, and nothing else. Append-only (trigger).

    `groups`: {group: {feature: {value: [people, number]}}}. A trigger refuses a publication in which fewer than five
    people changed since the one before, and a cell that differs by one to four people from an earlier publication.
    `mandates`: keys of those who sat that day, to count how many changed; never shown.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="profile_publications")
    number = models.PositiveSmallIntegerField(_("numéro"))
    members = models.PositiveIntegerField(_("membres"))
    groups = models.JSONField(_("chiffres"))
    mandates = models.JSONField(editable=False)
    published_at = models.DateTimeField(_("publié le"), default=timezone.now)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("profil publié des membres")
        ordering = ["term", "-number"]
        constraints = [models.UniqueConstraint(fields=["term", "number"], name="profile_publication_once")]

    def __str__(self) -> str:
        return f"profile {self.number} of term {self.term_id}"
