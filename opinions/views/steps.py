"""Pages of the steps of an opinion."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.ui.french import format_moment
from opinions.actions import checks, consolidation, handover, publication, tabling
from opinions.actions import opinions as actions
from opinions.forms import opinions as forms
from opinions.models import Opinion
from opinions.queries.opinions import everybody, members_of, sections_of
from opinions.views.fetch import team_opinion
from opinions.workflows.opinions import OPINION

# Page where a missing value can be filled in, by the error code of the guard.
FIX_PAGES = {"sections": "outline", "suggestions": "text", "seal": "papers"}


def open_lines(opinion: Opinion) -> list[str]:
    count = len(members_of(sections_of(opinion)))
    message = ngettext("%(n)s membre reçoit un message.", "%(n)s membres reçoivent un message.", count)
    return [message % {"n": count}, _("Chaque groupe trouve son texte, avec ses premiers titres.")]


def recipient_lines(opinion: Opinion) -> list[str]:
    count = len(everybody(opinion))
    message = ngettext("%(n)s membre reçoit un message.", "%(n)s membres reçoivent un message.", count)
    return [message % {"n": count}, _("Le cabinet du président et l’élu·e référent·e aussi.")]


def table_lines(opinion: Opinion) -> list[str]:
    return [
        _("Le texte est figé : plus personne n’y écrit. Les changements passent par des amendements."),
        _("Le point et le vote sont inscrits à l’ordre du jour de la séance."),
        *recipient_lines(opinion),
    ]


def window_lines(opinion: Opinion) -> list[str]:
    if opinion.amendments_close_at is None:
        return []
    message = _("Les membres de l’assemblée peuvent en déposer jusqu’au %(day)s.")
    return [message % {"day": format_moment(opinion.amendments_close_at)}]


STEPS = StepPages(
    OPINION,
    {
        "confier": StepPage(
            "open",
            title=gettext_lazy("Confier les textes aux groupes ?"),
            label=gettext_lazy("Confier les textes"),
            success_message=gettext_lazy("Les textes sont confiés."),
            action=lambda opinion, user, data: actions.open_texts(opinion, by=user),
            consequences=open_lines,
        ),
        "directions": StepPage(
            "ask_services",
            title=gettext_lazy("Demander leur lecture aux directions"),
            label=gettext_lazy("Demander la lecture"),
            success_message=gettext_lazy("Les directions sont prévenues."),
            action=lambda opinion, user, data: checks.ask(
                opinion, data["directorates"], due_on=data["due_on"], by=user
            ),
            consequences=lambda opinion: [
                _("Elles notent chaque préconisation. Elles commentent, elles ne changent pas le texte.")
            ],
            form=forms.AskForm,
        ),
        "reunir": StepPage(
            "consolidate",
            title=gettext_lazy("Réunir les textes des groupes en un seul ?"),
            label=gettext_lazy("Réunir les textes"),
            success_message=gettext_lazy("Les textes sont réunis."),
            action=lambda opinion, user, data: consolidation.consolidate(opinion, by=user),
            form=forms.UniteForm,
            consequences=lambda opinion: [
                _("Les textes des groupes sont figés. On sait toujours qui a écrit quoi."),
                _("Chaque préconisation reçoit sa référence, qui ne changera plus."),
            ],
        ),
        "deposer": StepPage(
            "table",
            title=gettext_lazy("Déposer l’avis pour quelle séance ?"),
            label=gettext_lazy("Déposer l’avis"),
            success_message=gettext_lazy("L’avis est déposé."),
            action=lambda opinion, user, data: tabling.table(
                opinion, data["sitting"], open_at=data["open_at"], close_at=data["close_at"], by=user
            ),
            consequences=table_lines,
            form=forms.TableForm,
        ),
        "ouvrir-amendements": StepPage(
            "open_amendments",
            title=gettext_lazy("Ouvrir maintenant le dépôt des amendements ?"),
            label=gettext_lazy("Ouvrir les amendements"),
            consequences=window_lines,
            success_message=gettext_lazy("Les membres peuvent déposer des amendements."),
        ),
        "dates-amendements": StepPage(
            "change_window",
            title=gettext_lazy("Quand les amendements sont-ils ouverts ?"),
            label=gettext_lazy("Changer les dates des amendements"),
            success_message=gettext_lazy("Les dates sont changées."),
            action=lambda opinion, user, data: tabling.change_window(
                opinion, open_at=data["open_at"], close_at=data["close_at"], by=user
            ),
            form=forms.WindowForm,
        ),
        "figer": StepPage(
            "freeze",
            title=gettext_lazy("Figer l’avis avant l’heure ?"),
            label=gettext_lazy("Figer l’avis"),
            success_message=gettext_lazy("L’avis est figé."),
            consequences=lambda opinion: [
                _("Plus aucun amendement n’est reçu. Sans vous, cela se fait seul à l’heure de fin ou en séance.")
            ],
        ),
        "retirer-ordre-du-jour": StepPage(
            "take_off",
            title=gettext_lazy("Retirer l’avis de l’ordre du jour ?"),
            label=gettext_lazy("Retirer de l’ordre du jour"),
            success_message=gettext_lazy("L’avis n’est plus à l’ordre du jour."),
            action=lambda opinion, user, data: tabling.take_off(opinion, reason=data["reason"], by=user),
            consequences=lambda opinion: [
                _("Le texte peut de nouveau être modifié. Les votes préparés sont annulés.")
            ],
            form=ReasonForm,
            danger=True,
        ),
        "remettre": StepPage(
            "hand_over",
            title=gettext_lazy("L’avis a été remis"),
            label=gettext_lazy("Noter la remise"),
            success_message=gettext_lazy("La remise est notée."),
            action=lambda opinion, user, data: handover.hand_over(
                opinion, on=data["on"], place=data["place"], to=data["to"], by=user
            ),
            consequences=lambda opinion: [
                _("Le délai de réponse du Conseil départemental commence ce jour-là, pour chaque préconisation."),
                *recipient_lines(opinion),
            ],
            form=forms.HandOverForm,
        ),
        "corriger-remise": StepPage(
            "correct_handover",
            title=gettext_lazy("Quel jour l’avis a-t-il été remis ?"),
            label=gettext_lazy("Corriger la date de remise"),
            success_message=gettext_lazy("La date de la remise est corrigée."),
            action=lambda opinion, user, data: handover.correct(
                opinion, on=data["on"], reason=data["reason"], by=user
            ),
            consequences=lambda opinion: [
                _("Le délai de réponse du Conseil départemental commence ce jour-là, pour chaque préconisation.")
            ],
            form=forms.CorrectHandoverForm,
        ),
        "revenir-sur-remise": StepPage(
            "take_handover_back",
            title=gettext_lazy("Revenir sur la remise de l’avis ?"),
            label=gettext_lazy("Revenir sur la remise"),
            success_message=gettext_lazy("L’avis n’est plus noté comme remis."),
            action=lambda opinion, user, data: handover.take_back(opinion, reason=data["reason"], by=user),
            consequences=lambda opinion: [
                _("Plus aucune réponse n’est attendue. La remise pourra être notée de nouveau."),
                _("Les personnes prévenues de la remise ne reçoivent pas de message : dites-le-leur."),
            ],
            form=ReasonForm,
            danger=True,
        ),
        "publier": StepPage(
            "publish",
            title=gettext_lazy("Publier l’avis ?"),
            label=gettext_lazy("Publier l’avis"),
            success_message=gettext_lazy("L’avis est sur le site public."),
            action=lambda opinion, user, data: publication.publish(opinion, by=user),
            consequences=lambda opinion: [_("Tout le monde pourra lire le texte adopté, sans compte.")],
            fresh=True,
        ),
        "facile-a-lire": StepPage(
            "write_easy_read",
            title=gettext_lazy("Le résumé facile à lire"),
            label=gettext_lazy("Écrire le résumé facile à lire"),
            consequences=lambda opinion: [_("Une fois l’avis publié, tout le monde lit ce résumé à côté du texte.")],
            success_message=gettext_lazy("Le résumé est enregistré."),
            action=lambda opinion, user, data: publication.write_easy_read(opinion, data["easy_read"], by=user),
            form=forms.EasyReadTextForm,
            fresh=True,
        ),
        "rendre-aux-groupes": StepPage(
            "return",
            title=gettext_lazy("Rendre les textes aux groupes ?"),
            label=gettext_lazy("Rendre aux groupes"),
            success_message=gettext_lazy("Les groupes écrivent de nouveau."),
            action=lambda opinion, user, data: actions.give_back(opinion, reason=data["reason"], by=user),
            consequences=lambda opinion: [
                _("Les validations des groupes sont levées : il faudra valider de nouveau."),
                _("Le texte réuni reste lisible ; les groupes repartent de leurs propres textes."),
            ],
            form=ReasonForm,
            danger=True,
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir l’avis ?"),
            label=gettext_lazy("Rouvrir l’avis"),
            consequences=lambda opinion: [
                _("Le texte rejeté reste lisible parmi les versions. Les groupes en écrivent un autre.")
            ],
            success_message=gettext_lazy("Les groupes écrivent de nouveau."),
            action=lambda opinion, user, data: actions.reopen(opinion, reason=data["reason"], by=user),
            form=ReasonForm,
        ),
        "retirer": StepPage(
            "withdraw",
            title=gettext_lazy("Retirer l’avis ?"),
            label=gettext_lazy("Retirer l’avis"),
            success_message=gettext_lazy("L’avis est retiré."),
            action=lambda opinion, user, data: actions.withdraw(opinion, reason=data["reason"], by=user),
            consequences=lambda opinion: [_("Plus personne n’y écrit. Ses textes et son historique restent.")],
            form=ReasonForm,
            danger=True,
        ),
    },
    name="opinions:step",
    fetch=team_opinion,
    back=lambda request, opinion: reverse("opinions:opinion", args=[opinion.pk]),
    eyebrow=lambda opinion: f"{opinion.reference} {opinion.title}".strip(),
    fix_url=lambda request, opinion, code: (
        reverse(f"opinions:{FIX_PAGES[code]}", args=[opinion.pk]) if code in FIX_PAGES else ""
    ),
)
