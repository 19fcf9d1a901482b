"""Steps of a referral, by origin; the README has the same tables."""

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.rules import has_role, is_lead, is_team
from assembly.workflow import Permission, ReasonForm, StateConflict, Step, StepPage, Workflow, share
from consultations.enums import IssueChannel, ReferralState
from consultations.forms.referrals import (
    AgendaForm,
    CouncilAnswerForm,
    MergeForm,
    PassForm,
    ReceiveForm,
    ReviewsDueForm,
    SignedLetterForm,
)
from consultations.forms.self_referrals import AdmissibilityForm, CheckForm, CouncilViewForm, StanceForm
from consultations.models import Referral, ReferralDirectorate
from consultations.rules import self_referrals as self_referral_rules

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


def stop_steps(sources: Collection[str]) -> list[Step[Referral]]:
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

PRESIDENT: list[Step[Referral]] = [
    Step(
        "submit",
        {S.DRAFT},
        S.INTERNAL_REVIEW,
        by=TEAM,
        event_type="referral.submitted",
        history_text=_("a mis la saisine à l’instruction"),
        slug="instruire",
        label=_("Mettre à l’instruction"),
        question=_("Mettre la saisine à l’instruction ?"),
        success_message=_("La saisine est à l’instruction."),
        consequences=[_("Les directions nommées et le cabinet du président pourront la lire.")],
    ),
    Step(
        "issue",
        {S.INTERNAL_REVIEW},
        S.ISSUED,
        by=OFFICE,
        guards=(check_letter_complete,),
        history_text=_("a émis la saisine"),
        when_column="issued_at",
        by_column="issued_by",
        changes=lambda referral, taken: {"issue_channel": IssueChannel.VISA, "letter_on": timezone.localdate()},
        slug="emettre",
        areas=("office",),
        label=_("Émettre la saisine"),
        success_message=_("La saisine est émise."),
        form=ReviewsDueForm,
        fresh=True,
    ),
    Step(
        "return",
        {S.INTERNAL_REVIEW},
        S.DRAFT,
        by=TEAM | OFFICE,
        history_text=_("a repris la saisine en préparation"),
        needs_reason=True,
        slug="renvoyer",
        areas=("office",),
        label=_("Renvoyer"),
        question=_("Renvoyer la saisine à l’équipe ?"),
        success_message=_("La saisine est renvoyée à l’équipe, avec vos mots."),
        pages=(
            StepPage(
                slug="reprendre",
                label=_("Reprendre en préparation"),
                question=_("Reprendre la saisine en préparation ?"),
                success_message=_("La saisine est de nouveau en préparation."),
                form=ReasonForm,
            ),
        ),
    ),
    Step(
        "record_paper",
        {S.INTERNAL_REVIEW},
        S.ISSUED,
        by=TEAM,
        guards=(check_letter_complete,),
        event_type="referral.paper_recorded",
        history_text=_("a enregistré la lettre de saisine signée"),
        when_column="issued_at",
        by_column="issued_by",
        changes=lambda referral, taken: {"issue_channel": IssueChannel.PAPER},
        slug="lettre-signee",
        label=_("Enregistrer la lettre"),
        question=_("Enregistrer la lettre signée par le président"),
        success_message=_("La saisine est émise."),
        form=SignedLetterForm,
        fresh=True,
    ),
    Step(
        "announce",
        {S.ISSUED},
        by=TEAM,
        slug="inscrire",
        label=_("Inscrire à l’ordre du jour"),
        question=_("Inscrire la saisine à l’ordre du jour de quelle séance ?"),
        success_message=_("Le point est à l’ordre du jour."),
        form=AgendaForm,
    ),
    Step(
        "accept",
        {S.ISSUED},
        S.ACCEPTED,
        by=TEAM,
        history_text=_("a noté la réception de la saisine par l’assemblée"),
        slug="recevoir",
        label=_("Noter la réception"),
        question=_("Noter la réception par l’assemblée"),
        success_message=_("La réception est notée."),
        consequences=[_("Le procès-verbal de cette séance en garde la trace.")],
        form=ReceiveForm,
    ),
    *WORK,
    *stateless_steps({*S} - {*S.tagged("self_referral")}, S.tagged("issued", "started", "stopped")),
    *stop_steps({S.DRAFT, S.INTERNAL_REVIEW, S.ISSUED, S.ACCEPTED, S.IN_PROGRESS}),
]

