"""Enumerations of the directorates' reviews (domain.md B6, D3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ReviewState(States):
    """States of the request to one directorate. « En retard » is no state: it is a date that has passed."""

    ASKED = "asked", State("todo", tags={"open", "editable"}), _("attendu")
    DRAFTED = "drafted", State("in_progress", tags={"open", "editable"}), _("commencé")
    RETURNED = "returned", State("waiting", tags={"open", "editable"}), _("à reprendre")
    SUBMITTED = "submitted", State("waiting", tags={"open", "sent"}), _("à viser")
    VALIDATED = "validated", State("done", tags={"sent", "given"}), _("rendu")
    SUPPLEMENT = (
        "supplement",
        State("waiting", word=_("Complément attendu"), tags={"open", "editable", "given"}),
        _("complément demandé"),
    )
    DECLINED = "declined", State("refused", word=_("Renvoyé à la mission")), _("renvoyé")
    PASSED_ON = "passed_on", State("refused", tags={"inactive"}), _("passé à une autre direction")
    CLOSED = "closed", State("refused", word=_("Clos sans contribution"), tags={"inactive"}), _("clos sans suite")


class ReviewKind(models.TextChoices):
    SCOPING = "scoping", _("cadrage")
    ADMISSIBILITY = "admissibility", _("recevabilité")


class Competence(models.TextChoices):
    """Whether the subject is within the powers of the département."""

    YES = "yes", _("Oui")
    PARTLY = "partly", _("En partie")
    NO = "no", _("Non")


class Feasibility(models.TextChoices):
    AS_IS = "as_is", _("Oui, tel quel")
    WITH_CONDITIONS = "conditions", _("Oui, avec des conditions")
    NOT_OURS = "not_ours", _("Non, pas par le Département")
    IMPOSSIBLE = "impossible", _("Non, pour une raison technique ou légale")


class CostRange(models.TextChoices):
    """Order of magnitude of a cost, per year."""

    UNDER_10K = "under_10k", _("Moins de 10 000 €")
    UNDER_100K = "under_100k", _("De 10 000 à 100 000 €")
    UNDER_1M = "under_1m", _("De 100 000 à 1 million d’euros")
    OVER_1M = "over_1m", _("Plus de 1 million d’euros")
    UNKNOWN = "unknown", _("Ne peut pas être estimé")


class EditionKind(models.TextChoices):
    SUBMITTED = "submitted", _("envoyé au visa")
    VALIDATED = "validated", _("rendu")
    CONFLICT_COPY = "conflict_copy", _("gardé à part")
