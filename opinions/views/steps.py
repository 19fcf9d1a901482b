"""Pages of the steps of an opinion."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers import StepPages
from assembly.text.french import format_moment
from opinions.models import Opinion
from opinions.opinions.workflow import OPINION
from opinions.queries.opinions import everybody, members_of, sections_of
from opinions.views.fetch import team_opinion

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
    name="opinions:step",
    fetch=team_opinion,
    back=lambda request, opinion: reverse("opinions:opinion", args=[opinion.pk]),
    eyebrow=lambda opinion: f"{opinion.reference} {opinion.title}".strip(),
    fix_url=lambda request, opinion, code: (
        reverse(f"opinions:{FIX_PAGES[code]}", args=[opinion.pk]) if code in FIX_PAGES else ""
    ),
)
STEPS.bind(
    "consequences",
    {
        "open": open_lines,
        "table": table_lines,
        "open_amendments": window_lines,
        "hand_over": lambda opinion: [
            _("Le délai de réponse du Conseil départemental commence ce jour-là, pour chaque préconisation."),
            *recipient_lines(opinion),
        ],
    },
)
