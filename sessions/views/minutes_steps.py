"""Each step of minutes as a page: a question with its numbers, sometimes a form, then one action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import Person, User
from assembly.institution.rules import is_team
from assembly.ui.words import date_words
from sessions.actions import approval, corrections, minutes, publication
from sessions.enums import MinutesVisaCapacity
from sessions.forms import minutes as forms
from sessions.models import Minutes
from sessions.queries.minutes import answers_to_send, people_who_attended, readers_of_sealed
from sessions.queries.minutes_facts import MinutesReading
from sessions.rules import minutes as rules

Run = Callable[[Minutes, User, dict[str, Any]], Any]


@dataclass(frozen=True)
class Step:
    """`may` asks the rules, `lines` say what leaves and to how many, `run` calls the action.

    `offered` says when pages propose the step, where that is narrower than `may`.
    `fresh` asks for a recent proof of identity: a step that seals, publishes, or speaks for a signatory.
    """

    may: Callable[[User, Minutes], bool]
    title: Callable[[Minutes], str]
    label: Any
    run: Run
    done: Any
    lines: Callable[[Minutes], list[str]] = lambda minutes: []
    form: type[forms.MinutesForm] | None = None
    fresh: bool = False
    people: Callable[[Minutes], list[Person]] | None = None
    offered: Callable[[User, Minutes], bool] | None = None


def verb(name: str) -> Callable[[User, Minutes], bool]:
    return lambda user, found: rules.can_take(user, found, name)


def said(sentence: Any) -> Callable[[Minutes], str]:
    return lambda found: str(sentence)


def writes(user: User, found: Minutes) -> bool:
    return rules.can_write(user, found)


def names_functions(user: User, found: Minutes) -> bool:
    return rules.can_see_desk(user, found) and not found.is_final and is_team(user, found.sitting.term_id)


def has_answers(user: User, found: Minutes) -> bool:
    return rules.can_write_to_authors(user, found) and answers_to_send(found).exists()


def attendees(found: Minutes) -> list[Person]:
    return people_who_attended(found.sitting)


def to_how_many(verb: Any, people: Callable[[Minutes], list[Person]]) -> Callable[[Minutes], str]:
    """« Circuler à 91 personnes ? »."""

    def title(found: Minutes) -> str:
        count = len(people(found))
        words = ngettext("%(verb)s à %(n)s personne ?", "%(verb)s à %(n)s personnes ?", count)
        return words % {"verb": verb, "n": count}

    return title


def by_channel(people: list[Person]) -> list[str]:
    """How many by mail, how many by letter, and who by letter."""
    letters = [person for person in people if person.is_paper]
    by_mail = len(people) - len(letters)
    lines = [ngettext("%(n)s par courriel.", "%(n)s par courriel.", by_mail) % {"n": by_mail}]
    if letters:
        words = ngettext("%(n)s lettre à imprimer : %(who)s.", "%(n)s lettres à imprimer : %(who)s.", len(letters))
        lines.append(words % {"n": len(letters), "who": ", ".join(person.full_name for person in letters[:8])})
    return lines


def circulation_lines(found: Minutes) -> list[str]:
    days = found.sitting.term.correction_days
    delay = ngettext(
        "Elles pourront demander des corrections pendant %(n)s jour.",
        "Elles pourront demander des corrections pendant %(n)s jours.",
        days,
    )
    return [*by_channel(attendees(found)), delay % {"n": days}]


def distribution_lines(found: Minutes) -> list[str]:
    lines = by_channel(readers_of_sealed(found))
    return [*lines, _("Chacune reçoit la version interne scellée, avec l’adresse où la vérifier.")]


def submission_lines(found: Minutes) -> list[str]:
    waiting = answers_to_send(found).count()
    lines = [_("Un point « Approbation » sera ajouté au début de son ordre du jour.")]
    if waiting:
        words = ngettext(
            "%(n)s réponse à une correction partira.", "%(n)s réponses à des corrections partiront.", waiting
        )
        lines.append(words % {"n": waiting})
    return lines


def answers_title(found: Minutes) -> str:
    waiting = answers_to_send(found).count()
    return ngettext("Envoyer %(n)s réponse ?", "Envoyer %(n)s réponses ?", waiting) % {"n": waiting}


def visa_lines(found: Minutes) -> list[str]:
    day = date_words(found.sitting.starts_at)
    return [
        _("Vous approuvez le texte final du procès-verbal de la séance du %(day)s.") % {"day": day},
        _("Votre nom, votre qualité et l’heure seront imprimés sur la dernière page."),
    ]


def own_visa(capacity: MinutesVisaCapacity, title: Any) -> Step:
    """The chair or the secretary, each for themselves."""
    return Step(
        lambda user, found: rules.can_give_visa(user, found, capacity),
        said(title),
        gettext_lazy("Donner mon visa"),
        lambda found, by, data: approval.give_visa(found, capacity, by=by),
        gettext_lazy("Votre visa est donné."),
        lines=visa_lines,
        fresh=True,
        offered=lambda user, found: rules.awaits_visa(user, found, capacity),
    )


def seal_lines(found: Minutes) -> list[str]:
    """What the seal does, then each word that the public version keeps and that could be somebody's name."""
    lines = [
        _("Deux fichiers PDF sont scellés : la version interne, et la version publique sans nom de personne privée."),
        _("Après le scellement, toute correction fait une nouvelle version, jamais un changement."),
    ]
    doubts = MinutesReading(found).doubtful_words
    if doubts:
        lines.append(
            _("Ces mots pourraient désigner une personne. Ils resteront tels quels dans la version publique :")
        )
    return [*lines, *doubts]


