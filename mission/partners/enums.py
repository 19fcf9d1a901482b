from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerState(models.TextChoices):
    TO_CONTACT = "to_contact", _("à contacter")
    ACTIVE = "active", _("actif")
    DORMANT = "dormant", _("en sommeil")
    ENDED = "ended", _("terminé")
    MERGED = "merged", _("fusionné")


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
