"""Partners: people to speak to, agreements, exchanges, data that they give."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, erased, months_later
from assembly.institution.models import Canton
from assembly.speed.queries import ScreenQuerySet
from assembly.workflow import State, States
from mission.registers.models import (
    RegisterLine,
    RegisterRow,
    check,
    filled_only_in,
    key_to,
    merged_key,
    optional_key,
    row_constraints,
    row_indexes,
    rules_of,
    state_field,
    unique,
)


class PartnerState(States):
    TO_CONTACT = "to_contact", State("todo"), _("à contacter")
    ACTIVE = "active", State("done"), _("actif")
    DORMANT = "dormant", State("waiting"), _("en sommeil")
    ENDED = "ended", State("closed"), _("terminé")
    MERGED = "merged", State("closed"), _("fusionné")


class PartnerKind(models.TextChoices):
    ASSOCIATION = "association", _("association")
    EPCI = "epci", _("intercommunalité")
    COMMUNE = "commune", _("commune")
    STATE = "state", _("État et opérateurs")
    AUTHORITY = "authority", _("autre collectivité")
    UNIVERSITY = "university", _("université, recherche")
    NETWORK = "network", _("réseau")
    COMPANY = "company", _("entreprise")
    OTHER = "other", _("autre")


class ExchangeKind(models.TextChoices):
    MEETING = "meeting", _("rencontre")
    CALL = "call", _("téléphone")
    MAIL = "mail", _("courriel")
    EVENT = "event", _("événement")
    OTHER = "other", _("autre")


class PersonLine(RegisterLine):
    """Person, and what they do there. A subclass adds `row`."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("personne"))
    function = models.CharField(_("fonction"), max_length=120, blank=True)

    privacy = ModelPrivacy(owner="person", function=erased())

    class Meta:
        abstract = True


S = PartnerState
CONTACT_RETENTION_MONTHS = 36


class Partner(RegisterRow):
    """Organisation. A double is merged into another partner: it stays, points at that one, and takes no step."""

    state = state_field(S, S.TO_CONTACT)
    kind = models.CharField(_("type"), max_length=12, choices=PartnerKind)
    acronym = models.CharField(_("sigle"), max_length=40, blank=True)
    website = models.URLField(_("site"), blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    canton = optional_key(Canton)
    territory = models.CharField(_("territoire"), max_length=120, blank=True)
    topics = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("thèmes"))
    merged_into = merged_key()

    privacy = IMPERSONAL  # an organisation: its contacts are `PartnerContact`

    class Meta:
        verbose_name = _("partenaire")
        indexes = [*row_indexes("partner"), GinIndex(fields=["topics"], name="partner_by_topic")]
        constraints = row_constraints("partner", S, merged_iff_merged=filled_only_in(S.MERGED, "merged_into"))


class ContactManager(models.Manager.from_queryset(ScreenQuerySet)):  # type: ignore[misc]  # -- Django builds the base class
    """Manager of contacts, each with the day of the last exchange with its partner."""

    def get_queryset(self) -> Any:
        return super().get_queryset().annotate(last_exchange=PartnerExchange.last_of("row"))


class PartnerContact(PersonLine):
    """Person to speak to at a partner."""

    last_exchange: date | None
    row = key_to(Partner, related_name="contacts")

    objects: ClassVar[Any] = ContactManager()

    class Meta:
        verbose_name = _("contact d’un partenaire")
        constraints = rules_of("partner_contact", once=unique(["row", "person"]))

    @property
    def retained_until(self) -> date:
        """Return the last day of retention: an exchange with the partner or a correction of the contact moves it."""
        changed_on = timezone.localdate(self.changed_at)
        return months_later(max(changed_on, self.last_exchange or changed_on), CONTACT_RETENTION_MONTHS)


class PartnerAgreement(RegisterLine):
    """Convention with a partner, with its dates."""

    row = key_to(Partner, related_name="agreements")
    title = models.CharField(_("objet"), max_length=200)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    is_renewed = models.BooleanField(_("renouvelée ou sans suite"), default=False)

    class Meta:
        verbose_name = _("convention avec un partenaire")
        constraints = rules_of(
            "partner_agreement",
            ends_after_start=check(
                Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), _("La fin vient après le début."), "ends_on"
            ),
        )


class PartnerExchange(RegisterLine):
    """Something said or done with a partner, on a day."""

    row = key_to(Partner, related_name="exchanges")
    held_on = models.DateField(_("date"))
    kind = models.CharField(_("forme"), max_length=8, choices=ExchangeKind)
    summary = models.TextField(_("ce qui s’est dit"), max_length=2000)

    class Meta:
        verbose_name = _("échange avec un partenaire")

    @classmethod
    def last_of(cls, partner: str) -> Subquery:
        """Return the subquery of the day of the last exchange with the partner in a column of the outer query."""
        return Subquery(cls.objects.filter(row=OuterRef(partner)).order_by("-held_on").values("held_on")[:1])


class StoredColumn(models.GeneratedField):
    """Generated column of PostgreSQL, the only database of the product.

    Django’s checks connect to find out which database it is, so no command would start without one. Migrations name it
    as the GeneratedField that it is.
    """

    def check(self, **_: Any) -> list[Any]:
        return []

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.GeneratedField", args, kwargs


class PartnerData(RegisterLine):
    """Data that a partner provides: its licence, and until when it is fresh."""

    row = key_to(Partner, related_name="datasets")
    title = models.CharField(_("données"), max_length=200)
    address = models.URLField(_("adresse"), blank=True)
    licence = models.CharField(_("licence"), max_length=80)
    updated_on = models.DateField(_("mises à jour le"), null=True, blank=True)
    renewed_every = models.PositiveSmallIntegerField(_("rythme, en mois"), null=True, blank=True)
    fresh_until = StoredColumn(
        expression=Func(
            F("updated_on"),
            F("renewed_every"),
            template="(%(expressions)s))::date",
            arg_joiner=" + make_interval(months => ",
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name=_("à jour jusqu’au"),
    )

    privacy = IMPERSONAL

    class Meta:
        verbose_name = _("données d’un partenaire")
