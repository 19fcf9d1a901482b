"""Steps that referrals of both origins have, who takes them, and what must be true before."""

from collections.abc import Callable, Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.identity.models import User
from assembly.institution.models import Role
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.workflow import Permission, StateConflict, Step, share
from consultations.models import Referral, ReferralDirectorate, ReferralState
from consultations.referrals.forms import CouncilAnswerForm, MergeForm, PassForm
from consultations.self_referrals import rules as self_referral_rules

S = ReferralState

TEAM: Permission[Referral] = Permission(lambda user, referral: is_team(user, referral.term_id), _("équipe"))
LEAD: Permission[Referral] = Permission(lambda user, referral: is_lead(user, referral.term_id), _("responsable"))
OFFICE: Permission[Referral] = Permission(
    lambda user, referral: has_role(user, Role.PRESIDENT, term=referral.term_id), _("cabinet du président")
)
AUTHOR: Permission[Referral] = Permission(self_referral_rules.is_author, _("auteur du sujet"))
# These are bodies, not people: no reminder is sent to them.
ASSEMBLY: Permission[Referral] = Permission(lambda user, referral: False, _("l’assemblée, en séance"))
COUNCIL: Permission[Referral] = Permission(lambda user, referral: False, _("le Conseil départemental, qui répond"))

# Required parts of the letter of a referral, in the order of the form: domain.md F-2.
NEEDED = {
    "question": _("la question"),
    "deliverable": _("ce qui est attendu"),
    "due_on": _("la date de l’avis"),
    "lead": _("la direction pilote"),
}


def missing_parts(referral: Referral) -> list[ValidationError]:
    """List what the letter lacks: a sentence each, the field's name as code, its label as `params["what"]`."""
    has_lead = ReferralDirectorate.objects.filter(referral=referral, is_lead=True).exists()
    return [
        ValidationError(gettext("Il manque %(what)s."), code=name, params={"what": label})
        for name, label in NEEDED.items()
        if not (has_lead if name == "lead" else getattr(referral, name))
    ]


def check_letter_complete(referral: Referral) -> None:
    if errors := missing_parts(referral):
        raise ValidationError(errors)


def is_unpublished(referral: Referral) -> bool:
    """Return whether it is not public yet, and was issued or taken up; never a draft nor a mere suggestion."""
    return referral.published_at is None and (referral.is_self_referral or referral.issued_at is not None)


def has_view(referral: Referral) -> bool:
    """Return whether the council gave its view, without which there is no vote: domain.md B7."""
    return getattr(referral, "council_view", None) is not None


def share_referral(referral: Referral, step_name: str, may: Callable[[User, Referral], bool], *, by: User) -> None:
    """Share-lock a referral for whoever writes under it (a message, a paper) until the transaction ends.

    Raises PermissionDenied when `may` refuses the copy of the page, StateConflict when it refuses the row as it is
    now: it ended, or went back.
    """
    if not may(by, referral):
        raise PermissionDenied
    current = share(Referral.objects.filter(pk=referral.pk))
    if current is None or not may(by, current):
        raise StateConflict(current or referral, step_name)


def stop_steps(origin: str) -> list[Step[Referral]]:
    """Build the steps that end a referral of this origin before its opinion."""
    sources = {*S.tagged("stoppable")} & {*S.tagged(origin, "started")}
    return [
        Step(
            "merge",
            sources,
            S.MERGED,
            by=TEAM,
            history_text=_("a réuni la saisine avec une autre"),
            reason_column="end_reason",
            changes=lambda referral, taken: {"ended_at": timezone.now()},
            slug="fusionner",
            label=_("Réunir avec une autre"),
            question=_("Réunir cette saisine avec une autre ?"),
            success_message=_("La saisine est réunie avec une autre."),
            form=MergeForm,
            danger=True,
        ),
        Step(
            "withdraw",
            sources,
            S.WITHDRAWN,
            by=TEAM,
            event_type="referral.withdrawn",
            history_text=_("a retiré la saisine"),
            reason_column="end_reason",
            changes=lambda referral, taken: {"ended_at": timezone.now()},
            slug="retirer",
            label=_("Retirer la saisine"),
            success_message=_("La saisine est retirée."),
            danger=True,
        ),
    ]


