"""Requests for support: what their register shows, asks and reminds of."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.ui.lists import Column
from assembly.ui.words import number_words
from mission.methods.enums import MethodState
from mission.partners.enums import PartnerKind
from mission.registers.columns import by_choice, by_related, by_year, column
from mission.registers.declaration import Due, Lines, Register, RegisterColumn, Section, register
from mission.registers.forms import RowLineForm
from mission.support.enums import SupportState as S
from mission.support.models import SupportMethod, SupportRequest, Training
from mission.support.workflow import MOVES


class TrainingForm(RowLineForm):
    """Who was there is known once it was held."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("attended") is not None and (day := data.get("held_on")) and day > timezone.localdate():
            self.add_error("attended", gettext("Cette session n’est pas encore tenue."))
        return data


ANSWERING = [S.QUALIFIED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS]


def sentence(row: SupportRequest) -> str:
    """The state; of one withdrawn, that nothing is waited for."""
    if row.state == S.WITHDRAWN:
        return gettext("Retirée : il n’y a plus à répondre.")
    return row.get_state_display().capitalize()


def presence_words(line: Training) -> str:
    """« 8 sur 12 inscrits », « 12 inscrits » before the session."""
    if line.attended is None:
        return ngettext("%(n)s inscrit", "%(n)s inscrits", line.registered) % {"n": line.registered}
    told = {"n": line.attended, "of": line.registered}
    return ngettext("%(n)s sur %(of)s inscrit", "%(n)s sur %(of)s inscrits", line.registered) % told


def satisfaction_words(line: Training) -> str:
    """« 4,2 sur 5 (7 réponses) »."""
    if line.satisfaction is None:
        return ""
    told = {"note": number_words(line.satisfaction), "n": line.answers}
    return ngettext("%(note)s sur 5 (%(n)s réponse)", "%(note)s sur 5 (%(n)s réponses)", line.answers) % told


def certificate_link(line: Training) -> str:
    if not line.attended:
        return ""
    address = reverse("mission:support-certificates", args=[line.row_id, line.pk])
    return format_html('<a href="{}">{}</a>', address, gettext("Attestations"))


EFFORT, GROUP = Column(_("Effort"), "method.get_effort_display"), Column(_("Groupe"), "method.group_words")
COST, PRESENT = Column(_("Coût, €"), "method.cost"), Column(_("Présents"), presence_words)
SATISFACTION = Column(_("Satisfaction"), satisfaction_words)
CERTIFICATES = Column(_("Pour les présents"), certificate_link)
SUPPORT = register(
    Register(
        key="support",
        slug="appui",
        model=SupportRequest,
        prefix="AP",
        title=_("Demandes d’appui"),
        the=_("la demande"),
        counted=ngettext_lazy("%(n)s demande", "%(n)s demandes", "n"),
        new=_("Ajouter une demande"),
        empty=_("Directions, communes, intercommunalités : ce qu’elles demandent à la mission."),
        icon="question-circle",
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
            RegisterColumn(_("Demandeur"), "requester", "demandeur"),
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
        template="mission/support_show.html",
        other_pages=[
            (_("Qui a mené quoi"), "mission:support-map"),
            (_("Par intercommunalité"), "mission:support-territories"),
        ],
        verbs={"asked": _("a demandé un appui"), "corrected": _("a corrigé sa demande")},
        moves=MOVES,
        sentence=sentence,
        path=[S.RECEIVED, S.QUALIFIED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.DELIVERED, S.EVALUATED, S.CLOSED],
        lines=[
            Lines("methodes", SupportMethod, _("Méthodes conseillées"), _("Conseiller une méthode")).asking(
                ["method", "why"],
                columns=["method", EFFORT, GROUP, COST, "why"],
                limits={"method": Q(state=MethodState.IN_USE)},
                distinct="method",
            ),
            Lines("formations", Training, _("Formations"), _("Ajouter une session")).asking(
                ["title", "held_on", "hours", "place", "registered", "attended", "answers", "satisfaction"],
                columns=["title", "held_on", "place", PRESENT, SATISFACTION, CERTIFICATES],
                order=["held_on", "pk"],
                form=TrainingForm,
                helps={"satisfaction": _("Moyenne des réponses, 1 : pas du tout, 5 : tout à fait.")},
            ),
        ],
        dues=[
            Due("due_on", _("Répondre à la demande d’appui : %(name)s"), when=Q(state__in=ANSWERING)),
            Due("", _("Qualifier la demande d’appui : %(name)s"), when=Q(state=S.RECEIVED)),
        ],
    )
)
