"""Enumerations of candidatures (domain.md B2)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class CandidateState(States):
    """State of a candidature. A purged one has no row any more: counts stay.

    `open`: examined, or to examine. `standing`: may be drawn, or was in the draw. `listed`: in the frozen list, where
    the draw alone changes it. `seated`: retained until the end of the term.
    """

    UNCONFIRMED = (
        "unconfirmed",
        State("waiting", tags={"correctable", "withdrawable", "undecided", "uncounted"}),
        _("adresse à confirmer"),
    )
    SUBMITTED = (
        "submitted",
        State("todo", tags={"correctable", "withdrawable", "undecided", "open", "standing"}),
        _("à examiner"),
    )
    ELIGIBLE = (
        "eligible",
        State("done", tags={"correctable", "withdrawable", "open", "decided", "standing", "admitted"}),
        _("recevable"),
    )
    INELIGIBLE = "ineligible", State("refused", tags={"withdrawable", "decided"}), _("irrecevable")
    DUPLICATE = "duplicate", State("refused", tags={"withdrawable", "decided", "uncounted"}), _("doublon")
    EXCLUDED = "excluded", State("refused", tags={"withdrawable", "decided"}), _("écartée sans examen")
    WITHDRAWN = "withdrawn", State("closed", tags={"uncounted"}), _("retirée")
    IN_POOL = "in_pool", State("in_progress", tags={"standing", "admitted", "listed"}), _("dans la liste figée")
    DRAWN = "drawn", State("done", tags={"standing", "admitted", "listed", "seated"}), _("tirée au sort")
    ALTERNATE = "alternate", State("partial", tags={"standing", "admitted", "listed", "seated"}), _("suppléante")
    NOT_DRAWN = "not_drawn", State("closed", tags={"standing", "admitted", "listed"}), _("non tirée")


class Examination(models.TextChoices):
    """Opinion of one of the two people who examine a candidature."""

    ADMIT = "admit", _("recevable")
    REJECT = "reject", _("irrecevable")


class Channel(models.TextChoices):
    """How a candidature arrived: by the public form, or typed in by an officer."""

    WEB = "web", _("formulaire en ligne")
    PAPER = "paper", _("bulletin papier")
    MARKET = "market", _("rencontre sur un marché")
    PHONE = "phone", _("téléphone")
    FILE = "file", _("fichier importé")


class Occupation(models.TextChoices):
    """Eight groups of occupations of INSEE (PCS 2020, level 1), by the values that pools and quotas use."""

    FARMER = "agriculteur", _("agriculteur ou agricultrice")
    SELF_EMPLOYED = "artisan_chef", _("artisanat, commerce, direction d’entreprise")
    MANAGER = "cadre", _("cadre, profession intellectuelle supérieure")
    INTERMEDIATE = "intermediaire", _("profession intermédiaire")
    EMPLOYEE = "employe", _("employé ou employée")
    WORKER = "ouvrier", _("ouvrier ou ouvrière")
    RETIRED = "retraite", _("retraité ou retraitée")
    NOT_WORKING = "sans_activite", _("sans activité professionnelle, en études")


class AgeBand(models.TextChoices):
    """Age classes of the census (INSEE, F48), by which panel and population are compared."""

    TO_29 = "-29", _("moins de 30 ans")
    TO_44 = "30-44", _("30 à 44 ans")
    TO_59 = "45-59", _("45 à 59 ans")
    TO_74 = "60-74", _("60 à 74 ans")
    FROM_75 = "75-", _("75 ans et plus")


class ExclusionReason(models.TextChoices):
    """Reason why a candidature that nobody could examine is left out of the list of a draw: printed in the record."""

    UNREACHABLE = "unreachable", _("personne injoignable")
    INCOMPLETE = "incomplete", _("dossier incomplet")
    UNVERIFIED = "unverified", _("adresse ou identité non vérifiée")
    LATE = "late", _("reçue après le dernier jour")
