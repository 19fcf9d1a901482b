from django.db import models
from django.utils.translation import gettext_lazy as _


class SittingKind(models.TextChoices):
    PLENARY = "plenary", _("séance plénière")
    THEMATIC = "thematic", _("séance thématique")
    COMMITTEE = "committee", _("réunion de comité")


class SittingState(models.TextChoices):
    """States of a sitting (domain.md B11); the label is what the reader must know, not the code translated."""

    PLANNED = "planned", _("Planifiée")
    NOTIFIED = "notified", _("Convoquée")
    CONFIRMED = "confirmed", _("Confirmée")
    OPEN = "open", _("Ouverte")
    SUSPENDED = "suspended", _("Suspendue")
    CLOSED = "closed", _("Tenue")
    MINUTED = "minuted", _("Compte rendu fait")
    ARCHIVED = "archived", _("Archivée")
    POSTPONED = "postponed", _("Reportée")
    CANCELLED = "cancelled", _("Annulée")
    NOT_QUORATE = "not_quorate", _("Sans quorum")
    RECONVENED = "reconvened", _("Convoquée de nouveau")
    NOT_HELD = "not_held", _("N’a pas eu lieu")


SITTING_BADGES = {
    SittingState.PLANNED: "todo",
    SittingState.NOTIFIED: "waiting",
    SittingState.CONFIRMED: "in_progress",
    SittingState.OPEN: "in_progress",
    SittingState.SUSPENDED: "waiting",
    SittingState.CLOSED: "partial",
    SittingState.MINUTED: "done",
    SittingState.ARCHIVED: "closed",
    SittingState.POSTPONED: "refused",
    SittingState.CANCELLED: "refused",
    SittingState.NOT_QUORATE: "late",
    SittingState.RECONVENED: "closed",
    SittingState.NOT_HELD: "refused",
}


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


class MinutesState(models.TextChoices):
    """States of minutes (domain.md B13): reports use draft, validated, circulated, published; formal ones the rest."""

    DRAFT = "draft", _("En rédaction")
    INTERNAL_CHECK = "internal_check", _("En contrôle interne")
    VALIDATED = "validated", _("Validé")
    CIRCULATED = "circulated", _("En relecture")
    CORRECTIONS = "corrections", _("Corrections en traitement")
    SUBMITTED = "submitted_for_approval", _("Soumis à l’approbation")
    APPROVED = "approved", _("Approuvé")
    SIGNED = "signed", _("Scellé")
    PUBLISHED = "published", _("Publié")
    ARCHIVED = "archived", _("Archivé")


MINUTES_BADGES = {
    MinutesState.DRAFT: "in_progress",
    MinutesState.INTERNAL_CHECK: "in_progress",
    MinutesState.VALIDATED: "partial",
    MinutesState.CIRCULATED: "in_progress",
    MinutesState.CORRECTIONS: "waiting",
    MinutesState.SUBMITTED: "waiting",
    MinutesState.APPROVED: "partial",
    MinutesState.SIGNED: "done",
    MinutesState.PUBLISHED: "done",
    MinutesState.ARCHIVED: "closed",
}


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


class AbsenceCaseState(models.TextChoices):
    """States of an absence case: the system raises it, a person decides (domain.md B4)."""

    RAISED = "raised", _("À décider")
    WARNED = "warned", _("Message envoyé")
    DISMISSED = "dismissed", _("Classée sans suite")
    PROCEDURE = "procedure", _("Procédure en cours")
    ENDED = "ended", _("Mandat terminé")
    LIFTED = "lifted", _("Sans objet")


ABSENCE_BADGES = {
    AbsenceCaseState.RAISED: "warn",
    AbsenceCaseState.WARNED: "waiting",
    AbsenceCaseState.DISMISSED: "closed",
    AbsenceCaseState.PROCEDURE: "in_progress",
    AbsenceCaseState.ENDED: "refused",
    AbsenceCaseState.LIFTED: "closed",
}


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


class ExpenseState(models.TextChoices):
    """States of a claim, from the draft to the payment."""

    DRAFT = "draft", _("Brouillon")
    SUBMITTED = "submitted", _("À contrôler")
    RETURNED = "returned", _("À compléter")
    CHECKED = "checked", _("Contrôlée")
    SENT = "sent", _("Transmise aux finances")
    PAID = "paid", _("Payée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")


EXPENSE_BADGES = {
    ExpenseState.DRAFT: "todo",
    ExpenseState.SUBMITTED: "waiting",
    ExpenseState.RETURNED: "warn",
    ExpenseState.CHECKED: "partial",
    ExpenseState.SENT: "in_progress",
    ExpenseState.PAID: "done",
    ExpenseState.REFUSED: "refused",
    ExpenseState.WITHDRAWN: "closed",
}
