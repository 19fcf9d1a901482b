"""Requests for support: what their register shows, asks and reminds of."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import declare
from assembly.institution.models import Directorate, Term
from assembly.ui.lists import Column
from assembly.ui.words import number_words
from mission.methods.enums import MethodState
from mission.partners.enums import PartnerKind
from mission.partners.models import Partner
from mission.registers.columns import by_choice, column
from mission.registers.declaration import Due, Filter, Lines, Register, RegisterColumn, Section, register
from mission.registers.forms import RegisterForm, RowLineForm
from mission.support.enums import SupportState as S
from mission.support.models import SupportMethod, SupportRequest, Training
from mission.support.queries import years_asked
from mission.support.workflow import MOVES


class SupportRequestForm(RegisterForm):
    """Asked by an intercommunality, not by any partner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        epci: Any = self.fields["epci"]
        epci.queryset = epci.queryset.filter(Q(kind=PartnerKind.EPCI, merged_into=None) | Q(pk=self.instance.epci_id))


class SupportMethodForm(RowLineForm):
    """Sheets in use, each advised once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        method: Any = self.fields["method"]
        others = self.row.methods.exclude(pk=self.instance.pk).values("method")
        offered = Q(state=MethodState.IN_USE) | Q(pk=self.instance.method_id)
        method.queryset = method.queryset.filter(offered).exclude(pk__in=others)


class TrainingForm(RowLineForm):
    """Who was there is known once it was held."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("attended") is not None and (day := data.get("held_on")) and day > timezone.localdate():
            self.add_error("attended", gettext("Cette session n’est pas encore tenue."))
        return data


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


def epci_choices(term: Term) -> list[tuple[int, str]]:
    return list(Partner.objects.filter(assembly=term.assembly_id, kind=PartnerKind.EPCI).values_list("pk", "name"))


def year_choices(term: Term) -> list[tuple[int, str]]:
    return [(year, str(year)) for year in years_asked(term.assembly_id)]


def of_epci(value: str) -> Q:
    """Asked by it, one of its communes, or a double of it."""
    return Q(epci=value) | Q(epci__merged_into=value)


def directorate_choices(term: Term) -> list[tuple[int, str]]:
    return list(Directorate.objects.filter(assembly=term.assembly_id).values_list("pk", "name"))


SUPPORT = register(
    Register(
        key="support",
        slug="appui",
        model=SupportRequest,
        noun="support_request",
        prefix="AP",
        title=_("Demandes d’appui"),
        new=_("Ajouter une demande"),
        count=lambda n: ngettext("%(n)s demande", "%(n)s demandes", n) % {"n": n},
        empty=_("Directions, communes, intercommunalités : ce qu’elles demandent à la mission."),
        icon="question-circle",
        order=80,
        sections=[
            Section(_("Qui demande"), ["directorate", "epci", "commune", "received_on"]),
            Section(_("La demande"), ["name", "need", "policy", "due_on"]),
            Section(_("Le conseil"), ["advice"]),
            Section(_("Suivi"), ["owner", "notes"]),
        ],
        helps={
            "directorate": _("Ou une intercommunalité, jamais les deux."),
            "epci": _("L’une des intercommunalités du registre des partenaires."),
            "commune": _("Si c’est une de ses communes qui demande."),
            "due_on": _("Jusqu’à quand une réponse est attendue."),
            "advice": _("La note de conseil imprime ce texte et les méthodes conseillées."),
        },
        form=SupportRequestForm,
        columns=[
            RegisterColumn(_("Demandeur"), "requester", "demandeur"),
            column(SupportRequest, "policy", "politique"),
            column(SupportRequest, "received_on", "reception"),
        ],
        filters=[
            by_choice(SupportRequest, "policy", "politique"),
            Filter("epci", _("Intercommunalité"), choices=epci_choices, where=of_epci),
            Filter("direction", _("Direction"), "directorate", directorate_choices),
            Filter("annee", _("Année"), "received_on__year", year_choices, _("Toutes les années")),
        ],
        search=("name", "reference", "commune", "need"),
        default="-reception",
        template="mission/support_show.html",
        other_pages=[
            (_("Qui a mené quoi"), "mission:support-map"),
            (_("Par intercommunalité"), "mission:support-territories"),
        ],
        moves=MOVES,
        path=[S.RECEIVED, S.QUALIFIED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.DELIVERED, S.EVALUATED, S.CLOSED],
        lines=[
            Lines(
                key="methodes",
                model=SupportMethod,
                title=_("Méthodes conseillées"),
                add=_("Conseiller une méthode"),
                fields=["method", "why"],
                columns=[
                    "method",
                    Column(_("Effort"), "method.get_effort_display"),
                    Column(_("Groupe"), "method.group_words"),
                    Column(_("Coût, €"), "method.cost"),
                    "why",
                ],
                form=SupportMethodForm,
            ),
            Lines(
                key="formations",
                model=Training,
                title=_("Formations"),
                add=_("Ajouter une session"),
                fields=["title", "held_on", "hours", "place", "registered", "attended", "answers", "satisfaction"],
                columns=[
                    "title",
                    "held_on",
                    "place",
                    Column(_("Présents"), presence_words),
                    Column(_("Satisfaction"), satisfaction_words),
                    Column(_("Pour les présents"), certificate_link),
                ],
                order=["held_on", "pk"],
                form=TrainingForm,
                helps={"satisfaction": _("Moyenne des réponses, 1 : pas du tout, 5 : tout à fait.")},
            ),
        ],
        dues=[
            Due(
                "due_on",
                lambda found: gettext("Répondre à la demande d’appui : %(name)s") % found,
                when=Q(state__in=[S.QUALIFIED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS]),
            ),
            Due(
                "",
                lambda found: gettext("Qualifier la demande d’appui : %(name)s") % found,
                when=Q(state=S.RECEIVED),
            ),
        ],
    )
)
declare({"support_request.asked": _("a demandé un appui")})
