from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class PartnerState(States):
    TO_CONTACT = "to_contact", State("todo"), _("à contacter")
    ACTIVE = "active", State("done"), _("actif")
    DORMANT = "dormant", State("waiting"), _("en sommeil")
    ENDED = "ended", State("closed"), _("terminé")
    MERGED = "merged", State("closed"), _("fusionné")


class PartnerKind(models.TextChoices):
    ASSOCIATION = "association", _("association")
    EPCI = "epci", _("intercommunalité")
    COMMUNE = "commune", _("commune")
    STATE = "state", _("État et opérateurs")
    AUTHORITY = "authority", _("autre collectivité")
    UNIVERSITY = "university", _("université, recherche")
    NETWORK = "network", _("réseau")
    COMPANY = "company", _("entreprise")
    OTHER = "other", _("autre")


class ExchangeKind(models.TextChoices):
    MEETING = "meeting", _("rencontre")
    CALL = "call", _("téléphone")
    MAIL = "mail", _("courriel")
    EVENT = "event", _("événement")
    OTHER = "other", _("autre")
