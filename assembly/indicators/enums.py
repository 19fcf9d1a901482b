from django.db import models
from django.utils.translation import gettext_lazy as _


class Facts(models.TextChoices):
    """How far a past day can be counted again; the weaker ones later: what is made of two has the weaker one."""

    RECORDED = "recorded", _("Recalculable : chaque fait garde le moment où il a été noté.")
    DATED = "dated", _("Non recalculable : un fait peut être noté ou corrigé après coup, avec une date passée.")
    CURRENT = "current", _("Non recalculable : les faits ne gardent pas leur date.")


class Unit(models.TextChoices):
    NUMBER = "number", _("nombre")
    PERCENT = "percent", _("%")
    POINTS = "points", _("points de pourcentage")
    RATIO = "ratio", _("nombre à une décimale")
    HOURS = "hours", _("heures")
    DAYS = "days", _("jours")
    EUROS = "euros", _("euros")


class Theme(models.TextChoices):
    """The parts of a dashboard, in order."""

    PANEL = "panel", _("Qui siège")
    WORK = "work", _("Le travail de l’assemblée")
    OPINIONS = "opinions", _("Ce qu’elle dit")
    ANSWERS = "answers", _("Ce qui lui est répondu")
    OPENNESS = "openness", _("Confiance et concertation")
    COST = "cost", _("Ce que cela coûte")
    SUPPORT = "support", _("Appui et subventions")


class Frequency(models.TextChoices):
    NIGHT = "night", _("chaque nuit")
    TWO_MONTHS = "two_months", _("tous les deux mois")
    SIX_MONTHS = "six_months", _("tous les six mois")
    YEAR = "year", _("une fois par an")


MONTHS = {Frequency.TWO_MONTHS: 2, Frequency.SIX_MONTHS: 6, Frequency.YEAR: 12}