STEPS: dict[str, Step] = {
    "type": Step(
        writes,
        said(gettext_lazy("Compte rendu ou procès-verbal ?")),
        gettext_lazy("Enregistrer"),
        lambda found, by, data: minutes.change_kind(found, data["kind"], by=by),
        gettext_lazy("Le type est changé."),
        lines=lambda found: [_("Seul le procès-verbal est approuvé par la séance suivante, avec deux visas.")],
        form=forms.KindForm,
    ),
    "fonctions": Step(
        names_functions,
        said(gettext_lazy("Qui présidait, qui était secrétaire de séance ?")),
        gettext_lazy("Enregistrer"),
        lambda found, by, data: minutes.name_functions(found, chair=data["chair"], secretary=data["secretary"], by=by),
        gettext_lazy("La présidence et le secrétariat sont notés."),
        form=forms.FunctionsForm,
    ),
    "relire": Step(
        verb("submit"),
        said(gettext_lazy("Soumettre le procès-verbal à relecture ?")),
        gettext_lazy("Soumettre à relecture"),
        lambda found, by, data: minutes.submit(found, by=by),
        gettext_lazy("Le procès-verbal est en relecture."),
        lines=lambda found: [_("Un·e collègue le relit, puis le circule ou le rend à la rédaction.")],
    ),
    "rendre": Step(
        verb("return"),
        said(gettext_lazy("Rendre le compte rendu à la rédaction ?")),
        gettext_lazy("Rendre à la rédaction"),
        lambda found, by, data: minutes.give_back(found, by=by, reason=data["reason"]),
        gettext_lazy("Le compte rendu est de nouveau en rédaction."),
        form=forms.RemarkForm,
    ),
    "valider": Step(
        verb("validate"),
        said(gettext_lazy("Valider le compte rendu ?")),
        gettext_lazy("Valider"),
        lambda found, by, data: minutes.validate(found, by=by),
        gettext_lazy("Le compte rendu est validé."),
    ),
    "circuler": Step(
        verb("circulate"),
        to_how_many(gettext_lazy("Circuler"), attendees),
        gettext_lazy("Circuler"),
        lambda found, by, data: minutes.circulate(found, by=by),
        gettext_lazy("Le compte rendu est circulé."),
        lines=circulation_lines,
        people=attendees,
    ),
    "clore-les-corrections": Step(
        verb("end_corrections"),
        said(gettext_lazy("Clore le délai de correction ?")),
        gettext_lazy("Clore le délai"),
        lambda found, by, data: minutes.end_corrections(found, by=by),
        gettext_lazy("Le délai de correction est clos."),
    ),
    "repondre": Step(
        has_answers,
        answers_title,
        gettext_lazy("Envoyer les réponses"),
        lambda found, by, data: corrections.send_answers(found, by=by),
        gettext_lazy("Les réponses partent."),
        lines=lambda found: [_("Chaque personne reçoit un seul message, avec toutes ses réponses.")],
    ),
    "soumettre": Step(
        verb("submit_for_approval"),
        said(gettext_lazy("Soumettre le procès-verbal à l’approbation de quelle séance ?")),
        gettext_lazy("Soumettre à l’approbation"),
        lambda found, by, data: approval.submit_for_approval(found, data["sitting"], by=by),
        gettext_lazy("L’approbation est à l’ordre du jour."),
        lines=submission_lines,
        form=forms.ApprovalSittingForm,
    ),
    "approuver": Step(
        verb("approve"),
        said(gettext_lazy("La séance approuve-t-elle le procès-verbal ?")),
        gettext_lazy("Noter l’approbation"),
        lambda found, by, data: approval.approve(found, by=by, ballot=data["ballot"], remark=data["remark"]),
        gettext_lazy("L’approbation est notée."),
        form=forms.ApprovalForm,
    ),
    "visa-presidence": own_visa(
        MinutesVisaCapacity.CHAIR,
        gettext_lazy("Donner votre visa de présidence ?"),
    ),
    "visa-secretariat": own_visa(
        MinutesVisaCapacity.SECRETARY,
        gettext_lazy("Donner votre visa de secrétariat ?"),
    ),
    "visa-papier": Step(
        rules.can_record_visa,
        said(gettext_lazy("Noter un visa donné sur papier")),
        gettext_lazy("Noter le visa"),
        lambda found, by, data: approval.record_visa(found, MinutesVisaCapacity(data["capacity"]), by=by),
        gettext_lazy("Le visa est noté, avec la mention « sur papier »."),
        lines=lambda found: [_("Gardez le papier signé : le visa est imprimé comme donné sur papier.")],
        form=forms.PaperVisaForm,
        fresh=True,
    ),
    "reprendre-les-visas": Step(
        rules.can_record_visa,
        said(gettext_lazy("Mettre de côté les visas donnés sur un autre texte ?")),
        gettext_lazy("Demander de nouveau les visas"),
        lambda found, by, data: publication.void_visas(found, by=by),
        gettext_lazy("Les visas qui couvraient un autre texte sont mis de côté."),
        fresh=True,
    ),
    "sceller": Step(
        rules.can_seal,
        said(gettext_lazy("Sceller le compte rendu ?")),
        gettext_lazy("Sceller"),
        lambda found, by, data: publication.seal(found, by=by, doubts_read=data.get("doubts_read", False)),
        gettext_lazy("Le scellement est demandé."),
        lines=seal_lines,
        form=forms.SealForm,
        fresh=True,
    ),
    "publier": Step(
        verb("publish"),
        said(gettext_lazy("Publier la version publique ?")),
        gettext_lazy("Publier"),
        lambda found, by, data: publication.publish(found, by=by),
        gettext_lazy("La version publique est en ligne."),
        lines=lambda found: [_("Tout le monde pourra la lire, sans compte.")],
        fresh=True,
    ),
    "diffuser": Step(
        rules.can_distribute,
        to_how_many(gettext_lazy("Diffuser"), readers_of_sealed),
        gettext_lazy("Diffuser"),
        lambda found, by, data: publication.distribute_sealed(found, by=by),
        gettext_lazy("Le compte rendu scellé part."),
        lines=distribution_lines,
        people=readers_of_sealed,
    ),
    "releve": Step(
        rules.can_make_record,
        said(gettext_lazy("Faire le relevé de décisions ?")),
        gettext_lazy("Faire le relevé"),
        lambda found, by, data: publication.make_record(found, by=by),
        gettext_lazy("Le relevé de décisions est demandé."),
        lines=lambda found: [_("Une page : participants, décisions, qui fait quoi et pour quand. Elle est scellée.")],
        fresh=True,
    ),
    "diffuser-le-releve": Step(
        lambda user, found: found.decisions_document_id is not None and rules.can_make_record(user, found),
        said(gettext_lazy("Envoyer le relevé de décisions aux participants ?")),
        gettext_lazy("Envoyer le relevé"),
        lambda found, by, data: publication.distribute_record(found, by=by),
        gettext_lazy("Le relevé de décisions part."),
        lines=lambda found: by_channel(attendees(found)),
        people=attendees,
    ),
    "rouvrir": Step(
        verb("reopen"),
        said(gettext_lazy("Rouvrir le compte rendu ?")),
        gettext_lazy("Rouvrir"),
        lambda found, by, data: minutes.reopen(found, by=by, reason=data["reason"]),
        gettext_lazy("Le compte rendu est de nouveau en rédaction."),
        lines=lambda found: [_("Ce qui a été circulé n’est plus le texte : il faudra le circuler de nouveau.")],
        form=forms.ReasonOfStepForm,
    ),
    "rectifier": Step(
        verb("rectify"),
        said(gettext_lazy("Rectifier un passage du procès-verbal scellé")),
        gettext_lazy("Rectifier"),
        lambda found, by, data: publication.rectify(found, data["section"], **without(data, "section"), by=by),
        gettext_lazy("Le passage est rectifié. Demandez de nouveau les visas, puis scellez."),
        lines=lambda found: [_("L’ancienne version reste vérifiable, marquée comme remplacée.")],
        form=forms.RectificationForm,
        fresh=True,
    ),
    "archiver": Step(
        verb("archive"),
        said(gettext_lazy("Archiver le compte rendu ?")),
        gettext_lazy("Archiver"),
        lambda found, by, data: minutes.archive(found, by=by),
        gettext_lazy("Le compte rendu est archivé."),
    ),
}

PAGES = {
    "submit": "relire",
    "validate": "valider",
    "circulate": "circuler",
    "submit_for_approval": "soumettre",
    "approve": "approuver",
    "chair_visa": "visa-presidence",
    "secretary_visa": "visa-secretariat",
    "record_visa": "visa-papier",
    "seal": "sceller",
    "distribute": "diffuser",
    "publish": "publier",
}


def without(data: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


def others(user: User, found: Minutes, primary: str) -> list[tuple[str, Any]]:
    """Steps that this reader may take besides the one on the big button."""
    return [
        (slug, step.label)
        for slug, step in STEPS.items()
        if slug not in (PAGES.get(primary), "type", "fonctions") and (step.offered or step.may)(user, found)
    ]
