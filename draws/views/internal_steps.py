"""Steps of a draw among the members, as pages: those that a draw of volunteers does not have."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assembly.dossiers import StepPage
from assembly.ui.french import format_moment
from draws.actions import internal as actions
from draws.forms import internal as forms
from draws.models import Draw
from draws.models.draw import require_row
from draws.queries.internal import holders, may_be_drawn


def ceremony_page(draw: Draw, result: Any = None) -> str:
    return reverse("draws:ceremony", args=[draw.pk])


def list_lines(draw: Draw) -> list[str]:
    count = may_be_drawn(draw.term_id, draw.drawn_among_id).count()
    message = ngettext("%(n)s membre peut être tiré.", "%(n)s membres peuvent être tirés.", count)
    values = {"moment": format_moment(draw.takes_place_at), "place": draw.place}
    return [
        message % {"n": count},
        _("Pseudonymes, lots et empreintes : rien n’en changera plus."),
        _("Qui ne siège plus le jour de la publication, ou renonce, laisse sa place à la réserve, dans son ordre."),
        _("Le tirage aura lieu le %(moment)s, %(place)s.") % values,
    ]


def naming_lines(draw: Draw) -> list[str]:
    people = require_row(holders(draw)).people
    lines = [
        ", ".join(one.mandate.member.person.public_name for one in people) or _("Personne n’est plus disponible.")
    ]
    if draw.committee:
        lines.append(_("Ces personnes entrent dans « %(name)s ».") % {"name": draw.committee.name})
    return [*lines, _("Le prénom, l’initiale et le canton deviennent publics, avec le procès-verbal.")]


INTERNAL_PAGES: dict[str, StepPage[Draw]] = {
    "fonction": StepPage(
        "describe",
        title=gettext_lazy("Que tirer au sort, et selon quelle règle ?"),
        label=gettext_lazy("Régler ce tirage"),
        success_message=gettext_lazy("Le tirage est changé."),
        form=forms.DescribeForm,
        action=lambda draw, user, data: actions.describe(draw, by=user, **data),
    ),
    "figer-liste": StepPage(
        "announce_list",
        title=gettext_lazy("Figer la liste et annoncer le tirage ?"),
        label=gettext_lazy("Figer la liste et annoncer"),
        success_message=gettext_lazy("Le tirage est annoncé : tout le monde peut télécharger les lots."),
        consequences=list_lines,
        form=forms.ListForm,
        action=lambda draw, user, data: actions.announce_list(draw, without=data["without"], by=user),
        danger=True,
        fresh=True,
    ),
    "desistement": StepPage(
        "note_refusal",
        title=gettext_lazy("Noter un désistement"),
        label=gettext_lazy("Noter un désistement"),
        consequences=lambda draw: [_("La personne quitte la liste, et la suivante de la réserve prend sa place.")],
        success_message=gettext_lazy("Le désistement est noté : la place va à la réserve, dans son ordre."),
        form=forms.RefusalForm,
        action=lambda draw, user, data: actions.note_refusal(draw, by=user, **data),
        next_url=ceremony_page,
    ),
    "nommer": StepPage(
        "name_people",
        title=gettext_lazy("Publier les noms et le procès-verbal ?"),
        label=gettext_lazy("Publier les noms"),
        success_message=gettext_lazy("Les noms sont publics."),
        consequences=naming_lines,
        action=lambda draw, user, data: actions.name_people(draw, by=user),
        next_url=ceremony_page,
        danger=True,
        fresh=True,
    ),
}
