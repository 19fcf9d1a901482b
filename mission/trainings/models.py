"""Sessions of training: who registered, who came and how they rate it, as counts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mission.registers.checks import check, rules_of
from mission.registers.models import RegisterLine


class TrainingLine(RegisterLine):
    """Session; a subclass, `Training`, adds `row`. People are counted, never named: `attended` is empty before."""

    title = models.CharField(_("formation"), max_length=160)
    held_on = models.DateField(_("date"))
    hours = models.DecimalField(_("durée, en heures"), max_digits=4, decimal_places=1)
    place = models.CharField(_("lieu"), max_length=160)
    registered = models.PositiveSmallIntegerField(_("inscrits"), default=0)
    attended = models.PositiveSmallIntegerField(_("présents"), null=True, blank=True)
    answers = models.PositiveSmallIntegerField(_("réponses au questionnaire"), default=0)
    satisfaction = models.DecimalField(
        _("satisfaction, de 1 à 5"), max_digits=2, decimal_places=1, null=True, blank=True
    )

    class Meta:
        abstract = True
        verbose_name = _("session de formation")
        constraints = rules_of(
            "training",
            lasts=check(Q(hours__gt=0), _("Une session dure plus que zéro heure."), "hours"),
            attended_registered=check(
                Q(attended=None) | Q(attended__lte=F("registered")),
                _("Qui vient sans être inscrit s’inscrit à l’entrée : pas plus de présents."),
                "attended",
            ),
            answers_attended=check(
                Q(answers=0) | Q(attended__isnull=False, answers__lte=F("attended")),
                _("Seules les personnes présentes répondent."),
                "answers",
            ),
            satisfaction_answered=check(
                Q(answers=0, satisfaction=None)
                | Q(answers__gte=1, satisfaction__isnull=False, satisfaction__range=(1, 5)),
                _("La satisfaction va de 1 à 5, et dit combien ont répondu."),
                "satisfaction",
            ),
        )
