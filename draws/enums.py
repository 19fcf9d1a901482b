from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class CallState(States):
    DRAFT = "draft", State("todo"), _("en préparation")
    OPEN = "open", State("in_progress"), _("ouvert")
    CLOSED = "closed", State("closed"), _("clos")


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


class Ground(models.TextChoices):
    """Reason why somebody may not be a candidate (domain.md B2). The call states which ones apply."""

    ELECTED = "elected", _("mandat électif")
    AGENT = "agent", _("agent de la collectivité")
    OUTSIDE = "outside", _("ne réside pas dans le département")
    TOO_YOUNG = "too_young", _("n’a pas l’âge demandé")
    FORMER_MEMBER = "former_member", _("membre d’une assemblée précédente")
    NO_GUARDIAN = "no_guardian", _("autorisation parentale manquante")


class ExclusionReason(models.TextChoices):
    """Reason why a candidature that nobody could examine is left out of the list of a draw: printed in the record."""

    UNREACHABLE = "unreachable", _("personne injoignable")
    INCOMPLETE = "incomplete", _("dossier incomplet")
    UNVERIFIED = "unverified", _("adresse ou identité non vérifiée")
    LATE = "late", _("reçue après le dernier jour")


class DrawTable(models.TextChoices):
    """Workflow of a draw: among the volunteers of a call, or among the members."""

    VOLUNTEERS = "volunteers", _("appel à candidatures")
    INTERNAL = "internal", _("tirage interne")


class DesignationOutcome(models.TextChoices):
    """Outcome for somebody whom an internal draw named."""

    NAMED = "named", _("désignée")
    DECLINED = "declined", _("a renoncé")
    LEFT = "left", _("ne siège plus")


class DrawState(States):
    """State of a draw (domain.md B3).

    An announced draw has a public page and is never withdrawn, only voided with its reason.
    """

    DRAFT = "draft", State("in_progress", tags={"preparing"}), _("en préparation")
    CHECKED = "checked", State("in_progress", tags={"preparing"}), _("vérifié")
    FROZEN = "frozen", State("in_progress", tags={"frozen", "computable"}), _("liste figée")
    COMPUTED = "computed", State("in_progress", tags={"frozen", "computable"}), _("lots calculés")
    ANNOUNCED = "announced", State("waiting", tags={"frozen", "announced", "ceremony"}), _("annoncé")
    DRAWN = "drawn", State("waiting", tags={"frozen", "announced", "ceremony", "drawn"}), _("tiré")
    CERTIFIED = "certified", State("partial", tags={"frozen", "announced", "drawn", "certified"}), _("constaté")
    REVEALED = "revealed", State("done", tags={"frozen", "announced", "drawn", "certified"}), _("révélé")
    VOID = "void", State("closed"), _("annulé")


class ComputationKind(models.TextChoices):
    TRIAL = "trial", _("essai à blanc")
    PORTFOLIO = "portfolio", _("calcul des lots")


class ComputationState(models.TextChoices):
    QUEUED = "queued", _("en attente")
    RUNNING = "running", _("en cours")
    READY = "ready", _("fini")
    FAILED = "failed", _("échoué")
    CANCELLED = "cancelled", _("arrêté")


RUNNING_COMPUTATIONS = (ComputationState.QUEUED, ComputationState.RUNNING)


class CallOutcome(models.TextChoices):
    """Outcome of a telephone call to somebody drawn."""

    REACHED = "reached", _("jointe, réfléchit")
    NO_ANSWER = "no_answer", _("ne répond pas")
    LATER = "later", _("demande qu’on rappelle")
    YES = "yes", _("a dit oui")
    NO = "no", _("a dit non")
