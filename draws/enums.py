from django.db import models
from django.utils.translation import gettext_lazy as _


class CallState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("clos")


CALL_BADGES = {CallState.DRAFT: "todo", CallState.OPEN: "in_progress", CallState.CLOSED: "closed"}


class CandidateState(models.TextChoices):
    """State of a candidature. A purged one has no row any more: counts stay."""

    UNCONFIRMED = "unconfirmed", _("adresse à confirmer")
    SUBMITTED = "submitted", _("à examiner")
    ELIGIBLE = "eligible", _("recevable")
    INELIGIBLE = "ineligible", _("irrecevable")
    DUPLICATE = "duplicate", _("doublon")
    EXCLUDED = "excluded", _("écartée sans examen")
    WITHDRAWN = "withdrawn", _("retirée")
    IN_POOL = "in_pool", _("dans la liste figée")
    DRAWN = "drawn", _("tirée au sort")
    ALTERNATE = "alternate", _("suppléante")
    NOT_DRAWN = "not_drawn", _("non tirée")


# The badge of each state (assembly.ui, tag `state`).
CANDIDATE_BADGES = {
    CandidateState.UNCONFIRMED: "waiting",
    CandidateState.SUBMITTED: "todo",
    CandidateState.ELIGIBLE: "done",
    CandidateState.INELIGIBLE: "refused",
    CandidateState.DUPLICATE: "refused",
    CandidateState.EXCLUDED: "refused",
    CandidateState.WITHDRAWN: "closed",
    CandidateState.IN_POOL: "in_progress",
    CandidateState.DRAWN: "done",
    CandidateState.ALTERNATE: "partial",
    CandidateState.NOT_DRAWN: "closed",
}
# Those who may still be drawn, whether examined or not: the table of cells counts them.
STANDING = (CandidateState.SUBMITTED, CandidateState.ELIGIBLE, CandidateState.IN_POOL)
# The list is frozen: the draw alone changes these states.
IN_THE_DRAW = (
    CandidateState.IN_POOL,
    CandidateState.DRAWN,
    CandidateState.ALTERNATE,
    CandidateState.NOT_DRAWN,
)
BEFORE_THE_FREEZE = tuple(state for state in CandidateState if state not in IN_THE_DRAW)
CORRECTABLE = (CandidateState.UNCONFIRMED, CandidateState.SUBMITTED, CandidateState.ELIGIBLE)


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


class DrawState(models.TextChoices):
    """State of a draw (domain.md B3)."""

    DRAFT = "draft", _("en préparation")
    CHECKED = "checked", _("vérifié")
    FROZEN = "frozen", _("liste figée")
    COMPUTED = "computed", _("lots calculés")
    ANNOUNCED = "announced", _("annoncé")
    DRAWN = "drawn", _("tiré")
    CERTIFIED = "certified", _("constaté")
    REVEALED = "revealed", _("révélé")
    VOID = "void", _("annulé")


DRAW_BADGES = {
    DrawState.DRAFT: "in_progress",
    DrawState.CHECKED: "in_progress",
    DrawState.FROZEN: "in_progress",
    DrawState.COMPUTED: "in_progress",
    DrawState.ANNOUNCED: "waiting",
    DrawState.DRAWN: "waiting",
    DrawState.CERTIFIED: "partial",
    DrawState.REVEALED: "done",
    DrawState.VOID: "closed",
}
# States with a public page: an announced draw is never withdrawn, only voided with its reason.
PUBLIC_DRAWS = (DrawState.ANNOUNCED, DrawState.DRAWN, DrawState.CERTIFIED, DrawState.REVEALED)
RESULT_STATES = (DrawState.DRAWN, DrawState.CERTIFIED, DrawState.REVEALED)


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
