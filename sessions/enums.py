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


class AgendaKind(models.TextChoices):
    OPENING = "opening", _("ouverture")
    MINUTES_APPROVAL = "minutes_approval", _("approbation d’un procès-verbal")
    INFORMATION = "information", _("information")
    DISCUSSION = "discussion", _("échange")
    VOTE = "vote", _("vote")
    ACTIONS = "actions", _("suivi des actions")
    BREAK = "break", _("pause")
    OTHER = "other", _("questions diverses")


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


class Absence(models.TextChoices):
    NONE = "", _("non renseignée")
    EXCUSED = "excused", _("excusé·e")
    ABSENT = "absent", _("absent·e")
    REPRESENTED = "represented", _("représenté·e")


class PresenceMode(models.TextChoices):
    ROOM = "room", _("dans la salle")
    REMOTE = "remote", _("à distance")


class NoticeKind(models.TextChoices):
    FIRST = "first", _("convocation")
    CHANGED = "changed", _("convocation modifiée")
    POSTPONED = "postponed", _("report")
    CANCELLED = "cancelled", _("annulation")
    SECOND = "second", _("seconde convocation, sans quorum")


class BallotState(models.TextChoices):
    """States of a ballot (domain.md B10); a hand count goes prepared → counted → proclaimed."""

    PREPARED = "prepared", _("préparé")
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("clos")
    COUNTED = "counted", _("compté")
    PROCLAIMED = "proclaimed", _("proclamé")
    CANCELLED = "cancelled", _("annulé")


class BallotMethod(models.TextChoices):
    HAND = "hand", _("à main levée")


class BallotResult(models.TextChoices):
    ADOPTED = "adopted", _("adopté")
    REJECTED = "rejected", _("rejeté")


class DecisionMode(models.TextChoices):
    CONSENT = "consent", _("sans vote, aucune objection")
    BALLOT = "ballot", _("par un vote")


class ActionState(models.TextChoices):
    OPEN = "open", _("à faire")
    DONE = "done", _("faite")
    DROPPED = "dropped", _("abandonnée")


class MinutesKind(models.TextChoices):
    REPORT = "report", _("compte rendu")
    FORMAL = "formal", _("procès-verbal")


class MinutesState(States):
    """States of minutes (domain.md B13): reports use draft, validated, circulated, published; formal ones the rest."""

    DRAFT = "draft", State("in_progress", tags={"writing"}), _("En rédaction")
    INTERNAL_CHECK = (
        "internal_check",
        State("in_progress", tags={"writing", "ready", "formal"}),
        _("En contrôle interne"),
    )
    VALIDATED = "validated", State("partial", tags={"writing", "ready"}), _("Validé")
    CIRCULATED = "circulated", State("in_progress", tags={"circulated", "reading"}), _("En relecture")
    CORRECTIONS = (
        "corrections",
        State("waiting", tags={"circulated", "reading", "formal"}),
        _("Corrections en traitement"),
    )
    SUBMITTED = "submitted_for_approval", State("waiting", tags={"circulated", "formal"}), _("Soumis à l’approbation")
    APPROVED = "approved", State("partial", tags={"circulated", "formal", "approved"}), _("Approuvé")
    SIGNED = "signed", State("done", tags={"circulated", "formal", "approved", "final"}), _("Scellé")
    PUBLISHED = "published", State("done", tags={"final", "published"}), _("Publié")
    ARCHIVED = "archived", State("closed", tags={"final", "published"}), _("Archivé")


class RevisionKind(models.TextChoices):
    """Reason why a text of a section was saved in the history: no typed text is lost."""

    SAVED = "saved", _("enregistré")
    CONFLICT = "conflict", _("arrivé après un autre texte")
    REFUSED = "refused", _("brouillon, à corriger avant d’être imprimé")
    RESTORED = "restored", _("repris d’une version antérieure")
    CORRECTED = "corrected", _("correction acceptée")


class CorrectionState(models.TextChoices):
    ASKED = "asked", _("Attend une réponse")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")


class MinutesVisaCapacity(models.TextChoices):
    CHAIR = "chair", _("présidence de séance")
    SECRETARY = "secretary", _("secrétariat de séance")


class AbsenceCaseState(States):
    """States of an absence case: the system raises it, a person decides (domain.md B4)."""

    RAISED = "raised", State("warn", tags={"open", "alert"}), _("À décider")
    WARNED = "warned", State("waiting", tags={"open", "alert"}), _("Message envoyé")
    DISMISSED = "dismissed", State("closed"), _("Classée sans suite")
    PROCEDURE = "procedure", State("in_progress", tags={"open"}), _("Procédure en cours")
    ENDED = "ended", State("refused"), _("Mandat terminé")
    LIFTED = "lifted", State("closed"), _("Sans objet")


class ExpenseKind(models.TextChoices):
    KM = "km", _("trajet en voiture")
    TICKET = "ticket", _("billet ou titre de transport")
    MEAL = "meal", _("repas")
    CHILDCARE = "childcare", _("garde d’enfants ou d’un proche")
    LODGING = "lodging", _("nuit d’hôtel")


# The unit that is counted, in the singular and in the plural.
EXPENSE_UNITS = {
    ExpenseKind.KM: (_("kilomètre"), _("kilomètres")),
    ExpenseKind.TICKET: (_("trajet"), _("trajets")),
    ExpenseKind.MEAL: (_("repas"), _("repas")),
    ExpenseKind.CHILDCARE: (_("heure"), _("heures")),
    ExpenseKind.LODGING: (_("nuit"), _("nuits")),
}


class ExpenseState(States):
    """States of a claim, from the draft to the payment."""

    DRAFT = "draft", State("todo", tags={"editable"}), _("Brouillon")
    SUBMITTED = "submitted", State("waiting", tags={"waiting"}), _("À contrôler")
    RETURNED = "returned", State("warn", tags={"editable"}), _("À compléter")
    CHECKED = "checked", State("partial", tags={"waiting"}), _("Contrôlée")
    SENT = "sent", State("in_progress", tags={"waiting", "batched"}), _("Transmise aux finances")
    PAID = "paid", State("done", tags={"batched"}), _("Payée")
    REFUSED = "refused", State("refused", tags={"closed"}), _("Refusée")
    WITHDRAWN = "withdrawn", State("closed", tags={"closed"}), _("Retirée")