SELF_REFERRAL: list[Step[Referral]] = [
    Step(
        "take_back",
        {S.SUGGESTED},
        S.WITHDRAWN,
        by=AUTHOR,
        event_type="suggestion.taken_back",
        history_text=_("a retiré sa proposition de sujet"),
        # The author did it: no mail about it is sent.
        changes=lambda referral, taken: {
            "ended_at": timezone.now(),
            "end_reason": gettext("Retirée par la personne qui l’avait proposée."),
            "author_announced_state": S.WITHDRAWN,
        },
    ),
    Step(
        "shortlist",
        {S.SUGGESTED},
        S.SHORTLISTED,
        by=TEAM,
        event_type="suggestion.shortlisted",
        history_text=_("a présélectionné un sujet"),
        slug="preselectionner",
        areas=("self_referral",),
        label=_("Présélectionner"),
        question=_("Présélectionner ce sujet ?"),
        success_message=_("Le sujet est présélectionné."),
    ),
    Step(
        "unlist",
        {S.SHORTLISTED},
        S.SUGGESTED,
        by=TEAM,
        event_type="suggestion.unlisted",
        history_text=_("a retiré un sujet de la présélection"),
        needs_reason=True,
        slug="ne-plus-preselectionner",
        areas=("self_referral",),
        label=_("Remettre parmi les propositions"),
        question=_("Remettre ce sujet parmi les propositions ?"),
        success_message=_("Le sujet est de nouveau proposé : les membres peuvent le soutenir."),
    ),
    Step(
        "check",
        {S.SHORTLISTED},
        S.ADMISSIBILITY_CHECK,
        by=TEAM,
        event_type="suggestion.check_opened",
        history_text=_("a ouvert l’étude de recevabilité"),
        slug="recevabilite",
        areas=("self_referral",),
        label=_("Interroger les directions"),
        question=_("Qui dit si ce sujet est recevable ?"),
        success_message=_("Les directions sont interrogées."),
        consequences=[_("Deux questions : est-ce du ressort du Département ? personne n’est-il discriminé ?")],
        form=CheckForm,
    ),
    Step(
        "find_admissible",
        {S.ADMISSIBILITY_CHECK},
        by=TEAM,
        event_type="suggestion.found_admissible",
        history_text=_("a reconnu un sujet recevable"),
        needs_reason=True,
    ),
    Step(
        "declare_inadmissible",
        {S.ADMISSIBILITY_CHECK},
        S.INADMISSIBLE,
        by=TEAM,
        event_type="suggestion.inadmissible",
        history_text=_("a déclaré un sujet irrecevable"),
        needs_reason=True,
        slug="decision",
        areas=("self_referral",),
        label=_("Enregistrer la décision"),
        question=_("Ce sujet est-il recevable ?"),
        success_message=_("La décision est enregistrée. La personne qui a proposé le sujet est prévenue."),
        consequences=[_("Il est recevable si le Département peut agir, et si le sujet ne discrimine personne.")],
        form=AdmissibilityForm,
    ),
    Step(
        "check_again",
        {S.INADMISSIBLE},
        S.ADMISSIBILITY_CHECK,
        by=LEAD,
        event_type="suggestion.check_reopened",
        history_text=_("a rouvert l’étude de recevabilité"),
        needs_reason=True,
        slug="rouvrir-recevabilite",
        areas=("self_referral",),
        label=_("Rouvrir l’étude"),
        question=_("Étudier de nouveau la recevabilité ?"),
        success_message=_("La recevabilité est de nouveau à l’étude."),
    ),
    Step(
        "record_view",
        {S.ADMISSIBILITY_CHECK},
        S.COUNCIL_VIEW_GIVEN,
        by=TEAM,
        when=lambda referral: bool(self_referral_rules.is_admissible(referral)),
        event_type="suggestion.view_recorded",
        history_text=_("a enregistré la position du président"),
        slug="avis-du-conseil",
        areas=("self_referral",),
        label=_("Enregistrer la position"),
        question=_("Enregistrer la position du président"),
        success_message=_("La position du président est enregistrée : l’assemblée peut voter."),
        consequences=[_("Le cabinet du président peut aussi le donner en ligne.")],
        form=CouncilViewForm,
    ),
    Step(
        "give_view",
        {S.ADMISSIBILITY_CHECK},
        S.COUNCIL_VIEW_GIVEN,
        by=OFFICE,
        when=lambda referral: bool(self_referral_rules.is_admissible(referral)),
        event_type="suggestion.view_recorded",
        history_text=_("a enregistré la position du président"),
        slug="avis-du-conseil",
        areas=("office",),
        label=_("Donner la position du président"),
        question=_("Quelle est la position du président sur ce sujet ?"),
        success_message=_("La position du président est donnée."),
        consequences=[
            _("Vous engagez le Conseil départemental, à votre nom et à l’heure du visa."),
            _("L’assemblée ne vote qu’après cette position ; elle reste libre de son vote."),
        ],
        form=StanceForm,
        fresh=True,
    ),
    Step(
        "put_to_vote",
        {S.COUNCIL_VIEW_GIVEN},
        S.PUT_TO_VOTE,
        by=TEAM,
        when=has_view,
        event_type="suggestion.put_to_vote",
        history_text=_("a mis un sujet aux voix"),
        slug="mettre-aux-voix",
        areas=("self_referral",),
        label=_("Mettre aux voix"),
        question=_("Mettre ce sujet aux voix à quelle séance ?"),
        success_message=_("Le sujet est à l’ordre du jour, le vote est prêt."),
        form=AgendaForm,
    ),
    Step(
        "take_off_agenda",
        {S.PUT_TO_VOTE},
        S.COUNCIL_VIEW_GIVEN,
        by=TEAM,
        event_type="suggestion.taken_off",
        history_text=_("a retiré un sujet de l’ordre du jour"),
        needs_reason=True,
        changes=lambda referral, taken: {"vote_item": None, "ballot": None},
        slug="retirer-du-vote",
        areas=("self_referral",),
        label=_("Retirer de l’ordre du jour"),
        question=_("Retirer ce sujet de l’ordre du jour ?"),
        success_message=_("Le sujet n’est plus à l’ordre du jour. La position du président reste."),
    ),
    Step(
        "adopt",
        {S.PUT_TO_VOTE},
        S.ADOPTED,
        event_type="suggestion.adopted",
        history_text=_("a noté l’adoption d’une auto-saisine"),
    ),
    Step(
        "reject",
        {S.PUT_TO_VOTE},
        S.REJECTED,
        event_type="suggestion.rejected",
        history_text=_("a noté le rejet d’une auto-saisine"),
    ),
    *WORK,
    *stateless_steps({*S} - {*S.tagged("president")}, S.tagged("taken_up", "voted", "started")),
    *stop_steps({S.SUGGESTED, S.SHORTLISTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN, S.ADOPTED, S.IN_PROGRESS}),
]


REFERRAL: Workflow[Referral] = Workflow(
    {"president": PRESIDENT, "self_referral": SELF_REFERRAL},
    choose=lambda referral: referral.origin,
    common_columns=lambda: {"changed_at": timezone.now()},
    next_steps=dict[str, Any](
        {S.PUT_TO_VOTE: [ASSEMBLY], S.HANDED_OVER: [COUNCIL], S.COUNCIL_VIEW_GIVEN: ["put_to_vote"]}
    )
    | {S.DRAFT: ["submit"], S.INTERNAL_REVIEW: ["issue", "record_paper"], S.ISSUED: ["accept"]}
    | {S.ADMISSIBILITY_CHECK: ["find_admissible", "record_view", "give_view"], S.SUGGESTED: ["shortlist"]}
    | {S.SHORTLISTED: ["check"], S.ACCEPTED: ["start"], S.ADOPTED: ["start"], S.IN_PROGRESS: ["adopt_opinion"]}
    | {S.OPINION_ADOPTED: ["hand_over"], S.ANSWERED: ["close"]},
    noun="referral",
)
