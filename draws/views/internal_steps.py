"""Steps of a draw among the members, as pages: those that a draw of volunteers does not have."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.text.french import format_moment
from draws.draws.models import require_row
from draws.models import Draw
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
