"""The half-yearly report on what became of the answers: `AC2-BILAN-01`."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from assembly.identity.columns import optional_user_key
from assembly.identity.personal_data import IMPERSONAL
from assembly.institution.models import DateRange, Term
from assembly.speed.queries import ScreenQuerySet


class ProgressReport(models.Model):
    """An introduction that the team writes, and `content`: all that it reports, stored when its seal is requested.

    `reference` is given once. A published report changes in one way (trigger): an update of a directorate that the
    team withdrew since then is removed from `content`.
    """

    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="progress_reports")
    number = models.PositiveSmallIntegerField(_("numéro"))
    reference = models.CharField(_("référence"), max_length=40)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    introduction = models.TextField(_("introduction"), max_length=6000, blank=True)
    version = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(_("modifié le"), null=True, blank=True)
    edited_by = optional_user_key()
    content = models.JSONField(_("contenu"), null=True, blank=True)
    noted_at = models.DateTimeField(_("arrêté le"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True)

    privacy = IMPERSONAL
    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = _("bilan des suites données")
        ordering = ["term", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="progress_report_number_once"),
            models.UniqueConstraint(fields=["term", "reference"], name="progress_report_reference_once"),
            models.UniqueConstraint(
                fields=["term"], name="progress_report_one_draft", condition=Q(published_at__isnull=True)
            ),
            models.CheckConstraint(name="progress_report_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="progress_report_content_has_day",
                condition=Q(content__isnull=True, noted_at=None, published_at=None)
                | Q(content__isnull=False, noted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="progress_report_published_is_introduced", condition=Q(published_at=None) | ~Q(introduction="")
            ),
            ExclusionConstraint(
                name="progress_report_no_overlap",
                expressions=[
                    ("term", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.reference
