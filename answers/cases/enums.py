"""Enumerations of answer cases and of answers (domain.md B12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States
from consultations.models import DigestKind


class AnswerCaseState(States):
    """States of an answer case (domain.md B12). « En retard » is no state: it is a due day that has passed.

    Directorates or elected representatives work on the answer while it is `under_way`; none was asked when `unasked`.
    """

    AWAITING = "awaiting", State("todo", tags={"owed", "unasked"}), _("réponse attendue")
    ASSIGNED = "assigned", State("in_progress", tags={"owed", "under_way", "undecided"}), _("confiée à une direction")
    SUBMITTED = "submitted", State("waiting", tags={"owed", "under_way", "undecided", "sent"}), _("à viser")
    VALIDATED = (
        "validated",
        State("waiting", tags={"owed", "under_way", "undecided", "sent", "signed"}),
        _("visée par la direction"),
    )
    ARBITRATION = (
        "arbitration",
        State("partial", tags={"owed", "under_way", "undecided", "sent", "signed"}),
        _("à arbitrer"),
    )
    DECIDED = "decided", State("partial", tags={"owed", "under_way", "sent", "signed"}), _("décidée")
    PUBLISHED = "published", State("done"), _("publiée")
    CANCELLED = "cancelled", State("closed", tags={"unasked"}), _("annulée")


class AnswerValue(models.TextChoices):
    """Position of the council on a recommendation."""

    ACCEPTED = "accepted", _("acceptée")
    ACCEPTED_IN_PART = "accepted_in_part", _("acceptée en partie")
    ALREADY_DONE = "already_done", _("déjà en place")
    UNDER_STUDY = "under_study", _("à l’étude")
    PASSED_ON = "passed_on", _("transmise à une autre institution")
    REJECTED = "rejected", _("refusée")


class RejectionCategory(models.TextChoices):
    """Category of a refusal; the sentence that explains it is obligatory too."""

    NOT_OUR_POWER = "not_our_power", _("n’est pas de la compétence du Département")
    COST = "cost", _("coût")
    LAW = "law", _("la loi ne le permet pas")
    POLICY = "policy", _("contraire à la politique du Département")
    TECHNICAL = "technical", _("techniquement impossible")
    COVERED = "covered", _("déjà couverte par un autre dispositif")


class DecisionSource(models.TextChoices):
    """Way in which the council decided."""

    VISA = "visa", _("visa du président")
    COUNCIL = "council", _("délibération du Conseil")
    PAPER = "paper", _("réponse donnée sur papier")


class ArbitrationSource(models.TextChoices):
    SPONSOR = "sponsor", _("élu·e référent·e")
    STEERING = "steering", _("comité de pilotage")


VALUE_BADGES = {
    AnswerValue.ACCEPTED: "done",
    AnswerValue.ACCEPTED_IN_PART: "partial",
    AnswerValue.ALREADY_DONE: "done",
    AnswerValue.UNDER_STUDY: "in_progress",
    AnswerValue.PASSED_ON: "waiting",
    AnswerValue.REJECTED: "refused",
}


class AnswerEventKind(DigestKind):
    """Kinds of lines about answers in the daily mail to an agent."""

    LATE = "answer_late", 11, _("Réponse en retard")
    SIGN = "answer_sign", 31, _("Réponse à viser")
    DUE = "answer_due", 61, _("Réponse attendue")
