"""Registers of method sheets and of requests for support, with the sessions of training below a request."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _, ngettext, ngettext_lazy

from assembly.lists import Column, by_choice, column
from assembly.lists.filters import by_related, by_year
from assembly.text.french import format_number
from mission.partners.models import PartnerKind
from mission.registers.declaration import Due, Lines, Register, Section, register
from mission.support.forms import TrainingForm
from mission.support.models import (
    MethodSheet,
    MethodState,
    SupportMethod,
    SupportRequest,
    SupportState as S,
    Training,
    TrainingLine,
)
from mission.support.workflow import METHOD_STEPS, SUPPORT_STEPS


def method_lines(key: str, model: Any) -> Lines:
    """Return the lines below a row that advise methods in use, each once."""
    return Lines(key, model, _("Méthodes conseillées"), _("Conseiller une méthode")).asking(
        ["method", "why"],
        columns=[
            "method",
            Column(_("Effort"), "method.get_effort_display"),
            Column(_("Groupe"), "method.group_label"),
            Column(_("Coût, en euros"), "method.cost"),
            "why",
        ],
        limits={"method": Q(state=MethodState.IN_USE)},
        distinct="method",
    )


METHODS = register(
    Register(
        key="methods",
        slug="fiches-methodes",
        model=MethodSheet,
        prefix="FM",
        title=_("Fiches méthodes"),
        new=_("Ajouter une fiche"),
        noun_with_article=_("la fiche"),
        counted=ngettext_lazy("%(n)s fiche", "%(n)s fiches", "n"),
        empty=_("Réunion publique, marche exploratoire, atelier : ce que chacune demande, et pour qui."),
        order=82,
        sections=[
            Section(_("La méthode"), ["name", "purpose", "method"]),
            Section(_("Ce qu’elle demande"), ["effort", "work_days", "group_min", "group_max", "cost"]),
        ],
        columns=[
            column(MethodSheet, "purpose", "usage"),
            column(MethodSheet, "effort"),
            Column(_("Groupe"), "group_label", "groupe", ["group_min"]),
            column(MethodSheet, "cost", "cout"),
        ],
        filters=[by_choice(MethodSheet, "effort", "effort")],
        search=("name", "purpose", "reference"),
        steps=METHOD_STEPS,
        path=[MethodState.DRAFT, MethodState.IN_USE, MethodState.RETIRED],
    )
)


def presence_label(line: TrainingLine) -> str:
    """Return « 8 sur 12 inscrits », or « 12 inscrits » before the session."""
    if line.attended is None:
        return ngettext("%(n)s inscrit", "%(n)s inscrits", line.registered) % {"n": line.registered}
    params = {"n": line.attended, "of": line.registered}
    return ngettext("%(n)s sur %(of)s inscrit", "%(n)s sur %(of)s inscrits", line.registered) % params


def satisfaction_label(line: TrainingLine) -> str:
    """Return « 4,2 sur 5 (7 réponses) »; empty without answers."""
    if line.satisfaction is None:
        return ""
    params = {"note": format_number(line.satisfaction), "n": line.answers}
    return ngettext("%(note)s sur 5 (%(n)s réponse)", "%(note)s sur 5 (%(n)s réponses)", line.answers) % params


def training_lines(key: str, model: Any, certificates: str) -> Lines:
    """Return those below a row; `certificates`: the route of the page that prints them, of (row, line)."""

    def certificate_link(line: Any) -> str:
        address = reverse(certificates, args=[line.row_id, line.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Attestations")) if line.attended else ""

    return Lines(key, model, _("Formations"), _("Ajouter une session")).asking(
        ["title", "held_on", "hours", "place", "registered", "attended", "answers", "satisfaction"],
        columns=[
            *("title", "held_on", "place"),
            Column(_("Présents"), presence_label),
            Column(_("Satisfaction"), satisfaction_label),
            Column(_("Pour les présents"), certificate_link),
        ],
        order=["held_on", "pk"],
        form=TrainingForm,
        helps={"satisfaction": _("Moyenne des réponses, de 1 (pas du tout) à 5 (tout à fait).")},
    )


# Steps that are columns today, for the history of older requests.
FORMER_EVENTS = {
    "qualified": _("a qualifié la demande"),
    "redirected": _("a réorienté la demande"),
    "assigned": _("a confié la demande"),
    "closed": _("a clos la demande"),
}


def fact_sentence(row: SupportRequest) -> str:
    """Return what the columns say beyond the state: withdrawn, refused or evaluated; empty without any."""
    if row.withdrawn_on:
        return gettext("Retirée : il n’y a plus à répondre.")
    if row.answer_reason:
        return gettext("Sans suite, avec un motif.")
    return gettext("Rendue et évaluée.") if row.rating else ""


SUPPORT = register(
    Register(
        key="support",
        slug="appui",
        model=SupportRequest,
        prefix="AP",
        title=_("Demandes d’appui"),
        noun_with_article=_("la demande"),
        counted=ngettext_lazy("%(n)s demande", "%(n)s demandes", "n"),
        new=_("Ajouter une demande"),
        empty=_("Directions, communes, intercommunalités : ce qu’elles demandent à la mission."),
        order=80,
        sections=[
            Section(_("Qui demande"), ["directorate", "epci", "commune", "received_on"]),
            Section(_("La demande"), ["name", "need", "policy", "due_on"]),
            Section(_("Le conseil"), ["advice"]),
        ],
        helps={
            "directorate": _("Ou une intercommunalité, jamais les deux."),
            "epci": _("L’une des intercommunalités du registre des partenaires."),
            "commune": _("Si c’est une de ses communes qui demande."),
            "due_on": _("Jusqu’à quand une réponse est attendue."),
            "advice": _("La note de conseil imprime ce texte et les méthodes conseillées."),
        },
        limits={"epci": Q(kind=PartnerKind.EPCI, merged_into=None)},
        columns=[
            Column(_("Demandeur"), "requester", "demandeur"),
            column(SupportRequest, "policy", "politique"),
            column(SupportRequest, "received_on", "reception"),
        ],
        filters=[
            by_choice(SupportRequest, "policy", "politique"),
            by_related(SupportRequest, "epci", "epci", of=Q(kind=PartnerKind.EPCI)),
            by_related(SupportRequest, "directorate", "direction"),
            by_year(SupportRequest, "received_on__year"),
        ],
        search=("name", "reference", "commune", "need"),
        default="-reception",
        template="mission/support/show.html",
        other_pages=[
            (_("Qui a mené quoi"), "mission:support-map"),
            (_("Par intercommunalité"), "mission:support-territories"),
        ],
        audit_events={
            "asked": _("a demandé un appui"),
            "corrected": _("a corrigé sa demande"),
            **FORMER_EVENTS,
        },
        steps=SUPPORT_STEPS,
        sentence=fact_sentence,
        path=[S.RECEIVED, S.ACCEPTED, S.IN_PROGRESS, S.DELIVERED],
        lines=[
            method_lines("methodes", SupportMethod),
            training_lines("formations", Training, "mission:support-certificates"),
        ],
        dues=[
            Due("due_on", _("Rendre l’appui : %(name)s"), when=Q(state__in=[S.ACCEPTED, S.IN_PROGRESS])),
            Due("", _("Répondre à la demande d’appui : %(name)s"), when=Q(state=S.RECEIVED)),
        ],
    )
)
