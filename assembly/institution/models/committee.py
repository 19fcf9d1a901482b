"""Models of committees: every body smaller than the plenary is one of some kind, with dated memberships."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import Person
from assembly.identity.personal_data import IMPERSONAL, ModelPrivacy, retained
from assembly.institution.enums import CommitteeFunction, CommitteeKind
from assembly.institution.models.assembly import Canton, Term
from assembly.speed.queryset import ScreenQuerySet

FUNCTION = _("fonction tenue, sans le nom")


class Committee(models.Model):
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="committees")
    kind = models.CharField(_("type"), max_length=16, choices=CommitteeKind)
    name = models.CharField(_("nom"), max_length=160)
    slug = models.SlugField(max_length=80)
    purpose = models.TextField(_("objet"), blank=True, max_length=2000)
    cantons = models.ManyToManyField(Canton, blank=True, verbose_name=_("territoire"))
    opened_on = models.DateField(_("créé le"))
    closed_on = models.DateField(_("clos le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["name__alphabetical"]
        constraints = [
            models.UniqueConstraint(fields=["term", "slug"], name="committee_slug_once"),
            models.CheckConstraint(
                name="committee_closed_after_opened", condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DateRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class CommitteeMembership(models.Model):
    """Seat of a person in a committee, from a day to a day (last day included; open while `ends_on` is empty)."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="committee_memberships")
    function = models.CharField(
        _("fonction"), max_length=12, choices=CommitteeFunction, default=CommitteeFunction.MEMBER
    )
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"), null=True, blank=True)

    privacy = ModelPrivacy(
        _("Vos participations à des groupes et comités"), owner="person", default=retained(FUNCTION)
    )
    objects = ScreenQuerySet.as_manager()

    class Meta:
        ordering = ["committee", "person__sort_name"]
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("function", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Cette personne tient déjà cette fonction à ces dates."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.function} {self.committee_id}"
