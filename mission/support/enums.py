from django.db import models
from django.utils.translation import gettext_lazy as _


class SupportState(models.TextChoices):
    RECEIVED = "received", _("reçue")
    QUALIFIED = "qualified", _("qualifiée")
    ACCEPTED = "accepted", _("acceptée")
    REDIRECTED = "redirected", _("réorientée")
    DECLINED = "declined", _("refusée")
    ASSIGNED = "assigned", _("confiée")
    IN_PROGRESS = "in_progress", _("en cours")
    DELIVERED = "delivered", _("rendue")
    EVALUATED = "evaluated", _("évaluée")
    CLOSED = "closed", _("close")
    WITHDRAWN = "withdrawn", _("retirée")


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
