"""Enumerations of referrals and of their reviews: domain.md B6, B7, D3."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ReferralOrigin(models.TextChoices):
    PRESIDENT = "president", _("saisine du président")
    SELF_REFERRAL = "self_referral", _("auto-saisine")


class ReferralState(States):
    """States of domain.md B6 and B7 in one list; `workflows.referrals` defines which steps an origin has.

    Tags: `president` and `self_referral` are the first half of an origin, `started` the second half of both. The
    assembly has something to do `at_work`; its opinion may be late when `due`, and be written when `open_to_opinion`.
    Dots stay on a subject until its admissibility is studied (`holding_dots`), then their owner may use them again. It
    is withdrawn or merged from a `stoppable` state.
    """

    DRAFT = (
        "draft",
        State(
            "todo",
            path=_("Préparation"),
            path_date="created_at",
            tags={"president", "unissued", "sketch", "stoppable"},
        ),
        _("en préparation"),
    )
    INTERNAL_REVIEW = (
        "internal_review",
        State("in_progress", path=_("Instruction"), tags={"president", "unissued", "stoppable"}),
        _("en instruction"),
    )
    ISSUED = (
        "issued",
        State(
            "waiting",
            path=_("Émise"),
            path_date="issued_at",
            tags={"president", "issued", "at_work", "due", "to_move", "stoppable"},
        ),
        _("émise"),
    )
    ACCEPTED = (
        "accepted",
        State(
            "done",
            path=_("Reçue"),
            path_date="accepted_on",
            tags={"president", "issued", "at_work", "due", "to_move", "open_to_opinion", "stoppable"},
        ),
        _("reçue par l’assemblée"),
    )
    SUGGESTED = (
        "suggested",
        State(
            "todo",
            sentence=_("Proposée par un membre : les membres peuvent la soutenir."),
            path=_("Proposée"),
            path_date="created_at",
            tags={"self_referral", "sketch", "holding_dots", "stoppable"},
        ),
        _("proposée"),
    )
    SHORTLISTED = (
        "shortlisted",
        State("todo", path=_("Sélection"), tags={"self_referral", "holding_dots", "studied", "stoppable"}),
        _("présélectionnée"),
    )
    ADMISSIBILITY_CHECK = (
        "admissibility",
        State("in_progress", path=_("Recevabilité"), tags={"self_referral", "studied", "stoppable"}),
        _("recevabilité à l’étude"),
    )
    INADMISSIBLE = (
        "inadmissible",
        State(
            "refused",
            sentence=_("Irrecevable : les motifs sont donnés à son auteur."),
            tags={"self_referral", "ended"},
        ),
        _("irrecevable"),
    )
    COUNCIL_VIEW_GIVEN = (
        "council_view",
        State(
            "waiting",
            sentence=_("Le président a donné sa position : l’assemblée peut voter."),
            path=_("Position du président"),
            tags={"self_referral", "studied", "stoppable"},
        ),
        _("position du président donnée"),
    )
    PUT_TO_VOTE = (
        "put_to_vote",
        State(
            "waiting",
            path=_("Vote"),
            path_date="vote_item.sitting.starts_at",
            tags={"self_referral", "taken_up", "at_work"},
        ),
        _("mise aux voix"),
    )
    ADOPTED = (
        "adopted",
        State(
            "done",
            path_at="put_to_vote",
            tags={"self_referral", "taken_up", "voted", "at_work", "due", "to_move", "open_to_opinion", "stoppable"},
        ),
        _("adoptée par l’assemblée"),
    )
    REJECTED = (
        "rejected",
        State(
            "refused",
            sentence=_("L’assemblée a rejeté cette auto-saisine."),
            tags={"self_referral", "voted", "ended"},
        ),
        _("rejetée par l’assemblée"),
    )
    IN_PROGRESS = (
        "in_progress",
        State(
            "in_progress",
            path=_("Travaux"),
            path_date="work_starts_on",
            tags={"started", "at_work", "due", "open_to_opinion", "stoppable"},
        ),
        _("en cours de travail"),
    )
    OPINION_ADOPTED = (
        "opinion_adopted",
        State(
            "done",
            path=_("Avis adopté"),
            path_date="awaited_on",
            tags={"started", "at_work", "after_opinion", "open_to_opinion"},
        ),
        _("avis adopté"),
    )
    HANDED_OVER = "handed_over", State("waiting", path=_("Remise"), tags={"started", "after_opinion"}), _("avis remis")
    ANSWERED = (
        "answered",
        State("done", path=_("Réponse"), path_date="answered_on", tags={"started", "after_opinion", "answered"}),
        _("réponse reçue"),
    )
    CLOSED = (
        "closed",
        State(
            "closed",
            sentence=_("Le Conseil départemental a répondu : la saisine est close."),
            tags={"started", "after_opinion", "answered", "ended"},
        ),
        _("close"),
    )
    WITHDRAWN = "withdrawn", State("closed", tags={"stopped", "ended"}), _("retirée")
    MERGED = "merged", State("closed", tags={"stopped", "ended"}), _("réunie avec une autre")


class IssueChannel(models.TextChoices):
    """Channel by which the president's decision arrived."""

    VISA = "visa", _("visa donné en ligne par le cabinet")
    PAPER = "paper", _("lettre signée sur papier")


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


