"""Kinds and states of sittings, kinds of notices, answers of invitees and their channel."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class SittingKind(models.TextChoices):
    PLENARY = "plenary", _("séance plénière")
    THEMATIC = "thematic", _("séance thématique")
    COMMITTEE = "committee", _("réunion de comité")


class SittingState(States):
    """States of a sitting (domain.md B11); the label is what the reader must know, not the code translated."""

    PLANNED = "planned", State("todo", tags={"upcoming"}), _("Planifiée")
    NOTIFIED = "notified", State("waiting", tags={"upcoming", "answerable"}), _("Convoquée")
    CONFIRMED = "confirmed", State("in_progress", tags={"upcoming", "answerable"}), _("Confirmée")
    OPEN = "open", State("in_progress", tags={"running"}), _("Ouverte")
    SUSPENDED = "suspended", State("waiting", tags={"running"}), _("Suspendue")
    CLOSED = "closed", State("partial", tags={"held", "ended"}), _("Tenue")
    MINUTED = "minuted", State("done", tags={"held", "ended"}), _("Compte rendu fait")
    ARCHIVED = "archived", State("closed", tags={"held", "ended"}), _("Archivée")
    POSTPONED = "postponed", State("refused", tags={"stopped", "called_off"}), _("Reportée")
    CANCELLED = "cancelled", State("refused", tags={"stopped", "called_off"}), _("Annulée")
    NOT_QUORATE = "not_quorate", State("late", tags={"ended", "inquorate"}), _("Sans quorum")
    RECONVENED = (
        "reconvened",
        State("closed", word=_("Sans quorum"), tags={"ended", "inquorate", "called_off"}),
        _("Convoquée de nouveau"),
    )
    NOT_HELD = "not_held", State("refused", tags={"stopped", "called_off"}), _("N’a pas eu lieu")


class Reply(models.TextChoices):
    INVITED = "invited", _("Sans réponse")
    WILL_ATTEND = "will_attend", _("Vient")
    WILL_NOT = "will_not", _("Ne vient pas")
    MAYBE = "maybe", _("Ne sait pas encore")


REPLY_BADGES = {
    Reply.INVITED: "todo",
    Reply.WILL_ATTEND: "done",
    Reply.WILL_NOT: "refused",
    Reply.MAYBE: "waiting",
}


MY_REPLY_LABELS = {
    Reply.INVITED: _("Votre réponse est attendue"),
    Reply.WILL_ATTEND: _("Vous venez"),
    Reply.WILL_NOT: _("Vous ne venez pas"),
    Reply.MAYBE: _("Vous ne savez pas encore"),
}


class Via(models.TextChoices):
    """Channel of a fact: an officer may record from paper or telephone whatever a member may do."""

    LINK = "link", _("par le lien du courriel")
    ACCOUNT = "account", _("dans son espace")
    PHONE = "phone", _("par téléphone")
    PAPER = "paper", _("sur papier")
    DESK = "desk", _("à l’accueil")


class NoticeKind(models.TextChoices):
    FIRST = "first", _("convocation")
    CHANGED = "changed", _("convocation modifiée")
    POSTPONED = "postponed", _("report")
    CANCELLED = "cancelled", _("annulation")
    SECOND = "second", _("seconde convocation, sans quorum")
