"""Enumerations of referrals: origin, state, channels, the council's stance (domain.md B6, B7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assembly.workflow import State, States


class ReferralOrigin(models.TextChoices):
    PRESIDENT = "president", _("saisine du président")
    SELF_REFERRAL = "self_referral", _("auto-saisine")


class ReferralState(States):
    """States of domain.md B6 and B7 in one list; `REFERRAL` defines which steps an origin has.

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


class SuggestionChannel(models.TextChoices):
    """Channel by which a member's suggestion arrived."""

    SITE = "site", _("écrite par le membre")
    PAPER = "paper", _("reçue sur papier")
    PHONE = "phone", _("reçue par téléphone")


class CouncilStance(models.TextChoices):
    FAVOURABLE = "favourable", _("favorable")
    WITH_REMARKS = "with_remarks", _("favorable avec remarques")
    UNFAVOURABLE = "unfavourable", _("défavorable")
