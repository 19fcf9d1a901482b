"""State table of amendments, with who takes each step, its guards and columns: the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Permission, Step, StepPage, Transition, Workflow
from opinions.amending import applying
from opinions.amending.applying import fallen_keys
from opinions.amending.changes import Operation, new_text
from opinions.amendments import rules
from opinions.amendments.forms import AmendmentReasonForm, MergeForm, RapporteurViewForm, VoteForm, WithdrawForm
from opinions.amendments.queries import base_version, cosigner_of, rapporteurs
from opinions.amendments.rules import check_parent, check_reason_given, check_window
from opinions.models import Amendment, AmendmentState as A
from opinions.opinions.queries import settings_of

AUTHOR: Permission[Amendment] = Permission(rules.is_author, _("auteur"))
OTHER_MEMBER: Permission[Amendment] = Permission(rules.is_other_member, _("membres"))
INVITED = OTHER_MEMBER & Permission(
    lambda user, amendment: cosigner_of(user, amendment) is not None, _("cosignataires")
)
RAPPORTEUR: Permission[Amendment] = Permission(
    lambda user, amendment: rules.is_rapporteur(user, amendment.opinion, rapporteurs(amendment.opinion, amendment)),
    _("rapporteur"),
)
TEAM: Permission[Amendment] = Permission(lambda user, amendment: is_team(user, amendment.opinion.term_id), _("équipe"))
LEAD: Permission[Amendment] = Permission(
    lambda user, amendment: is_lead(user, amendment.opinion.term_id), _("responsable")
)


# Conditions of steps


def is_before_vote(amendment: Amendment) -> bool:
    return rules.is_before_vote(amendment.opinion)


def is_in_sitting(amendment: Amendment) -> bool:
    return rules.is_in_sitting(amendment.opinion)


def check_passage(amendment: Amendment) -> None:
    """Raise ValidationError when it cannot be done in the present text; nothing typed is lost."""
    version = base_version(amendment.version.opinion_id)
    if version is None or version.pk != amendment.version_id:
        message = gettext("Le texte a changé depuis. Choisissez de nouveau le passage : vos mots sont gardés.")
        raise ValidationError(message, code="version")
    change = amendment.change
    if change.operation != Operation.DELETE and not (change.new_text or change.blocks):
        raise ValidationError(gettext("Écrivez le nouveau texte."), code="text")
    tree = version.tree if amendment.parent is None else new_text(amendment.parent.change)
    applying.check_change(tree, change)


def check_cosigners(amendment: Amendment) -> None:
    signed = amendment.cosigners.filter(signed_at__isnull=False).count()
    needed = settings_of(amendment.opinion.term_id).cosigners_needed
    if signed < needed:
        message = gettext("Signatures, avec la vôtre : %(signed)s sur les %(needed)s qu’il faut.")
        raise ValidationError(message % {"needed": needed + 1, "signed": signed + 1}, code="cosigners")


def check_open(amendment: Amendment) -> None:
    """Refuse what an adopted amendment already decided, and a sub-amendment whose parent was decided."""
    adopted = Amendment.objects.filter(version=amendment.version_id, state=A.ADOPTED).select_related("parent")
    siblings = [one for one in adopted if one.parent_id == amendment.parent_id and one.pk != amendment.pk]
    parents = [amendment.parent.change] if amendment.parent is not None else []
    for one in siblings:
        if amendment.pk in fallen_keys(amendment.version.tree, one.change, [*parents, amendment.change]):
            message = gettext(
                "L’amendement n°\u00a0%(number)s, adopté, porte sur le même passage. Corrigez d’abord son résultat."
            )
            raise ValidationError(message % {"number": one.number}, code="adopted")
    if amendment.parent is not None and amendment.parent.state not in A.tagged("waiting"):
        message = gettext("L’amendement n°\u00a0%(number)s, qu’il modifie, n’est plus en discussion.")
        raise ValidationError(message % {"number": amendment.parent.number}, code="parent")


def check_subs(amendment: Amendment) -> None:
    """Raise ValidationError while a sub-amendment is undecided: it is decided first."""
    waiting = Amendment.objects.filter(parent=amendment, state__in=A.tagged("undecided")).order_by("number")
    if (sub := waiting.first()) is not None:
        message = gettext("Le sous-amendement n°\u00a0%(number)s se vote d’abord.")
        raise ValidationError(message % {"number": sub.number}, code="subs")


# Columns written together with the state


def columns_of_check(amendment: Amendment, taken: Transition) -> dict[str, Any]:
    return {"checked_at": timezone.now(), "checked_by": taken.by, "check_reason": taken.reason}


def columns_without_check(amendment: Amendment, taken: Transition) -> dict[str, Any]:
    """Return the columns that clear the check of form, and the view with it."""
    view = {"view_stance": "", "view_text": "", "view_at": None, "view_by": None, "is_view_on_behalf": False}
    return {"checked_at": None, "checked_by": None, "check_reason": "", **view}


def columns_of_end(amendment: Amendment, taken: Transition) -> dict[str, Any]:
    return {"ended_at": timezone.now()}


AMENDMENT: Workflow[Amendment] = Workflow(
    [
        # A draft may be saved whether the window is open or not.
        Step("edit", {A.DRAFT}, by=AUTHOR),
        Step(
            "discard",
            {A.DRAFT},
            by=AUTHOR,
            slug="effacer",
            areas=("member",),
            label=_("Effacer ce brouillon"),
            success_message=_("Le brouillon est effacé."),
            consequences=[_("Le texte du brouillon ne revient pas.")],
        ),
        Step(
            "submit",
            {A.DRAFT},
            A.SUBMITTED,
            by=AUTHOR,
            guards=(
                check_window,
                check_passage,
                lambda amendment: check_parent(amendment.version, amendment.parent),
                check_reason_given,
                check_cosigners,
            ),
            event_type="amendment.submitted",
            history_text=_("a déposé un amendement"),
            changes=lambda amendment, taken: {"submitted_at": timezone.now()},
        ),
        Step(
            "invite",
            {A.DRAFT, *A.tagged("pending")},
            by=AUTHOR,
            when=is_before_vote,
            event_type="amendment.cosigners_asked",
            history_text=_("a proposé de signer un amendement"),
        ),
        Step(
            "withdraw",
            A.tagged("undecided"),
            A.WITHDRAWN,
            by=AUTHOR,
            when=is_before_vote,
            event_type="amendment.withdrawn",
            history_text=_("a retiré un amendement"),
            when_column="ended_at",
            changes=lambda amendment, taken: {"end_reason": taken.reason, "author_announced_state": A.WITHDRAWN},
            locks_parent=True,
            slug="retirer",
            areas=("member",),
            label=_("Retirer mon amendement"),
            success_message=_("Votre amendement est retiré."),
            consequences=[
                _("Il ne sera pas voté. Son numéro ne sera pas donné à un autre, et ses sous-amendements tombent.")
            ],
            form=WithdrawForm,
            danger=True,
        ),
        # Those who were invited sign; or any member, once the amendment passed the check.
        Step(
            "sign",
            A.tagged("unchecked"),
            by=INVITED,
            when=is_before_vote,
            history_text=_("a signé un amendement"),
            slug="signer",
            areas=("member",),
            label=_("Signer cet amendement"),
            success_message=_("Vous avez signé cet amendement."),
        ),
        Step(
            "sign",
            A.tagged("uncalled"),
            by=OTHER_MEMBER,
            when=is_before_vote,
            history_text=_("a signé un amendement"),
        ),
        Step(
            "decline",
            {A.DRAFT, *A.tagged("pending")},
            by=INVITED,
            when=is_before_vote,
            event_type="amendment.unsigned",
            history_text=_("n’a pas signé un amendement"),
            slug="ne-pas-signer",
            areas=("member",),
            label=_("Ne pas signer"),
            question=_("Ne pas signer cet amendement ?"),
            success_message=_("Votre nom n’est pas sur cet amendement."),
        ),
        Step(
            "admit",
            {A.SUBMITTED},
            A.ADMISSIBLE,
            by=TEAM,
            when=is_before_vote,
            event_type="amendment.admitted",
            history_text=_("a déclaré un amendement recevable"),
            changes=columns_of_check,
            slug="recevable",
            label=_("Déclarer recevable"),
            question=_("Cet amendement est-il recevable ?"),
            success_message=_("L’amendement est recevable."),
            consequences=[_("Seule la forme compte : déposé à temps, sur un passage du texte, dans le sujet.")],
        ),
        Step(
            "refuse",
            {A.SUBMITTED},
            A.INADMISSIBLE,
            by=TEAM,
            when=is_before_vote,
            history_text=_("a déclaré un amendement irrecevable"),
            needs_reason=True,
            changes=columns_of_check,
            slug="irrecevable",
            label=_("Déclarer irrecevable"),
            question=_("Pourquoi cet amendement n’est-il pas recevable ?"),
            success_message=_("L’amendement est irrecevable ; son auteur lira pourquoi."),
            consequences=[_("L’auteur lit le motif, par courriel le prochain matin travaillé.")],
            form=AmendmentReasonForm,
            danger=True,
        ),
        Step(
            "check_again",
            {A.ADMISSIBLE, A.INADMISSIBLE},
            A.SUBMITTED,
            by=TEAM,
            when=is_before_vote,
            event_type="amendment.check_reopened",
            history_text=_("a repris la recevabilité d’un amendement"),
            changes=columns_without_check,
            slug="reprendre",
            label=_("Reprendre la vérification"),
            question=_("Vérifier de nouveau ?"),
            success_message=_("La vérification est à refaire."),
            consequences=[_("La réponse donnée et l’avis du rapporteur sont effacés.")],
        ),
        Step(
            "confirm",
            set(A) - {*A.tagged("stopped")},
            by=AUTHOR,
            when=lambda amendment: amendment.awaits_author,
            history_text=_("a confirmé un amendement enregistré"),
            changes=lambda amendment, taken: {"confirmed_at": timezone.now()},
            slug="confirmer",
            areas=("member",),
            label=_("Oui, c’est bien cela"),
            question=_("Est-ce bien ce que vous avez écrit ?"),
            success_message=_("Merci. Votre amendement est confirmé."),
        ),
        Step(
            "give_view",
            A.tagged("uncalled"),
            A.RAPPORTEUR_VIEW,
            by=TEAM | RAPPORTEUR,
            when=is_before_vote,
            event_type="amendment.viewed",
            history_text=_("a donné l’avis du rapporteur sur un amendement"),
            changes=lambda amendment, taken: {
                "view_at": timezone.now(),
                "view_by": taken.by,
                "is_view_on_behalf": not RAPPORTEUR(taken.by, amendment),
            },
            slug="avis",
            areas=("member",),
            label=_("Donner cet avis"),
            success_message=_("Votre avis est enregistré."),
            form=RapporteurViewForm,
            template="opinions/amendments/member_rapporteur_view.html",
            pages=(
                StepPage(
                    slug="avis",
                    label=_("Noter l’avis du rapporteur"),
                    question=_("Que dit le rapporteur ?"),
                    success_message=_("L’avis du rapporteur est noté."),
                    consequences=[_("Il sera montré comme noté par l’équipe.")],
                    form=RapporteurViewForm,
                ),
            ),
        ),
        Step(
            "call",
            A.tagged("uncalled"),
            A.DEBATED,
            by=TEAM,
            when=is_in_sitting,
            guards=(check_open,),
            history_text=_("a appelé un amendement"),
            changes=lambda amendment, taken: {"called_at": timezone.now()},
            locks_parent=True,
            slug="appeler",
            label=_("Appeler"),
            question=_("La présidence appelle cet amendement ?"),
            success_message=_("L’amendement est en discussion."),
        ),
        Step(
            "adopt",
            {A.DEBATED},
            A.ADOPTED,
            by=TEAM,
            when=is_in_sitting,
            guards=(check_open, check_subs),
            history_text=_("a noté l’adoption d’un amendement"),
            changes=lambda amendment, taken: {"decided_at": timezone.now()},
            locks_parent=True,
            slug="voter",
            label=_("Noter le vote"),
            question=_("Combien de voix ?"),
            success_message=_("Le vote est noté."),
            consequences=[_("Deux personnes comptent les mains levées. Le résultat s’écrit dans le compte rendu.")],
            form=VoteForm,
            pages=(
                StepPage(
                    slug="sans-opposition",
                    label=_("Adopté sans opposition"),
                    question=_("Personne ne s’oppose à cet amendement ?"),
                    success_message=_("L’amendement est adopté sans opposition."),
                    consequences=[_("La présidence a demandé qui est contre ; personne n’a levé la main.")],
                ),
            ),
        ),
        # The system takes this step after a vote for which « adopt » was required.
        Step(
            "reject",
            {A.DEBATED},
            A.REJECTED,
            when=is_in_sitting,
            history_text=_("a noté le rejet d’un amendement"),
            changes=lambda amendment, taken: {"decided_at": timezone.now()},
            locks_parent=True,
        ),
        Step(
            "correct",
            A.tagged("decided"),
            A.DEBATED,
            by=TEAM,
            when=is_in_sitting,
            history_text=_("a corrigé le résultat d’un amendement"),
            needs_reason=True,
            changes=lambda amendment, taken: {
                "decided_at": None,
                "decision_mode": "",
                "ballot": None,
                "present": None,
                "quorum": None,
            },
            locks_parent=True,
            slug="corriger",
            label=_("Corriger le résultat"),
            question=_("Pourquoi corriger le résultat ?"),
            success_message=_("L’amendement est de nouveau en discussion."),
            consequences=[
                _("Le texte amendé est refait. Ce qui est tombé peut être rétabli par la responsable de la mission.")
            ],
            form=AmendmentReasonForm,
            danger=True,
        ),
        # The system takes this step after an adoption, the end of the parent, the vote on the whole, or a text taken
        # back.
        Step(
            "fall",
            A.tagged("undecided"),
            A.FELL,
            event_type="amendment.fell",
            changes=columns_of_end,
            locks_parent=True,
            slug="tomber",
            label=_("Noter qu’il tombe"),
            question=_("Pourquoi cet amendement n’a-t-il plus d’objet ?"),
            success_message=_("L’amendement est tombé."),
            consequences=[_("Il n’est plus voté. L’auteur lit le motif.")],
            form=AmendmentReasonForm,
        ),
        Step(
            "fall",
            A.tagged("undecided"),
            A.FELL,
            by=TEAM,
            when=is_in_sitting,
            event_type="amendment.fell",
            history_text=_("a noté qu’un amendement est tombé"),
            reason_column="end_reason",
            changes=columns_of_end,
            locks_parent=True,
        ),
        Step(
            "restore",
            {A.FELL},
            A.ADMISSIBLE,
            by=LEAD,
            when=is_in_sitting,
            guards=(check_open,),
            history_text=_("a rétabli un amendement tombé"),
            needs_reason=True,
            changes=lambda amendment, taken: {
                "ended_at": None,
                "end_reason": "",
                "fell_because": None,
                "author_announced_state": A.FELL,
            },
            locks_parent=True,
            slug="retablir",
            label=_("Rétablir"),
            question=_("Pourquoi rétablir cet amendement ?"),
            success_message=_("L’amendement est de nouveau à appeler."),
            consequences=[_("Il redevient à appeler, à sa place dans l’ordre d’appel.")],
            form=AmendmentReasonForm,
        ),
        Step(
            "merge",
            A.tagged("pending"),
            A.MERGED,
            by=TEAM,
            when=is_before_vote,
            history_text=_("a fusionné un amendement"),
            reason_column="end_reason",
            changes=columns_of_end,
            locks_parent=True,
            slug="fusionner",
            label=_("Fusionner avec un autre"),
            question=_("Avec quel amendement le fusionner ?"),
            success_message=_("Les deux amendements n’en font plus qu’un."),
            consequences=[_("Son auteur et ses cosignataires signent l’autre.")],
            form=MergeForm,
        ),
    ],
    parent="opinion",
    dossier=lambda amendment: amendment.opinion,
    facts=lambda amendment: {"number": amendment.number} if amendment.number else {},
    common_columns=lambda: {"changed_at": timezone.now()},
    noun="amendment",
)