class DigestKind(models.TextChoices):
    """Kinds of lines in the daily mail to an agent, with their rank in it: the most pressing first."""

    rank: int

    def __new__(cls, value: str, rank: int) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.rank = rank
        return member


class DeskEventKind(DigestKind):
    """Kinds of lines about referrals and reviews; apps above have their own (`consultations.targets`)."""

    ESCALATED = "escalated", 10, _("Contribution en retard")
    REMINDER = "reminder", 20, _("Rappel")
    TO_VALIDATE = "to_validate", 30, _("Contribution à viser")
    RETURNED = "returned", 40, _("Contribution à reprendre")
    SUPPLEMENT = "supplement", 50, _("Complément demandé")
    ASKED = "asked", 60, _("Contribution demandée")
    DUE_CHANGED = "due_changed", 70, _("Date changée")
    MENTION = "mention", 80, _("On vous cite")
    COPIED = "copied", 90, _("Contribution en copie")
    RECEIVED = "received", 100, _("Contribution reçue")
    DECLINED = "declined", 110, _("Demande renvoyée")
    CLOSED = "closed", 120, _("Demande close")


class SuggestionChannel(models.TextChoices):
    """Channel by which a member's suggestion arrived."""

    SITE = "site", _("écrite par le membre")
    PAPER = "paper", _("reçue sur papier")
    PHONE = "phone", _("reçue par téléphone")


class CouncilStance(models.TextChoices):
    FAVOURABLE = "favourable", _("favorable")
    WITH_REMARKS = "with_remarks", _("favorable avec remarques")
    UNFAVOURABLE = "unfavourable", _("défavorable")


class BriefingKind(models.TextChoices):
    SCOPING_NOTE = "scoping_note", _("note de cadrage")
    STUDY = "study", _("étude ou diagnostic")
    FIGURES = "figures", _("chiffres")
    LAW = "law", _("droit et compétences")
    SCHEME = "scheme", _("dispositif existant")
    SLIDES = "slides", _("présentation")
    PRESS = "press", _("presse")
    OTHER = "other", _("autre")


class LanguageLevel(models.TextChoices):
    STANDARD = "standard", _("texte courant")
    EASY_READ = "easy_read", _("facile à lire et à comprendre")


class HearingKind(models.TextChoices):
    HEARING = "hearing", _("audition")
    SITE_VISIT = "site_visit", _("visite de site")


class HearingState(States):
    PLANNED = "planned", State("todo"), _("prévue")
    HELD = "held", State("done"), _("tenue")
    CANCELLED = "cancelled", State("refused"), _("annulée")


class GuestKind(models.TextChoices):
    """Kinds of people heard, as the referral counts them."""

    ELECTED = "elected", _("élu")
    EXPERT = "expert", _("expert")
    AGENT = "agent", _("agent d’un service")
    WITNESS = "witness", _("personne concernée")
