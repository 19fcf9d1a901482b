"""Dated values: counted by a night, entered by an owner, or noted on a sheet. None of them ever changes."""

from datetime import date
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import term_ids
from assembly.speed.queries import ScreenQuerySet

KEY, CELL = 60, 40


class IndicatorValueQuerySet(ScreenQuerySet["IndicatorValue"]):
    def whole(self) -> Self:
        """Return the values without the breakdowns."""
        return self.filter(breakdown="")

    def last_night(self, term: Term, until: date | None = None) -> date | None:
        """Return the last day that was counted, at most `until`."""
        rows = self.filter(term=term) if until is None else self.filter(term=term, day__lte=until)
        return rows.order_by("-day").values_list("day", flat=True).first()


class IndicatorValue(models.Model):
    """Cell of an indicator at the end of a day, as the nightly job counted it. Append-only (trigger).

    `rows`: number of rows counted, None where some of them are gone. `people`: number of people behind a small cell.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(_("indicateur"), max_length=KEY)
    day = models.DateField(_("jour"))
    breakdown = models.CharField(_("répartition"), max_length=20, blank=True)
    cell = models.CharField(_("case"), max_length=CELL, blank=True)
    numerator = models.DecimalField(_("numérateur"), max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(_("dénominateur"), max_digits=20, decimal_places=4, null=True)
    value = models.DecimalField(_("valeur"), max_digits=20, decimal_places=4, null=True)
    rows = models.PositiveIntegerField(_("lignes comptées"), null=True)
    people = models.PositiveIntegerField(_("personnes"), null=True)
    counted_at = models.DateTimeField(_("compté le"), default=timezone.now)

    privacy = IMPERSONAL
    objects = IndicatorValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("relevé d’un indicateur")
        ordering = ["term", "key", "day", "breakdown", "cell"]
        constraints = [
            # In this order of columns, a dashboard and a curve read the whole without the breakdowns.
            models.UniqueConstraint(
                fields=["term", "breakdown", "key", "day", "cell"], name="indicator_value_once_a_night"
            ),
            models.CheckConstraint(
                name="indicator_value_divided_by_nothing",
                condition=Q(denominator=None) | Q(denominator__gt=0) | Q(denominator=0, value=None),
            ),
            models.CheckConstraint(name="indicator_value_cell_has_breakdown", condition=~Q(breakdown="") | Q(cell="")),
            models.CheckConstraint(
                name="indicator_value_counted_after_its_day", condition=Q(counted_at__date__gte=F("day"))
            ),
        ]
        indexes = [models.Index(fields=["term", "-day"], name="indicator_value_last_night")]

    def __str__(self) -> str:
        return f"{self.key} {self.day}"


class ManualValueQuerySet(ScreenQuerySet["ManualValue"]):
    def visible_to(self, user: Any) -> Self:
        return self.filter(term__in=term_ids(user, TEAM_ROLES))

    def standing(self) -> Self:
        """Return the last entry of each day: a correction is another row."""
        later = ManualValue.objects.filter(
            **{name: models.OuterRef(name) for name in ("term", "key", "breakdown", "cell", "day")},
            number__gt=models.OuterRef("number"),
        )
        return self.exclude(models.Exists(later))


class ManualValue(models.Model):
    """Value that the application does not hold: entered by its owner, with day and source. Append-only (trigger).

    `people`: how many answered, where the value comes from people.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(_("indicateur"), max_length=KEY)
    breakdown = models.CharField(_("répartition"), max_length=20, blank=True)
    cell = models.CharField(_("case"), max_length=CELL, blank=True)
    day = models.DateField(_("valeur au"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    value = models.DecimalField(
        _("valeur"),
        max_digits=14,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(999_999_999)],
    )
    people = models.PositiveIntegerField(
        _("personnes interrogées"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    source = models.CharField(_("source"), max_length=200)
    note = models.CharField(_("remarque"), max_length=500, blank=True)
    entered_by = user_key()
    entered_at = models.DateTimeField(_("saisie le"), default=timezone.now)

    privacy = IMPERSONAL
    objects = ManualValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("valeur saisie")
        ordering = ["term", "key", "-day", "breakdown", "cell", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "key", "breakdown", "cell", "day", "number"], name="manual_value_version_once"
            ),
            models.CheckConstraint(name="manual_value_not_negative", condition=Q(value__gte=0)),
            models.CheckConstraint(name="manual_value_has_source", condition=~Q(source="")),
            models.CheckConstraint(name="manual_value_people_positive", condition=Q(people=None) | Q(people__gt=0)),
            models.CheckConstraint(
                name="manual_value_cell_iff_breakdown",
                condition=Q(breakdown="", cell="") | ~Q(breakdown="") & ~Q(cell=""),
            ),
            models.CheckConstraint(
                name="manual_value_entered_after_its_day", condition=Q(entered_at__date__gte=F("day"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.day}"


class IndicatorSheet(models.Model):
    """Figures of one night on one sheet, as they were published. Append-only (trigger)."""

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(_("numéro"))
    reference = models.CharField(_("référence"), max_length=40)
    day = models.DateField(_("chiffres au"))
    content = models.JSONField(_("contenu"))
    noted_by = user_key()
    noted_at = models.DateTimeField(_("faite le"), default=timezone.now)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("fiche d’indicateurs")
        ordering = ["term", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="indicator_sheet_number_once"),
            models.UniqueConstraint(fields=["term", "reference"], name="indicator_sheet_reference_once"),
            models.UniqueConstraint(fields=["term", "day"], name="indicator_sheet_one_a_day"),
        ]

    def __str__(self) -> str:
        return self.reference