def stateless_steps(states: Collection[str], public: Collection[str]) -> list[Step[Referral]]:
    """Build the steps that keep the state; `states`: those of the origin, `public`: those that may be published."""
    running = {*states} - {*S.tagged("ended")}
    return [
        Step("ask_reviews", running - {*S.tagged("sketch")}, by=TEAM),
        Step(
            "publish",
            public,
            by=TEAM,
            when=is_unpublished,
            history_text=_("a publié la saisine"),
            changes=lambda referral, taken: {"published_at": timezone.now()},
            slug="publier",
            label=_("Publier"),
            question=_("Publier la saisine ?"),
            success_message=_("La saisine est sur le site public."),
            consequences=[
                _("Tout le monde pourra lire la question, le cadre, le calendrier et les étapes, sans compte."),
                _("Les contributions des directions et le fil ne sont jamais publiés."),
            ],
            fresh=True,
        ),
        Step(
            "unpublish",
            states,
            by=TEAM,
            when=lambda referral: referral.published_at is not None,
            history_text=_("a retiré la saisine du site public"),
            needs_reason=True,
            changes=lambda referral, taken: {"published_at": None},
            slug="depublier",
            label=_("Retirer du site"),
            question=_("Retirer la saisine du site public ?"),
            success_message=_("La saisine n’est plus sur le site public."),
            consequences=[_("Sa page publique disparaît aussitôt. Ce qui a été lu ou copié ne revient pas.")],
            fresh=True,
        ),
        Step(
            "hand_over_file",
            running,
            by=TEAM,
            event_type="referral.handed_to_officer",
            history_text=_("a passé le suivi de la saisine"),
            slug="passer",
            label=_("Passer le suivi"),
            question=_("Qui suit cette saisine ?"),
            success_message=_("Le suivi est passé."),
            form=PassForm,
        ),
    ]


WORK: list[Step[Referral]] = [
    Step(
        "start",
        {S.ACCEPTED, S.ADOPTED},
        S.IN_PROGRESS,
        by=TEAM,
        primary=True,
        history_text=_("a ouvert les travaux"),
        slug="demarrer",
        label=_("Ouvrir les travaux"),
        success_message=_("Les travaux sont ouverts."),
        consequences=[_("Les groupes désignés peuvent y travailler, et leurs membres la lire.")],
    ),
    Step(
        "adopt_opinion",
        {S.IN_PROGRESS},
        S.OPINION_ADOPTED,
        by=TEAM,
        primary=True,
        event_type="referral.opinion_adopted",
        history_text=_("a noté l’adoption de l’avis"),
        slug="avis-adopte",
        label=_("Noter l’adoption de l’avis"),
        question=_("L’assemblée a-t-elle adopté son avis ?"),
        success_message=_("L’adoption de l’avis est notée."),
        consequences=[_("Pour un avis qui n’a pas été écrit ici. L’étape est lue par tout le monde.")],
    ),
    Step(
        "hand_over",
        {S.OPINION_ADOPTED},
        S.HANDED_OVER,
        by=TEAM,
        primary=True,
        event_type="referral.handed_over",
        history_text=_("a noté la remise de l’avis"),
        slug="remettre",
        label=_("Noter la remise"),
        question=_("L’avis a-t-il été remis au président ?"),
        success_message=_("La remise est notée."),
        consequences=[_("La remise ouvre l’attente de la réponse du Conseil départemental.")],
    ),
    # This step follows the opinion, which was not handed over after all.
    Step(
        "take_handover_back",
        {S.HANDED_OVER},
        S.OPINION_ADOPTED,
        event_type="referral.handover_taken_back",
        history_text=_("a noté que l’avis n’a pas été remis"),
    ),
    # This step follows the last answer that the council owed; by hand for an opinion that was not written here.
    Step(
        "answer",
        {S.HANDED_OVER},
        S.ANSWERED,
        by=LEAD,
        history_text=_("a noté la réponse du Conseil"),
        slug="reponse-donnee",
        label=_("Noter la réponse du Conseil"),
        question=_("Le Conseil départemental a répondu"),
        success_message=_("La réponse du Conseil est notée."),
        consequences=[_("Pour un avis qui n’a pas été écrit ici : la réponse se note avec sa date et son document.")],
        form=CouncilAnswerForm,
        fresh=True,
    ),
    Step(
        "close",
        {S.ANSWERED},
        S.CLOSED,
        by=LEAD,
        primary=True,
        history_text=_("a clos la saisine"),
        needs_reason=True,
        slug="clore",
        label=_("Clore"),
        question=_("Clore la saisine ?"),
        success_message=_("La saisine est close."),
        consequences=[_("Sa page et son historique restent. Elle peut être rouverte.")],
    ),
    Step(
        "reopen",
        {S.CLOSED},
        S.ANSWERED,
        by=LEAD,
        history_text=_("a rouvert la saisine"),
        needs_reason=True,
        slug="rouvrir",
        label=_("Rouvrir"),
        question=_("Rouvrir la saisine ?"),
        success_message=_("La saisine est rouverte."),
        consequences=[_("Elle redevient « répondue ». Le motif reste à l’historique.")],
    ),
]
