"""Who takes the steps of an amendment, what must be true before, and the columns that they write."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_lead, is_team
from assembly.text.french import format_moment
from assembly.workflow import Permission, Transition
from opinions.amending import applying
from opinions.amending.changes import new_text
from opinions.amending.colliding import fallen_keys
from opinions.amending.enums import AmendmentState as A
from opinions.amending.enums import Operation
from opinions.amendments import rules
from opinions.amendments.queries import base_version, cosigner_of, rapporteurs
from opinions.amendments.rules import Window
from opinions.models import Amendment, OpinionVersion
from opinions.queries.opinions import settings_of

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


# Guards of steps


def check_window(amendment: Amendment) -> None:
    """Raise ValidationError when the window is not open now, whatever the page showed."""
    opinion = amendment.opinion
    state = rules.window(opinion, timezone.now())
    if state == Window.OPEN:
        return
    if state == Window.TO_COME:
        message = gettext("Les amendements ne sont pas encore ouverts. Votre brouillon est gardé.")
    elif opinion.amendments_close_at is not None and state == Window.CLOSED:
        message = gettext("Le dépôt des amendements est fermé depuis le %(moment)s. Votre brouillon est gardé.") % {
            "moment": format_moment(opinion.amendments_close_at)
        }
    else:
        message = gettext("Cet avis n’est pas ouvert aux amendements. Votre brouillon est gardé.")
    raise ValidationError(message, code="window")


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


def check_parent(version: OpinionVersion, parent: Amendment | None) -> None:
    """Raise ValidationError unless the parent has new text, is not decided and is no sub-amendment itself."""
    if parent is None:
        return
    if parent.version_id != version.pk or parent.parent_id is not None or parent.operation == Operation.DELETE:
        raise ValidationError(gettext("Cet amendement ne peut pas être modifié."), code="parent")
    if parent.state not in A.tagged("waiting"):
        message = gettext("L’amendement que vous voulez modifier n’est plus en discussion.")
        raise ValidationError(message, code="parent")


def check_reason_given(amendment: Amendment) -> None:
    if not amendment.reason.strip():
        raise ValidationError(gettext("Dites pourquoi, en une ou deux phrases."), code="reason")


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


def columns_of_view(amendment: Amendment, taken: Transition) -> dict[str, Any]:
    return {
        "view_at": timezone.now(),
        "view_by": taken.by,
        "is_view_on_behalf": not RAPPORTEUR(taken.by, amendment),
    }


def columns_of_end(amendment: Amendment, taken: Transition) -> dict[str, Any]:
    return {"ended_at": timezone.now()}
