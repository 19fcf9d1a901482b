"""State table of opinions, with who takes each step, its guards and columns: the README has the same."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_lazy as _

from assembly.collab.queries import tree_of
from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Permission, Step, Transition, Workflow
from opinions.models import Amendment, Opinion, OpinionSection, OpinionState as S, PartVote, SectionState as P
from opinions.opinions import forms
from opinions.opinions.queries import leads_of, open_suggestions, sections_of
from opinions.papers.queries import is_seal_outdated, sealed_document
from opinions.versions.queries import last_version
from opinions.versions.rules import check_printable
from sessions.decisions.workflow import BALLOT
from sessions.models import Ballot, BallotState

TEAM: Permission[Opinion] = Permission(lambda user, opinion: is_team(user, opinion.term_id), _("équipe"))
LEAD: Permission[Opinion] = Permission(lambda user, opinion: is_lead(user, opinion.term_id), _("responsable"))
# This is a body, not a person: nobody in it gets a reminder.
ASSEMBLY: Permission[Opinion] = Permission(lambda user, opinion: False, _("l’assemblée, en séance"))


# Guards of steps


def check_has_sections(opinion: Opinion) -> None:
    if not sections_of(opinion):
        raise ValidationError(gettext("Le plan n’a aucune partie."), code="sections")


def check_read_by_services(opinion: Opinion) -> None:
    if opinion.state == S.GROUP_VALIDATED and opinion.referral.directorates.exists():
        raise ValidationError(gettext("Demandez d’abord leur lecture aux directions nommées."), code="services")


def check_suggestions_decided(opinion: Opinion) -> None:
    """Raise ValidationError while a suggestion is undecided in the one text."""
    if opinion.text is None or open_suggestions(opinion.text):
        raise ValidationError(gettext("Des propositions attendent une décision dans le texte."), code="suggestions")


def check_text_printable(opinion: Opinion) -> None:
    if opinion.text is not None:
        check_printable(tree_of(opinion.text))


def check_closes_later(opinion: Opinion) -> None:
    if opinion.amendments_close_at is None or opinion.amendments_close_at <= timezone.now():
        message = gettext("La date de fin des amendements est passée : changez-la d’abord.")
        raise ValidationError(message, code="close_at")


def is_close_ahead(opinion: Opinion) -> bool:
    """Return whether the window announced for the amendments is not over."""
    return opinion.amendments_close_at is not None and opinion.amendments_close_at > timezone.now()


def check_sealed(opinion: Opinion) -> None:
    """Raise ValidationError unless the opinion has a seal that matches its present content, to be handed over."""
    if sealed_document(opinion) is None:
        message = gettext("Faites d’abord sceller l’avis adopté : c’est le document scellé que l’on remet.")
        raise ValidationError(message, code="seal")
    if is_seal_outdated(opinion):
        message = gettext("L’avis a changé depuis son cachet : une position minoritaire, ou les mots autour du texte.")
        again = gettext("Faites-le sceller de nouveau, puis notez la remise.")
        raise ValidationError(f"{message} {again}", code="seal")


def check_has_version(opinion: Opinion) -> None:
    if last_version(opinion) is None:
        raise ValidationError(gettext("Aucun texte adopté à publier."), code="version")


def check_only_opinion(opinion: Opinion) -> None:
    others = Opinion.objects.filter(referral=opinion.referral_id).exclude(pk=opinion.pk)
    if others.exclude(state__in=S.tagged("ended")).exists():
        raise ValidationError(gettext("Un autre avis est en cours sur cette saisine."), code="referral")


# Columns written together with the state


def columns_off_agenda(opinion: Opinion, taken: Transition) -> dict[str, Any]:
    names = ("tabled_at", "tabled_sitting", "agenda_item", "ballot", "frozen_at")
    return dict.fromkeys((*names, "amendments_open_at", "amendments_close_at"))


def columns_of_reopening(opinion: Opinion, taken: Transition) -> dict[str, Any]:
    """Return the cleared columns, without the sitting that rejected it, which stays."""
    cleared = columns_off_agenda(opinion, taken) | {"rejected_on": None}
    return {name: value for name, value in cleared.items() if name != "tabled_sitting"}


def columns_of_opening(opinion: Opinion, taken: Transition) -> dict[str, Any]:
    """Return the hour of the opening: now, when it is opened by hand before its hour."""
    now = timezone.now()
    return {"amendments_open_at": min(opinion.amendments_open_at or now, now)}


def group_leads(opinion: Opinion) -> Permission[Opinion]:
    """Return those who lead a group whose text is not validated, and the team on their behalf."""
    awaited = OpinionSection.objects.filter(opinion=opinion, removed_at=None).exclude(state=P.VALIDATED)
    leading = SimpleLazyObject(lambda: {person for people in leads_of(awaited).values() for person in people})
    return TEAM | Permission(lambda user, opinion: user.person_id in leading, _("responsables des groupes"))


OPINION: Workflow[Opinion] = Workflow(
    [
        Step(
            "open",
            {S.OUTLINE},
            S.DRAFTING,
            by=TEAM,
            primary=True,
            guards=(check_has_sections,),
            history_text=_("a confié les textes aux groupes"),
            slug="confier",
            label=_("Confier les textes"),
            question=_("Confier les textes aux groupes ?"),
            success_message=_("Les textes sont confiés."),
        ),
        # The system takes this step after the validation of the last group.
        Step("validate", {S.DRAFTING}, S.GROUP_VALIDATED, history_text=_("a noté que tous les groupes ont validé")),
        Step(
            "ask_services",
            {S.GROUP_VALIDATED},
            S.SERVICES_CHECK,
            by=TEAM,
            primary=True,
            event_type="opinion.services_asked",
            history_text=_("a demandé aux directions de lire l’avis"),
            slug="directions",
            label=_("Demander la lecture"),
            question=_("Demander leur lecture aux directions"),
            success_message=_("Les directions sont prévenues."),
            consequences=[_("Elles notent chaque préconisation. Elles commentent, elles ne changent pas le texte.")],
            form=forms.AskForm,
        ),
        Step(
            "consolidate",
            {S.GROUP_VALIDATED, S.SERVICES_CHECK},
            S.CONSOLIDATED,
            by=TEAM,
            primary=True,
            guards=(check_read_by_services,),
            history_text=_("a réuni les textes en un seul"),
            changes=lambda opinion, taken: {"consolidated_at": timezone.now(), "version": opinion.version + 1},
            slug="reunir",
            label=_("Réunir les textes"),
            question=_("Réunir les textes des groupes en un seul ?"),
            success_message=_("Les textes sont réunis."),
            consequences=[
                _("Les textes des groupes sont figés. On sait toujours qui a écrit quoi."),
                _("Chaque préconisation reçoit sa référence, qui ne changera plus."),
            ],
            form=forms.UniteForm,
        ),
        Step(
            "table",
            {S.CONSOLIDATED},
            S.TABLED,
            by=TEAM,
            primary=True,
            guards=(check_suggestions_decided, check_text_printable),
            history_text=_("a déposé l’avis"),
            changes=lambda opinion, taken: {"tabled_at": timezone.now()},
            slug="deposer",
            label=_("Déposer l’avis"),
            question=_("Déposer l’avis pour quelle séance ?"),
            success_message=_("L’avis est déposé."),
            form=forms.TableForm,
        ),
        Step(
            "open_amendments",
            {S.TABLED},
            S.AMENDING,
            by=TEAM,
            primary=True,
            guards=(check_closes_later,),
            event_type="opinion.amendments_opened",
            history_text=_("a ouvert le dépôt des amendements"),
            changes=columns_of_opening,
            slug="ouvrir-amendements",
            label=_("Ouvrir les amendements"),
            question=_("Ouvrir maintenant le dépôt des amendements ?"),
            success_message=_("Les membres peuvent déposer des amendements."),
        ),
        Step(
            "change_window",
            S.tagged("amendable"),
            by=TEAM,
            event_type="opinion.window_changed",
            history_text=_("a changé les dates des amendements"),
            slug="dates-amendements",
            label=_("Changer les dates des amendements"),
            question=_("Quand les amendements sont-ils ouverts ?"),
            success_message=_("Les dates sont changées."),
            form=forms.WindowForm,
        ),
        Step(
            "freeze",
            S.tagged("amendable"),
            S.FROZEN,
            by=TEAM,
            event_type="opinion.frozen",
            history_text=_("a figé l’avis avant le vote"),
            changes=lambda opinion, taken: {"frozen_at": timezone.now()},
            slug="figer",
            label=_("Figer l’avis"),
            question=_("Figer l’avis avant l’heure ?"),
            success_message=_("L’avis est figé."),
            consequences=[
                _("Plus aucun amendement n’est reçu. Sans vous, cela se fait seul à l’heure de fin ou en séance.")
            ],
        ),
        Step(
            "take_off",
            S.tagged("before_vote"),
            S.CONSOLIDATED,
            by=TEAM,
            event_type="opinion.taken_off",
            history_text=_("a retiré l’avis de l’ordre du jour"),
            needs_reason=True,
            changes=columns_off_agenda,
            slug="retirer-ordre-du-jour",
            label=_("Retirer de l’ordre du jour"),
            question=_("Retirer l’avis de l’ordre du jour ?"),
            success_message=_("L’avis n’est plus à l’ordre du jour."),
            consequences=[_("Le texte peut de nouveau être modifié. Les votes préparés sont annulés.")],
            danger=True,
        ),
        # The opening of its sitting was a mistake: the window announced for the amendments applies again.
        Step(
            "resume_amendments",
            {S.FROZEN},
            S.AMENDING,
            when=is_close_ahead,
            event_type="opinion.amendments_resumed",
            history_text=_("a rouvert le dépôt des amendements, l’ouverture de la séance étant une erreur"),
            changes=lambda opinion, taken: {"frozen_at": None},
        ),
        # The system takes these three steps after the ballot is proclaimed.
        Step(
            "record_vote", {S.FROZEN}, S.VOTED, event_type="opinion.voted", history_text=_("a noté le vote sur l’avis")
        ),
        Step("adopt", {S.VOTED}, S.ADOPTED, history_text=_("a noté l’adoption de l’avis")),
        Step("reject", {S.VOTED}, S.REJECTED, history_text=_("a noté le rejet de l’avis")),
        Step(
            "hand_over",
            {S.ADOPTED},
            S.HANDED_OVER,
            by=TEAM,
            primary=True,
            guards=(check_sealed,),
            event_type="opinion.handed_over",
            history_text=_("a noté la remise de l’avis"),
            slug="remettre",
            label=_("Noter la remise"),
            question=_("L’avis a été remis"),
            success_message=_("La remise est notée."),
            form=forms.HandOverForm,
        ),
        Step(
            "correct_handover",
            S.tagged("handed"),
            by=LEAD,
            event_type="opinion.handover_corrected",
            history_text=_("a corrigé la date de la remise"),
            needs_reason=True,
            slug="corriger-remise",
            label=_("Corriger la date de remise"),
            question=_("Quel jour l’avis a-t-il été remis ?"),
            success_message=_("La date de la remise est corrigée."),
            consequences=[
                _("Le délai de réponse du Conseil départemental commence ce jour-là, pour chaque préconisation.")
            ],
            form=forms.CorrectHandoverForm,
        ),
        # Not after the publication: an opinion on the public site was handed over, and stays so.
        Step(
            "take_handover_back",
            {S.HANDED_OVER},
            S.ADOPTED,
            by=LEAD,
            event_type="opinion.handover_taken_back",
            history_text=_("est revenu sur la remise de l’avis"),
            needs_reason=True,
            changes=lambda opinion, taken: {"handed_over_on": None, "handed_over_place": "", "handed_over_to": ""},
            slug="revenir-sur-remise",
            label=_("Revenir sur la remise"),
            question=_("Revenir sur la remise de l’avis ?"),
            success_message=_("L’avis n’est plus noté comme remis."),
            consequences=[
                _("Plus aucune réponse n’est attendue. La remise pourra être notée de nouveau."),
                _("Les personnes prévenues de la remise ne reçoivent pas de message : dites-le-leur."),
            ],
            danger=True,
        ),
        Step(
            "publish",
            {S.HANDED_OVER},
            S.PUBLISHED,
            by=TEAM,
            primary=True,
            guards=(check_has_version,),
            history_text=_("a publié l’avis"),
            changes=lambda opinion, taken: {"published_at": timezone.now()},
            slug="publier",
            label=_("Publier l’avis"),
            success_message=_("L’avis est sur le site public."),
            consequences=[_("Tout le monde pourra lire le texte adopté, sans compte.")],
            fresh=True,
        ),
        Step(
            "write_easy_read",
            set(S) - {S.WITHDRAWN},
            by=TEAM,
            event_type="opinion.easy_read_written",
            history_text=_("a écrit le résumé facile à lire"),
            slug="facile-a-lire",
            label=_("Écrire le résumé facile à lire"),
            question=_("Le résumé facile à lire"),
            success_message=_("Le résumé est enregistré."),
            consequences=[_("Une fois l’avis publié, tout le monde lit ce résumé à côté du texte.")],
            form=forms.EasyReadTextForm,
            fresh=True,
        ),
        Step(
            "return",
            {S.GROUP_VALIDATED, S.SERVICES_CHECK, S.CONSOLIDATED},
            S.DRAFTING,
            by=LEAD,
            history_text=_("a rendu les textes aux groupes"),
            needs_reason=True,
            slug="rendre-aux-groupes",
            label=_("Rendre aux groupes"),
            question=_("Rendre les textes aux groupes ?"),
            success_message=_("Les groupes écrivent de nouveau."),
            consequences=[
                _("Les validations des groupes sont levées : il faudra valider de nouveau."),
                _("Le texte réuni reste lisible ; les groupes repartent de leurs propres textes."),
            ],
            danger=True,
        ),
        Step(
            "reopen",
            {S.REJECTED},
            S.DRAFTING,
            by=LEAD,
            primary=True,
            guards=(check_only_opinion,),
            history_text=_("a rouvert l’avis"),
            needs_reason=True,
            changes=columns_of_reopening,
            slug="rouvrir",
            label=_("Rouvrir l’avis"),
            success_message=_("Les groupes écrivent de nouveau."),
            consequences=[_("Le texte rejeté reste lisible parmi les versions. Les groupes en écrivent un autre.")],
        ),
        Step(
            "withdraw",
            S.tagged("untabled", "before_vote"),
            S.WITHDRAWN,
            by=LEAD,
            event_type="opinion.withdrawn",
            history_text=_("a retiré l’avis"),
            reason_column="end_reason",
            changes=lambda opinion, taken: {"ended_at": timezone.now(), "frozen_at": None},
            slug="retirer",
            label=_("Retirer l’avis"),
            success_message=_("L’avis est retiré."),
            consequences=[_("Plus personne n’y écrit. Ses textes et son historique restent.")],
            danger=True,
        ),
    ],
    common_columns=lambda: {"changed_at": timezone.now()},
    next_steps={
        S.DRAFTING: lambda opinion: [group_leads(opinion)],
        S.AMENDING: ["freeze"],
        S.FROZEN: [ASSEMBLY],
        S.VOTED: [ASSEMBLY],
    },
    noun="opinion",
)


def check_decides_no_opinion(ballot: Ballot) -> None:
    """Refuse to withdraw a vote that decided an opinion, a part of it or an amendment, since steps followed it."""
    if ballot.state != BallotState.PROCLAIMED:
        return
    parts = PartVote.objects.filter(ballot=ballot, dropped_at=None).values("opinion")
    amendments = Amendment.objects.filter(ballot=ballot).values("version__opinion")
    voted = Q(ballot=ballot) & ~Q(state__in=S.tagged("before_vote"))
    opinion = Opinion.objects.filter(voted | Q(pk__in=parts) | Q(pk__in=amendments)).first()
    if opinion is not None:
        text = gettext(
            "Ce vote a décidé de «\u00a0%(title)s\u00a0»\u00a0: un résultat qui a eu des suites ne se retire pas."
        )
        raise ValidationError(text % {"title": opinion.title}, code="followed")


BALLOT.add_guard("withdraw", check_decides_no_opinion)
