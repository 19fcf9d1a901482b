from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States

AGREEMENT_ABOVE = Decimal(23000)  # decree 2001-495: a grant above it needs an agreement; its data are public


class SchemeState(States):
    DRAFT = "draft", State("todo"), _("en préparation")
    PUBLISHED = "published", State("in_progress"), _("publié")
    CLOSED = "closed", State("closed"), _("clos")


class GrantState(States):
    """States of an application.

    `examined`: declared complete, before the vote. `decided`: voted or refused. `dropped`: refused or withdrawn.
    `payable`: payments may be noted. `paid`: at least one was noted.
    """

    RECEIVED = "received", State("todo", tags={"undecided"}), _("reçue")
    COMPLETENESS_CHECK = "completeness_check", State("in_progress", tags={"undecided"}), _("pièces en vérification")
    INCOMPLETE = "incomplete", State("waiting", tags={"undecided"}), _("pièces manquantes")
    COMPLETE = "complete", State("todo", tags={"undecided", "examined"}), _("complète")
    ASSESSMENT = "assessment", State("in_progress", tags={"undecided", "examined"}), _("en instruction")
    OPINION = "opinion", State("in_progress", tags={"undecided", "examined"}), _("avis rendu")
    COMMITTEE = "committee", State("waiting", tags={"undecided", "examined"}), _("au comité")
    VOTED = "voted", State("partial", tags={"awarded", "decided", "payable"}), _("votée")
    AGREEMENT = "agreement", State("partial", tags={"awarded", "decided", "payable"}), _("convention signée")
    PAID = "paid", State("waiting", tags={"awarded", "decided", "payable", "paid"}), _("versée")
    REPORTED = "reported", State("done", tags={"awarded", "decided", "paid"}), _("compte rendu reçu")
    CLOSED = "closed", State("done", tags={"awarded", "decided", "paid"}), _("close")
    REJECTED = "rejected", State("refused", tags={"decided", "dropped"}), _("refusée")
    WITHDRAWN = "withdrawn", State("closed", tags={"dropped"}), _("retirée")


class InterestKind(models.TextChoices):
    BELONGS = "belongs", _("adhérent·e, salarié·e ou au bureau")
    CLOSE = "close", _("un proche en fait partie")
    OTHER = "other", _("autre lien")
