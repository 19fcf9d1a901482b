"""Organisations that the mission works with, and what hangs on each."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Canton
from mission.partners.enums import ExchangeKind, PartnerKind, PartnerState
from mission.registers.checks import check, row_constraints, row_indexes, unique
from mission.registers.fields import key_to, optional_key, state_field
from mission.registers.merging import merged_constraint, merged_key
from mission.registers.models import RegisterLine, RegisterRow
from mission.registers.people import PersonLine

S = PartnerState


class Partner(RegisterRow):
    """An organisation. A double is merged into the one that is kept: it stays, points at it, and takes no step."""

    SHAPES = {S.TO_CONTACT: "todo", S.ACTIVE: "done", S.DORMANT: "wait", S.ENDED: "shut", S.MERGED: "shut"}

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

    class Meta:
        verbose_name = _("partenaire")
        indexes = [*row_indexes("partner"), GinIndex(fields=["topics"], name="partner_by_topic")]
        constraints = [*row_constraints("partner", S), merged_constraint("partner", S.MERGED)]


class PartnerContact(PersonLine):
    """Whom one speaks to there."""

    row = key_to(Partner, related_name="contacts")

    class Meta:
        verbose_name = _("contact d’un partenaire")
        constraints = [unique("partner_contact_once", "row", "person")]


class PartnerAgreement(RegisterLine):
    """A convention, with its dates."""

    row = key_to(Partner, related_name="agreements")
    title = models.CharField(_("objet"), max_length=200)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    is_renewed = models.BooleanField(_("renouvelée ou sans suite"), default=False)

    class Meta:
        verbose_name = _("convention avec un partenaire")
        constraints = [
            check(
                "partner_agreement_ends_after_start",
                Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                _("La fin vient après le début."),
            )
        ]


class PartnerExchange(RegisterLine):
    """Something said or done together, on a day."""

    row = key_to(Partner, related_name="exchanges")
    held_on = models.DateField(_("date"))
    kind = models.CharField(_("forme"), max_length=8, choices=ExchangeKind)
    summary = models.TextField(_("ce qui s’est dit"), max_length=2000)

    class Meta:
        verbose_name = _("échange avec un partenaire")


class StoredColumn(models.GeneratedField):
    """Computed by PostgreSQL, which alone runs the product. Django’s checks ask which database it is by connecting:
    no command would start without one. Migrations know it as the field that it is."""

    def check(self, **_: Any) -> list[Any]:
        return []

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.GeneratedField", args, kwargs


class PartnerData(RegisterLine):
    """Data that a partner provides: under which licence, how fresh."""

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

    class Meta:
        verbose_name = _("données d’un partenaire")
