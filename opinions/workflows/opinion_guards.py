"""Who takes the steps of an opinion, what must be true before, and the columns that they write."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.collab.queries.texts import tree_of
from assembly.institution.rules import is_lead, is_team
from assembly.workflow import Permission, Transition
from opinions.enums import OpinionState as S
from opinions.enums import SectionState as P
from opinions.models import Opinion, OpinionSection
from opinions.queries.opinions import last_version, leads_of, open_suggestions, sections_of
from opinions.queries.papers import is_seal_outdated, sealed_document
from opinions.versions.rules import check_printable

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
