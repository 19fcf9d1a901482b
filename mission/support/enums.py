"""States and kinds of requests for support and of method sheets."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class SupportState(States):
    RECEIVED = "received", State("todo"), _("reçue")
    QUALIFIED = "qualified", State("todo", tags={"answer_due"}), _("qualifiée")
    ACCEPTED = "accepted", State("waiting", tags={"answer_due"}), _("acceptée")
    REDIRECTED = "redirected", State("partial", tags={"answered_no", "over"}), _("réorientée")
    DECLINED = "declined", State("refused", tags={"answered_no", "over"}), _("refusée")
    ASSIGNED = "assigned", State("in_progress", tags={"answer_due", "in_hand"}), _("confiée")
    IN_PROGRESS = "in_progress", State("in_progress", tags={"answer_due", "in_hand"}), _("en cours")
    DELIVERED = "delivered", State("waiting", tags={"in_hand", "delivered", "over"}), _("rendue")
    EVALUATED = "evaluated", State("done", tags={"in_hand", "delivered", "evaluated", "over"}), _("évaluée")
    CLOSED = "closed", State("closed", tags={"in_hand", "delivered", "evaluated", "over"}), _("close")
    WITHDRAWN = "withdrawn", State("closed", tags={"over"}), _("retirée")


class PublicPolicy(models.TextChoices):
    AUTONOMY = "autonomy", _("autonomie, grand âge, handicap")
    CHILDHOOD = "childhood", _("enfance et famille")
    INCLUSION = "inclusion", _("insertion et action sociale")
    EDUCATION = "education", _("éducation et collèges")
    MOBILITY = "mobility", _("routes et mobilités")
    ENVIRONMENT = "environment", _("transition écologique, agriculture")
    HOUSING = "housing", _("habitat et logement")
    CULTURE = "culture", _("culture, sport, jeunesse")
    DIGITAL = "digital", _("numérique")
    CROSS_CUTTING = "cross_cutting", _("dialogue citoyen, transversal")


class MethodState(States):
    DRAFT = "draft", State("todo"), _("à relire")
    IN_USE = "in_use", State("done"), _("en usage")
    RETIRED = "retired", State("closed"), _("retirée")


class Effort(models.TextChoices):
    LIGHT = "light", _("léger")
    MEDIUM = "medium", _("moyen")
    HEAVY = "heavy", _("lourd")
