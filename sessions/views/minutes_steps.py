"""Each step of minutes as a page: a question with its figures, sometimes a form."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.dossiers import ReasonForm, StepPage, StepPages
from assembly.identity.http import UserRequest
from assembly.identity.models import Person, User
from assembly.ui.french import format_date
from sessions.actions import approval, corrections, minutes, publication
from sessions.enums import MinutesVisaCapacity as Capacity
from sessions.forms import minutes as forms
from sessions.models import Minutes
from sessions.queries.minutes import (
    answers_to_send,
    minutes_for_page,
    people_who_attended,
    readers_of_sealed,
    unanswered_corrections,
)
from sessions.queries.minutes_facts import current_visas, outdated_visas, title_of
from sessions.rules.minutes import can_see_desk
from sessions.workflows.minutes import MINUTES

# The step where the facts that a guard found missing are entered.
FIX_PAGES = {"functions": "fonctions", "visas": "visa-papier", "seal": "sceller"}


def desk_minutes(request: UserRequest, pk: int) -> Minutes:
    """Return the minutes for the back office: 404 if not visible, 403 if only readable elsewhere."""
    row = get_object_or_404(minutes_for_page(request.user), pk=pk)
    if not can_see_desk(request.user, row):
        raise PermissionDenied
    return row


def tab(request: UserRequest, row: Minutes) -> str:
    return reverse("sittings:minutes", args=[row.sitting_id])


def fix_url(request: UserRequest, row: Minutes, code: str) -> str:
    if code == "corrections":
        return f"{tab(request, row)}#corrections"
    if code == "nobody":
        return reverse("sittings:attendance", args=[row.sitting_id])
    return STEPS.url(row, FIX_PAGES[code]) if code in FIX_PAGES else ""


def attendees(row: Minutes) -> list[Person]:
    return people_who_attended(row.sitting)


def title_with_count(label: Any, recipients: Callable[[Minutes], list[Person]]) -> Callable[[Minutes], str]:
    """Return « Faire relire à 91 personnes ? »."""

    def title(row: Minutes) -> str:
        count = len(recipients(row))
        template = ngettext("%(verb)s à %(n)s personne ?", "%(verb)s à %(n)s personnes ?", count)
        return template % {"verb": label, "n": count}

    return title


def channel_lines(recipients: list[Person]) -> list[str]:
    """Return how many get a mail, how many a letter, and the names of the latter."""
    letters = [person for person in recipients if person.is_paper]
    by_mail = len(recipients) - len(letters)
    lines = [ngettext("%(n)s par courriel.", "%(n)s par courriel.", by_mail) % {"n": by_mail}]
    if letters:
        template = ngettext("%(n)s lettre à imprimer : %(who)s.", "%(n)s lettres à imprimer : %(who)s.", len(letters))
        lines.append(template % {"n": len(letters), "who": ", ".join(person.full_name for person in letters[:8])})
    return lines


def circulation_lines(row: Minutes) -> list[str]:
    days = row.sitting.term.correction_days
    delay = ngettext(
        "Elles pourront demander des corrections pendant %(n)s jour.",
        "Elles pourront demander des corrections pendant %(n)s jours.",
        days,
    )
    return [*channel_lines(attendees(row)), delay % {"n": days}]


def distribution_lines(row: Minutes) -> list[str]:
    lines = channel_lines(readers_of_sealed(row))
    return [*lines, _("Chacune reçoit la version interne scellée, avec l’adresse où la vérifier.")]


def submission_lines(row: Minutes) -> list[str]:
    waiting = answers_to_send(row).count()
    lines = [_("Un point « Approbation » sera ajouté au début de son ordre du jour.")]
    if waiting:
        template = ngettext(
            "%(n)s réponse à une correction partira.", "%(n)s réponses à des corrections partiront.", waiting
        )
        lines.append(template % {"n": waiting})
    return lines


def closing_lines(row: Minutes) -> list[str]:
    asked = unanswered_corrections(row)
    template = ngettext("%(n)s correction attend une réponse.", "%(n)s corrections attendent une réponse.", asked)
    return [_("Plus personne ne peut demander de correction."), template % {"n": asked}]


def outdated_lines(row: Minutes) -> list[str]:
    count = outdated_visas(row).count()
    template = ngettext("%(n)s visa est à redonner.", "%(n)s visas sont à redonner.", count)
    return [template % {"n": count}]


def answers_title(row: Minutes) -> str:
    waiting = answers_to_send(row).count()
    return ngettext("Envoyer %(n)s réponse ?", "Envoyer %(n)s réponses ?", waiting) % {"n": waiting}


def visa_lines(row: Minutes) -> list[str]:
    day = format_date(row.sitting.starts_at)
    return [
        _("Vous approuvez le texte final du procès-verbal de la séance du %(day)s.") % {"day": day},
        _("Votre nom, votre qualité et l’heure seront imprimés sur la dernière page."),
    ]


def visa_step(capacity: Capacity, title: Any) -> StepPage[Minutes]:
    """Build the visa step of the chair or of the secretary, each for themselves, offered until it is given."""
    return StepPage(
        f"{capacity}_visa",
        title=title,
        label=gettext_lazy("Donner mon visa"),
        success_message=gettext_lazy("Votre visa est donné."),
        consequences=visa_lines,
        action=lambda row, by, data: approval.give_visa(row, capacity, by=by),
        offered=lambda user, row: not current_visas(row).filter(capacity=capacity).exists(),
        fresh=True,
    )


def rectify(row: Minutes, by: User, data: dict[str, Any]) -> None:
    publication.rectify(row, data.pop("section"), **data, by=by)


STEPS: StepPages[Minutes] = StepPages(
    MINUTES,
    {
        "type": StepPage(
            "change_kind",
            title=gettext_lazy("Compte rendu ou procès-verbal ?"),
            label=gettext_lazy("Enregistrer"),
            success_message=gettext_lazy("Le type est changé."),
            consequences=lambda row: [
                _("Seul le procès-verbal est approuvé par la séance suivante, avec deux visas.")
            ],
            form=forms.KindForm,
            action=lambda row, by, data: minutes.change_kind(row, data["kind"], by=by),
        ),
        "fonctions": StepPage(
            "name_functions",
            title=gettext_lazy("Qui présidait, qui était secrétaire de séance ?"),
            label=gettext_lazy("Enregistrer"),
            success_message=gettext_lazy("La présidence et le secrétariat sont notés."),
            form=forms.FunctionsForm,
            action=lambda row, by, data: minutes.name_functions(row, **data, by=by),
        ),
        "relire": StepPage(
            "submit",
            title=gettext_lazy("Faire contrôler le procès-verbal ?"),
            label=gettext_lazy("Faire contrôler"),
            success_message=gettext_lazy("Le procès-verbal est en contrôle interne."),
            consequences=lambda row: [_("Un·e collègue le contrôle, puis le fait relire ou le rend à la rédaction.")],
        ),
        "rendre": StepPage(
            "return",
            title=gettext_lazy("Rendre le compte rendu à la rédaction ?"),
            label=gettext_lazy("Rendre à la rédaction"),
            success_message=gettext_lazy("Le compte rendu est de nouveau en rédaction."),
            form=forms.RemarkForm,
        ),
        "valider": StepPage(
            "validate",
            title=gettext_lazy("Valider le compte rendu ?"),
            label=gettext_lazy("Valider le compte rendu"),
            consequences=lambda row: [
                _("Il peut ensuite être relu par les personnes présentes, et n’est plus modifié sans revenir ici.")
            ],
            success_message=gettext_lazy("Le compte rendu est validé."),
        ),
        "circuler": StepPage(
            "circulate",
            title=title_with_count(gettext_lazy("Faire relire"), attendees),
            label=gettext_lazy("Faire relire"),
            success_message=gettext_lazy("Le compte rendu est en relecture."),
            consequences=circulation_lines,
            recipients=attendees,
            action=lambda row, by, data: minutes.circulate(row, by=by),
        ),
        "clore-les-corrections": StepPage(
            "end_corrections",
            title=gettext_lazy("Clore le délai de correction ?"),
            label=gettext_lazy("Clore le délai"),
            consequences=closing_lines,
            success_message=gettext_lazy("Le délai de correction est clos."),
        ),
        "repondre": StepPage(
            "send_answers",
            title=answers_title,
            label=gettext_lazy("Envoyer les réponses"),
            success_message=gettext_lazy("Les réponses partent."),
            consequences=lambda row: [_("Chaque personne reçoit un seul message, avec toutes ses réponses.")],
            action=lambda row, by, data: corrections.send_answers(row, by=by),
        ),
        "soumettre": StepPage(
            "submit_for_approval",
            title=gettext_lazy("Soumettre le procès-verbal à l’approbation de quelle séance ?"),
            label=gettext_lazy("Soumettre à l’approbation"),
            success_message=gettext_lazy("L’approbation est à l’ordre du jour."),
            consequences=submission_lines,
            form=forms.ApprovalSittingForm,
            action=lambda row, by, data: approval.submit_for_approval(row, data["sitting"], by=by),
        ),
        "approuver": StepPage(
            "approve",
            title=gettext_lazy("La séance approuve-t-elle le procès-verbal ?"),
            label=gettext_lazy("Noter l’approbation"),
            consequences=lambda row: [
                _("Le texte approuvé ne change plus\u00a0: il attend les deux visas, puis le cachet.")
            ],
            success_message=gettext_lazy("L’approbation est notée."),
            form=forms.ApprovalForm,
            action=lambda row, by, data: approval.approve(row, **data, by=by),
        ),
        "visa-presidence": visa_step(Capacity.CHAIR, gettext_lazy("Donner votre visa de présidence ?")),
        "visa-secretariat": visa_step(Capacity.SECRETARY, gettext_lazy("Donner votre visa de secrétariat ?")),
        "visa-papier": StepPage(
            "record_visa",
            title=gettext_lazy("Noter un visa donné sur papier"),
            label=gettext_lazy("Noter un visa donné sur papier"),
            success_message=gettext_lazy("Le visa est noté, avec la mention « sur papier »."),
            consequences=lambda row: [_("Gardez le papier signé : le visa est imprimé comme donné sur papier.")],
            form=forms.PaperVisaForm,
            action=lambda row, by, data: approval.record_visa(row, Capacity(data["capacity"]), by=by),
            fresh=True,
        ),
        "reprendre-les-visas": StepPage(
            "void_visas",
            title=gettext_lazy("Mettre de côté les visas donnés sur un autre texte ?"),
            label=gettext_lazy("Demander de nouveau les visas"),
            consequences=outdated_lines,
            success_message=gettext_lazy("Les visas qui couvraient un autre texte sont mis de côté."),
            action=lambda row, by, data: approval.void_visas(row, by=by),
            fresh=True,
        ),
        "sceller": StepPage(
            "seal",
            title=gettext_lazy("Sceller le compte rendu ?"),
            label=gettext_lazy("Sceller"),
            success_message=gettext_lazy("Le scellement est demandé."),
            consequences=lambda row: [
                _(
                    "Deux fichiers PDF sont scellés : la version interne, "
                    "et la version publique sans nom de personne privée."
                ),
                _("Après le scellement, toute correction fait une nouvelle version, jamais un changement."),
            ],
            form=forms.SealForm,
            action=lambda row, by, data: publication.seal(row, **data, by=by),
            fresh=True,
        ),
        "publier": StepPage(
            "publish",
            title=gettext_lazy("Publier la version publique ?"),
            label=gettext_lazy("Publier la version publique"),
            success_message=gettext_lazy("La version publique est en ligne."),
            consequences=lambda row: [_("Tout le monde pourra la lire, sans compte.")],
            fresh=True,
        ),
        "diffuser": StepPage(
            "distribute",
            title=title_with_count(gettext_lazy("Diffuser"), readers_of_sealed),
            label=gettext_lazy("Diffuser"),
            success_message=gettext_lazy("Le compte rendu scellé est en cours d’envoi."),
            consequences=distribution_lines,
            recipients=readers_of_sealed,
            action=lambda row, by, data: publication.distribute_sealed(row, by=by),
        ),
        "releve": StepPage(
            "make_record",
            title=gettext_lazy("Faire le relevé de décisions ?"),
            label=gettext_lazy("Faire le relevé"),
            success_message=gettext_lazy("Le relevé de décisions est demandé."),
            consequences=lambda row: [
                _("Une page : participants, décisions, qui fait quoi et pour quand. Elle est scellée.")
            ],
            fresh=True,
        ),
        "diffuser-le-releve": StepPage(
            "distribute_record",
            title=gettext_lazy("Envoyer le relevé de décisions aux participants ?"),
            label=gettext_lazy("Envoyer le relevé"),
            success_message=gettext_lazy("Le relevé de décisions est en cours d’envoi."),
            consequences=lambda row: channel_lines(attendees(row)),
            recipients=attendees,
            action=lambda row, by, data: publication.distribute_record(row, by=by),
        ),
        "rouvrir": StepPage(
            "reopen",
            title=gettext_lazy("Rouvrir le compte rendu ?"),
            label=gettext_lazy("Rouvrir"),
            success_message=gettext_lazy("Le compte rendu est de nouveau en rédaction."),
            consequences=lambda row: [
                _("Ce qui a été relu n’est plus le texte : il faudra le faire relire de nouveau.")
            ],
            form=ReasonForm,
        ),
        "rectifier": StepPage(
            "rectify",
            title=gettext_lazy("Rectifier un passage du procès-verbal scellé"),
            label=gettext_lazy("Rectifier"),
            success_message=gettext_lazy("Le passage est rectifié. Demandez de nouveau les visas, puis scellez."),
            consequences=lambda row: [_("L’ancienne version reste vérifiable, marquée comme remplacée.")],
            form=forms.RectificationForm,
            action=rectify,
            fresh=True,
        ),
        "archiver": StepPage(
            "archive",
            title=gettext_lazy("Archiver le compte rendu ?"),
            label=gettext_lazy("Archiver"),
            consequences=lambda row: [_("Il ne change plus. Il reste lisible et vérifiable.")],
            success_message=gettext_lazy("Le compte rendu est archivé."),
        ),
    },
    name="sittings:minutes-step",
    fetch=desk_minutes,
    back=tab,
    eyebrow=title_of,
    fix_url=fix_url,
)
