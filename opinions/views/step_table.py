"""Each step of an opinion as a page: a question with what follows, sometimes a form, then one action."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import User
from consultations.views.step import Step, others
from opinions.actions import checks, consolidation, handover, publication, tabling
from opinions.actions import opinions as actions
from opinions.enums import OpinionState
from opinions.forms import opinions as forms
from opinions.models import Opinion
from opinions.queries.opinions import everybody, members_of, sections_of
from opinions.rules import opinions as rules

S = OpinionState


def verb(name: str) -> Callable[[User, Opinion], bool]:
    return lambda user, found: rules.can_take(user, found, name)


def may_window(user: User, found: Opinion) -> bool:
    return rules.holds_right(user, found, "freeze") and found.state in {S.TABLED, S.AMENDING}


def may_easy_read(user: User, found: Opinion) -> bool:
    return rules.holds_right(user, found, "publish") and found.state != S.WITHDRAWN


def open_lines(found: Opinion) -> list[str]:
    count = len(members_of(sections_of(found)))
    words = ngettext("%(n)s membre reçoit un message.", "%(n)s membres reçoivent un message.", count)
    return [words % {"n": count}, _("Chaque groupe trouve son texte, avec ses premiers titres.")]


def told_lines(found: Opinion) -> list[str]:
    count = len(everybody(found))
    words = ngettext("%(n)s membre reçoit un message.", "%(n)s membres reçoivent un message.", count)
    return [words % {"n": count}, _("Le cabinet du président et l’élu·e référent·e aussi.")]


def table_lines(found: Opinion) -> list[str]:
    return [
        _("Le texte est figé : plus personne n’y écrit. Les changements passent par des amendements."),
        _("Le point et le vote sont inscrits à l’ordre du jour de la séance."),
        *told_lines(found),
    ]


STEPS: dict[str, Step[Opinion]] = {
    "confier": Step(
        verb("open"),
        gettext_lazy("Confier les textes aux groupes ?"),
        gettext_lazy("Confier les textes"),
        lambda found, by, data: actions.open_texts(found, by=by),
        gettext_lazy("Les textes sont confiés."),
        lines=open_lines,
    ),
    "directions": Step(
        verb("ask_services"),
        gettext_lazy("Demander leur lecture aux directions"),
        gettext_lazy("Demander la lecture"),
        lambda found, by, data: checks.ask(found, data["directorates"], due_on=data["due_on"], by=by),
        gettext_lazy("Les directions sont prévenues."),
        lines=lambda found: [
            _("Elles notent chaque préconisation. Elles commentent, elles ne changent pas le texte.")
        ],
        form=forms.AskForm,
    ),
    "reunir": Step(
        verb("consolidate"),
        gettext_lazy("Réunir les textes des groupes en un seul ?"),
        gettext_lazy("Réunir les textes"),
        lambda found, by, data: consolidation.consolidate(found, by=by),
        gettext_lazy("Les textes sont réunis."),
        form=forms.UniteForm,
        lines=lambda found: [
            _("Les textes des groupes sont figés. On sait toujours qui a écrit quoi."),
            _("Chaque préconisation reçoit sa référence, qui ne changera plus."),
        ],
    ),
    "deposer": Step(
        verb("table"),
        gettext_lazy("Déposer l’avis pour quelle séance ?"),
        gettext_lazy("Déposer l’avis"),
        lambda found, by, data: tabling.table(
            found, data["sitting"], open_at=data["open_at"], close_at=data["close_at"], by=by
        ),
        gettext_lazy("L’avis est déposé."),
        lines=table_lines,
        form=forms.TableForm,
    ),
    "ouvrir-amendements": Step(
        verb("open_amendments"),
        gettext_lazy("Ouvrir maintenant le dépôt des amendements ?"),
        gettext_lazy("Ouvrir les amendements"),
        lambda found, by, data: tabling.open_amendments(found, by=by),
        gettext_lazy("Les membres peuvent déposer des amendements."),
    ),
    "dates-amendements": Step(
        may_window,
        gettext_lazy("Quand les amendements sont-ils ouverts ?"),
        gettext_lazy("Changer les dates des amendements"),
        lambda found, by, data: tabling.change_window(
            found, open_at=data["open_at"], close_at=data["close_at"], by=by
        ),
        gettext_lazy("Les dates sont changées."),
        form=forms.WindowForm,
    ),
    "figer": Step(
        verb("freeze"),
        gettext_lazy("Figer l’avis avant l’heure ?"),
        gettext_lazy("Figer l’avis"),
        lambda found, by, data: tabling.freeze(found, by=by),
        gettext_lazy("L’avis est figé."),
        lines=lambda found: [
            _("Plus aucun amendement n’est reçu. Sans vous, cela se fait seul à l’heure de fin ou en séance.")
        ],
    ),
    "retirer-ordre-du-jour": Step(
        verb("take_off"),
        gettext_lazy("Retirer l’avis de l’ordre du jour ?"),
        gettext_lazy("Retirer de l’ordre du jour"),
        lambda found, by, data: tabling.take_off(found, reason=data["reason"], by=by),
        gettext_lazy("L’avis n’est plus à l’ordre du jour."),
        lines=lambda found: [_("Le texte peut de nouveau être modifié. Les votes préparés sont annulés.")],
        form=forms.ReasonForm,
        danger=True,
    ),
    "remettre": Step(
        verb("hand_over"),
        gettext_lazy("L’avis a été remis"),
        gettext_lazy("Noter la remise"),
        lambda found, by, data: handover.hand_over(found, on=data["on"], place=data["place"], to=data["to"], by=by),
        gettext_lazy("La remise est notée."),
        lines=lambda found: [
            _("Le délai de réponse du Conseil départemental commence ce jour-là, pour chaque préconisation."),
            *told_lines(found),
        ],
        form=forms.HandOverForm,
    ),
    "publier": Step(
        verb("publish"),
        gettext_lazy("Publier l’avis ?"),
        gettext_lazy("Publier l’avis"),
        lambda found, by, data: publication.publish(found, by=by),
        gettext_lazy("L’avis est sur le site public."),
        lines=lambda found: [_("Tout le monde pourra lire le texte adopté, sans compte.")],
        fresh=True,
    ),
    "facile-a-lire": Step(
        may_easy_read,
        gettext_lazy("Le résumé facile à lire"),
        gettext_lazy("Écrire le résumé facile à lire"),
        lambda found, by, data: publication.write_easy_read(found, data["easy_read"], by=by),
        gettext_lazy("Le résumé est enregistré."),
        form=forms.EasyReadTextForm,
        fresh=True,
    ),
    "rendre-aux-groupes": Step(
        verb("return"),
        gettext_lazy("Rendre les textes aux groupes ?"),
        gettext_lazy("Rendre aux groupes"),
        lambda found, by, data: actions.give_back(found, reason=data["reason"], by=by),
        gettext_lazy("Les groupes écrivent de nouveau."),
        lines=lambda found: [
            _("Les validations des groupes sont levées : il faudra valider de nouveau."),
            _("Le texte réuni reste lisible ; les groupes repartent de leurs propres textes."),
        ],
        form=forms.ReasonForm,
        danger=True,
    ),
    "rouvrir": Step(
        verb("reopen"),
        gettext_lazy("Rouvrir l’avis ?"),
        gettext_lazy("Rouvrir l’avis"),
        lambda found, by, data: actions.reopen(found, reason=data["reason"], by=by),
        gettext_lazy("Les groupes écrivent de nouveau."),
        form=forms.ReasonForm,
    ),
    "retirer": Step(
        verb("withdraw"),
        gettext_lazy("Retirer l’avis ?"),
        gettext_lazy("Retirer l’avis"),
        lambda found, by, data: actions.withdraw(found, reason=data["reason"], by=by),
        gettext_lazy("L’avis est retiré."),
        lines=lambda found: [_("Plus personne n’y écrit. Ses textes et son historique restent.")],
        form=forms.ReasonForm,
        danger=True,
    ),
}


def verbs(user: User, found: Opinion, primary: str) -> list[tuple[str, Any]]:
    """Steps that this reader may take besides the one on the big button: addresses and words."""
    return others(STEPS, "opinions:step", user, found, primary)
