from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

AGREEMENT_ABOVE = Decimal(23000)  # decree 2001-495: a grant above it needs an agreement; its data are public


class SchemeState(models.TextChoices):
    DRAFT = "draft", _("en préparation")
    PUBLISHED = "published", _("publié")
    CLOSED = "closed", _("clos")


class GrantState(models.TextChoices):
    RECEIVED = "received", _("reçue")
    COMPLETENESS_CHECK = "completeness_check", _("pièces en vérification")
    INCOMPLETE = "incomplete", _("pièces manquantes")
    COMPLETE = "complete", _("complète")
    ASSESSMENT = "assessment", _("en instruction")
    OPINION = "opinion", _("avis rendu")
    COMMITTEE = "committee", _("au comité")
    VOTED = "voted", _("votée")
    AGREEMENT = "agreement", _("convention signée")
    PAID = "paid", _("versée")
    REPORTED = "reported", _("compte rendu reçu")
    CLOSED = "closed", _("close")
    REJECTED = "rejected", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


S = GrantState
AWARDED = (S.VOTED, S.AGREEMENT, S.PAID, S.REPORTED, S.CLOSED)
BEING_PAID = (S.VOTED, S.AGREEMENT, S.PAID)
ENDED = (S.CLOSED, S.REJECTED, S.WITHDRAWN)
GONE = (S.REJECTED, S.WITHDRAWN)
DECIDED = (*AWARDED, S.REJECTED)
UNDECIDED = (S.RECEIVED, S.COMPLETENESS_CHECK, S.INCOMPLETE, S.COMPLETE, S.ASSESSMENT, S.OPINION, S.COMMITTEE)
# Declared complete, and neither refused nor withdrawn: at most one of an association for a scheme.
EXAMINED = (S.COMPLETE, S.ASSESSMENT, S.OPINION, S.COMMITTEE, *AWARDED)
OWES_ACCOUNT = (S.PAID,)  # money was paid, and its use is not reported yet


class InterestKind(models.TextChoices):
    BELONGS = "belongs", _("adhérent·e, salarié·e ou au bureau")
    CLOSE = "close", _("un proche en fait partie")
    OTHER = "other", _("autre lien")
