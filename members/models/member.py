"""Person drawn by lot. Names and addresses are in `identity.Person`; here is what draw and logistics need."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.names import LINK_IN_NAME, plain_names
from assembly.identity.personal_data import ModelPrivacy, erased, retained
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Canton
from assembly.institution.rules import term_ids
from assembly.speed.queryset import ScreenQuerySet
from members.enums import Civility, Gender, NeedKind, RequestState

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


class AccommodationNeed(models.Model):
    """Measure to arrange for a member: the measure, never the diagnosis."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(_("mesure"), max_length=16, choices=NeedKind)
    measure = models.CharField(
        _("précision"),
        max_length=200,
        blank=True,
        help_text=_("Ce qu’il faut prévoir, par exemple « deux enfants ». N’écrivez ni maladie, ni handicap."),
    )
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    privacy = ModelPrivacy(_("Les mesures à prévoir pour vous"), owner="member__person", deletes_rows=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.CheckConstraint(
                name="need_ends_after_start", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(name="need_kind_known", condition=Q(kind__in=NeedKind.values)),
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=Q(ends_on=None),
                name="need_open_once",
                violation_error_message=_("Cette mesure est déjà notée."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for member {self.member_id}"


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
