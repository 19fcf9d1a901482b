"""Register of requests for support: its columns, form, lines and due dates."""

from django.db.models import Q
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from assembly.lists import Column, by_choice, column
from assembly.lists.filters import by_related, by_year
from mission.methods.register import method_lines
from mission.partners.enums import PartnerKind
from mission.registers.declaration import Due, Register, Section, register
from mission.support.enums import SupportState as S
from mission.support.models import SupportMethod, SupportRequest, Training
from mission.support.workflow import STEPS
from mission.trainings.lines import training_lines

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
        audit_events={"asked": _("a demandé un appui"), "corrected": _("a corrigé sa demande")},
        steps=STEPS,
        sentence=lambda row: gettext("Retirée : il n’y a plus à répondre.") if row.state == S.WITHDRAWN else "",
        path=[S.RECEIVED, S.QUALIFIED, S.ACCEPTED, S.ASSIGNED, S.IN_PROGRESS, S.DELIVERED, S.EVALUATED, S.CLOSED],
        lines=[
            method_lines("methodes", SupportMethod),
            training_lines("formations", Training, "mission:support-certificates"),
        ],
        dues=[
            Due("due_on", _("Répondre à la demande d’appui : %(name)s"), when=Q(state__in=S.tagged("answer_due"))),
            Due("", _("Qualifier la demande d’appui : %(name)s"), when=Q(state=S.RECEIVED)),
        ],
    )
)
