"""Steps of a directorate's review; the README has the same table."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.institution.rules import is_team
from assembly.workflow import SYSTEM_ONLY, Permission, Step, Workflow
from consultations.models import DirectorateReview, ReviewState as R
from consultations.reviews import forms, rules

TEAM: Permission[DirectorateReview] = Permission(
    lambda user, review: is_team(user, review.referral.term_id), _("équipe")
)
AGENTS: Permission[DirectorateReview] = Permission(rules.works_in_directorate, _("direction"))
APPROVER: Permission[DirectorateReview] = Permission(rules.can_give_visa, _("valideur de la direction"))
SIGNER: Permission[DirectorateReview] = Permission(rules.can_endorse, _("visa de la direction"))


def referral_is_running(review: DirectorateReview) -> bool:
    """Return whether the referral is still worked on."""
    return not review.referral.is_ended


def check_review_not_reminded_today(review: DirectorateReview) -> None:
    """Raise ValidationError if a reminder was added today: one line a day at most."""
    if review.reminded_at and timezone.localdate(review.reminded_at) == timezone.localdate():
        raise ValidationError(gettext("Cette direction a déjà été relancée aujourd’hui."), code="reminded")


def check_review_complete(review: DirectorateReview) -> None:
    """Raise an error for each part that a complete answer requires, with the name of the column as code."""
    errors = [
        ValidationError(gettext("Il manque : %(what)s."), code=name, params={"what": label})
        for name, label in rules.missing_answers(review).items()
    ]
    if errors:
        raise ValidationError(errors)


REVIEW: Workflow[DirectorateReview] = Workflow(
    [
        Step("draft", R.tagged("editable"), R.DRAFTED, by=AGENTS),
        Step(
            "submit",
            {R.DRAFTED, R.RETURNED, R.SUPPLEMENT},
            R.SUBMITTED,
            by=AGENTS,
            guards=(check_review_complete,),
            event_type="review.submitted",
            history_text=_("a envoyé une contribution au visa"),
            when_column="submitted_at",
            by_column="submitted_by",
            changes=lambda review, taken: {"reason": ""},
        ),
        Step(
            "return",
            {R.SUBMITTED},
            R.RETURNED,
            by=SIGNER,
            history_text=_("a renvoyé une contribution à reprendre"),
            reason_column="reason",
            changes=lambda review, taken: {"visa_level": None},
            slug="a-reprendre",
            areas=("directorate",),
            label=_("Renvoyer"),
            question=_("Renvoyer cette contribution à reprendre"),
            success_message=_("La contribution est renvoyée, avec votre demande."),
            form=forms.ReturnForm,
        ),
        # One row for all the intermediate visas: the directorate sets their order, the action computes the next one.
        Step(
            "endorse",
            {R.SUBMITTED},
            by=SIGNER,
            when=lambda review: review.visa_level_id is not None,
            history_text=_("a donné un visa intermédiaire"),
        ),
        # The directorate removed this visa while it was awaited.
        Step(
            "skip_visa",
            {R.SUBMITTED},
            by=SYSTEM_ONLY,
            when=lambda review: review.visa_level_id is not None,
            event_type="review.visa_skipped",
            history_text=_("a retiré un visa intermédiaire attendu"),
        ),
        Step(
            "validate",
            {R.SUBMITTED},
            R.VALIDATED,
            by=APPROVER,
            when=lambda review: review.visa_level_id is None,
            history_text=_("a rendu une contribution"),
            when_column="validated_at",
            by_column="validated_by",
            changes=lambda review, taken: {"reason": ""},
        ),
        Step(
            "remind",
            R.tagged("open"),
            by=TEAM,
            guards=(check_review_not_reminded_today,),
            history_text=_("a relancé une direction"),
            changes=lambda review, taken: {"reminded_at": timezone.now()},
            slug="relancer",
            label=_("Relancer"),
            question=_("Relancer cette direction ?"),
            success_message=_("Le rappel partira dans le courriel de huit heures, le prochain jour travaillé."),
            consequences=[_("Un seul courriel par jour et par personne : le rappel s’y ajoute.")],
        ),
        Step(
            "decline",
            R.tagged("editable"),
            R.DECLINED,
            by=AGENTS,
            history_text=_("a renvoyé une demande de contribution"),
            reason_column="reason",
            slug="renvoyer",
            areas=("directorate",),
            label=_("Renvoyer la demande"),
            question=_("Renvoyer la demande à la mission"),
            success_message=_("La demande est renvoyée à la mission, avec votre motif."),
            consequences=[_("Si une autre direction est concernée, vous pouvez plutôt lui passer la demande.")],
            form=forms.TeamReasonForm,
        ),
        Step(
            "change_due",
            R.tagged("open"),
            by=TEAM,
            event_type="review.due_changed",
            history_text=_("a changé la date d’une contribution"),
            reason_column="due_reason",
            slug="date",
            label=_("Changer la date"),
            question=_("Changer la date de cette contribution"),
            success_message=_("La date est changée ; la direction lira pourquoi."),
            form=forms.DueForm,
        ),
        Step(
            "pass_on",
            {R.ASKED, R.DRAFTED, R.RETURNED},
            R.PASSED_ON,
            by=AGENTS,
            when=referral_is_running,
            event_type="review.passed_on",
            history_text=_("a passé une demande à une autre direction"),
            reason_column="reason",
            locks_parent=True,
            slug="passer",
            areas=("directorate",),
            label=_("Passer la demande"),
            question=_("Passer la demande à une autre direction"),
            success_message=_("La demande est passée ; la mission est prévenue."),
            form=forms.PassOnForm,
        ),
        Step(
            "ask_supplement",
            {R.VALIDATED},
            R.SUPPLEMENT,
            by=TEAM,
            when=referral_is_running,
            event_type="review.supplement_asked",
            history_text=_("a demandé un complément"),
            reason_column="reason",
            changes=lambda review, taken: {"supplement": taken.reason, "due_reason": ""},
            locks_parent=True,
            slug="complement",
            label=_("Demander le complément"),
            question=_("Demander un complément"),
            success_message=_("Le complément est demandé. La contribution rendue reste lisible."),
            form=forms.DueForm,
        ),
        Step(
            "ask_again",
            {R.DECLINED, R.CLOSED},
            R.ASKED,
            by=TEAM,
            when=referral_is_running,
            event_type="review.asked_again",
            history_text=_("a demandé la contribution de nouveau"),
            when_column="asked_at",
            by_column="asked_by",
            changes=lambda review, taken: {"due_reason": "", "supplement": "", "reason": "", "closed_at": None},
            locks_parent=True,
            slug="redemander",
            label=_("Demander de nouveau"),
            question=_("Demander la contribution de nouveau"),
            success_message=_("La contribution est demandée de nouveau."),
            form=forms.AgainForm,
        ),
        Step(
            "close",
            R.tagged("open"),
            R.CLOSED,
            by=TEAM,
            history_text=_("a clos une demande de contribution"),
            reason_column="reason",
            changes=lambda review, taken: {"closed_at": timezone.now(), "visa_level": None},
            slug="clore",
            label=_("Clore la demande"),
            question=_("Clore cette demande sans contribution ?"),
            success_message=_("La demande est close ; la direction est prévenue."),
            consequences=[_("Ce que la direction a écrit est gardé. Vous pourrez lui redemander sa contribution.")],
            form=forms.DirectorateReasonForm,
            danger=True,
        ),
        # A directorate was closed: its successor answers.
        Step(
            "inherit",
            R.tagged("open"),
            by=SYSTEM_ONLY,
            history_text=_("a clos la direction à qui une demande est faite, qui passe à celle qui lui succède"),
        ),
    ],
    parent="referral",
    dossier=lambda review: review.referral,
    noun="review",
)
